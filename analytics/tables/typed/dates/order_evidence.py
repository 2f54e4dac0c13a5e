"""Whether the day or the month comes first in dates of which no number is over 12: what speaks for it.

The reading is taken by it and the question stays: only a number over 12 proves an order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow.compute as pc

from analytics.tables.typed.cells import Cells
from analytics.tables.typed.dates.written_dates import WrittenDates, points_in_time

SPACING, MONTHS = "only so are they evenly spaced", "so they are one day of each month in a row"
GOES_ON = "only so does the time go on from day to day without a gap"
NOTES, NOTED_ORDER = "so says the date {} beside the table", "as in the date {} beside the table"
COMMAS = "as is usual where numbers have decimal commas"
POINTS, ASSUMED = "as is usual for dates with points", "an assumption: no cell decides"

_FEWEST_STEPS = 11
"""Twelve months, a year, are the fewest evenly spaced dates that are hardly so by chance."""
_FEWEST_WITHIN = 10
"""Steps within days that say how far apart moments lie."""
_CLOCK = "^[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?$"
_YEAR_FIRST = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})([-_./ ]?)(0[1-9]|1[0-2])\2(0[1-9]|[12][0-9]|3[01])(?![0-9])"
)
_YEAR_LAST = re.compile(r"(?<![0-9])([0-9]{1,2})([-./])([0-9]{1,2})\2(?:[0-9]{2}|[0-9]{4})(?![0-9])")
_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Beside:
    """What a file says besides its cells: the texts of its name and of the lines above and below the table,
    and whether its numbers have decimal commas."""

    texts: tuple[str, ...] = ()
    commas: bool = False


NOTHING_BESIDE = Beside()


def evident_order(
    cells: Cells, dates: WrittenDates, columns: Sequence[Cells], beside: Beside, *, mixed: bool
) -> tuple[bool | None, str]:
    """(whether the day comes first, why), or (``None``, "") where nothing speaks for either.

    ``mixed``: some cells have the day first and some the month; then only the usual order is left.
    """
    if not mixed:
        for order, reason in (
            _even_order(dates),
            _going_on(cells, dates, columns),
            _noted(dates, beside.texts),
        ):
            if order is not None:
                return order, reason
    if dates.style.separator == "." and not dates.style.short_year:
        return True, POINTS
    # Of the world's habits only those of decimal points put the month first (CLDR: en-US, fil-PH, es-PA).
    return (True, COMMAS) if beside.commas and not mixed else (None, "")


def _even_order(dates: WrittenDates) -> tuple[bool | None, str]:
    """Whether the day comes first, where the dates are evenly spaced in one order only, and the reason.

    1/1/85, 2/1/85 ... 1/1/86 are months with the month first, and eleven days and a gap with the day first.
    Where twelve dates are even in both orders, the first days of twelve months and twelve days in a row, they
    are months: a list of days that begins and ends with the months of a year is the rarer thing.
    """
    even = [order for order in (True, False) if _evenly_spaced(*points_in_time(dates, day_first=order))]
    if len(even) == 1:
        return even[0], SPACING
    constant = [
        order
        for order, day in ((True, "a"), (False, "b"))
        if even and len(np.unique(dates.parts[day][dates.valid])) == 1
    ]
    return (constant[0], MONTHS) if len(constant) == 1 else (None, "")


def _evenly_spaced(values: np.ndarray, real: np.ndarray) -> bool:
    """Whether dates (u,), in the order in which they first stand, go on by steps alike to a seventh."""
    steps = np.diff(values[real]).astype(np.int64)
    if len(steps) < _FEWEST_STEPS or len(set(np.sign(steps))) > 1:
        return False
    sizes = np.abs(steps)
    return bool(sizes.min() > 0 and sizes.max() <= sizes.min() * 8 / 7)  # 31 days to 28 are 1.107


def _going_on(cells: Cells, dates: WrittenDates, columns: Sequence[Cells]) -> tuple[bool | None, str]:
    """The order in which midnight is no gap, where times of day stand in the cells or in a column beside."""
    clock = None if dates.has_time else _clock_beside(cells, columns)
    if clock is None and not dates.has_time:
        return None, ""
    found = []
    for order in (True, False):
        values, real = points_in_time(dates, day_first=order)
        moments, known = cells.expand(values), cells.expand(real)
        if clock is not None:
            moments, known = moments + clock, known & ~np.isnat(clock)
        if _goes_on(moments[known]):
            found.append(order)
    return (found[0], GOES_ON) if len(found) == 1 else (None, "")


def _goes_on(moments: np.ndarray) -> bool:
    """Whether steps over midnight are no longer than twice the longest within a day, all one way."""
    steps = np.diff(moments)
    changes = np.diff(moments.astype("datetime64[D]")) != np.timedelta64(0, "D")
    within, across = np.abs(steps[~changes]), np.abs(steps[changes])
    if len(within) < _FEWEST_WITHIN or not len(across):
        return False
    one_way = bool((steps >= np.timedelta64(0)).all() or (steps <= np.timedelta64(0)).all())
    return one_way and bool(across.max() <= 2 * within.max() and within.max() < _DAY)


def _clock_beside(cells: Cells, columns: Sequence[Cells]) -> np.ndarray | None:
    """The times of day (n,) of the only other column that holds such, missing where it holds none."""
    found = [
        other
        for other in columns
        if other is not cells and other.sample_share(_CLOCK) == 1 and other.matches(_CLOCK).any()
    ]
    if len(found) != 1:
        return None
    parts = pc.extract_regex(found[0].trimmed, "^(?P<h>[0-9]{1,2}):(?P<m>[0-9]{2})(?::(?P<s>[0-9]{2}))?")
    hours, minutes, seconds = (
        pc.cast(pc.replace_substring_regex(pc.struct_field(parts, name), "^$", "0"), "int64")
        .to_numpy(zero_copy_only=False)
        .astype(np.float64)
        for name in "hms"
    )
    total = (hours * 60 + minutes) * 60 + seconds
    spans = np.where(np.isnan(total), np.timedelta64("NaT"), np.nan_to_num(total).astype("timedelta64[s]"))
    return found[0].expand(spans)


def _noted(dates: WrittenDates, texts: Sequence[str]) -> tuple[bool | None, str]:
    """The order that a date beside the table speaks for: in its own form it has a number over 12, or with the
    year first it is the first or last date of the column in one order, and none of its dates in the other."""
    for text in texts:
        orders = dict(_orders_in(text, dates.style.separator))
        if len(orders) == 1:
            return next((order, NOTED_ORDER.format(words)) for order, words in orders.items())
    noted = [(day, words) for text in texts for day, words in _days_in(text)]
    if not noted:
        return None, ""
    days = {}
    for order in (True, False):
        values, real = points_in_time(dates, day_first=order)
        days[order] = values[real].astype("datetime64[D]")
    for day, words in noted:
        for order in (True, False):
            ends = (days[order].min(), days[order].max()) if len(days[order]) else ()
            if day in ends and day not in days[not order]:
                return order, NOTES.format(words)
    return None, ""


def _orders_in(text: str, separator: str) -> list[tuple[bool, str]]:
    """(whether the day comes first, the date) for the dates with these marks that show their order."""
    found = []
    for match in _YEAR_LAST.finditer(text):
        first, second = int(match[1]), int(match[3])
        if match[2] == separator and max(first, second) <= 31 and (first > 12) != (second > 12):
            found.append((first > 12, match[0]))
    return found


def _days_in(text: str) -> list[tuple[np.datetime64[date | int | None], str]]:
    """The dates with the year first in a text, as in ``run_20231210.csv``."""
    found: list[tuple[np.datetime64[date | int | None], str]] = []
    for match in _YEAR_FIRST.finditer(text):
        try:
            day = date(int(match[1]), int(match[3]), int(match[4]))
        except ValueError:
            continue
        found.append((np.datetime64(day, "D"), match[0]))
    return found
