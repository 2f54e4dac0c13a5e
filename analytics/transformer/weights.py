"""The model's weights as numpy views, by the names the walk uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.transformer.architectures import Architecture, activation_of
from analytics.transformer.arithmetic import ACTIVATIONS, Linear, Norm, apply_linear


@dataclass(frozen=True)
class LayerWeights:
    """One layer. ``input_norm`` is None where Q, K and V read the layer's input as it comes.

    ``key`` and ``value`` may make fewer heads than ``query``, each shared by several of its heads. Turned
    queries and keys are multiplied by ``rotary_scale``.
    """

    input_norm: Norm | None
    query: Linear
    key: Linear
    value: Linear
    projection: Linear
    middle_norm: Norm
    up: Linear
    down: Linear
    output_norm: Norm | None
    inverse_frequencies: np.ndarray | None
    rotary_scale: float = 1.0
    gate: Linear | None = None

    def head_projection(self, head: int, size: int) -> np.ndarray:
        """Columns of the output projection that read one head: (d, d_head)."""
        return self.projection.weight[:, head * size : (head + 1) * size]


@dataclass(frozen=True)
class EncoderWeights:
    """All weights a walk recomputes with; arrays share memory with the model where it is float32.

    Those of a decoder-only model have a ``head`` (V, d), which makes logits.
    """

    word: np.ndarray
    position: np.ndarray | None
    segment: np.ndarray | None
    position_offset: int
    embedding_norm: Norm | None
    layers: tuple[LayerWeights, ...]
    final_norm: Norm | None
    norm_first: bool
    gated: bool
    activation: str
    head: Linear | None = None


def read_weights(model: Any, where: Architecture, layers: int) -> EncoderWeights:
    """Views of every weight of a model whose family is ``where``."""
    return EncoderWeights(
        word=_table(model, where.word),
        position=_table(model, where.position) if where.position else None,
        segment=_table(model, where.segment) if where.segment else None,
        position_offset=where.position_offset,
        embedding_norm=_norm(model, where.embedding_norm) if where.embedding_norm else None,
        layers=tuple(_layer(model, where, index) for index in range(layers)),
        final_norm=_norm(model, where.final_norm) if where.final_norm else None,
        norm_first=where.norm_first,
        gated=where.gated,
        activation=activation_of(model),
        head=_linear(model, where.head) if where.head else None,
    )


def feed_forward_hidden(x: np.ndarray, own: LayerWeights, weights: EncoderWeights) -> np.ndarray:
    """act(x W1 + b1), or act(gate) times the rest where the feed-forward part is gated."""
    activate = ACTIVATIONS[weights.activation]
    up = apply_linear(x, own.up)
    if own.gate is not None:
        return activate(apply_linear(x, own.gate)) * up
    if not weights.gated:
        return activate(up)
    first, gate = np.split(up, 2, axis=-1)
    return activate(first) * gate


def _layer(model: Any, where: Architecture, index: int) -> LayerWeights:
    names = (where.query, where.key, where.value)
    query, key, value = (_linear(model, where.at(index, name)) for name in names)
    if where.fused:
        query, key, value = _thirds(query)
    input_norm = where.input_norm and where.at(index, where.input_norm)
    return LayerWeights(
        # ModernBERT's first layer has an identity in place of this norm.
        input_norm=_norm(model, input_norm) if input_norm and _has_weight(model, input_norm) else None,
        query=query,
        key=key,
        value=value,
        projection=_linear(model, where.at(index, where.projection)),
        middle_norm=_norm(model, where.at(index, where.middle_norm)),
        up=_linear(model, where.at(index, where.up)),
        down=_linear(model, where.at(index, where.down)),
        output_norm=_norm(model, where.at(index, where.output_norm)) if where.output_norm else None,
        inverse_frequencies=_frequencies(model, where.rotary, index) if where.rotary else None,
        rotary_scale=_rotary_scale(model, where.rotary) if where.rotary else 1.0,
        gate=_linear(model, where.at(index, where.gate)) if where.gate else None,
    )


def _thirds(fused: Linear) -> tuple[Linear, Linear, Linear]:
    weights = np.split(fused.weight, 3)
    biases = [None] * 3 if fused.bias is None else np.split(fused.bias, 3)
    q, k, v = (Linear(weight, bias) for weight, bias in zip(weights, biases, strict=True))
    return q, k, v


def _frequencies(model: Any, path: str, index: int) -> np.ndarray:
    """One set for all layers, or one for each kind of layer."""
    module = model.get_submodule(path)
    if hasattr(module, "inv_freq"):
        return to_numpy(module.inv_freq)
    return to_numpy(getattr(module, f"{model.config.layer_types[index]}_inv_freq"))


def _rotary_scale(model: Any, path: str) -> float:
    return float(getattr(model.get_submodule(path), "attention_scaling", 1.0))


def _table(model: Any, path: str) -> np.ndarray:
    return to_numpy(model.get_submodule(path).weight)


def _linear(model: Any, path: str) -> Linear:
    module = model.get_submodule(path)
    weight = to_numpy(module.weight)
    # GPT-2's own kind of linear map keeps its matrix the other way round.
    weight = weight.T if type(module).__name__ == "Conv1D" else weight
    return Linear(weight, None if module.bias is None else to_numpy(module.bias))


def _norm(model: Any, path: str) -> Norm:
    module = model.get_submodule(path)
    bias = getattr(module, "bias", None)
    shift = None if bias is None else to_numpy(bias)
    if hasattr(module, "variance_epsilon"):
        return Norm(to_numpy(module.weight), shift, float(module.variance_epsilon), centred=False)
    return Norm(to_numpy(module.weight), shift, float(module.eps))


def _has_weight(model: Any, path: str) -> bool:
    return hasattr(model.get_submodule(path), "weight")


def to_numpy(tensor: Any) -> np.ndarray:
    """A float32 view of a tensor on the CPU; half precision and GPU tensors are copied."""
    return tensor.detach().float().cpu().numpy()
