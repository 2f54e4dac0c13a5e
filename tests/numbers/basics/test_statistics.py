"""Values that are missing or infinite are passed over, not copied around."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.numbers.basics.statistics import (
    BY_IQR,
    BY_MAD,
    CHUNK,
    is_constant,
    mean_and_sd,
    mean_deviation,
    median_of,
    robust_sd,
    row_spreads,
    split_finite,
)

VALUES = st.lists(
    st.floats(-1e6, 1e6) | st.sampled_from([np.nan, np.inf, -np.inf]), min_size=1, max_size=40
).filter(lambda values: np.isfinite(values).any())


@pytest.mark.slow
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


@pytest.mark.parametrize("scale", [1e-300, 1e-170, 1.0, 1e155, 1e290])
@pytest.mark.parametrize("offset", [0.0, 1e15])
def test_rows_are_measured_as_columns_are(scale: float, offset: float) -> None:
    rows = (np.random.default_rng(0).integers(0, 8, (50, 12)) / 8 + offset) * scale
    found = row_spreads(rows, ddof=1)
    for place, row in enumerate(rows):
        known = mean_and_sd(row, ddof=1)
        np.testing.assert_allclose((found.mean[place], found.sd[place]), known, rtol=1e-13)
        near = (row - row[0]) / scale  # exact enough at any offset
        own = (near - near.mean()) * scale
        np.testing.assert_allclose(
            found.sd[place], np.sqrt(np.sum((own / scale) ** 2) / 11) * scale, rtol=1e-9
        )
        assert found.from_mean(row[:1].repeat(50))[place] == pytest.approx(
            own[0], rel=1e-9, abs=1e-12 * scale
        )


def test_rows_leave_missing_values_out() -> None:
    rows = np.array([[1.0, np.nan, 3.0, -1.797e308], [np.nan] * 4, [2.0, np.nan, np.nan, np.nan]])
    found = row_spreads(rows, ddof=1)
    np.testing.assert_allclose(found.mean, [-1.797e308 / 3, np.nan, 2.0])
    np.testing.assert_allclose(found.sd, [1.797e308 / np.sqrt(3), np.nan, np.nan])


def test_whole_numbers_next_to_the_largest_exact_one_are_not_constant() -> None:
    values = 2.0**53 - np.array([0.0, 1.0, 2.0, 1.0])
    assert not is_constant(values, mean=float(values.mean()), sd=float(values.std()))
    rounded = np.full(4, 14.62) * 1000 + np.array([0, 2, 0, 2]) * np.spacing(14620.0)
    assert is_constant(rounded, mean=float(rounded.mean()), sd=float(rounded.std()))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_the_median_is_numpys(values: list[float]) -> None:
    assert median_of(np.array(values)) == np.median(values)


def test_a_robust_scale_falls_back_where_values_are_equal() -> None:
    spread = np.array([1.0, 2.0, 3.0, 4.0, 100.0])
    assert robust_sd(spread, median=3.0) == (1.4826, False)
    equal = np.array([5.0, 5.0, 5.0, 5.0, 9.0])
    assert robust_sd(equal, median=5.0) == (pytest.approx(1.253314 * 0.8), True)
    scale, fell_back = BY_IQR.of(np.array([2.0, 0.0]), np.array([1.0, 1.0]), lambda: np.array([9.0, 4.0]))
    np.testing.assert_allclose(scale, [2.0, 1.349 * 1.253314 * 4.0])
    assert fell_back.tolist() == [False, True]
    assert BY_MAD.of(0.0, 0.0, lambda: mean_deviation(equal, center=5.0))[1]
