"""Profiles against pandas, and at the edges."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.tables import profile_table
from analytics.tables.errors import TableError
from analytics.tables.profile import ColumnProfile


def profile_of(values: object, dtype: str | None = None) -> ColumnProfile:
    return profile_table(pd.DataFrame({"x": pd.Series(values, dtype=dtype)})).columns["x"]


NUMBERS = st.lists(st.floats(-1e6, 1e6) | st.none(), min_size=2, max_size=60).filter(
    lambda v: any(x is not None for x in v)
)


@pytest.mark.slow
@given(NUMBERS)
@settings(deadline=None, max_examples=50)
def test_statistics_agree_with_pandas(numbers: list[float | None]) -> None:
    series = pd.Series(numbers, dtype="float64")
    found = profile_of(series)
    assert found.missing == series.isna().sum()
    assert found.distinct == series.nunique()
    assert found.zeros == (series == 0).sum()
    assert (found.minimum, found.maximum) == (series.min(), series.max())
    assert found.mean == pytest.approx(series.mean(), rel=1e-12, abs=1e-9)
    assert found.quartiles == pytest.approx(series.quantile([0.25, 0.5, 0.75]).tolist(), rel=1e-12, abs=1e-9)
    if series.count() > 1:
        assert found.sd == pytest.approx(series.std(), rel=1e-9, abs=1e-9)
    assert found.histogram is not None
    assert found.histogram.counts.sum() == series.count()


@given(st.lists(st.integers(-100, 100), min_size=1, max_size=60))
@settings(deadline=None, max_examples=50)
def test_bins_hold_what_lies_in_them(numbers: list[int]) -> None:
    histogram = profile_of(numbers, "int64").histogram
    assert histogram is not None
    expected, _ = np.histogram(numbers, bins=histogram.edges)
    assert histogram.counts.tolist() == expected.tolist()


def test_few_whole_numbers_have_a_bin_each() -> None:
    histogram = profile_of([3, 3, 5, 9]).histogram
    assert histogram is not None
    assert histogram.counts.tolist() == [2, 0, 1, 0, 0, 0, 1]
    assert histogram.edges[:2].tolist() == [2.5, 3.5]


@pytest.mark.parametrize(
    "dtype", ["int64", "Int64", "uint8", "float32", "Float64", "int64[pyarrow]", "double[pyarrow]"]
)
def test_every_numeric_flavour(dtype: str) -> None:
    found = profile_of([4, 2, 2, 0], dtype)
    assert (found.minimum, found.median, found.maximum, found.mean) == (0, 2, 4, 2)
    assert (found.zeros, found.distinct, found.missing) == (1, 3, 0)


def test_big_integers_keep_their_digits() -> None:
    found = profile_of([2**62 + 1, 2**62 + 3])
    assert (found.minimum, found.maximum) == (2**62 + 1, 2**62 + 3)


def test_infinities_are_counted_and_left_out() -> None:
    found = profile_of([np.inf, -np.inf, 1.0, 3.0, np.nan])
    assert (found.infinities, found.missing, found.distinct) == (2, 1, 4)
    assert (found.minimum, found.maximum, found.mean) == (1.0, 3.0, 2.0)
    only = profile_of([np.inf, np.inf])
    assert (only.infinities, only.mean, only.histogram) == (2, None, None)


def test_extremes_do_not_break_the_histogram() -> None:
    found = profile_of([-1.7e308, 1.7e308])
    assert found.histogram is None
    assert found.maximum == 1.7e308


def test_a_constant_and_a_single_value() -> None:
    constant = profile_of([14.62] * 1000)
    assert (constant.role.kind, constant.distinct, constant.mean) == ("constant", 1, 14.62)
    assert constant.sd == pytest.approx(0, abs=1e-12)
    assert profile_of([5.0]).sd is None


def test_text_counts_its_commonest_values() -> None:
    found = profile_of(["b", "a", "b", None, ""], "str")
    assert (found.missing, found.distinct) == (1, 3)
    assert found.top == (("b", 2), ("a", 1), ("", 1))
    assert found.examples == ("b", "a", "")
    assert found.mean is None


def test_categories_truths_and_mixtures() -> None:
    levels = pd.Categorical(["x", "y", "x"], categories=["y", "x", "never"])
    assert profile_of(levels).top == (("x", 2), ("y", 1))
    assert profile_of(levels).distinct == 2
    assert profile_of([True, None, True], "boolean").top == (("true", 2),)
    assert profile_of([1, "a", None, "a"], "object").top == (("a", 2), ("1", 1))
    assert profile_of([[1], [1], [2]], "object").distinct == 2


@pytest.mark.parametrize("zone", [None, "Europe/Paris"])
def test_times_have_range_and_histogram(zone: str | None) -> None:
    found = profile_of(
        pd.Series(pd.to_datetime(["2024-01-01", "2024-01-02", None, "2024-01-03"])).dt.tz_localize(zone)
    )
    assert (found.missing, found.distinct) == (1, 3)
    assert found.minimum == ("2024-01-01T00:00:00" if zone is None else "2023-12-31T23:00:00")
    assert found.histogram is not None
    assert found.histogram.counts.sum() == 3
    assert found.histogram.edges.dtype.kind == "M"


def test_lengths_of_time_and_spans() -> None:
    assert profile_of(pd.to_timedelta([1, 1, 2], unit="h")).distinct == 2
    assert profile_of(pd.period_range("2024-01", periods=3, freq="M")).distinct == 3


def test_empty_columns_rows_and_frames() -> None:
    assert profile_of([None, None], "float64").role.kind == "empty"
    assert profile_of([], "str").rows == 0
    assert profile_table(pd.DataFrame()).columns == {}


def test_the_whole_table() -> None:
    frame = pd.DataFrame({"x": [1.5, None], "y": ["a", None]})
    found = profile_table(frame)
    assert (found.rows, found.missing, list(found.columns)) == (2, 2, ["x", "y"])
    assert found.to_frame().loc["x", "mean"] == 1.5
    with pytest.raises(TableError):
        profile_table(pd.DataFrame([[1, 2]], columns=["a", "a"]))


def test_lengths_of_time_are_shown_in_words() -> None:
    frame = pd.DataFrame({"t": pd.to_timedelta(["1h", "1h", "-2h", None])})
    column = profile_table(frame).columns["t"]
    assert column.top == (("0 days 01:00:00", 2), ("-1 days +22:00:00", 1))
    assert column.role.reason == "lengths of time"


@pytest.mark.parametrize("offset", [0.0, 1e6, 1e12, 1e15, -1e15])
def test_an_offset_changes_no_standard_deviation(offset: float) -> None:
    frame = pd.DataFrame({"x": offset + np.array([0.0, 0.25] * 500)})
    assert profile_table(frame).columns["x"].sd == pytest.approx(0.125 * np.sqrt(1000 / 999), rel=1e-12)


@pytest.mark.parametrize("dtype", ["int64", "Int64", "uint64"])
def test_whole_numbers_near_the_limits_have_an_exact_spread(dtype: str) -> None:
    high = 2**64 - 1 if dtype == "uint64" else 2**63 - 1
    frame = pd.DataFrame({"x": pd.Series([high, high - 1, high - 2], dtype=dtype)})
    assert profile_table(frame).columns["x"].sd == pytest.approx(1.0, rel=1e-12)


def test_the_largest_numbers_have_a_spread() -> None:
    profile = profile_table(pd.DataFrame({"x": [1e200, 2e200, 3e200]})).columns["x"]
    assert profile.sd == pytest.approx(1e200, rel=1e-12)
    assert profile.mean == pytest.approx(2e200, rel=1e-12)


def exact_mean_and_sd(values: list[float] | list[int]) -> tuple[float, float]:
    """In fractions, rounded once each."""
    given = [Fraction(value) for value in values]
    mean = sum(given) / len(given)
    return float(mean), math.sqrt(sum((value - mean) ** 2 for value in given) / (len(given) - 1))


@pytest.mark.parametrize("offset", [0.0, 1e9, -1e12, 1e15])
def test_an_offset_costs_the_spread_no_digit(offset: float) -> None:
    steps = np.random.default_rng(3).choice([0.0, 0.125, 0.25, 0.375], 1001)
    values = (offset + steps).tolist()
    found = profile_of(values)
    assert (found.mean, found.sd) == pytest.approx(exact_mean_and_sd(values), rel=1e-15, abs=0)
    assert found.quartiles == tuple(np.sort(values)[[250, 500, 750]])


@pytest.mark.slow
@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=2, max_size=40))
@example([2**53, 2**53 + 1])
@example([-(2**63), 2**63 - 1])
@settings(deadline=None, max_examples=100)
def test_whole_numbers_of_any_size_are_exact(values: list[int]) -> None:
    found = profile_of(values, "int64")
    mean, sd = exact_mean_and_sd(values)
    assert found.sd == pytest.approx(sd, rel=1e-12, abs=0)
    assert found.mean == pytest.approx(mean, rel=1e-15, abs=max(abs(sd), 1.0) * 1e-12)
    middle = sorted(values)[(len(values) - 1) // 2 : len(values) // 2 + 1]
    assert found.median == float(Fraction(sum(middle), len(middle)))
    assert (found.minimum, found.maximum) == (min(values), max(values))


@pytest.mark.parametrize("values", [[2**53, 2**53 + 1], [2**62, 2**62 + 1], [2**64 - 2, 2**64 - 1]])
def test_neighbours_beyond_2_53_are_no_constant(values: list[int]) -> None:
    found = profile_of(values * 3, "uint64")
    assert found.role.kind != "constant"
    assert found.sd == pytest.approx(math.sqrt(0.3))


@pytest.mark.parametrize("unit", [1e-300, 1e-200, 1e200, 1e307])
def test_units_at_the_ends_of_the_range_keep_their_digits(unit: float) -> None:
    values = [1.0 * unit, 2.0 * unit, 3.0 * unit, -1.5 * unit]
    found = profile_of(values)
    one = profile_of([value / unit for value in values])
    assert found.mean == pytest.approx(one.mean * unit, rel=1e-14, abs=0)
    assert found.sd == pytest.approx(one.sd * unit, rel=1e-14, abs=0)
    assert found.quartiles == pytest.approx(tuple(one * unit for one in one.quartiles), rel=1e-14, abs=0)


def test_the_widest_column_has_quartiles() -> None:
    found = profile_of([-1.5e308, 1.0e308])
    assert found.quartiles == pytest.approx((-0.875e308, -0.25e308, 0.375e308))
