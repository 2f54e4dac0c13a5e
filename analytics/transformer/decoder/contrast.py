"""Why this piece and not that one: which pieces read speak for the one, and which for the other.

The question is put to the difference of two logits, as contrastive explanations do (Yin and Neubig 2022,
"Interpreting Language Models with Contrastive Explanations"; Sarti et al. 2023, "Inseq"). Each of three
measures asks for the same: what would be missing if a piece's word vector were taken away and its place
kept. Integrated gradients were tried in place of the shares: on five sentences of the packaged model they
missed their sum by 0.2 in the middle and by 3 at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from analytics.arguments import is_whole
from analytics.progress import Progress
from analytics.threads import one_openmp_thread
from analytics.transformer.arguments import check_place
from analytics.transformer.checks import Check, check
from analytics.transformer.decoder.sampling import log_softmax
from analytics.transformer.decoder.trace import TranslationTrace
from analytics.transformer.tokens import TraceError
from analytics.transformer.translator.loading import Translator
from analytics.transformer.weights import to_numpy

_MOST_ORDERS, _FEWEST_ORDERS = 40, 8
_ORDER_PLACES = 30_000  # pieces read in all orders together: some 2 s of one core with the packaged model
_RANDOM_SETS = 16  # as many as the page of heads draws
_STRONGEST = 3
_PLACES_AT_ONCE = 4096  # pieces in one batch: some 50 MB of states for the packaged model


@dataclass(frozen=True)
class Hiding:
    """What taking several pieces away at once does to the difference of logits.

    ``without_for`` is it without the pieces ``taken_for``, which speak most for the written piece, and
    ``without_against`` without those that speak most for the other; ``without_random`` (n,) are draws of
    as many pieces as ``taken_for`` holds.
    """

    taken_for: tuple[int, ...]
    without_for: float
    taken_against: tuple[int, ...]
    without_against: float
    without_random: np.ndarray


@dataclass(frozen=True)
class Contrast:
    """The written piece of one step against another. P pieces were read: S of the source, then the output's.

    ``difference`` is logit(written) - logit(other): by e to its power the one is more probable. ``blank`` is
    it with all P word vectors taken away, only their places left. Each measure has P numbers of that unit,
    above 0 for the written piece and below 0 for the other. ``shares`` sum to ``difference`` - ``blank``: the
    pieces are put back one after the other, in ``orders`` random orders, and a share is the mean of what the
    piece changed at its turn (Shapley 1953; sampled as in Castro et al. 2009), with its standard error in
    ``uncertainty``. ``gradient`` times input is a first estimate; ``taken_away`` is what really changes
    without the one piece and with all others. Neither of these two sums to anything.
    """

    step: int
    written: int
    other: int
    sources: int
    names: tuple[str, ...]
    difference: float
    blank: float
    shares: np.ndarray
    uncertainty: np.ndarray
    orders: int
    gradient: np.ndarray
    taken_away: np.ndarray
    hiding: Hiding
    checks: tuple[Check, ...]

    def agreement(self, measure: np.ndarray) -> float:
        """Rank correlation of a measure with what taking each piece away changes; NaN for fewer than 3."""
        return _rank_correlation(measure, self.taken_away)


@one_openmp_thread()
def contrast(
    trace: TranslationTrace,
    step: int,
    other: int,
    *,
    model: Translator,
    progress: Progress | None = None,
) -> Contrast:
    """Hold the piece written at ``step`` (from 0) against the piece ``other``, an id of the vocabulary.

    ``model`` is the translator that made the trace; ``progress`` counts the orders. Raises
    TraceError for a step or a piece that does not exist, and for the written piece against itself.
    """
    check_place(step, name="Step", count=len(trace.steps))
    written, known = trace.ids[step], trace.logits.shape[1]
    if not is_whole(other) or not 0 <= other < known:
        raise TraceError(f"{other!r} is no piece of this model: give an id from 0 to {known - 1}.")
    if other == written:
        raise TraceError("A piece cannot be held against itself: choose another one than was written.")
    question = _Question(model.model, trace, step, int(other))
    whole, nothing = torch.ones(question.count), torch.zeros(question.count)
    difference, blank = question.answers(torch.stack([whole, nothing])).tolist()
    shares, uncertainty, orders = _share_out(question, blank, difference, progress)
    apart = difference - to_numpy(question.answers(1 - torch.eye(question.count)))
    pieces = [one.text for one in trace.source.tokens] + [one.input_text for one in trace.steps[: step + 1]]
    return Contrast(
        step=step,
        written=written,
        other=int(other),
        sources=len(trace.source.tokens),
        names=tuple(pieces),
        difference=difference,
        blank=blank,
        shares=shares,
        uncertainty=uncertainty,
        orders=orders,
        gradient=question.slopes(),
        taken_away=apart,
        hiding=_hide_together(question, shares),
        checks=_checks(trace, step, int(other), difference, blank, shares),
    )


def _checks(
    trace: TranslationTrace, step: int, other: int, difference: float, blank: float, shares: np.ndarray
) -> tuple[Check, ...]:
    row = trace.logits[step].astype(np.float64)
    logs, written = log_softmax(row), trace.ids[step]
    return (
        check("Difference of logits", r"z_a - z_b", row[written] - row[other], difference, tolerance=1e-4),
        check(
            "Difference as odds",
            r"\log \frac{p_a}{p_b}",
            logs[written] - logs[other],
            difference,
            tolerance=1e-4,
        ),
        check(
            "Parts that sum",
            r"\sum_i s_i = (z_a - z_b) - (z_a - z_b)_{\mathrm{blank}}",
            difference - blank,
            shares.sum(),
        ),
    )


def _share_out(
    question: _Question, blank: float, whole: float, progress: Progress | None
) -> tuple[np.ndarray, np.ndarray, int]:
    """Shares (P,), their standard errors, and the number of orders; each order is walked both ways."""
    pieces = question.count
    pairs = max(_FEWEST_ORDERS, min(_MOST_ORDERS, _ORDER_PLACES // pieces**2)) // 2
    generator = np.random.default_rng(0)
    changes = np.empty((pairs, pieces))
    for pair in range(pairs):
        order = generator.permutation(pieces)
        # An order and its reverse: a piece that came late in the one comes early in the other.
        changes[pair] = (
            _in_turn(question, order, blank, whole) + _in_turn(question, order[::-1], blank, whole)
        ) / 2
        if progress:
            progress(2 * (pair + 1), 2 * pairs)
    return changes.mean(0), changes.std(0, ddof=1) / np.sqrt(pairs), 2 * pairs


def _in_turn(question: _Question, order: np.ndarray, blank: float, whole: float) -> np.ndarray:
    """(P,) what each piece changes when the pieces are put back in this order."""
    turn = order.argsort()
    kept = torch.as_tensor(turn[None, :] <= np.arange(len(order) - 1)[:, None]).float()
    answers = [blank, *to_numpy(question.answers(kept)).astype(np.float64), whole]
    return np.diff(answers)[turn]


def _hide_together(question: _Question, scores: np.ndarray) -> Hiding:
    """The strongest pieces of either side taken away at once, beside random ones."""
    order = np.argsort(-scores, kind="stable")
    speak_for = tuple(int(one) for one in order[:_STRONGEST] if scores[one] > 0)
    speak_against = tuple(int(one) for one in order[::-1][:_STRONGEST] if scores[one] < 0)
    generator = np.random.default_rng(0)
    sets: list[Sequence[int]] = [speak_for, speak_against]
    sets += [generator.permutation(question.count)[: len(speak_for)].tolist() for _ in range(_RANDOM_SETS)]
    kept = torch.ones(len(sets), question.count)
    for row, taken in enumerate(sets):
        kept[row, list(taken)] = 0.0
    answers = to_numpy(question.answers(kept)).astype(np.float64)
    return Hiding(speak_for, float(answers[0]), speak_against, float(answers[1]), answers[2:])


class _Question:
    """The difference of two logits as a function of how much of each word vector is there."""

    def __init__(self, model: Any, trace: TranslationTrace, step: int, other: int) -> None:
        self._model = model
        self._sources = len(trace.source.tokens)
        base, row = model.model, [trace.ids[step], other]
        ids = torch.tensor([one.id for one in trace.source.tokens])
        read = torch.tensor(trace.input_ids[: step + 1])
        with torch.no_grad():
            # The encoder takes vectors as they come; the decoder multiplies what it is given by sqrt(d).
            self._source = base.encoder.embed_tokens(ids) * base.encoder.embed_scale
            self._target = base.decoder.embed_tokens(read)
            rows = model.lm_head.weight[row]
            self._direction = rows[0] - rows[1]
            bias = model.final_logits_bias[0, row]
            self._bias = bias[0] - bias[1]
        self.count = len(ids) + len(read)

    def answers(self, kept: Tensor) -> Tensor:
        """Differences (n,) when piece i of row r keeps ``kept[r, i]`` (n, P) of its word vector."""
        with torch.no_grad():
            return torch.cat([self._run(kept[chunk])[0] for chunk in self.chunks(len(kept))])

    def slopes(self) -> np.ndarray:
        """(P,) the gradient at the pieces as they are, times their word vectors."""
        with torch.enable_grad():
            answers, vectors = self._run(torch.ones(1, self.count), track=True)
            gradients = torch.autograd.grad(answers.sum(), vectors)
        parts = [(one * vector).sum(-1)[0] for one, vector in zip(gradients, vectors, strict=True)]
        return to_numpy(torch.cat(parts)).astype(np.float64)

    def chunks(self, rows: int) -> Iterator[slice]:
        """Slices of so many rows that hold no more pieces than fit at once."""
        size = max(1, _PLACES_AT_ONCE // self.count)
        return (slice(start, min(start + size, rows)) for start in range(0, rows, size))

    def _run(self, kept: Tensor, *, track: bool = False) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        source = (kept[:, : self._sources, None] * self._source).requires_grad_(track)
        target = (kept[:, self._sources :, None] * self._target).requires_grad_(track)
        states = self._model.model(inputs_embeds=source, decoder_inputs_embeds=target, use_cache=False)
        return states.last_hidden_state[:, -1] @ self._direction + self._bias, (source, target)


def _rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's, for numbers without ties."""
    if len(a) < 3:
        return float("nan")
    return float(np.corrcoef(a.argsort().argsort(), b.argsort().argsort())[0, 1])
