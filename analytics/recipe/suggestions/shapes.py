"""Columns whose values have a shape of their own: names of rows, codes, even spreads, courses over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from scipy.special import gammaincc

from analytics.recipe.steps.columns import SetType
from analytics.recipe.suggestions.suggestion import Suggestion
from analytics.tables.columns import Role
from analytics.words import number_text

_ENOUGH = 30  # values below which a shape may be chance
_FEW_CODES = 6  # whole numbers: as many as a question of a survey has answers
_MANY = 10  # rows for each of them, so that they are no counts that happen to be low
_BINS = 20  # ranges of one width that an even spread fills alike
_EVEN = 200  # values that leave ten for each
_SAMPLE = 50_000
_LIKELY = 0.05  # of even spreads are further from even than this
_SHORTEST = 4  # characters: shorter words are often of one length
_COURSE = 0.7  # rank correlation with time, from which half of the differences are the course's
_SEASONS = {4: "quarters", 7: "days of a week", 12: "months", 24: "hours of a day", 52: "weeks of a year"}
_SEASON = 0.5
_CYCLES = 4  # seen so often before a season is said to be one


def shapes(
    frame: pd.DataFrame, roles: Mapping[str, Role], unique: Mapping[str, bool]
) -> Iterator[Suggestion]:
    """What is said of single columns by their shape, then of numbers beside the one column of times.

    ``unique`` says of which columns it is known whether all their values differ.
    """
    for name, role in roles.items():
        column = frame[name].dropna()
        if len(column) < _ENOUGH:
            continue
        if role.kind in ("text", "category", "identifier"):
            differ = unique.get(name)
            yield from _words(name, column, differ=column.is_unique if differ is None else differ)
        elif role.kind == "number":
            yield from _numbers(name, column)
    times = [name for name, role in roles.items() if role.kind == "time"]
    if len(times) == 1 and pd.api.types.is_datetime64_any_dtype(frame[times[0]].dtype):
        for name, role in roles.items():
            if role.kind == "number":
                yield from _course(name, times[0], frame[[times[0], name]].dropna())


def _words(name: str, column: pd.Series, *, differ: bool) -> Iterator[Suggestion]:
    if differ:
        yield Suggestion("unique", f"{name!r} has another value in every row: it names rows.", 0, (name,))
        return
    if not isinstance(column.dtype, pd.StringDtype):
        return
    lengths = column.str.len()
    length = int(lengths.iloc[0])
    if length >= _SHORTEST and (lengths == length).all() and column.nunique() > _FEW_CODES:
        sentence = f"Every cell of {name!r} has {length} characters: it may be a code."
        yield Suggestion("one length", sentence, 0, (name,))


def _numbers(name: str, column: pd.Series) -> Iterator[Suggestion]:
    values = column.iloc[:: max(1, len(column) // _SAMPLE)].to_numpy(dtype=np.float64)
    values = values[np.isfinite(values)]
    found = np.unique(values)
    if (found % 1 == 0).all() and 2 < len(found) <= _FEW_CODES and len(values) >= _MANY * len(found):
        yield from _few_codes(name, column)
    elif len(found) > _EVEN and _is_even(values):
        ends = f"from {number_text(float(found[0]))} to {number_text(float(found[-1]))}"
        sentence = f"{name!r} is spread evenly {ends}, as running numbers, ranks and made numbers are."
        yield Suggestion("even spread", sentence, 0, (name,))


def _few_codes(name: str, column: pd.Series) -> Iterator[Suggestion]:
    found = sorted(float(value) for value in column.unique())  # of all rows: the sample may lack a rare one
    if len(found) <= _FEW_CODES and all(value % 1 == 0 for value in found):
        said = ", ".join(map(number_text, found))
        sentence = f"{name!r} takes only {said}: where these are codes, their mean says nothing."
        yield Suggestion("numbers that are codes", sentence, 0, (name,), (SetType(name, "category"),))


def _is_even(values: np.ndarray) -> bool:
    """Pearson's test of an even spread between the ends, which are left out as they are taken from it."""
    inner = np.sort(values)[1:-1]
    counts, _ = np.histogram(inner, bins=_BINS, range=(float(values.min()), float(values.max())))
    wanted = len(inner) / _BINS
    statistic = float(((counts - wanted) ** 2).sum() / wanted)
    return float(gammaincc((_BINS - 1) / 2, statistic / 2)) > _LIKELY


def _course(name: str, time: str, rows: pd.DataFrame) -> Iterator[Suggestion]:
    if len(rows) < _ENOUGH or rows[name].nunique() < 3:
        return
    rows = rows.sort_values(time, kind="stable")
    values = rows[name].to_numpy(dtype=np.float64)
    rank = float(np.corrcoef(np.arange(len(values)), rows[name].rank())[0, 1])
    if abs(rank) > _COURSE:
        goes, how = "rises" if rank > 0 else "falls", f"rank correlation {rank:.2f}"
        sentence = f"{name!r} {goes} over {time!r} ({how}): one mean for all times says little."
        yield Suggestion("course over time", sentence, 0, (name, time))
    steps = rows[time].diff().dropna()
    if not len(steps) or (steps == steps.median()).mean() < 0.9:
        return  # a season is counted in rows only where they come at even steps
    season = _season(np.diff(values))
    if season:
        sentence = f"{name!r} repeats itself every {season} rows of {time!r}, as {_SEASONS[season]} do."
        yield Suggestion("season", sentence, 0, (name, time))


def _season(changes: np.ndarray) -> int | None:
    """The lag at which changes go with themselves the most, where that is a calendar's and strong."""
    off = changes - changes.mean()
    total = float((off**2).sum())
    if total == 0:
        return None
    strong = {
        lag: float((off[lag:] * off[:-lag]).sum()) / total
        for lag in _SEASONS
        if len(off) >= _CYCLES * lag and (off[lag:] * off[:-lag]).sum() > _SEASON * total
    }
    return max(strong, key=strong.__getitem__) if strong else None
