"""Which heads follow a simple pattern: measured over texts, against what an even spread would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.transformer.encoder.trace import EncoderTrace
from analytics.transformer.tokens import TraceError

PATTERNS = ("previous token", "next token", "itself", "first mark", "separator", "same word")


@dataclass(frozen=True)
class HeadPatterns:
    """Mean attention weight that goes where a pattern says, for every head.

    ``weights`` are (L, H) by pattern, NaN where no token of the texts has such a place to look at; ``even``
    is what a head would give that looks at all tokens alike. ``texts`` is how many were measured.
    """

    weights: dict[str, np.ndarray]
    even: dict[str, float]
    texts: int

    def ranked(self, pattern: str) -> list[tuple[int, int, float]]:
        """(layer, head, weight), both from 0, strongest first."""
        values = self.weights[pattern]
        order = np.argsort(-np.nan_to_num(values), axis=None, kind="stable")
        places = zip(*np.unravel_index(order, values.shape), strict=True)
        return [(int(layer), int(head), float(values[layer, head])) for layer, head in places]

    def followers(self, pattern: str, *, least: float = 0.5) -> int:
        """How many heads give the pattern at least ``least`` of their weight."""
        return int((np.nan_to_num(self.weights[pattern]) >= least).sum())


def head_patterns(traces: Sequence[EncoderTrace]) -> HeadPatterns:
    """The patterns of a model's heads over its traces of several texts.

    Rows are the tokens of the texts themselves; a row counts for a pattern where it has a place to look at:
    the first token has no previous one, and a word that stands once has no other place. Raises TraceError for
    no traces, or for ones without layers.
    """
    if not traces or not traces[0].layers:
        raise TraceError("Patterns of heads need at least one text, through a model whose layers are shown.")
    sums = {name: np.zeros(traces[0].attention.shape[:2]) for name in PATTERNS}
    expected, rows = dict.fromkeys(PATTERNS, 0.0), dict.fromkeys(PATTERNS, 0)
    for trace in traces:
        attention = trace.attention.astype(np.float64)
        for name, target in _targets(trace).items():
            looking = target.any(1) & ~trace.special
            sums[name] += (attention[:, :, looking] * target[looking]).sum((-1, -2))
            expected[name] += float(target[looking].mean(1).sum())
            rows[name] += int(looking.sum())
    return HeadPatterns(
        {
            name: sums[name] / rows[name] if rows[name] else np.full_like(sums[name], np.nan)
            for name in PATTERNS
        },
        {name: expected[name] / rows[name] if rows[name] else float("nan") for name in PATTERNS},
        len(traces),
    )


def _targets(trace: EncoderTrace) -> dict[str, np.ndarray]:
    """(T, T) bool by pattern: where each token would look."""
    count = len(trace.tokens)
    ids = np.array([token.id for token in trace.source.tokens])
    places = np.flatnonzero(trace.special)
    first, last = (np.zeros(count, dtype=bool) for _ in range(2))
    first[places[:1]] = True
    last[places[1:]] = True
    alike = (ids[:, None] == ids[None, :]) & ~np.eye(count, dtype=bool) & ~trace.special
    return {
        "previous token": np.eye(count, k=-1, dtype=bool),
        "next token": np.eye(count, k=1, dtype=bool),
        "itself": np.eye(count, dtype=bool),
        "first mark": np.tile(first, (count, 1)),
        "separator": np.tile(last, (count, 1)),
        "same word": alike,
    }
