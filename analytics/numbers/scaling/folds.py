"""Cross-validated scores of one model on one scaled fold; whatever is fitted sees training rows only."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.numbers.scaling.data import Codes, ScalingData
from analytics.numbers.scaling.learners import Learner


@dataclass(frozen=True)
class ScaledFold:
    """One split under one scaler: imputer, scaler and a number target's z-score fitted on ``train``."""

    Z_train: NDArray[np.float64]
    Z_test: NDArray[np.float64]
    y_train: Codes
    y_test: Codes


@dataclass(frozen=True)
class FoldScore:
    """Accuracy or R² on the test rows; iterations are NaN for a model that does not iterate."""

    score: float
    iterations: float
    converged: bool
    fit_seconds: float


def repeated_folds(
    data: ScalingData, *, folds: int, repeats: int, seed: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """(train, test) positions of every fold, the same for every model and scaler; stratified by class."""
    from sklearn.model_selection import RepeatedKFold, RepeatedStratifiedKFold

    splitter = RepeatedStratifiedKFold if data.task == "class" else RepeatedKFold
    return splitter(n_splits=folds, n_repeats=repeats, random_state=seed).split(data.X, data.y)


def fill_and_scale(
    X_train: NDArray[np.float64], scaler: Any, *others: NDArray[np.float64]
) -> tuple[NDArray[np.float64], ...]:
    """Fill missing cells with the training medians, fit ``scaler`` on ``X_train``, apply both to all."""
    from sklearn.impute import SimpleImputer

    imputer = SimpleImputer(strategy="median", keep_empty_features=True)
    scaled = [scaler.fit_transform(imputer.fit_transform(X_train))]
    return (*scaled, *(scaler.transform(imputer.transform(other)) for other in others))


def scale_fold(
    data: ScalingData, train: NDArray[np.int64], test: NDArray[np.int64], scaler: Any
) -> ScaledFold:
    """Fit imputer and scaler on the training rows of a fold and apply them to both parts."""
    assert data.y is not None
    Z_train, Z_test = fill_and_scale(data.X[train], scaler, data.X[test])
    y_train, y_test = data.y[train], data.y[test]
    if data.task == "number":
        centre, scale = y_train.mean(), y_train.std() or 1.0
        y_train, y_test = (y_train - centre) / scale, (y_test - centre) / scale
    return ScaledFold(Z_train, Z_test, y_train, y_test)


def score_fold(learner: Learner, fold: ScaledFold, *, seed: int) -> FoldScore:
    """Fit a fresh model on the training part and score it on the test part."""
    model, seconds = timed_fit(learner.make(seed), fold.Z_train, fold.y_train)
    return FoldScore(
        score=float(model.score(fold.Z_test, fold.y_test)),
        iterations=_iterations(model),
        converged=_converged(model, learner.max_iter),
        fit_seconds=seconds,
    )


def timed_fit(model: Any, *arrays: NDArray[Any]) -> tuple[Any, float]:
    """``model`` fitted, and the wall-clock seconds it took; reaching the iteration limit gives no warning."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        started = perf_counter()
        model.fit(*arrays)
        return model, perf_counter() - started


def _iterations(model: Any) -> float:
    """Iterations until the solver stopped, summed over the pairs of classes where it solves one at a time."""
    counts = getattr(model, "n_iter_", None)
    return float("nan") if counts is None else float(np.sum(counts))


def _converged(model: Any, limit: int | None) -> bool:
    if getattr(model, "fit_status_", 0):
        return False
    counts = getattr(model, "n_iter_", None)
    return limit is None or counts is None or float(np.max(counts)) < limit
