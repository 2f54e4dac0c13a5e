"""Nominal against realised for what is stated of questions (Ask) and of guessed labels (Classify)."""

from collections.abc import Callable, Iterator

import numpy as np

from analytics.contingency import share_interval
from analytics.retrieval.evaluation import paired
from analytics.retrieval.tuning.prediction import best_temperature, hedged, warmed
from benchmarks.statistics_rows import Realised, share

_ALPHA = 0.05
_QUESTIONS = (3, 5, 6, 10, 20, 50, 100, 500)
_GAPS: dict[str, tuple[float, Callable[[np.random.Generator, int], np.ndarray]]] = {
    "nine in ten found by each": (
        0.0,
        lambda rng, q: np.diff((rng.random((2, q)) < 0.9).astype(float), axis=0)[0],
    ),
    "ranks": (0.0, lambda rng, q: np.diff(1 / np.log2(rng.geometric(0.4, (2, q)) + 1), axis=0)[0]),
    "better by 0.3": (0.3, lambda rng, q: 0.3 + rng.uniform(-0.5, 0.5, q)),
    "one in ten better by 1": (0.1, lambda rng, q: (rng.random(q) < 0.1) * 1.0),
    "four in ten differ, few by much": (
        0.0,
        lambda rng, q: (rng.random(q) < 0.4) * np.where(rng.random(q) < 0.2, 0.8, -0.2),
    ),
    "one in ten better by 0.9": (0.0, lambda rng, q: np.where(rng.random(q) < 0.1, 0.9, -0.1)),
}
"""The true mean, and gaps of as many questions."""


def differences(tables: int) -> Iterator[Realised]:
    """How often the interval of a difference between two ways of finding misses the true one."""
    for law, (truth, draw) in _GAPS.items():
        for asked in _QUESTIONS:
            rng = np.random.default_rng(asked)
            found = [paired("a", "b", draw(rng, asked)).difference for _ in range(tables)]
            missed = np.array([not one.low <= truth <= one.high for one in found])
            yield share(f"difference of ways misses, {law}", asked, 1, _ALPHA, missed, at_most=True)


def shares(tables: int) -> Iterator[Realised]:
    """How often the interval of a share misses it."""
    for rows in (5, 20, 100):
        for truth in (0.008, 0.05, 0.3):
            counts = np.random.default_rng(rows).binomial(rows, truth, 10 * tables)
            low, high = share_interval(counts, rows)
            missed = (low > truth) | (high < truth)
            yield share(f"share's interval misses {truth:g}", rows, 1, _ALPHA, missed, at_most=True)


def sureness(tables: int) -> Iterator[Realised]:
    """How sure guesses are, beside how many of them are right, where few texts were kept out."""
    for classes in (2, 4, 10):
        for kept_out in (4, 10, 50):
            rng = np.random.default_rng([classes, kept_out])
            found = np.array([_sure_and_right(rng, classes, kept_out) for _ in range(tables)])
            gap = found[:, 0] - found[:, 1]
            error = float(gap.std(ddof=1) / np.sqrt(tables))
            right, sure = float(found[:, 1].mean()), float(found[:, 0].mean())
            yield Realised(f"sureness of {classes} classes", kept_out, 1, right, sure, error, at_most=True)


def _sure_and_right(rng: np.random.Generator, classes: int, kept_out: int) -> tuple[float, float]:
    """Of 200 guesses by centres that are known with an error, which are too timid by themselves."""
    centres = 1.5 * rng.normal(size=(classes, 8))
    codes = rng.integers(0, classes, kept_out + 200)
    away = np.square((centres[codes] + rng.normal(size=(len(codes), 8)))[:, None] - centres - 0.3).sum(axis=2)
    chances = warmed(np.exp(-0.2 * (away - away.min(axis=1, keepdims=True))), 1.0)
    temperature = best_temperature(chances[:kept_out], codes[:kept_out])
    found = hedged(warmed(chances[kept_out:], temperature), kept_out=kept_out)
    return float(found.max(axis=1).mean()), float((found.argmax(axis=1) == codes[kept_out:]).mean())
