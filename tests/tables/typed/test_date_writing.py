"""Dates as people of many places write them, two-digit years, offsets, and forms that were asked for."""

import pandas as pd
import pytest

from analytics.tables import ReadOptions, TableError
from tests.tables.typed.reading import answers, chosen, convert, read, values


def moments(*texts: str | None) -> list[object]:
    return [None if text is None else pd.Timestamp(text) for text in texts]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["3 März 2024", "15. Mai 2024"], ["2024-03-03", "2024-05-15"]),
        (["15. août 2023", "1er mars 2023"], ["2023-08-15", "2023-03-01"]),
        (["3 de marzo de 2024", "15 de abril de 2024"], ["2024-03-03", "2024-04-15"]),
        (["3 març 2024", "4 abr. 2024"], ["2024-03-03", "2024-04-04"]),
        (["12 stycznia 2024", "3 maja 2024"], ["2024-01-12", "2024-05-03"]),
        (["3. března 2024", "1. září 2024"], ["2024-03-03", "2024-09-01"]),
        (["2024. január 5.", "2024. május 12."], ["2024-01-05", "2024-05-12"]),
        (["5 января 2024 г.", "7 мая 2024 г."], ["2024-01-05", "2024-05-07"]),
        (["5 Ιανουαρίου 2024", "7 Μαΐου 2024"], ["2024-01-05", "2024-05-07"]),
        (["5 Ocak 2024", "7 Ağustos 2024"], ["2024-01-05", "2024-08-07"]),
        (["5. tammikuuta 2024", "7. kesäkuuta 2024"], ["2024-01-05", "2024-06-07"]),
        (["Freitag, 5. Januar 2024", "Sa., 6. Januar 2024"], ["2024-01-05", "2024-01-06"]),
        (["vendredi 5 janvier 2024"], ["2024-01-05"]),
        (["March 3rd, 2024", "April 22nd, 2024"], ["2024-03-03", "2024-04-22"]),
        (["1st of May 2024"], ["2024-05-01"]),
        (["2003-Sep-19", "2004-Oct-03"], ["2003-09-19", "2004-10-03"]),
        (["2024/1/5", "2024/11/25"], ["2024-01-05", "2024-11-25"]),
        (["2024年1月5日", "2024年12月15日"], ["2024-01-05", "2024-12-15"]),
        (["2024년 1월 5일"], ["2024-01-05"]),
        (["２０２４－０１－０５"], ["2024-01-05"]),
        (["٢٠٢٤/٠١/٠٥"], ["2024-01-05"]),
        (["5\u00a0janvier\u202f2024"], ["2024-01-05"]),
        (["20240105T103000Z"], ["2024-01-05 10:30Z"]),
        (["20200115", "20200116", "20191231"], ["2020-01-15", "2020-01-16", "2019-12-31"]),
        (["20240105103059"] * 3, ["2024-01-05 10:30:59"] * 3),
        (["Wed Oct 10 20:19:24 +0000 2018"], ["2018-10-10 20:19:24Z"]),
        (["Wed Oct 10 20:19:24 2018"], ["2018-10-10 20:19:24"]),
        (["10/Oct/2000:13:55:36 -0700"], ["2000-10-10 13:55:36-0700"]),
        (["2024-01-01 24:00", "2024-02-29 24:00:00"], ["2024-01-02", "2024-03-01"]),
        (["2024-01-05 14h30", "2024-01-06 9h05"], ["2024-01-05 14:30", "2024-01-06 09:05"]),
        (["31.01.2024 14.30", "1.2.2024 9.05"], ["2024-01-31 14:30", "2024-02-01 09:05"]),
        (["31.01.2024 um 14:30 Uhr"], ["2024-01-31 14:30"]),
        (["01/31/2024 2:30 PM", "02/01/2024 12:05 a. m."], ["2024-01-31 14:30", "2024-02-01 00:05"]),
        (["30 november 2024", "1 december 2024"], ["2024-11-30", "2024-12-01"]),
        (["1. mars 2024", "16. desember 2024"], ["2024-03-01", "2024-12-16"]),
        (["1. rujna 2024.", "16. studenoga 2024."], ["2024-09-01", "2024-11-16"]),
        (["2024-01-31 오후 2:30", "2024-02-01 오전 12:05"], ["2024-01-31 14:30", "2024-02-01 00:05"]),
        (["2024/1/31 下午2:30:00", "2024/2/1 上午12:05:00"], ["2024-01-31 14:30", "2024-02-01 00:05"]),
        (["2024年1月31日 午後2:30", "2024年2月1日 午前0:05"], ["2024-01-31 14:30", "2024-02-01 00:05"]),
        (["31/01/2024 2:30 μμ", "01/02/2024 12:05 π.μ."], ["2024-01-31 14:30", "2024-02-01 00:05"]),
        (["2024-01-05T10:20:30.123Z"], ["2024-01-05 10:20:30.123Z"]),
        (["2024-01-05T10:20:30,5", "2024-01-05T10:20:31"], ["2024-01-05 10:20:30.5", "2024-01-05 10:20:31"]),
    ],
)  # fmt: skip
def test_reads(cells: list[str | None], expected: list[str]) -> None:
    assert values(read(cells)) == moments(*expected)


@pytest.mark.parametrize(
    ("cells", "expected", "unit"),
    [
        (["Jan 2020", "Feb 2021"], ["2020-01-01", "2021-02-01"], "month"),
        (["enero de 2020", "marzo de 2020"], ["2020-01-01", "2020-03-01"], "month"),
        (["Mai/2020", "Dez/2020"], ["2020-05-01", "2020-12-01"], "month"),
        (["2024-01", "2024-02"], ["2024-01-01", "2024-02-01"], "month"),
        (["01/2024", "12/2024"], ["2024-01-01", "2024-12-01"], "month"),
        (["5/2024", "12/2024"], ["2024-05-01", "2024-12-01"], "month"),
        (["2020M01", "2020M12"], ["2020-01-01", "2020-12-01"], "month"),
        (["2024年1月"], ["2024-01-01"], "month"),
        (["2010-Q1", "2010-Q4"], ["2010-01-01", "2010-10-01"], "quarter"),
        (["2010Q1", "2011Q2"], ["2010-01-01", "2011-04-01"], "quarter"),
        (["Q1 2010", "Q3/2010"], ["2010-01-01", "2010-07-01"], "quarter"),
        (["1. Quartal 2010", "4. Quartal 2010"], ["2010-01-01", "2010-10-01"], "quarter"),
        (["T1 2010", "T2 2010"], ["2010-01-01", "2010-04-01"], "quarter"),
        (["2010H1", "2010-H2"], ["2010-01-01", "2010-07-01"], "half year"),
        (["2024-W05", "2020-W53"], ["2024-01-29", "2020-12-28"], "week"),
        (["KW 5/2024", "KW 06/2024"], ["2024-01-29", "2024-02-05"], "week"),
    ],
)
def test_longer_times_stand_as_their_first_day(
    cells: list[str | None], expected: list[str], unit: str
) -> None:
    converted = read(cells)
    assert values(converted) == moments(*expected)
    assert f"each {unit} as its first day" in converted.readings[0].sentence


def test_weeks_follow_iso() -> None:
    days = pd.date_range("2015-12-20", "2021-01-15")
    cells: list[str | None] = [f"{day:%G-W%V-%u}" for day in days]
    assert values(read(cells)) == days.tolist()


@pytest.mark.parametrize(
    "cells",
    [
        ["2009-10", "2010-11", "2011-12"],
        ["2009/10", "2010/11"],
        ["2024-W54", "2024-W05"],
        ["2021-W53"],
        ["Room 2020", "Street 1999"],
        ["Room 5 March 2020"],
        ["2024-01-02 10", "2024-01-03 11"],
        ["2024-13", "2024-01"],
        ["Q5 2010"],
        ["3 listopada 2024"],
        ["1.2.10", "1.10.12"],
        ["2024-01-01 24:01"],
        ["2024-01-01 10:00 XYZ"],
    ],
)
def test_stays_text(cells: list[str | None]) -> None:
    assert values(read(cells)) == cells


def test_eight_digits_are_dates_where_all_are_and_not_by_chance() -> None:
    many: list[str | None] = ["20200115", "20200116", "20200230"]
    assert read(many).readings[0].kind == "integer"
    few = read(["20200115", "20200116"])
    assert few.readings[0].kind == "integer"
    assert answers(few.doubts[0]) == {"dates": ["2020-01-15", "2020-01-16"]}
    assert read(["20200115"], name="Datum").readings[0].kind == "date"
    assert read(["20200115", "20200116", "20200117"], name="customer_id").readings[0].kind == "text"
    (doubt,) = read(["20200115", "20200116", "20200117"]).doubts
    assert answers(doubt) == {"numbers": ["20200115", "20200116", "20200117"]}


@pytest.mark.parametrize(
    ("cells", "taken", "others"),
    [
        (
            ["19-Sep-03", "03-Oct-04"],
            ["2003-09-19", "2004-10-03"],
            {"the year first": ["2019-09-03", "2003-10-04"], "text": ["19-Sep-03", "03-Oct-04"]},
        ),
        (["19 mars 99"], ["1999-03-19"], {"text": ["19 mars 99"]}),
        (["31.12.99", "01.01.00"], ["1999-12-31", "2000-01-01"], {"text": ["31.12.99", "01.01.00"]}),
        (["31-12-99", "01-01-00"], ["1999-12-31", "2000-01-01"], {"text": ["31-12-99", "01-01-00"]}),
        (["Jan-20", "Feb-21"], ["2020-01-01", "2021-02-01"], {"text": ["Jan-20", "Feb-21"]}),
        (["Q1'10", "Q2'10"], ["2010-01-01", "2010-04-01"], {"text": ["Q1'10", "Q2'10"]}),
        (
            ["13/12/11", "14/11/10"],
            ["2011-12-13", "2010-11-14"],
            {"the year first": ["2013-12-11", "2014-11-10"], "text": ["13/12/11", "14/11/10"]},
        ),
    ],
)
def test_two_digit_years_are_a_doubt(
    cells: list[str | None], taken: list[str], others: dict[str, list[str]]
) -> None:
    converted = read(cells)
    (doubt,) = converted.doubts
    assert [made for _, made in doubt.taken.cells] == taken
    assert answers(doubt) == others
    for alternative in doubt.alternatives:
        assert not chosen({"x": cells}, alternative).doubts
    assert not chosen({"x": cells}, doubt.taken).doubts


def test_an_order_that_nothing_proves_is_asked_with_both_readings() -> None:
    cells: list[str | None] = ["01/02/2024", "03/04/2024", "05/06/2024", "05/06/2024"]
    converted = read(cells, name="born")
    assert values(converted, "born") == cells
    (doubt,) = converted.doubts
    assert doubt.column is None
    assert "line 2: 01/02/2024, line 3: 03/04/2024, line 4: 05/06/2024" in doubt.evidence
    assert answers(doubt) == {
        "the day first": ["2024-02-01", "2024-04-03", "2024-06-05"],
        "the month first": ["2024-01-02", "2024-03-04", "2024-05-06"],
    }
    assert [dict(other.changes) for other in doubt.alternatives] == [
        {"day_first": True},
        {"day_first": False},
    ]
    for alternative in (doubt.taken, *doubt.alternatives):
        assert not chosen({"born": cells}, alternative).doubts


@pytest.mark.parametrize(("form", "day_first"), [("01/{:02}/2023", True), ("{:02}/01/2023", False)])
def test_twelve_months_are_months_and_still_asked(form: str, day_first: bool) -> None:
    converted = read([form.format(month) for month in range(1, 13)])
    assert values(converted) == pd.date_range("2023-01-01", periods=12, freq="MS").tolist()
    (doubt,) = converted.doubts
    assert dict(doubt.taken.changes) == {"day_first": day_first}
    assert [dict(other.changes) for other in doubt.alternatives] == [{"day_first": not day_first}]
    assert [made for _, made in doubt.alternatives[0].cells] == ["2023-01-01", "2023-01-02", "2023-01-03"]


def test_dates_with_points_are_asked_and_proofs_are_not() -> None:
    assert len(read(["1.2.2024", "3.4.2024"]).doubts) == 1
    assert not read(["1.2.2024", "31.3.2024", "13.4.2024"]).doubts
    assert not read(["01/02/2024"], options=ReadOptions(day_first=True)).doubts
    assert not convert({"a": ["31/01/2024"], "b": ["01/02/2024"]}).doubts


YEAR = [day for day in pd.date_range("2023-01-01", "2023-12-31", tz="Europe/Berlin") if day.day_of_week < 5]


def test_summer_and_winter_keep_their_local_days_and_the_offsets_are_told() -> None:
    cells: list[str | None] = [day.isoformat() for day in YEAR]
    converted = read(cells)
    assert values(converted) == [day.tz_localize(None) for day in YEAR]
    sentence = converted.readings[0].sentence
    assert "the offsets from UTC, +01:00 and +02:00, are left out" in sentence
    (doubt,) = converted.doubts
    assert dict(answers(doubt))["times in UTC"][0] == "2023-01-01 23:00:00+00:00"
    utc = chosen({"x": cells}, doubt.alternatives[0])
    assert values(utc) == [day.tz_convert("UTC") for day in YEAR]
    assert not utc.doubts


def test_one_offset_keeps_local_days() -> None:
    converted = read(["2024-01-05T00:00:00+02:00", "2024-07-05T00:00:00+02:00"])
    assert [f"{value:%F}" for value in converted.frame["x"]] == ["2024-01-05", "2024-07-05"]
    assert answers(converted.doubts[0])["times in UTC"][0] == "2024-01-04 22:00:00+00:00"
    assert not read(["2024-01-05T00:00:00Z"]).doubts


def test_named_zones_and_far_apart_offsets() -> None:
    assert values(read(["2024-01-05 10:00 CET", "2024-07-05 10:00 CEST"])) == moments(
        "2024-01-05 10:00", "2024-07-05 10:00"
    )
    far = read(["2024-01-05T00:00:00+02:00", "2024-01-05T00:00:00-05:00"])
    assert values(far) == moments("2024-01-04 22:00Z", "2024-01-05 05:00Z")
    assert answers(far.doubts[0]) == {"local times, as the clocks said": ["2024-01-05", "2024-01-05"]}


@pytest.mark.parametrize(
    ("form", "cells", "expected", "misfits"),
    [
        ("date:%d.%m.%Y", ["12.03.2024", "x", "31.02.2024"], ["2024-03-12", None, None], [3, 4]),
        ("date:%y/%m/%d", ["12/03/24"], ["2012-03-24"], []),
        ("date:%Y-%j", ["2024-060", "2023-366"], ["2024-02-29", None], [3]),
        ("date:%Y", ["2024", "1999"], ["2024-01-01", "1999-01-01"], []),
        ("date:%Y%m", ["202401"], ["2024-01-01"], []),
        ("time:%d%b%Y %H:%M", ["05Jan2024 10:03"], ["2024-01-05 10:03"], []),
        ("date:%A, %d. %B %Y", ["Freitag, 05. Januar 2024"], ["2024-01-05"], []),
        ("time:%m/%d/%Y %I:%M %p", ["01/02/2024 12:30 PM"], ["2024-01-02 12:30"], []),
        ("time:%Y-%m-%d %H:%M:%S %z", ["2024-01-02 10:00:00 +0200"], ["2024-01-02 10:00+0200"], []),
        ("date:day_first", ["01/02/2024", "soon"], ["2024-02-01", None], [3]),
        ("date:month_first", ["01/02/2024"], ["2024-01-02"], []),
        ("time:unix", ["1700000000", "0.5"], ["2023-11-14 22:13:20", "1970-01-01 00:00:00.5"], []),
        ("time:unix_ms", ["1700000000123", "x"], ["2023-11-14 22:13:20.123", None], [3]),
        ("date:excel", ["45123", "45123.5"], ["2023-07-16", "2023-07-16 12:00"], []),
        ("date", ["20240105", "nothing"], ["2024-01-05", None], [3]),
        ("date", ["nothing", "5 things"], [None, None], [2, 3]),
        ("time", ["2024-01-05T10:20+01:00", "2024-07-05T9:20"], ["2024-01-05 10:20", "2024-07-05 9:20"], []),
    ],
)  # fmt: skip
def test_forms_that_were_asked_for(
    form: str, cells: list[str | None], expected: list[str | None], misfits: list[int]
) -> None:
    converted = read(cells, options=ReadOptions(column_types={"x": form}))
    assert values(converted) == moments(*expected)
    assert converted.frame["x"].dtype.kind == "M"
    assert [line for line, _ in converted.readings[0].exceptions] == misfits


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ("date:%d.%m", "needs a year"),
        ("date:%d.%Y", "needs a month"),
        ("date:%Q %Y", "%Q is none of"),
        ("date:%Y %Y", "stands twice"),
        ("date:%Y %", "is none of"),
        ("date:soon", "such as %d.%m.%Y"),
        ("date:", "such as %d.%m.%Y"),
        ("date:%G-%m", "stand together"),
        ("duration:%H", "%H:%M:%S"),
        ("number:;", "decimal mark"),
        ("text:%Y", "takes no form"),
        ("money", "choose one of"),
    ],
)
def test_forms_that_cannot_be(asked: str, problem: str) -> None:
    with pytest.raises(TableError, match="Column 'x' cannot be read as") as raised:
        ReadOptions(column_types={"x": asked})
    assert problem in str(raised.value)


@pytest.mark.parametrize(
    ("name", "cells", "label", "made"),
    [
        ("timestamp", ["1700000000", "1700000060"], "seconds since 1970", "2023-11-14 22:13:20"),
        (
            "created_at",
            ["1700000000123", "1700000060123"],
            "milliseconds since 1970",
            "2023-11-14 22:13:20.123000",
        ),
        ("Datum", ["45123", "45124"], "days since 1900, as sheets count them", "2023-07-16"),
    ],
)
def test_numbers_that_may_count_time_stay_numbers_and_are_asked(
    name: str, cells: list[str | None], label: str, made: str
) -> None:
    converted = read(cells, name=name)
    assert values(converted, name) == [int(str(cell)) for cell in cells]
    (doubt,) = converted.doubts
    assert answers(doubt)[label][0] == made
    assert not read(cells, name="weight").doubts


def test_dates_in_two_forms_are_counted_and_asked() -> None:
    cells: list[str | None] = ["2024-01-05", "2024-01-06", "05.01.2024"]
    converted = read(cells)
    assert values(converted) == cells
    assert "2 of 3 cells are dates, but not '05.01.2024' (line 4)" in converted.readings[0].sentence
    (doubt,) = converted.doubts
    assert values(chosen({"x": cells}, doubt.alternatives[0])) == moments("2024-01-05", "2024-01-06", None)


def test_dates_as_asked_take_the_form_that_most_cells_have() -> None:
    cells: list[str | None] = ["1-2-2024", *(f"{day}.1.2024" for day in range(27, 32))]
    converted = read(cells, options=ReadOptions(column_types={"x": "date"}))
    assert values(converted) == moments(None, *(f"2024-01-{day}" for day in range(27, 32)))
    assert converted.readings[0].exceptions == ((2, "1-2-2024"),)


def test_zero_dates_are_missing() -> None:
    converted = read(["0000-00-00", "2024-01-05"])
    assert values(converted) == moments(None, "2024-01-05")
    assert "1 cell ('0000-00-00') taken as missing" in converted.readings[0].sentence


def test_six_digits_may_be_months() -> None:
    converted = read(["202401", "202402", "202312"])
    assert converted.readings[0].kind == "integer"
    assert answers(converted.doubts[0]) == {
        "months, as their first days": ["2024-01-01", "2024-02-01", "2023-12-01"]
    }
    assert not read(["202401", "202402", "202313"]).doubts


def test_columns_that_ask_the_same_of_the_file_ask_once() -> None:
    columns: dict[str, list[str | None]] = {f"c{i}": ["01/02/2024", "03/04/2024"] for i in range(7)}
    converted = convert(columns)
    (doubt,) = converted.doubts
    assert "c0, c1, c2, c3, c4 and 2 more columns" in doubt.question
    for alternative in (doubt.taken, *doubt.alternatives):
        assert not chosen(columns, alternative).doubts


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (["99-12-31", "00-01-03", "00-01-04"], "1999-12-31"),
        (["24.01.31", "24.02.29", "24.03.31"], "2024-01-31"),
        (["24/01/30", "24/01/31"], "2024-01-30"),
        (["20-01-15", "20-01-16", "20-02-14"], "2020-01-15"),
    ],
)
def test_two_digits_of_the_year_may_stand_first(cells: list[str | None], first: str) -> None:
    converted = read(cells)
    assert values(converted)[0] == pd.Timestamp(first)
    (doubt,) = converted.doubts
    assert doubt.taken.label.startswith("the year first") and doubt.taken.cells[0] == (cells[0], first)
    assert values(chosen({"x": cells}, doubt.taken)) == values(converted)
    for other in doubt.alternatives:
        assert [made for _, made in other.cells] != [made for _, made in doubt.taken.cells]


@pytest.mark.parametrize(
    "cells",
    [
        ["05.01.24", "05.02.24", "05.03.24"],
        ["15.1.20", "16.1.20", "14.2.20"],
        ["01.02.70", "15.03.85", "31.12.60"],
        ["13/02/10", "12/11/05", "25/12/12"],
    ],
)
def test_days_that_stand_first_stay_first(cells: list[str | None]) -> None:
    found = values(read(cells, options=ReadOptions(day_first=True)))
    assert [moment.day for moment in found] == [int(str(cell)[:2].strip(".")) for cell in cells]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "cells", "label"),
    [
        ("Datum", ["31012024", "29022024", "31032024"], "dates, the day first"),
        ("Datum", ["01012024", "02012024", "31032024"], "dates, the day first"),
        ("date", ["240131", "240229", "240331"], "dates, the year first"),
        ("date", ["2024031", "2024060", "2024365"], "dates, the day of the year behind the year"),
    ],
)
def test_digits_under_a_name_of_time_are_asked_about(name: str, cells: list[str | None], label: str) -> None:
    (doubt,) = read(cells, name=name).doubts
    answer = next(other for other in doubt.alternatives if other.label == label)
    found = values(chosen({name: cells}, answer), name)
    assert [moment.year for moment in found] == [2024] * 3  # type: ignore[attr-defined]
    assert not read(["312024", "290224"], name=name).doubts
    assert not read([cell for cell in cells if cell and cell[0] != "0"], name="n").doubts


def test_years_of_another_era_are_asked_about() -> None:
    for cells in (["15/01/2567", "16/01/2567"], ["1402/10/25", "1402/10/26"]):
        (doubt,) = read(cells).doubts
        assert "common era" in doubt.question
    assert not read(["15/01/1967", "16/01/2067"]).doubts


def test_times_of_which_only_some_state_an_offset_are_asked_about() -> None:
    cells: list[str | None] = ["2024-01-01T00:00:00+01:00", "2024-07-01T00:00:00"]
    (doubt,) = read(cells).doubts
    assert values(chosen({"x": cells}, doubt.alternatives[0])) == moments("2024-01-01", "2024-07-01")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20180101:0010", "2018-01-01 00:10"),
        ("20180131:23:59:30", "2018-01-31 23:59:30"),
        ("10 - Aug - 2026 00:24:00", "2026-08-10 00:24"),
        ("10 -Août- 2026, 10:00", "2026-08-10 10:00"),
        ("Aug - 10 - 2026", "2026-08-10"),
        ("2026 / Aug / 10", "2026-08-10"),
        ("31 - 08 - 2026 00:25", "2026-08-31 00:25"),
        ("10 / 31 / 2026", "2026-10-31"),
        ("2026 - 08 - 10", "2026-08-10"),
    ],
)
def test_dates_may_have_blanks_around_marks_and_a_colon_before_the_time(text: str, moment: str) -> None:
    assert values(read([text, None])) == [pd.Timestamp(moment), None]


@pytest.mark.parametrize("text", ["20180101:9900", "10 - 12", "2020 - 2021", "24 - 01 - 31"])
def test_scores_ranges_and_times_that_are_none_stay_text(text: str) -> None:
    assert values(read([text])) == [text]
