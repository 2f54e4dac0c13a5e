"""The delimiter, quote and escape of small files of the kinds found in the wild."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.tables.dialect import Guess, detect_dialect
from analytics.tables.options import ReadOptions
from analytics.tables.records import split_lines


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
