"""Scores of the column-wise methods: each row's largest, and cell by cell on demand."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from queue import SimpleQueue

import numpy as np

from analytics.numbers.outliers.column_spread import ColumnSpread, column_spread
from analytics.numbers.outliers.data import NumberColumns
from analytics.numbers.outliers.generalized_esd import EsdTest, esd_scores
from analytics.numbers.outliers.methods import OUTLIER_METHODS
from analytics.progress import Progress

_BLOCK = 65_536
"""Rows scored at a time: a block of one column and its temporaries stay in the processor's cache."""


def measure_and_score(
    data: NumberColumns,
    methods: Sequence[str],
    *,
    known: Mapping[int, ColumnSpread] | None = None,
    progress: Progress | None = None,
) -> tuple[tuple[ColumnSpread, ...], dict[str, np.ndarray]]:
    """Measure every column and score every row by the column-wise ``methods``.

    ``known`` are the spreads of columns, by position, that were measured before.

    Returns:
        The spread of each column, and for each method the row's largest score over the columns (n,): NaN
        where no value of the row could be scored. ``progress`` counts columns.
    """
    measured = known or {}
    workers = max(1, min(os.cpu_count() or 1, 4, len(data.values)))
    accumulators: SimpleQueue[dict[str, np.ndarray]] = SimpleQueue()
    for _ in range(workers):
        accumulators.put({method: np.full(data.rows, np.nan) for method in methods})

    def work(column: int) -> ColumnSpread:
        best = accumulators.get()
        spread = measured[column] if column in measured else _measure(data, column)
        _raise_to(best, data, column, spread)
        accumulators.put(best)
        return spread

    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(work, column) for column in range(len(data.values))]
        try:
            for done, _ in enumerate(as_completed(futures), start=1):
                if progress:
                    progress(done, len(futures))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    spreads = tuple(future.result() for future in futures)
    scores = accumulators.get()
    while not accumulators.empty():
        other = accumulators.get()
        for method in methods:
            np.fmax(scores[method], other[method], out=scores[method])
    return spreads, scores


def cell_scores(
    method: str, values: np.ndarray, spread: ColumnSpread, codes: np.ndarray | None
) -> np.ndarray:
    """Score values (m,) of one column; ``codes`` (m,) are their groups, ``None`` for one group."""
    if method == "esd":
        return _esd_cells(values, spread, codes)
    with np.errstate(invalid="ignore", divide="ignore"):
        return _SCORES[method](values, spread, 0 if codes is None else codes)


def fences(method: str, threshold: float, spread: ColumnSpread) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and the highest value (G,), (G,) that a column-wise method lets pass in each group.

    For the ESD test these are the most extreme values that are not significant.
    """
    if method == "zscore":
        return spread.mean - threshold * spread.sd, spread.mean + threshold * spread.sd
    if method == "modified_zscore":
        return spread.median - threshold * spread.robust_sd, spread.median + threshold * spread.robust_sd
    if method == "iqr":
        iqr = _judging_iqr(spread)
        return spread.q1 - threshold * iqr, spread.q3 + threshold * iqr
    bounds = [_esd_fences(test, threshold) for test in spread.esd]
    return np.array([low for low, _ in bounds]), np.array([high for _, high in bounds])


def _measure(data: NumberColumns, column: int) -> ColumnSpread:
    codes = data.codes if len(data.groups) > 1 else None
    return column_spread(data.values[column], codes, len(data.groups))


def _raise_to(scores: dict[str, np.ndarray], data: NumberColumns, column: int, spread: ColumnSpread) -> None:
    values = data.values[column]
    for start in range(0, data.rows, _BLOCK):
        rows = slice(start, start + _BLOCK)
        codes = data.codes[rows] if len(data.groups) > 1 else None
        for method, best in scores.items():
            np.fmax(best[rows], cell_scores(method, values[rows], spread, codes), out=best[rows])


def _zscore(values: np.ndarray, spread: ColumnSpread, group: int | np.ndarray) -> np.ndarray:
    scores = values - spread.mean[group]
    np.abs(scores, out=scores)
    scores *= _inverse(spread.sd)[group]
    return scores


def _modified_zscore(values: np.ndarray, spread: ColumnSpread, group: int | np.ndarray) -> np.ndarray:
    scores = values - spread.median[group]
    np.abs(scores, out=scores)
    scores *= _inverse(spread.robust_sd)[group]
    return scores


def _iqr(values: np.ndarray, spread: ColumnSpread, group: int | np.ndarray) -> np.ndarray:
    scores = np.maximum(spread.q1[group] - values, values - spread.q3[group])
    iqr = _judging_iqr(spread)
    scores *= _inverse(iqr, constant=(spread.sd == 0) & ~np.isnan(iqr))[group]
    return scores


def _judging_iqr(spread: ColumnSpread) -> np.ndarray:
    """The interquartile range (G,), NaN where there are too few values: of three none can be far out."""
    return np.where(spread.count < OUTLIER_METHODS["iqr"].min_rows, np.nan, spread.iqr)


_SCORES: dict[str, Callable[[np.ndarray, ColumnSpread, int | np.ndarray], np.ndarray]] = {
    "zscore": _zscore,
    "modified_zscore": _modified_zscore,
    "iqr": _iqr,
}


def _inverse(scale: np.ndarray, constant: np.ndarray | None = None) -> np.ndarray:
    """1 / scale; 0 for a constant column, so that nothing in it is unusual; NaN where there is no scale."""
    constant = scale == 0 if constant is None else constant
    usable = np.where(scale == 0, np.nan, scale)
    return np.where(constant, 0.0, 1 / usable)


def _esd_cells(values: np.ndarray, spread: ColumnSpread, codes: np.ndarray | None) -> np.ndarray:
    """Only values as far out as those the test took away can score, so only they are looked up."""
    group = np.zeros(len(values), dtype=np.intp) if codes is None else codes
    untested = np.array([np.nan if test is None else 0.0 for test in spread.esd])
    untested[spread.sd == 0] = 0.0
    low = np.array([_outermost(test, high=False) for test in spread.esd])
    high = np.array([_outermost(test, high=True) for test in spread.esd])
    scores = untested[group] + 0.0 * values
    rows = np.flatnonzero((values <= low[group]) | (values >= high[group]))
    rows = rows[np.argsort(group[rows], kind="stable")]
    present, starts = np.unique(group[rows], return_index=True)
    for code, part in zip(present, np.split(rows, starts)[1:], strict=True):
        scores[part] = esd_scores(values[part], spread.esd[code])
    return scores


def _outermost(test: EsdTest | None, *, high: bool) -> float:
    """The innermost value that was taken away at one end; infinite where none was."""
    taken = test.removed[test.is_high == high] if test else np.empty(0)
    if not len(taken):
        return np.inf if high else -np.inf
    return float(taken[-1])


def _esd_fences(test: EsdTest | None, threshold: float) -> tuple[float, float]:
    return test.fences(10**-threshold) if test else (np.nan, np.nan)
