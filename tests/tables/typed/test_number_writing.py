"""Numbers as people of many places write them: signs, blanks, fractions, multipliers, digits, units."""

import numpy as np
import pytest

from analytics.tables import ReadOptions
from tests.tables.typed.reading import answers, convert, read, values

BLANKS = ["\u00a0", "\u2007", "\u2009", "\u202f", "\u3000", " "]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["50,00-", "12,50", "3,10"], [-50.0, 12.5, 3.1]),
        (["12.50-", "13.00+", "7.25-"], [-12.5, 13.0, -7.25]),
        (["1.234,50-", "7,00"], [-1234.5, 7.0]),
        (["5,-", "12,50", "-7,–"], [5, 12.5, -7]),
        (["12,-- €", "1.234,50 €"], [12, 1234.5]),
        (["Fr. 5.--", "Fr. 7.50"], [5, 7.5]),
        (["(1.234,50)", "12,00", "(7,10)"], [-1234.5, 12.0, -7.1]),
        (["½", "1½", "2 ¾", "3"], [0.5, 1.5, 2.75, 3.0]),
        (["2,5", "½"], [2.5, 0.5]),
        (["12.5 k", "900", "1.2M"], [12_500, 900, 1_200_000]),
        (["1,2 Mio. €", "3,4 Mio. €"], [1_200_000, 3_400_000]),
        (["5 Tsd", "1,5 Tsd"], [5000, 1500]),
        (["$1.2M", "$12k", "$3.4bn"], [1_200_000, 12_000, 3_400_000_000]),
        (["1,5 млн", "2 тыс."], [1_500_000, 2000]),
        (["1.2万", "3亿"], [12_000, 300_000_000]),
        (["5'000", "12’000", "7"], [5000, 12_000, 7]),
        (["１２３", "４５．５"], [123, 45.5]),
        (["١٢٣٫٥", "٤٥"], [123.5, 45]),
        (["۱۲۳", "۴"], [123, 4]),
        (["१२३", "४५"], [123, 45]),
        (["−5", "–7", "－9", "3"], [-5, -7, -9, 3]),
        (["1.234.567,89 €", "12,10 €"], [1234567.89, 12.1]),
        (["-$5", "$-7", "$(3)", "$2"], [-5, -7, -3, 2]),
        (["5 %", "7,5%"], [5, 7.5]),
        (["5‰", "3,2 ‰"], [5, 3.2]),
        (["1,5E+03", "2,0E-2"], [1500, 0.02]),
        (["12,34,567", "1,23,456", "999"], [1234567, 123456, 999]),
        (["1 234,50 zł", "7,00 zł"], [1234.5, 7]),
        (["12,50 Kč", "1 200 Kč"], [12.5, 1200]),
        (["\u200e5", "\ufeff7"], [5, 7]),
        (["1.#INF", "2", "-1.#INF"], [np.inf, 2, -np.inf]),
        (["∞", "2"], [np.inf, 2]),
    ],
)
def test_reads(cells: list[str | None], expected: list[float]) -> None:
    assert values(read(cells)) == pytest.approx(expected)


@pytest.mark.parametrize("blank", BLANKS)
def test_any_blank_sets_thousands_apart(blank: str) -> None:
    converted = read([f"1{blank}234,5", f"12{blank}345,6", "7,1", f"1{blank}234{blank}567,8"])
    assert values(converted) == [1234.5, 12345.6, 7.1, 1234567.8]
    assert converted.thousands == " "
    asked = read([f"1{blank}234", "7"], options=ReadOptions(thousands=blank))
    assert values(asked) == [1234, 7]


def test_the_text_of_a_file_keeps_its_own_digits() -> None:
    assert values(read(["１２３ Straße", "x"])) == ["１２３ Straße", "x"]


def test_what_was_read_in_an_unusual_way_is_told() -> None:
    assert "'k' as times 1,000 (2)" in read(["1k", "2 k", "3"]).readings[0].sentence
    assert (
        "2 cells are negative by brackets or a minus behind" in read(["5-", "(7)", "2"]).readings[0].sentence
    )
    assert "1 cell has digits of another script" in read(["٥", "7"]).readings[0].sentence


@pytest.mark.slow
def test_one_amount_among_plain_numbers_gives_no_unit_to_the_column() -> None:
    cells: list[str | None] = [*map(str, range(60_000)), "$5"]
    converted = read(cells)
    assert values(converted)[-1] == 5
    sentence = converted.readings[0].sentence
    assert sentence == "Whole numbers. 1 cell has $, which is left out ('$5' (line 60,002))."
    (doubt,) = converted.doubts
    assert doubt.taken.cells == (("$5", "5"),)
    assert "line 60,002: $5" in doubt.evidence


@pytest.mark.parametrize(("unit", "words"), [("%", "percent"), ("€", "€"), ("‰", "per mille")])
def test_a_unit_that_most_cells_have_is_named_and_the_others_are_listed(unit: str, words: str) -> None:
    converted = read([f"{n} {unit}" for n in range(10, 20)] + ["7"])
    assert values(converted) == [*range(10, 20), 7]
    sentence = converted.readings[0].sentence
    assert f"in {words}" in sentence
    assert f"1 cell has no {unit} ('7' (line 12))" in sentence
    assert len(converted.doubts) == 1


def test_amounts_in_two_currencies_stay_text_until_asked() -> None:
    cells: list[str | None] = ["$5", "€7", "$9"]
    converted = read(cells)
    assert values(converted) == cells
    assert converted.readings[0].sentence == "Text: amounts in $ and € are not one quantity."
    (doubt,) = converted.doubts
    (numbers,) = doubt.alternatives
    assert [made for _, made in numbers.cells] == ["5", "missing", "9"]
    asked = read(cells, options=numbers.chosen(ReadOptions()))
    assert values(asked) == [5, None, 9]
    assert asked.readings[0].exceptions == ((3, "€7"),)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["12345678901234567890", "1"], "64 bits"),
        (["9007199254740993", "1.5"], "more digits"),
        (["9007199254740993.5", "1.5"], "more digits"),
        (["9007199254740993.0", "1.5"], "more digits"),
        (["1e400", "1.5"], "too large"),
        (["1e-400", "1.5"], "too small"),
        (["0xFFFFFFFFFFFFFFFF", *map(str, range(60))], "60 of 61 cells are numbers, but not '0xFFFF"),
        (["0x1F", "0x2A", "12"], "Text"),
    ],
)
def test_no_number_loses_digits(cells: list[str | None], reason: str) -> None:
    converted = read(cells)
    assert values(converted) == cells
    assert reason in converted.readings[0].sentence


def test_whole_floats_beyond_16_digits_that_are_exact_stay_numbers() -> None:
    assert values(read(["9007199254740994.0", "0.5"])) == [9007199254740994.0, 0.5]
    assert values(read(["0e5", "-0.0", "1.5"])) == [0, 0, 1.5]


@pytest.mark.parametrize("word", ["inf", "Infinity", "-inf", "+INF"])
def test_infinite_words_are_counted(word: str) -> None:
    converted = read(["1", word, "nan"])
    assert np.isinf(converted.frame["x"][1])
    assert "1 is infinite" in converted.readings[0].sentence
    assert "1 cell ('nan') taken as missing" in converted.readings[0].sentence


@pytest.mark.parametrize("cells", [["5--", "3"], ["--5", "3"], ["(5", "3"], ["-5-", "3"], ["12B", "14C"]])
def test_what_is_no_number_stays_text(cells: list[str | None]) -> None:
    assert values(read(cells)) == cells


def test_letters_that_are_units_do_not_multiply() -> None:
    for cells in (["12 m", "15 m"], ["5 g", "7 g"], ["3 t", "4 t"], ["1 mil", "2 mil"]):
        assert values(read(list(cells))) == cells


def test_marks_are_found_beside_multipliers_and_units() -> None:
    converted = convert({"a": ["1,5 Mio.", "2 Mio."], "b": ["1.200 €", "12 €"]})
    assert values(converted, "a") == [1_500_000, 2_000_000]
    assert values(converted, "b") == [1200, 12]


ODD_ONES = [
    ("007", [*map(str, range(1, 100))]),
    ("1e5", [*map(str, range(1, 100))]),
    ("12345678901234567890", [*map(str, range(1, 100))]),
    ("9007199254740993", [f"{n}.5" for n in range(1, 100)]),
    ("1e400", [f"{n}.5" for n in range(1, 100)]),
    ("1e-400", [f"{n}.5" for n in range(1, 100)]),
    ("+491701234567", [*map(str, range(1, 100))]),
]


@pytest.mark.parametrize(("odd", "others"), ODD_ONES)
def test_one_number_that_would_lose_something_is_asked_about(odd: str, others: list[str]) -> None:
    converted = read([*others[:50], odd, *others[50:]])
    (doubt,) = converted.doubts
    assert converted.frame.iloc[50, 0] == odd
    assert odd in doubt.evidence and "line 52" in doubt.evidence
    assert [other.label for other in doubt.alternatives] == ["numbers"]


@pytest.mark.parametrize("odd", [odd for odd, _ in ODD_ONES if odd != "9007199254740993"])
def test_a_column_of_such_numbers_is_text_and_asks_nothing(odd: str) -> None:
    head, last = odd[:-1], int(odd[-1])
    converted = read([f"{head}{(last + step) % 9 + 1}" for step in range(9)])
    assert converted.frame.iloc[0, 0].startswith(head)
    assert not converted.doubts


def test_fractions_among_numbers_are_told() -> None:
    converted = read(["1", "2½", "3"])
    assert values(converted) == [1, 2.5, 3]
    assert "1 cell has a fraction" in converted.readings[0].sentence


def test_a_power_of_ten_among_plain_numbers_is_asked_about() -> None:
    (doubt,) = read(["1e5", "3", "4", "5"]).doubts
    assert doubt.question == "Are the cells of x numbers, or codes?"
    assert answers(doubt)["numbers"][0] == "100000"


def test_numbers_that_all_stand_in_brackets_are_asked_about() -> None:
    converted = read(["(12.50)", "(7.25)", "(1,003.00)"])
    assert values(converted) == ["(12.50)", "(7.25)", "(1,003.00)"]
    (doubt,) = converted.doubts
    assert doubt.question == "Are the numbers in x below zero?"
    assert answers(doubt)["numbers below zero"] == ["-12.5", "-7.25", "-1003"]
    assert values(read(["(12.50)", "7.25"])) == [-12.5, 7.25]


def test_a_name_and_numbers_with_a_comma_each_may_be_two_columns() -> None:
    (doubt,) = convert({"a,b": ["1,2", "4,5", "7,8"], "c": ["3", "6", "9"]}).doubts
    assert doubt.question == "Is 'a,b' one column of numbers?"
    assert not convert({"a, b": ["1,2", "4,5", "7,8"], "c": ["3", "6", "9"]}).doubts
    assert not convert({"a,b": ["12", "45", "78"], "c": ["3", "6", "9"]}).doubts
