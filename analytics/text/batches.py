"""Texts of like length side by side, so that little is computed for padding."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_BATCH = 64
TOKENS_PER_BATCH = 2048
MAX_BLOCK = 1024
CHARACTERS_PER_BLOCK = 65_536
LONGEST_READ = 2_048
"""Characters that count of one text: most models read no more."""

_FIRST_CHARACTERS, _FEWEST_FIRST, _MOST_FIRST = 112_000, 150, 2_000
_WORTH_IT = 3  # times as many texts: below, two maps cost more than the wait that the first one saves
_ALONE = 8  # characters: the two tokens at its ends


@dataclass(frozen=True)
class Batch:
    """Model inputs for some texts.

    Attributes:
        rows: (b,) which texts.
        features: arrays (b, t) by name.
        prompt_length: tokens of the prompt in front of each text, where the model wants to know.
    """

    rows: np.ndarray
    features: Mapping[str, np.ndarray]
    prompt_length: int | None = None


def length_order(texts: Sequence[str]) -> np.ndarray:
    """Indices of ``texts`` from the longest to the shortest, (n,) int64; equal lengths keep their order."""
    lengths = np.fromiter((len(text) for text in texts), dtype=np.int64, count=len(texts))
    return np.argsort(-lengths, kind="stable")


def cost_of(text: str) -> int:
    """What it takes to read a text, in characters: none is free, and of long ones the end is not read."""
    return min(len(text), LONGEST_READ) + _ALONE


def first_count(texts: Sequence[str]) -> int:
    """How many texts, evenly spread, make a first map within seconds; 0 where all are read as soon.

    At most 2,000, and no more than some 28,000 tokens, which two cores without matrix units read in four
    seconds; at least 150, because fewer make no map: the longest texts then take some five.
    """
    total = sum(cost_of(text) for text in texts)
    few = max(_FEWEST_FIRST, min(_MOST_FIRST, int(len(texts) * _FIRST_CHARACTERS / max(total, 1))))
    return few if len(texts) > _WORTH_IT * few else 0


def blocks(lengths: np.ndarray) -> Iterator[slice]:
    """Cut texts of ``lengths`` characters (n,) into runs that take about a second each to encode.

    A run has at most 1,024 texts and 65,536 characters, or one text. The more texts are cut into batches
    together, the more alike are those of a batch.
    """
    read = np.cumsum(np.minimum(lengths, LONGEST_READ))
    start = 0
    while start < len(lengths):
        before = read[start - 1] if start else 0
        fits = int(np.searchsorted(read, before + CHARACTERS_PER_BLOCK, side="right"))
        stop = min(max(fits, start + 1), start + MAX_BLOCK)
        yield slice(start, stop)
        start = stop


def tokenized_batches(
    preprocess: Callable[[list[str]], Mapping[str, Any]], texts: Sequence[str]
) -> Iterator[Batch]:
    """Tokenise ``texts`` in one call, then cut the padded block into batches of equal token counts.

    Columns that are padding for a whole batch are dropped, whichever side the tokenizer pads.
    """
    inputs = preprocess(list(texts))
    features = {
        key: value.cpu().numpy() if hasattr(value, "cpu") else value
        for key, value in inputs.items()
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
        cut = {key: np.ascontiguousarray(value[rows][:, kept]) for key, value in features.items()}
        yield Batch(rows, cut, inputs.get("prompt_length"))
        start += size
