"""Which columns are dates, and whether the day or the month comes first in them: by evidence, told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from analytics.tables.options import TIME_FORMS, ReadOptions
from analytics.tables.typed.cells import Cells
from analytics.tables.typed.codes import DATE_NAMES, names_a_code
from analytics.tables.typed.dates.date_styles import COMPACT, YEAR_FIRST, style_of
from analytics.tables.typed.dates.order_evidence import ASSUMED, NOTHING_BESIDE, Beside, evident_order
from analytics.tables.typed.dates.written_dates import (
    WrittenDates,
    dates_as_most,
    fast_iso,
    find_dates_in,
    points_in_time,
    take_apart,
)

_FEWEST_COMPACT = 3
"""Numbers of eight digits are dates by chance one time in 200; three of them one in eight million."""

PROOF, SHARED, TOLD = "proof", "as in the file's other dates", "as asked"


@dataclass(frozen=True)
class DateFinding:
    """A column of dates; ``day_first`` is ``None`` where nothing decides, ``reason`` says what did."""

    cells: Cells
    dates: WrittenDates | None
    iso: tuple[pa.Array, bool] | None
    asked: bool = False
    form: str = ""
    day_first: bool | None = None
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the order of day and month had to be decided."""
        return self.dates is not None and self.dates.style.is_open

    @property
    def is_digits(self) -> bool:
        """Whether the cells are whole numbers that make dates."""
        return self.dates is not None and self.dates.style.digits_only


def find_dates(
    columns: Sequence[Cells], options: ReadOptions, beside: Beside = NOTHING_BESIDE
) -> dict[str, DateFinding]:
    """The columns that are dates, with the order of day and month where something proves it.

    ``beside`` is what else the file says.
    """
    every = (_find(cells, options) for cells in columns)
    found = {finding.cells.name: finding for finding in every if finding}
    proofs = {finding.dates.day_first for finding in found.values() if finding.dates and finding.is_open}
    proofs.discard(None)
    shared = proofs.pop() if len(proofs) == 1 else None
    return {
        name: _with_order(finding, shared, options.day_first, columns, beside)
        for name, finding in found.items()
    }


def _find(cells: Cells, options: ReadOptions) -> DateFinding | None:
    form = options.form_of(cells.name)
    if options.type_of(cells.name) in ("date", "time"):
        return _asked(cells, form)
    iso = fast_iso(cells)
    dates = None if iso else find_dates_in(cells)
    dates = dates and _year_in_front(cells, dates)
    if iso or (dates and (dates.problem or _holds(cells, dates))):
        return DateFinding(cells, dates, iso)
    return None


def _year_in_front(cells: Cells, dates: WrittenDates) -> WrittenDates:
    """The dates with two digits of the year first, where only so they are dates, or lie ten times closer
    together: dates of one column are of a few years, and days of the month are not in order."""
    if not (dates.style.short_year and dates.style.is_open):
        return dates
    turned = take_apart(cells.trimmed, YEAR_FIRST[dates.style.separator])
    first, last = _span(cells, turned, (False,)), _span(cells, dates, (True, False))
    return turned if first is not None and (last is None or first * 10 < last) else dates


def _span(cells: Cells, dates: WrittenDates, orders: tuple[bool, ...]) -> int | None:
    """Days from the first to the last date, in the order that makes fewest; ``None`` if not all are dates."""
    spans = []
    for order in orders:
        values, real = points_in_time(dates, day_first=order)
        if real.any() and (real | cells.blank | cells.token).all():
            spans.append(int((values[real].max() - values[real].min()) / np.timedelta64(1, "D")))
    return min(spans, default=None)


def _asked(cells: Cells, form: str) -> DateFinding:
    if form and form not in TIME_FORMS:
        return DateFinding(cells, take_apart(cells.trimmed, style_of(form)), None, True, form)
    iso = fast_iso(cells)
    dates = None if iso else dates_as_most(cells)
    return DateFinding(cells, dates, iso, True, form)


def _holds(cells: Cells, dates: WrittenDates) -> bool:
    """Whether cells that could be something else are dates without exception."""
    style = dates.style
    if not (style.coarse or style.digits_only or (style.short_year and style.separator != "/")):
        return True
    real = [
        points_in_time(dates, day_first=order)[1] for order in ((True, False) if style.is_open else (True,))
    ]
    if not any((one | cells.blank | cells.token).all() for one in real):
        return False
    if style.digits_only:
        if names_a_code(cells.name) and not DATE_NAMES.search(cells.name):
            return False
        few = cells.count(dates.valid) < _FEWEST_COMPACT and cells.matches("^[0-9]+$").any()
        return not few or bool(DATE_NAMES.search(cells.name))
    return not (style.coarse == "month" and _are_seasons(dates))


def _are_seasons(dates: WrittenDates) -> bool:
    """Whether all are like 2009-10, 2010/11: years of a school or a league, not months."""
    if "word" in dates.style.parts:
        return False
    year, second = dates.parts["year"][dates.valid], dates.parts["a"][dates.valid]
    return bool(((year + 1) % 100 == second).all())


def _with_order(
    finding: DateFinding, shared: bool | None, told: bool | None, columns: Sequence[Cells], beside: Beside
) -> DateFinding:
    dates = finding.dates
    if dates is None or not finding.is_open:
        return replace(finding, day_first=False)
    told = {"day_first": True, "month_first": False}.get(finding.form, told)
    mixed = dates.contradicts_itself
    guesses = [(told, TOLD)]
    guesses += [] if mixed else [(dates.day_first, PROOF), (shared, SHARED)]
    order, reason = next((guess for guess in guesses if guess[0] is not None), (None, ""))
    if order is None:
        order, reason = evident_order(finding.cells, dates, columns, beside, mixed=mixed)
    if order is None and finding.asked:
        order, reason = True, ASSUMED
    return finding if order is None else replace(finding, day_first=order, reason=reason)


def is_compact(cells: Cells) -> bool:
    """Whether a column of whole numbers is dates like 20240131."""
    return cells.sample_share(COMPACT.pattern) == 1
