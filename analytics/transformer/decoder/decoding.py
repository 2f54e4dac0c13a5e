"""Write a translation token by token with the model's cache, as a running system does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypedDict

import numpy as np
import torch

from analytics.arguments import is_real, is_whole
from analytics.transformer.arguments import as_ids
from analytics.transformer.arithmetic import softmax
from analytics.transformer.decoder.recalling import Recalled, Recaller
from analytics.transformer.decoder.sampling import NextWord, draw, next_word
from analytics.transformer.tokens import TraceError
from analytics.transformer.translator.loading import Translator

_Strategy = Literal["greedy", "beam", "sample"]
Forced = Literal["", "path", "limit"]
_STRATEGIES: tuple[_Strategy, ...] = ("greedy", "beam", "sample")
_MAX_BEAMS = 10
_MAX_NEW_TOKENS = 80
_REALS = ("length_penalty", "temperature", "top_p")


@dataclass(frozen=True)
class Decoding:
    """How the next token is chosen.

    ``prefix`` are output ids that are written first, whatever the model thinks of them. Beam search divides
    the sum of log-probabilities by length ** ``length_penalty``. ``top_k`` 0 and ``top_p`` 1 are off.
    ``max_new_tokens`` None is 80, or the model's table of positions where that is shorter.
    """

    strategy: _Strategy = "greedy"
    num_beams: int = 4
    length_penalty: float = 1.0
    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    seed: int = 0
    max_new_tokens: int | None = None
    prefix: tuple[int, ...] = ()

    @property
    def limit(self) -> int:
        """How many output tokens there may be."""
        return _MAX_NEW_TOKENS if self.max_new_tokens is None else self.max_new_tokens

    def within(self, translator: Translator) -> Decoding:
        """These settings with the limit that holds for a model; raises TraceError as ``check`` does."""
        limit = min(self.limit, translator.longest) if self.max_new_tokens is None else self.max_new_tokens
        decided = replace(self, max_new_tokens=limit, prefix=as_ids(self.prefix))
        decided.check(translator)
        return decided

    def check(self, translator: Translator) -> None:
        """Raise TraceError naming the first value that makes no sense."""
        self._check_types()
        vocabulary = int(translator.model.lm_head.out_features)
        longest = translator.longest
        rules = (
            (
                self.strategy in _STRATEGIES,
                f"strategy {self.strategy!r}: use one of {', '.join(_STRATEGIES)}",
            ),
            (1 <= self.num_beams <= _MAX_BEAMS, f"num_beams {self.num_beams}: use 1 to {_MAX_BEAMS}"),
            (
                abs(self.length_penalty) <= 5,
                f"length_penalty {self.length_penalty}: use -5 to 5",
            ),
            (0.01 <= self.temperature <= 100, f"temperature {self.temperature}: use 0.01 to 100"),
            (self.top_k >= 0, f"top_k {self.top_k}: use 0 (off) or more"),
            (0 < self.top_p <= 1, f"top_p {self.top_p}: use more than 0, up to 1 (off)"),
            (self.seed >= 0, f"seed {self.seed}: use 0 or more"),
            (
                1 <= self.limit <= longest,
                f"max_new_tokens {self.limit}: use 1 to {longest}, the model's table of positions",
            ),
            (len(self.prefix) < self.limit, "a prefix as long as max_new_tokens: shorten it"),
            (
                all(0 <= one < vocabulary for one in self.prefix),
                f"a prefix with ids outside 0 to {vocabulary - 1}: use ids of this model",
            ),
            (translator.end_id not in self.prefix, "a prefix with the end token: leave it out"),
        )
        for fine, complaint in rules:
            if not fine:
                raise TraceError(f"Decoding cannot start with {complaint}.")

    def next_word(self, logits: np.ndarray, suppressed: Sequence[int]) -> NextWord:
        """Every stage from logits (V,) to the distribution; only sampling tempers and cuts it."""
        if self.strategy != "sample":
            return next_word(logits, suppressed=suppressed)
        return next_word(
            logits,
            temperature=self.temperature,
            top_k=self.top_k,
            top_p=self.top_p,
            suppressed=suppressed,
        )

    def _check_types(self) -> None:
        for name in (*_REALS, "num_beams", "top_k", "seed", "max_new_tokens"):
            value, real = getattr(self, name), name in _REALS
            if not (is_real(value) if real else is_whole(value)):
                kind = "a number" if real else "a whole number"
                raise TraceError(f"Decoding cannot start with {name} {value!r}: use {kind}.")


class DecodingChoices(TypedDict, total=False):
    """The fields of ``Decoding`` as keywords of ``trace_translation``."""

    strategy: _Strategy
    num_beams: int
    length_penalty: float
    temperature: float
    top_k: int
    top_p: float
    seed: int
    max_new_tokens: int | None
    prefix: tuple[int, ...]


@dataclass(frozen=True)
class Written:
    """Output ids, T of them, and how each came about.

    ``logits`` (T, V) are the model's own from the cached pass; ``forced`` says "path" for a prefix token,
    "limit" for an end token put in by the model's settings, "" for a choice; ``points`` are the random
    points of a sampled choice, NaN elsewhere. ``ended`` is False when the limit came before the end token.
    ``recalled`` is what a memory said at each step, empty without one.
    """

    ids: tuple[int, ...]
    forced: tuple[Forced, ...]
    logits: np.ndarray
    points: tuple[float, ...]
    ended: bool
    recalled: tuple[Recalled, ...] = ()


class CachedDecoder:
    """One source sentence and a growing batch of output rows, run one token at a time.

    ``states`` (rows, d) are what entered the last projection at the latest step, float32.
    """

    states: np.ndarray

    def __init__(self, translator: Translator, source_ids: Sequence[int]) -> None:
        self._model = translator.model
        ids = torch.tensor([list(source_ids)])
        with torch.no_grad():
            self._memory = self._model.get_encoder()(input_ids=ids).last_hidden_state
        self._cache: Any = None

    def step(self, tokens: Sequence[int]) -> np.ndarray:
        """Give each row its newest token; returns the logits (rows, V) of the next one, float32."""
        rows = torch.tensor(list(tokens))[:, None]
        with torch.no_grad():
            output = self._model(
                encoder_outputs=(self._memory.expand(len(rows), -1, -1),),
                decoder_input_ids=rows,
                past_key_values=self._cache,
                use_cache=True,
                output_hidden_states=True,
            )
        self._cache = output.past_key_values
        self.states = output.decoder_hidden_states[-1][:, -1].float().numpy()
        return output.logits[:, -1].float().numpy()

    def follow(self, parents: Sequence[int]) -> None:
        """Make row i continue what row ``parents[i]`` has read so far."""
        self._cache.reorder_cache(torch.tensor(list(parents)))


def write_one_by_one(
    translator: Translator, source_ids: Sequence[int], settings: Decoding, recaller: Recaller | None = None
) -> Written:
    """Greedy or sampled output: one row, the best or a drawn token at every step.

    With a ``recaller`` it is chosen from the mixture of what the model and what the memory says.
    """
    decoder = CachedDecoder(translator, source_ids)
    points = _random_points(settings)
    ids: list[int] = []
    forced: list[Forced] = []
    logits: list[np.ndarray] = []
    drawn: list[float] = []
    recalled: list[Recalled] = []
    newest = translator.start_id
    while len(ids) < settings.limit and newest != translator.end_id:
        logits.append(decoder.step([newest])[0])
        scores = logits[-1]
        if recaller is not None:
            recalled.append(recaller.recall(decoder.states[0], softmax(scores.astype(np.float64))))
            scores = recalled[-1].mixed_logits(scores)
        chosen = forced_token(translator, settings, len(ids))
        point = next(points) if chosen is None else float("nan")
        newest = choose(scores, point, settings, translator.suppressed) if chosen is None else chosen[0]
        ids.append(newest)
        forced.append("" if chosen is None else chosen[1])
        drawn.append(point)
    ended = newest == translator.end_id and forced[-1] != "limit"
    return Written(tuple(ids), tuple(forced), np.stack(logits), tuple(drawn), ended, tuple(recalled))


def choose(logits: np.ndarray, point: float, settings: Decoding, suppressed: Sequence[int]) -> int:
    """The next id: the most probable one, or the one at ``point`` of the sampling distribution."""
    word = settings.next_word(logits, suppressed)
    return draw(word.final, point) if settings.strategy == "sample" else int(word.tempered.argmax())


def forced_token(translator: Translator, settings: Decoding, place: int) -> tuple[int, Forced] | None:
    """The id that stands at output ``place`` (from 0) without being chosen, and why."""
    if place < len(settings.prefix):
        return settings.prefix[place], "path"
    last = translator.forced_last_id
    return (last, "limit") if last is not None and place == settings.limit - 1 else None


def _random_points(settings: Decoding) -> Iterator[float]:
    """One point per output token; none is drawn where nothing is sampled."""
    if settings.strategy != "sample":
        while True:
            yield float("nan")
    generator = np.random.default_rng(settings.seed)
    while True:
        yield float(generator.random())
