"""How well the outlier methods rank labelled outliers, and what they cost.

    python -m benchmarks.outliers [--adbench FOLDER] [--rows 1000000] [--columns 20] [--repeats 5]

The labelled sets are the .npz files of ADBench (Han et al. 2022, github.com/Minqi824/ADBench,
datasets/Classical), with arrays X and y, 1 for an outlier. Without the folder only the speeds are measured.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.covariance import MinCovDet
from sklearn.metrics import average_precision_score, roc_auc_score

from analytics.numbers import OutlierReport, OutlierSearch, find_outliers
from analytics.numbers.outliers.judging.ranking import rows_in_order
from analytics.numbers.outliers.methods import ACROSS_METHODS, COLUMN_METHODS
from analytics.numbers.outliers.reasons import explain_rows
from analytics.numbers.outliers.robust_covariance import robust_covariance, squared_distances
from analytics.numbers.outliers.thresholds import count_flagged

ACROSS_ROWS = 50_000
CLUSTERS = ((2, 0.4), (3, 0.3), (5, 0.2), (8, 0.3), (20, 0.1), (20, 0.3))
"""Columns, and the share of rows in the cluster."""
CHANGED_ROWS = 100_000


def main() -> None:
    """Print the accuracy table and the speeds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--adbench", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    if options.adbench:
        print_accuracy(sorted(options.adbench.glob("*.npz")))
    print_separation()
    print_column_speed(options.rows, options.columns, options.repeats)
    print_across_speed(options.columns)
    print_changes(CHANGED_ROWS, options.columns, options.repeats)


def print_accuracy(files: list[Path]) -> None:
    """AUROC and average precision of every method and of the vote, on every set."""
    for file in files:
        arrays = np.load(file)
        frame = pd.DataFrame(arrays["X"].astype(np.float64)).add_prefix("c")
        report = find_outliers(frame, columns=list(frame.columns))
        print(
            f"\n{file.stem}: {len(frame):,} rows, {frame.shape[1]} columns, {arrays['y'].mean():.1%} outliers"
        )
        print(f"{'':20} {'AUROC':>7} {'AP':>7}")
        single = {method: _accuracy(report.scores[method], arrays["y"]) for method in report.methods}
        for method, (auroc, precision) in single.items():
            print(f"{method:20} {auroc:7.3f} {precision:7.3f}")
        middle = [statistics.median(values) for values in zip(*single.values(), strict=True)]
        vote = _accuracy(report.votes, arrays["y"])
        order = np.empty(len(frame))
        order[rows_in_order(report)] = -np.arange(len(frame))
        ordered = _accuracy(pd.Series(order), arrays["y"])
        print(f"{'median method':20} {middle[0]:7.3f} {middle[1]:7.3f}")
        combined = _accuracy(report.vote_scores, arrays["y"])
        for name, (auroc, precision) in (
            ("votes", vote),
            ("votes, then combined", ordered),
            ("combined", combined),
        ):
            print(f"{name:20} {auroc:7.3f} {precision:7.3f}")


def print_separation() -> None:
    """In how many tables the robust covariance sets a tight cluster of outliers apart from the rest."""
    ways: dict[str, Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]] = {
        "robust_covariance": lambda X: robust_covariance(X, rows=len(X)),
        "scikit-learn": _random_trials,
    }
    sizes = [(n, d, s) for n in (60, 100, 200, 350, 500) for d, s in CLUSTERS if n >= 3 * d]
    tables = [_with_cluster(*size, seed) for size in sizes for seed in range(4)]
    print("\nA tight cluster of outliers set apart")
    for name, way in ways.items():
        start, apart = time.process_time(), 0
        for X, far in tables:
            distances = squared_distances(X, *way(X))
            apart += distances[far].min() > np.quantile(distances[~far], 0.99)
        print(f"{name:20} {apart:4} of {len(tables)}, {time.process_time() - start:.1f} s")


def _random_trials(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    found = MinCovDet(random_state=0).fit(X)
    return found.location_, found.covariance_


def _with_cluster(rows: int, columns: int, share: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(100 * columns + seed)
    X = rng.standard_normal((rows, columns)) @ (np.eye(columns) + 0.2 * rng.standard_normal((columns,) * 2))
    far = np.arange(rows) < share * rows
    X[far] = 6 + 0.3 * rng.standard_normal((int(far.sum()), columns))
    return X, far


def print_column_speed(rows: int, columns: int, repeats: int) -> None:
    """All column-wise methods together against plain numpy z-scores of the same frame, interleaved."""
    values = np.random.default_rng(0).standard_normal((columns, rows)).T
    frame = pd.DataFrame(values, columns=[f"c{i}" for i in range(columns)], copy=False)

    def plain() -> object:
        table = frame.to_numpy()
        return (table - table.mean(axis=0)) / table.std(axis=0)

    ours, numpy = _interleaved(
        lambda: find_outliers(frame, methods=COLUMN_METHODS, columns=list(frame.columns)), plain, repeats
    )
    print(f"\n{rows:,} x {columns}, medians of {repeats}")
    print(f"numpy z-scores              {numpy:7.2f} s")
    print(f"all column-wise methods     {ours:7.2f} s   ratio {ours / numpy:.2f}")


def print_across_speed(columns: int) -> None:
    """Each method across columns once, with its progress calls, and the interactions that follow."""
    rng = np.random.default_rng(0)
    values = rng.standard_normal((ACROSS_ROWS, columns)) @ rng.standard_normal((columns, columns))
    frame = pd.DataFrame(values).add_prefix("c")
    names = list(frame.columns)
    print(f"\n{ACROSS_ROWS:,} x {columns}")
    for method in ACROSS_METHODS:
        calls: list[float] = []

        def note(*_: int, calls: list[float] = calls) -> None:
            calls.append(time.perf_counter())

        start = time.perf_counter()
        find_outliers(frame, methods=[method], columns=names, progress=note)
        waits = np.diff([start, *calls, time.perf_counter()])
        print(
            f"{method:20} {waits.sum():6.1f} s, {len(calls)} progress calls, longest wait {waits.max():.1f} s"
        )
    _print_interactions(pd.concat([frame, frame], ignore_index=True))


def _print_interactions(frame: pd.DataFrame) -> None:
    report = find_outliers(frame, methods=[*COLUMN_METHODS, "ecod"], columns=list(frame.columns))
    print(f"\nInteractions on {len(frame):,} x {frame.shape[1]}, {len(report.methods)} methods")
    changed = report.with_thresholds({"zscore": 2.5})
    for label, action in _interactions(report, changed).items():
        start = time.perf_counter()
        action()
        print(f"{label:44} {(time.perf_counter() - start) * 1000:7.1f} ms")


def _interactions(report: OutlierReport, changed: OutlierReport) -> dict[str, Callable[[], object]]:
    return {
        "count at another threshold": lambda: count_flagged(report, "zscore", 2.5),
        "flags and votes at another threshold": lambda: changed.votes,
        "vote scores, once per report": lambda: report.vote_scores,
        "order of the flagged rows": lambda: changed.flagged_rows(),
        "sentences of 1,000 rows": lambda: explain_rows(changed, changed.flagged_rows()[:1000]),
    }


def print_changes(rows: int, columns: int, repeats: int) -> None:
    """What another choice takes in a search that knows the one before, and in a new one; processor time."""
    values = np.random.default_rng(0).standard_normal((rows, columns))
    frame = pd.DataFrame(values).add_prefix("c")
    frame["site"] = np.random.default_rng(1).choice(["a", "b", "c", "d"], rows)
    names = [f"c{i}" for i in range(columns)]
    four = ("zscore", "modified_zscore", "iqr", "mahalanobis")
    before: dict[str, Any] = {"methods": four, "columns": names}
    choices: dict[str, dict[str, Any]] = {
        "a method taken away": {**before, "methods": four[1:]},
        "generalized ESD added": {**before, "methods": (*four, "esd")},
        "ECOD added": {**before, "methods": (*four, "ecod")},
        "Isolation Forest added": {**before, "methods": (*four, "isolation_forest")},
        "a column taken away": {**before, "columns": names[1:]},
        "groups set": {**before, "by": "site"},
    }
    print(f"\nAnother choice on {rows:,} x {columns}, s of processor time, medians of {repeats}")
    print(f"{'':26} {'known':>7} {'anew':>7}")
    for label, choice in choices.items():
        taken: tuple[list[float], list[float]] = ([], [])
        for _ in range(repeats):
            known = OutlierSearch(frame)
            known.find(**before).flagged_rows()
            for place, search in enumerate((known, OutlierSearch(frame))):
                start = time.process_time()
                search.find(**choice).flagged_rows()
                taken[place].append(time.process_time() - start)
        print(f"{label:26} {statistics.median(taken[0]):7.3f} {statistics.median(taken[1]):7.3f}")


def _accuracy(scores: pd.Series, labels: np.ndarray) -> tuple[float, float]:
    known = scores.fillna(scores.min()).to_numpy()
    return float(roc_auc_score(labels, known)), float(average_precision_score(labels, known))


def _interleaved(one: Callable[[], object], other: Callable[[], object], repeats: int) -> tuple[float, float]:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        for place, function in enumerate((one, other)):
            start = time.perf_counter()
            function()
            times[place].append(time.perf_counter() - start)
    return statistics.median(times[0]), statistics.median(times[1])


if __name__ == "__main__":
    main()
