"""A column in order of time, on an even grid where its times allow one, with what was done for that."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from pandas.api import types

from analytics.errors import ZetascopeError
from analytics.numbers.basics.parameters import Label
from analytics.numbers.basics.selection import float_values, require_columns
from analytics.numbers.outliers.mixed.features import seconds_of
from analytics.words import count, number_text

FEWEST = 12  # values, below which neither a level nor its noise can be told
_DAY = 86_400.0
_EVEN = 0.9  # of the steps are the usual one, or a multiple of it: the times lie on a grid
_MOST_GRID = 4  # grid points for each value; a series with more is mostly gaps
_NEAR = 0.02  # of a step that a time may lie beside the grid
_UNITS = (("day", _DAY), ("hour", 3_600.0), ("minute", 60.0), ("second", 1.0))


@dataclass(frozen=True)
class Clocked:
    """Values (m,) ascending by time, one for each time.

    ``rows`` (m,) are the positions in the table, ``at`` (m,) the times in seconds since 1970 or numbers as
    they are, ``places`` (m,) those on an even grid of ``step`` (None without a grid). ``step_words`` says how
    far apart they are, ``notes`` what was sorted, joined or left out, and which gaps there are.
    """

    column: Label
    time: Label
    rows: np.ndarray = field(repr=False)
    at: np.ndarray = field(repr=False)
    values: np.ndarray = field(repr=False)
    places: np.ndarray | None = field(repr=False)
    step: float
    step_words: str
    dates: bool
    notes: tuple[str, ...]


def clocked(frame: pd.DataFrame, column: Label, time: Label) -> Clocked:
    """Put a number column in order of a column of times.

    Raises:
        ZetascopeError: for a column that is not there or holds no numbers or times, or fewer than 12 values.
    """
    require_columns(frame, [column, time])
    values = float_values(frame[column], column)
    dates = not types.is_numeric_dtype(frame[time].dtype)
    at = seconds_of(frame[time]) if dates else float_values(frame[time], time)
    if at is None:
        raise ZetascopeError(f"Column {time!r} holds no times: choose one with dates, times or years.")
    known = np.flatnonzero(np.isfinite(values) & np.isfinite(at))
    notes = _left_out(len(frame), at, known)
    if (np.diff(at[known]) < 0).any():
        notes.append("The rows are not in order of time; they were sorted for this.")
    rows = known[np.argsort(at[known], kind="stable")]
    rows, values, again = _one_each(rows, values, at)
    if again:
        notes.append(
            f"{count(again, 'time occurs', 'times occur')} more than once; the median of the values stands "
            "for each."
        )
    if len(rows) < FEWEST:
        raise ZetascopeError(
            f"{column!r} has {count(len(rows), 'value')} over {time!r}: at least {FEWEST} different times "
            "are needed."
        )
    step = float(np.median(np.diff(at[rows])))
    places, words = _grid(at[rows], step, dates=dates)
    notes += _gaps(at[rows], places, words, dates=dates)
    return Clocked(column, time, rows, at[rows], values, places, step, words, dates, tuple(notes))


def _left_out(size: int, at: np.ndarray, known: np.ndarray) -> list[str]:
    without = int((~np.isfinite(at)).sum())
    empty = size - len(known) - without
    notes = []
    if without:
        notes.append(f"{count(without, 'row')} without a time left out.")
    if empty:
        notes.append(f"{count(empty, 'row')} without a value left out.")
    return notes


def _one_each(rows: np.ndarray, values: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """One row for each time, with the median of its values; the row is that of the value farthest from it."""
    times, starts, counts = np.unique(at[rows], return_index=True, return_counts=True)
    if len(times) == len(rows):
        return rows, values[rows], 0
    kept, joined = [], []
    for start, size in zip(starts.tolist(), counts.tolist(), strict=True):
        own = rows[start : start + size]
        middle = float(np.median(values[own]))
        kept.append(own[np.argmax(np.abs(values[own] - middle))])
        joined.append(middle)
    return np.array(kept, dtype=np.intp), np.array(joined), int((counts > 1).sum())


def _grid(at: np.ndarray, step: float, *, dates: bool) -> tuple[np.ndarray | None, str]:
    """The places (m,) of times on an even grid and what its step is called; None where they lie on none."""
    if dates:
        months = _months(at)
        by_month = float(np.median(np.diff(months)))
        if by_month >= 1 and 27 <= step / _DAY <= 370 and (np.diff(months) % by_month == 0).mean() >= _EVEN:
            places = np.round((months - months[0]) / by_month).astype(np.int64)
            if len(np.unique(places)) == len(places) and places[-1] < _MOST_GRID * len(places):
                return places, _month_words(by_month)
    with np.errstate(over="ignore"):
        steps = np.diff(at) / step
    words = step_words(step) if dates else number_text(step)
    if not np.isfinite(steps).all():
        return None, words
    if (np.abs(steps - np.round(steps)) <= _NEAR).mean() < _EVEN or (steps < 1 - _NEAR).mean() > 1 - _EVEN:
        return None, words
    places = np.round((at - at[0]) / step).astype(np.int64)
    if len(np.unique(places)) < len(places) or places[-1] >= _MOST_GRID * len(places):
        return None, words
    return places, words


def _months(at: np.ndarray) -> np.ndarray:
    days = at.astype("datetime64[s]")
    return days.astype("datetime64[M]").astype(np.int64)


def _month_words(months: float) -> str:
    return {1.0: "1 month", 3.0: "3 months", 12.0: "1 year"}.get(months, f"{number_text(months)} months")


def step_words(seconds: float) -> str:
    """A length of time in the largest unit that it has one of."""
    for unit, size in _UNITS:
        if seconds >= size:
            amount = seconds / size
            told = number_text(round(amount, 2))
            return f"{told} {unit}{'' if told == '1' else 's'}"
    return f"{number_text(seconds)} seconds"


def _gaps(at: np.ndarray, places: np.ndarray | None, words: str, *, dates: bool) -> list[str]:
    if places is None:
        return [f"The times lie on no even grid (the usual step is {words}), so no season is looked for."]
    missing = np.diff(places) - 1
    gaps = int((missing > 0).sum())
    if not gaps:
        return []
    widest = int(np.argmax(missing))
    long = float(at[widest + 1] - at[widest])
    told = step_words(long) if dates else number_text(long)
    after = moment_words(float(at[widest])) if dates else number_text(float(at[widest]))
    return [
        f"{count(gaps, 'gap')} of {count(int(missing.sum()), 'missing step')} of {words}, the longest {told} "
        f"after {after}; nothing is judged inside."
    ]


def moment_words(seconds: float) -> str:
    """A point in time; the day alone where it is midnight."""
    moment = pd.Timestamp(seconds, unit="s")
    return f"{moment:%Y-%m-%d}" if seconds % _DAY == 0 else f"{moment:%Y-%m-%d %H:%M}"
