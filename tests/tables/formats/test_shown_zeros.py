"""Numbers that a format shows with leading zeros, in every kind of workbook: the text that is shown."""

from collections.abc import Callable

import pytest

from analytics.tables import TableError, read_table
from analytics.tables.formats.shown_zeros.patterns import with_zeros, zeros_of
from tests.tables.workbooks import binary_workbook, legacy_workbook

_XML = """<?xml version="1.0"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="z"><NumberFormat ss:Format="{}"/></Style></Styles><Worksheet ss:Name="a"><Table>
<Column/><Column ss:StyleID="z"/>{}</Table></Worksheet></Workbook>"""


def _xml_workbook(rows: list[list[object]], *, code: str) -> bytes:
    def cell(value: object) -> str:
        shown = value[0] if isinstance(value, tuple) else value
        kind = "String" if isinstance(shown, str) else "Number"
        return f'<Cell><Data ss:Type="{kind}">{shown}</Data></Cell>'

    lines = (f"<Row>{''.join(map(cell, row))}</Row>" for row in rows)
    return _XML.format(code.replace('"', "&quot;"), "".join(lines)).encode()


@pytest.mark.parametrize("make", [legacy_workbook, binary_workbook, _xml_workbook])
@pytest.mark.parametrize(
    ("code", "shown"),
    [("00000", ["01067", "99999"]), ('"ID-"0000', ["ID-1067", "ID-99999"]), ("#,##0", [1067, 99999])],
)
def test_every_kind_of_workbook_keeps_the_zeros_shown(
    make: Callable[..., bytes], code: str, shown: list[object]
) -> None:
    rows = [["name", "zip", "count"], ["a", (1067, 1), 5], ["b", (99999, 1), 6]]
    zeros = ["ID-0007" if "ID" in code else "00007" if code[0] == "0" else 7, *shown]
    table = read_table(make([*rows, ["c", (7, 1), 7]], code=code))
    assert table.frame["zip"].tolist() == [*zeros[1:], zeros[0]]
    assert table.frame["count"].tolist() == [5, 6, 7]
    told = [repair.count for repair in table.report.repairs if repair.kind == "leading zeros"]
    assert told == ([] if code == "#,##0" else [3])


@pytest.mark.parametrize("cut", [600, 1100, 1600, 1640, 1700])
def test_a_damaged_workbook_is_read_or_refused_in_a_sentence(cut: int) -> None:
    data = legacy_workbook([["name", "zip"], ["a", (1067, 1)]], code="00000")
    for spoiled in (data[:cut], data[:cut] + b"\xff" * 40 + data[cut + 40 :]):
        try:
            assert read_table(spoiled).frame.columns.tolist() == ["name", "zip"]
        except TableError as error:
            assert str(error).endswith(".")


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ("[$-407]000\\-00\\-0000;@", 78051120, "078-05-1120"),
        ("0#\\ ##\\ ##\\ ##\\ ##", 612345678, "06 12 34 56 78"),
        ("(000) 000-0000", 12345678, "(001) 234-5678"),
        ("0000_)", 12, "0012"),
        ("00000", 1234567, "1234567"),
    ],
)
def test_formats_of_codes(code: str, number: int, shown: str) -> None:
    assert with_zeros(number, zeros_of(code)) == shown


@pytest.mark.parametrize(
    "code", ["0.000", "#,##0", "00", "0%", '000" kg"', "0E+000", "[h]000", "@", "General", "00.00.00", "\\20"]
)
def test_formats_of_numbers_and_times(code: str) -> None:
    assert zeros_of(code) == ""
