"""Texts of like length side by side, so that little is computed for padding."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_BATCH = 64
TOKENS_PER_BATCH = 2048


@dataclass(frozen=True)
class Batch:
    """Model inputs for some texts: ``rows`` (b,) says which, ``features`` are arrays (b, t)."""

    rows: np.ndarray
    features: Mapping[str, np.ndarray]


def length_order(texts: Sequence[str]) -> np.ndarray:
    """Indices of ``texts`` from the longest to the shortest, (n,) int64; equal lengths keep their order."""
    lengths = np.fromiter((len(text) for text in texts), dtype=np.int64, count=len(texts))
    return np.argsort(-lengths, kind="stable")


def tokenized_batches(
    preprocess: Callable[[list[str]], Mapping[str, Any]], texts: Sequence[str]
) -> Iterator[Batch]:
    """Tokenise ``texts`` in one call, then cut the padded block into batches of equal token counts.

    Columns that are padding for a whole batch are dropped, whichever side the tokenizer pads.
    """
    features = {
        key: value.cpu().numpy() if hasattr(value, "cpu") else value
        for key, value in preprocess(list(texts)).items()
        if hasattr(value, "shape")
    }
    mask = features["attention_mask"]
    counts = mask.sum(axis=1)
    order = np.argsort(-counts, kind="stable")
    start = 0
    while start < len(order):
        longest = max(int(counts[order[start]]), 1)
        size = min(MAX_BATCH, max(1, TOKENS_PER_BATCH // longest))
        rows = order[start : start + size]
        kept = mask[rows].any(axis=0)
        yield Batch(
            rows, {key: np.ascontiguousarray(value[rows][:, kept]) for key, value in features.items()}
        )
        start += size
