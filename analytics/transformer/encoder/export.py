"""A trace to take away: its arrays with a readme."""

from __future__ import annotations

import dataclasses

import numpy as np

from analytics.transformer.archive import archive, array_lines, check_lines, made_with
from analytics.transformer.encoder.stages import STAGES
from analytics.transformer.encoder.trace import EncoderTrace, LayerTrace


def trace_arrays(trace: EncoderTrace) -> dict[str, np.ndarray]:
    """Every array of a trace by name: ``layer_0.q`` for those of a layer."""
    names = ("token_embeddings", "position_embeddings", "segment_embeddings", "embedding_output")
    arrays: dict[str, np.ndarray] = {
        "token_ids": np.array([token.id for token in trace.source.tokens]),
        "token_starts": np.array([token.start for token in trace.source.tokens]),
        "token_ends": np.array([token.end for token in trace.source.tokens]),
        "token_special": trace.special,
        **{name: getattr(trace, name) for name in names if getattr(trace, name) is not None},
    }
    for index, layer in enumerate(trace.layers):
        for field in dataclasses.fields(LayerTrace):
            value = getattr(layer, field.name)
            if isinstance(value, np.ndarray):
                arrays[f"layer_{index}.{field.name}"] = value
    arrays |= {"last_hidden": trace.last_hidden, "counted": trace.counted, "pooled": trace.pooled}
    arrays |= {
        "vector": trace.vector,
        "ledger_parts": trace.ledger.parts,
        "layer_vectors": trace.layer_vectors,
    }
    return arrays


def readme(trace: EncoderTrace) -> str:
    """What the arrays are, in words, with names, shapes, types and the versions that made them."""
    lines = [
        "One text through one sentence encoder, stage by stage.",
        "",
        f"Text: {trace.source.text!r}",
        f"Model: {trace.model_name} ({trace.family}), pooling: {trace.pooling}",
        f"Tokens: {' '.join(trace.tokens)}",
        f"Tokens cut off at the model's limit: {trace.source.cut}",
        made_with("torch", "transformers", "sentence-transformers", "numpy"),
        "",
        "T tokens, H heads; layers and heads are counted from 0; scores come before the mask is added.",
        "",
    ]
    lines += array_lines(trace_arrays(trace))
    lines += ["", "Stages:", *(f"{stage.key}: {stage.explanation}" for stage in STAGES)]
    return "\n".join([*lines, *check_lines(trace.checks)]) + "\n"


def to_npz(trace: EncoderTrace) -> bytes:
    """A compressed NPZ of every array, with README.txt inside; ``numpy.load`` reads it without pickle."""
    return archive(trace_arrays(trace), readme(trace))
