"""Rosner's test against his published example and against a direct implementation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics.errors import ZetascopeError
from analytics.numbers.outliers.generalized_esd import candidate_count, esd_scores, generalized_esd

# Rosner (1983), as in the NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.17.3 (public domain).
ROSNER = np.array([
    -0.25, 0.68, 0.94, 1.15, 1.20, 1.26, 1.26, 1.34, 1.38, 1.43, 1.49, 1.49, 1.55, 1.56, 1.58, 1.65,
    1.69, 1.70, 1.76, 1.77, 1.81, 1.91, 1.94, 1.96, 1.99, 2.06, 2.09, 2.10, 2.14, 2.15, 2.23, 2.24,
    2.26, 2.35, 2.37, 2.40, 2.47, 2.54, 2.62, 2.64, 2.90, 2.92, 2.92, 2.93, 3.21, 3.26, 3.30, 3.59,
    3.68, 4.30, 4.64, 5.34, 5.42, 6.01,
])  # fmt: skip
PUBLISHED_R = [3.118, 2.942, 3.179, 2.810, 2.815, 2.848, 2.279, 2.310, 2.101, 2.067]
PUBLISHED_LAMBDA = [3.158, 3.151, 3.143, 3.136, 3.128, 3.120, 3.111, 3.103, 3.094, 3.085]


def direct_esd(values: np.ndarray, count: int) -> tuple[list[float], list[float]]:
    """The test as the handbook describes it: remove, recompute, repeat."""
    left, R, removed = list(values), [], []
    for _ in range(count):
        distances = np.abs(np.array(left) - np.mean(left))
        place = int(np.argmax(distances))
        R.append(float(distances[place] / np.std(left, ddof=1)))
        removed.append(left.pop(place))
    return R, removed


def test_rosners_example_gives_the_published_statistics() -> None:
    test = generalized_esd(ROSNER, max_outliers=10)
    np.testing.assert_allclose(test.statistics, PUBLISHED_R, atol=1.1e-3)
    np.testing.assert_allclose(test.critical_values(0.05), PUBLISHED_LAMBDA, atol=1.1e-3)
    assert test.outliers(0.05).tolist() == [6.01, 5.42, 5.34]


def test_one_step_alone_would_miss_rosners_outliers() -> None:
    test = generalized_esd(ROSNER, max_outliers=1)
    assert test.statistics[0] < test.critical_values(0.05)[0]
    assert len(test.outliers(0.05)) == 0


@pytest.mark.slow
@given(st.integers(0, 2**32 - 1), st.integers(15, 60), st.sampled_from([0.0, 1e6, -1e9]))
@settings(max_examples=40, deadline=None)
def test_equals_the_direct_implementation(seed: int, n: int, shift: float) -> None:
    values = np.random.default_rng(seed).standard_t(3, size=n) + shift
    test = generalized_esd(values)
    R, removed = direct_esd(values, candidate_count(n))
    np.testing.assert_allclose(test.statistics, R, rtol=1e-6)
    np.testing.assert_array_equal(test.removed, removed)


@given(st.integers(0, 2**32 - 1), st.floats(0.001, 0.5))
@settings(max_examples=40, deadline=None)
def test_significance_is_the_inverse_of_the_critical_values(seed: int, alpha: float) -> None:
    test = generalized_esd(np.random.default_rng(seed).standard_t(2, size=40))
    beyond = np.flatnonzero(test.statistics > test.critical_values(alpha))
    assert len(test.outliers(alpha)) == (beyond[-1] + 1 if len(beyond) else 0)


def test_scores_rise_with_extremity_and_share_ties() -> None:
    values = np.concatenate([stats.norm.ppf(np.linspace(0.02, 0.98, 60)), [9.0, 9.0, -12.0]])
    scores = esd_scores(values, generalized_esd(values))
    assert scores[60] == scores[61] > 1.3
    assert scores[62] >= scores[60]
    assert np.count_nonzero(scores > 1.3) == 3


def test_fences_are_the_most_extreme_ordinary_values() -> None:
    assert generalized_esd(ROSNER).fences(0.05) == (-0.25, 4.64)


def test_a_spike_with_one_other_value() -> None:
    test = generalized_esd(np.array([5.0] * 30 + [6.0]))
    assert test.outliers(0.01).tolist() == [6.0]
    assert len(test.statistics) == 1


def test_huge_outliers_do_not_swallow_the_digits_of_the_rest() -> None:
    values = np.concatenate([stats.norm.ppf(np.linspace(0.02, 0.98, 60)), [1e14, 8.0]])
    test = generalized_esd(values)
    assert test.outliers(0.05).tolist() == [1e14, 8.0]
    assert test.statistics[1] == pytest.approx(direct_esd(values, 2)[0][1], rel=1e-9)


@pytest.mark.parametrize("unit", [1e-280, 1e-160, 1e160, 1e200, 1e300])
def test_the_unit_of_the_values_changes_nothing(unit: float) -> None:
    values = np.concatenate([stats.norm.ppf(np.linspace(0.02, 0.98, 60)), [9.0, -12.0, 3.9]])
    expected, found = generalized_esd(values), generalized_esd(values * unit)
    np.testing.assert_allclose(found.statistics, expected.statistics, rtol=1e-9)
    np.testing.assert_allclose(found.significance, expected.significance, rtol=1e-6)
    assert len(found.outliers(0.05)) == len(expected.outliers(0.05)) == 3


@pytest.mark.parametrize("huge", [[-1.797e308], [1.797e308, -1e160], [1e300, 1e301, 1e302]])
def test_values_at_the_end_of_float64_are_outliers_and_hide_no_other(huge: list[float]) -> None:
    rest = stats.norm.ppf(np.linspace(0.02, 0.98, 60))
    test = generalized_esd(np.concatenate([rest, [8.0], huge]))
    assert sorted(test.outliers(0.05)) == sorted([8.0, *huge])
    n = len(rest) + 1 + len(huge)
    assert test.statistics[0] == pytest.approx((n - 1) / np.sqrt(n), rel=0.3)
    alone = generalized_esd(np.append(rest, 8.0))
    np.testing.assert_allclose(test.statistics[len(huge) :][:5], alone.statistics[:5], rtol=1e-9)


def test_too_few_values_are_refused() -> None:
    with pytest.raises(ZetascopeError, match="there are 8"):
        generalized_esd(np.arange(8.0), max_outliers=3)
