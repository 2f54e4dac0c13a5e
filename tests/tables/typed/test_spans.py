"""Lengths of time as programs and people write them; what may be a time of day is asked."""

import pandas as pd
import pytest

from analytics.tables import ReadOptions, read_table
from tests.tables.typed.reading import answers, read, values


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["26:30:00", "1:00:00"], ["26h30min", "1h"]),
        (["1:02:03.5", "0:59:10.2"], ["1h2min3.5s", "59min10.2s"]),
        (["-1:30:00", "0:30:00"], ["-90min", "30min"]),
        (["3:45.2", "4:01.95"], ["3min45.2s", "4min1.95s"]),
        (["75:30", "59:10", "1:02:03"], ["75min30s", "59min10s", "1h2min3s"]),
        (["90 min", "45 min"], ["90min", "45min"]),
        (["1h 20m", "45m", "2h"], ["80min", "45min", "2h"]),
        (["1 hour and 20 minutes", "5 minutes"], ["80min", "5min"]),
        (["1 Std. 20 Min.", "5 Min."], ["80min", "5min"]),
        (["2 Tage, 3 Stunden", "1 Tag"], ["51h", "24h"]),
        (["2 jours 3 heures", "1 jour"], ["51h", "24h"]),
        (["2 días y 3 horas"], ["51h"]),
        (["1 godz. 5 min", "40 min"], ["65min", "40min"]),
        (["2 ч 5 мин", "40 мин"], ["125min", "40min"]),
        (["1,5 h", "2 h"], ["90min", "2h"]),
        (["250 ms", "1 s 20 ms"], ["250ms", "1020ms"]),
        (["PT1H30M", "PT45S", "P1DT2H"], ["90min", "45s", "26h"]),
        (["-PT1.5S", "PT0S"], ["-1.5s", "0s"]),
        (["2 days 03:00:00", "-1 days +23:00:00"], ["51h", "-1h"]),
        (["1 day, 2:03:04", "2 days, 0:00:01.5"], ["26h3min4s", "48h1.5s"]),
        (["1 day, 2:30:00", "0:15:00", "-1 day, 23:00:00"], ["26h30min", "15min", "-1h"]),
    ],
)
def test_reads(cells: list[str | None], expected: list[str]) -> None:
    converted = read(cells)
    assert values(converted) == [pd.Timedelta(text) for text in expected]
    assert converted.readings[0].sentence.startswith("Lengths of time.")


def test_missing_cells_are_told() -> None:
    converted = read(["1 h", None, "n/a", "2 h"])
    assert values(converted) == [pd.Timedelta("1h"), None, None, pd.Timedelta("2h")]
    assert "'n/a'" in converted.readings[0].sentence


@pytest.mark.parametrize(
    "cells", [["20m", "30m"], ["100 w", "60 W"], ["5 j"], ["10:30 x"], ["1h soon", "2h"], ["P"]]
)
def test_other_letters_stay_text(cells: list[str | None]) -> None:
    assert values(read(cells)) == cells


def test_two_numbers_may_be_a_time_of_day_or_two_kinds_of_length() -> None:
    cells: list[str | None] = ["10:30", "11:45"]
    converted = read(cells)
    assert values(converted) == cells
    (doubt,) = converted.doubts
    assert doubt.taken.cells == (("10:30", "10:30"), ("11:45", "11:45"))
    assert answers(doubt) == {
        "lengths in hours and minutes": ["0 days 10:30:00", "0 days 11:45:00"],
        "lengths in minutes and seconds": ["0 days 00:10:30", "0 days 00:11:45"],
    }
    for alternative, text in zip(doubt.alternatives, ("10h30min", "10min30s"), strict=True):
        again = read(cells, options=alternative.chosen(ReadOptions()))
        assert values(again)[0] == pd.Timedelta(text)
        assert not again.doubts
    assert not read(cells, options=doubt.taken.chosen(ReadOptions())).doubts


@pytest.mark.parametrize("cells", [["10:30:00", "11:45:10"], ["14h30", "9h05"], ["10:30", "11:45:10"]])
def test_what_may_be_times_of_day_is_asked(cells: list[str | None]) -> None:
    converted = read(cells)
    assert values(converted) == cells
    assert len(converted.doubts) == 1


@pytest.mark.parametrize("name", ["Dauer", "duration", "Durée", "czas trwania", "elapsed"])
def test_the_name_of_a_column_may_tell(name: str) -> None:
    assert values(read(["11:45:10"], name=name), name) == [pd.Timedelta("11h45min10s")]


def test_lengths_as_asked_list_what_is_none() -> None:
    options = ReadOptions(column_types={"x": "duration"})
    converted = read(["10:30", "soon", "90 min", "PT1H", "1:2", None], options=options)
    assert values(converted) == [pd.Timedelta(text) for text in ("10h30min",)] + [
        None, pd.Timedelta("90min"), pd.Timedelta("1h"), None, None,
    ]  # fmt: skip
    assert converted.readings[0].exceptions == ((3, "soon"), (6, "1:2"))
    none = read(["soon"], options=options)
    assert none.frame["x"].dtype.kind == "m"
    assert none.readings[0].exceptions == ((2, "soon"),)


@pytest.mark.parametrize(
    ("text", "unit"), [("1 days 00:00:00.123456789", "ns"), ("300000 days", "us"), ("900000000 days", "s")]
)
def test_the_unit_is_as_fine_as_cells_need_and_as_wide(text: str, unit: str) -> None:
    column = read([text]).frame["x"]
    assert column.dtype == f"timedelta64[{unit}]"


@pytest.mark.parametrize(
    ("cells", "unit"),
    [
        (["50s", "30s", None], "seconds"),
        (["1990s", "1980s", "2000s"], "seconds"),
        (["100s", "90s", "n/a"], "seconds"),
        (["50s", "34s"], "seconds"),
        (["20m", "30m"], "minutes"),
        (["1.5 m", "20 m"], "minutes"),
        (["12h", "3H"], "hours"),
        (["3d", "2d"], "days"),
    ],
)
def test_one_letter_is_no_unit_without_a_question(cells: list[str | None], unit: str) -> None:
    converted = read(cells, name="age")
    assert values(converted, "age") == cells
    (doubt,) = converted.doubts
    assert list(answers(doubt)) == [f"lengths of time in {unit}"]
    again = read(cells, name="age", options=doubt.alternatives[0].chosen(ReadOptions()))
    number, letter = str(cells[0])[:-1], unit[:3].replace("hou", "h").replace("day", "d")
    assert values(again, "age")[0] == pd.Timedelta(float(number), letter)


@pytest.mark.parametrize(
    ("name", "cells", "first"),
    [
        ("x", ["50s", "5m"], "50s"),
        ("x", ["2m", "1h"], "2min"),
        ("x", ["1.5s", "2s"], "1.5s"),
        ("x", ["50 s", "30 s"], "50s"),
        ("elapsed", ["50s", "30s"], "50s"),
        ("Laufzeit", ["20m", "30m"], "20min"),
        ("time", ["12h", "24h"], "12h"),
        ("leadTime", ["3d", "2d"], "3d"),
        ("run_time", ["100s"], "100s"),
        ("Dauer", ["3 w", "2 w"], "21d"),
    ],
)
def test_other_units_fractions_and_names_show_lengths(name: str, cells: list[str | None], first: str) -> None:
    converted = read(cells, name=name)
    assert values(converted, name)[0] == pd.Timedelta(first)
    assert not converted.doubts


@pytest.mark.parametrize("name", ["sentiment", "centimeter", "multimedia", "age"])
def test_names_that_only_contain_the_word_show_none(name: str) -> None:
    assert values(read(["50s", "34s"], name=name), name) == ["50s", "34s"]


def test_debit_and_credit_are_no_lengths() -> None:
    frame = read_table(b"x;v\nA;5,50 S\nB;3,20 H\n").frame
    assert frame["v"].tolist() == [-5.5, 3.2]
    assert read_table(b"x;v\nA;5 s\nB;3 h\n").frame["v"].dt.total_seconds().tolist() == [5, 10_800]
