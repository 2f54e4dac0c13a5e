"""Nominal against realised for verdicts on the Scaling effects page; ``benchmarks.statistics`` lists them.

Where not said otherwise all columns of a table have the same law: by symmetry the true gain of z-scores,
robust and min-max scaling is 0, that of ranks below 0.01 (in a single column they hurt clusters truly).
"""

from collections.abc import Iterator

import numpy as np

from analytics.numbers.scaling.clusters import agreement_of
from analytics.numbers.scaling.effects import ScalingStudy, study_scaling
from analytics.numbers.scaling.folds import fill_and_scale
from analytics.numbers.scaling.learners import SCALERS, learners_for
from analytics.numbers.scaling.plan import ScalingPlan
from benchmarks.statistics_rows import Realised, share, sizes_and_columns

_ERROR = 0.05
_CALLED = {"helps", "hurts", "depends"}
_CLASSES = 3
_SEPARATIONS = (0.0, 1.2, 2.4)
"""Distances between neighbouring classes in each column: none, overlapping, nearly apart."""
_MANY = 5_000
"""Rows that tell the truth of a law: agreement within some 0.01."""
_LARGE = 500
"""Of larger tables a tenth is simulated: they take seconds each."""


def clustering_verdicts(tables: int) -> Iterator[Realised]:
    """How often k-means is said to be helped or hurt where it is not."""
    for rows, columns in sizes_and_columns():
        for separation in _SEPARATIONS:
            told = [
                study.verdicts["kmeans"].outcome in _CALLED
                for study in _studies(rows, columns, separation, tables, models=("kmeans",))
            ]
            what = f"k-means, a difference where there is none, classes {separation:g} apart"
            yield share(what, rows, columns, _ERROR, np.array(told), at_most=True)


def real_clusters(tables: int) -> Iterator[Realised]:
    """How often k-means is said to be helped or hurt in columns of one scale, whose classes lie anywhere, and
    how often a change is certain there though the law's own is another.

    Scalers shrink the columns that tell such classes apart, so that agreement truly falls. The truth is what
    many rows of the same law gain.
    """
    for rows, columns in ((50, 3), (50, 10), (100, 1), (100, 3), (500, 3), (500, 10), (2_000, 3)):
        called, wrong = [], []
        for seed in range(_so_many(rows, tables)):
            rng = np.random.default_rng(seed)
            centres = 1.5 * rng.normal(size=(_CLASSES, columns))
            (X, labels), many = (_around(centres, count, rng) for count in (rows, _MANY))
            plan = ScalingPlan(("kmeans",), task="class", repeats=2, seed=seed)
            found = study_scaling(X, labels, plan=plan)
            called.append(found.verdicts["kmeans"].outcome in _CALLED)
            table = found.summary.set_index("scaler").drop(index="raw")
            certain = table[table["p_holm"] < _ERROR]["gain"]
            truth = _agreements(*many, [str(name) for name in certain.index])
            wrong.append(any(gain * truth[str(name)] <= 0 for name, gain in certain.items()))
        told = {"helped or hurt in one scale": called, "certain, the truth is another": wrong}
        for what, each in told.items():
            yield share(
                f"k-means, classes anywhere, {what}", rows, columns, _ERROR, np.array(each), at_most=True
            )


def _around(centres: np.ndarray, rows: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    labels = np.arange(rows) % len(centres)
    return centres[labels] + rng.normal(size=(rows, centres.shape[1])), labels


def _agreements(X: np.ndarray, labels: np.ndarray, scalers: list[str]) -> dict[str, float]:
    """What k-means on many rows gains by each scaler in agreement with the classes."""
    found = {}
    for name in ["raw", *scalers] if scalers else []:
        (Z,) = fill_and_scale(X, SCALERS[name].make(len(X)))
        found[name] = agreement_of(Z, _CLASSES, labels, seed=0)
    return {name: found[name] - found["raw"] for name in scalers}


def model_verdicts(tables: int) -> Iterator[Realised]:
    """How often a model that predicts classes is said to be helped or hurt where it is not."""
    models = tuple(learners_for("class"))
    for rows, columns in ((50, 3), (50, 10), (200, 3), (200, 10), (1_000, 3)):
        for separation in _SEPARATIONS[:2]:
            studies = list(_studies(rows, columns, separation, tables, models=models))
            for model in models:
                told = [s.verdicts[model].outcome in _CALLED for s in studies]
                what = f"{model}, a difference where there is none, classes {separation:g} apart"
                yield share(what, rows, columns, _ERROR, np.array(told), at_most=True)


def clustering_intervals(tables: int) -> Iterator[Realised]:
    """How often the 95 % interval of k-means leaves out the true gain, 0 here for linear scalers."""
    for rows, columns in sizes_and_columns():
        for separation in _SEPARATIONS:
            missed = []
            for study in _studies(rows, columns, separation, tables, models=("kmeans",)):
                found = study.summary.set_index("scaler").loc[["zscore", "robust", "minmax"]]
                missed.append(((found["gain_low"] > 0) | (found["gain_high"] < 0)).to_numpy())
            what = f"k-means, interval leaves out the truth, classes {separation:g} apart"
            yield share(what, rows, columns, _ERROR, np.array(missed).ravel(), at_most=True)


def equivalence(tables: int) -> Iterator[Realised]:
    """How often "no difference larger than 0.02" is said of neighbours that truly gain about 0.05."""
    for rows in (50, 100, 500, 2_000):
        told = []
        for seed in range(_so_many(rows, tables)):
            X, labels = _loud(rows, np.random.default_rng(seed))
            plan = ScalingPlan(("knn",), ("raw", "zscore"), "class", repeats=2, seed=seed)
            told.append(study_scaling(X, labels, plan=plan).verdicts["knn"].outcome == "same")
        yield share("no difference, where there is one", rows, 2, _ERROR, np.array(told), at_most=True)


def _loud(rows: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """One column tells the classes apart, the other is noise that grows with the rows."""
    labels = np.arange(rows) % 2
    return np.column_stack([rng.normal(size=rows) + 1.5 * labels, rows / 16 * rng.normal(size=rows)]), labels


def _studies(
    rows: int, columns: int, separation: float, tables: int, *, models: tuple[str, ...]
) -> Iterator[ScalingStudy]:
    for seed in range(_so_many(rows, tables)):
        rng = np.random.default_rng(seed)
        places = separation * (np.arange(_CLASSES) - 1)
        centres = np.array([rng.permutation(places) for _ in range(columns)]).T
        labels = np.arange(rows) % _CLASSES
        X = centres[labels] + rng.normal(size=(rows, columns))
        yield study_scaling(X, labels, plan=ScalingPlan(models, task="class", repeats=2, seed=seed))


def _so_many(rows: int, tables: int) -> int:
    return tables if rows < _LARGE else max(tables // 10, 10)
