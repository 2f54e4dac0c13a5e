"""The names below notes that are padded to full width, below ``name: value`` lines and below small tables."""

import pytest

from analytics.tables import Table, read_table
from benchmarks.both_ways import both_ways, difference


def read(text: str) -> Table:
    return read_table(text.encode())


def numbers(rows: int, columns: int) -> str:
    return "".join(",".join(f"{i * 1.5 + j}" for j in range(columns)) + "\n" for i in range(rows))


NAMED = "n1 a,n2 a,n3 a,n4 a,n5 a,n6 a\n"

ABOVE = {
    "a first line of metadata": (
        "EXTF;700;22;Buchungsstapel;12;;;\nUmsatz;SH;Konto;Datum;Beleg;Text;X;Y\n"
        "0,01;H;4900;3112;M1;a;;0\n10000;H;1210;3112;M2;b;;0\n", 2, 2),
    "name: value lines, padded": (
        "Bank code : 10,Agency : 1,Start : 01/04/2020,End : 02/04/2020,,\n"
        "Account : 08,Name : X,: EUR,,,\n,,,,,\n"
        'Balance at end,,,,"+31070,11",\nDate,Operation,Label,Debit,Credit,Detail\n'
        '01/04/20,OP 1,L 1,"-50,00",,D1\n02/04/20,OP 4,L 4,,"1300,00",D3\n', 5, 2),
    "lines that are wider than the table": (
        "Account name: ,My account,,,,\nAccount balance: ,63.86,,,,\nAvailable balance: ,63.86,,,,\n"
        "Date,Transactions,Debits,Credits,Balance\n\n" + "06 Nov 2009,x,819.48,,83.26\n" * 6, 4, 6),
    "a count above the names": (
        '"10:48 16/04/2010",,,,\n,,,,\n"Client:","Mr Joe",,,\n"Total",14,,,\n,,,,\n'
        '"Account","Deal","Ref","Units","Price"\n'
        + "".join(f'"AQ1",{day}/12/2001,"I{day}",54.71,"(504.72)"\n' for day in range(13, 20)), 6, 7),
    "numbers above the names": (
        f"iBike,11,english\n2010,2,2,12,52\n\n186.0,49.4,0.2,{','.join('0' * 29)}\n"
        f"{NAMED}" + numbers(60, 6), 5, 60),
    "little tables of another shape": (
        f"Version,Start,Km\n6,2013-02-05 14:06:43,0\nUser,Zone 1,Zone 2,Zone 3\n,0,0,0\n"
        f"{NAMED}" + numbers(60, 6), 5, 60),
    "a little table, padded": (
        f"Serial Number,Variant,,,,\n1405A,Single,,,,\n,,,,,\n{NAMED}" + numbers(20, 6), 4, 20),
    "metadata of numbers": (
        f"0,Burlington,NA,-5,,\n{NAMED}" + numbers(20, 6), 2, 20),
    "fifty padded lines, bins as names": (
        "".join(f"Key {n},{n}.5,,,,\n" for n in range(50)) + "Sample #,Date,10.5,11.5,12.5,13.5\n"
        + "".join(f"{n},2024-01-{n:02d},{n % 3},{n % 5},{n % 7},0\n" for n in range(1, 21)), 51, 20),
    "as many cells as the table has": (
        "".join(f"key {n},value {n}\n" for n in range(12)) + "Age [kyr],CO2 [ppm]\n"
        + "".join(f"{n * 0.5},{280 + n}.1\n" for n in range(60)), 13, 60),
    "words scattered over the columns": (
        "Lots of people,,,,,\nlike writing,,,,,some notes\nat,the,top,,of,sheets\n"
        "or,merging,merging,merging,merging,cells\n"
        "Name,Job,Age,Kids,Born,Died\n" + "A B,singer,69,true,1947-01-08,2016-01-10\n" * 5, 5, 5),
    "names for some columns, more than are filled": (
        "EXTF,700,22,Stapel,,,,,,,\nUmsatz,SH,Konto,Datum,Beleg,Text,,,,,\n"
        "" + '"0,01",H,4900,3112,M1,,,,,,1\n' * 4, 2, 4),
    "two cells, then nothing": (
        "isotherm type,data,,\npressure,saturation,loading,branch\n" + "0.5,101325,0.25,0\n"
        "1.5,101325,0.5,1\n" * 3, 2, 6),
    "an empty row between": (
        "SUBJECT ID,EXAMPLE_01,,\n,,,\nTYPE,START,END,DURATION (min)\n" + "SLEEP,2,14,12\n"
        "ACTIVE,14,20,6\n" * 3, 3, 6),
}  # fmt: skip


@pytest.mark.parametrize("name", ABOVE)
def test_what_stands_above_the_names_is_left_out_and_told(name: str) -> None:
    text, line, rows = ABOVE[name]
    table = read(text)
    report = table.report
    assert report.header_row == line
    assert len(table.frame) == rows
    above = [own for own in text.split("\n")[: line - 1] if own.strip()]
    assert list(report.preamble) == above
    assert any(f"{len(above)} row" in sentence for sentence in report.sentences())


KEPT = {
    "groups of columns": ("Price,,Volume,\nlow,high,low,high\n" + "1,2,3,4\n5,6,7,8\n" * 3, "Price low"),
    "an index without a name": (",a,b\nunknown,1,2\nx,3,4\ny,5,6\nz,7,8\n", "a"),
    "names for the first columns only": ("a,b,,\n" + "1,2,3,4\n5,6,7,8\n" * 3, "a"),
    "sparse records": ("a,b,c,d\nx,,,\ny,,,\nz,1,2,3\nw,4,5,6\n", "a"),
}


@pytest.mark.parametrize("name", KEPT)
def test_rows_that_are_no_notes_stay(name: str) -> None:
    text, first = KEPT[name]
    report = read(text).report
    assert report.header_row == 1
    assert first in [reading.name for reading in report.column_readings]
    assert not report.preamble


def test_groups_of_columns_below_notes_stay_part_of_the_names() -> None:
    table = read("Sales report,,,\n,,,\nPrice,,Volume,\nlow,high,low,high\n" + "1,2,3,4\n5,6,7,8\n" * 3)
    assert list(table.frame.columns) == ["Price low", "Price high", "Volume low", "Volume high"]
    assert len(table.frame) == 6


@pytest.mark.parametrize("name", ABOVE)
def test_large_files_with_notes_are_read_alike(name: str) -> None:
    assert not difference(*both_ways(ABOVE[name][0].encode()))


def test_words_scattered_below_the_columns_are_notes() -> None:
    table = read(
        "a,b,n,m,day\n"
        + "".join(f"x{n},y,{n},{n}.5,2024-01-1{n}\n" for n in range(8))
        + ",,,and,\n,,,,too!\n"
    )
    assert len(table.frame) == 8
    assert table.report.footer == (",,,and,", ",,,,too!")


def test_coordinates_above_wide_rows_are_left_out() -> None:
    rows = "".join(" " + " ".join(f"{n * k % 97:8.2f}" for k in range(1, 15)) + "\n" for n in range(1, 9))
    table = read(" Albuquerque\n 35.03 -106.6 1617 -7 version 1\n" + rows)
    assert table.frame.shape == (8, 14)
    assert len(table.report.preamble) == 2


def test_many_lines_of_another_sort_do_not_outvote_an_even_block_of_cells() -> None:
    above = "[USER]\n" + "".join(f"KEY{n}={n}\n" for n in range(100))
    above += "".join(f" {n}.{n}  0.{n:02d}  {n}.0\n" for n in range(185))
    table = read(above + ",".join(f'"c{n}"' for n in range(42)) + "\n" + numbers(390, 42))
    assert (table.report.delimiter, table.report.header_row) == (",", 287)
    assert table.frame.shape == (390, 42)


def test_prose_with_even_commas_at_its_end_is_no_table() -> None:
    text = "\n".join(["No commas in here.", "Nor here."] * 6 + ["well, now, then, so it goes"] * 3) + "\n"
    assert read(text).report.delimiter == ""


BLOCK = "".join(f"  {n}.5E0   {n * 7 % 5}.25\n" for n in range(1, 9))


@pytest.mark.parametrize(
    ("text", "line", "names"),
    [
        ("Institute of data\n\nFile Format:   ASCII\n  Lines  4 to 9 (see below)\nSum:   1.5E3   of  3\n\n"
         "Data:   y     x\n" + BLOCK, 7, ["y", "x"]),
        (" 1 1\n AWRF 24 1 25 0 0\n 4 BACKWARD OMEGA\n 24 2 27 16 22.6 120.3 10.0\n 1 PRESSURE\n"
         + "".join(f" {n} 1 24 2 27 16 0 808 0.0 22.6 120.3 1.{n} 1018\n" for n in range(1, 9)), None, None),
    ],
)  # fmt: skip
def test_a_block_of_numbers_below_uneven_notes(text: str, line: int | None, names: list[str] | None) -> None:
    table = read(text)
    assert table.report.header_row == line
    assert len(table.frame) == 8
    assert names is None or list(table.frame.columns) == names
    assert [str(dtype) for dtype in table.frame.dtypes[:2]] != ["str", "str"]


def test_numbers_that_rise_name_the_columns_of_a_block() -> None:
    rows = "".join(f"{260 + n}.0,189{n}.8,380{n}.6,571{n}.0\n" for n in range(8))
    table = read(
        f"Ice slurry, Glycol\nIce slurry\nHeat of fusion [J/kg]\nT [K] / X [mass %],5.0,10.0,15.0\n{rows}"
    )
    assert list(table.frame.columns) == ["T [K] / X [mass %]", "5.0", "10.0", "15.0"]
    assert len(table.frame) == 8


def test_records_that_end_in_a_delimiter_below_notes_that_have_a_cell_there() -> None:
    rows = "".join(f"{n}.5,{n},ads,\n" for n in range(30))
    table = read(
        "version,1.0\nunit,bar\ndata:[pressure,loading,branch,etc.]\npressure,loading,branch\n" + rows
    )
    assert list(table.frame.columns) == ["pressure", "loading", "branch"]
    assert len(table.frame) == 30
