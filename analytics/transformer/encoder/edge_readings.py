"""Four different questions about one attention edge, and their four answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.transformer.arguments import check_place
from analytics.transformer.arithmetic import apply_linear, layer_norm, softmax, unit
from analytics.transformer.encoder.contributions import added_by_head, added_by_layer
from analytics.transformer.encoder.trace import EncoderTrace, LayerTrace
from analytics.transformer.tokens import TraceError
from analytics.transformer.weights import feed_forward_hidden


@dataclass(frozen=True)
class EdgeReadings:
    """For one position of one layer, four numbers per key j, each (T,).

    ``weight``: attention weight (mean over heads where no head is chosen). ``adds``: length of the weighted,
    projected value. ``without_value``: 1 - cosine of the layer's output here when j's value is set to zero
    and the weights stay. ``masked``: the same when j is masked, so that the other weights grow to sum to 1.
    """

    layer: int
    query: int
    head: int | None
    weight: np.ndarray
    adds: np.ndarray
    without_value: np.ndarray
    masked: np.ndarray

    def shares(self) -> dict[str, np.ndarray]:
        """The four readings as shares of their sums over j."""
        named = {
            "weight": self.weight,
            "adds": self.adds,
            "without_value": self.without_value,
            "masked": self.masked,
        }
        return {name: values / (np.nansum(values) or 1.0) for name, values in named.items()}


def edge_readings(trace: EncoderTrace, *, layer: int, query: int, head: int | None = None) -> EdgeReadings:
    """Read row ``query`` of ``layer`` (from 0), for one head or for all heads together.

    ``masked`` is NaN where the position sees no other token. Raises TraceError for places the trace does
    not have.
    """
    _refuse_place(trace, layer, query, head)
    assert trace.weights is not None
    own, state = trace.weights.layers[layer], trace.layers[layer]
    adds = added_by_layer(state, own)[query] if head is None else added_by_head(state, own)[head, query]
    weights = state.weights[:, query]
    chosen = np.ones(len(weights), bool) if head is None else np.arange(len(weights)) == head
    return EdgeReadings(
        layer=layer,
        query=query,
        head=head,
        weight=weights[chosen].mean(0),
        adds=adds,
        without_value=_change(trace, layer, query, _contexts_without_value(state, query, chosen)),
        masked=_change(trace, layer, query, _contexts_masked(state, query, chosen)),
    )


def mean_shares(trace: EncoderTrace, *, layer: int, key: int) -> dict[str, float]:
    """The share that token ``key`` gets by each reading, all heads together, mean over the positions.

    All positions are worked out at once in float32, which the shares of whole layers bear. Raises TraceError
    for places the trace does not have.
    """
    _refuse_place(trace, layer, key, None)
    assert trace.weights is not None
    own, state = trace.weights.layers[layer], trace.layers[layer]
    count = len(trace.tokens)
    everywhere, chosen = list(range(count)), np.ones(len(state.weights), bool)
    removed = [_contexts_without_value(state, query, chosen) for query in everywhere]
    masked = [_contexts_masked(state, query, chosen) for query in everywhere]
    readings = {
        "weight": state.weights.mean(0),
        "adds": added_by_layer(state, own),
        "without_value": _changes(trace, layer, np.stack(removed).astype(np.float32)),
        "masked": _changes(trace, layer, np.stack(masked).astype(np.float32)),
    }
    totals = {name: np.nansum(values, axis=1) for name, values in readings.items()}
    return {
        name: float(np.mean(values[:, key] / np.where(totals[name] > 0, totals[name], 1)))
        for name, values in readings.items()
    }


def _contexts_without_value(state: LayerTrace, query: int, chosen: np.ndarray) -> np.ndarray:
    """(T, H, d_head): the position's head outputs when each key's value in turn is zero."""
    weights = state.weights[:, query].astype(np.float64)
    lost = (weights[:, :, None] * state.v) * chosen[:, None, None]
    return state.heads[:, query][None] - lost.transpose(1, 0, 2)


def _contexts_masked(state: LayerTrace, query: int, chosen: np.ndarray) -> np.ndarray:
    """(T, H, d_head): the position's head outputs when each key in turn is masked in the chosen heads."""
    logits = state.scores[:, query].astype(np.float64) + state.mask[query]
    if state.position_bias is not None:
        logits = logits + state.position_bias[:, query]
    count = logits.shape[1]
    masked = np.repeat(logits[None], count, axis=0)
    masked[np.arange(count), :, np.arange(count)] = -np.inf
    with np.errstate(invalid="ignore"):
        contexts = np.einsum("jht,htd->jhd", softmax(masked), state.v)
    return np.where(chosen[None, :, None], contexts, state.heads[:, query][None])


def _changes(trace: EncoderTrace, layer: int, contexts: np.ndarray) -> np.ndarray:
    """(T, n): 1 - cosine between each position's output and what each of its n head outputs would give."""
    count, variants = contexts.shape[:2]
    before = np.repeat(trace.hidden_states[layer], variants, axis=0)
    changed = _finished(trace, layer, before, contexts.reshape(count * variants, *contexts.shape[2:]))
    turned = unit(changed).reshape(count, variants, -1)
    own = unit(trace.layers[layer].output)
    return np.maximum(1 - np.einsum("ind,id->in", turned, own), 0)


def _change(trace: EncoderTrace, layer: int, query: int, contexts: np.ndarray) -> np.ndarray:
    """1 - cosine between the layer's output at ``query`` and what each row of ``contexts`` would give."""
    own = finish_layer(trace, layer, query, trace.layers[layer].heads[:, query][None].astype(np.float64))
    changed = finish_layer(trace, layer, query, contexts)
    return np.maximum(1 - unit(changed) @ unit(own[0]), 0)


def finish_layer(trace: EncoderTrace, layer: int, query: int, contexts: np.ndarray) -> np.ndarray:
    """Outputs (n, d) of a layer at one position for n variants (n, H, d_head) of its head outputs."""
    before = trace.hidden_states[layer][query].astype(np.float64)
    return _finished(trace, layer, before, contexts)


def _finished(trace: EncoderTrace, layer: int, before: np.ndarray, contexts: np.ndarray) -> np.ndarray:
    """Outputs (n, d) of a layer that reads ``before``, (d,) or (n, d), and whose heads gave ``contexts``."""
    assert trace.weights is not None
    own = trace.weights.layers[layer]
    residual = before + apply_linear(contexts.reshape(len(contexts), -1), own.projection)
    middle = layer_norm(residual, own.middle_norm)
    forward = apply_linear(feed_forward_hidden(middle, own, trace.weights), own.down)
    if own.output_norm is None:
        return residual + forward
    return layer_norm(middle + forward, own.output_norm)


def _refuse_place(trace: EncoderTrace, layer: int, query: int, head: int | None) -> None:
    if not trace.layers:
        raise TraceError(trace.missing[0])
    heads, tokens = trace.layers[0].weights.shape[:2]
    check_place(layer, name="Layer", count=len(trace.layers))
    check_place(0 if head is None else head, name="Head", count=heads)
    check_place(query, name="Token", count=tokens)
