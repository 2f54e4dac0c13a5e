"""What a column of digits leaves open: numbers or codes, with or without a unit, or counts of days."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from analytics.tables.typed.cells import Cells, matches
from analytics.tables.typed.codes import TWO_NAMES, is_wide, writes_tenths_twice
from analytics.tables.typed.dates.date_order import is_compact
from analytics.tables.typed.dates.epochs import epoch_question
from analytics.tables.typed.doubts import Answer, Question, as_type, telling_rows
from analytics.tables.typed.numerals import Numerals
from analytics.tables.typed.units import MULTIPLIERS


def kept_as_text(
    cells: Cells,
    question: str,
    reason: str,
    mask: np.ndarray,
    lines: np.ndarray | None,
    *,
    also: np.ndarray | None = None,
    kind: str = "number",
    label: str = "numbers",
) -> Question:
    """A column taken as text that could be another type; the cells (u,) of the mask show it first."""
    rows = telling_rows(cells, mask)
    if also is not None and len(rows) < 3:
        rows = np.concatenate([rows, telling_rows(cells, also, most=3 - len(rows))])
    taken, other = Answer("text", as_type(cells.name, "text")), Answer(label, as_type(cells.name, kind))
    places = ", ".join(f"line {line:,}: {text}" for line, text in cells.shown(rows, lines))
    evidence = reason.removeprefix("Text: ").rstrip(".")
    return Question(
        cells, question, f"{evidence[:1].upper()}{evidence[1:]}; {places}.", rows, taken, (other,)
    )


def questions_of_numbers(
    cells: Cells, numerals: Numerals, digits: pa.Array, whole: bool, lines: np.ndarray | None
) -> tuple[Question, ...]:
    """What is to be asked of a column taken as numbers; ``digits`` (u,) are its cells in plain form."""
    found = [
        _of_compact(cells, lines),
        _of_two(cells, numerals, lines),
        _of_units(cells, numerals, lines),
        _of_times(cells, numerals, lines),
        _of_sides(cells, numerals, lines),
        None if whole else _of_releases(cells, numerals, lines),
        epoch_question(cells, digits, lines) if not numerals.unit and not numerals.times else None,
    ]
    if not any(found) and whole and not numerals.unit and is_wide(cells, digits):
        why = "All have the same number of digits, more than ten, as account numbers have"
        found.append(
            _numbers_or_text(cells, "Are the digits in {} numbers, or codes?", why, numerals.valid, lines)
        )
    return tuple(question for question in found if question)


def _numbers_or_text(
    cells: Cells,
    question: str,
    why: str,
    mask: np.ndarray,
    lines: np.ndarray | None,
    *,
    other: Answer | None = None,
) -> Question:
    rows = telling_rows(cells, mask)
    places = ", ".join(f"line {line:,}: {text}" for line, text in cells.shown(rows, lines))
    taken = Answer("numbers", as_type(cells.name, "number"))
    other = other or Answer("text", as_type(cells.name, "text"))
    return Question(cells, question.format(cells.name), f"{why}; {places}.", rows, taken, (other,))


def _of_compact(cells: Cells, lines: np.ndarray | None) -> Question | None:
    """Numbers like 20240131, too few to be taken as dates."""
    if not is_compact(cells):
        return None
    why = "All make a date, which few numbers do"
    question = "Are the numbers in {} dates?"
    filled = ~(cells.blank | cells.token)
    return _numbers_or_text(
        cells, question, why, filled, lines, other=Answer("dates", as_type(cells.name, "date"))
    )


def _of_two(cells: Cells, numerals: Numerals, lines: np.ndarray | None) -> Question | None:
    """Numbers with a comma each under a name with a comma: two columns that another mark did not part."""
    if not TWO_NAMES.search(cells.name) or not numerals.shows(","):
        return None
    if (matches(numerals.body, "^[^,]+,[^,]+$") != numerals.valid).any():
        return None
    why = "A comma stands in the name and in every number, as between two columns"
    return _numbers_or_text(cells, "Is {!r} one column of numbers?", why, numerals.valid, lines)


def _of_units(cells: Cells, numerals: Numerals, lines: np.ndarray | None) -> Question | None:
    """Numbers without the unit of the others: beside percentages they may be shares of one."""
    if numerals.united is None:
        return None
    some = cells.count(numerals.united)
    are = "is" if some == 1 else "are"
    why = f"{some:,} of {cells.count(numerals.valid):,} numbers {are} written with {numerals.unit}"
    question = "Do numbers with and without " + numerals.unit + " in {} count the same?"
    rare = numerals.united if 2 * some <= cells.count(numerals.valid) else numerals.valid & ~numerals.united
    return _numbers_or_text(cells, question, why, rare, lines)


def _of_times(cells: Cells, numerals: Numerals, lines: np.ndarray | None) -> Question | None:
    if not numerals.times:
        return None
    words = ", ".join(f"{word!r} as times {10 ** MULTIPLIERS[word]:,}" for word, _ in numerals.times)
    question = "Do the letters behind the numbers in {} multiply them?"
    return _numbers_or_text(
        cells, question, f"Read {words}", numerals.valid & cells.matches("[A-Za-z\u00c0-\uffff]"), lines
    )


def _of_sides(cells: Cells, numerals: Numerals, lines: np.ndarray | None) -> Question | None:
    """Debits taken as numbers below zero: on an account of costs they would be above."""
    if numerals.sides is None:
        return None
    credit, debit = numerals.sides.words
    why = f"{credit} and {debit} stand behind the numbers, as for credit and debit"
    return _numbers_or_text(
        cells, f"Are amounts with {debit} in {{}} below zero?", why, numerals.valid, lines
    )


def _of_releases(cells: Cells, numerals: Numerals, lines: np.ndarray | None) -> Question | None:
    """Numbers of which 3.1 and 3.10 both stand in the file: prices, or releases of a program."""
    if not numerals.plain or numerals.unit or not writes_tenths_twice(cells):
        return None
    why = "Some are written alike but for a 0 at the end, which numbers lose"
    ends = cells.matches(r"\.[12]0?$")
    return _numbers_or_text(cells, "Are the digits in {} numbers, or codes?", why, ends, lines)
