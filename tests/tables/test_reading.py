"""Reading delimited text: records, layout, repairs, limits, containers, and whatever bytes may come."""

import csv
import gzip
import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.tables import ReadOptions, Table, TableError, read_table

TEXT = ReadOptions(as_text=True)


def rows(source: bytes | str, options: ReadOptions = TEXT) -> list[list[str]]:
    """All cells as text; missing ones as ""."""
    data = source.encode() if isinstance(source, str) else source
    return read_table(data, options=options).frame.fillna("").to_numpy().tolist()


def repairs(text: str) -> list[tuple[str, int | None]]:
    return [(repair.kind, repair.line) for repair in read_table(text.encode()).report.repairs]


# The cases of csv-spectrum (BSD-2, Max Ogden) and what each must give.
SPECTRUM = [
    ('first,last,address,city,zip\nJohn,Doe,120 any st.,"Anytown, WW",08123\n',
     [["John", "Doe", "120 any st.", "Anytown, WW", "08123"]]),
    ('a,b,c\n1,"",""\n2,3,4\n', [["1", "", ""], ["2", "3", "4"]]),
    ('a,b\n1,"ha ""ha"" ha"\n3,4\n', [["1", 'ha "ha" ha'], ["3", "4"]]),
    ('key,val\n1,"{""type"": ""Point"", ""coordinates"": [102.0, 0.5]}"\n',
     [["1", '{"type": "Point", "coordinates": [102.0, 0.5]}']]),
    ('a,b,c\n1,2,3\n"Once upon \na time",5,6\n7,8,9\n',
     [["1", "2", "3"], ["Once upon \na time", "5", "6"], ["7", "8", "9"]]),
    ('a,b,c\r\n1,2,3\r\n"Once upon \r\na time",5,6\r\n7,8,9\r\n',
     [["1", "2", "3"], ["Once upon \r\na time", "5", "6"], ["7", "8", "9"]]),
    ('a,b\n1,"ha \n""ha"" \nha"\n3,4\n', [["1", 'ha \n"ha" \nha'], ["3", "4"]]),
    ("a,b,c\n1,2,3\n4,5,ʤ\n", [["1", "2", "3"], ["4", "5", "ʤ"]]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SPECTRUM)
def test_csv_spectrum(text: str, expected: list[list[str]]) -> None:
    assert rows(text) == expected


BODY = "1,Anna,2020-01-01\n2,Bert,2020-01-02\n3,Cleo,2020-01-03\n4,Dora,2020-01-04\n"


@pytest.mark.parametrize(
    ("line", "expected", "kind"),
    [
        ("5,Emil, the great,2020-01-05", ["5", "Emil, the great", "2020-01-05"], "separator"),
        ("5,Emil,,2020-01-05", ["5", "Emil", "2020-01-05"], "separator"),
        ("5,Emil,2020-01-05,", ["5", "Emil", "2020-01-05"], "separator"),
        ("5,2020-01-05", ["5", "", "2020-01-05"], "separator"),
        ('5,"Emil,2020-01-05', ["5", "Emil", "2020-01-05"], "quote"),
        ('5,"Emil "E" Ox",2020-01-05', ["5", 'Emil "E" Ox', "2020-01-05"], "quote"),
        ("5;Emil;2020-01-05", ["5", "Emil", "2020-01-05"], "delimiter"),
        ("5\tEmil\t2020-01-05", ["5", "Emil", "2020-01-05"], "delimiter"),
        ("5 Emil 2020-01-05", ["5", "Emil", "2020-01-05"], "delimiter"),
        ("5,Emil;2020-01-05", ["5", "Emil", "2020-01-05"], "delimiter"),
        ("5,Em\nil,2020-01-05", ["5", "Em\nil", "2020-01-05"], "line break"),
    ],
)
def test_one_bad_row_is_mended_and_listed(line: str, expected: list[str], kind: str) -> None:
    text = f"id,name,day\n{BODY}{line}\n6,Fritz,2020-01-06\n"
    assert rows(text)[4] == expected
    assert rows(text)[5] == ["6", "Fritz", "2020-01-06"]
    assert repairs(text) == [(kind, 6)]


def test_structure_around_the_table_is_set_apart() -> None:
    text = f"Staff list, preliminary\nof this year\n\nid,name,day\n{BODY}\nSource: own survey\n* estimated\n"
    table = read_table(text.encode())
    assert list(table.frame.columns) == ["id", "name", "day"]
    assert len(table.frame) == 4
    assert table.report.header_row == 4
    assert table.report.preamble == ("Staff list, preliminary", "of this year")
    assert table.report.footer == ("Source: own survey", "* estimated")


def test_header_of_two_rows_is_joined_and_groups_spread() -> None:
    table = read_table(b"Size,,Price\nwidth,height,EUR\n1.5,2,3\n2.5,3,4\n3.5,4,5\n")
    assert list(table.frame.columns) == ["Size width", "Size height", "Price EUR"]
    assert len(table.frame) == 3


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("1,2\n3,4\n", ["column_1", "column_2"]),
        ("a,a,b\n1,2,3\n", ["a", "a_2", "b"]),
        ("a,,b\n1,2,3\n", ["a", "column_2", "b"]),
        ("country,2010,2011,2012\nA,5,7,6\nB,3,2,1\n", ["country", "2010", "2011", "2012"]),
        ("mpg,cyl\nMazda,21,6\nHornet,22,8\nDuster,14,8\n", ["column_1", "mpg", "cyl"]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert list(read_table(text.encode()).frame.columns) == names


def test_header_only_and_one_row() -> None:
    assert read_table(b"a,b,c\n").frame.shape == (0, 3)
    assert read_table(b"a,b,c\n1,2,3").frame.shape == (1, 3)


def test_words_in_many_lines_below_the_names_are_records() -> None:
    about = (
        "model,PAAS,,\nreservoir,Shale,,\nkind,Average,,\nreference,Someone et al.,,\ncitation,A paper,,\n"
    )
    body = "".join(f"E{n},{n / 8},ppm,{n / 80}\n" for n in range(30))
    table = read_table(f"var,value,units,error\n{about}{body}".encode())
    assert list(table.frame.columns) == ["var", "value", "units", "error"]
    assert len(table.frame) == 35


def test_repeated_header_lines_are_left_out_and_listed() -> None:
    text = "id,name\n1,Anna\n2,Bert\nid,name\n3,Cleo\n"
    assert rows(text) == [["1", "Anna"], ["2", "Bert"], ["3", "Cleo"]]
    assert repairs(text) == [("repeated header", 4)]


def test_stacked_tables_are_kept_or_chosen() -> None:
    text = f"id,name,day\n{BODY}\nshop,sum\nNorth,10\nSouth,20\n"
    everything = read_table(text.encode(), options=TEXT)
    assert len(everything.frame) == 6
    assert ("further table", 7) in [(r.kind, r.line) for r in everything.report.repairs]
    assert [
        decision.alternatives for decision in everything.report.decisions if decision.what == "table"
    ] == [("0", "1")]
    second = read_table(text.encode(), options=ReadOptions(table=1)).frame
    assert second.to_dict("list") == {"shop": ["North", "South"], "sum": [10, 20]}
    with pytest.raises(TableError, match="no table 5"):
        read_table(text.encode(), options=ReadOptions(table=5))


def test_a_table_right_below_another_of_its_width_is_told_by_its_names() -> None:
    first = "".join(f"{n},shop {n},{n / 4}\n" for n in range(1, 9))
    second = "".join(f"{n},town {n},{n * 3}\n" for n in range(1, 6))
    text = f"id,shop,sum\n{first}place,town,people\n{second}"
    table = read_table(text.encode())
    assert [(r.kind, r.line) for r in table.report.repairs] == [("further table", 10)]
    assert len(table.frame) == 13
    assert table.frame["sum"].dtype == "float64"
    below = read_table(text.encode(), options=ReadOptions(table=1)).frame
    assert list(below.columns) == ["place", "town", "people"]
    assert below["people"].tolist() == [3, 6, 9, 12, 15]


@pytest.mark.parametrize(
    "line",
    [
        "closed,closed,closed",
        "9,place,people",
        "n/a,unknown,missing",
        "place,town",
        "place,,people",
        "x,y,Jan 2024",
    ],
)
def test_words_among_numbers_are_no_further_table(line: str) -> None:
    body = "".join(f"{n},shop {n},{n / 4}\n" for n in range(1, 9))
    table = read_table(f"id,shop,sum\n{body}{line}\n{body}".encode(), options=TEXT)
    assert "further table" not in {repair.kind for repair in table.report.repairs}
    assert len(table.frame) == 17


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
@pytest.mark.parametrize("last", [0, 1, 2])
def test_line_ends(end: str, last: int) -> None:
    text = end.join(["a,b", "1,2", "3,4"]) + end * last
    assert rows(text) == [["1", "2"], ["3", "4"]]


def test_line_ends_are_told_the_commonest_first_and_then_as_they_come() -> None:
    report = read_table(b"a,b\r\n1,2\n3,4\r5,6\n7,8\r\n").report
    assert [d.value for d in report.decisions if d.what == "line ends"] == ["CRLF, LF, CR"]


def test_mixed_line_ends() -> None:
    assert rows("a,b\r\n1,2\n3,4\r5,6\r\r\n7,8") == [["1", "2"], ["3", "4"], ["5", "6"], ["7", "8"]]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le"),
        ("cp1252", "windows-1252"),
        ("mac-roman", "mac-roman"),
    ],
)
def test_encodings(encoding: str, found: str) -> None:
    text = "city,note\nKöln,schön – früh\nZürich,größer\nMálaga,niño\nBéziers,garçon\n"
    table = read_table(text.encode(encoding), options=TEXT)
    assert table.report.encoding == found
    assert table.frame["city"].tolist() == ["Köln", "Zürich", "Málaga", "Béziers"]


def test_cyrillic_code_page() -> None:
    text = "город,население\n" + "Москва,13010112\nСанкт-Петербург,5601911\nНовосибирск,1633595\n" * 5
    assert read_table(text.encode("cp1251")).frame.columns.tolist() == ["город", "население"]


def test_a_few_foreign_bytes_in_utf8_are_read_and_reported() -> None:
    data = ("city\n" + "Köln\nZürich\n" * 20).encode() + b"M\xfcnchen\n"
    table = read_table(data, options=TEXT)
    assert table.frame.iloc[-1, 0] == "München"
    assert [repair.kind for repair in table.report.repairs] == ["encoding"]


def test_nul_bytes_are_taken_out_and_counted() -> None:
    table = read_table(b"a,b\n1,x\x00y\n2,z\n")
    assert table.frame["b"].tolist() == ["xy", "z"]
    assert [(repair.kind, repair.count) for repair in table.report.repairs] == [("nul", 1)]


def test_sep_line_is_an_instruction() -> None:
    table = read_table(b"sep=;\r\na;b\r\n1,5;x\r\n")
    assert table.frame.to_dict("list") == {"a": [1.5], "b": ["x"]}


def test_options_override_what_is_found() -> None:
    assert rows("a;b,c\n1;2,3\n", ReadOptions(delimiter=";", as_text=True)) == [["1", "2,3"]]
    assert rows("1,2\n3,4\n", ReadOptions(header=0, as_text=True)) == [["3", "4"]]
    assert rows("a,b\nc,d\n", ReadOptions(header=False, as_text=True)) == [["a", "b"], ["c", "d"]]
    assert rows("x\na,b\n1,2\n3,4\n", ReadOptions(header=1, skip_footer=1, as_text=True)) == [["1", "2"]]
    assert rows("a,b\n'x,y',2\n", ReadOptions(quote="'", as_text=True)) == [["x,y", "2"]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"encoding": "klingon"}, "klingon"),
        ({"quote": "ab"}, "ab"),
        ({"decimal": ",", "thousands": ","}, "both"),
        ({"column_types": {"a": "colour"}}, "colour"),
        ({"max_rows": 0}, "max_rows"),
        ({"delimiter": "\n"}, "line break"),
    ],
)
def test_wrong_options_are_named(options: dict, message: str) -> None:
    with pytest.raises(TableError, match=message):
        ReadOptions(**options)


def test_options_are_hashable() -> None:
    assert hash(ReadOptions(column_types={"a": "text"})) == hash(ReadOptions(column_types=(("a", "text"),)))


def packed(data: bytes, kind: str) -> bytes:
    if kind == "gzip":
        return gzip.compress(data)
    if kind == "zstd":
        return pa.compress(data, codec="zstd", asbytes=True)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.csv", data)
    return target.getvalue()


@pytest.mark.parametrize("kind", ["gzip", "zstd", "zip"])
def test_containers(kind: str, tmp_path: Path) -> None:
    data = packed(b"a,b\n1,2\n", kind)
    path = tmp_path / "table.csv.packed"
    path.write_bytes(data)
    for source in (data, path, str(path), io.BytesIO(data)):
        table = read_table(source)
        assert table.frame.to_dict("list") == {"a": [1], "b": [2]}
        assert table.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("kind", ["gzip", "zstd", "zip"])
def test_bombs_and_broken_archives_are_refused(kind: str) -> None:
    bomb = packed(b"0," * 5_000_000, kind)
    with pytest.raises(TableError, match="expands to more than"):
        read_table(bomb, options=ReadOptions(max_expanded_bytes=1_000_000))
    with pytest.raises(TableError, match="damaged"):
        read_table(bomb[: len(bomb) // 2])


def test_zip_of_several_files_names_them() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("one.csv", "a\n1\n")
        archive.writestr("two.csv", "a\n1\n")
    with pytest.raises(TableError, match=r"one\.csv, two\.csv"):
        read_table(target.getvalue())


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"  \n", b"\xef\xbb\xbf", b"\x00\x01\x02\x03\x04\x05\x06" * 100]
)
def test_nothing_to_read_is_said(data: bytes) -> None:
    with pytest.raises(TableError):
        read_table(data)


def test_limits() -> None:
    with pytest.raises(TableError, match="max_bytes"):
        read_table(b"a,b\n1,2\n", options=ReadOptions(max_bytes=4))
    with pytest.raises(TableError, match="max_rows"):
        read_table(b"a,b\n1,2\n3,4\n", options=ReadOptions(max_rows=1))
    with pytest.raises(TableError, match="max_columns"):
        read_table(b"a,b\n1,2\n3,4\n", options=ReadOptions(max_columns=1))
    with pytest.raises(TableError, match="cannot be opened"):
        read_table("no/such/file.csv")


@pytest.mark.slow
def test_many_columns() -> None:
    data = "\n".join(",".join(str(i + j) for i in range(10_000)) for j in range(3))
    assert read_table(data.encode(), options=TEXT).frame.shape == (3, 10_000)


@pytest.mark.slow
def test_one_very_long_line() -> None:
    assert read_table(b"text\n" + b"x" * 5_000_000 + b"\n").frame.shape == (1, 1)
    with pytest.raises(TableError, match="columns"):
        read_table(b"1," * 2_000_000)
    deep = read_table(b'a,b\n1,"' + b'""' * 1_000_000 + b'"\n').frame
    assert len(deep.iloc[0, 1]) == 1_000_000


PLAIN_CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\x00\x1a", exclude_categories=("Cc", "Cs"))
)
DIALECTS = st.tuples(st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["\n", "\r\n"]))


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(
    st.integers(2, 5).flatmap(lambda n: st.lists(st.lists(PLAIN_CELLS, min_size=n, max_size=n), min_size=1)),
    DIALECTS,
)
def test_any_table_in_a_given_dialect_comes_back(table: list[list[str]], dialect: tuple[str, str]) -> None:
    delimiter, end = dialect
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(table)
    options = ReadOptions(delimiter=delimiter, quote='"', escape="", header=-1, skip_footer=0, as_text=True)
    assert rows(target.getvalue(), options) == table


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_table_or_a_table_error(data: bytes) -> None:
    try:
        assert isinstance(read_table(data), Table)
    except TableError as error:
        assert str(error).endswith(".")


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from("\",;\n\t\r\\'x0 \x00é")), max_size=8))
@example([(0, '"'), (18, ","), (1018, '"')])
@example([(66, " "), (344, "x"), (133, '"'), (1123, '"'), (288, ","), (5, "\x00"), (64, " ")])
@example([(1342, '"'), (338, "\n"), (189, '"'), (1422, '"'), (264, '"'), (921, ";"), (288, '"')])
def test_mutations_of_a_file_lose_no_other_rows(changes: list[tuple[int, str]]) -> None:
    lines = [f"{i},name{i},2020-01-{i % 28 + 1:02d},{i * 1.5:.2f}" for i in range(60)]
    text = list("\n".join(["id,name,day,value", *lines]) + "\n")
    for place, mark in changes:
        text[place % len(text)] = mark
    frame = read_table("".join(text).encode(), options=TEXT).frame
    touched = 3 * len(changes) + 2
    kept = set(frame.iloc[:, :1].fillna("").agg("".join, axis=1))
    assert len(kept & {str(i) for i in range(60)}) >= 60 - touched


def test_two_stray_quotes_far_apart_swallow_no_rows() -> None:
    lines = [f"{i},name{i},{i * 1.5:.2f}" for i in range(60)]
    lines[4], lines[40] = '"' + lines[4][1:], lines[40].replace("40,", '4",', 1)
    table = read_table("\n".join(["id,name,value", *lines]).encode())
    assert len(table.frame) == 60
    assert 6 in {repair.line for repair in table.report.repairs}


def test_a_cell_that_holds_a_table_of_its_own_is_one_cell() -> None:
    inner = "\n".join(f"{i},{i * 2}" for i in range(20))
    table = [["id", "file", "note", "n"], *([str(i), inner, f"x{i}", "1"] for i in range(5))]
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows(table)
    assert rows(target.getvalue(), TEXT) == table[1:]


class TestFastLane:
    """Large regular files, read twice: as they are, and the careful way by asking for text."""

    @staticmethod
    def data(count: int = 40_000) -> pd.DataFrame:
        random = np.random.default_rng(5)
        return pd.DataFrame(
            {
                "x": random.normal(size=count).round(6),
                "n": random.integers(-500, 500, count),
                "day": pd.date_range("2001-01-01", periods=count, freq="h").strftime("%Y-%m-%d"),
                "name": random.choice(["ann", "bob", "cy"], count),
                "y": np.where(random.random(count) < 0.1, np.nan, random.normal(size=count)),
            }
        )

    def test_equals_pandas(self) -> None:
        frame = self.data()
        text = frame.to_csv(index=False)
        table = read_table(text.encode())
        expected = pd.read_csv(io.StringIO(text), parse_dates=["day"])
        pd.testing.assert_frame_equal(table.frame, expected, check_dtype=False)
        assert table.report.repairs == ()

    @pytest.mark.slow
    def test_one_bad_row_in_many_is_mended(self) -> None:
        lines = self.data().to_csv(index=False).split("\n")
        good = read_table("\n".join(lines).encode()).frame
        lines[30_000] = lines[30_000].replace(",", ";")
        table = read_table("\n".join(lines).encode())
        pd.testing.assert_frame_equal(table.frame, good)
        assert [(repair.kind, repair.line) for repair in table.report.repairs] == [("delimiter", 30_001)]

    def test_leading_zeros_anywhere_stay_text(self) -> None:
        lines = ["code,value", *(f"{i},{i * 0.5}" for i in range(100_000, 200_000))]
        lines[50_000] = "007,1.5"
        table = read_table("\n".join(lines).encode())
        assert table.frame["code"].iloc[49_999] == "007"
        assert table.frame["code"].iloc[0] == "100000"

    def test_a_late_word_in_a_number_column_is_an_exception_with_its_line(self) -> None:
        lines = ["code,value", *(f"{i},{i * 0.5}" for i in range(100_000, 200_000))]
        lines[60_000] = "100001,broken"
        reading = read_table("\n".join(lines).encode()).report.column_readings[1]
        assert reading.exceptions == ((60_001, "broken"),)

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "spoil", [lambda t: t.replace("\n", "\r\n"), lambda t: t.replace("ann", '"ann"', 1)]
    )
    def test_irregular_files_give_the_same_frame(self, spoil) -> None:
        text = self.data().to_csv(index=False)
        pd.testing.assert_frame_equal(read_table(spoil(text).encode()).frame, read_table(text.encode()).frame)


ORDERS = "day,at,amount,code,price\n" + "".join(
    f"2018-01-{n:02d},{n}:3{n % 10},{n},P{100 + n},{n}.50\n" for n in range(10, 29)
)


@pytest.mark.parametrize(
    ("given", "spoilt"),
    [
        ("2018-01-15,15:35,", "2018-01-1515:35,"),
        ("15:35,15,P115,", "15:35,15P115,"),
        ("2018-01-15,15:35,15,P115,15.50", "2018-01-15 15:35 15 P115 15.50"),
        ("2018-01-15,15:35,15,P115,15.50", "'2018-01-15','15:35','15','P115','15.50'"),
        ("day,at,amount", '"day,at,amount'),
        ("2018-01-28,28:38,28,P128,28.50\n", "2018-01-28,28:38,28,P128,28.50\n,,,,\nEnd,,,,\n"),
        ("day,at", '"Export","","","",""\n"","","","",""\nday,at'),
    ],
)
def test_spoilt_places_are_restored(given: str, spoilt: str) -> None:
    assert ORDERS.count(given) == 1
    clean = read_table(ORDERS.encode(), options=TEXT).frame
    pd.testing.assert_frame_equal(
        read_table(ORDERS.replace(given, spoilt).encode(), options=TEXT).frame, clean
    )


def test_an_uncertain_cut_is_not_made() -> None:
    text = "n,first,last\n" + "".join(f"{n},Ann{'ab' * (n % 5)},Lee{'cd' * (n % 4)}\n" for n in range(30))
    frame = read_table(text.replace("5,Ann,Leecd", "5,AnnLeecd").encode(), options=TEXT).frame
    assert "AnnLeecd" in frame.iloc[5].tolist()


def test_quoted_names_without_a_separator_are_two() -> None:
    text = '"a""b","c"\n' + "".join(f'"{n}","x{n}","2"\n' for n in range(9))
    assert list(read_table(text.encode(), options=TEXT).frame.columns) == ["a", "b", "c"]


def test_one_endless_name_does_not_hide_the_dialect() -> None:
    text = ORDERS.replace("day", "day" * 100_000)
    assert read_table(text.encode(), options=TEXT).frame.shape == (19, 5)


def test_a_header_wider_than_most_rows_sets_the_width() -> None:
    frame = read_table(b"a,b,c,d\n" + b"1,2\n" * 20 + b"1,2,3,4\n", options=TEXT).frame
    assert frame.shape == (21, 4)
    assert frame.iloc[-1].tolist() == ["1", "2", "3", "4"]
