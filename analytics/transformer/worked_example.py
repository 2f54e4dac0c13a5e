"""The small example every course works on paper: four words, three numbers each, one attention head.

The numbers are made up and small on purpose. Every result follows from them by the formulas a real
Transformer uses, and ``decoder_step`` carries the same numbers one word into a translation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from analytics.transformer.arguments import as_numbers
from analytics.transformer.arithmetic import softmax
from analytics.transformer.tokens import TraceError

Array = np.ndarray


def _table(rows: Sequence[Sequence[float]]) -> Array:
    return np.array(rows, dtype=np.float64)


@dataclass(frozen=True)
class HandNumbers:
    """What the reader may change: T tokens, d numbers each; the three matrices are (d, d)."""

    tokens: tuple[str, ...] = ("I", "love", "machine", "learning")
    embeddings: Array = field(
        default_factory=lambda: _table([[0.1, 0.3, 0.5], [0.2, 0.4, 0.6], [0.3, 0.5, 0.7], [0.4, 0.6, 0.8]])
    )
    positions: Array = field(
        default_factory=lambda: _table(
            [[0.01, 0.02, 0.03], [0.02, 0.03, 0.04], [0.03, 0.04, 0.05], [0.04, 0.05, 0.06]]
        )
    )
    w_q: Array = field(default_factory=lambda: np.eye(3))
    w_k: Array = field(default_factory=lambda: np.eye(3))
    w_v: Array = field(default_factory=lambda: np.eye(3))


@dataclass(frozen=True)
class HandWalk:
    """The numbers that follow: ``sums`` and Q, K, V (T, d); products, scores and weights (T, T)."""

    numbers: HandNumbers
    sums: Array
    q: Array
    k: Array
    v: Array
    products: Array
    scores: Array
    weights: Array
    output: Array


def sinusoidal_positions(count: int, width: int) -> Array:
    """(count, width): sin(p / 10000^(2i/d)) in even columns, the cosine in odd ones (Vaswani et al. 2017)."""
    pairs = np.arange(width) // 2
    angles = np.arange(count)[:, None] / 10000 ** (2 * pairs / width)
    return np.where(np.arange(width) % 2 == 0, np.sin(angles), np.cos(angles))


def work_through(numbers: HandNumbers | None = None) -> HandWalk:
    """Positions added, then Q, K, V, products, scores, weights and weighted values.

    A token's vector is a row, so Q = X W_Q. Raises TraceError where shapes do not fit or a cell is not a
    number.
    """
    numbers = _as_float64(numbers or HandNumbers(), _NUMBERS)
    _refuse_shapes(numbers)
    sums = numbers.embeddings + numbers.positions
    q, k, v = (sums @ matrix for matrix in (numbers.w_q, numbers.w_k, numbers.w_v))
    products = q @ k.T
    scores = products / np.sqrt(q.shape[1])
    weights = softmax(scores)
    return HandWalk(numbers, sums, q, k, v, products, scores, weights, weights @ v)


_NUMBERS = ("embeddings", "positions", "w_q", "w_k", "w_v")
_TARGET_NUMBERS = ("embeddings", "positions", "output_embeddings")
_Hand = TypeVar("_Hand", "HandNumbers", "HandTarget")


def _as_float64(given: _Hand, names: Sequence[str]) -> _Hand:
    made: dict[str, Any] = {name: as_numbers(getattr(given, name), name=name) for name in names}
    return replace(given, **made)


def _refuse_shapes(numbers: HandNumbers) -> None:
    count, width = len(numbers.tokens), (0, *numbers.embeddings.shape)[-1]
    expected = {
        "embeddings": (count, width),
        "positions": (count, width),
        "w_q": (width, width),
        "w_k": (width, width),
        "w_v": (width, width),
    }
    for name, shape in expected.items():
        value = getattr(numbers, name)
        if value.shape != shape or not value.size:
            raise TraceError(f"{name} has the shape {value.shape}; {count} tokens need {shape}.")
        if not np.isfinite(value).all():
            raise TraceError(f"{name} has an empty cell; fill in a number.")


@dataclass(frozen=True)
class HandTarget:
    """The decoder's side: words written so far (n, d), and the words it may write next (V, d)."""

    tokens: tuple[str, ...] = ("<s>", "J'", "aime")
    embeddings: Array = field(
        default_factory=lambda: _table([[0.0, 0.1, 0.0], [0.2, 0.3, 0.4], [0.3, 0.4, 0.6]])
    )
    positions: Array = field(
        default_factory=lambda: _table([[0.01, 0.02, 0.03], [0.02, 0.03, 0.04], [0.03, 0.04, 0.05]])
    )
    vocabulary: tuple[str, ...] = ("J'", "aime", "l'", "apprentissage", "automatique", "</s>")
    output_embeddings: Array = field(
        default_factory=lambda: _table(
            [
                [0.2, 0.3, 0.4],
                [0.3, 0.4, 0.6],
                [1.0, 0.9, 1.2],
                [0.6, 0.8, 0.9],
                [0.5, 0.4, 0.8],
                [-0.5, -0.2, -0.4],
            ]
        )
    )


@dataclass(frozen=True)
class HandDecoderStep:
    """One word further. ``mask`` holds 0 and -inf; the last row of ``state`` meets the source's ``weights``.

    ``self_output`` and ``state`` (n, d), ``cross_scores`` and ``cross_weights`` (T,), ``context`` (d,),
    ``logits`` and ``probabilities`` (V,).
    """

    target: HandTarget
    sums: Array
    self_scores: Array
    mask: Array
    self_weights: Array
    self_output: Array
    state: Array
    cross_scores: Array
    cross_weights: Array
    context: Array
    logits: Array
    probabilities: Array

    @property
    def chosen(self) -> str:
        """The most probable next word."""
        return self.target.vocabulary[int(self.probabilities.argmax())]


def decoder_step(walk: HandWalk, target: HandTarget | None = None) -> HandDecoderStep:
    """One decoder step on the encoder's output, with the same matrices and sums in place of norms.

    Masked self-attention over the words so far, cross-attention of the last of them to the source, and a
    softmax over the vocabulary. Raises TraceError when the widths differ.
    """
    target = _as_float64(target or HandTarget(), _TARGET_NUMBERS)
    numbers, width = walk.numbers, walk.output.shape[1]
    written, known = (len(target.tokens), width), (len(target.vocabulary), width)
    for name, shape in zip(_TARGET_NUMBERS, (written, written, known), strict=True):
        value = getattr(target, name)
        if value.shape != shape or not value.size:
            raise TraceError(
                f"The target's words need {width} numbers each, as many as the source's: {name} has the "
                f"shape {value.shape} and needs {shape}."
            )
        if not np.isfinite(value).all():
            raise TraceError(f"{name} has an empty cell; fill in a number.")
    sums = target.embeddings + target.positions
    q, k, v = (sums @ matrix for matrix in (numbers.w_q, numbers.w_k, numbers.w_v))
    self_scores = q @ k.T / np.sqrt(width)
    mask = np.where(np.tri(len(sums), dtype=bool), 0.0, -np.inf)
    self_weights = softmax(self_scores + mask)
    self_output = self_weights @ v
    state = sums + self_output
    cross_scores = (state[-1] @ numbers.w_q) @ (walk.output @ numbers.w_k).T / np.sqrt(width)
    cross_weights = softmax(cross_scores)
    context = cross_weights @ (walk.output @ numbers.w_v)
    logits = target.output_embeddings @ (state[-1] + context)
    return HandDecoderStep(
        target=target,
        sums=sums,
        self_scores=self_scores,
        mask=mask,
        self_weights=self_weights,
        self_output=self_output,
        state=state,
        cross_scores=cross_scores,
        cross_weights=cross_weights,
        context=context,
        logits=logits,
        probabilities=softmax(logits),
    )


def written_product(a: ArrayLike, b: ArrayLike, *, digits: int = 4) -> str:
    """A sum of products as one writes it on paper: ``0.11·0.11 + 0.32·0.32 = 0.1145``."""

    def short(value: float) -> str:
        text = f"{value:.{digits}g}"
        return f"({text})" if value < 0 else text

    left, right = np.asarray(a, np.float64), np.asarray(b, np.float64)
    terms = " + ".join(f"{short(x)}·{short(y)}" for x, y in zip(left, right, strict=True))
    return f"{terms} = {float(left @ right):.{digits}g}"
