"""Location and spread of columns in a few queries, to the digits that ``numbers.basics.statistics`` keeps.

``LazySpreads`` answers what ``Segments`` does, so that the methods of standardizing are written once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa

from analytics.numbers.basics.statistics import ROUNDING_SPAN, SMALLEST_SQUARES, Floats
from analytics.numbers.standardizing.segments import between
from analytics.scale.columns import GROUP, Groups, when_finite
from analytics.scale.engines import collected
from analytics.scale.order import VALUE, values_at, values_in_groups

_LARGEST_EXACT = 2.0**53
QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Source:
    """Where values come from: a frame, or one whose rows have groups.

    ``places`` (S,) are the groups with a finite value in a column; all statistics come in their order.
    """

    frame: nw.LazyFrame[Any]
    groups: Groups | None = None

    @property
    def size(self) -> int:
        """How many groups there are; 1 for the whole table."""
        return len(self.groups.keys) if self.groups else 1

    def with_numbers(self, numbers: Mapping[str, np.ndarray]) -> nw.LazyFrame[Any]:
        """The frame with a number of each group (G,) at its rows; of the whole table, as one constant."""
        if self.groups:
            return self.groups.with_numbers(numbers)
        if not numbers:  # Spark Connect refuses to add nothing
            return self.frame
        return self.frame.with_columns(nw.lit(value[0].item()).alias(name) for name, value in numbers.items())

    def measured(
        self, asked: Mapping[str, nw.Expr], *, numbers: Mapping[str, np.ndarray] | None = None
    ) -> dict[str, np.ndarray]:
        """Aggregates (G,) by name, one query; NaN where a group has no value."""
        exprs = [expr.alias(name) for name, expr in asked.items()]
        frame = self.with_numbers(numbers or {})
        if self.groups is None:
            return {name: _numbers(cells) for name, cells in _columns(collected(frame.select(exprs)))}
        table = collected(frame.group_by(GROUP).agg(*exprs))
        codes = table[GROUP].to_numpy()
        found = {}
        for name, cells in _columns(table.drop_columns([GROUP])):
            found[name] = np.full(self.size, np.nan)
            found[name][codes] = _numbers(cells)
        return found


def _columns(table: pa.Table) -> list[tuple[str, pa.ChunkedArray]]:
    return list(zip(table.column_names, table.columns, strict=True))


def _numbers(cells: pa.ChunkedArray) -> Floats:
    return np.array([np.nan if cell is None else float(cell) for cell in cells.to_pylist()])


@dataclass(frozen=True)
class Counts:
    """What one query counts of a column, by group (G,): ``n`` finite values between ``low`` and ``high``.

    ``excess`` and ``squares`` are the sums of ``x - shift`` and of its square.
    """

    rows: np.ndarray
    n: np.ndarray
    infinite: np.ndarray
    low: Floats
    high: Floats
    shift: float
    excess: Floats
    squares: Floats

    @property
    def missing(self) -> np.ndarray:
        """NULL and NaN."""
        return self.rows - self.n - self.infinite


def count_columns(source: Source, cells: Sequence[nw.Expr], shifts: Sequence[float]) -> tuple[Counts, ...]:
    """Count all columns in one query; a shift near the middle of a column keeps its sums' digits."""
    asked = {"rows": nw.len()}
    for place, (cell, shift) in enumerate(zip(cells, shifts, strict=True)):
        finite = when_finite(cell)
        asked |= {
            f"n{place}": finite.count(),
            f"held{place}": cell.count(),
            f"low{place}": finite.min(),
            f"high{place}": finite.max(),
            f"excess{place}": (finite - shift).sum(),
            f"squares{place}": ((finite - shift) * (finite - shift)).sum(),
        }
    found = source.measured(asked)
    rows = _whole(found["rows"])
    # NaN and infinite cells are rare, and told apart in a query of their own.
    odd = [place for place in range(len(cells)) if (found[f"held{place}"] != found[f"n{place}"]).any()]
    infinite = {
        f"infinite{place}": nw.when(cells[place].abs() == float("inf")).then(1).sum() for place in odd
    }
    found |= source.measured(infinite) if infinite else {}
    none = np.zeros(source.size)
    return tuple(
        Counts(
            rows,
            _whole(found[f"n{place}"]),
            _whole(found.get(f"infinite{place}", none)),
            found[f"low{place}"],
            found[f"high{place}"],
            shift,
            found[f"excess{place}"],
            found[f"squares{place}"],
        )
        for place, shift in enumerate(shifts)
    )


def _whole(values: Floats) -> np.ndarray:
    return np.nan_to_num(values).astype(np.int64)


@dataclass(frozen=True)
class LazySpreads:
    """The finite values of one column, in each group that has some (S,)."""

    source: Source
    cell: nw.Expr
    counted: Counts
    _known: dict[float, Floats] = field(default_factory=dict)

    @cached_property
    def held(self) -> np.ndarray:
        """The places (S,) of the groups with a value."""
        return np.flatnonzero(self.counted.n > 0)

    @property
    def counts(self) -> np.ndarray:
        """How many values there are (S,)."""
        return self.counted.n[self.held]

    @property
    def low(self) -> Floats:
        """The smallest value (S,)."""
        return self.counted.low[self.held]

    @property
    def high(self) -> Floats:
        """The largest value (S,)."""
        return self.counted.high[self.held]

    def mean_and_sd(self, *, ddof: int) -> tuple[Floats, Floats]:
        """Mean and sd (S,) from the sums about the shift where those lose a bit at most, else in two passes.

        Chan, Golub and LeVeque (1983), as ``FinitePart.mean_and_sd`` does; values whose squares leave the
        range of float64 are scaled by a power of two first.
        """
        n, counted = self.counts, self.counted
        excess, squares = counted.excess[self.held], counted.squares[self.held]
        with np.errstate(all="ignore"):
            about = squares - excess * excess / n
            mean = counted.shift + excess / n
            safe = (about > SMALLEST_SQUARES) & (about < np.inf) & (about >= squares / 2)
            if not (safe | (self.low == self.high)).all():
                mean, about, exponent = self._two_pass(mean)
            else:
                exponent = np.zeros(n.size, dtype=np.int64)
            sd = np.sqrt(about / np.maximum(n - ddof, 1)) * (n > ddof)
            mean, sd = mean, np.ldexp(sd, exponent)
        equal = self.low == self.high
        return np.where(equal, self.low, mean), np.where(equal, 0.0, sd)

    def _two_pass(self, first: Floats) -> tuple[Floats, Floats, np.ndarray]:
        """Means, and sums of squares about them in units of 2 to the ``exponent`` (S,), squared."""
        span = np.maximum(self.high / 2 - self.low / 2, np.finfo(float).tiny)
        exponent = np.where((span > 1e-120) & (span < 1e120), 0, np.frexp(span)[1])
        inside = (self.low <= first) & (first <= self.high)
        center = np.where(inside, first, self.low / 2 + self.high / 2)
        for _ in range(2):  # the second time about the true mean: a first sum may have been beyond float64
            numbers = {"center": self.of_all(center), "unit": self.of_all(np.ldexp(1.0, -exponent))}
            unit = nw.col("unit")
            distance = when_finite(self.cell) * unit - nw.col("center") * unit
            found = self.source.measured(
                {"error": distance.sum(), "squares": (distance * distance).sum()}, numbers=numbers
            )
            error, squares = found["error"][self.held], found["squares"][self.held]
            about = np.maximum(squares - error * error / self.counts, 0.0)
            center = center + np.ldexp(error / self.counts, exponent)
            if (about >= squares / 2).all():
                break
        return center, about, exponent

    def quantile(self, share: float) -> Floats:
        """A quantile (S,), interpolated linearly between two values of the column as numpy does."""
        if share not in self._known:
            shares = QUARTILES if share in QUARTILES else (share,)
            self._known.update(zip(shares, self.quantiles(shares), strict=True))
        return self._known[share]

    def quantiles(
        self, shares: Sequence[float], *, between: Callable[[Floats, Floats, Floats], Floats] = between
    ) -> list[Floats]:
        """Several quantiles (S,) at once; ``between`` interpolates from two values and a share."""
        n = self.counts
        places = [(n - 1) * share for share in shares]
        below = [np.floor(place).astype(np.int64) for place in places]
        wanted = [*below, *(np.minimum(rank + 1, n - 1) for rank in below)]
        found = self._ordered(self.cell, wanted, {})
        pairs = zip(found[: len(shares)], found[len(shares) :], strict=True)
        return [
            between(low, high, place - rank)
            for (low, high), place, rank in zip(pairs, places, below, strict=True)
        ]

    def median(self) -> Floats:
        """The median (S,)."""
        if 0.5 in self._known:
            return self._known[0.5]
        return self._middle(self.cell)

    def median_deviation(self, center: Floats) -> Floats:
        """The median distance from ``center`` (S,), by a second look at the column."""
        distance = (self.cell - nw.col("center")).abs()
        return self._middle(distance, numbers={"center": self.of_all(center)})

    def mean_deviation(self, center: Floats) -> Floats:
        """The mean distance from ``center`` (S,)."""
        distance = (when_finite(self.cell) - nw.col("center")).abs()
        found = self.source.measured({"sum": distance.sum()}, numbers={"center": self.of_all(center)})
        return found["sum"][self.held] / self.counts

    def constant(self) -> np.ndarray:
        """Which have no spread beyond rounding (S,), by the rule of ``is_constant``."""
        with np.errstate(over="ignore"):
            largest = np.maximum(np.abs(self.low), np.abs(self.high))
            near = self.high - self.low <= ROUNDING_SPAN * largest
        doubtful = near & (self.low != self.high)
        if doubtful.any():
            fraction = when_finite(self.cell) != self.cell.floor()
            exact = self.source.measured({"parts": nw.when(fraction).then(1).sum()})["parts"][self.held]
            near = near & ~(doubtful & (largest <= _LARGEST_EXACT) & (np.nan_to_num(exact) == 0))
        return near

    def _middle(self, cell: nw.Expr, *, numbers: Mapping[str, np.ndarray] | None = None) -> Floats:
        n = self.counts
        low, high = self._ordered(cell, [(n - 1) // 2, n // 2], numbers or {})
        return (low + high) / 2

    def _ordered(
        self, cell: nw.Expr, ranks: Sequence[np.ndarray], numbers: Mapping[str, np.ndarray]
    ) -> list[Floats]:
        """The values at some ranks (S,), counted from 0."""
        if not self.counts.size:
            return [np.empty(0) for _ in ranks]
        if self.source.groups is None:
            frame = self.source.with_numbers(numbers).select(when_finite(cell).alias(VALUE))
            found = values_at(frame, [int(rank[0]) for rank in ranks], of=int(self.counts[0]))
            return [np.array([value]) for value in found]
        places = {f"rank{place}": self.of_all(rank) for place, rank in enumerate(ranks)}
        frame = self.source.with_numbers({**numbers, **places}).with_columns(when_finite(cell).alias(VALUE))
        return [values[self.held] for values in values_in_groups(frame, list(places), self.source.size)]

    def of_all(self, of_held: np.ndarray) -> np.ndarray:
        """Numbers of the groups with values (S,) as numbers of all groups (G,)."""
        out = np.full(self.source.size, np.nan)
        out[self.held] = of_held
        return out
