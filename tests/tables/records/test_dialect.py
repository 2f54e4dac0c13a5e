"""The delimiter, quote and escape of small files of the kinds found in the wild."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.tables.options import ReadOptions
from analytics.tables.records.dialect import Guess, detect_dialect
from analytics.tables.records.records import parse, split_lines


def guess(text: str) -> Guess:
    return detect_dialect(split_lines(text), options=ReadOptions())[0]


CASES = {
    "plain": ("a,b,c\n1,2,3\n4,5,6\n", ","),
    "two lines": ("name,age\nJo,3\n", ","),
    "one line": ("a;b;c\n", ";"),
    "decimal comma": ("x;y\n1,5;2,25\n3,0;4,75\n0,1;9,99\n", ";"),
    "decimal comma and tab": ("1,5\t2,25\n3,0\t4,75\n", "\t"),
    "times and dates": ("2020-01-01 12:30:00,5.2,a\n2020-01-02 13:30:00,6.1,b\n", ","),
    "times with semicolons": ("10:20;11:30;x\n10:25;11:35;y\n", ";"),
    "prose": ('id,remark\n1,"Well, yes; no | maybe"\n2,"One, two, three"\n3,"a, b"\n', ","),
    "bare prose in tabs": ("1\tWell, yes, it is\t2\n2\tNo\t3\n3\tMaybe, or not\t4\n", "\t"),
    "lists in cells": ("id,tags\n1,a;b;c\n2,d;e\n3,f\n4,a;b;c\n", ","),
    "lists in cells of one length": ("id,tags\n1,a;b\n2,d;e\n3,f;g\n", ","),
    "json": ('id,data\n1,"{""a"": 1, ""b"": [1, 2]}"\n2,"{""a"": 2, ""b"": [3, 4]}"\n', ","),
    "bare json": ('1|{"a": 1, "b": 2}|x\n2|{"a": 3, "b": 4}|y\n', "|"),
    "urls": ("http://a.org/x,1\nhttp://b.org/y,2\nhttp://c.org/z,3\n", ","),
    "one column of words": ("name\nAnna\nBert\nCleo\nDora\n", ""),
    "one column of places": ("place\nNew York\nLos Angeles\nBonn\nRio de Janeiro\nCairo\n", ""),
    "one column of numbers": ("value\n1.5\n2.25\n3.125\n", ""),
    "one column of times": ("at\n2020-01-01 12:30:00\n2020-01-02 12:31:00\n", ""),
    "one column of prose": (
        "It was late, and dark.\nShe left.\nHe stayed, sadly, at home.\nThen: rain.\n",
        "",
    ),
    "one column of urls": ("http://a.org/x?a=1&b=2\nhttp://b.org/y?a=1&b=3\nhttp://c.org/\n", ""),
    "caret": ("a^b^c\n1^x, y^3\n4^z^6\n", "^"),
    "tilde": ("a~b~c\n1~x, y~3\n4~z~6\n", "~"),
    "colon": ("root:x:0:0\ndaemon:x:1:1\nbin:x:2:2\nsys:x:3:3\n", ":"),
    "unit separator": ("a\x1fb\x1fc\n1\x1f2\x1f3\n", "\x1f"),
    "spaces": ("1 2.5 3\n4 5.5 6\n7 8.5 9\n", " "),
    "aligned": ("name     size  kind\nAnn Lee    12  a b\nBo        345  c\nCy Young    6  d e\n", "  "),
    "bar tilde bar": ("a|~|b|~|c\n1|~|x, y|~|3\n4|~|z|~|6\n", "|~|"),
    "caret bar caret": ("a^|^b^|^c\n1^|^x, y^|^3\n4^|^z^|^6\n", "^|^"),
    "double colon": ("1::1193::5::978300760\n1::661::3::978302109\n2::914::3::978301968\n", "::"),
    "arrows in cells": ("a,b\n1,x => y\n2,y => z\n3,z => x\n", ","),
    "double bar": ("a||b||c\n1||2||3\n4||5||6\n", "||"),
    "thousands in quotes": ('city,people\nBonn,"330,579"\nKöln,"1,085,664"\n', ","),
    "money": ("item;price\npen;€ 1.200,50\ncup;€ 3,20\n", ";"),
    "coordinates": ("name\tat\nA\t50.1,8.6\nB\t48.2,16.4\n", "\t"),
    "empty cells": ("a,b,c\n,,\n1,,\n,,3\n", ","),
    "ragged": ("a,b,c,d\n1,2\n1,2,3\n1,2,3,4\n1\n1,2,3,4\n", ","),
    "apostrophes in words": ("who,what\nO'Neil,it's\nD'Arcy,can't\n", ","),
    "a count after a time": (
        "time,count\n" + "".join(f"2015/01/01 {i:02}:00:00,{i % 13}\n" for i in range(24)),
        ",",
    ),
    "a date and a time": ("2015/01/01,01:00:00\n2015/01/02,04:00:00\n2015/01/03,04:30:00\n", ","),
    "one column of mail dates": (
        "Sat, 22 Apr 2017 15:11:58 -0500\nFri, 21 Apr 2017 14:20:57 -0500\nThu, 5 Feb 2015 13:08:02 -0600\n",
        "",
    ),
    "months of a year": ("1945:03 1945:10\n1948:12 1949:10\n1953:07 1954:05\n", " "),
    "quarters": ("date, cpi\n1950:1, 28.9\n1950:2, 29.1\n1950:3, 29.3\n", ","),
    "colours": ("0:#0e0e0e\n2:#727272\n5:#373737\n6:#0e0e0f\n", ":"),
    "names and hashes": (
        "".join(f"scan_{i}.dat {i:x}9a831910c077173deede5432b147438\n" for i in range(1, 7)),
        " ",
    ),
    "wide gaps and single ones": (
        "".join(f"model{'.' * i:9} http://a.org/{i}.html\n" for i in range(10)),
        " ",
    ),
    "numbers one blank apart": (
        "A110   2108 6696.79 Al1  4.02  -1.4\nA110   2108 6698.67 Al1  3.1  -1.6\n",
        " ",
    ),
    "names one blank apart": (
        "John Smith     WA   418-Y11\nMary Hartford  CA   319-Z19\nEvan Nolan     IL   219-532\n",
        "  ",
    ),
    "blanks within cells between tabs": (
        "a\tb\tc d\te\nx  y\t1\tfoo  bar\t\nz  w\t2\tq  r\t\nv  u\t3\ts  t\t\n",
        "\t",
    ),
    "names with blanks between tabs": (
        "who\twhere\nAnn  Lee\tNew  York\nBo  Day\tSan  Remo\nCy  Fox\tLas  Vegas\n",
        "\t",
    ),
    "blanks within cells between semicolons": (
        "who;where;n\nAnn  Lee;New  York;\nBo  Day;San  Remo;\nCy  Fox;Las  Vegas;\n",
        ";",
    ),
    "quoted texts and days": (
        'day what n\n28/01/2018 "some text" 5\n29/01/2018 "other text here" 7\n30/01/2018 "x y" 9\n',
        " ",
    ),
    "quoted texts and days without names": (
        '28/01/2018 "some text" 5\n29/01/2018 "other text here" 7\n30/01/2018 "x y" 9\n',
        " ",
    ),
    "paths": ("/usr/bin/a 12 root\n/usr/local/b 15 root\n/var/log/c 7 adm\n", " "),
    "addresses and times": (
        'http://a.org/x 12:30 "a b"\nhttp://b.org/y 12:31 "c d"\nhttp://c.org/z 12:32 "e f"\n',
        " ",
    ),
    "mail addresses": ("ann@a.org bo@b.org\ncy@c.org di@d.org\ned@e.org fi@f.org\n", " "),
    "one column of days": ("28/01/2018\n29/01/2018\n30/01/2018\n", ""),
    "preamble": ("Sales report, all shops\nMade on Monday\n\nshop;sum\nA;1,5\nB;2,5\nC;3,5\n", ";"),
}


@pytest.mark.parametrize("name", CASES)
def test_delimiter(name: str) -> None:
    text, delimiter = CASES[name]
    assert guess(text).dialect.delimiter == delimiter


def test_blank_after_the_delimiter_is_noticed() -> None:
    assert guess('a, b, c\n1, "x, y", 3\n4, z, 6\n').dialect.skip_space


@pytest.mark.parametrize("quote", ["'", '"'])
def test_quote(quote: str) -> None:
    rows = [["a, b", "c"], ["d", "e, f"], ["g, h", "i, j"]]
    text = "\n".join(
        ",".join(f"{quote}{cell}{quote}" if "," in cell else cell for cell in row) for row in rows
    )
    assert guess(text).dialect.quote == quote


def test_a_mark_that_is_a_whole_cell_does_not_quote() -> None:
    rows = "".join(f'{i},*,"Oak, {i}",*,x\n{i},7,"Elm {i}",*,y\n' for i in range(9))
    assert guess("id,low,what,high,kind\n" + rows).dialect.quote == '"'


TABS_AND_BLANKS = {
    "tabs and blanks in turn": ("1\t2.5     1.0 \t0.9     0.01\n3\t4.5     1.0 \t0.8     0.02\n", 5),
    "some gaps are tabs": ("white\t\t   ffffff\ndark-turquoise     00ced1\nred\t\t   ff0000\n", 2),
    "tabs within quotes": ('"a\tb"   c  \t\t d\nv1   "v2\tw"  \t2\nv3   v4     3\n', 3),
}


@pytest.mark.parametrize("name", TABS_AND_BLANKS)
def test_tabs_and_blanks_together_part_cells(name: str) -> None:
    text, width = TABS_AND_BLANKS[name]
    found = guess(text)
    rows = parse(split_lines(text), found.dialect).rows
    assert [len(row) for row in rows] == [width] * len(rows)
    assert not any(cell != cell.strip() for row in rows for cell in row)


@pytest.mark.parametrize("escape", ["\\", "\x00", "^"])
def test_escape(escape: str) -> None:
    text = f'id,said\n1,"He {escape}"waved{escape}", then left"\n2,"A {escape}"b{escape}" c"\n'
    assert guess(text).dialect.escape == escape


CELLS = st.one_of(
    st.integers(-999, 9999).map(str),
    st.floats(-1e4, 1e4).map(lambda value: f"{value:.2f}"),
    st.dates().map(str),
    st.sampled_from(["Anna Lee", "Bonn", "x, y", "a;b", "it's", "ok", "see below", "A|B"]),
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    st.integers(3, 6).flatmap(
        lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=4, max_size=12)
    ),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_written_tables_give_their_delimiter(rows: list[list[str]], delimiter: str, quoting: int) -> None:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, quoting=quoting, lineterminator="\n").writerows(rows)
    assert guess(target.getvalue()).dialect.delimiter == delimiter
