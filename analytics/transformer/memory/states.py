"""The vectors that enter the last projection, for whole sentence pairs at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from analytics.progress import Progress, silent
from analytics.transformer.memory.pairs import Encoded
from analytics.transformer.tokens import TraceError
from analytics.transformer.translator.loading import Translator

_TOKENS = (
    3_000  # padded ids a side of a batch: the size the packaged model was trained with, quick on two cores
)


@dataclass(frozen=True)
class States:
    """One row for each output piece of all pairs, in their order; N rows, d numbers.

    Row n is what the decoder holds before it writes ``ids[n]``, piece ``places[n]`` (from 0) of pair
    ``owners[n]``. Keys are float16.
    """

    keys: np.ndarray  # (N, d) float16
    ids: np.ndarray  # (N,) int32
    owners: np.ndarray  # (N,) int32
    places: np.ndarray  # (N,) int16


def teacher_forced(
    encoded: Sequence[Encoded], *, translator: Translator, progress: Progress = silent
) -> States:
    """One pass of encoder and decoder over all pairs, in batches of about equal length.

    Raises TraceError where a state does not fit float16.
    """
    found: list[np.ndarray] = [np.empty(0)] * len(encoded)
    done = 0
    progress(0, len(encoded))
    for batch in batches([(len(one.source_ids), len(one.target_ids)) for one in encoded], tokens=_TOKENS):
        for place, state in zip(batch, _states([encoded[i] for i in batch], translator), strict=True):
            found[place] = state
        done += len(batch)
        progress(done, len(encoded))
    lengths = [len(one.target_ids) for one in encoded]
    with np.errstate(over="ignore"):  # said below, in words
        keys = np.concatenate(found).astype(np.float16)
    if not np.isfinite(keys).all():
        raise TraceError("This model's states do not fit half precision, so no memory can be made with it.")
    return States(
        keys,
        np.concatenate([np.asarray(one.target_ids, dtype=np.int32) for one in encoded]),
        np.repeat(np.arange(len(encoded), dtype=np.int32), lengths),
        np.concatenate([np.arange(length, dtype=np.int16) for length in lengths]),
    )


def stretch_of(owners: np.ndarray, place: int) -> slice:
    """The rows of the pair at ``place``; a pair's rows stand together."""
    first, after = np.searchsorted(owners, [place, place + 1])
    return slice(int(first), int(after))


def batches(lengths: Sequence[tuple[int, int]], *, tokens: int) -> Iterator[list[int]]:
    """Places of pairs of about equal length, at most ``tokens`` padded ids a side in a batch."""
    order = sorted(range(len(lengths)), key=lambda place: (lengths[place][1], lengths[place][0]))
    batch: list[int] = []
    widest = 0
    for place in order:
        wider = max(widest, *lengths[place])
        if batch and wider * (len(batch) + 1) > tokens:
            yield batch
            batch, wider = [], max(lengths[place])
        batch.append(place)
        widest = wider
    if batch:
        yield batch


def padded(rows: Sequence[Sequence[int]], fill: int) -> torch.Tensor:
    """(n, longest) ids, ``fill`` behind the shorter ones."""
    width = max(map(len, rows))
    return torch.tensor([[*row, *[fill] * (width - len(row))] for row in rows])


def inputs_of(batch: Sequence[Encoded], translator: Translator) -> dict[str, Any]:
    """What the model reads for these pairs; the attention mask hides the padding of the sources."""
    sources = [one.source_ids for one in batch]
    start, fill = translator.start_id, int(translator.config.pad_token_id)
    return {
        "input_ids": padded(sources, fill),
        "attention_mask": padded([[1] * len(ids) for ids in sources], 0),
        "decoder_input_ids": padded([(start, *one.target_ids[:-1]) for one in batch], fill),
        "use_cache": False,
    }


def _states(batch: Sequence[Encoded], translator: Translator) -> list[np.ndarray]:
    """(T, d) for each pair; padding behind a target changes nothing before it, as nothing looks ahead."""
    with torch.no_grad():
        hidden = translator.model.model(**inputs_of(batch, translator)).last_hidden_state
    return [row[: len(one.target_ids)].numpy() for row, one in zip(hidden, batch, strict=True)]
