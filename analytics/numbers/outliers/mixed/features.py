"""What a mixed row is judged by: each column as one or two features, each with a surprise for its levels."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from pandas.api import types

from analytics.numbers.basics.parameters import Label
from analytics.numbers.outliers.mixed.shapes import character_shapes
from analytics.tables.columns import Role

Kind = Literal["value", "number", "date", "length", "characters"]
_FAR = 3.0
"""Interquartile ranges beyond a quartile from which a value is far out (Tukey 1977)."""
_RARE = 0.05  # share of the rows that values below a gap may have together, to be the odd ones out
_MOST_SHAPES = 0.2
"""Where more than this share of the texts has a shape of its own, shapes say nothing."""
_FEW = 12
"""Different numbers that are looked at one by one beside another column; of more there are fifths."""
_BINS = 5


@dataclass(frozen=True)
class Feature:
    """One thing that is looked at in every row.

    ``codes`` (n,) are the levels of the rows, -1 where the value is missing; levels of numbers, dates and
    lengths go up, those of values and characters from the rarest to the commonest. ``counts`` (k,) say how
    often each level occurs, ``terms`` (k,) how surprising it is: -ln of the share of the rows whose level is
    at least as rare, or as far out, and more for those far away. ``values`` (k,) are the levels themselves,
    ``low`` and ``high`` what is typical (10th and 90th percentile, or the commonest level). ``cells`` (k,)
    put levels together where the feature is looked at beside another one; None where it is not.
    """

    column: Label
    kind: Kind
    codes: np.ndarray = field(repr=False)
    counts: np.ndarray = field(repr=False)
    terms: np.ndarray = field(repr=False)
    values: np.ndarray = field(repr=False)
    low: object = None
    high: object = None
    cells: np.ndarray | None = field(default=None, repr=False)

    @property
    def nbytes(self) -> int:
        """The memory of the arrays."""
        arrays = (self.codes, self.counts, self.terms, self.values, self.cells)
        return sum(array.nbytes for array in arrays if array is not None)


def features_of(
    frame: pd.DataFrame, roles: Mapping[str, Role], columns: Sequence[Label]
) -> tuple[Feature, ...]:
    """The features of these columns that vary; identifiers that are numbers have none."""
    made = (feature for name in columns for feature in _features(name, frame[name], roles[str(name)].kind))
    return tuple(feature for feature in made if len(feature.counts) > 1)


def _features(name: Label, column: pd.Series, kind: str) -> Iterator[Feature]:
    if kind == "number" and types.is_numeric_dtype(column.dtype):
        yield _ordered(name, "number", column.to_numpy(dtype=np.float64, na_value=np.nan))
    elif kind == "time":
        seconds = seconds_of(column)
        if seconds is not None:
            yield _ordered(name, "date", seconds)
    elif kind == "category":
        yield _named(name, "value", column)
    elif kind in ("text", "identifier") and not types.is_numeric_dtype(column.dtype):
        texts = column.astype("string")
        yield _ordered(name, "length", texts.str.len().to_numpy(dtype=np.float64, na_value=np.nan))
        shapes = character_shapes(texts)
        if shapes.nunique() <= max(_MOST_SHAPES * shapes.count(), 1):
            yield _named(name, "characters", shapes)


def seconds_of(column: pd.Series) -> np.ndarray | None:
    """Dates as seconds since 1970, lengths of time as seconds, (n,) with NaN; None for what is neither.

    Text is neither, until a reader says which of its numbers is the month.
    """
    if types.is_string_dtype(column.dtype) and types.infer_dtype(column, skipna=True) == "string":
        return None
    if isinstance(column.dtype, pd.CategoricalDtype):
        return None
    if types.is_timedelta64_dtype(column.dtype):
        return column.dt.total_seconds().to_numpy(dtype=np.float64)
    try:
        times = pd.to_datetime(column, utc=True)
    except (TypeError, ValueError, OverflowError):
        return None
    whole = times.dt.as_unit("us").astype("int64").to_numpy(dtype=np.float64) / 1e6
    return np.where(times.isna(), np.nan, whole)


def _ordered(name: Label, kind: Kind, values: np.ndarray) -> Feature:
    """By rank from both ends, as ECOD has it, and by distance where a value is far out."""
    finite = np.where(np.isfinite(values), values, np.nan)
    codes, levels = pd.factorize(finite, sort=True)
    counts = np.bincount(codes[codes >= 0], minlength=len(levels))
    total = max(int(counts.sum()), 1)
    above = np.cumsum(counts)
    rarer = np.minimum(above, total - above + counts)
    terms = -np.log(np.minimum(2 * rarer / total, 1.0)) + _far_out(levels, counts)
    low, high = _quantiles(levels, counts, [0.1, 0.9])
    parts = _quantiles(levels, counts, np.arange(1, _BINS) / _BINS)
    cells = np.arange(len(levels)) if len(levels) <= _FEW else np.searchsorted(parts, levels, side="left")
    return Feature(
        name,
        kind,
        codes.astype(np.int32),
        counts,
        terms,
        levels,
        low,
        high,
        cells.astype(np.int32) if kind in ("number", "date") else None,
    )


def _far_out(levels: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """What distance adds (k,): 2 ln of how often the fence of 3 interquartile ranges would fit into it, as
    in a law whose tail falls with the square."""
    if not len(levels):
        return np.zeros(0)
    q1, q3 = _quantiles(levels, counts, [0.25, 0.75])
    if q3 <= q1:
        return np.zeros(len(levels))
    beyond = np.maximum(q1 - levels, levels - q3) / (q3 - q1)
    return 2 * np.log(np.maximum(beyond / _FAR, 1.0))


def _far_rarer(counts: np.ndarray, total: int) -> np.ndarray:
    """What a gap adds to the levels (k,) below it, from the rarest up: ln of how often 3 would fit into the
    ratio of the counts on both sides. One cheque among thousands of cards and cash is that; the one customer
    from a town, where many towns have one, is not."""
    bonus = np.zeros(len(counts))
    if len(counts) > 1:
        below = np.cumsum(counts)[:-1] <= _RARE * total
        gaps = np.where(below, np.log(np.maximum(counts[1:] / counts[:-1] / _FAR, 1.0)), 0.0)
        bonus[:-1] = np.maximum.accumulate(gaps[::-1])[::-1]
    return bonus


def _quantiles(levels: np.ndarray, counts: np.ndarray, shares: Sequence[float] | np.ndarray) -> np.ndarray:
    """The smallest levels (s,) that at least these shares of the rows do not exceed."""
    if not len(levels):
        return np.full(len(shares), np.nan)
    above = np.cumsum(counts)
    return levels[np.searchsorted(above, np.asarray(shares) * above[-1] - 1e-9, side="left")]


def _named(name: Label, kind: Kind, column: pd.Series) -> Feature:
    """By frequency: the share of the rows whose level is as rare or rarer."""
    codes, levels = pd.factorize(column.astype(object), use_na_sentinel=True)
    counts = np.bincount(codes[codes >= 0], minlength=len(levels))
    order = np.argsort(counts, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    codes = np.where(codes >= 0, place[codes], -1)
    counts = counts[order]
    rarer = np.cumsum(counts)[np.searchsorted(counts, counts, side="right") - 1]
    total = max(int(counts.sum()), 1)
    terms = -np.log(rarer / total) + _far_rarer(counts, total)
    names = np.asarray(levels, dtype=object)[order]
    commonest = names[-1] if len(names) else None
    cells = np.arange(len(order), dtype=np.int32) if kind == "value" else None
    return Feature(name, kind, codes.astype(np.int32), counts, terms, names, commonest, commonest, cells)
