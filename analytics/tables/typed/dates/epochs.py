"""Numbers that count time: seconds and milliseconds since 1970, days as sheets count them."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.report import ColumnReading
from analytics.tables.typed.cells import Cells, matches
from analytics.tables.typed.codes import DATE_NAMES, MONTH, names_a_code
from analytics.tables.typed.dates.date_styles import style_of
from analytics.tables.typed.dates.written_dates import points_in_time, take_apart
from analytics.tables.typed.doubts import Answer, Question, as_type, telling_rows
from analytics.tables.typed.typed import Typed, missing_note

_COUNT_OF_TODAY = r"^[0-9]{10}(?:[0-9]{3}){0,3}(?:\.[0-9]+)?$"
_COUNT = r"^-?[0-9]{1,19}(?:\.[0-9]+)?$"
_SHEET_ZERO = np.datetime64("1899-12-30")
"""Day 0 of sheets, whose 1900 is a leap year, for every day since March 1900."""

_DIGIT_FORMS = {
    6: {"%y%m%d": "dates, the year first", "%d%m%y": "dates, the day first"},
    7: {"%Y%j": "dates, the day of the year behind the year"},
    8: {"%d%m%Y": "dates, the day first", "%m%d%Y": "dates, the month first"},
}
"""Dates without marks by their number of digits; those with a long year in front are found by themselves."""

_MONTH_BEHIND_POINT = r"^(?:19|20)[0-9]{2}\.(?:0[1-9]|1[0-2])$"
"""January of 2020 as 2020.01; as a number, its October is 2020.1."""
_MONTHS = {f"^{MONTH}$": "%Y%m", _MONTH_BEHIND_POINT: "%Y.%m"}
_FEWEST_MONTHS = 3
"""Rows; one number in 250 makes a month by chance."""

_PLAUSIBLE = {
    "unix": (3e8, 4.2e9), "unix_ms": (3e11, 4.2e12), "unix_us": (3e14, 4.2e15), "unix_ns": (3e17, 4.2e18),
    "excel": (14_000, 80_000),
}  # fmt: skip
"""1979 to 2103 in seconds and parts of them; 1938 to 2119 in days."""
_LIKELY = {
    "unix": (1e9, 2.2e9),
    "unix_ms": (1e12, 2.2e12),
    "unix_us": (1e15, 2.2e15),
    "unix_ns": (1e18, 2.2e18),
}
"""2001 to 2039: what a column whose name says nothing of time has to keep to."""
_SHORT_NAME = re.compile(r"(?i)(?:t|tm|ts|ts_?(?:ms|us|ns)|utc|x|column_[0-9]+)$")
"""Names that may mean time, and those that mean nothing."""
_FEWEST_IN_ORDER = 5
"""Rows; fewer numbers of ten digits may stand in order by chance."""
COUNTED = tuple(_PLAUSIBLE)
"""Forms of times that are counts."""
_WORDS = {
    "unix": "seconds since 1970",
    "unix_ms": "milliseconds since 1970",
    "unix_us": "microseconds since 1970",
    "unix_ns": "nanoseconds since 1970",
    "excel": "days since 1900, as sheets count them",
}
_MICROSECONDS = {"unix": 10**6, "unix_ms": 10**3, "unix_us": 1, "unix_ns": 1, "excel": 86_400 * 10**6}
"""How many of them one of what is counted has, nanoseconds once they are cut to microseconds."""


def epoch_question(cells: Cells, digits: pa.Array, lines: np.ndarray | None) -> Question | None:
    """Whether numbers under a name of time count it; ``digits`` (u,) are the cells in plain form."""
    months = _months_question(cells, lines)
    if months:
        return months
    named = DATE_NAMES.search(cells.name) is not None
    days = named and digit_dates_question(
        cells, lines, taken=Answer("numbers", as_type(cells.name, "number"))
    )
    if days:
        return days
    if not named and not _may_be_counts(cells):
        return None
    numbers = pc.cast(digits, pa.float64()).to_numpy(zero_copy_only=False)
    forms = _forms(cells, numbers, named=named)
    if not forms:
        return None
    rows = telling_rows(cells, ~np.isnan(numbers))
    places = ", ".join(f"line {line:,}: {text}" for line, text in cells.shown(rows, lines))
    question = f"Do the numbers in {cells.name} count time?"
    by = "By its name and" if named else "By"
    why = f"{by} their size they may be {' or '.join(_WORDS[form] for form in forms)}; {places}."
    taken = Answer("numbers", as_type(cells.name, "number"))
    answers = tuple(Answer(_WORDS[form], as_type(cells.name, f"time:{form}")) for form in forms)
    return Question(cells, question, why, rows, taken, answers)


def _may_be_counts(cells: Cells) -> bool:
    """Whether all are whole or decimal numbers of as many digits as counts of today have, and no codes."""
    if cells.sample_share(_COUNT_OF_TODAY) < 1 or names_a_code(cells.name):
        return False
    return bool((cells.matches(_COUNT_OF_TODAY) | cells.blank | cells.token).all())


def _forms(cells: Cells, numbers: np.ndarray, *, named: bool) -> list[str]:
    """What numbers (u,) of this size may count. Under a name that says something else than time they stand
    in order, as times are written down."""
    known = numbers[~np.isnan(numbers)]
    if not len(known):
        return []
    low, high = known.min(), known.max()
    forms = [
        form
        for form, (least, most) in (_PLAUSIBLE if named else _LIKELY).items()
        if least <= low and high <= most
    ]
    if named or not forms or _SHORT_NAME.match(cells.name):
        return forms
    rows = cells.expand(numbers)
    steps = np.diff(rows[~np.isnan(rows)])
    in_order = len(steps) + 1 >= _FEWEST_IN_ORDER and ((steps >= 0).all() or (steps <= 0).all())
    return forms if in_order and low < high else []


def digit_dates_question(cells: Cells, lines: np.ndarray | None, *, taken: Answer) -> Question | None:
    """Whether digits under a name of time are dates like 31012024 or 240131; ``taken`` says what they are."""
    if not DATE_NAMES.search(cells.name) or not len(cells.sample):
        return None
    width = len(cells.sample[0].as_py())
    filled = ~(cells.blank | cells.token)
    if width not in _DIGIT_FORMS or not (cells.matches(f"^[0-9]{{{width}}}$") | ~filled).all():
        return None
    answers = []
    for form, words in _DIGIT_FORMS[width].items():
        real = points_in_time(take_apart(cells.trimmed, style_of(form)), day_first=True)[1]
        if (real | ~filled).all():
            answers.append(Answer(words, as_type(cells.name, f"date:{form}")))
    if not answers:
        return None
    rows = telling_rows(cells, filled)
    places = ", ".join(f"line {line:,}: {text}" for line, text in cells.shown(rows, lines))
    why = f"By its name, and as all of them make a date; {places}."
    return Question(cells, f"Are the digits in {cells.name} dates?", why, rows, taken, tuple(answers))


def _months_question(cells: Cells, lines: np.ndarray | None) -> Question | None:
    """Whether numbers like 202401 or 2024.01 are months."""
    form = next((form for form in _MONTHS if cells.sample_share(form) == 1), None)
    if form is None:
        return None
    months = cells.matches(form)
    if cells.count(months) < _FEWEST_MONTHS or not (months | cells.blank | cells.token).all():
        return None
    rows = telling_rows(cells, months)
    places = ", ".join(f"line {line:,}: {text}" for line, text in cells.shown(rows, lines))
    dates = Answer("months, as their first days", as_type(cells.name, f"date:{_MONTHS[form]}"))
    why = f"All make a year and a month, which few numbers do; {places}."
    taken = Answer("numbers", as_type(cells.name, "number"))
    return Question(cells, f"Are the numbers in {cells.name} months?", why, rows, taken, (dates,))


def type_epochs(cells: Cells, form: str, lines: np.ndarray | None) -> Typed:
    """The column's numbers as times of this form; what is no number is missing and listed."""
    fits = matches(cells.trimmed, _COUNT)
    numbers = pc.cast(
        pc.if_else(pa.array(fits), cells.trimmed, pa.scalar(None, cells.trimmed.type)), pa.float64()
    )
    counts = numbers.to_numpy(zero_copy_only=False)
    if form == "unix_ns":  # no float has as many digits
        fits &= matches(cells.trimmed, "^-?[0-9]{1,18}$|^[0-9]{19}$") & (
            np.nan_to_num(np.abs(counts)) < 2**62
        )
        kept = pc.if_else(pa.array(fits), cells.trimmed, pa.scalar("0", cells.trimmed.type))
        counts = pc.cast(kept, pa.int64()).to_numpy(zero_copy_only=False) // 1000
    with np.errstate(invalid="ignore"):
        micro = np.round(counts * _MICROSECONDS[form])
        fits &= np.abs(micro) < 2**62
    origin = _SHEET_ZERO if form == "excel" else np.datetime64("1970-01-01")
    whole = np.where(fits, micro, 0).astype(np.int64)
    if form == "excel":  # a double of days holds milliseconds, no more
        whole = np.round(whole / 1000).astype(np.int64) * 1000
    values = np.where(fits, origin.astype("datetime64[us]") + whole, np.datetime64("NaT"))
    exceptions = cells.located(~(fits | cells.blank | cells.token), lines)
    days_only = not (whole % (86_400 * 10**6)).any()
    sentence = f"{'Dates' if days_only else 'Dates with time of day'}, counted as {_WORDS[form]}."
    reading = ColumnReading(
        cells.name,
        "date" if days_only else "time",
        sentence + missing_note(cells, exceptions),
        exceptions,
        ("number",),
    )
    return Typed(pd.DatetimeIndex(cells.expand(values)).array, reading)
