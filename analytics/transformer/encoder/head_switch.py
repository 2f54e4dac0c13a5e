"""Turn attention heads off and see what the sentence vector becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from analytics.text.arguments import check_whole
from analytics.transformer.architectures import Architecture, architecture_of
from analytics.transformer.arguments import as_heads
from analytics.transformer.arithmetic import unit
from analytics.transformer.capture import Changes, capture
from analytics.transformer.encoder.walk import head_factors, scale_by_name
from analytics.transformer.tokens import TraceError, accepted_inputs, open_encoder, repeated, tokenize
from analytics.transformer.weights import to_numpy

_TOKENS_AT_ONCE = 4096
Head = tuple[int, int]


@dataclass(frozen=True)
class HeadSwitch:
    """The vector with the chosen heads on (``before``) and off (``after``), both unit length (d,).

    ``cosine`` compares the two; ``random_cosines`` (n,) are the cosines for ``random_heads``, n sets of as
    many other heads drawn at random with ``seed``.
    """

    heads: tuple[Head, ...]
    before: np.ndarray
    after: np.ndarray
    cosine: float
    random_heads: tuple[tuple[Head, ...], ...]
    random_cosines: np.ndarray
    seed: int

    @property
    def rank(self) -> float:
        """Share of the random sets that change the vector less than the chosen heads do."""
        return float((self.random_cosines > self.cosine).mean()) if len(self.random_cosines) else float("nan")


def switch_heads(
    text: str, heads: Sequence[Head], *, encoder: Any, random_sets: int = 16, seed: int = 0
) -> HeadSwitch:
    """Switch (layer, head) pairs off, counted from 0, beside ``random_sets`` sets of as many other heads.

    Raises TraceError for heads the model does not have, for none, and for a model whose heads cannot be
    reached.
    """
    model, lock = open_encoder(encoder)
    base = model[0].model
    where = architecture_of(base)
    if where is None:
        raise TraceError(f"The heads of {type(base).__name__} cannot be reached; only known families work.")
    chosen = tuple(sorted(set(as_heads(heads))))
    check_whole(random_sets, name="random_sets", least=0)
    check_whole(seed, name="seed", least=0)
    if not chosen:
        raise TraceError("No head is chosen; choose at least one to switch off.")
    others = random_head_sets(base, chosen, random_sets, seed)
    factors = head_factors(base, [(), chosen, *others])
    _, features = tokenize(text, model, lock)
    vectors = unit(_vectors(model, features, where, factors).astype(np.float64))
    cosines = vectors[1:] @ vectors[0]
    return HeadSwitch(chosen, vectors[0], vectors[1], float(cosines[0]), others, cosines[1:], seed)


def random_head_sets(base: Any, chosen: Sequence[Head], sets: int, seed: int) -> tuple[tuple[Head, ...], ...]:
    """Sets of as many heads as were chosen, drawn from the others without repeating one in a set."""
    config = base.config
    pool = [
        (layer, head)
        for layer in range(config.num_hidden_layers)
        for head in range(config.num_attention_heads)
        if (layer, head) not in set(chosen)
    ]
    if len(pool) < len(chosen):
        return ()
    generator = np.random.default_rng(seed)
    draws = (generator.choice(len(pool), size=len(chosen), replace=False) for _ in range(sets))
    return tuple(tuple(pool[place] for place in sorted(draw)) for draw in draws)


def _vectors(model: Any, features: dict[str, Any], where: Architecture, factors: Tensor) -> np.ndarray:
    """The text's vector (B, d) under each row of head factors (B, L, H)."""
    size = max(1, _TOKENS_AT_ONCE // features["input_ids"].shape[1])
    return np.concatenate([_batch(model, features, where, chunk) for chunk in factors.split(size)])


def _batch(model: Any, features: dict[str, Any], where: Architecture, factors: Tensor) -> np.ndarray:
    base = model[0].model
    batch = repeated(accepted_inputs(base, features), len(factors))
    changes = Changes(head_scale=scale_by_name(where, factors))
    recorded = capture(base, batch, keep_attention=False, changes=changes)
    current = {**features, **batch, "token_embeddings": recorded.output.last_hidden_state}
    with torch.no_grad():
        for module in list(model)[1:]:
            current = module(current)
    return to_numpy(current["sentence_embedding"])
