"""Typing columns of dates; the order of day and month is proved, stated as an assumption or left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analytics.tables.report import ColumnReading, Decision
from analytics.tables.typed.cells import Cells
from analytics.tables.typed.dates.date_order import PROOF, DateFinding
from analytics.tables.typed.dates.date_questions import era_question, questions_of_dates
from analytics.tables.typed.dates.date_styles import YEAR_FIRST
from analytics.tables.typed.dates.epochs import COUNTED, type_epochs
from analytics.tables.typed.dates.written_dates import WrittenDates, points_in_time
from analytics.tables.typed.dates.zones import is_one_place, offset_words, with_offsets
from analytics.tables.typed.doubts import Question, telling_rows
from analytics.tables.typed.marks import ENOUGH
from analytics.tables.typed.number_questions import kept_as_text
from analytics.tables.typed.typed import Typed, exceptions_note, missing_note, text_column

_OURS = (1500, 2400)
"""Between these years nobody asks of which era they are."""


def type_dates(cells: Cells, finding: DateFinding, lines: np.ndarray | None) -> Typed:
    """The column as datetime64, or as text with the reason."""
    if finding.form in COUNTED:
        return type_epochs(cells, finding.form, lines)
    if finding.iso:
        times, days_only = finding.iso
        values = cells.expand(times.to_numpy(zero_copy_only=False))
        what = "Dates" if days_only else "Dates with time of day"
        typed = _dates(cells, pd.DatetimeIndex(values), what, ())
        return (
            typed if finding.asked else replace(typed, questions=_era_questions(cells, typed.values, lines))
        )
    dates = finding.dates
    assert dates is not None
    if not finding.asked:
        text = _kept_open(cells, finding, dates, lines)
        if text is not None:
            return text
    values, real = points_in_time(dates, day_first=bool(finding.day_first))
    misfits = ~(real | cells.blank | cells.token)
    exceptions = cells.located(misfits, lines) if misfits.any() else ()
    if exceptions and not finding.asked:
        text = _too_many_misfits(cells, real, misfits, lines)
        if text is not None:
            return text
    times, zone_words = _zoned(finding, dates, values, real)
    if times is None:
        sentence = "Text: some of the times state a time zone and some do not."
        question = kept_as_text(
            cells,
            f"Are the times in {cells.name} to be kept as the clocks said?",
            sentence,
            dates.stated & real,
            lines,
            also=real & ~dates.stated,
            kind="time:local",
            label="local times, as the clocks said",
        )
        text = text_column(cells, sentence, alternatives=("time",))
        return Typed(text.values, text.reading, (question,))
    typed = _dates(
        cells,
        times,
        f"{_kind_words(dates)}{_order_words(finding)}{_year_words(dates)}{zone_words}",
        exceptions,
    )
    return Typed(typed.values, typed.reading, questions_of_dates(finding, dates, real, lines))


def _era_questions(cells: Cells, days: Any, lines: np.ndarray | None) -> tuple[Question, ...]:
    if days.tz is None and len(days):  # pandas takes ten times as long, which counts in wide tables
        moments = days.to_numpy()
        ends = (
            np.array([np.fmin.reduce(moments), np.fmax.reduce(moments)]).astype("datetime64[Y]").astype(int)
        )
        if ((ends + 1970 > _OURS[0]) & (ends + 1970 < _OURS[1])).all():  # years of NaT lie far off
            return ()
    first, last = days.min(), days.max()
    if pd.isna(first) or (_OURS[0] < last.year and first.year < _OURS[1]):
        return ()
    rows = telling_rows(cells, ~(cells.blank | cells.token))
    places = ", ".join(f"line {line:,}: {text}" for line, text in cells.shown(rows, lines))
    asked = era_question(cells, first.year, last.year, rows, places)
    return (asked,) if asked else ()


def _kept_open(
    cells: Cells, finding: DateFinding, dates: WrittenDates, lines: np.ndarray | None
) -> Typed | None:
    """The column as text, where the month or the order of day and month is not known."""
    if dates.problem:
        return text_column(cells, f"Text: {dates.problem}.", alternatives=("date",))
    if finding.day_first is not None:
        return None
    sentence = "Text: dates in which no cell shows whether the day or the month comes first."
    if dates.contradicts_itself:
        sentence = "Text: the dates mix day first and month first."
    typed = text_column(cells, sentence, alternatives=("date",))
    return Typed(typed.values, typed.reading, questions_of_dates(finding, dates, dates.valid, lines))


def _too_many_misfits(
    cells: Cells, real: np.ndarray, misfits: np.ndarray, lines: np.ndarray | None
) -> Typed | None:
    """The column as text, where not nearly all cells are dates, or those that are not have digits."""
    good, bad = cells.count(real), cells.count(misfits)
    if 2 * good < good + bad:
        return text_column(cells, "Text.")
    if bad <= (1 - ENOUGH) * (good + bad) and not cells.matches("[0-9]")[misfits].any():
        return None
    exceptions = cells.located(misfits, lines)
    sentence = f"Text: {good:,} of {good + bad:,} cells are dates, but not {exceptions_note(exceptions)}."
    typed = text_column(cells, sentence, exceptions=exceptions, alternatives=("date",))
    question = kept_as_text(
        cells,
        f"Is {cells.name} a column of dates?",
        sentence,
        misfits,
        lines,
        also=real,
        kind="date",
        label="dates",
    )
    return Typed(typed.values, typed.reading, (question,))


def _zoned(
    finding: DateFinding, dates: WrittenDates, values: np.ndarray, real: np.ndarray
) -> tuple[pd.DatetimeIndex | None, str]:
    """The times with their zone and words on it; no times where only some cells state one, unless asked."""
    shown = np.where(real, values, np.datetime64("NaT"))
    stated = dates.stated[real]
    if not stated.any():
        return pd.DatetimeIndex(shown), ""
    if not stated.all():
        if not finding.asked:
            return None, ""
        return pd.DatetimeIndex(shown), ", as the clocks said; some cells state an offset from UTC, left out"
    offsets = np.unique(dates.offsets[real])
    local = finding.form != "utc" and (len(offsets) == 1 or finding.form == "local" or is_one_place(offsets))
    times = with_offsets(values, real, dates.offsets, local=local)
    if len(offsets) == 1:
        return times, f", {times.tz}"
    if local:
        return times, f", as the clocks said; the offsets from UTC, {offset_words(offsets)}, are left out"
    return times, f", in UTC; the cells state offsets of {offset_words(offsets)}"


def _dates(
    cells: Cells, times: pd.DatetimeIndex, words: str, exceptions: tuple[tuple[int, str], ...]
) -> Typed:
    kind = "time" if words.startswith("Dates with time") else "date"
    sentence = f"{words}.{missing_note(cells, exceptions)}"
    rows = times if cells.codes is None or len(times) != len(cells.distinct) else times.take(cells.codes)
    return Typed(rows.array, ColumnReading(cells.name, kind, sentence, exceptions, ("text",)))


def _kind_words(dates: WrittenDates) -> str:
    if dates.style.coarse and not dates.parts["weekday"].any():
        return f"Dates: each {dates.style.coarse} as its first day"
    return "Dates with time of day" if dates.has_time else "Dates"


def _year_words(dates: WrittenDates) -> str:
    first = ", the year first" if dates.style in YEAR_FIRST.values() else ""
    return f"{first}, two-digit years read as 1969 to 2068" if dates.style.short_year else ""


def _order_words(finding: DateFinding) -> str:
    if not finding.is_open:
        return ""
    reason = "" if finding.reason == PROOF else f" ({finding.reason})"
    return (", the day first" if finding.day_first else ", the month first") + reason


def date_decisions(findings: Mapping[str, DateFinding], lines: np.ndarray | None) -> tuple[Decision, ...]:
    """One decision for each order of day and month in the file, with a cell that proves it if any."""
    found: list[Decision] = []
    for order in (True, False, None):
        here = [finding for finding in findings.values() if finding.is_open and finding.day_first is order]
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
    proved = [finding for finding in findings if finding.reason == PROOF]
    known = "" if proved else f", {findings[0].reason}"
    sentence = f"Dates in {names} have the {'day' if order else 'month'} first{known}."
    evidence = _example(proved[0], "a" if order else "b", lines) if proved else findings[0].reason
    return Decision("day_first", str(order), sentence, evidence, (str(not order),))


def _example(finding: DateFinding, part: str | None, lines: np.ndarray | None) -> str:
    """A cell with its line: the first whose number is over 12, or just the first."""
    dates = finding.dates
    assert dates is not None
    mask = dates.valid & (dates.parts[part] > 12) if part else dates.valid
    shown = finding.cells.shown(finding.cells.rows_of(mask, most=1), lines)
    return f"line {shown[0][0]:,}: {shown[0][1]}" if shown else ""
