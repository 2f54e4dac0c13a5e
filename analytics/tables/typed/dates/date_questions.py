"""What a column of dates leaves open: day or month first, two-digit years, offsets, dates or numbers."""

from __future__ import annotations

import re

import numpy as np

from analytics.tables.typed.cells import Cells
from analytics.tables.typed.dates.date_order import PROOF, SHARED, TOLD, DateFinding
from analytics.tables.typed.dates.date_styles import YEAR_FIRST
from analytics.tables.typed.dates.written_dates import WrittenDates
from analytics.tables.typed.dates.zones import is_one_place, offset_words
from analytics.tables.typed.doubts import Answer, Question, as_type, telling_rows

DAY, MONTH = (
    Answer("the day first", (("day_first", True),)),
    Answer("the month first", (("day_first", False),)),
)
_SHORT_NUMBERS = re.compile(r"^\s*[0-9]{1,2}([./-])[0-9]{1,2}[./-][0-9]{2}\s*$")
_SHORT_NAMED = re.compile(r"^\s*[0-9]{1,2}(\W*)[^\W\d_]+(\W*)[0-9]{2}\s*$")


def questions_of_dates(
    finding: DateFinding, dates: WrittenDates, real: np.ndarray, lines: np.ndarray | None
) -> tuple[Question, ...]:
    """What is to be asked of a column of dates, ``real`` (u,) being those that are in the calendar."""
    rows = telling_rows(finding.cells, real)
    shown = finding.cells.shown(rows, lines)
    places = ", ".join(f"line {line:,}: {text}" for line, text in shown)
    found = [_of_order(finding, dates, rows, places)]
    if not finding.asked:
        found += [
            _of_years(finding, dates, rows, places, [text for _, text in shown]),
            _of_era(finding.cells, dates, real, rows, places),
            _of_digits(finding.cells, dates, rows, places),
            _of_offsets(finding.cells, dates, real, rows, places),
        ]
    return tuple(question for question in found if question)


def _of_order(finding: DateFinding, dates: WrittenDates, rows: np.ndarray, places: str) -> Question | None:
    """Day or month first, where no cell proves it; a file's other dates do."""
    if not finding.is_open or (finding.day_first is not None and finding.reason in (PROOF, SHARED, TOLD)):
        return None
    name = finding.cells.name
    question = "Which comes first in the dates of {}, the day or the month?"
    if finding.day_first is None:
        why = "The dates mix both orders" if dates.contradicts_itself else "No number over 12 tells"
        as_they_are = Answer("left as text", as_type(name, "text"))
        return Question(
            finding.cells, question, f"{why}; {places}.", rows, as_they_are, (DAY, MONTH), of_file=True
        )
    taken, other = (DAY, MONTH) if finding.day_first else (MONTH, DAY)
    why = f"No number over 12 tells; {taken.label}: {finding.reason}"
    return Question(finding.cells, question, f"{why}; {places}.", rows, taken, (other,), of_file=True)


def _of_years(
    finding: DateFinding, dates: WrittenDates, rows: np.ndarray, places: str, texts: list[str]
) -> Question | None:
    """Two digits may be the year's or, first or last, the day's."""
    cells = finding.cells
    if not dates.style.short_year or not texts or finding.day_first is None:
        return None
    answers = [Answer("text", as_type(cells.name, "text"))]
    taken = Answer("years from 1969 to 2068", as_type(cells.name, "date"))
    question = f"Which years do two digits in {cells.name} mean?"
    why = f"Two digits are read as 1969 to 2068; {places}."
    mark = dates.style.separator
    if not dates.style.is_open and mark in YEAR_FIRST and dates.style == YEAR_FIRST[mark]:
        kind = "time" if dates.has_time else "date"
        if dates.has_time:
            return None
        taken = Answer("the year first, from 1969 to 2068", as_type(cells.name, f"{kind}:%y{mark}%m{mark}%d"))
        years = dates.parts["year"][dates.valid] % 100
        if len(years) and years.min() >= 1 and years.max() <= 31:
            answers.insert(0, Answer("the day first", as_type(cells.name, f"{kind}:%d{mark}%m{mark}%y")))
    elif form := _year_first(cells, dates, texts[0]):
        answers.insert(0, Answer("the year first", as_type(cells.name, f"date:{form}")))
    return Question(cells, question, why, rows, taken, tuple(answers))


def _year_first(cells: Cells, dates: WrittenDates, text: str) -> str:
    """The form with the year in front that all cells fit as well, or ""."""
    last = dates.parts["year"][dates.valid] % 100
    two_digits = cells.matches("^[0-9]{2}[^0-9]")[dates.valid].all()
    named, numbers = _SHORT_NAMED.match(text), _SHORT_NUMBERS.match(text)
    if not len(last) or last.min() < 1 or last.max() > 31 or not two_digits:
        return ""
    if named:
        return f"%y{named[1]}%b{named[2]}%d"
    months = dates.parts["b"][dates.valid]
    return f"%y{numbers[1]}%m{numbers[1]}%d" if numbers and months.max() <= 12 else ""


def _of_era(
    cells: Cells, dates: WrittenDates, real: np.ndarray, rows: np.ndarray, places: str
) -> Question | None:
    years = dates.parts["year"][real]
    return era_question(cells, int(years.min()), int(years.max()), rows, places) if len(years) else None


def era_question(cells: Cells, first: int, last: int, rows: np.ndarray, places: str) -> Question | None:
    """Years of 2567 and 1402 are hardly those of the common era."""
    eras = ((2400, 2700, "Buddhist"), (1300, 1500, "Persian or Islamic"))
    era = next((era for low, high, era in eras if low <= first <= last <= high), "")
    if not era:
        return None
    taken = Answer("years of the common era", as_type(cells.name, "date"))
    other = Answer("text", as_type(cells.name, "text"))
    why = f"All lie between {first} and {last}, as years of the {era} calendar do; {places}."
    return Question(cells, f"Are the years in {cells.name} of the common era?", why, rows, taken, (other,))


def _of_digits(cells: Cells, dates: WrittenDates, rows: np.ndarray, places: str) -> Question | None:
    """Digits that make dates by their form only may be numbers, or text."""
    style = dates.style
    digits = style.digits_only and bool(cells.matches("^[0-9]+$").any())
    if not digits and not (
        style.coarse == "month" and "word" not in style.parts and style.pattern.count("[/-]")
    ):
        return None
    question = f"Are the cells of {cells.name} dates?"
    other = (
        Answer("numbers", as_type(cells.name, "number"))
        if digits
        else Answer("text", as_type(cells.name, "text"))
    )
    taken = Answer("dates", as_type(cells.name, "date"))
    return Question(
        cells, question, f"All are days or months of the calendar; {places}.", rows, taken, (other,)
    )


def _of_offsets(
    cells: Cells, dates: WrittenDates, real: np.ndarray, rows: np.ndarray, places: str
) -> Question | None:
    """The local time of the cells, or UTC."""
    offsets = np.unique(dates.offsets[real])
    if not dates.stated[real].all() or not offsets.any():
        return None
    local = Answer("local times, as the clocks said", as_type(cells.name, "time:local"))
    utc = Answer("times in UTC", as_type(cells.name, "time:utc"))
    keep = len(offsets) == 1 or is_one_place(offsets)
    taken, other = (local, utc) if keep else (utc, local)
    why = f"The cells state offsets from UTC of {offset_words(offsets)}; {places}."
    return Question(
        cells, f"Are the times in {cells.name} to be kept as the clocks said?", why, rows, taken, (other,)
    )
