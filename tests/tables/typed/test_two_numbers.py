"""Cells with a fraction or several numbers stay text, and the report says why."""

import pytest

from tests.tables.typed.reading import read, values


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        (["10+/20-", "5+/3-", "7+/1-"], "one with + and one with -"),
        (["1 1/2", "2 1/4", "3", "4 3/4"], "fractions"),
        (["1/2", "3/4", "7/8"], "fractions"),
        (['3/8"', '1/2"', '1 1/4"'], "fractions"),
        (["5'11\"", "6'2\"", "5'9\""], "feet or inches"),
        (["5.1 ± 0.2", "6.3 ± 0.1"], "error"),
        (["5.1 +/- 0.2", "6.3 +/- 0.1"], "error"),
        (["10-20", "20-30", "30-45"], "ranges"),
        (["10 x 20", "15 x 30 x 2"], "measures"),
        (["120/80", "135/90", "110/70/5"], "several numbers"),
    ],
)
def test_several_numbers_in_a_cell_are_text_with_the_reason(cells: list[str | None], what: str) -> None:
    converted = read(cells)
    (reading,) = converted.readings
    assert values(converted) == cells and reading.kind == "text"
    assert what in reading.sentence and repr(cells[0]) in reading.sentence


def test_other_texts_have_no_such_reason() -> None:
    for cells in (["A 1/2", "B 3", "C 4"], ["12 Main St", "5 Elm St"], ["x", "1/2", "y"]):
        assert read(list(cells)).readings[0].sentence == "Text."


def test_signs_for_fractions_are_numbers() -> None:
    assert values(read(["½", "1¼", "2"])) == [0.5, 1.25, 2]
