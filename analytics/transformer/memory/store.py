"""A memory: each place in sentence pairs as the decoder's state there, and the piece that came next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analytics.arguments import is_real, is_whole
from analytics.progress import Progress, silent
from analytics.transformer.decoder.recalling import ADAPTIVE, Recalled, Weight
from analytics.transformer.memory.calibrating import Way, calibrate, everyday_for
from analytics.transformer.memory.nearest import Found, Keys, nearest
from analytics.transformer.memory.pairs import (
    Encoded,
    LeftOut,
    Pair,
    as_pairs,
    encode,
    language_notes,
    refuse_swapped,
    sort_out,
)
from analytics.transformer.memory.states import States, stretch_of, teacher_forced
from analytics.transformer.memory.weighing import Reader, Weighing, shares_of
from analytics.transformer.tokens import TraceError
from analytics.transformer.translator.loading import Translator

NEIGHBOURS, TEMPERATURE = 16, 50.0  # of 10, 30, 60 and 100, where captions kept aside were likeliest
MOST_NEIGHBOURS = 128


@dataclass(frozen=True, eq=False)
class Memory:
    """Sentence pairs as entries, and how they are asked; never changed, a correction makes another one.

    ``pairs`` are those it holds, ``left_out`` the others of the file. ``revision`` is that of the model
    whose states it holds. At each step the ``neighbours`` nearest entries share their say by
    softmax(-squared distance / ``temperature``).
    """

    model_name: str
    revision: str
    pairs: tuple[Pair, ...]
    states: States
    weighing: Weighing
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    neighbours: int = NEIGHBOURS
    temperature: float = TEMPERATURE

    @classmethod
    def from_pairs(
        cls,
        sources: Sequence[object],
        targets: Sequence[object],
        *,
        translator: Translator,
        everyday: Sequence[Encoded] | None = None,
        progress: Progress = silent,
    ) -> Memory:
        """One pass of the model over all pairs, then the adaptive weight is fitted.

        Left out and listed: empty and very long texts, pairs that come twice, pairs of two equal texts.
        ``everyday`` are pairs from elsewhere on which the memory should rather keep silent; None for those
        that come with the packaged model. Raises TraceError where no pair is left, there are more than
        50,000, or the two columns look swapped.
        """
        if not isinstance(translator, Translator):
            raise TraceError("A memory is made with a translator; open one with load_translator().")
        pairs = as_pairs(sources, targets)
        refuse_swapped(pairs)
        encoded, left_out = sort_out(pairs, translator=translator)
        if not encoded:
            raise TraceError(
                f"No pair can be used: {left_out[0].reason} in row {left_out[0].pair.row}; give two columns, "
                "sentences and their translations."
            )
        kept = tuple(one.pair for one in encoded)
        states = teacher_forced(encoded, translator=translator, progress=progress)
        aside = everyday_for(translator) if everyday is None else everyday
        made = cls(
            model_name=translator.name,
            revision=translator.revision,
            pairs=kept,
            states=states,
            weighing=Weighing(),
            left_out=tuple(left_out),
            notes=tuple(language_notes(kept)),
        )
        way = Way(made.keys, states, made.neighbours, made.temperature, translator)
        return replace(made, weighing=calibrate(way, everyday=aside))

    @cached_property
    def keys(self) -> Keys:
        return Keys.of(self.states.keys)

    @property
    def bytes(self) -> int:
        """What the entries take."""
        return sum(array.nbytes for array in (self.states.keys, self.states.ids, self.states.owners))

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self.states.ids)

    def pair(self, row: int) -> Pair:
        """The pair of a row of the file, from 1; raises TraceError where the memory holds none."""
        return self.pairs[self._place(row)]

    def asked(self, *, neighbours: int | None = None, temperature: float | None = None) -> Memory:
        """The same entries, asked otherwise; raises TraceError for values that make no sense."""
        count = self.neighbours if neighbours is None else neighbours
        heat = self.temperature if temperature is None else temperature
        if not (is_whole(count) and 1 <= count <= MOST_NEIGHBOURS):
            raise TraceError(
                f"A memory cannot be asked for {count!r} neighbours: use 1 to {MOST_NEIGHBOURS}."
            )
        if not (is_real(heat) and 0.01 <= heat <= 10_000):
            raise TraceError(f"The temperature of a memory cannot be {heat!r}: use 0.01 to 10,000.")
        return replace(self, neighbours=int(count), temperature=float(heat))

    def without(self, row: int) -> Memory:
        """The memory as if the pair of this row had never been there; its weight keeps its fit."""
        place = self._place(row)
        if len(self.pairs) == 1:
            raise TraceError("This is the only pair of the memory; correct it, or do without a memory.")
        kept = self.states.owners != place
        owners = self.states.owners[kept]
        states = States(
            self.states.keys[kept], self.states.ids[kept], owners - (owners > place), self.states.places[kept]
        )
        return replace(self, pairs=self.pairs[:place] + self.pairs[place + 1 :], states=states)

    def corrected(self, row: int, *, source: str, target: str, translator: Translator) -> Memory:
        """The memory with this pair in place of the one in its row: one pass over one pair.

        Raises TraceError for a pair that cannot be used, and for another model than the memory's.
        """
        place = self._place(row)
        if translator.revision != self.revision:
            raise TraceError("This memory was made with another model; make it anew with this one.")
        (given,) = as_pairs([source], [target])
        kept, left_out = sort_out([replace(given, row=row)], translator=translator)
        if left_out:
            raise TraceError(f"This pair cannot be used: {left_out[0].reason}.")
        fresh = teacher_forced(kept, translator=translator)
        before, after = self.stretch(place).start, self.stretch(place).stop
        states = States(
            *(
                np.concatenate([old[:before], new, old[after:]])
                for old, new in (
                    (self.states.keys, fresh.keys),
                    (self.states.ids, fresh.ids),
                    (self.states.owners, fresh.owners + np.int32(place)),
                    (self.states.places, fresh.places),
                )
            )
        )
        pairs = (*self.pairs[:place], kept[0].pair, *self.pairs[place + 1 :])
        return replace(self, pairs=pairs, states=states)

    def stretch(self, place: int) -> slice:
        """The entries of the pair at ``place`` of ``pairs``; a pair's entries stand together."""
        return stretch_of(self.states.owners, place)

    def pieces_of(self, row: int, *, translator: Translator) -> tuple[str, ...]:
        """The pieces of a pair's translation; entry ``place`` is the one with this number, from 0."""
        ids = encode(self.pair(row), translator=translator).target_ids
        return tuple(translator.vocabulary.piece(one) for one in ids)

    def recaller(self, *, weight: Weight = ADAPTIVE) -> Asking:
        """This memory beside a new sentence."""
        return Asking(self, weight)

    def _place(self, row: int) -> int:
        if is_whole(row):
            for place, pair in enumerate(self.pairs):
                if pair.row == row:
                    return place
        raise TraceError(f"The memory holds no pair of row {row!r}.")


class Asking:
    """A memory beside one sentence: it is asked at each step, and keeps how near it was so far."""

    def __init__(self, memory: Memory, weight: Weight) -> None:
        self._memory = memory
        self._weight = weight
        self._reader = Reader()

    def recall(self, state: np.ndarray, probabilities: np.ndarray) -> Recalled:
        """The nearest entries and their say."""
        found = nearest(self._memory.keys, state[None], count=self._memory.neighbours)
        return self.take(found, 0, state, float(probabilities.max()))

    def take(self, found: Found, place: int, state: np.ndarray, highest: float) -> Recalled:
        """The same for a search that was made already, of several sentences together."""
        memory, places, distances = self._memory, found.places[place], found.distances[place]
        states = memory.states
        shares = shares_of(distances, memory.temperature)
        ids = states.ids[places]
        weight, readings = 0.0, np.empty(0)
        if self._weight != ADAPTIVE:
            weight = float(self._weight)
        elif len(distances):
            largest = float(np.bincount(ids, weights=shares).max())
            readings = self._reader.read(nearest=distances[0], largest_share=largest, highest=highest)
            weight = memory.weighing.weight(readings)
        return Recalled(
            state=state,
            keys=states.keys[places],
            distances=distances,
            shares=shares,
            ids=ids,
            rows=np.array([memory.pairs[owner].row for owner in states.owners[places]], dtype=int),
            places=states.places[places],
            temperature=memory.temperature,
            weight=weight,
            readings=readings,
            coefficients=np.asarray(memory.weighing.coefficients) if len(readings) else np.empty(0),
        )
