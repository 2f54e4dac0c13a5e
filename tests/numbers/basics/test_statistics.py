"""Values that are missing or infinite are passed over, not copied around."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.numbers.basics.statistics import CHUNK, mean_and_sd, split_finite

VALUES = st.lists(
    st.floats(-1e6, 1e6) | st.sampled_from([np.nan, np.inf, -np.inf]), min_size=1, max_size=40
).filter(lambda values: np.isfinite(values).any())


@given(VALUES, st.sampled_from([0, 1]))
@settings(max_examples=200, deadline=None)
def test_gaps_change_nothing(values: list[float], ddof: int) -> None:
    column = np.array(values)
    part = split_finite(column)
    finite = column[np.isfinite(column)]
    assert part.values.tolist() == finite.tolist()
    assert (part.size, part.missing, part.infinite) == (
        finite.size,
        int(np.isnan(column).sum()),
        int(np.isinf(column).sum()),
    )
    over = part.mean_and_sd(ddof=ddof)
    assert over == pytest.approx(mean_and_sd(finite, ddof=ddof), rel=1e-12, abs=1e-9)


def test_gaps_at_the_edges_of_blocks() -> None:
    column = np.random.default_rng(0).normal(1e6, 1, 2 * CHUNK + 5)
    column[[0, 1, CHUNK - 1, CHUNK, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 4]] = np.nan
    part = split_finite(column)
    assert part.missing == 7
    mean, sd = part.mean_and_sd()
    assert mean == pytest.approx(np.nanmean(column), rel=1e-15)
    assert sd == pytest.approx(np.nanstd(column), rel=1e-12)


@pytest.mark.parametrize("unit", [1e-200, 1.0, 1e200])
def test_extreme_units_keep_their_digits_beside_gaps(unit: float) -> None:
    column = np.array([np.nan, 1.0, 2.0, np.inf, 4.0]) * unit
    part = split_finite(column)
    mean, sd = part.mean_and_sd(ddof=1)
    assert mean / unit == pytest.approx(7 / 3, rel=1e-14)
    assert sd / unit == pytest.approx(np.std([1, 2, 4], ddof=1), rel=1e-14)


@pytest.mark.parametrize(
    "column",
    [
        np.arange(3 * CHUNK, dtype=float),
        np.repeat([0.0, 1e9], [3 * CHUNK - 5, 5]) + np.random.default_rng(1).normal(size=3 * CHUNK),
        np.where(np.arange(3 * CHUNK) % (3 * CHUNK // 1024) == 0, 1e12, 1.0)
        + np.random.default_rng(2).normal(size=3 * CHUNK),
        np.random.default_rng(3).normal(1e15, 1, 3 * CHUNK),
        np.random.default_rng(4).standard_cauchy(3 * CHUNK),
    ],
    ids=["sorted", "few far away", "sample far away", "large mean", "heavy tails"],
)
def test_one_pass_is_as_accurate_as_two(column: np.ndarray) -> None:
    exact = column.astype(np.longdouble) - column[0]  # or a large mean would cost extended precision too
    mean, sd = split_finite(column).mean_and_sd(ddof=1)
    assert mean == pytest.approx(float(column[0] + exact.mean()), rel=2e-15, abs=1e-12)
    assert sd == pytest.approx(float(exact.std(ddof=1)), rel=1e-13)


def test_a_sample_far_from_the_others_is_not_trusted() -> None:
    column = np.random.default_rng(5).normal(size=200_000)
    column[:: 200_000 // 1024] += 1e12
    column[0] = np.nan
    part = split_finite(column)
    assert part.squares - part.excess**2 / part.size < part.squares / 2
    kept = column[1:]
    assert part.mean_and_sd() == pytest.approx((kept.mean(), kept.std()), rel=1e-12)


def test_a_column_without_values_has_none() -> None:
    part = split_finite(np.array([np.nan, np.inf]))
    assert (part.size, part.missing, part.infinite) == (0, 1, 1)
