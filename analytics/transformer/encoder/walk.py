"""Take a text through a sentence encoder and keep every number on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from analytics.text.arguments import as_texts, check_whole
from analytics.transformer.architectures import Architecture, architecture_of
from analytics.transformer.arguments import as_heads
from analytics.transformer.capture import AttentionCall, Capture, Changes, can_record_attention, capture
from analytics.transformer.encoder.trace import EncoderTrace, LayerTrace, estimated_bytes
from analytics.transformer.tokens import (
    TokenizedText,
    TraceError,
    accepted_inputs,
    open_encoder,
    tokenize_all,
)
from analytics.transformer.weights import EncoderWeights, read_weights, to_numpy

_MAX_BYTES = 400_000_000


def trace_encoder(
    text: str,
    *,
    encoder: Any,
    heads_off: Sequence[tuple[int, int]] = (),
    max_bytes: int = _MAX_BYTES,
) -> EncoderTrace:
    """One recorded forward pass of ``text`` through ``encoder``.

    ``encoder`` is a TextEncoder or a SentenceTransformer, left as it was found; ``heads_off`` lists
    (layer, head) pairs, counted from 0, whose output is set to zero. Raises TraceError for a text whose
    trace would take more than ``max_bytes``, for something that is not an encoder, and for heads the
    model does not have.
    """
    (trace,) = trace_encoders([text], encoder=encoder, heads_off=heads_off, max_bytes=max_bytes)
    return trace


def trace_encoders(
    texts: Sequence[str],
    *,
    encoder: Any,
    heads_off: Sequence[tuple[int, int]] = (),
    max_bytes: int = _MAX_BYTES,
) -> tuple[EncoderTrace, ...]:
    """Several texts in one recorded pass, one trace each, as ``trace_encoder`` gives them.

    Shorter texts are padded to the longest; the padding is masked and cut off again, so it changes no
    number. ``max_bytes`` bounds all traces together. Tokenizers that pad at the front take one pass a text.
    """
    model, lock = open_encoder(encoder)
    texts, heads_off = as_texts(texts), as_heads(heads_off)
    check_whole(max_bytes, name="max_bytes", least=1)
    if len(texts) > 1 and getattr(model.tokenizer, "padding_side", "right") != "right":
        return tuple(
            trace_encoder(text, encoder=encoder, heads_off=heads_off, max_bytes=max_bytes // len(texts))
            for text in texts
        )
    if not len(texts):
        return ()
    base = model[0].model
    sources, features = tokenize_all(texts, model, lock)
    where = architecture_of(base) if can_record_attention(base) else None
    _refuse_large(base, features["input_ids"].shape, max_bytes)
    scale = head_factors(base, [heads_off] * len(texts)) if heads_off else None
    recorded = _record(base, features, where, head_scale=scale)
    batch = _Pass(
        name=getattr(encoder, "name", "") or _name_of(model),
        base=base,
        where=where,
        ids=features["input_ids"],
        recorded=recorded,
        after=_after_last_layer(model, features, recorded.output.last_hidden_state),
        weights=read_weights(base, where, len(recorded.attention)) if where else None,
        scale=scale,
    )
    return tuple(_trace_of(batch, row, source) for row, source in enumerate(sources))


@dataclass(frozen=True)
class _AfterLayers:
    """What the modules after the Transformer made of a batch: (B, T), (B, d) and (B, d)."""

    pooling: str | tuple[str, ...]
    counted: Tensor
    pooled: Tensor
    vectors: Tensor
    steps: tuple[str, ...]


@dataclass(frozen=True)
class _Pass:
    """A recorded batch with all that its traces share; ``ids`` (B, T), ``scale`` (B, L, H)."""

    name: str
    base: Any
    where: Architecture | None
    ids: Tensor
    recorded: Capture
    after: _AfterLayers
    weights: EncoderWeights | None
    scale: Tensor | None


def _trace_of(batch: _Pass, row: int, source: TokenizedText) -> EncoderTrace:
    """What a recorded batch holds of one text."""
    tokens, where, output = len(source.tokens), batch.where, batch.recorded.output
    embedded = _embeddings(batch, row, tokens)
    first = embedded["embedding_output"]
    layers = layers_of(batch.recorded, where, row, tokens, embedded=first) if where else ()
    states = (embedded["embedding_output"], *(layer.output for layer in layers))
    if where is None:
        states = tuple(_row(state, row, tokens) for state in output.hidden_states)
    return EncoderTrace(
        source=source,
        model_name=batch.name,
        family=batch.base.config.model_type,
        **embedded,
        layers=layers,
        hidden_states=states,
        last_hidden=_row(output.last_hidden_state, row, tokens),
        pooling=batch.after.pooling,
        counted=batch.after.counted[row, :tokens].cpu().numpy(),
        pooled=_row(batch.after.pooled, row),
        vector=_row(batch.after.vectors, row),
        steps_after_pooling=batch.after.steps,
        missing=() if where else (_missing(batch.base),),
        weights=batch.weights,
        head_scale=None if batch.scale is None else batch.scale[row].numpy(),
    )


def _record(
    base: Any, inputs: Mapping[str, Any], where: Architecture | None, *, head_scale: Tensor | None = None
) -> Capture:
    """A recorded pass of a batch; ``head_scale`` (B, L, H) multiplies the heads of each text."""
    parameters = accepted_inputs(base, inputs)
    if where is None:
        return capture(base, {**parameters, "output_hidden_states": True}, attention=False)
    modules = recorded_modules(where, base.config.num_hidden_layers)
    factors = {} if head_scale is None else scale_by_name(where, head_scale)
    return capture(base, parameters, modules=modules, changes=Changes(head_scale=factors))


def recorded_modules(where: Architecture, layers: int) -> list[str]:
    """Paths of the modules whose numbers a walk shows."""
    parts = (where.input_norm, where.projection, where.middle_norm, where.down, where.output_norm)
    modules = [where.at(index, part) for index in range(layers) for part in parts if part]
    modules += [where.layer.format(index) for index in range(layers) if where.output_norm is None]
    embedded = (where.word, where.position, where.segment, where.embedding_norm)
    return modules + [path for path in (*embedded, where.final_norm) if path]


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


def _refuse_large(base: Any, shape: Sequence[int], max_bytes: int) -> None:
    config = base.config
    texts, tokens = shape
    need = texts * estimated_bytes(
        tokens,
        layers=config.num_hidden_layers,
        heads=config.num_attention_heads,
        width=config.hidden_size,
        feed_forward=int(getattr(config, "intermediate_size", 0) or getattr(config, "hidden_dim", 0)),
    )
    if need > max_bytes:
        several = f"{texts} texts of up to " if texts > 1 else ""
        raise TraceError(
            f"A walk of {several}{tokens:,} tokens through this model would hold {need / 1e6:,.0f} MB, more "
            f"than the {max_bytes / 1e6:,.0f} MB allowed; shorten the text."
        )


def _embeddings(batch: _Pass, row: int, tokens: int) -> dict[str, Any]:
    where, recorded = batch.where, batch.recorded
    if where is None:
        words = batch.base.get_input_embeddings().weight[batch.ids[row, :tokens]]
        return {
            "token_embeddings": to_numpy(words),
            "position_embeddings": None,
            "segment_embeddings": None,
            "embedding_output": _row(recorded.output.hidden_states[0], row, tokens),
        }

    def output(path: str | None) -> np.ndarray | None:
        return None if path is None else _row(recorded.module(path).output, row, tokens)

    return {
        "token_embeddings": output(where.word),
        "position_embeddings": output(where.position),
        "segment_embeddings": output(where.segment),
        "embedding_output": output(where.embedding_norm),
    }


def layers_of(
    recorded: Capture, where: Architecture, row: int, tokens: int, *, embedded: np.ndarray
) -> tuple[LayerTrace, ...]:
    """Every layer of text ``row`` of the batch, padding cut off; the first one reads ``embedded`` (T, d)."""
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
        return _kept(tensor[row, :, :tokens], tensor)

    def square(tensor: Tensor) -> np.ndarray:
        full = tensor.expand(len(call.query), -1, -1, -1)
        return _kept(full[row, :, :tokens, :tokens], full)

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
    return _kept(tensor[min(row, len(tensor) - 1), :tokens], tensor)


def _kept(part: Tensor, whole: Tensor) -> np.ndarray:
    """A part of a tensor as numpy; copied where a view would keep the rest of the batch in memory."""
    values = to_numpy(part)
    return values if part.numel() == whole.numel() else values.copy()


def _after_last_layer(model: Any, features: dict[str, Any], hidden: Tensor) -> _AfterLayers:
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
    return _AfterLayers(mode, counted.bool(), pooled, current["sentence_embedding"], tuple(steps))


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
