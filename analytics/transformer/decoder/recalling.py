"""What a memory of sentence pairs says at a step of the decoder, and its mixture with what the model says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np

from analytics.arguments import is_real
from analytics.transformer.arithmetic import softmax
from analytics.transformer.checks import Check, check
from analytics.transformer.decoder.sampling import log_softmax
from analytics.transformer.tokens import TraceError

if TYPE_CHECKING:  # a trace holds what was recalled, so the arrow at run time goes the other way
    from analytics.transformer.decoder.trace import TranslationTrace

Weight = float | Literal["adaptive"]
ADAPTIVE: Literal["adaptive"] = "adaptive"
_DRIFT = 1e-4  # as the walk allows between writing piece by piece and all at once


@dataclass(frozen=True)
class Recalled:
    """The k entries of a memory nearest to one state (d,), nearest first; float64 unless said.

    ``distances`` are squared Euclidean ones from ``state`` to ``keys`` (k, d, float16), ``shares`` their
    softmax(-distance / temperature), ``ids`` the pieces that came next there. Entry i is piece ``places[i]``
    (from 0) of the pair in row ``rows[i]`` (from 1). ``weight`` is the memory's say in the mixture;
    where it is adaptive it is the logistic function of ``readings`` (r,) times ``coefficients`` (r,), both
    empty for a weight that was given.
    """

    state: np.ndarray
    keys: np.ndarray
    distances: np.ndarray
    shares: np.ndarray
    ids: np.ndarray
    rows: np.ndarray
    places: np.ndarray
    temperature: float
    weight: float
    readings: np.ndarray
    coefficients: np.ndarray

    def distribution(self, vocabulary: int) -> np.ndarray:
        """The memory's probabilities (V,): the shares of the entries of each piece, all 0 without entries."""
        return np.bincount(self.ids, weights=self.shares, minlength=vocabulary)

    def mixed(self, probabilities: np.ndarray) -> np.ndarray:
        """weight * the memory's + (1 - weight) * the model's probabilities (V,); Khandelwal et al. 2021."""
        own = np.asarray(probabilities, dtype=np.float64)
        return self.weight * self.distribution(len(own)) + (1 - self.weight) * own

    def mixed_logits(self, logits: np.ndarray) -> np.ndarray:
        """The logarithm of the mixture (V,), which softmax turns into it again."""
        mixture = self.mixed(softmax(np.asarray(logits, dtype=np.float64)))
        return np.log(np.maximum(mixture, np.finfo(np.float64).tiny))


class Recaller(Protocol):
    """A memory beside one sentence."""

    def recall(self, state: np.ndarray, probabilities: np.ndarray) -> Recalled:
        """What is nearest to the state (d,) of the next step, given the model's probabilities (V,)."""
        ...


class RemembersPairs(Protocol):
    """What a translation needs of a memory."""

    @property
    def revision(self) -> str:
        """The revision of the model whose states it holds."""
        ...

    def recaller(self, *, weight: Weight) -> Recaller:
        """A fresh one for each sentence."""
        ...


def recaller_of(memory: Any, weight: Any, *, revision: str, strategy: str) -> Recaller | None:
    """The memory beside a new sentence, None for none; raises TraceError for what cannot be."""
    if memory is None:
        return None
    if not hasattr(memory, "recaller"):
        raise TraceError(f"A {type(memory).__name__} is no memory; make one with Memory.from_pairs().")
    if strategy == "beam":
        raise TraceError("Beam search has no memory here: choose greedy or sample, or leave the memory out.")
    if memory.revision != revision:
        raise TraceError("This memory was made with another model; make it anew with this one.")
    if weight != ADAPTIVE and not (is_real(weight) and 0 <= weight <= 1):
        raise TraceError(
            f"The memory cannot have the weight {weight!r}: use 'adaptive' or a number from 0 to 1."
        )
    return memory.recaller(weight=weight)


def recall_checks(trace: TranslationTrace) -> Iterator[Check]:
    """Every number of what was recalled, from the ones before it."""
    recalled = trace.recalled
    if not recalled:
        return
    states = trace.layers[-1].output
    formula = r"h_t \text{ enters the last projection}"
    yield check("Memory: states", formula, [one.state for one in recalled], states, tolerance=_DRIFT)
    distances = [_distances(one) for one in recalled]
    formula = r"d_i = \lVert h_t - k_i \rVert^2"
    yield check("Memory: distances", formula, *_joined([one.distances for one in recalled], distances))
    shares = [_shares(one) for one in recalled]
    formula = r"w_i = e^{-d_i / \tau} / \sum_j e^{-d_j / \tau}"
    yield check("Memory: weights of entries", formula, *_joined([one.shares for one in recalled], shares))
    sums = [one.shares.sum() for one in recalled if len(one.shares)]
    yield check("Memory: weights sum to 1", r"\sum_i w_i = 1", sums, np.ones(len(sums)), tolerance=1e-9)
    weights = [_weight(one) for one in recalled]
    formula = r"\lambda = 1 / (1 + e^{-c^\top r})"
    yield check("Memory: its say", formula, [one.weight for one in recalled], weights, tolerance=1e-9)
    chances = softmax(trace.logits.astype(np.float64))
    if all(len(one.readings) for one in recalled):
        formula = (
            r"r = (1, \ln(1 + d_1), \max_v p_{\mathrm{memory}}, \ln \max_v p_{\mathrm{model}}, \text{means})"
        )
        shown = [one.readings for one in recalled]
        yield check("Memory: readings", formula, shown, _readings(recalled, chances), tolerance=_DRIFT)
    mixtures = [softmax(trace.mixed_logits(step)) for step in range(len(recalled))]
    again = [_mixture(one, row) for one, row in zip(recalled, chances, strict=True)]
    formula = r"p = \lambda \sum_{i: y_i = v} w_i + (1 - \lambda)\, p_{\mathrm{model}}"
    yield check("Memory: mixture", formula, mixtures, again, tolerance=1e-9)
    yield check(
        "Memory: mixture sums to 1", r"\sum_v p_v = 1", np.sum(mixtures, axis=1), np.ones(len(recalled))
    )
    logs = log_softmax(np.stack([trace.mixed_logits(step) for step in range(len(recalled))]))
    free = [step for step in trace.steps if not step.forced]
    if trace.settings.strategy == "greedy" and free:
        behind = [logs[step.index].max() - logs[step.index, step.id] for step in free]
        formula = r"y_t = \arg\max_v p_v"
        yield check("Memory: choices", formula, behind, np.zeros(len(free)), tolerance=_DRIFT)


def _joined(shown: Sequence[np.ndarray], again: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    return np.concatenate(shown), np.concatenate(again)


def _distances(recalled: Recalled) -> np.ndarray:
    """By the other formula, |h|^2 - 2 h k + |k|^2, in float64."""
    state, keys = recalled.state.astype(np.float64), recalled.keys.astype(np.float64)
    return state @ state - 2 * keys @ state + (keys**2).sum(-1)


def _shares(recalled: Recalled) -> np.ndarray:
    if not len(recalled.distances):
        return recalled.distances
    logs = -recalled.distances / recalled.temperature
    return np.exp(logs - np.logaddexp.reduce(logs))


def _weight(recalled: Recalled) -> float:
    if not len(recalled.readings):
        return recalled.weight
    return float(1 / (1 + np.exp(-float(recalled.readings @ recalled.coefficients))))


def _readings(recalled: Sequence[Recalled], chances: np.ndarray) -> np.ndarray:
    """(T, 6): the constant, this step's three, and the means of two of them over the sentence so far."""
    near = np.array([np.log1p(one.distances[0]) for one in recalled])
    largest = [one.distribution(chances.shape[1]).max() for one in recalled]
    sure = np.log(chances.max(-1))
    steps = np.arange(1, len(recalled) + 1)
    columns = [np.ones(len(recalled)), near, largest, sure, near.cumsum() / steps, sure.cumsum() / steps]
    return np.stack(columns, axis=1)


def _mixture(recalled: Recalled, chances: np.ndarray) -> np.ndarray:
    """Entry by entry."""
    mixture = (1 - recalled.weight) * chances
    for piece, share in zip(recalled.ids, recalled.shares, strict=True):
        mixture[piece] += recalled.weight * share
    return mixture
