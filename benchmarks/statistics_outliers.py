"""Nominal against realised for what the Outliers page states of clean normal data.

Each check is one simulation; ``benchmarks.statistics`` lists them all.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.numbers import OutlierReport, compare_methods, find_outliers
from analytics.numbers.outliers.chance import expected_by_chance, expected_votes
from analytics.numbers.outliers.detectors import detect
from analytics.numbers.outliers.generalized_esd import candidate_count
from analytics.numbers.outliers.judging.against_labels import MEASURES
from analytics.numbers.outliers.judging.excess import CLEAN_SHARE, excess_of
from analytics.numbers.outliers.laws.esd_laws import esd_table_scores
from analytics.numbers.outliers.methods import COLUMN_METHODS, MIXED, NUMBER_METHODS, OUTLIER_METHODS
from analytics.numbers.outliers.robust_ellipse import robust_ellipse
from analytics.numbers.outliers.thresholds import FDR_METHODS, count_flagged, fdr_threshold
from benchmarks.statistics_rows import Realised, share, sizes_and_columns

_RATE = 0.05
_LARGE = 500
"""Of larger tables a quarter is simulated."""
_SMALL, _MORE = 100, 10
"""Of smaller tables, in which few rows are flagged, so many times more are simulated."""
_SEARCHES = {
    "four methods": ["zscore", "modified_zscore", "iqr", "mahalanobis"],
    "fences": ["iqr"],
    "ESD": ["esd"],
}
_FAR = 6.0
"""Outliers are moved so many standard deviations, in every second column."""


def false_discoveries(tables: int) -> Iterator[Realised]:
    """The mean share of false rows among the flagged ones, on clean data and with 5 % outliers."""
    for method in FDR_METHODS:
        for rows, columns in sizes_and_columns():
            for outliers in (0.0, 0.05):
                found = [_false_share(method, rows, columns, outliers, seed) for seed in range(tables)]
                known = np.array([value for value in found if value is not None])
                if len(known):
                    label = f"{OUTLIER_METHODS[method].label}, {'5 % outliers' if outliers else 'clean'}"
                    yield Realised(
                        label, rows, columns, _RATE, float(known.mean()), _standard_error(known), at_most=True
                    )


def counts_by_chance(tables: int) -> Iterator[Realised]:
    """Rows flagged at the usual thresholds in clean tables, over what the page says clean data would give."""
    for method in NUMBER_METHODS:
        for rows, columns in sizes_and_columns():
            counts, expected = _counts(method, rows, columns, tables)
            if len(counts):
                label = f"{OUTLIER_METHODS[method].label}, rows by chance"
                yield Realised(
                    label,
                    rows,
                    columns,
                    expected,
                    float(counts.mean()),
                    _standard_error(counts),
                    tolerance=0.1,
                )


def mixed_counts(tables: int) -> Iterator[Realised]:
    """The same for mixed rows, in tables of two numbers and two categories, one of which has rare values."""
    for rows in (50, 100, 500, 2_000):
        counts, expected = [], []
        for seed in range(tables if rows < _LARGE else max(tables // 10, 5)):
            rng = np.random.default_rng([rows, seed])
            frame = pd.DataFrame(rng.standard_normal((rows, 2)), columns=["a", "b"])
            frame["c"] = rng.choice(list("pqrs"), rows, p=[0.5, 0.3, 0.15, 0.05])
            frame["d"] = rng.choice(list("xy"), rows)
            report = find_outliers(frame, methods=[MIXED], columns=["a", "b"])
            counts.append(count_flagged(report, MIXED, report.thresholds[MIXED]))
            expected.append(expected_by_chance(report, MIXED))
        yield Realised(
            "Mixed rows, rows by chance", rows, 4, float(np.mean(expected)), float(np.mean(counts)),
            _standard_error(np.array(counts)), tolerance=0.1,
        )  # fmt: skip


def correlated_counts(tables: int) -> Iterator[Realised]:
    """The same for columns correlated by 0.9, a fifth of whose values is missing."""
    for method in (*COLUMN_METHODS, "mahalanobis"):
        for rows in (20, 50, 100, 500, 2_000):
            counts, expected = [], []
            for seed in range(tables if rows < _LARGE else max(tables // 4, 10)):
                rng = np.random.default_rng([rows, seed])
                X = np.sqrt(0.1) * rng.standard_normal((rows, 3)) + np.sqrt(0.9) * rng.standard_normal(
                    (rows, 1)
                )
                X[rng.random(X.shape) < 0.2] = np.nan
                frame = pd.DataFrame(X, columns=["a", "b", "c"])
                report = find_outliers(frame, methods=[method], columns=list(frame.columns))
                counts.append(count_flagged(report, method, report.thresholds[method]))
                if seed < 20:
                    expected.append(expected_by_chance(report, method))
            yield Realised(
                f"{OUTLIER_METHODS[method].label}, rows by chance, correlated, gaps",
                rows,
                3,
                float(np.mean(expected)),
                float(np.mean(counts)),
                _standard_error(np.array(counts)),
                tolerance=0.1,
            )


def headline(tables: int) -> Iterator[Realised]:
    """Rows that at least one of four methods flags in clean tables, over what the headline says."""
    for rows, columns in sizes_and_columns():
        reports = _reports(["zscore", "modified_zscore", "iqr", "mahalanobis"], rows, columns, tables)
        counts = np.array([(report.votes > 0).sum() for report in reports])
        expected = np.mean([expected_votes(report)[0] for report in reports[:20]])
        yield Realised(
            "any method, rows by chance", rows, columns, expected, float(counts.mean()),
            _standard_error(counts), tolerance=0.1,
        )  # fmt: skip


def most_by_chance(tables: int) -> Iterator[Realised]:
    """Clean tables with more flagged rows than 95 % of them are said to have."""
    for rows, columns in sizes_and_columns():
        for label, methods in _SEARCHES.items():
            reports = _reports(methods, rows, columns, tables if rows < _LARGE else max(tables // 4, 10))
            if reports:
                told = excess_of(reports[0])[0].at_most
                more = np.array([(report.votes > 0).sum() > told for report in reports])
                what = f"more rows than said of 95 %, {label}"
                yield share(what, rows, columns, 1 - CLEAN_SHARE, more, at_most=True)


def methods_against_labels(tables: int) -> Iterator[Realised]:
    """How often 95 % intervals of a method against labels miss what other tables give on average."""
    for unusual, rows in ((3, 63), (5, 100), (20, 200), (50, 500)):
        found = []
        for seed in range(max(tables // 4, 20)):
            rng = np.random.default_rng([rows, seed])
            labels = np.arange(rows) < unusual
            frame = pd.DataFrame({"x": rng.standard_normal(rows) + 3.0 * labels})
            report = find_outliers(frame, methods=["zscore"], columns=["x"])
            found.append(compare_methods(report, labels).table.set_index("method").loc["|z|"])
        table = pd.DataFrame(found)
        for measure in MEASURES:
            truth = table[measure].mean()
            missed = (table[f"{measure}, low"] > truth) | (table[f"{measure}, high"] < truth)
            what = f"{measure}'s interval misses, {unusual} unusual"
            yield share(what, rows, 1, _RATE, missed.to_numpy(), at_most=True)


def ellipse(tables: int) -> Iterator[Realised]:
    """The share of new clean rows within the pair's 99 % ellipse."""
    for rows in (20, 50, 100, 500, 2_000):
        inside = []
        for seed in range(tables):
            X = np.random.default_rng(seed).standard_normal((rows + 2_000, 2))
            report = find_outliers(pd.DataFrame(X[:rows], columns=["x", "y"]), methods=["zscore"])
            outline = robust_ellipse(report, 0, 1)
            if outline is not None:
                inside.append(_within(outline, X[rows:]).mean())
        yield Realised(
            "99 % ellipse, new rows inside", rows, 2, 0.99, float(np.mean(inside)),
            _standard_error(np.array(inside)), tolerance=0.002,
        )  # fmt: skip


def esd_significance(tables: int) -> Iterator[Realised]:
    """Clean samples in which the generalized ESD test finds an outlier."""
    for rows in (15, 20, 24, 30, 50, 100, 500, 2_000):
        samples = min(200 * tables, max(4_000_000 // rows // 5, 2_000))
        x = np.random.default_rng(rows).standard_normal((samples, rows))
        scores = esd_table_scores(x, candidate_count(rows))
        found = (scores > -np.log10(_RATE)).any(axis=1)
        yield share("Generalized ESD, an outlier", rows, 1, _RATE, found, tolerance=0.003)


def _counts(method: str, rows: int, columns: int, tables: int) -> tuple[np.ndarray, float]:
    """Flagged rows of clean tables, and how many were expected; none where the method needs more."""
    if method in COLUMN_METHODS or method == "mahalanobis":  # whose laws are kept from table to table
        tables *= _MORE if rows < _SMALL and method in COLUMN_METHODS else 1
        reports = _reports([method], rows, columns, tables)
        counts = [count_flagged(report, method, report.thresholds[method]) for report in reports]
        return np.array(counts), float(
            np.mean([expected_by_chance(report, method) for report in reports[:20]] or [0])
        )
    first = _reports([method], rows, columns, 1)
    if not first:
        return np.array([]), 0.0
    cut, counts = first[0].thresholds[method], []
    for seed in range(max(10, tables // (1 if method == "ecod" else 5))):
        X = np.random.default_rng([rows, columns, seed]).standard_normal((rows, columns))
        scores = detect(method, (X - X.mean(axis=0)) / X.std(axis=0), explained=0).scores
        counts.append(int((scores > cut).sum()))
    return np.array(counts), expected_by_chance(first[0], method)


def _reports(methods: list[str], rows: int, columns: int, tables: int) -> list[OutlierReport]:
    """Searches of clean tables; none where the methods need more rows or columns."""
    reports = []
    for seed in range(tables):
        X = np.random.default_rng([rows, columns, seed]).standard_normal((rows, columns))
        frame = pd.DataFrame(X, columns=[f"c{i}" for i in range(columns)])
        try:
            reports.append(find_outliers(frame, methods=methods, columns=list(frame.columns)))
        except ValueError:
            return []
    return reports


def _false_share(method: str, rows: int, columns: int, outliers: float, seed: int) -> float | None:
    rng = np.random.default_rng([rows, columns, round(100 * outliers), seed])
    X = rng.standard_normal((rows, columns))
    far = np.arange(rows) < round(outliers * rows)
    X[far, ::2] += _FAR * rng.choice([-1, 1], (int(far.sum()), 1))
    frame = pd.DataFrame(X, columns=[f"c{i}" for i in range(columns)])
    try:
        report = find_outliers(frame, methods=[method], columns=list(frame.columns))
    except ValueError:
        return None
    flagged = (report.scores[method] > fdr_threshold(report, method, _RATE)).to_numpy()
    return float(flagged[~far].sum() / max(flagged.sum(), 1))


def _within(outline: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Which points (n, 2) lie within a convex outline (k, 2) that runs anticlockwise."""
    side, away = np.diff(outline, axis=0), points[:, None, :] - outline[:-1]
    return (side[:, 0] * away[..., 1] - side[:, 1] * away[..., 0] >= 0).all(axis=1)


def _standard_error(values: np.ndarray) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))
