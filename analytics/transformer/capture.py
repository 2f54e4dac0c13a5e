"""One recorded forward pass of any Transformer, without touching the model.

The pass runs on a private copy of the module tree that shares every weight with the model. The copy
alone is switched to a recording attention function, so other threads can go on using the model.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from analytics.errors import ZetascopeError

_IMPLEMENTATION = "zetascope_record"


class CaptureError(ZetascopeError):
    """The model's attention cannot be recorded."""


@dataclass(frozen=True)
class AttentionCall:
    """One attention operation. B batch, H heads, T queries, S keys, d values per head.

    ``scores`` are QK^T times ``scaling``, before ``position_bias`` and ``mask`` are added; ``mask`` is
    what is added (0 or a very large negative number), None when nothing was. ``context`` is weights
    times value, after any head was scaled, heads still apart.
    """

    name: str
    query: Tensor  # (B, H, T, d)
    key: Tensor  # (B, H, S, d)
    value: Tensor  # (B, H, S, d)
    scaling: float
    scores: Tensor  # (B, H, T, S)
    position_bias: Tensor | None  # broadcasts to (B, H, T, S)
    mask: Tensor | None  # broadcasts to (B, H, T, S)
    weights: Tensor  # (B, H, T, S)
    context: Tensor  # (B, H, T, d)


@dataclass(frozen=True)
class ModuleCall:
    """First tensor in and first tensor out of one call of a module."""

    name: str
    input: Tensor
    output: Tensor


@dataclass(frozen=True)
class Changes:
    """What to do differently during the pass.

    ``head_scale`` maps an attention module's path to factors, (H,) or (B, H), for its heads' contexts:
    0 switches a head off. ``without_mask`` names attention modules whose mask is not added.
    """

    head_scale: Mapping[str, Tensor] = field(default_factory=dict)
    without_mask: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Capture:
    """A recorded pass: the model's output, its attention in call order, and the modules asked for."""

    output: Any
    attention: tuple[AttentionCall, ...]
    modules: Mapping[str, tuple[ModuleCall, ...]]

    def attention_named(self, part: str) -> tuple[AttentionCall, ...]:
        """Calls whose module path contains ``part``, such as ``encoder_attn`` or ``decoder.layers.0``."""
        return tuple(call for call in self.attention if part in call.name)

    def module(self, name: str) -> ModuleCall:
        """The last call of the module at path ``name``."""
        return self.modules[name][-1]


@dataclass
class _Recording:
    names: Mapping[int, str]
    changes: Changes
    keep_attention: bool
    attention: list[AttentionCall] = field(default_factory=list)
    modules: dict[str, list[ModuleCall]] = field(default_factory=dict)


_recording: ContextVar[_Recording | None] = ContextVar("zetascope_recording", default=None)


def capture(
    model: nn.Module,
    inputs: Mapping[str, Any],
    *,
    modules: Iterable[str] = (),
    attention: bool = True,
    keep_attention: bool = True,
    changes: Changes | None = None,
) -> Capture:
    """Run ``model(**inputs)`` without gradients, recording attention and the modules at the given paths.

    ``keep_attention=False`` applies ``changes`` to the attention and forgets its arrays, for large batches.
    Raises CaptureError when ``attention`` is wanted and the model computes it in a way that cannot be
    recorded; with ``attention=False`` the modules are still recorded.
    """
    if attention and not can_record_attention(model):
        raise CaptureError(
            f"{type(model).__name__} computes its attention in fused or private code that cannot be "
            "recorded; its embeddings, layer outputs and pooling can still be shown."
        )
    private = private_copy(model)
    if attention:
        _switch_to_recording(private)
    names = {id(module): name for name, module in private.named_modules()}
    recording = _Recording(names, changes or Changes(), keep_attention)
    for name in dict.fromkeys(modules):
        private.get_submodule(name).register_forward_hook(partial(_keep, recording, name), with_kwargs=True)
    token = _recording.set(recording)
    try:
        with torch.no_grad():
            output = private(**inputs)
    finally:
        _recording.reset(token)
    kept = {name: tuple(calls) for name, calls in recording.modules.items()}
    return Capture(output, tuple(recording.attention), kept)


def can_record_attention(model: nn.Module) -> bool:
    """Whether the model takes its attention from transformers' registry or is in our table of others."""
    if any(type(module).__name__ in _PRIVATE_ATTENTION for module in model.modules()):
        return True
    supports = getattr(model, "_can_set_attn_implementation", None)
    return bool(supports and supports())


def private_copy(model: nn.Module) -> nn.Module:
    """A new module tree over the same weight tensors, in evaluation mode; the model is left as found."""
    shared = {id(tensor): tensor for tensor in (*model.parameters(), *model.buffers())}
    return copy.deepcopy(model, shared).eval()


def _record_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    dropout: float = 0.0,
    position_bias: Tensor | None = None,
    **unused: Any,
) -> tuple[Tensor, Tensor]:
    """Attention as transformers' eager code computes it, kept step by step.

    Takes what transformers hands to a registered attention function; ``dropout`` is 0 in evaluation.
    Returns the context (B, T, H, d) and the weights (B, H, T, S).
    """
    del dropout, unused
    repeats = query.shape[1] // key.shape[1]
    if repeats > 1:
        key, value = key.repeat_interleave(repeats, dim=1), value.repeat_interleave(repeats, dim=1)
    factor = query.shape[-1] ** -0.5 if scaling is None else float(scaling)
    recording = _recording.get()
    name = recording.names.get(id(module), "") if recording else ""
    changes = recording.changes if recording else Changes()

    scores = query @ key.transpose(-1, -2) * factor
    mask = None if name in changes.without_mask else additive_mask(attention_mask, scores)
    logits = scores if position_bias is None else scores + position_bias
    logits = logits if mask is None else logits + mask
    weights = logits.softmax(-1)
    context = weights @ value
    if name in changes.head_scale:
        context = context * changes.head_scale[name].to(context)[..., None, None]
    if recording is not None and recording.keep_attention:
        call = AttentionCall(name, query, key, value, factor, scores, position_bias, mask, weights, context)
        recording.attention.append(call)
    return context.transpose(1, 2).contiguous(), weights


def additive_mask(mask: Tensor | None, scores: Tensor) -> Tensor | None:
    """The mask as numbers to add; boolean masks say True where a key may be seen."""
    if mask is None:
        return None
    mask = mask[..., : scores.shape[-1]]
    if mask.dtype != torch.bool:
        return mask
    return torch.zeros_like(mask, dtype=scores.dtype).masked_fill(~mask, torch.finfo(scores.dtype).min)


def _mpnet_attention(
    module: Any,
    hidden_states: Tensor,
    attention_mask: Tensor | None = None,
    position_bias: Tensor | None = None,
    output_attentions: bool = False,
    **unused: Any,
) -> tuple[Tensor, ...]:
    """MPNet's own attention with its private arithmetic replaced by the recorded one."""
    del unused

    def heads(states: Tensor) -> Tensor:
        return states.unflatten(-1, (-1, module.attention_head_size)).transpose(1, 2)

    q, k, v = (heads(project(hidden_states)) for project in (module.q, module.k, module.v))
    context, weights = _record_attention(module, q, k, v, attention_mask, position_bias=position_bias)
    output = module.o(context.flatten(-2))
    return (output, weights) if output_attentions else (output,)


# Attention classes that bypass transformers' registry, and the forward that stands in for theirs.
_PRIVATE_ATTENTION: dict[str, Callable[..., tuple[Tensor, ...]]] = {"MPNetSelfAttention": _mpnet_attention}


def _switch_to_recording(private: nn.Module) -> None:
    replaced = False
    for module in private.modules():
        if forward := _PRIVATE_ATTENTION.get(type(module).__name__):
            module.forward = partial(forward, module)
            replaced = True
    if not replaced:
        _register()
        private.set_attn_implementation(_IMPLEMENTATION)


def _register() -> None:
    from transformers import AttentionInterface
    from transformers.masking_utils import AttentionMaskInterface, eager_mask

    AttentionInterface.register(_IMPLEMENTATION, _record_attention)
    # Without this line no mask is built at all, and padding or future tokens leak in silently.
    AttentionMaskInterface.register(_IMPLEMENTATION, eager_mask)


def _keep(
    recording: _Recording,
    name: str,
    _module: nn.Module,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    output: Any,
) -> None:
    call = ModuleCall(name, _first_tensor((*args, *kwargs.values())), _first_tensor((output,)))
    recording.modules.setdefault(name, []).append(call)


def _first_tensor(values: Iterable[Any]) -> Tensor:
    for value in values:
        if isinstance(value, Tensor):
            return value
        if isinstance(value, (tuple, list)) and value and isinstance(value[0], Tensor):
            return value[0]
        if hasattr(value, "last_hidden_state"):
            return value.last_hidden_state
    raise CaptureError("A recorded module handles no tensors; ask for another one.")
