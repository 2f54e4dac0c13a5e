"""How many rows a threshold would flag in clean normal data of the same size."""

import numpy as np

from analytics.numbers.outliers.laws.clean_rows import CleanShape, clean_shape
from analytics.numbers.outliers.laws.clean_scores import clean_column_scores
from analytics.numbers.outliers.laws.esd_laws import values_by_chance
from analytics.numbers.outliers.laws.value_laws import value_rates
from analytics.numbers.outliers.methods import COLUMN_METHODS
from analytics.numbers.outliers.report import OutlierReport

_SMALL = 500
"""From so many values on spreads are known well enough: flagged rows are within 5 % of those simulated."""
_TOLD_BY = 200
"""Simulated rows that tell a share, to a tenth."""


def expected_by_chance(report: OutlierReport, method: str, threshold: float | None = None) -> float:
    """How many rows would exceed the threshold if the data were clean and normal.

    For column-wise methods each column counts by the law of samples of its own size, and they go together as
    the ranks of the table do: correlated columns flag the same rows. For the methods across columns it comes
    from running them on 20,000 or more normal rows in tables of the same size and groups.
    """
    report.require(method)
    threshold = report.thresholds[method] if threshold is None else threshold
    return float(expected_counts(report, method, np.array([threshold]))[0])


def expected_counts(report: OutlierReport, method: str, thresholds: np.ndarray) -> np.ndarray:
    """:func:`expected_by_chance` at many thresholds (t,), which costs little more than at one."""
    report.require(method)
    if method in report.parts and (law := report.parts[method].law):
        return _scored(report, method) * law.share_beyond(thresholds)
    if method not in COLUMN_METHODS:
        clean = np.sort(report.clean_scores[method])
        above = len(clean) - np.searchsorted(clean, thresholds, side="right")
        return _scored(report, method) * above / max(len(clean), 1)
    if method == "esd":
        tested = [tails.n for spread in report.spreads for tails in spread.tails if tails is not None]
        different, times = np.unique(tested, return_counts=True)
        levels = np.minimum(10.0**-thresholds, 1.0)
        counts = [times * values_by_chance(levels, n) for n, times in zip(different, times, strict=True)]
        independent = np.sum(counts, axis=0)
        rates = independent / max(sum(different * times), 1)
        return np.minimum(independent * _rows_left(report, method, thresholds, rates), report.data.rows)
    sizes = np.array([spread.count for spread in report.spreads])
    different, places = np.unique(sizes, return_inverse=True)
    rows = np.bincount(report.data.codes, minlength=sizes.shape[1])
    present = sizes / np.maximum(rows, 1)
    expected, single = [], []
    for rates in np.minimum(value_rates(method, thresholds, different), 1 - 1e-16):
        each = rates[places.reshape(sizes.shape)] * present
        expected.append((rows * -np.expm1(np.log1p(-each).sum(axis=0))).sum())
        single.append((rows * each.mean(axis=0)).sum() / rows.sum())
    return np.array(expected) * _rows_left(report, method, thresholds, np.array(single))


def _rows_left(report: OutlierReport, method: str, thresholds: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """The share (t,) of the rows flagged in independent columns that these flag, beyond each threshold (t,),
    which this share (t,) of a column's values exceeds.

    In small samples each column measures by a spread of its own that is off, so that even equal columns do
    not flag the same rows: these are simulated, as far out as so many rows tell.
    """
    shape = _shape_of(report, method)
    if report.together.independent or min(shape.groups or (shape.rows,)) >= _SMALL:
        return report.together.rows_left(rates)
    ours, independent = (
        np.sort(clean_column_scores(shape, root, method, report.together.gaps))
        for root in (report.together.root, np.eye(len(report.columns)))
    )
    known = np.minimum(thresholds, ours[-min(_TOLD_BY, len(ours))])
    beyond = [len(scores) - np.searchsorted(scores, known, side="left") for scores in (ours, independent)]
    return np.minimum(beyond[0] / np.maximum(beyond[1], 1), 1.0)


def expected_votes(report: OutlierReport) -> tuple[float, float]:
    """How many rows of clean normal data at least one method would flag, and more than half of the methods.

    All methods judge the same simulated rows, since they mostly flag the same ones.
    """
    single = [expected_by_chance(report, method) for method in report.methods]
    if len(single) == 1:
        return single[0], single[0]
    votes = clean_votes(report)
    # Neither fewer than one method alone nor more than all of them together, whose counts are known better.
    by_any = float(np.clip(report.data.rows * (votes > 0).mean(), max(single), sum(single)))
    return by_any, min(by_any, report.data.rows * float((votes > len(single) / 2).mean()))


def clean_votes(report: OutlierReport) -> np.ndarray:
    """How many methods flag each row (tables, rows) of simulated clean tables; all judge the same ones."""
    scores = _clean_scores(report)
    flags = [scores[method] > report.thresholds[method] for method in report.methods]
    votes = np.sum(flags, axis=0)
    rows = min(_shape_of(report, report.methods[0]).rows, len(votes))
    tables = len(votes) // rows
    return votes[: tables * rows].reshape(tables, rows)


def _shape_of(report: OutlierReport, method: str) -> CleanShape:
    """The shape of tables that stand for the rows a method scored."""
    scored = ~np.isnan(report.scored[method].values)
    return clean_shape(int(scored.sum()), np.bincount(report.data.codes[scored]).tolist())


def _scored(report: OutlierReport, method: str) -> int:
    return int(report.scores[method].notna().sum())


def _clean_scores(report: OutlierReport) -> dict[str, np.ndarray]:
    """The scores (c,) of the same simulated rows by every method."""
    scores = {}
    for method in report.methods:
        if method in COLUMN_METHODS:
            scores[method] = clean_column_scores(
                _shape_of(report, method), report.together.root, method, report.together.gaps
            )
        else:
            scores[method] = report.clean_scores[method]
    fewest = min(map(len, scores.values()))
    return {method: values[:fewest] for method, values in scores.items()}
