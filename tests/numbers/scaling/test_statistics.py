"""The tests behind a verdict agree with published and independent computations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.datasets import make_moons
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.svm import SVC

from analytics.errors import ZetascopeError
from analytics.numbers.basics.corrections import holm
from analytics.numbers.scaling.corrected_tests import (
    corrected_resampled_t,
    delete_half_jackknife,
)


@pytest.mark.slow
def test_corrected_t_gives_the_published_example_of_scikit_learn() -> None:
    """'Statistical comparison of models using grid search': t = 0.750, one-sided p = 0.227."""
    X, y = make_moons(noise=0.352, random_state=1, n_samples=100)
    folds = RepeatedStratifiedKFold(n_splits=10, n_repeats=10, random_state=0)
    rbf, linear = (
        cross_val_score(SVC(kernel=kernel, random_state=0), X, y, cv=folds, scoring="roc_auc")
        for kernel in ("rbf", "linear")
    )
    found = corrected_resampled_t(rbf - linear, n_train=90, n_test=10)
    assert found.df == 99
    assert found.t == pytest.approx(0.750, abs=5e-4)
    assert found.p_value / 2 == pytest.approx(0.227, abs=5e-4)


def test_corrected_t_by_hand() -> None:
    found = corrected_resampled_t([0.1, 0.2, 0.3, 0.2], n_train=80, n_test=20)
    error = np.sqrt((1 / 4 + 20 / 80) * (0.02 / 3))
    assert found.mean == pytest.approx(0.2)
    assert found.t == pytest.approx(0.2 / error)
    assert found.high - found.low == pytest.approx(2 * 3.182446305284263 * error)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1, 1).map(lambda v: round(v, 6)), min_size=2, max_size=30))
def test_without_overlap_it_is_the_plain_t_test_and_with_it_more_cautious(differences: list[float]) -> None:
    if np.std(differences) < 1e-6:
        return
    plain = corrected_resampled_t(differences, n_train=10, n_test=0)
    assert plain.p_value == pytest.approx(stats.ttest_1samp(differences, 0).pvalue, rel=1e-6, abs=1e-12)
    corrected = corrected_resampled_t(differences, n_train=80, n_test=20)
    assert corrected.low <= plain.low and corrected.high >= plain.high
    assert corrected.p_value >= plain.p_value - 1e-12


def test_equal_differences_need_no_distribution() -> None:
    assert corrected_resampled_t([0.0, 0.0, 0.0], n_train=8, n_test=2).p_value == 1.0
    assert corrected_resampled_t([0.1, 0.1, 0.1], n_train=8, n_test=2).p_value == 0.0
    with pytest.raises(ZetascopeError, match="at least two folds"):
        corrected_resampled_t([0.1], n_train=8, n_test=2)


def test_holm_steps_down() -> None:
    np.testing.assert_allclose(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02])
    np.testing.assert_allclose(holm([0.9, 0.8]), [1.0, 1.0])


def test_equivalence_is_the_larger_of_two_one_sided_tests() -> None:
    d = np.array([0.01, -0.005, 0.004, 0.002, 0.008])
    found = corrected_resampled_t(d, n_train=10, n_test=0)
    above = stats.ttest_1samp(d, 0.02, alternative="less").pvalue
    below = stats.ttest_1samp(d, -0.02, alternative="greater").pvalue
    assert found.p_equal(0.02) == pytest.approx(max(above, below))
    assert found.p_equal(0.001) > 0.5


def test_data_that_never_differ_are_known_to_one_row_only() -> None:
    found = corrected_resampled_t(np.zeros(10), n_train=45, n_test=15, least_error=1 / 60)
    assert found.high == pytest.approx(stats.t.ppf(0.975, 9) / 60)
    assert found.p_equal(0.02) > 0.05 > found.p_equal(0.05)


def test_half_samples_tell_the_standard_error_of_a_mean() -> None:
    """For a mean the jackknife over halves is the usual standard error."""
    rng = np.random.default_rng(1)
    values = rng.normal(size=200)
    orders = [rng.permutation(200) for _ in range(500)]
    halves = [values[part].mean() for order in orders for part in (order[:100], order[100:])]
    found = delete_half_jackknife(values.mean(), halves)
    assert found.error == pytest.approx(values.std() / np.sqrt(200), rel=0.1)
    assert found.low < values.mean() < found.high
