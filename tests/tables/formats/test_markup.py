"""Workbooks that are web pages or XML inside: the table, or what the file is."""

import email.policy
import quopri
from email.message import EmailMessage

import pandas as pd
import pytest

from analytics.tables import ReadOptions, Table, TableError, read_table
from analytics.tables.formats.no_tables import named_no_table

SALES = (
    "<table id=nav><tr><td>Home</td><td>Help</td></tr></table>"
    "<table border=1><caption>Sprzedaż</caption>"
    "<thead><tr><th>Miasto</th><th>Kwota</th><th>Dnia</th></tr></thead>"
    "<tr><td>Łódź</td><td>1.234,50</td><td>31.12.2023</td></tr>"
    "<tr><td>Kraków<br>Centrum</td><td>12,5</td><td>13.01.2024</td></tr></table>"
)


def read(data: str | bytes, name: str = "export.xls", **options: object) -> Table:
    raw = data if isinstance(data, bytes) else data.encode()
    return read_table(raw, name=name, options=ReadOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "head",
    [
        "<html><head><meta charset=utf-8></head><body>",
        "<!DOCTYPE html>\n<html>",
        "\n<!-- made by a bank -->\n<!-- twice -->",
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">',
        "\ufeff<table><tr><td>x</td></tr></table>",
    ],
)
def test_the_largest_table_of_a_page_with_the_marks_of_its_numbers(head: str) -> None:
    table = read(head + SALES)
    assert table.report.format == "html"
    assert table.frame.columns.tolist() == ["Miasto", "Kwota", "Dnia"]
    assert table.frame["Miasto"].tolist() == ["Łódź", "Kraków Centrum"]
    assert table.frame["Kwota"].tolist() == [1234.5, 12.5]
    assert table.frame["Dnia"].astype(str).tolist() == ["2023-12-31", "2024-01-13"]
    said = " ".join(table.report.sentences())
    assert "Sprzedaż" in said
    assert "Home, Help" in said


def test_another_table_can_be_asked_for() -> None:
    assert read(SALES, table=0, header=False).frame.iloc[0].tolist() == ["Home", "Help"]
    with pytest.raises(TableError, match="has 2"):
        read(SALES, table=2)


@pytest.mark.parametrize("said", [True, False])
@pytest.mark.parametrize("encoding", ["windows-1250", "iso-8859-2", "utf-16"])
def test_the_encoding_is_what_the_page_says_or_its_bytes(encoding: str, *, said: bool) -> None:
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">' if said else "<html>"
    assert read((head + SALES).encode(encoding)).frame["Miasto"][0] == "Łódź"


def test_merged_cells_stand_for_all_they_cover_and_a_title_for_itself() -> None:
    table = read(
        "<table><tr><td colspan=3>Report 2024</td></tr><tr><td>a</td><td>b</td><td>c</td></tr>"
        "<tr><td rowspan=2>x</td><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>"
    )
    assert table.frame.to_dict("list") == {"a": ["x", "x"], "b": [1, 3], "c": [2, 4]}
    assert table.report.preamble == ("Report 2024",)


def test_a_saved_page_of_several_parts() -> None:
    message = EmailMessage(policy=email.policy.default)
    message["Subject"] = "book"
    message.set_content("<html>frame</html>", subtype="html")
    message.add_related(SALES.encode("windows-1250"), "text", "html", params={"charset": "windows-1250"})
    table = read(message.as_bytes(), "book.mht")
    assert table.report.format == "mhtml"
    assert table.frame["Miasto"][0] == "Łódź"
    text = b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n"
    text += b"Content-Transfer-Encoding: quoted-printable\n\n"
    assert read(text + quopri.encodestring(SALES.encode())).frame["Kwota"].tolist() == [1234.5, 12.5]


BOOK = """<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="Empty"><Table/></Worksheet>
<Worksheet ss:Name="Data"><Table>
<Row><Cell><Data ss:Type="String">name</Data></Cell><Cell><Data ss:Type="String">n</Data></Cell>
<Cell><Data ss:Type="String">when</Data></Cell><Cell><Data ss:Type="String">span</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">a</Data></Cell><Cell><Data ss:Type="Number">1.5</Data></Cell>
<Cell><Data ss:Type="DateTime">2024-01-02T00:00:00.000</Data></Cell>
<Cell><Data ss:Type="DateTime">1900-01-01T02:30:00.000</Data></Cell></Row>
<Row ss:Index="7"><Cell ss:Index="2"><Data ss:Type="Number">2</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


def test_the_xml_of_excel_2003() -> None:
    table = read(BOOK)
    assert table.report.format == "spreadsheet xml"
    assert table.frame["n"].tolist() == [1.5, 2.0]
    assert table.frame["name"].isna().tolist() == [False, True]
    assert str(table.frame["when"][0]) == "2024-01-02 00:00:00"
    assert "Empty" in table.report.decisions[0].alternatives
    assert read(BOOK, sheet="Data").frame.shape == table.frame.shape
    with pytest.raises(TableError, match="no cell"):
        read(BOOK, sheet=0)
    with pytest.raises(TableError, match="no sheet 'x'"):
        read(BOOK, sheet="x")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("<html><title> Please\nlog in </title><form></form></html>", "'Please log in'"),
        ("<!DOCTYPE html><table></table>", "without a table"),
        ("<html><frameset><frame src=sheet001.htm></frameset></html>", "other files"),
        ("<?xml version='1.0'?><rss><channel/></rss>", "root is 'rss'"),
        (
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhi\n--x--",
            "without an HTML page",
        ),
        (BOOK.replace("</Row>", "", 1), "damaged"),
        (BOOK.replace('ss:Index="2"', 'ss:Index="999999999"'), "column 999,999,999"),
        (
            BOOK.replace("<Workbook", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Workbook', 1),
            "entities",
        ),
        ("<table>" + "<tr><td colspan=1000 rowspan=65000>x" * 50, "span more than"),
    ],
)
def test_what_is_no_table_is_said_to_be_what_it_is(data: str, said: str) -> None:
    with pytest.raises(TableError, match=said) as caught:
        read(data)
    assert str(caught.value).endswith(".")
    assert "root:" not in str(caught.value)


def test_laughing_entities_are_not_expanded() -> None:
    laughs = "<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{i} '{f'&a{i - 1};' * 10}'>" for i in range(1, 12))
    with pytest.raises(TableError):
        read(BOOK.replace("<Workbook", f"<!DOCTYPE x [{laughs}]><Workbook", 1).replace(">a<", ">&a11;<"))
    page = read(f"<!DOCTYPE html [{laughs}]><table><tr><th>a<th>b<tr><td>&a11;<td>1<tr><td>x<td>2</table>")
    assert len(page.frame.to_csv()) < 200


@pytest.mark.parametrize(
    "text", ["<div>" * 50_000 + SALES, "<table><tr><td>" * 20_000, "<!--x-->" * 600 + "<"]
)
def test_deep_pages_give_a_table_or_a_sentence(text: str) -> None:
    try:
        assert read(text).frame.shape[1] >= 1
    except TableError as problem:
        assert str(problem).endswith(".")


def test_text_that_begins_with_a_sign_is_no_page() -> None:
    assert read("<5,>7\n1,2\n3,4\n", "x.csv").report.format == "text"
    assert read("<a>,<b>\n1,2\n", "x.csv").report.format == "text"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<a><b>1</b><b>2</b></a>", "XML \\(its root is 'a'\\)"),
        (b'<rows n="2">\n <row a="1"/>\n <row a="2"/>\n</rows>\n', "XML \\(its root is 'rows'\\)"),
        (b"{\\rtf1\\ansi hello}", "RTF"),
        (b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'shape': (6,), }\n" + bytes(48), "NumPy"),
        (b"\x80\x04\x95" + bytes(90) + b"\x8c\x06pandas\n", "pickle"),
        (b"Obj\x01\x04\x14avro.codec\x08null\x16avro.schema", "Avro"),
        (b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000  SAS     SAS     SASLIB", "XPORT"),
        (b"MATLAB 5.0 MAT-file, Platform: GLNXA64" + b" " * 80 + b"\x00\x01IM", "MATLAB"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "PNG"),
        (b"SQLite format 3\x00" + bytes(80), "SQLite"),
        (b"% iris\n%\n@RELATION iris\n\n@ATTRIBUTE a NUMERIC\n@DATA\n5.1\n4.9\n", "ARFF"),
        (b"@relation s\n@attribute a numeric\n@data\n{0 1, 1 2}\n", "ARFF"),
        (b"ID;PWXL;N;E\nC;Y1;X1;K1\nC;Y1;X2;K2\n", "SYLK"),
        (b"1 1:0.5 2:0.3\n-1 1:0.1 3:0.9\n", "LIBSVM"),
        (b"- a: 1\n  b: 2\n- a: 3\n  b: 4\n", "YAML"),
        (b"[[row]]\na = 1\n[[row]]\na = 2\n", "TOML"),
        (b"-- a dump\n/*!40101 SET x=1 */;\nINSERT INTO t (a,b) VALUES (1,2);\n", "SQL"),
        (b"!Type:Bank\nD01/02/2024\nT-50.00\n^\n", "QIF"),
        (b":20:STARTUMSE\r\n:25:12345/678\r\n:61:2401020102D50,00N\r\n", "MT940"),
        (b"\\begin{tabular}{cc}\na & b \\\\\n", "LaTeX"),
        (b'# t\nmsgid "a"\nmsgstr "b"\n', "gettext"),
    ],
)
def test_what_is_no_table_is_refused_by_its_name(data: bytes, words: str) -> None:
    with pytest.raises(TableError, match=words):
        read_table(data, name="t.csv")


@pytest.mark.parametrize(
    "head", ["ID;Price", "ORCID,v", "Type:x,v", "@relation,v", "Insert,into", "12 08:30 17:45.5 3", "% a,b"]
)
def test_tables_that_begin_alike_are_tables(head: str) -> None:
    assert len(read(head + "\n1,2\n3,4\n", "x.csv").frame)


@pytest.mark.parametrize("word", ["% ", "/**/", "-- ", "#\n", "/* "])
def test_what_a_file_is_is_found_in_no_time(word: str) -> None:
    assert named_no_table((word * 3000).encode()) == ""


def test_cells_in_angle_brackets_are_cells() -> None:
    table = read_table(b"<name>;<value>\na;1\nb;2\n")
    assert table.frame["<value>"].tolist() == [1, 2]


def test_a_page_that_says_another_encoding_than_its_bytes_are() -> None:
    page = '<html><head><meta charset="{}"></head><table><tr><th>Ort</th></tr><tr><td>Köln</td></tr></table>'
    for name in ("iso-8859-1", "windows-1252"):
        table = read(page.format(name))
        assert table.frame["Ort"].tolist() == ["Köln"]
        assert "The page says" in table.report.decisions[0].sentence
        assert name in table.report.decisions[0].alternatives
        assert read(page.format(name).encode("cp1252")).frame["Ort"].tolist() == ["Köln"]
        assert read(page.format(name), encoding=name).frame["Ort"].tolist() == ["KÃ¶ln"]


def test_a_raised_digit_behind_a_number_is_no_digit_of_it() -> None:
    page = (
        "<table><tr><th>a</th><th>m<sup>2</sup></th></tr>"
        "<tr><td>12<sup>1</sup></td><td>7</td></tr><tr><td>10<sup>6</sup></td><td>8</td></tr></table>"
    )
    table = read(page)
    assert table.frame["a"].tolist() == ["12¹", "10⁶"]
    assert table.frame["m2"].tolist() == [7, 8]


def test_merged_cells_and_lengths_of_time_in_the_xml_of_excel_2003() -> None:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    time = '<Cell ss:Index="2"><Data ss:Type="DateTime">{}</Data></Cell>'
    book = (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="a"><Table>'
        '<Row><Cell><Data ss:Type="String">g</Data></Cell><Cell><Data ss:Type="String">t</Data></Cell></Row>'
        '<Row><Cell ss:MergeDown="1"><Data ss:Type="String">A</Data></Cell>'
        f"{time.format('1900-01-01T02:30:00.000')}</Row><Row>{time.format('1899-12-31T05:30:00.000')}</Row>"
        '<Row><Cell><Data ss:Type="String">B</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    frame = read(book).frame
    assert frame["g"].tolist() == ["A", "A", "B"]
    assert frame["t"].tolist()[:2] == [pd.Timedelta(hours=26.5), pd.Timedelta(hours=5.5)]


def test_among_the_rows_a_cell_merged_down_fills_them_whatever_stands_beside_it() -> None:
    head = "<tr><th>kind</th><th>a</th><th>b</th></tr>"
    body = "<tr><td rowspan=2>A</td><td colspan=2>n/a</td></tr><tr><td>1</td><td>2</td></tr>"
    frame = read_table(f"<table>{head}{body}<tr><td>B</td><td>3</td><td>4</td></tr></table>".encode()).frame
    assert frame["kind"].tolist() == ["A", "A", "B"] and frame["b"].tolist()[1:] == [2, 4]


def test_a_name_merged_down_beside_names_merged_across_is_one_name() -> None:
    head = "<tr><td rowspan=2>city</td><td colspan=2>size</td></tr><tr><td>m</td><td>f</td></tr>"
    body = "".join(f"<tr><td>c{i}</td><td>{i}</td><td>{i + 1}</td></tr>" for i in range(4))
    frame = read(f"<table>{head}{body}</table>").frame
    assert frame.columns.tolist() == ["city", "size m", "size f"]
    assert frame["size f"].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ("<tr style='color:red;display: none'><td>9<td>9", None),
        ("<tr hidden><td>9<td>9", None),
        ("<tr><td><span style='display:none'>0009</span>9<td>9", 9),
        ("<tr><td>9<td>9<td style='visibility:hidden'>7", 9),
        ("<tr><td><del>12</del>9<td>9", 9),
        ("<tr><td><input value=9><td>9<input type=hidden value=5>", 9),
        ("<tr><td><select><option>1<option selected>9</select><td>9", 9),
    ],
)
def test_what_a_browser_does_not_show_is_no_value_and_told(row: str, value: int | None) -> None:
    table = read(f"<table><tr><th>a<th>b<tr><td>1<td>2{row}<tr><td>3<td>4</table>")
    assert table.frame["a"].tolist() == ([1, 3] if value is None else [1, value, 3])
    assert list(table.frame) == ["a", "b"]
    if "hid" in row or "none" in row or "del" in row:
        assert any("left out" in repair.detail for repair in table.report.repairs) or "input" in row


def test_a_table_that_is_hidden_as_a_whole_and_text_that_is_only_struck_out_stay() -> None:
    table = read("<table style='display:none'><tr><th>a<th>b<tr><td><s>1</s><td>2<tr><td>3<td>4</table>")
    assert table.frame["a"].tolist() == [1, 3]


def test_a_lowered_digit_behind_a_number_is_no_digit_of_it() -> None:
    table = read("<table><tr><th>a<th>b<tr><td>x<td>12<sub>1</sub><tr><td>y<td>13<sub>2</sub></table>")
    assert table.frame["b"].tolist() == ["12₁", "13₂"]
