"""Paired comparisons that do not sell noise as gain: over repeated folds, and between two clusterings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analytics.errors import ZetascopeError


@dataclass(frozen=True)
class PairedComparison:
    """Mean of paired differences with its confidence interval and two-sided p-value.

    ``t`` is infinite when every difference is the same nonzero number, and 0 when all are 0.
    """

    mean: float
    low: float
    high: float
    t: float
    p_value: float
    df: int


def corrected_resampled_t(
    differences: ArrayLike, *, n_train: int, n_test: int, confidence: float = 0.95
) -> PairedComparison:
    """Corrected resampled t-test on the score differences of two models over the same J splits.

    Training sets of different folds overlap, so the plain variance of the mean, S²/J, is too small.
    Nadeau and Bengio (2003, "Inference for the generalization error", Machine Learning 52) replace it by
    (1/J + n_test/n_train) S²; t has J - 1 degrees of freedom. ``differences`` is (J,), J at least 2.
    """
    d = np.asarray(differences, dtype=np.float64)
    if d.size < 2:
        raise ZetascopeError(f"{d.size} paired difference(s) cannot be tested: use at least two folds.")
    mean, df = float(d.mean()), d.size - 1
    spread = float(d.std(ddof=1))
    if spread <= 1e-12 * max(abs(mean), 1.0):
        return PairedComparison(mean, mean, mean, *_certain(mean), df)
    error = spread * float(np.sqrt(1 / d.size + n_test / n_train))
    half_width = float(stats.t.ppf(0.5 + confidence / 2, df)) * error
    t = mean / error
    return PairedComparison(
        mean, mean - half_width, mean + half_width, t, float(2 * stats.t.sf(abs(t), df)), df
    )


def _certain(mean: float) -> tuple[float, float]:
    return (0.0, 1.0) if mean == 0 else (float(np.copysign(np.inf, mean)), 0.0)


def holm(p_values: Sequence[float]) -> NDArray[np.float64]:
    """Holm's step-down adjusted p-values (1979), in the order given."""
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    steps = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted


def adjusted_rand_of_tables(tables: NDArray[np.int64]) -> NDArray[np.float64]:
    """Adjusted Rand index (Hubert, Arabie 1985) of contingency tables (..., classes, clusters) -> (...)."""
    pairs = _choose_two(tables).sum(axis=(-2, -1))
    rows = _choose_two(tables.sum(axis=-1)).sum(axis=-1)
    columns = _choose_two(tables.sum(axis=-2)).sum(axis=-1)
    expected = rows * columns / _choose_two(tables.sum(axis=(-2, -1)))
    room = (rows + columns) / 2 - expected
    perfect = np.isclose(room, 0.0)
    return np.where(perfect, 1.0, (pairs - expected) / np.where(perfect, 1.0, room))


def _choose_two(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    counts = counts.astype(np.float64)
    return counts * (counts - 1) / 2


def compare_clusterings(
    labels: NDArray[np.int64],
    before: NDArray[np.int64],
    after: NDArray[np.int64],
    *,
    draws: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> tuple[float, float]:
    """Interval for ARI(labels, after) - ARI(labels, before), both clusterings taken as they are.

    Half of the rows are drawn without replacement, ``draws`` times; the spread of such halves about the full
    sample estimates the sampling error of the full sample (delete-half jackknife, Shao and Wu 1989). A
    bootstrap would draw some rows twice, and a pair of twins always agrees.
    """
    shape = tuple(int(codes.max()) + 1 for codes in (labels, before, after))
    joint = np.bincount(np.ravel_multi_index((labels, before, after), shape), minlength=int(np.prod(shape)))
    halves = _draw_halves(joint, draws=draws, seed=seed).reshape(draws, *shape)
    whole = joint.reshape(1, *shape)
    gain = _ari_gain(whole)[0]
    deviations = _ari_gain(halves) - gain
    low, high = np.quantile(deviations, [0.5 - confidence / 2, 0.5 + confidence / 2])
    return float(gain - high), float(gain - low)


def _draw_halves(joint: NDArray[np.int64], *, draws: int, seed: int) -> NDArray[np.int64]:
    rng = np.random.default_rng(seed)
    occupied = np.flatnonzero(joint)
    halves = np.zeros((draws, joint.size), dtype=np.int64)
    halves[:, occupied] = rng.multivariate_hypergeometric(joint[occupied], int(joint.sum()) // 2, size=draws)
    return halves


def _ari_gain(joint: NDArray[np.int64]) -> NDArray[np.float64]:
    """(draws, classes, before, after) -> (draws,): how much better the second clustering agrees."""
    return adjusted_rand_of_tables(joint.sum(axis=2)) - adjusted_rand_of_tables(joint.sum(axis=3))
