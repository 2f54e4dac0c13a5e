"""Rare combinations: two values that are each common, and hardly ever stand in one row."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from scipy import special

MOST_PAIRS = 300  # of 25 columns; more take longer than all else, and chance finds something among them
_MOST_CELLS = 50_000  # of more than a million rows alone some twenty would stand in each

_FAR = 3.0  # times rarer than expected, from which a combination is the more surprising the rarer it is
_CHANCE = 0.01
"""Of a combination as rare as this in a table whose columns have nothing to do with each other."""


def pairs_of(sizes: Sequence[int], ordered: Sequence[bool]) -> list[tuple[int, int]]:
    """The pairs of features that can be looked at, by place, of features with so many cells (0: never).

    One at least has values without an order: two numbers that go together have cells beside their diagonal
    that are rare and not unusual, and the distances between rows judge them better.
    """
    usable = [place for place, size in enumerate(sizes) if size > 1]
    return [
        (a, b)
        for a, b in combinations(usable, 2)
        if sizes[a] * sizes[b] <= _MOST_CELLS and not (ordered[a] and ordered[b])
    ]


def rarest_pairs(
    cells: Sequence[np.ndarray | None],
    sizes: Sequence[int],
    pairs: Sequence[tuple[int, int]],
    *,
    tables: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """The surprise (n,) of each row's rarest combination, and its place in ``pairs`` (n,), -1 for none.

    ``cells`` hold each feature's cells of the rows (n,), -1 where missing; the rows are those of so many
    ``tables`` of one size, each judged by itself. A combination counts where the chance that so few other
    rows have both values is below ``_CHANCE``, shared among the pairs, if the two had nothing to do with each
    other (Poisson). Its surprise is -ln of the share of the rows whose combination is at least as improbable
    (where columns depend on each other many are, and none of them is surprising), and ln of how often 3 would
    fit into the ratio of expected and found rows.
    """
    rows = next(len(one) for one in cells if one is not None)
    best, which = np.zeros(rows), np.full(rows, -1, dtype=np.int32)
    start = np.repeat(np.arange(tables), rows // tables)
    for place, (a, b) in enumerate(pairs):
        one, other = cells[a], cells[b]
        assert one is not None and other is not None
        shape = (tables, sizes[a], sizes[b])
        whole = (one >= 0) & (other >= 0)
        cell = (start * shape[1] + np.where(whole, one, 0)) * shape[2] + np.where(whole, other, 0)
        counts = np.bincount(cell[whole], minlength=tables * shape[1] * shape[2]).reshape(shape)
        surprise = _surprises(counts, chance=_CHANCE / len(pairs))
        if surprise is not None:
            own = np.where(whole, surprise[cell], 0.0)
            higher = own > best
            best[higher], which[higher] = own[higher], place
    return best, which


def _surprises(counts: np.ndarray, *, chance: float) -> np.ndarray | None:
    """The surprise of each cell (t * a * b,) of tables with these ``counts`` (t, a, b); None where no
    combination is improbable."""
    totals = counts.sum(axis=(1, 2))
    across, down = (np.maximum(counts.sum(axis=axis, keepdims=True) - 1, 0) for axis in (2, 1))
    expected = (across * down / np.maximum(totals - 1, 1)[:, None, None]).ravel()
    flat = counts.ravel()
    held = np.flatnonzero((flat > 0) & (flat < expected))
    chances = special.pdtr(flat[held] - 1, expected[held])
    improbable = chances < chance
    held, chances = held[improbable], chances[improbable]
    if not len(held):
        return None
    table = held // (counts.shape[1] * counts.shape[2])
    order = np.lexsort((chances, table))
    held, table = held[order], table[order]
    summed = np.cumsum(flat[held])
    first = np.searchsorted(table, table, side="left")
    within = summed - (summed[first] - flat[held][first])
    surprise = np.zeros(len(flat))
    gap = np.maximum(expected[held] / flat[held] / _FAR, 1.0)
    surprise[held] = np.log(gap) - np.log(within / totals[table])
    return surprise


def expected_rows(a: np.ndarray, b: np.ndarray, one: int, other: int) -> tuple[int, float]:
    """How many rows have cell ``one`` of ``a`` (n,) and ``other`` of ``b`` (n,), and how many would if the
    two had nothing to do with each other."""
    whole = (a >= 0) & (b >= 0)
    first, second = (a == one) & whole, (b == other) & whole
    return int((first & second).sum()), float(first.sum() * second.sum() / max(whole.sum(), 1))
