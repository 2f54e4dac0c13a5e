"""The few formulas of a Transformer, in numpy and independent of torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

Array = np.ndarray


class Linear(NamedTuple):
    """``weight`` (out, in) and ``bias`` (out,) or None."""

    weight: Array
    bias: Array | None


class Norm(NamedTuple):
    """Layer norm: gain ``weight`` (d,), shift ``bias`` (d,) or None, and the ``eps`` under the root.

    One that is not ``centred`` divides by the root of the mean square alone (Zhang and Sennrich 2019).
    """

    weight: Array
    bias: Array | None
    eps: float
    centred: bool = True


def apply_linear(x: Array, linear: Linear) -> Array:
    """x W^T + b, for x (..., in)."""
    product = x @ linear.weight.T
    return product if linear.bias is None else product + linear.bias


def layer_norm(x: Array, norm: Norm) -> Array:
    """(x - mean) / sqrt(biased variance + eps) * gain + shift, along the last axis."""
    centred = x - x.mean(-1, keepdims=True) if norm.centred else x
    scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + norm.eps) * norm.weight
    return scaled if norm.bias is None else scaled + norm.bias


def softmax(x: Array) -> Array:
    """exp(x - max) / sum, along the last axis."""
    shifted = np.exp(x - x.max(-1, keepdims=True))
    return shifted / shifted.sum(-1, keepdims=True)


def _gelu(x: Array) -> Array:
    """x times the normal distribution function of x (Hendrycks and Gimpel 2016)."""
    from scipy.special import erf

    return x * 0.5 * (1 + erf(x / np.sqrt(2).astype(x.dtype)))


def _gelu_tanh(x: Array) -> Array:
    """The tanh approximation of gelu from the same paper."""
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi).astype(x.dtype) * (x + 0.044715 * x**3)))


def _silu(x: Array) -> Array:
    return x / (1 + np.exp(-x))


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "gelu": _gelu,
    "gelu_python": _gelu,
    "gelu_new": _gelu_tanh,
    "gelu_fast": _gelu_tanh,
    "gelu_pytorch_tanh": _gelu_tanh,
    "relu": lambda x: np.maximum(x, 0),
    "silu": _silu,
    "swish": _silu,
    "tanh": np.tanh,
}


def split_heads(x: Array, heads: int) -> Array:
    """(T, H * d) to (H, T, d)."""
    return x.reshape(len(x), heads, -1).transpose(1, 0, 2)


def join_heads(x: Array) -> Array:
    """(H, T, d) to (T, H * d)."""
    return x.transpose(1, 0, 2).reshape(x.shape[1], -1)


def rotate(x: Array, inverse_frequencies: Array) -> Array:
    """Rotary positions (Su et al. 2021) on x (H, T, d), first half paired with second half."""
    angles = np.arange(x.shape[-2])[:, None] * inverse_frequencies[None, :]
    angles = np.concatenate([angles, angles], axis=-1)
    half = x.shape[-1] // 2
    turned = np.concatenate([-x[..., half:], x[..., :half]], axis=-1)
    return x * np.cos(angles) + turned * np.sin(angles)


def unit(x: Array) -> Array:
    """x divided by its Euclidean length along the last axis; a zero vector stays zero."""
    length = np.linalg.norm(x, axis=-1, keepdims=True)
    return x / np.maximum(length, np.finfo(x.dtype).tiny)


def cosine(a: Array, b: Array) -> float:
    """Cosine of the angle between two vectors, in float64; 0 when one is zero."""
    return float(unit(np.asarray(a, np.float64)) @ unit(np.asarray(b, np.float64)))
