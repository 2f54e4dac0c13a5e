"""Centre and covariance of the bulk of the rows, by the minimum covariance determinant (Rousseeuw 1999)."""

from collections.abc import Iterator
from operator import itemgetter

import numpy as np
from scipy import linalg, stats

from analytics.numbers.basics.statistics import NORMAL_MAD

_MOST_STEPS = 100  # each step lowers the determinant, so they end by themselves, as a rule before the tenth
_KEPT = 0.975  # the share of a normal law's rows that the reweighting keeps, as Rousseeuw and Van Driessen do


def robust_covariance(Z: np.ndarray, *, seed: int = 0, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Centre (d,) and covariance (d, d) of at most ``rows`` random rows of ``Z`` (n, d).

    It starts from the halves that lie nearest by measures outliers hardly sway, which is quicker than random
    halves and is led astray less often (Hubert, Rousseeuw and Verdonck 2012, "A deterministic algorithm for
    robust location and scatter"); the smallest determinant wins and is corrected and reweighted.
    """
    rng = np.random.default_rng(seed)
    sample = Z if len(Z) <= rows else Z[rng.choice(len(Z), rows, replace=False)]
    axes = _directions(sample)
    centre, covariance = _from_near_halves(sample @ axes)
    return axes @ centre, axes @ covariance @ axes.T


def reweighted(X: np.ndarray, centre: np.ndarray, covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (d,) and covariance (d, d) of the rows (n, d) that lie near, consistent for the normal law."""
    columns = X.shape[1]
    near = squared_distances(X, centre, covariance) <= stats.chi2.ppf(_KEPT, columns)
    mean, spread = _mean_and_covariance(X[near])
    return mean, spread * consistency_factor(_KEPT, columns)


def squared_distances(X: np.ndarray, centre: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """Squared Mahalanobis distances (n,), by the pseudo-inverse where the covariance is singular."""
    deviations = X - centre
    return np.einsum("ij,ij->i", deviations @ linalg.pinvh(covariance), deviations)


def consistency_factor(share: float, columns: int) -> float:
    """What the covariance of a normal law's nearest ``share`` of rows is too small by (Croux and Haesbroeck
    1999)."""
    return float(share / stats.chi2.cdf(stats.chi2.ppf(share, columns), columns + 2))


def _from_near_halves(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    found = [_concentrated(X, *_mean_and_covariance(X[half])) for half in _near_halves(X)]
    centre, covariance, _ = min(found, key=itemgetter(2))
    return reweighted(X, centre, covariance * consistency_factor(_half(X) / len(X), X.shape[1]))


def _near_halves(X: np.ndarray) -> Iterator[np.ndarray]:
    """Half of the rows by robust distance: on the columns' own axes, and on those that the correlations of
    ranks and of directions from the centre have."""
    Z = _robustly_scaled(X)
    lengths = np.linalg.norm(Z, axis=1)
    yield _nearest(lengths, len(X) // 2)
    directions = Z / np.maximum(lengths, 1e-300)[:, None]
    for shape in (np.corrcoef(stats.rankdata(Z, axis=0), rowvar=False), directions.T @ directions):
        _, axes = np.linalg.eigh(np.atleast_2d(shape))
        yield _nearest(np.square(_robustly_scaled(Z @ axes)).sum(axis=1), len(X) // 2)


def _robustly_scaled(X: np.ndarray) -> np.ndarray:
    centred = X - np.median(X, axis=0)
    mad = NORMAL_MAD * np.median(np.abs(centred), axis=0)
    return centred / np.where(mad > 0, mad, X.std(axis=0))


def _nearest(distances: np.ndarray, count: int) -> np.ndarray:
    return np.argpartition(distances, count - 1)[:count]


def _concentrated(
    X: np.ndarray, centre: np.ndarray, covariance: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    """Concentration steps until the log determinant, the third value, falls no more."""
    half, least = _half(X), np.inf
    for _ in range(_MOST_STEPS):
        near = _nearest(squared_distances(X, centre, covariance), half)
        mean, spread = _mean_and_covariance(X[near])
        sign, log_determinant = np.linalg.slogdet(spread)
        if sign > 0 and not log_determinant < least:
            break
        centre, covariance, least = mean, spread, log_determinant if sign > 0 else -np.inf
        if sign <= 0:
            break
    return centre, covariance, float(least)


def _half(X: np.ndarray) -> int:
    return (len(X) + X.shape[1] + 2) // 2


def _mean_and_covariance(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mean = X.mean(axis=0)
    deviations = X - mean
    return mean, deviations.T @ deviations / len(X)


def _directions(Z: np.ndarray) -> np.ndarray:
    """Orthonormal axes (d, r) along which the rows vary: all columns as they are, unless some are collinear.

    The determinant of collinear columns is 0 for every subset of rows, so there is nothing to minimise.
    """
    eigenvalues, vectors = np.linalg.eigh(np.cov(Z, rowvar=False).reshape(Z.shape[1], Z.shape[1]))
    kept = eigenvalues > 1e-10 * eigenvalues[-1]
    return np.eye(Z.shape[1]) if kept.all() else vectors[:, kept]
