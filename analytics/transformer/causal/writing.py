"""Write on from a prompt, one token at a time, with the keys and values of all tokens before kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from analytics.arguments import is_real, is_whole
from analytics.transformer.causal.loading import CausalModel
from analytics.transformer.decoder.sampling import NextWord, draw, next_word
from analytics.transformer.tokens import TraceError
from analytics.transformer.weights import to_numpy

Strategy = Literal["greedy", "sample"]
_MOST_WRITTEN = 60


@dataclass(frozen=True)
class Writing:
    """How the next token is chosen, and how many are written at most; ``top_k`` 0 and ``top_p`` 1 are off."""

    strategy: Strategy = "greedy"
    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    seed: int = 0
    max_new_tokens: int = 12

    def check(self) -> None:
        """Raise TraceError naming the first value that makes no sense."""
        for name in ("top_k", "seed", "max_new_tokens"):
            if not is_whole(getattr(self, name)):
                raise TraceError(f"{name} is {getattr(self, name)!r}: use a whole number.")
        for name in ("temperature", "top_p"):
            if not is_real(getattr(self, name)):
                raise TraceError(f"{name} is {getattr(self, name)!r}: use a number.")
        rules = (
            (self.strategy in ("greedy", "sample"), f"strategy {self.strategy!r}: use greedy or sample"),
            (0.01 <= self.temperature <= 100, f"temperature {self.temperature}: use 0.01 to 100"),
            (self.top_k >= 0, f"top_k {self.top_k}: use 0 (off) or more"),
            (0 < self.top_p <= 1, f"top_p {self.top_p}: use more than 0, up to 1 (off)"),
            (self.seed >= 0, f"seed {self.seed}: use 0 or more"),
            (
                1 <= self.max_new_tokens <= _MOST_WRITTEN,
                f"max_new_tokens {self.max_new_tokens}: use 1 to {_MOST_WRITTEN}",
            ),
        )
        for fine, complaint in rules:
            if not fine:
                raise TraceError(f"Writing cannot start with {complaint}.")

    def next_word(self, logits: np.ndarray) -> NextWord:
        """Every stage from logits (V,) to the distribution; only sampling tempers and cuts it."""
        if self.strategy != "sample":
            return next_word(logits)
        return next_word(logits, temperature=self.temperature, top_k=self.top_k, top_p=self.top_p)


@dataclass(frozen=True)
class Kept:
    """The store of keys and values at one step: tokens found in it, tokens computed and put in, its numbers.

    A model that looks back over a window only keeps no more than that.
    """

    found: int
    computed: int
    numbers: int


@dataclass(frozen=True)
class WrittenOn:
    """N new token ids with the logits (N, V) each was chosen from, and the random points of drawn ones.

    ``keys`` and ``values`` are the store after the last step, one array (H_kv, T, d_head) a layer.
    """

    ids: tuple[int, ...]
    logits: np.ndarray
    points: tuple[float, ...]
    ended: bool
    kept: tuple[Kept, ...]
    keys: tuple[np.ndarray, ...]
    values: tuple[np.ndarray, ...]


def write_on(model: CausalModel, prompt: Sequence[int], settings: Writing) -> WrittenOn:
    """What the model writes after the tokens of ``prompt``, with its store of keys and values."""
    import torch

    points = _points(settings)
    ids: list[int] = []
    logits: list[np.ndarray] = []
    drawn: list[float] = []
    kept: list[Kept] = []
    store: Any = None
    new = list(prompt)
    while len(ids) < settings.max_new_tokens and not (ids and ids[-1] in model.end_ids):
        found = 0 if store is None else max(int(layer.keys.shape[-2]) for layer in store.layers)
        with torch.no_grad():
            output = model.model(input_ids=torch.tensor([new]), past_key_values=store, use_cache=True)
        store = output.past_key_values
        kept.append(Kept(found, len(new), _numbers(store)))
        logits.append(to_numpy(output.logits[0, -1]))
        point = next(points)
        word = settings.next_word(logits[-1])
        ids.append(draw(word.final, point) if settings.strategy == "sample" else int(word.tempered.argmax()))
        drawn.append(point)
        new = [ids[-1]]
    return WrittenOn(
        tuple(ids),
        np.stack(logits),
        tuple(drawn),
        ids[-1] in model.end_ids,
        tuple(kept),
        tuple(to_numpy(layer.keys[0]).copy() for layer in store.layers),
        tuple(to_numpy(layer.values[0]).copy() for layer in store.layers),
    )


def _numbers(store: Any) -> int:
    return sum(int(layer.keys.numel() + layer.values.numel()) for layer in store.layers)


def _points(settings: Writing) -> Iterator[float]:
    """One point per token; none is drawn where nothing is sampled."""
    generator = np.random.default_rng(settings.seed)
    while True:
        yield float(generator.random()) if settings.strategy == "sample" else float("nan")
