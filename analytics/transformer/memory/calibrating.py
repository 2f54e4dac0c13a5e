"""The adaptive weight of a memory, fitted where the right answers are known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analytics.transformer.arithmetic import softmax
from analytics.transformer.memory.nearest import Keys, nearest
from analytics.transformer.memory.pairs import Encoded, as_pairs, sort_out
from analytics.transformer.memory.states import States, stretch_of, teacher_forced
from analytics.transformer.memory.weighing import USUAL, Reader, Readings, Weighing, fit, shares_of
from analytics.transformer.translator.loading import PACKAGED_NAME, Translator
from analytics.transformer.weights import to_numpy

EVERYDAY = Path(__file__).parent / "everyday.json"
_SCORES = 1_000_000_000  # distances that are computed for it: 6 s of one core
_MOST_PAIRS = 150  # of each kind; the six coefficients move by less than their doubt with more
# The everyday sentences come from those that the model has learned: it is surer of them than of others.
_EVERYDAY_COUNTS = 3


@cache
def everyday_pairs() -> dict[str, list[tuple[str, list[str]]]]:
    """Everyday sentences with translations: "learned" in the model's training, "kept" ones it never saw."""
    return json.loads(EVERYDAY.read_text(encoding="utf-8"))


def everyday_for(translator: Translator) -> list[Encoded]:
    """The learned everyday pairs as pieces, for the packaged model; nothing is known of others."""
    if translator.name != PACKAGED_NAME:
        return []
    rows = everyday_pairs()["learned"]
    return sort_out(as_pairs([row[0] for row in rows], [row[1][0] for row in rows]), translator=translator)[0]


class Way(NamedTuple):
    """The entries of a memory and how they are asked."""

    keys: Keys
    states: States
    neighbours: int
    temperature: float
    translator: Translator


def calibrate(way: Way, *, everyday: Sequence[Encoded]) -> Weighing:
    """A weight fitted to the memory's own pairs, each without its own entries, and to everyday ones."""
    count, pairs = len(way.states.ids), int(way.states.owners[-1]) + 1
    most = min(_MOST_PAIRS, max(1, _SCORES // (2 * count * max(1, count // pairs))))
    chosen = np.unique(np.linspace(0, pairs - 1, min(most, pairs)).astype(int))
    own = np.isin(way.states.owners, chosen)
    parts = [_readings(way, States(*(array[own] for array in vars(way.states).values())), own=True)]
    if everyday:
        aside = teacher_forced(everyday[:most], translator=way.translator)
        parts += [_readings(way, aside)] * _EVERYDAY_COUNTS
    return fit(parts)


def _readings(way: Way, states: States, *, own: bool = False) -> Readings:
    """What the weight is made from at each state; entries of its ``own`` pair are not looked at."""
    queries = states.keys.astype(np.float32)
    barred = [stretch_of(way.states.owners, int(owner)) for owner in states.owners] if own else None
    count = min([way.neighbours, *(len(way.states.ids) - (one.stop - one.start) for one in barred or ())])
    if count < 1:
        return Readings(np.empty((0, len(USUAL))), np.empty(0), np.empty(0))
    found = nearest(way.keys, queries, count=count, barred=barred)
    shares = shares_of(found.distances, way.temperature)
    ids = way.states.ids[found.places]
    model = way.translator.model
    head, bias = to_numpy(model.lm_head.weight), to_numpy(model.final_logits_bias)[0]
    chances = softmax((queries @ head.T + bias).astype(np.float64))
    rows = []
    reader = Reader()
    for step, place in enumerate(states.places):
        reader = reader if place else Reader()
        largest = float(np.bincount(ids[step], weights=shares[step]).max())
        highest = float(chances[step].max())
        rows.append(reader.read(nearest=found.distances[step, 0], largest_share=largest, highest=highest))
    return Readings(
        np.stack(rows),
        (shares * (ids == states.ids[:, None])).sum(-1),
        chances[np.arange(len(states.ids)), states.ids],
    )
