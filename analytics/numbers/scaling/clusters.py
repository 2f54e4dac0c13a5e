"""k-means and the first principal component under one scaler: agreement, stability, who owns the picture."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from analytics.numbers.scaling.folds import timed_fit

_STARTS = 10
_FEW_STARTS = 3
"""In halves of the rows: what a start misses makes their spread wider, never the verdict bolder."""


@dataclass(frozen=True)
class Clustering:
    """The best of several k-means runs and how much the runs differ.

    ``agreement`` is the adjusted Rand index with known labels (NaN without), ``agreements`` (s,) that of
    every single run; ``stability`` the mean adjusted Rand index between pairs of runs, 1 when all agree.
    ``iterations`` and ``fit_seconds`` are medians over the runs; ``stopped`` counts those that met the limit
    of iterations.
    """

    labels: NDArray[np.int64]
    agreement: float
    agreements: NDArray[np.float64]
    stability: float
    iterations: float
    stopped: int
    fit_seconds: float

    @property
    def converged(self) -> bool:
        return not self.stopped


@dataclass(frozen=True)
class FirstComponent:
    """``loadings`` (d,) squared, summing to 1: the share of the direction that each column owns.

    ``explained`` is the share of the total variance along it, ``variance_shares`` (d,) each column's share
    of the total variance, which is also its share of the squared distances that k-means and neighbours see.
    """

    loadings: NDArray[np.float64]
    explained: float
    variance_shares: NDArray[np.float64]
    fit_seconds: float


def cluster_rows(
    Z: NDArray[np.float64], k: int, *, labels: NDArray[np.int64] | None = None, seed: int = 0
) -> Clustering:
    """k-means with ten k-means++ starts from consecutive seeds on ``Z`` (n, d); least inertia wins."""
    from sklearn.cluster import KMeans

    runs = [timed_fit(KMeans(k, n_init=1, max_iter=300, random_state=seed + i), Z) for i in range(_STARTS)]
    found = [run.labels_.astype(np.int64) for run, _ in runs]
    agreements = np.array([np.nan if labels is None else _ari(labels, codes) for codes in found])
    best = int(np.argmin([run.inertia_ for run, _ in runs]))
    iterations = np.array([run.n_iter_ for run, _ in runs])
    return Clustering(
        labels=found[best],
        agreement=float(agreements[best]),
        agreements=agreements,
        stability=float(np.mean([_ari(a, b) for a, b in combinations(found, 2)])),
        iterations=float(np.median(iterations)),
        stopped=int((iterations >= 300).sum()),
        fit_seconds=float(np.median([seconds for _, seconds in runs])),
    )


def agreement_of(Z: NDArray[np.float64], k: int, labels: NDArray[np.int64], *, seed: int) -> float:
    """Adjusted Rand index of the best of three k-means starts on ``Z`` (n, d) with ``labels`` (n,)."""
    from sklearn.cluster import KMeans

    model, _ = timed_fit(KMeans(k, n_init=_FEW_STARTS, max_iter=300, random_state=seed), Z)
    return _ari(labels, model.labels_)


def first_component(Z: NDArray[np.float64]) -> FirstComponent:
    """First principal component of ``Z`` (n, d), by singular value decomposition of the centred rows."""
    from sklearn.decomposition import PCA

    pca, seconds = timed_fit(PCA(n_components=1, svd_solver="full"), Z)
    variances = Z.var(axis=0)
    return FirstComponent(
        loadings=pca.components_[0] ** 2,
        explained=float(pca.explained_variance_ratio_[0]),
        variance_shares=variances / variances.sum(),
        fit_seconds=seconds,
    )


def _ari(a: NDArray[np.int64], b: NDArray[np.int64]) -> float:
    """Hubert and Arabie's adjusted Rand index of codes (n,) from 0 on: hundreds of them make a verdict, and
    scikit-learn's checks take longer than such a table's clustering."""
    both, of_a, of_b = (_pairs(np.bincount(codes)) for codes in (a * (b.max() + 1) + b, a, b))
    expected = of_a * of_b / _pairs(np.array([a.size]))
    most = (of_a + of_b) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def _pairs(counts: NDArray[np.int64]) -> float:
    """How many pairs of rows lie together in groups of these sizes (k,)."""
    return float((counts * (counts - 1) / 2).sum())
