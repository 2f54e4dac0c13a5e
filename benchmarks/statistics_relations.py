"""Nominal against realised for relations of columns: intervals that hold the truth, and chance finds."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from analytics.numbers import against, find_relations
from analytics.numbers.relations.category_pairs import association, counts_of, intervals_of
from analytics.numbers.relations.group_pairs import correlation_ratios
from analytics.numbers.relations.number_pairs import pearson, spearman
from analytics.numbers.relations.shapes import straight_fit
from benchmarks.statistics_rows import COLUMNS, SIZES, Realised, share, sizes_and_columns

_CORRELATIONS = (0.0, 0.4, 0.8)
_SHARES = (0.0, 0.1, 0.6)
_GROUPS = np.array([0.4, 0.3, 0.2, 0.1])
_MIXED = (0.0, 0.3, 0.8)
_ALPHA = 0.05


def relations(tables: int) -> Iterator[Realised]:
    """Intervals of all four measures that miss the truth, and columns of chance that are called telling."""
    for rows in SIZES:
        for rho in _CORRELATIONS:
            yield from _of_numbers(tables, rows, rho)
        for explained in _SHARES:
            yield _of_groups(tables, rows, explained)
        for mixed in _MIXED:
            yield _of_categories(tables, rows, mixed)
        yield from _line(tables, rows)
        yield from (_against_chance(tables, rows, columns) for columns in COLUMNS)


def _of_numbers(tables: int, rows: int, rho: float) -> Iterator[Realised]:
    rng = np.random.default_rng(rows)
    truths: dict[str, tuple[Callable, float]] = {
        "Pearson": (pearson, rho),
        "Spearman": (spearman, 6 / np.pi * float(np.arcsin(rho / 2))),
    }
    missed: dict[str, list[bool]] = {name: [] for name in truths}
    for _ in range(tables):
        first, noise = rng.standard_normal((2, rows))
        values = np.column_stack([first, rho * first + np.sqrt(1 - rho * rho) * noise])
        for name, (measure, truth) in truths.items():
            found = measure(values)
            missed[name].append(not found.low[0, 1] <= truth <= found.high[0, 1])
    for name, flags in missed.items():
        yield share(f"{name}'s interval misses {rho:g}", rows, 2, _ALPHA, np.array(flags), at_most=True)


def _of_groups(tables: int, rows: int, explained: float) -> Realised:
    rng = np.random.default_rng(rows + 1)
    means = np.arange(len(_GROUPS), dtype=float)
    means -= means @ _GROUPS
    means *= np.sqrt(explained / (1 - explained) / (np.square(means) @ _GROUPS))
    missed = []
    for _ in range(tables):
        codes = rng.choice(len(_GROUPS), rows, p=_GROUPS)
        found = correlation_ratios((means[codes] + rng.standard_normal(rows))[:, None], codes)
        missed.append(not found.low[0] <= np.sqrt(explained) <= found.high[0])
    what = f"correlation ratio's interval misses {np.sqrt(explained):.2f}"
    return share(what, rows, 2, _ALPHA, np.array(missed), at_most=True)


_UNEVEN: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "two groups, the smaller one of four times the spread": ((0.7, 0.3), (1, 4)),
    "a tenth of four times the spread": ((0.9, 0.1), (1, 4)),
    "a tenth among four": ((0.7, 0.1, 0.1, 0.1), (1, 4, 1, 1)),
    "spreads of 1, 2, 4 and 8": ((0.4, 0.3, 0.2, 0.1), (1, 2, 4, 8)),
}
"""Shares of the rows and spreads of the groups."""
_AT_ONCE = 20


def uneven_groups(tables: int) -> Iterator[Realised]:
    """p of equal means, and intervals of ratios that miss the truth, in groups of other spreads."""
    for rows in (10, *SIZES):
        half = max(rows // 8, 1)
        small = {
            "every second group of four of four times the spread": (
                tuple([0.5 / half] * 2 * half),
                (1, 4) * half,
            )
        }
        for name, (shares, spreads) in (_UNEVEN | small).items():
            for explained in _SHARES:
                yield from _of_uneven(tables, rows, name, np.array(shares), np.array(spreads), explained)


def _of_uneven(
    tables: int, rows: int, name: str, shares: np.ndarray, spreads: np.ndarray, explained: float
) -> Iterator[Realised]:
    rng = np.random.default_rng(rows)
    means = np.arange(len(shares)) - np.arange(len(shares)) @ shares
    within = np.square(spreads) @ shares
    means *= np.sqrt(explained / (1 - explained) * within / (np.square(means) @ shares))
    small, missed = [], []
    for _ in range(max(tables // _AT_ONCE, 5)):
        codes = rng.choice(len(shares), rows, p=shares)
        noise = rng.standard_normal((rows, _AT_ONCE)) * spreads[codes][:, None]
        found = correlation_ratios(means[codes][:, None] + noise, codes)
        small.append(found.p < _ALPHA)
        missed.append((found.low > np.sqrt(explained)) | (found.high < np.sqrt(explained)))
    if not explained:
        yield share(f"p of equal means below 5 %, {name}", rows, 2, _ALPHA, np.ravel(small), at_most=True)
    what = f"correlation ratio's interval misses {np.sqrt(explained):.2f}, {name}"
    yield share(what, rows, 2, _ALPHA, np.ravel(missed), at_most=True)


def pairs_by_chance(tables: int) -> Iterator[Realised]:
    """Any pair of columns of chance that is told to hang together; one in three is a category."""
    for rows, columns in sizes_and_columns():
        rng = np.random.default_rng([rows, columns])
        told = []
        for _ in range(tables if columns > 1 else 0):
            found = find_relations(_of_chance(rng, rows, columns)).pairs
            told.append(bool((found["p_adjusted"] < _ALPHA).any()))
        if told:
            yield share("any pair of chance told", rows, columns, _ALPHA, np.array(told), at_most=True)


def _of_chance(rng: np.random.Generator, rows: int, columns: int) -> pd.DataFrame:
    frame = pd.DataFrame(rng.standard_normal((rows, columns))).add_prefix("x")
    for place in range(2, columns, 3):
        frame[f"x{place}"] = rng.choice(list("xyz"), rows)
    return frame


def _of_categories(tables: int, rows: int, mixed: float) -> Realised:
    """Two categories of three levels, the second the first with this probability; then V is just that."""
    rng = np.random.default_rng(rows + 2)
    found = []
    for _ in range(tables):
        first = rng.integers(3, size=rows)
        second = np.where(rng.random(rows) < mixed, first, rng.integers(3, size=rows))
        found.append(association(counts_of(first, second)))
    known = [one for one in found if one is not None and not one.sparse]
    low, high = intervals_of(known)
    missed = ~((low <= mixed) & (mixed <= high))
    return share(f"Cramér's V's interval misses {mixed:g}", rows, 2, _ALPHA, missed, at_most=True)


def _line(tables: int, rows: int) -> Iterator[Realised]:
    """The slope of a straight fit, and its band of the mean at the lowest x and in the middle."""
    rng = np.random.default_rng(rows + 4)
    missed: dict[str, list[bool]] = {
        "slope's interval": [],
        "line's band, lowest x": [],
        "line's band, middle": [],
    }
    for _ in range(tables):
        x, noise = rng.standard_normal((2, rows))
        fit = straight_fit(x, 1 + 0.5 * x + noise)
        assert fit is not None
        ends = [(fit.slope_low, 0.5, fit.slope_high)]
        ends += [(fit.low[at], 1 + 0.5 * fit.x[at], fit.high[at]) for at in (0, len(fit.x) // 2)]
        for flags, (low, truth, high) in zip(missed.values(), ends, strict=True):
            flags.append(not low <= truth <= high)
    for name, flags in missed.items():
        yield share(f"{name} misses", rows, 2, _ALPHA, np.array(flags), at_most=True)


def _against_chance(tables: int, rows: int, columns: int) -> Realised:
    """Any of so many columns of chance is called telling; one in three is a category."""
    rng = np.random.default_rng(rows + 3)
    called = []
    for _ in range(tables):
        ranking = against(_of_chance(rng, rows, columns + 1), "x0").ranking
        called.append(bool((ranking["p_adjusted"] < _ALPHA).any()))
    return share("any column of chance tells", rows, columns, _ALPHA, np.array(called), at_most=True)
