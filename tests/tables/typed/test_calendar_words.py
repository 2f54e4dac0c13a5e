"""Months and weekdays by their names in many languages."""

import pytest

from analytics.tables.typed.dates.calendar_words import _months as months_by_language
from analytics.tables.typed.dates.calendar_words import is_weekday, month_numbers


def test_every_language_has_twelve_months_and_all_are_found_by_their_names() -> None:
    for language, months in months_by_language().items():
        assert len(months) == 12, language
        names = [forms[0] for forms in months]
        numbers, problem = month_numbers(names)
        assert not problem
        assert [numbers[name] for name in names] == list(range(1, 13)), language


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["Sep", "OCT"], [9, 10]),
        (["März", "Mai", "Dez"], [3, 5, 12]),
        (["Mrz"], [3]),
        (["août", "févr", "juil"], [8, 2, 7]),
        (["aout"], [8]),
        (["stycznia", "paź"], [1, 10]),
        (["červen", "červenec"], [6, 7]),
        (["Μαΐου", "ΙΑΝ"], [5, 1]),
        (["мая", "сент"], [5, 9]),
        (["Ağu", "Şub"], [8, 2]),
        (["listopad", "maja"], [11, 5]),
        (["listopada", "siječnja"], [10, 1]),
        (["set", "ott"], [9, 10]),
    ],
)
def test_names_and_their_beginnings(words: list[str], expected: list[int]) -> None:
    numbers, problem = month_numbers(words)
    assert not problem
    assert [numbers[word] for word in words] == expected


def test_a_month_that_languages_disagree_on_is_said() -> None:
    assert month_numbers(["listopad"]) == ({}, "the month 'listopad' is another one in another language")


def test_other_words_are_no_months() -> None:
    assert month_numbers(["Room", "Ju", ""]) == ({}, "")
    assert month_numbers(["Room", "May"])[0] == {"May": 5}


def test_weekdays() -> None:
    assert all(map(is_weekday, ["Mon", "Mittwoch", "Mi", "vendredi", "środa", "пт", "ΤΡΊΤΗ", "Çarşamba"]))
    assert not any(map(is_weekday, ["Room", "", "x", "March"]))
