"""Centre and covariance of the bulk of the rows, by the minimum covariance determinant (Rousseeuw 1999)."""

from collections.abc import Iterator

import numpy as np
from scipy import stats

from analytics.numbers.basics.statistics import NORMAL_MAD

COVARIANCE_ROWS = 2_000
"""Searches find the determinant on at most this many random rows: more change it by a few percent."""
_MOST_STEPS = 100  # each step lowers the determinant, so they end by themselves, as a rule before the tenth
_KEPT = 0.975  # the share of a normal law's rows that the reweighting keeps, as Rousseeuw and Van Driessen do
_ROUNDING = float(np.finfo(np.float64).eps)


def robust_covariance(Z: np.ndarray, *, seed: int = 0, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Centre (d,) and covariance (d, d) of at most ``rows`` random rows of ``Z`` (n, d).

    It starts from the halves that lie nearest by measures outliers hardly sway, which is quicker than random
    halves and is led astray less often (Hubert, Rousseeuw and Verdonck 2012, "A deterministic algorithm for
    robust location and scatter"); the smallest determinant wins and is corrected and reweighted.
    """
    rng = np.random.default_rng(seed)
    sample = Z if len(Z) <= rows else Z[rng.choice(len(Z), rows, replace=False)]
    axes = _directions(sample)
    centres, covariances = robust_covariances((sample @ axes)[None])
    return axes @ centres[0], axes @ covariances[0] @ axes.T


def robust_covariances(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centres (t, d) and covariances (t, d, d) of tables (t, n, d) without collinear columns, all their rows
    used; side by side, since the simulations look at a thousand small ones."""
    found = [_concentrated(X, *_mean_and_covariance(_taken(X, half))) for half in _near_halves(X)]
    centres, covariances, determinants = (np.stack(part) for part in zip(*found, strict=True))
    best, tables = determinants.argmin(axis=0), np.arange(len(X))
    factor = consistency_factor(_half(X) / X.shape[1], X.shape[2])
    return reweighted(X, centres[best, tables], covariances[best, tables] * factor)


def reweighted(X: np.ndarray, centre: np.ndarray, covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (..., d) and covariance (..., d, d) of the rows (..., n, d) that lie near, consistent for the
    normal law."""
    columns = X.shape[-1]
    near = squared_distances(X, centre, covariance) <= stats.chi2.ppf(_KEPT, columns)
    weights = near / near.sum(axis=-1, keepdims=True)
    mean = (weights[..., None, :] @ X)[..., 0, :]
    deviations = X - mean[..., None, :]
    spread = np.swapaxes(deviations * weights[..., None], -1, -2) @ deviations
    return mean, spread * consistency_factor(_KEPT, columns)


def squared_distances(X: np.ndarray, centre: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """Squared Mahalanobis distances (..., n), by the pseudo-inverse where the covariance is singular."""
    deviations = X - centre[..., None, :]
    inverse = np.linalg.pinv(covariance, rcond=X.shape[-1] * _ROUNDING, hermitian=True)
    return np.einsum("...ij,...ij->...i", deviations @ inverse, deviations)


def consistency_factor(share: float, columns: int) -> float:
    """What the covariance of a normal law's nearest ``share`` of rows is too small by (Croux and Haesbroeck
    1999)."""
    return float(share / stats.chi2.cdf(stats.chi2.ppf(share, columns), columns + 2))


def _near_halves(X: np.ndarray) -> Iterator[np.ndarray]:
    """Half of the rows (t, n // 2) by robust distance: on the columns' own axes, and on those that the
    correlations of ranks and of directions from the centre have."""
    Z, half = _robustly_scaled(X), X.shape[1] // 2
    lengths = np.linalg.norm(Z, axis=-1)
    yield _nearest(lengths, half)
    ranks = stats.rankdata(Z, axis=1)
    ranks -= ranks.mean(axis=1, keepdims=True)
    ranks /= np.linalg.norm(ranks, axis=1, keepdims=True)
    directions = Z / np.maximum(lengths, 1e-300)[..., None]
    for part in (ranks, directions):
        _, axes = np.linalg.eigh(np.swapaxes(part, 1, 2) @ part)
        yield _nearest(np.square(_robustly_scaled(Z @ axes)).sum(axis=-1), half)


def _robustly_scaled(X: np.ndarray) -> np.ndarray:
    centred = X - np.median(X, axis=1, keepdims=True)
    mad = NORMAL_MAD * np.median(np.abs(centred), axis=1, keepdims=True)
    return centred / np.where(mad > 0, mad, X.std(axis=1, keepdims=True))


def _nearest(distances: np.ndarray, count: int) -> np.ndarray:
    return np.argpartition(distances, count - 1, axis=-1)[..., :count]


def _taken(X: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.take_along_axis(X, rows[..., None], axis=1)


def _concentrated(
    X: np.ndarray, centre: np.ndarray, covariance: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Concentration steps until the log determinants (t,), the third value, fall no more."""
    half, least = _half(X), np.full(len(X), np.inf)
    moving = np.arange(len(X))
    for _ in range(_MOST_STEPS):
        rows = X[moving]
        near = _nearest(squared_distances(rows, centre[moving], covariance[moving]), half)
        mean, spread = _mean_and_covariance(_taken(rows, near))
        sign, log_determinant = np.linalg.slogdet(spread)
        lower = (sign <= 0) | (log_determinant < least[moving])
        fallen = moving[lower]
        centre[fallen], covariance[fallen] = mean[lower], spread[lower]
        least[fallen] = np.where(sign > 0, log_determinant, -np.inf)[lower]
        moving = moving[lower & (sign > 0)]
        if not len(moving):
            break
    return centre, covariance, least


def _half(X: np.ndarray) -> int:
    return (X.shape[1] + X.shape[2] + 2) // 2


def _mean_and_covariance(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mean = X.mean(axis=1)
    deviations = X - mean[:, None]
    return mean, np.swapaxes(deviations, 1, 2) @ deviations / X.shape[1]


def _directions(Z: np.ndarray) -> np.ndarray:
    """Orthonormal axes (d, r) along which the rows vary: all columns as they are, unless some are collinear.

    The determinant of collinear columns is 0 for every subset of rows, so there is nothing to minimise.
    """
    eigenvalues, vectors = np.linalg.eigh(np.cov(Z, rowvar=False).reshape(Z.shape[1], Z.shape[1]))
    kept = eigenvalues > 1e-10 * eigenvalues[-1]
    return np.eye(Z.shape[1]) if kept.all() else vectors[:, kept]
