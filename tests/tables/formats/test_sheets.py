"""Cells of workbooks that were lost, guessed or fatal: spans, errors, numbers as text, emptiness."""

import io
import tracemalloc
import zipfile

import pandas as pd
import pytest

from analytics.tables import ReadOptions, TableError, read_table
from tests.hostile.expanding import with_parts
from tests.tables.workbooks import (
    CLOCK,
    DATE,
    FIVE_ZEROS,
    PARTED_ZEROS,
    SPAN,
    TWO_ZEROS,
    open_document,
    sheet_xml,
    workbook,
)


def test_lengths_of_time_over_a_day() -> None:
    spans = [26.5 / 24, 1.5 / 24, 100 / 24, -0.5 / 24]
    rows = [["task", "spent"], *([f"t{i}", (span, SPAN)] for i, span in enumerate(spans))]
    spent = read_table(workbook({"s": sheet_xml(rows)})).frame["spent"]
    assert spent.tolist() == [pd.Timedelta(hours=hours) for hours in (26.5, 1.5, 100, -0.5)]


@pytest.mark.parametrize("above", [1.5, 59.25, 61.5, 400.25])
def test_times_of_day_beside_lengths_of_time_are_lengths_too(above: float) -> None:
    cells = [(0.5, CLOCK), (above, CLOCK), (1.1, SPAN), (0, CLOCK)]
    rows = [["task", "spent"], *([f"t{i}", cell] for i, cell in enumerate(cells))]
    spent = read_table(workbook({"a": sheet_xml(rows)})).frame["spent"]
    assert spent.tolist() == [pd.Timedelta(days=days) for days, _ in cells]


def test_times_of_day_alone_and_dates_beside_lengths_stay_as_they_are() -> None:
    rows = [["begin", "day", "spent"], *([(0.5, CLOCK), (45_000, DATE), (1.5, SPAN)] for _ in range(3))]
    table = read_table(workbook({"a": sheet_xml(rows)}))
    assert table.frame["begin"].tolist() == ["12:00:00"] * 3
    assert table.frame["day"].tolist() == [pd.Timestamp("2023-03-15")] * 3


@pytest.mark.parametrize(
    ("style", "numbers", "shown"),
    [
        (FIVE_ZEROS, [1067, 99999, None], ["01067", "99999", None]),
        (FIVE_ZEROS, [7, 123456], ["00007", "123456"]),
        (PARTED_ZEROS, [78051120, 123456789], ["078-05-1120", "123-45-6789"]),
    ],
)
def test_leading_zeros_that_a_format_shows_are_kept_and_told(
    style: int, numbers: list[int | None], shown: list[str | None]
) -> None:
    cells = [None if number is None else (number, style) for number in numbers]
    rows = [["name", None, "zip", "count"], *([f"n{i}", None, cell, i] for i, cell in enumerate(cells))]
    table = read_table(workbook({"a": sheet_xml(rows)}))
    assert [None if pd.isna(value) else value for value in table.frame["zip"]] == shown
    assert table.frame["count"].tolist() == list(range(len(cells)))
    (repair,) = table.report.repairs
    assert (repair.line, repair.count) == (2, sum(number is not None for number in numbers))
    assert "of column 3 are shown with leading zeros" in repair.detail and str(shown[0]) in repair.detail


@pytest.mark.parametrize(
    ("style", "numbers"), [(FIVE_ZEROS, [12345, 54321]), (TWO_ZEROS, [7, 12]), (FIVE_ZEROS, [-5, 1.5])]
)
def test_formats_that_show_no_leading_zeros_of_a_code_change_nothing(
    style: int, numbers: list[float]
) -> None:
    rows = [["name", "amount"], *([f"n{i}", (number, style)] for i, number in enumerate(numbers))]
    table = read_table(workbook({"a": sheet_xml(rows)}))
    assert table.frame["amount"].tolist() == numbers
    assert not table.report.repairs


def test_numbers_stored_as_text_are_a_doubt() -> None:
    rows = [["name", "price", "zip"], ["a", "12.5", "00184"], ["b", "13", "10115"], ["c", "1,200", "80331"]]
    table = read_table(workbook({"s": sheet_xml(rows)}))
    (doubt,) = table.report.doubts
    assert (doubt.column, doubt.taken.label, doubt.alternatives[0].label) == ("price", "text", "number")
    assert table.frame["price"].tolist() == ["12.5", "13", "1,200"]
    assert dict(doubt.alternatives[0].cells)["1,200"] == "1200.0"
    chosen = doubt.alternatives[0].chosen(ReadOptions())
    assert read_table(workbook({"s": sheet_xml(rows)}), options=chosen).frame["price"].tolist() == [
        12.5,
        13,
        1200,
    ]


def test_error_cells_are_counted_with_their_row() -> None:
    rows = [["a", "b", "c"], [1, "x", 1], ["#DIV/0!", "#N/A", 2], [3, "#N/A", 3], [4, "y", 4]]
    data = workbook({"first": sheet_xml([["z"], [1]]), "s & t": sheet_xml(rows)})
    table = read_table(data, options=ReadOptions(sheet=1))
    (repair,) = [repair for repair in table.report.repairs if repair.kind == "error cell"]
    assert (repair.count, repair.line) == (3, 3)
    assert "#N/A" in repair.detail
    assert table.frame["a"].isna().tolist() == [False, True, False, False]


@pytest.mark.parametrize("rows", [[["", ""], ["", ""]], [[" ", "\t"]], [["#N/A"]], [[""]]])
def test_a_sheet_without_a_value_is_one_sentence(rows: list[list[object]]) -> None:
    with pytest.raises(TableError, match="no cell with a value"):
        read_table(workbook({"s": sheet_xml(rows)}))
    both = workbook({"s": sheet_xml(rows), "t": sheet_xml([["x"], [1]])})
    assert read_table(both).frame["x"].tolist() == [1]


def moved(data: bytes, part: str, target: str) -> bytes:
    """The workbook with its sheet in another part, to which the relationships point."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            text = old.read(name).replace(b"worksheets/sheet1.xml", target.encode())
            new.writestr(part if name == "xl/worksheets/sheet1.xml" else name, text)
    return made.getvalue()


@pytest.mark.parametrize(
    ("part", "target"),
    [
        ("xl/data/sheet1.xml", "data/sheet1.xml"),
        ("xl/Worksheets/Sheet1.XML", "Worksheets/Sheet1.XML"),
        ("xl/worksheets/deep/one.bin", "worksheets/deep/one.bin"),
        ("data/sheet1.xml", "/data/sheet1.xml"),
        ("xl\\worksheets\\one.xml", "worksheets\\one.xml"),
    ],
)
def test_a_cell_far_away_is_refused_whatever_its_part_is_called(part: str, target: str) -> None:
    far = sheet_xml([["a", "b"], [1, 2]]).replace('r="B2"', 'r="XFD1048576"')
    with pytest.raises(TableError, match="spans"):
        read_table(moved(workbook({"s": far}), part, target), name="x.xlsx")


@pytest.mark.slow
def test_a_long_text_that_many_cells_share_is_refused() -> None:
    cells = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(1, 3001))
    sheet = sheet_xml([["x"]]).replace("<sheetData>", f"<sheetData>{cells}")
    made = io.BytesIO(workbook({"s": sheet}))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst><si><t>{'x' * 100_000}</t></si></sst>")
    with pytest.raises(TableError, match="texts fill"):
        read_table(made.getvalue(), options=ReadOptions(max_expanded_bytes=50_000_000))


def test_a_long_text_that_a_document_repeats_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(open_document([["name", "n"], ["LONG", 1]]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    cell = b'<table:table-cell office:value-type="string">'
    many = b'<table:table-cell table:number-columns-repeated="9000" office:value-type="string">'
    parts["content.xml"] = parts["content.xml"].replace(cell, many).replace(b"LONG", b"x" * 500_000)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert len(made.getvalue()) < 10_000
    with pytest.raises(TableError, match="Repeated cells fill"):
        read_table(made.getvalue(), name="x.ods")


def test_dates_and_merged_titles_stay_as_they_were() -> None:
    rows = [["Sales"], ["day", "n", "m"], [(45292, DATE), 1, 2], [(45293, DATE), 2, 3]]
    table = read_table(workbook({"s": sheet_xml(rows, ["A1:C1"])}))
    assert table.frame["day"].tolist() == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-02")]


def test_units_below_the_names_of_a_sheet_are_kept_as_units() -> None:
    rows = [["t", "x"], ["[ms]", "[mV]"], *([n, n + 0.25] for n in range(12))]
    table = read_table(workbook({"Sheet1": sheet_xml(rows)}), name="units.xlsx")
    assert list(table.frame.columns) == ["t", "x"]
    assert [reading.unit for reading in table.report.column_readings] == ["ms", "mV"]
    assert [(repair.kind, repair.line) for repair in table.report.repairs] == [("units", 2)]
    assert table.frame["x"].tolist() == [n + 0.25 for n in range(12)]


def test_leading_zeros_that_an_open_document_shows_are_kept() -> None:
    first = [(1067, "01067"), (7, "7"), (12345, "012-345")]
    rows = [["zip", "n", "tax"], first, [(99999, "99999"), (12, "12"), (212345, "212-345")]]
    table = read_table(open_document(rows), name="x.ods")
    assert table.frame["zip"].tolist() == ["01067", "99999"]
    assert table.frame["n"].tolist() == [7, 12] and table.frame["tax"].tolist() == ["012-345", "212-345"]
    assert any("leading zeros" in repair.kind for repair in table.report.repairs)


GROUPS = [["region", "city", "pop"], ["A", "x", 1], [None, "y", 2], ["B", "z", 3], [None, "w", 4]]


@pytest.mark.parametrize("first", ["A", 2020, (45292, DATE)])
def test_cells_merged_down_the_first_column_stand_for_all_their_rows_and_are_told(first: object) -> None:
    rows = [GROUPS[0], [first, "x", 1], *GROUPS[2:3], [first, "z", 3], *GROUPS[4:]]
    table = read_table(workbook({"s": sheet_xml(rows, ["A2:A3", "A4:A5"])}))
    assert table.frame["region"].nunique() == 1 and table.frame["region"].notna().all()
    assert [(repair.kind, repair.line, repair.count) for repair in table.report.repairs] == [
        ("merged cells", 2, 2)
    ]


def test_an_amount_merged_down_is_not_counted_twice_and_a_merged_name_is_no_row() -> None:
    rows = [["Sales"], ["city", 2022, None, "sum"], [None, "m", "f", None], ["x", 1, 2, 30], ["y", 3, 4]]
    table = read_table(
        workbook({"s": sheet_xml([*rows, ["z", 5, 6, 7]], ["A2:A3", "B2:C2", "D2:D3", "D4:D5"])})
    )
    assert table.frame.columns.tolist() == ["city", "2022 m", "2022 f", "sum"]
    assert table.frame["sum"].tolist()[::2] == [30, 7] and table.frame["sum"].isna().tolist()[1]


def test_years_merged_over_their_columns_are_names() -> None:
    rows = [
        ["city", "2022", None, "2023", None],
        [None, "m", "f", "m", "f"],
        ["x", 1, 2, 3, 4],
        ["y", 5, 6, 7, 8],
    ]
    frame = read_table(workbook({"s": sheet_xml(rows, ["B1:C1", "D1:E1", "A1:A2"])})).frame
    assert frame.columns.tolist() == ["city", "2022 m", "2022 f", "2023 m", "2023 f"]
    assert frame["2023 f"].tolist() == [4, 8]


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    xml = sheet_xml([["a", "b"], [1, 2], [3, 4], [5, 6]]).replace('<row r="3"', '<row r="3" hidden="1"')
    xml = xml.replace("<sheetData>", '<cols><col min="2" max="9" hidden="1"/></cols><sheetData>')
    table = read_table(workbook({"s": xml}))
    assert table.frame["b"].tolist() == [2, 4, 6]
    assert [(repair.kind, repair.line, repair.count) for repair in table.report.repairs] == [
        ("hidden", 3, 1),
        ("hidden", None, 1),
    ]


def test_hidden_columns_without_end_are_told_as_far_as_cells_stand() -> None:
    many = '<table:table-column table:visibility="collapse" table:number-columns-repeated="1000000"/>' * 20
    data = open_document([["a", "b"], [1, 2], [3, 4], [5, 6]], columns=many)
    read_table(data, name="x.ods")
    tracemalloc.start()
    table = read_table(data, name="x.ods")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(repair.kind, repair.count) for repair in table.report.repairs] == [("hidden", 2)]
    assert most < 5_000_000


def test_hidden_rows_and_columns_of_an_open_document_are_read_and_told() -> None:
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    data = open_document([["a", "b"], [1, 2], [3, 4], [5, 6]], columns=columns, hidden=(2,))
    table = read_table(data, name="x.ods")
    assert table.frame["b"].tolist() == [2, 4, 6]
    assert [(repair.kind, repair.line, repair.count) for repair in table.report.repairs] == [
        ("hidden", 3, 1),
        ("hidden", None, 1),
    ]


def _with_spans(data: bytes, *spans: tuple[str, str]) -> bytes:
    """An open document whose cells with these texts say how far they are merged."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml").decode()
    for text, said in spans:
        cell = f'office:value-type="string"><text:p>{text}<'
        assert cell in content
        content = content.replace(cell, f"{said} {cell}")
    covered = content.replace(
        '<table:table-cell office:value-type="string"><text:p>~</text:p></table:table-cell>',
        "<table:covered-table-cell/>",
    )
    return with_parts(data, {"content.xml": covered.encode()})


DOWN, ACROSS = 'table:number-rows-spanned="2"', 'table:number-columns-spanned="2"'


def test_merged_cells_of_an_open_document_stand_for_all_they_cover_and_are_told() -> None:
    rows: list[list[object]] = [["region", "city", "pop"], ["A", "x", 1], ["~", "y", 2], ["B", "z", 3]]
    table = read_table(_with_spans(open_document(rows), ("A", DOWN)), name="x.ods")
    assert table.frame["region"].tolist() == ["A", "A", "B"]
    assert [(repair.kind, repair.line) for repair in table.report.repairs] == [("merged cells", 2)]


def test_merged_names_of_an_open_document_name_all_their_columns() -> None:
    rows: list[list[object]] = [["city", "one", "~"], ["~", "m", "f"], ["x", 1, 2], ["y", 3, 4], ["z", 5, 6]]
    table = read_table(_with_spans(open_document(rows), ("city", DOWN), ("one", ACROSS)), name="x.ods")
    assert table.frame.columns.tolist() == ["city", "one m", "one f"]


@pytest.mark.parametrize(("hidden", "told"), [((), None), (("b",), "'b'"), (("b", "c"), "'b', 'c'")])
def test_hidden_sheets_are_told(hidden: tuple[str, ...], told: str | None) -> None:
    sheets = {name: sheet_xml([["x"], [1], [2]]) for name in "abc"}
    repairs = read_table(workbook(sheets, hidden)).report.repairs
    assert [repair.detail for repair in repairs if repair.kind == "hidden"] == (
        []
        if told is None
        else [f"{len(hidden)} sheet{'s' * (len(hidden) > 1)} hidden in the workbook ({told}), not read"]
    )
    if hidden:
        asked = read_table(workbook(sheets, hidden), options=ReadOptions(sheet="b"))
        assert sum(repair.count for repair in asked.report.repairs) == len(hidden) - 1


@pytest.mark.parametrize(
    ("result", "told"),
    [("", 1), ("<v></v>", 1), ("<v/>", 1), ("<v>7</v>", 0)],
)
def test_formulas_without_a_stored_result_are_missing_and_told(result: str, told: int) -> None:
    xml = sheet_xml([["a", "b"], [1, 2], [3, 4], [5, 6]])
    xml = xml.replace('<c r="B3"><v>4</v></c>', f'<c r="B3"><f>A3+1</f>{result}</c>')
    table = read_table(workbook({"s": xml}))
    assert table.frame["b"].isna().tolist() == [False, bool(told), False]
    assert [repair.line for repair in table.report.repairs if repair.kind == "formula"] == [3] * told


def test_a_formula_whose_result_is_the_empty_text_has_one() -> None:
    xml = sheet_xml([["a", "b"], [1, 2], [3, 4]])
    xml = xml.replace('<c r="B3"><v>4</v></c>', '<c r="B3" t="str"><f>IF(A3>1,"","x")</f><v></v></c>')
    assert not read_table(workbook({"s": xml})).report.repairs


def test_times_beyond_a_day_in_the_format_of_a_clock_are_lengths() -> None:
    rows = [["task", "spent"], ["a", (1.5, CLOCK)], ["b", (0.25, CLOCK)], ["c", (2, CLOCK)]]
    spent = read_table(workbook({"s": sheet_xml(rows)})).frame["spent"]
    assert spent.tolist() == [pd.Timedelta(days=days) for days in (1.5, 0.25, 2)]


@pytest.mark.parametrize(
    ("spelled", "wanted"),
    [
        (["PT26H30M00S", "PT00H15M30.5S"], [pd.Timedelta(hours=26.5), pd.Timedelta(seconds=930.5)]),
        (["PT08H00M00S", "PT23H59M00S"], ["08:00:00", "23:59:00"]),
    ],
)
def test_times_of_open_documents(spelled: list[str], wanted: list[object]) -> None:
    data = open_document([["t", "n"], *([text, i] for i, text in enumerate(spelled))])
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(made, "w") as archive:
        for name in given.namelist():
            part = given.read(name).decode()
            for text in spelled:
                old = f'office:value-type="string"><text:p>{text}'
                part = part.replace(old, f'office:value-type="time" office:time-value="{text}"><text:p>x')
            archive.writestr(name, part)
    assert read_table(made.getvalue()).frame["t"].tolist() == wanted


def test_a_remark_below_two_columns_is_no_row() -> None:
    rows = [["city", "pop"], *([f"c{i}", i] for i in range(5))]
    for below in ([[], ["Source: statistics offices, 2023."]], [["* provisional figures", None]]):
        table = read_table(workbook({"s": sheet_xml([*rows, *below])}))
        assert len(table.frame) == 5
        assert table.report.footer == (below[-1][0],)


def test_an_empty_column_between_two_tables_is_told() -> None:
    rows = [["a", "b", None, "c"], [1, 2, None, 3], [4, 5, None, 6]]
    said = " ".join(read_table(workbook({"s": sheet_xml(rows)})).report.sentences())
    assert "empty column 3" in said


def test_one_year_merged_over_all_columns_is_a_name() -> None:
    rows = [["city", "2022", None, None], [None, "low", "mid", "high"], ["x", 1, 2, 3], ["y", 4, 5, 6]]
    frame = read_table(workbook({"s": sheet_xml(rows, ["A1:A2", "B1:D1"])})).frame
    assert frame.columns.tolist() == ["city", "2022 low", "2022 mid", "2022 high"]


@pytest.mark.parametrize(
    "notes",
    [["Source: office", "Retrieved: 2024-01-05"], ["1) without the islands", "2) provisional figures"]],
)
def test_several_remarks_below_two_columns_are_no_rows(notes: list[str]) -> None:
    rows = [["city", "pop"], *([f"c{i}", i] for i in range(5)), [], *([note] for note in notes)]
    table = read_table(workbook({"s": sheet_xml(rows)}))
    assert len(table.frame) == 5 and list(table.report.footer) == notes
    text = "city,pop\n" + "".join(f"c{i},{i}\n" for i in range(5)) + "\n" + "\n".join(notes)
    assert len(read_table(text.encode()).frame) == 5


def test_a_last_record_that_lacks_its_value_stays_a_record() -> None:
    rows = [["name", "n"], *([f"Ann {i}", i] for i in range(4)), ["Di von der Au", None]]
    assert len(read_table(workbook({"s": sheet_xml(rows)})).frame) == 5


@pytest.mark.parametrize("part", [None, b"<worksheet><sheetData><row r='1'><c r='$A$1'><v>1</v></c></row>"])
def test_a_sheet_whose_part_is_missing_or_broken_says_what_to_do(part: bytes | None) -> None:
    data = with_parts(workbook({"s": sheet_xml([["a"], [1]])}), {"xl/worksheets/sheet1.xml": part})
    with pytest.raises(TableError, match="damaged") as told:
        read_table(data)
    assert "save it anew" in str(told.value)
    assert not str(told.value).endswith("..")
