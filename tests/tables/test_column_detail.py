"""One column looked at closely, held against pandas and against counting by hand."""

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.tables import count_values, detail_column


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 3)), min_size=1, max_size=30))
def test_numbers_have_the_skewness_of_pandas_and_all_stand_in_bars(values: list[float]) -> None:
    column = pd.Series([*values, np.nan, np.inf])
    detail = detail_column(column)
    expected = pd.Series(values).skew()
    if len(values) < 3 or min(values) == max(values):
        assert detail.skewness is None
    elif pd.Series(values).std() > 1e-6 * abs(pd.Series(values).mean()):  # pandas gives up near constants
        assert detail.skewness == pytest.approx(expected, rel=1e-6, abs=1e-6)
    assert detail.negative == sum(value < 0 for value in values)
    assert detail.histogram is not None
    assert detail.histogram.counts.sum() == len(values)
    assert detail.histogram.edges[0] <= min(values)
    assert detail.histogram.edges[-1] >= max(values)


def test_numbers_at_the_ends_of_their_range_are_described() -> None:
    huge = detail_column(pd.Series([1.7e308, -1.7e308, 1.7e308]))
    assert huge.skewness == pytest.approx(-1.7320508)
    assert huge.histogram is None  # the range itself is beyond float64
    whole = detail_column(pd.Series([2**63 - 1, -(2**63), 0], dtype="int64"))
    assert whole.negative == 1
    assert detail_column(pd.Series([np.inf, np.nan])).histogram is None


def test_few_far_values_leave_an_inner_picture() -> None:
    values = np.append(np.linspace(0, 1, 1000), [1e6, -1e6])
    detail = detail_column(pd.Series(values))
    assert detail.inner is not None
    assert 0 <= detail.inner.edges[0] < detail.inner.edges[-1] <= 1
    assert detail_column(pd.Series(np.linspace(0, 1, 1000))).inner is None


@pytest.mark.parametrize("rows", [1, 3, 199, 200, 201, 1_234])
def test_cells_without_a_value_are_where_they_are(rows: int) -> None:
    missing = np.arange(rows) % 3 == 1
    detail = detail_column(pd.Series(np.where(missing, np.nan, 1.0)))
    starts = np.unique(np.linspace(0, rows, min(200, rows), endpoint=False, dtype=int))
    stretches = np.diff(np.append(starts, rows))
    assert (detail.missing_shares * stretches).sum() == pytest.approx(missing.sum())
    assert list(detail.missing_places) == np.flatnonzero(missing)[:20].tolist()


def test_days_are_counted_by_the_clocks_of_their_zone() -> None:
    moments = pd.Series(pd.to_datetime(["2024-01-01 23:30", "2024-01-02 00:30", None, "2023-12-31 00:00"]))
    detail = detail_column(moments)
    assert detail.days is not None
    assert detail.days.astype(str).tolist() == ["2023-12-31", "2024-01-01", "2024-01-02"]
    zoned = detail_column(moments.dt.tz_localize("UTC").dt.tz_convert("Asia/Tokyo"))
    assert zoned.days is not None
    assert zoned.days.astype(str).tolist() == ["2023-12-31", "2024-01-02"]
    assert zoned.day_counts is not None
    assert zoned.day_counts.tolist() == [1, 2]


def test_texts_have_their_lengths_in_characters() -> None:
    detail = detail_column(pd.Series(["", "\u00e9\u00e9", "\U0001f600abc", None], dtype="str"))
    assert detail.lengths == (0, 2.0, 4)


@settings(max_examples=50, deadline=None)
@given(
    st.one_of(
        st.lists(st.sampled_from([None, "a", "b", ""])).map(lambda v: pd.Series(v, dtype="str")),
        st.lists(st.sampled_from([None, "a", "b"])).map(lambda v: pd.Series(v, dtype="category")),
        st.lists(st.sampled_from([None, 1, -1])).map(lambda v: pd.Series(v, dtype="Int64")),
        st.lists(st.sampled_from([0.5, 0.0, -0.0, np.nan, np.inf])).map(
            lambda v: pd.Series(v, dtype="float64")
        ),
        st.lists(st.sampled_from([None, True, False])).map(lambda v: pd.Series(v, dtype="boolean")),
        st.lists(st.sampled_from([pd.NaT, pd.Timestamp("2024-01-01")])).map(
            lambda v: pd.Series(v, dtype="datetime64[us]")
        ),
        st.lists(st.sampled_from([pd.NaT, pd.Timedelta("1D")])).map(
            lambda v: pd.Series(v, dtype="timedelta64[us]")
        ),
    )
)
def test_every_value_is_counted_once_commonest_first(column: pd.Series) -> None:
    counted = count_values(column)
    expected: Counter[Any] = Counter(column.dropna().tolist())
    assert counted.counts.tolist() == sorted(expected.values(), reverse=True)
    frame = counted.frame(len(column))
    assert len(set(frame["value"])) == len(frame) == len(counted) == len(expected)
    assert frame["rows"].sum() == column.notna().sum()
