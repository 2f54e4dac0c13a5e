"""Many sentences translated together, each piece the most probable one, with a memory or without."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from analytics.progress import Progress, silent
from analytics.transformer.arithmetic import softmax
from analytics.transformer.decoder.recalling import ADAPTIVE, Weight
from analytics.transformer.memory.nearest import nearest
from analytics.transformer.memory.pairs import Encoded
from analytics.transformer.memory.states import batches, padded
from analytics.transformer.memory.store import Asking, Memory
from analytics.transformer.translator.loading import Translator

_TOKENS = 1_500  # padded source ids of a batch: 100 everyday sentences
_LIMIT = 80  # pieces, as in Decoding


def write_all(
    encoded: Sequence[Encoded],
    *,
    translator: Translator,
    memory: Memory | None = None,
    weight: Weight = ADAPTIVE,
    progress: Progress = silent,
) -> list[str]:
    """The translation of each sentence, as ``trace_translation`` writes it greedily."""
    written = [""] * len(encoded)
    done = 0
    progress(0, len(encoded))
    for batch in batches([(len(one.source_ids), 1) for one in encoded], tokens=_TOKENS):
        rows = _write([encoded[place].source_ids for place in batch], translator, memory, weight)
        with translator.lock:
            for place, ids in zip(batch, rows, strict=True):
                written[place] = translator.vocabulary.decode(ids)
        done += len(batch)
        progress(done, len(encoded))
    return written


def _write(
    sources: Sequence[Sequence[int]], translator: Translator, memory: Memory | None, weight: Weight
) -> list[list[int]]:
    fill = int(translator.config.pad_token_id)
    mask = padded([[1] * len(ids) for ids in sources], 0)
    askings = None if memory is None else [memory.recaller(weight=weight) for _ in sources]
    rows: list[list[int]] = [[] for _ in sources]
    newest = [translator.start_id] * len(sources)
    open_rows = list(range(len(sources)))
    cache: Any = None
    with torch.no_grad():
        encoder = translator.model.get_encoder()
        read = encoder(input_ids=padded(sources, fill), attention_mask=mask).last_hidden_state
        while open_rows and len(rows[open_rows[0]]) < min(_LIMIT, translator.longest):
            output = translator.model(
                encoder_outputs=(read,),
                attention_mask=mask,
                decoder_input_ids=torch.tensor(newest)[:, None],
                past_key_values=cache,
                use_cache=True,
                output_hidden_states=True,
            )
            cache = output.past_key_values
            scores = output.logits[open_rows, -1].float().numpy()
            if memory is not None and askings is not None:
                states = output.decoder_hidden_states[-1][open_rows, -1].float().numpy()
                scores = _mixed(scores, states, memory, [askings[row] for row in open_rows])
            scores[:, list(translator.suppressed)] = -np.inf
            for row, one in zip(open_rows, scores.argmax(-1).tolist(), strict=True):
                newest[row] = one
                rows[row].append(one)
            open_rows = [row for row in open_rows if newest[row] != translator.end_id]
    return rows


def _mixed(scores: np.ndarray, states: np.ndarray, memory: Memory, askings: Sequence[Asking]) -> np.ndarray:
    """Logarithms of the mixtures (rows, V) of one step of several sentences."""
    found = nearest(memory.keys, states, count=memory.neighbours)
    highest = softmax(scores.astype(np.float64)).max(-1)
    recalled = [
        asking.take(found, place, states[place], float(highest[place]))
        for place, asking in enumerate(askings)
    ]
    return np.stack([one.mixed_logits(row) for one, row in zip(recalled, scores, strict=True)])
