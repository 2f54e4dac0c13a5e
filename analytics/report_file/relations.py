"""Which columns hang together, the closest first."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analytics.errors import ZetascopeError
from analytics.numbers import find_relations
from analytics.numbers.relations.words import MEASURES
from analytics.tables import Role

SAMPLE = 20_000
"""Rows that are compared where there are more: a correlation is then sure to 0.014 (two standard errors)."""
_COLUMNS = 100  # pairs grow with the square
_PAIRS = 30  # as many as somebody reads


@dataclass(frozen=True)
class Relation:
    """Two columns by one measure with its 95 % interval, over the ``n`` rows that have both."""

    first: str
    second: str
    measure: str
    value: float
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class Related:
    """The closest pairs, and in words what is clear, sampled and left out."""

    pairs: tuple[Relation, ...] = ()
    sentences: tuple[str, ...] = ()


def relations_of(frame: pd.DataFrame, roles: Mapping[str, Role]) -> Related:
    """The closest pairs of numbers, dates and categories."""
    kinds = ("number", "time", "category")
    names = [name for name in map(str, frame.columns) if roles[name].kind in kinds]
    if len(names) < 2:
        return Related()
    cut = f"Only the first {_COLUMNS} of {len(names):,} columns are compared." if names[_COLUMNS:] else ""
    known: dict[Hashable, Role] = {name: role for name, role in roles.items()}  # noqa: C416, another type
    try:
        found = find_relations(frame, columns=names[:_COLUMNS], roles=known, sample=SAMPLE)
    except ZetascopeError as error:
        return Related(sentences=(str(error),))
    closest = found.pairs[found.pairs["value"].notna()].head(_PAIRS)
    pairs = tuple(map(_relation, closest.itertuples()))
    return Related(pairs, tuple(filter(None, (*found.sentences(), cut))))


def _relation(row: Any) -> Relation:
    measure, ends = MEASURES[row.measure], (_known(row.low), _known(row.high))
    return Relation(str(row.first), str(row.second), measure, float(row.value), *ends, int(row.n))


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
