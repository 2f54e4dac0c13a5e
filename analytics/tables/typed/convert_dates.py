"""Typing columns of dates; the order of day and month is proved, stated as an assumption or left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.tables.options import ReadOptions
from analytics.tables.report import ColumnReading, Decision
from analytics.tables.typed.cells import Cells
from analytics.tables.typed.marks import ENOUGH, MOSTLY
from analytics.tables.typed.moments import (
    Moments,
    even_order,
    fast_iso,
    find_moments,
    find_style,
    moments_to_datetimes,
    with_zones,
    zone_offsets,
)
from analytics.tables.typed.typed import Typed, exceptions_note, missing_note, text_column


@dataclass(frozen=True)
class DateFinding:
    """A column of dates; ``day_first`` is ``None`` where nothing decides, ``reason`` says what did."""

    cells: Cells
    moments: Moments | None
    iso: tuple[pa.Array, bool] | None
    asked: bool
    day_first: bool | None = None
    reason: str = ""


def find_dates(columns: Sequence[Cells], options: ReadOptions) -> dict[str, DateFinding]:
    """The columns that are dates, with the order of day and month where something proves it."""
    found: dict[str, DateFinding] = {}
    for cells in columns:
        asked = options.type_of(cells.name) in ("date", "time")
        iso = fast_iso(cells)
        style = None if iso else find_style(cells, short_year=asked)
        if iso or style:
            moments = find_moments(cells, style) if style else None
            found[cells.name] = DateFinding(cells, moments, iso, asked)
    proofs = {finding.moments.day_first for finding in found.values() if _open(finding) and finding.moments}
    proofs.discard(None)
    shared = proofs.pop() if len(proofs) == 1 else None
    return {name: _with_order(finding, shared, options.day_first) for name, finding in found.items()}


def _open(finding: DateFinding) -> bool:
    return finding.moments is not None and finding.moments.style.order == "numbers"


def _with_order(finding: DateFinding, shared: bool | None, told: bool | None) -> DateFinding:
    moments = finding.moments
    if moments is None or not _open(finding):
        return DateFinding(finding.cells, moments, finding.iso, finding.asked, False)
    proof = None if moments.contradicts_itself else moments.day_first
    for order, reason in (
        (told, "as asked"),
        (proof, "proof"),
        (None if moments.contradicts_itself else shared, "as in the file's other dates"),
        (None if moments.contradicts_itself else even_order(moments), "only so are they evenly spaced"),
        (True if moments.style.separator == "." else None, "as is usual for dates with points"),
        (True if finding.asked else None, "an assumption: no cell decides"),
    ):
        if order is not None:
            return DateFinding(finding.cells, moments, None, finding.asked, order, reason)
    return DateFinding(finding.cells, moments, None, finding.asked)


def type_dates(cells: Cells, finding: DateFinding, lines: np.ndarray | None) -> Typed:
    """The column as datetime64, or as text with the reason."""
    if finding.iso:
        times, days_only = finding.iso
        values = cells.expand(times.to_numpy(zero_copy_only=False))
        return _dates(cells, pd.DatetimeIndex(values), days_only, "", ())
    moments = finding.moments
    assert moments is not None
    if finding.day_first is None:
        return text_column(cells, _open_sentence(moments), alternatives=("date",))
    values, real = moments_to_datetimes(moments, day_first=finding.day_first)
    misfits = ~(real | cells.blank | cells.token)
    exceptions = cells.located(misfits, lines) if misfits.any() else ()
    if exceptions and not finding.asked:
        good, bad = cells.count(real), cells.count(misfits)
        if good < MOSTLY * (good + bad):
            return text_column(cells, "Text.")
        if bad > (1 - ENOUGH) * (good + bad) or cells.matches("[0-9]")[misfits].any():
            sentence = (
                f"Text: {good:,} of {good + bad:,} cells are dates, but not {exceptions_note(exceptions)}."
            )
            return text_column(cells, sentence, exceptions=exceptions, alternatives=("date",))
    times = with_zones(values, real, *zone_offsets(moments))
    if times is None:
        return text_column(cells, "Text: some of the times state a time zone and some do not.")
    order = _order_words(finding) if _open(finding) else ""
    if moments.style.short_year:
        order += ", two-digit years read as 1969 to 2068"
    return _dates(cells, times, not moments.has_time, order, exceptions)


def _dates(
    cells: Cells,
    times: pd.DatetimeIndex,
    days_only: bool,
    order: str,
    exceptions: tuple[tuple[int, str], ...],
) -> Typed:
    kind, words = ("date", "Dates") if days_only else ("time", "Dates with time of day")
    zone = f", {times.tz}" if times.tz is not None else ""
    sentence = f"{words}{order}{zone}.{missing_note(cells, exceptions)}"
    rows = times if cells.codes is None or len(times) != len(cells.distinct) else times.take(cells.codes)
    return Typed(rows.array, ColumnReading(cells.name, kind, sentence, exceptions, ("text",)))


def _open_sentence(moments: Moments) -> str:
    if moments.contradicts_itself:
        return "Text: the dates mix day first and month first."
    return "Text: dates in which no cell shows whether the day or the month comes first."


def _order_words(finding: DateFinding) -> str:
    reason = "" if finding.reason == "proof" else f" ({finding.reason})"
    return (", the day first" if finding.day_first else ", the month first") + reason


def date_decisions(findings: Mapping[str, DateFinding], lines: np.ndarray | None) -> tuple[Decision, ...]:
    """One decision for each order of day and month in the file, with a cell that proves it if any."""
    found: list[Decision] = []
    for order in (True, False, None):
        here = [finding for finding in findings.values() if _open(finding) and finding.day_first is order]
        if here:
            found.append(_decision(here, order, lines))
    return tuple(found)


def _decision(findings: Sequence[DateFinding], order: bool | None, lines: np.ndarray | None) -> Decision:
    names = ", ".join(finding.cells.name for finding in findings)
    if order is None:
        sentence = (
            f"Dates in {names} may have the day or the month first; they stay text until you say which."
        )
        return Decision(
            "day_first", "undecided", sentence, _example(findings[0], None, lines), ("True", "False")
        )
    proved = [finding for finding in findings if finding.reason == "proof"]
    known = "" if proved else f", {findings[0].reason}"
    sentence = f"Dates in {names} have the {'day' if order else 'month'} first{known}."
    evidence = _example(proved[0], "a" if order else "b", lines) if proved else findings[0].reason
    return Decision("day_first", str(order), sentence, evidence, (str(not order),))


def _example(finding: DateFinding, part: str | None, lines: np.ndarray | None) -> str:
    """A cell with its line: the first whose number is over 12, or just the first."""
    moments = finding.moments
    assert moments is not None
    mask = moments.valid & (moments.parts[part] > 12) if part else moments.valid
    first = np.zeros(len(mask), bool)
    first[np.flatnonzero(mask)[:1]] = True
    shown = finding.cells.located(first, lines)
    return f"line {shown[0][0]:,}: {shown[0][1]}" if shown else ""
