"""Take a text through a sentence encoder and keep every number on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from analytics.transformer.architectures import Architecture, architecture_of
from analytics.transformer.capture import AttentionCall, Capture, Changes, can_record_attention, capture
from analytics.transformer.encoder_trace import EncoderTrace, LayerTrace, estimated_bytes
from analytics.transformer.tokens import TraceError, accepted_inputs, open_encoder, tokenize
from analytics.transformer.weights import read_weights, to_numpy

MAX_BYTES = 400_000_000


def trace_encoder(
    text: str,
    *,
    encoder: Any,
    heads_off: Sequence[tuple[int, int]] = (),
    max_bytes: int = MAX_BYTES,
) -> EncoderTrace:
    """One recorded forward pass of ``text`` through ``encoder``.

    ``encoder`` is a TextEncoder or a SentenceTransformer, left as it was found; ``heads_off`` lists
    (layer, head) pairs, counted from 0, whose output is set to zero. Raises TraceError for a text whose
    trace would take more than ``max_bytes``, for something that is not an encoder, and for heads the
    model does not have.
    """
    model, lock = open_encoder(encoder)
    base = model[0].model
    source, features = tokenize(text, model, lock)
    where = architecture_of(base) if can_record_attention(base) else None
    _refuse_large(base, len(source.tokens), max_bytes)
    scale = head_factors(base, [heads_off]) if heads_off else None
    recorded = record(base, features, where, head_scale=scale)
    after = _after_last_layer(model, features, recorded.output.last_hidden_state)
    layers = layers_of(recorded, where, 0, len(source.tokens)) if where else ()
    embedded = _embeddings(base, recorded, where, features["input_ids"])
    states = (embedded["embedding_output"], *(layer.output for layer in layers))
    if where is None:
        states = tuple(_row(state) for state in recorded.output.hidden_states)
    return EncoderTrace(
        source=source,
        model_name=getattr(encoder, "name", "") or _name_of(model),
        family=base.config.model_type,
        **embedded,
        layers=layers,
        hidden_states=states,
        last_hidden=_row(recorded.output.last_hidden_state),
        **after,
        missing=() if where else (_missing(base),),
        weights=read_weights(base, where, len(layers)) if where else None,
        head_scale=scale[0].numpy() if scale is not None else None,
    )


def record(
    base: Any, inputs: Mapping[str, Any], where: Architecture | None, *, head_scale: Tensor | None = None
) -> Capture:
    """A recorded pass of a batch; ``head_scale`` (B, L, H) multiplies the heads of each text."""
    parameters = accepted_inputs(base, inputs)
    if where is None:
        return capture(base, {**parameters, "output_hidden_states": True}, attention=False)
    count = base.config.num_hidden_layers
    parts = (where.input_norm, where.projection, where.middle_norm, where.down, where.output_norm)
    modules = [where.at(index, part) for index in range(count) for part in parts if part]
    modules += [where.layer.format(index) for index in range(count) if where.output_norm is None]
    modules += [path for path in (where.word, where.position, where.segment, where.embedding_norm) if path]
    factors = {} if head_scale is None else scale_by_name(where, head_scale)
    return capture(base, parameters, modules=modules, changes=Changes(head_scale=factors))


def head_factors(base: Any, switched_off: Sequence[Sequence[tuple[int, int]]]) -> Tensor:
    """(B, L, H) ones with zeros at the (layer, head) pairs of each text of the batch."""
    layers, heads = base.config.num_hidden_layers, base.config.num_attention_heads
    factors = torch.ones(len(switched_off), layers, heads)
    for row, pairs in enumerate(switched_off):
        for layer, head in pairs:
            if not (0 <= layer < layers and 0 <= head < heads):
                raise TraceError(
                    f"Layer {layer + 1}, head {head + 1} does not exist: this model has {layers} layers "
                    f"of {heads} heads."
                )
            factors[row, layer, head] = 0
    return factors


def scale_by_name(where: Architecture, factors: Tensor) -> dict[str, Tensor]:
    """Factors (B, L, H) as (B, H) by the path of each layer's attention module."""
    return {where.at(index, where.attention): factors[:, index] for index in range(factors.shape[1])}


def _refuse_large(base: Any, tokens: int, max_bytes: int) -> None:
    config = base.config
    need = estimated_bytes(
        tokens,
        layers=config.num_hidden_layers,
        heads=config.num_attention_heads,
        width=config.hidden_size,
        feed_forward=int(getattr(config, "intermediate_size", 0) or getattr(config, "hidden_dim", 0)),
    )
    if need > max_bytes:
        raise TraceError(
            f"A walk of {tokens:,} tokens through this model would hold {need / 1e6:,.0f} MB, more than the "
            f"{max_bytes / 1e6:,.0f} MB allowed; shorten the text."
        )


def _embeddings(base: Any, recorded: Capture, where: Architecture | None, ids: Tensor) -> dict[str, Any]:
    if where is None:
        words = base.get_input_embeddings().weight[ids[0]]
        return {
            "token_embeddings": to_numpy(words),
            "position_embeddings": None,
            "segment_embeddings": None,
            "embedding_output": _row(recorded.output.hidden_states[0]),
        }

    def output(path: str | None) -> np.ndarray | None:
        return None if path is None else _row(recorded.module(path).output)

    return {
        "token_embeddings": output(where.word),
        "position_embeddings": output(where.position),
        "segment_embeddings": output(where.segment),
        "embedding_output": output(where.embedding_norm),
    }


def layers_of(recorded: Capture, where: Architecture, row: int, tokens: int) -> tuple[LayerTrace, ...]:
    """Every layer of text ``row`` of the batch, padding cut off."""
    embedded = _row(recorded.module(where.embedding_norm).output, row, tokens)
    layers: list[LayerTrace] = []
    for index, call in enumerate(recorded.attention):
        before = layers[-1].output if layers else embedded
        layers.append(_layer(recorded, where, index, call, before, row, tokens))
    return tuple(layers)


def _layer(
    recorded: Capture,
    where: Architecture,
    index: int,
    call: AttentionCall,
    before: np.ndarray,
    row: int,
    tokens: int,
) -> LayerTrace:
    first = recorded.module(where.at(index, where.input_norm)) if where.input_norm else None
    projection = recorded.module(where.at(index, where.projection))
    middle = recorded.module(where.at(index, where.middle_norm))
    down = recorded.module(where.at(index, where.down))
    if where.output_norm is None:
        output = _row(recorded.module(where.layer.format(index)).output, row, tokens)
        residual = output
    else:
        last = recorded.module(where.at(index, where.output_norm))
        residual, output = _row(last.input, row, tokens), _row(last.output, row, tokens)

    def cut(tensor: Tensor) -> np.ndarray:
        return to_numpy(tensor[row, :, :tokens])

    def square(tensor: Tensor) -> np.ndarray:
        full = tensor.expand(len(call.query), -1, -1, -1)
        return to_numpy(full[row, :, :tokens, :tokens])

    return LayerTrace(
        attention_input=before if first is None else _row(first.output, row, tokens),
        q=cut(call.query),
        k=cut(call.key),
        v=cut(call.value),
        scaling=call.scaling,
        scores=square(call.scores),
        position_bias=None if call.position_bias is None else square(call.position_bias),
        mask=np.zeros((tokens, tokens), np.float32) if call.mask is None else square(call.mask)[0],
        weights=square(call.weights),
        heads=cut(call.context),
        attention_output=_row(projection.output, row, tokens),
        attention_residual=_row(middle.input, row, tokens),
        attention_norm=_row(middle.output, row, tokens),
        feed_forward_hidden=_row(down.input, row, tokens),
        feed_forward_output=_row(down.output, row, tokens),
        feed_forward_residual=residual,
        output=output,
    )


def _row(tensor: Tensor, row: int = 0, tokens: int | None = None) -> np.ndarray:
    """One text of a batched activation; tables that serve the whole batch have a single row."""
    return to_numpy(tensor[min(row, len(tensor) - 1), :tokens])


def _after_last_layer(model: Any, features: dict[str, Any], hidden: Tensor) -> dict[str, Any]:
    """What the modules after the Transformer make of its output."""
    from sentence_transformers.sentence_transformer.modules import Pooling

    current = {**features, "token_embeddings": hidden}
    counted = features["attention_mask"].clone()
    mode: str | tuple[str, ...] = "mean"
    pooled: Tensor | None = None
    steps: list[str] = []
    with torch.no_grad():
        for module in list(model)[1:]:
            current = module(current)
            if isinstance(module, Pooling):
                mode, pooled = module.pooling_mode, current["sentence_embedding"].clone()
                if not module.include_prompt and "prompt_length" in features:
                    counted[:, : int(features["prompt_length"])] = 0
            else:
                steps.append(type(module).__name__)
    if pooled is None:
        raise TraceError("This model has no pooling layer, so it gives no vector for a text.")
    return {
        "pooling": mode,
        "counted": counted[0].bool().numpy(),
        "pooled": to_numpy(pooled[0]),
        "vector": to_numpy(current["sentence_embedding"][0]),
        "steps_after_pooling": tuple(steps),
    }


def _missing(base: Any) -> str:
    return (
        f"The inside of {type(base).__name__}'s layers is not in the table of known models, so Q, K, V, "
        "scores, weights and the feed-forward part cannot be shown; the tokens, the embeddings, each "
        "layer's output, the pooling and the vector can."
    )


def _name_of(model: Any) -> str:
    """The model's id; for a model from a folder, the folder's name."""
    base = model[0].model
    name = str(getattr(base.config, "_name_or_path", ""))
    return (Path(name).name if Path(name).is_dir() else name) or type(base).__name__
