"""Pages, messages, sheets and cells with more of one thing than any table has."""

import tracemalloc

import pyarrow as pa
import pytest

from analytics.errors import ZetascopeError
from analytics.numbers.outliers.decisions import Decisions
from analytics.tables import TableError, read_table
from analytics.tables.formats.sheet_notes import _members, _reach
from analytics.tables.formats.web.messages import MOST_PARTS
from analytics.tables.formats.web.tags import MOST_ATTRIBUTES, check_tags
from tests.hostile.expanding import parquet
from tests.tables.workbooks import sheet_xml, workbook

PAGE = "<table><tr><th>a<th>b<tr><td>1<td>2</table>"
HEAD = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"'
PART = b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n" + PAGE.encode() + b"\r\n"


def tag(count: int, *, name: str = "table", value: str = "=1") -> str:
    return f"<{name} " + " ".join(f"a{i}{value}" for i in range(count)) + ">"


@pytest.mark.parametrize("value", ["", "=1", "='>'", '=">"', " = 1", "/"])
@pytest.mark.parametrize("name", ["table", "TD", "x-y:z", "/table"])
def test_a_tag_of_thousands_of_attributes_is_refused(name: str, value: str) -> None:
    check_tags(tag(MOST_ATTRIBUTES, name=name, value=value))
    with pytest.raises(TableError, match=r"more than 1,000 attributes; save .* as CSV or Excel\.$"):
        check_tags(tag(MOST_ATTRIBUTES + 1, name=name, value=value))


@pytest.mark.parametrize(
    "before",
    ['<!-- <b x=" -->', "<script>'<b x=\"</script>", '<title><b x="</title>', '<!x "', '<?x "', "<b <b '>'>"],
)
def test_what_is_no_tag_hides_none_behind_it(before: str) -> None:
    with pytest.raises(TableError, match="attributes"):
        check_tags(before + tag(2000) + "' \" -->")


@pytest.mark.parametrize("before", ["<!-- {} -->", "<script>{}</script>", "<style>{}", "<b x='{}'>", "{}"])
def test_words_are_no_attributes(before: str) -> None:
    words = " ".join(map(str, range(5000)))
    check_tags(before.format("a < b " + words) + "<p>" + words)


def test_a_tag_without_end_names_its_line() -> None:
    with pytest.raises(TableError) as caught:
        read_table(("<html>\n\n" + tag(5000) + PAGE).encode(), name="a.html")
    assert caught.value.line == 3


def test_parts_of_a_message_are_counted() -> None:
    assert read_table(HEAD + PART + b"--b\r\n\r\nx\r\n" * 50, name="a.mhtml").frame.shape == (1, 2)
    with pytest.raises(TableError, match=r"more than 10,000 parts; save"):
        read_table(HEAD + PART + b"--b\r\n\r\nx\r\n" * MOST_PARTS, name="a.mhtml")


@pytest.mark.parametrize("more", [b"\r\n a=b;", b" a=b;", b'"\\', b" (c", b" a*0*=b;"])
def test_headers_that_are_taken_apart_are_short(more: bytes) -> None:
    with pytest.raises(TableError, match=r"its header Content-Type has [\d,]+ characters; at most 1,000"):
        read_table(HEAD + b";" + more * 5000 + PART, name="a.mhtml")


def test_other_headers_may_be_long() -> None:
    more = b"\r\nFrom: " + b"=?utf-8?q?a?= " * 5000 + b"\r\nSubject: " + b"\r\n x" * 5000
    assert read_table(HEAD + more + PART, name="a.mhtml").frame.shape == (1, 2)


@pytest.mark.parametrize("cell", ["9" * 2_000_000, "1," * 1_000_000 + "1", "a1" * 1_000_000])
def test_a_long_cell_takes_some_times_its_own_length(cell: str) -> None:
    data = f'{{"a":"{cell}"}}\n{{"a":"1"}}\n'.encode()
    tracemalloc.start()
    try:
        assert read_table(data, name="a.jsonl").frame.shape == (2, 1)
        assert tracemalloc.get_traced_memory()[1] < 40 * len(data)
    finally:
        tracemalloc.stop()


def test_notes_of_pandas_may_be_nested_without_end() -> None:
    for depth in (10, 100_000):
        table = pa.table({"a": [1, 2]}).replace_schema_metadata({"pandas": "[" * depth})
        assert read_table(parquet(table, store_schema=True), name="a.parquet").frame.shape == (2, 1)


def test_a_sheet_may_hide_all_its_columns_many_times() -> None:
    hidden = "<cols>" + '<col min="1" max="16384" hidden="1"/>' * 30_000 + "</cols><sheetData>"
    xml = sheet_xml([["a", "b"], [1, 2]]).replace("<sheetData>", hidden)
    report = read_table(workbook({"S": xml}), name="a.xlsx").report
    assert [repair.count for repair in report.repairs if repair.kind == "hidden"] == [2]


@pytest.mark.parametrize("ranges", [[(1, 3), (2, 9)], [(2, 2), (1, 1)], [(3, 1), (0, 0)], [(1, 9), (2, 3)]])
def test_ranges_that_overlap_are_what_they_cover(ranges: list[tuple[int, int]]) -> None:
    ends: dict[int, int] = {}
    for first, last in ranges:
        _reach(ends, first, last)
    assert _members(ends) == {i for first, last in ranges for i in range(first, last + 1)}


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '[{"rows": [Infinity]}]', '[{"rows": [NaN]}]', '[{"rows": 1e99}]']
)
def test_decisions_that_are_none_are_told(text: str) -> None:
    with pytest.raises(ZetascopeError, match="no list of decisions"):
        Decisions.from_json(text)
