"""Marks of sections within a table, as measuring programs write them above each run."""

import pytest

from analytics.tables import read_table
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
