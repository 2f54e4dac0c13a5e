"""Marks of sections within a table, as measuring programs write them above each run."""

import pytest

from analytics.tables import ReadOptions, read_table
from benchmarks.both_ways import both_ways, difference


def rows(first: int, count: int) -> str:
    return "".join(f"{n},{n}.0122,{n}.2394\n" for n in range(first, first + count))


MARKED = f"No,pi/kPa,pe/kPa\nADS\n{rows(1, 19)}DES\n{rows(20, 10)}"


def test_marks_of_sections_are_left_out_and_told() -> None:
    table = read_table(MARKED.encode())
    assert table.frame.shape == (29, 3)
    assert table.frame["No"].tolist() == list(range(1, 30))
    assert [(repair.kind, repair.line) for repair in table.report.repairs] == [
        ("section", 2),
        ("section", 22),
    ]
    assert "'ADS'" in table.report.repairs[0].detail


def test_marks_of_sections_are_read_alike_either_way() -> None:
    assert not difference(*both_ways(MARKED.replace("ADS\n", "").encode()))


@pytest.mark.parametrize(
    "text",
    [
        "name,n,m\nx\n" + "y,1,2\nz,3,4\n" * 4,  # a record of which the rest is missing
        "n,m,note\n" + "1,2,a\ntorn\n3,4,b\n" + "5,6,c\n" * 6,  # a text torn by a line break
    ],
)
def test_one_cell_among_texts_is_kept(text: str) -> None:
    report = read_table(text.encode()).report
    assert "section" not in [repair.kind for repair in report.repairs]


STACKED = b"Page,Views\n/home,1234\n/about,567\n\nDay,Visits\n2024-01-01,100\n2024-01-02,200\n"


def test_tables_with_other_names_below_are_asked_about() -> None:
    table = read_table(STACKED)
    assert len(table.frame) == 4
    (doubt,) = [doubt for doubt in table.report.doubts if doubt.column is None]
    assert doubt.question == "Are the 2 tables of the file one?"
    assert doubt.taken.cells == (("Day", "Page"), ("Visits", "Views"))
    second = read_table(STACKED, options=doubt.alternatives[1].chosen(ReadOptions()))
    assert second.frame.columns.tolist() == ["Day", "Visits"]
    assert second.frame["Visits"].tolist() == [100, 200]
    kept = read_table(STACKED, options=doubt.taken.chosen(ReadOptions()))
    assert kept.frame.equals(table.frame)
    assert not [doubt for doubt in kept.report.doubts if doubt.column is None]


def test_tables_with_the_same_names_are_one() -> None:
    text = STACKED.replace(b"Day,Visits", b"Page,Views").replace(b"2024-01-0", b"/x")
    table = read_table(text)
    assert table.frame["Views"].tolist() == [1234, 567, 100, 200]
    assert not table.report.doubts


def test_all_tables_of_a_json_file_may_be_asked_for() -> None:
    text = b'{"a": [{"x": 1}, {"x": 2}], "b": [{"y": 3}]}'
    assert read_table(text, options=ReadOptions(table=-1)).frame["x"].tolist() == [1, 2]
