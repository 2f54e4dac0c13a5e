"""Ranks turned into normal scores, as a monotone table of values and scores."""

import numpy as np
from scipy.special import ndtri

from analytics.numbers.basics.parameters import Shape
from analytics.numbers.basics.statistics import Floats

_MAX_NODES = 2_000


def _mean_ranks(values: Floats) -> tuple[Floats, Floats]:
    """Distinct values in order, and the mean of the 1-based ranks of their ties."""
    distinct, counts = np.unique(values, return_counts=True)
    last = np.cumsum(counts)
    return distinct, last - (counts - 1) / 2.0


def _spaced(scores: Floats) -> np.ndarray:
    """Indices of at most ``_MAX_NODES`` scores, evenly spaced on the score axis, ends included."""
    targets = np.linspace(scores[0], scores[-1], _MAX_NODES)
    return np.unique(np.searchsorted(scores, targets).clip(max=scores.size - 1))


def fit_ranks(values: Floats) -> Shape:
    """Normal scores of the mean ranks by Blom (1958): ``ndtri((r - 3/8) / (n + 1/4))``.

    Up to 2,000 distinct values each is a node, so the scores are exact; beyond, nodes are evenly
    spaced in score and values between them are interpolated, at most 0.005 away.
    """
    distinct, ranks = _mean_ranks(values)
    scores = ndtri((ranks - 0.375) / (values.size + 0.25))
    if distinct.size > _MAX_NODES:
        kept = _spaced(scores)
        distinct, scores = distinct[kept], scores[kept]
    return Shape(values=tuple(distinct.tolist()), scores=tuple(scores.tolist()))


def rank_forward(values: Floats, shape: Shape, out: Floats) -> None:
    """Interpolate between the nodes; values outside what was seen score as the nearest seen one."""
    out[...] = np.interp(values, shape.values, shape.scores)


def rank_inverse(values: Floats, shape: Shape, out: Floats) -> None:
    """The same table read the other way."""
    out[...] = np.interp(values, shape.scores, shape.values)
