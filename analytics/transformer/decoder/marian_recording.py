"""One recorded pass of a Marian model, sorted into encoder and decoder blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from analytics.transformer.capture import AttentionCall, Capture, Changes, capture
from analytics.transformer.decoder.trace import AttentionBlock, FeedForwardBlock, SourceLayer, TargetLayer
from analytics.transformer.weights import to_numpy

ENCODER, DECODER = "model.encoder.layers.{}", "model.decoder.layers.{}"


def record_pass(
    model: Any,
    source_ids: Sequence[int],
    input_ids: Sequence[int],
    *more_ids: Sequence[int],
    changes: Changes | None = None,
) -> Capture:
    """The whole model on one source and one decoder input, all positions at once.

    ``more_ids`` are decoder inputs of the same length, further rows of the same pass.
    """
    config = model.config
    rows = [list(ids) for ids in (input_ids, *more_ids)]
    inputs = {
        "input_ids": torch.tensor([list(source_ids)] * len(rows)),
        "decoder_input_ids": torch.tensor(rows),
        "use_cache": False,
    }
    modules = _layer_parts(ENCODER, config.encoder_layers, ("self_attn",))
    modules += _layer_parts(DECODER, config.decoder_layers, ("self_attn", "encoder_attn"))
    return capture(model, inputs, modules=modules, changes=changes)


def causal_modules(model: Any) -> frozenset[str]:
    """Paths of the masked self-attention modules of all decoder layers."""
    return frozenset(f"{DECODER.format(index)}.self_attn" for index in range(model.config.decoder_layers))


def source_layers(recorded: Capture, count: int) -> tuple[SourceLayer, ...]:
    """Every encoder layer of a recorded pass."""
    return tuple(
        SourceLayer(_attention(recorded, f"{path}.self_attn"), _feed_forward(recorded, path))
        for path in map(ENCODER.format, range(count))
    )


def target_layers(recorded: Capture, count: int) -> tuple[TargetLayer, ...]:
    """Every decoder layer of a recorded pass."""
    return tuple(
        TargetLayer(
            _attention(recorded, f"{path}.self_attn"),
            _attention(recorded, f"{path}.encoder_attn"),
            _feed_forward(recorded, path),
        )
        for path in map(DECODER.format, range(count))
    )


def embedding_output(recorded: Capture, side: str) -> np.ndarray:
    """What the first layer of ``side`` (ENCODER or DECODER) reads: (T, d)."""
    return to_numpy(recorded.module(side.format(0)).input[0])


def _layer_parts(path: str, count: int, attentions: Sequence[str]) -> list[str]:
    parts = ["fc2", "final_layer_norm"]
    parts += [f"{name}{end}" for name in attentions for end in (".out_proj", "_layer_norm")]
    layers = [path.format(index) for index in range(count)]
    return [layers[0], *(f"{layer}.{part}" for layer in layers for part in parts)]


def _attention(recorded: Capture, path: str) -> AttentionBlock:
    (call,) = (one for one in recorded.attention if one.name == path)
    norm = recorded.module(f"{path}_layer_norm")
    return AttentionBlock(
        q=to_numpy(call.query[0]),
        k=to_numpy(call.key[0]),
        v=to_numpy(call.value[0]),
        scaling=call.scaling,
        scores=to_numpy(call.scores[0]),
        mask=_mask(call),
        weights=to_numpy(call.weights[0]),
        heads=to_numpy(call.context[0]),
        projected=to_numpy(recorded.module(f"{path}.out_proj").output[0]),
        residual=to_numpy(norm.input[0]),
        output=to_numpy(norm.output[0]),
    )


def _mask(call: AttentionCall) -> np.ndarray:
    shape = call.scores.shape[-2:]
    mask: Tensor = torch.zeros(shape) if call.mask is None else call.mask[0, 0].expand(shape)
    return to_numpy(mask)


def _feed_forward(recorded: Capture, path: str) -> FeedForwardBlock:
    down, norm = recorded.module(f"{path}.fc2"), recorded.module(f"{path}.final_layer_norm")
    return FeedForwardBlock(
        hidden=to_numpy(down.input[0]),
        projected=to_numpy(down.output[0]),
        residual=to_numpy(norm.input[0]),
        output=to_numpy(norm.output[0]),
    )
