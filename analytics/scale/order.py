"""Values at given ranks, exactly, without a column in the memory of one machine.

Engines interpolate quantiles in ways of their own, and Spark's exact percentile holds every distinct value;
here only values of the column come back, and the caller interpolates.
"""

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np

from analytics.numbers.basics.statistics import Floats
from analytics.scale.columns import GROUP
from analytics.scale.engines import collected, sampled

VALUE = "value"
_FETCHED = 200_000  # values that are simply sorted here: 1.6 MB
_SAMPLE = 40_000  # brackets of 5 standard errors then hold 2.5 % of the values
_WIDTH = 5.0  # standard errors of a share: one bracket in two million misses, and is then widened


def values_at(frame: nw.LazyFrame[Any], ranks: Sequence[int], *, of: int) -> list[float]:
    """The values of ``VALUE``, of which ``of`` are not missing, at ranks counted from 0.

    A sample brackets each rank, one query counts what lies below the brackets, and what lies between their
    ends is fetched, or asked again in the same way (Floyd and Rivest 1975).
    """
    present = frame.filter(~nw.col(VALUE).is_null())
    if of <= _FETCHED:
        values = np.sort(collected(present)[VALUE].to_numpy())
        return [float(values[rank]) for rank in ranks]
    some = np.sort(sampled(present, _SAMPLE, of=of)[VALUE].to_numpy())
    brackets = [_bracket(some, rank, of) for rank in ranks]
    edges = sorted({edge for bracket in brackets for edge in bracket})
    below = _counted(present, edges)
    return [
        _in_bracket(present, rank, *bracket, below) for rank, bracket in zip(ranks, brackets, strict=True)
    ]


def _bracket(some: Floats, rank: int, of: int) -> tuple[float, float]:
    """Two values that hold the one at ``rank`` between them, all but surely."""
    share = rank / of
    slack = _WIDTH * np.sqrt(some.size * share * (1 - share)) + _WIDTH
    low, high = share * some.size - slack, share * some.size + slack
    return (
        float(some[int(low)]) if low >= 0 else -np.inf,
        float(some[int(high)]) if high < some.size else np.inf,
    )


def _counted(frame: nw.LazyFrame[Any], edges: Sequence[float]) -> dict[float, tuple[int, int]]:
    """How many values are below each edge, and how many are not above it."""
    value = nw.col(VALUE)
    finite = [edge for edge in edges if np.isfinite(edge)]
    asked = [nw.len().alias("all")]
    for place, edge in enumerate(finite):
        asked += [
            nw.when(value < edge).then(1).sum().alias(f"below{place}"),
            nw.when(value <= edge).then(1).sum().alias(f"upto{place}"),
        ]
    (found,) = collected(frame.select(asked)).to_pylist()
    counts = {
        edge: (int(found[f"below{place}"] or 0), int(found[f"upto{place}"] or 0))
        for place, edge in enumerate(finite)
    }
    return {-np.inf: (0, 0), np.inf: (found["all"], found["all"])} | counts


def _in_bracket(
    frame: nw.LazyFrame[Any], rank: int, low: float, high: float, counts: dict[float, tuple[int, int]]
) -> float:
    for edge in (low, high):
        if counts[edge][0] <= rank < counts[edge][1]:
            return edge
    if rank < counts[low][0]:
        low, high = -np.inf, low
    elif rank >= counts[high][1]:
        low, high = high, np.inf
    value, start = nw.col(VALUE), counts[low][1]
    inside = frame.filter((value > low) & (value < high))
    return values_at(inside, [rank - start], of=counts[high][0] - start)[0]


def values_in_groups(frame: nw.LazyFrame[Any], ranks: Sequence[str], groups: int) -> list[Floats]:
    """For each column of ``ranks`` the value at that rank in every group (G,), counted from 0; NaN for none.

    One sort within groups, which both engines spill to disk.
    """
    present = frame.filter(~nw.col(VALUE).is_null()).select(GROUP, VALUE, *ranks)
    ordered = present.with_columns((nw.col(VALUE).rank("ordinal").over(GROUP) - 1).alias("place"))
    place = nw.col("place")
    wanted = nw.any_horizontal(*(place == nw.col(rank) for rank in ranks), ignore_nulls=True)
    table = collected(ordered.filter(wanted))
    codes, values, at = (table[name].to_numpy() for name in (GROUP, VALUE, "place"))
    found = []
    for rank in ranks:
        hit = table[rank].to_numpy() == at
        out = np.full(groups, np.nan)
        out[codes[hit]] = values[hit]
        found.append(out)
    return found
