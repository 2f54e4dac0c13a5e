"""Colons or blanks that stand equally often in all lines of words: cells, and a doubt."""

import pytest

from analytics.tables import ReadOptions, read_table

NUMERALS = "".join(f"{a}:{a}inci\n" for a in "sıfır bir iki üç dört beş altı yedi sekiz dokuz".split())
PHONES = (
    "first last state phone\nJohn Smith WA 418-Y11-4111\nMary Hartford CA 319-Z19-4341\n"
    "Evan Nolan IL 219-532-c301\n"
)


@pytest.mark.parametrize(("text", "mark", "shape"), [(NUMERALS, ":", (10, 2)), (PHONES, " ", (3, 4))])
def test_even_marks_between_words_part_cells_and_are_asked_about(
    text: str, mark: str, shape: tuple[int, int]
) -> None:
    table = read_table(text.encode())
    assert (table.report.delimiter, table.frame.shape) == (mark, shape)
    (doubt,) = [doubt for doubt in table.report.doubts if "part the cells" in doubt.question]
    single = read_table(text.encode(), options=doubt.alternatives[0].chosen(ReadOptions()))
    assert single.frame.shape[1] == 1
    taken = read_table(text.encode(), options=doubt.taken.chosen(ReadOptions()))
    assert taken.frame.equals(table.frame)
    assert not [own for own in taken.report.doubts if "part the cells" in own.question]


@pytest.mark.parametrize(
    "text",
    [
        "one: two\n" * 3 + "three and four\n" * 6,
        "This is a line\nThat is a word\nHere is the end\nThere it goes too\n",
        "".join(f"https://example.org/{n}\n" for n in "abcdefghij"),
        "".join(f"12:0{n}\n" for n in range(10)),
    ],
)
def test_prose_addresses_and_times_stay_one_column(text: str) -> None:
    assert read_table(text.encode()).report.delimiter == ""


def test_blanks_at_the_end_and_names_closer_than_numbers() -> None:
    text = "ms speed watts\n\n" + "".join(f" {n}   {n}.50     0\n" for n in range(12))
    table = read_table(text.encode())
    assert list(table.frame.columns) == ["ms", "speed", "watts"]
