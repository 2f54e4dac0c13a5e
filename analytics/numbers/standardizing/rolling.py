"""Z-scores against the recent past, for data in order of time."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from analytics.arguments import is_whole, names_of, require_frame, require_whole
from analytics.numbers.basics.parallel import map_columns
from analytics.numbers.basics.parameters import Label, StandardizeError
from analytics.numbers.basics.selection import choose_columns, float_values, group_index
from analytics.numbers.basics.statistics import ROUNDING_SPAN, Floats, row_spreads

BLOCK_CELLS = 1_000_000
_LONGEST = 100_000
"""Rows of a window: each row looks at all of them, so more take longer than anybody waits."""


def rolling_zscore(
    frame: pd.DataFrame,
    *,
    window: int,
    by: Label | Sequence[Label] | None = None,
    min_periods: int | None = None,
    columns: Sequence[Label] | None = None,
    ddof: int = 1,
) -> pd.DataFrame:
    """How unusual each value is against the ``window`` rows before it.

    Neither later rows nor the row itself enter its mean and sd, so a score could have been
    computed the moment the value was known, and one extreme value does not hide itself. Each window
    is measured by two passes of its own: nothing is carried along that an earlier spike could spoil.

    Args:
        frame: rows in order of time (within each group).
        window: how many earlier rows count, 2 to 100,000.
        by: columns that separate series, such as one per share.
        min_periods: how many of them must have a value (default: all of ``window``).
        columns: names; by default all numbers but booleans and identifiers.
        ddof: 1 divides the variance by n - 1, the usual choice for so few rows; or 0.

    Returns:
        float64 scores named as the columns, the index kept. Missing where the value or too much
        of its past is; where the past does not vary, 0 if the value equals it and missing if not.

    Raises:
        StandardizeError: for a window, min_periods or ddof out of range, or a bad column.
    """
    require_frame(frame, error=StandardizeError)
    needed = _check(window, min_periods, ddof)
    keys = names_of(by, "column", error=StandardizeError)
    names = choose_columns(frame, columns=columns, by=keys)
    parts = group_index(frame, keys).rows_by_group() if keys else [np.arange(len(frame))]

    def scores_of(name: Label) -> Floats:
        values = float_values(frame[name], name)
        values = np.where(np.isfinite(values), values, np.nan)
        scores = np.full(len(frame), np.nan)
        for rows in parts:
            scores[rows] = _against_past(values[rows], window, needed, ddof)
        return scores

    scored = map_columns(scores_of, names, cells=len(frame) * len(names))
    return pd.DataFrame(dict(zip(names, scored, strict=True)), index=frame.index)


def _check(window: int, min_periods: int | None, ddof: int) -> int:
    require_whole(window, "window", least=2, most=_LONGEST, error=StandardizeError)
    needed = window if min_periods is None else min_periods
    if not is_whole(needed) or not 2 <= needed <= window:
        raise StandardizeError(
            f"min_periods is {needed!r}: choose a number from 2 to the window of {window}."
        )
    if ddof not in (0, 1):
        raise StandardizeError(f"ddof is {ddof!r}: choose 0 or 1.")
    return int(needed)


def _against_past(values: Floats, window: int, needed: int, ddof: int) -> Floats:
    """Scores of one series (n,), computed for blocks of rows that fit the cache."""
    padded = np.concatenate([np.full(window, np.nan), values])
    past = sliding_window_view(padded, window)[:-1]
    scores = np.empty(values.size)
    step = max(1, BLOCK_CELLS // window)
    for start in range(0, values.size, step):
        rows = slice(start, start + step)
        scores[rows] = _block_scores(values[rows], past[rows], needed, ddof)
    return scores


def _block_scores(values: Floats, past: Floats, needed: int, ddof: int) -> Floats:
    found = row_spreads(past, ddof=ddof)
    distance, rounding = found.from_mean(values), ROUNDING_SPAN * np.abs(found.mean)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        scores = distance / found.sd
    equal = np.abs(distance) <= rounding
    scores = np.where(found.reach <= rounding, np.where(equal, 0.0, np.nan), scores)
    known = np.count_nonzero(~np.isnan(past), axis=1)
    return np.where((known >= needed) & ~np.isnan(values), scores, np.nan)
