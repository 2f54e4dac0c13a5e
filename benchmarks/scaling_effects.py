"""Comparing scalers against the same comparison with scikit-learn's pipelines and ``cross_val_score``.

Run with ``python -m benchmarks.scaling_effects``. Both sides give the same scores; ours scales each fold
once for all models and keeps the linear algebra of small fits on one thread. Sides take turns; medians are
printed.
"""

import statistics
import time
import warnings

import numpy as np
from sklearn.datasets import load_wine
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline

from analytics.numbers import compare_scaling
from analytics.numbers.scaling.learners import SCALERS, learners_for

MODELS = ("svm_rbf", "svm_linear", "knn", "logistic")
FOLDS, REPEATS, ROUNDS = 5, 1, 3


def ours() -> np.ndarray:
    """Mean scores (models x scalers) by compare_scaling."""
    X, y = load_wine(return_X_y=True)
    table = compare_scaling(X, y, models=MODELS, folds=FOLDS, repeats=REPEATS)
    return table["score"].to_numpy().reshape(len(MODELS), -1)


def pipelines() -> np.ndarray:
    """The same scores from one pipeline per model and scaler."""
    X, y = load_wine(return_X_y=True)
    folds = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=0)
    learners = learners_for("class")
    n_train = round(len(X) * (1 - 1 / FOLDS))
    return np.array(
        [
            [
                cross_val_score(
                    make_pipeline(scaler.make(n_train), learners[model].make(0)), X, y, cv=folds
                ).mean()
                for scaler in SCALERS.values()
            ]
            for model in MODELS
        ]
    )


def main() -> None:
    """Print median seconds of both sides, their ratio, and that they agree."""
    warnings.simplefilter("ignore", ConvergenceWarning)
    warnings.simplefilter("ignore", UserWarning)
    np.testing.assert_allclose(ours(), pipelines(), atol=0.02)
    seconds: dict[str, list[float]] = {"ours": [], "pipelines": []}
    for _ in range(ROUNDS):
        for side in (ours, pipelines):
            started = time.perf_counter()
            side()
            seconds[side.__name__].append(time.perf_counter() - started)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    print(f"compare_scaling        {medians['ours']:8.2f} s")
    print(f"pipelines, by hand     {medians['pipelines']:8.2f} s")
    print(f"ratio                  {medians['ours'] / medians['pipelines']:8.2f}")


if __name__ == "__main__":
    main()
