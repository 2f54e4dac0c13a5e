"""Clusters found anew in random halves of the rows: what a verdict on k-means rests on."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from analytics.numbers.scaling.clusters import agreement_of
from analytics.numbers.scaling.folds import fill_and_scale
from analytics.numbers.scaling.learners import SCALERS
from analytics.numbers.scaling.plan import HALVES, SettledPlan


def agreements_in_halves(plan: SettledPlan, step: Callable[[], None]) -> Mapping[str, NDArray[np.float64]]:
    """Adjusted Rand index (J,) with the classes in each of J random halves, by scaler.

    Everything is done anew in a half: missing cells filled, the scaler fitted, clusters found. The halves
    are the same for every scaler. ``step`` is called after each clustering.
    """
    labels = plan.data.labels
    assert labels is not None
    found: dict[str, list[float]] = {scaler: [] for scaler in plan.scalers}
    for number, rows in enumerate(_halves(labels, seed=plan.seed)):
        for scaler in plan.scalers:
            (Z,) = fill_and_scale(plan.data.X[rows], SCALERS[scaler].make(rows.size))
            found[scaler].append(agreement_of(Z, plan.clusters, labels[rows], seed=plan.seed + number))
            step()
    return {scaler: np.array(values) for scaler, values in found.items()}


def _halves(labels: NDArray[np.int64], *, seed: int) -> Iterator[NDArray[np.int64]]:
    """Rows (n / 2,) of random halves and of the rest in turn, with the proportions of the classes."""
    rng = np.random.default_rng(seed)
    for _ in range(HALVES // 2):
        order = np.lexsort((rng.random(labels.size), labels))
        yield np.sort(order[::2])
        yield np.sort(order[1::2])
