"""Dates as people write them; the order of day and month is proved or left open, never guessed silently."""

import datetime as dt

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.tables.options import ReadOptions
from analytics.tables.typed.convert import Converted, convert_columns


def convert(*, options: ReadOptions | None = None, **columns: list[str | None]) -> Converted:
    arrays = [pa.array(cells, pa.string()) for cells in columns.values()]
    return convert_columns(list(columns), arrays, options=options or ReadOptions())


def times(cells: list[str | None], **more: object) -> list[object]:
    column = convert(x=cells, **more).frame["x"]  # type: ignore[arg-type]
    assert pd.api.types.is_datetime64_any_dtype(column.dtype), column
    return [None if pd.isna(value) else value for value in column]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2024-01-02", None], ["2024-01-02", None]),
        (["2024-1-2", "2024-11-12"], ["2024-01-02", "2024-11-12"]),
        (["2024/01/31", "NA"], ["2024-01-31", None]),
        (["2024.01.31"], ["2024-01-31"]),
        (["0001-01-01", "9999-12-31"], ["0001-01-01", "9999-12-31"]),
        (["31/01/2024", "02/03/2024"], ["2024-01-31", "2024-03-02"]),
        (["01/31/2024", "03/02/2024"], ["2024-01-31", "2024-03-02"]),
        (["31.1.2024", "2.3.2024"], ["2024-01-31", "2024-03-02"]),
        (["5 Jan 2024", "17-Mar-2024"], ["2024-01-05", "2024-03-17"]),
        (["Jan 5, 2024", "September 17 2024"], ["2024-01-05", "2024-09-17"]),
        (["Fri, 5 Jan 2024"], ["2024-01-05"]),
        (["2024-01-02 03:04", "2024-01-02T03:04:05.5"], ["2024-01-02 03:04", "2024-01-02 03:04:05.5"]),
        (["2024-02-29 23:59:59.123456789"], ["2024-02-29 23:59:59.123456789"]),
        (["1/31/2024 12:05 AM", "1/31/2024 1:05 pm"], ["2024-01-31 00:05", "2024-01-31 13:05"]),
        (["2024-01-02T03:04:05Z", None], ["2024-01-02 03:04:05+00:00", None]),
        (["2024-01-02T03:04+02:00"], ["2024-01-02 03:04+02:00"]),
        (["2024-01-02T03:04+0200", "2024-07-02T03:04-05:00"], ["2024-01-02 01:04Z", "2024-07-02 08:04Z"]),
    ],
)
def test_reads(cells: list[str | None], expected: list[str | None]) -> None:
    assert times(cells) == [None if text is None else pd.Timestamp(text) for text in expected]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["01/02/2024", "03/04/2024"], "whether the day or the month"),
        (["31/01/2024", "01/31/2024"], "mix day first and month first"),
        (["2024-02-28"] * 4 + ["2024-02-30"], "are dates, but not '2024-02-30' (line 6)"),
        (["2024-01-01 10:00"] * 4 + ["2024-01-01 25:00"], "(line 6)"),
        (["2024-01-02T03:04Z", "2024-01-02T03:04"], "time zone"),
        (["01/02/99", "03/04/00"], "no cell shows"),
        (["1/2/3", "40/50/60"], "Text"),
        (["10:30", "11:45:10"], "Text."),
        (["13/13/2024", "14/14/2024"], "mix"),
    ],
)
def test_stays_text(cells: list[str | None], reason: str) -> None:
    converted = convert(x=cells)
    assert converted.frame["x"].tolist() == cells
    assert reason in converted.readings[0].sentence


def test_open_order_is_reported_with_both_alternatives() -> None:
    converted = convert(born=["01/02/2024", "03/04/2024"])
    (decision,) = converted.decisions
    assert (decision.what, decision.value, decision.alternatives) == (
        "day_first",
        "undecided",
        ("True", "False"),
    )
    assert decision.evidence == "line 2: 01/02/2024"
    assert converted.readings[0].alternatives == ("date",)


def test_proof_names_the_cell() -> None:
    (decision,) = convert(born=["01/02/2024", "31/04/2024", "30/04/2024"]).decisions
    assert (decision.value, decision.evidence) == ("True", "line 3: 31/04/2024")


def test_order_is_shared_within_the_file_and_said() -> None:
    converted = convert(a=["31/01/2024"], b=["01/02/2024"])
    assert converted.frame["b"][0] == pd.Timestamp("2024-02-01")
    assert "as in the file's other dates" in converted.readings[1].sentence


def test_columns_that_prove_different_orders_do_not_share() -> None:
    converted = convert(a=["31/01/2024"], b=["01/31/2024"], c=["01/02/2024"])
    assert converted.frame["a"][0] == converted.frame["b"][0] == pd.Timestamp("2024-01-31")
    assert converted.frame["c"].tolist() == ["01/02/2024"]


@pytest.mark.parametrize(("day_first", "expected"), [(True, "2024-02-01"), (False, "2024-01-02")])
def test_told_order_wins(day_first: bool, expected: str) -> None:
    assert times(["01/02/2024"], options=ReadOptions(day_first=day_first)) == [pd.Timestamp(expected)]


def test_asked_dates_state_their_assumption_and_list_what_does_not_fit() -> None:
    converted = convert(
        x=["01/02/2024", "soon", "31/02/2024"], options=ReadOptions(column_types={"x": "date"})
    )
    assert converted.frame["x"].tolist()[0] == pd.Timestamp("2024-02-01")
    assert converted.readings[0].exceptions == ((3, "soon"), (4, "31/02/2024"))
    assert converted.decisions[0].value == "True"


def test_short_years_between_strokes_are_dates_and_said() -> None:
    converted = convert(x=["31/12/99", "01/01/00"])
    assert converted.frame["x"].tolist() == [pd.Timestamp("1999-12-31"), pd.Timestamp("2000-01-01")]
    assert "two-digit years read as 1969 to 2068" in converted.readings[0].sentence


@pytest.mark.parametrize(
    ("first", "step"), [("1985-01-01", "MS"), ("2019-01-01", "QS"), ("1960-03-01", "YS-MAR")]
)
@pytest.mark.parametrize(("style", "day_first"), [("{m}/{d}/{y}", False), ("{d}/{m}/{y}", True)])
def test_even_steps_tell_the_order(first: str, step: str, style: str, day_first: bool) -> None:
    days = pd.date_range(first, periods=40, freq=step)
    converted = convert(x=[style.format(d=day.day, m=day.month, y=day.year) for day in days])
    if step == "YS-MAR":  # a date a year is even in both orders
        assert converted.decisions[0].value == "undecided"
        return
    assert converted.frame["x"].tolist() == days.tolist()
    assert (converted.decisions[0].value, converted.decisions[0].evidence) == (
        str(day_first),
        "only so are they evenly spaced",
    )


def test_few_or_uneven_dates_stay_open() -> None:
    few = [f"{month}/1/1985" for month in range(1, 9)]
    assert convert(x=few).decisions[0].value == "undecided"
    days = [f"{day}/2/2020" for day in range(1, 13)] * 2  # days with the day first, months otherwise
    assert convert(x=days).decisions[0].value == "undecided"


def test_short_years_on_request() -> None:
    read = times(["31.12.99", "01.01.00"], options=ReadOptions(column_types={"x": "date"}))
    assert read == [pd.Timestamp("1999-12-31"), pd.Timestamp("2000-01-01")]


def test_kinds_tell_days_from_moments() -> None:
    converted = convert(a=["2024-01-02"], b=["2024-01-02 10:00"], c=["31/1/2024"], d=["31/1/2024 10:00"])
    assert [reading.kind for reading in converted.readings] == ["date", "time", "date", "time"]


FORMATS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%d %b %Y",
    "%B %d, %Y",
    "%Y-%m-%dT%H:%M:%S",
    "%d.%m.%Y %I:%M:%S %p",
)


@pytest.mark.slow
@given(
    st.lists(st.datetimes(dt.datetime(1000, 1, 1), dt.datetime(9999, 12, 31)), min_size=1, max_size=120),
    st.sampled_from(FORMATS),
)
@settings(deadline=None, max_examples=50)
def test_strftime_is_undone(moments: list[dt.datetime], form: str) -> None:
    whole = [moment.replace(microsecond=0) for moment in moments]
    expected = [dt.datetime.strptime(moment.strftime(form), form) for moment in whole]
    assert [
        pd.Timestamp(value).to_pydatetime() for value in times([m.strftime(form) for m in whole])
    ] == expected
