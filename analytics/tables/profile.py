"""What is in each column of a frame: counts, range, spread, a histogram, the commonest values."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api import types

from analytics.tables.arrow_columns import arrow_column
from analytics.tables.columns import (
    Role,
    check_unique_names,
    checked_roles,
    column_roles,
    is_numeric,
    known_numbers,
)
from analytics.tables.errors import TableError
from analytics.tables.typed.arrow_frames import as_text

_BINS = 30  # as many as a column of the table of profiles can draw
_TOP = 10
_EXAMPLES = 5


@dataclass(frozen=True)
class Histogram:
    """``counts`` (b,) of values between ``edges`` (b + 1,), numbers or datetime64; the last bin is closed."""

    counts: np.ndarray
    edges: np.ndarray


@dataclass(frozen=True)
class ColumnProfile:
    """One column. Numbers are of the finite values, and ``None`` where the column has none or is not numeric.

    ``sd`` divides by n - 1; ``quartiles`` are at 25, 50 and 75 %, interpolated linearly. ``distinct`` counts
    non-missing values. ``top`` are the commonest values with their counts, for text, categories and truth
    values. For times, ``minimum`` and ``maximum`` are ISO texts.
    """

    name: Hashable
    role: Role
    dtype: str
    rows: int
    missing: int
    distinct: int
    minimum: float | int | str | None = None
    maximum: float | int | str | None = None
    mean: float | None = None
    sd: float | None = None
    quartiles: tuple[float, float, float] | None = None
    histogram: Histogram | None = None
    top: tuple[tuple[str, int], ...] = ()
    infinities: int = 0
    zeros: int = 0
    examples: tuple[str, ...] = ()

    @property
    def median(self) -> float | None:
        """The middle value."""
        return None if self.quartiles is None else self.quartiles[1]


@dataclass(frozen=True)
class TableProfile:
    """All columns in order, by name."""

    rows: int
    columns: dict[Hashable, ColumnProfile]

    @property
    def missing(self) -> int:
        """Missing cells in the whole table."""
        return sum(column.missing for column in self.columns.values())

    def to_frame(self) -> pd.DataFrame:
        """One row per column, for showing as a table."""
        shown = (
            "dtype",
            "missing",
            "distinct",
            "minimum",
            "mean",
            "median",
            "maximum",
            "sd",
            "zeros",
            "infinities",
        )
        rows = {
            name: {"role": column.role.kind} | {field: getattr(column, field) for field in shown}
            for name, column in self.columns.items()
        }
        return pd.DataFrame.from_dict(rows, orient="index")


def profile_table(frame: pd.DataFrame, roles: Mapping[Hashable, Role] | None = None) -> TableProfile:
    """Profile every column, two at a time; ``roles`` as ``column_roles`` gives them.

    Raises:
        TableError: two columns have the same name.
    """
    check_unique_names(frame)
    known = column_roles(frame) if roles is None else checked_roles(roles)
    absent = [name for name in frame.columns if name not in known]
    if absent:
        raise TableError(f"Column {absent[0]!r} has no role: give one for each column, or none at all.")
    with ThreadPoolExecutor(2) as pool:
        columns = [frame.iloc[:, i] for i in range(frame.shape[1])]
        profiles = pool.map(_profile_column, columns, [known[name] for name in frame.columns])
        return TableProfile(len(frame), dict(zip(frame.columns, profiles, strict=True)))


def _profile_column(column: pd.Series, role: Role) -> ColumnProfile:
    """Profile one column by its dtype."""
    missing = int(column.isna().sum())
    about = ColumnProfile(column.name, role, str(column.dtype), len(column), missing, 0)
    if missing == len(column):
        return about
    about = replace(about, examples=_examples(column))
    if is_numeric(column):
        return _profile_numbers(about, np.sort(known_numbers(column)))
    if types.is_datetime64_any_dtype(column.dtype):
        return _profile_times(about, column)
    return _profile_values(about, column)


def _examples(column: pd.Series) -> tuple[str, ...]:
    head = column.head(20 * _EXAMPLES).dropna()
    head = column.dropna() if head.empty else head
    return tuple(dict.fromkeys(str(value) for value in head.head(20 * _EXAMPLES)))[:_EXAMPLES]


def _profile_numbers(about: ColumnProfile, values: np.ndarray) -> ColumnProfile:
    """From the sorted values (m,): one sort gives the rest by position."""
    finite = values
    if values.dtype.kind == "f":
        first = np.searchsorted(values, -np.inf, side="right")
        finite = values[first : np.searchsorted(values, np.inf, side="left")]
    about = replace(about, distinct=_count_distinct(values), infinities=len(values) - len(finite))
    if not len(finite):
        return about
    mean, sd = _mean_and_sd(finite)
    first, last = np.searchsorted(finite, 0, side="left"), np.searchsorted(finite, 0, side="right")
    return replace(
        about,
        minimum=finite[0].item(),
        maximum=finite[-1].item(),
        mean=mean,
        sd=sd,
        quartiles=(_quantile(finite, 0.25), _quantile(finite, 0.5), _quantile(finite, 0.75)),
        histogram=_histogram(finite),
        zeros=int(last - first),
    )


def _mean_and_sd(values: np.ndarray) -> tuple[float, float | None]:
    """Of sorted values; rounding may not push the mean out of the range, nor a constant's sd off 0.

    The corrected two passes of Chan, Golub and LeVeque (1983), about a value of the column: at an offset of
    1e15 a mean is rounded to an eighth, and so would be every distance from it.
    """
    origin, exponent, distances = _distances(values)
    inner = float(distances.mean())
    mean = Fraction(origin) + Fraction(inner) * Fraction(2) ** exponent
    mean = min(max(mean, Fraction(values[0].item())), Fraction(values[-1].item()))
    if len(values) < 2:
        return float(mean), None
    distances -= inner
    error = float(distances.sum())
    squares = max(float(np.square(distances, out=distances).sum()) - error * error / len(values), 0.0)
    sd = 0.0 if values[0] == values[-1] else math.sqrt(squares / (len(values) - 1))
    with np.errstate(over="ignore"):
        return float(mean), float(np.ldexp(sd, exponent))


def _distances(values: np.ndarray) -> tuple[float | int, int, np.ndarray]:
    """A value of the sorted column, and how far each lies from it (m,) float64, divided by 2 to ``exponent``.

    Whole numbers are subtracted as such: float64 skips some of them beyond 2^53. Others are brought below 1
    first, so that neither their distances nor the squares of them leave the range of float64.
    """
    if values.dtype.kind in "iu":
        # Wraps where int64 ends and is right modulo 2^64, which no distance from the smallest reaches.
        above = values.astype(np.uint64) - values[:1].astype(np.uint64)
        return values[0].item(), 0, above.astype(np.float64)
    exponent = int(np.frexp(max(abs(values[0]), abs(values[-1])))[1])
    scaled = np.ldexp(values, -exponent)
    middle = len(values) // 2
    return values[middle].item(), exponent, scaled - scaled[middle]


def _count_distinct(values: np.ndarray) -> int:
    return int(np.count_nonzero(values[1:] != values[:-1])) + 1


def _quantile(values: np.ndarray, share: float) -> float:
    """Linear interpolation between the neighbours at ``share * (m - 1)`` (Hyndman and Fan's type 7)."""
    place = share * (len(values) - 1)
    below = int(place)
    left, right = (Fraction(values[at].item()) for at in (below, min(below + 1, len(values) - 1)))
    return float(left + Fraction(place - below) * (right - left))


def _histogram(values: np.ndarray) -> Histogram | None:
    """Equal bins over the range of sorted values; one bin per number for few whole ones."""
    low, high = float(values[0]), float(values[-1])
    if not np.isfinite(high - low):
        return None
    half = max(0.5, float(np.spacing(abs(low))))
    if low == high:
        edges = np.array([low - half, high + half])
    elif values.dtype.kind in "iu" and high - low < _BINS and half == 0.5:
        edges = np.arange(low - 0.5, high + 1)
    else:
        edges = np.linspace(low, high, _BINS + 1)
    places = np.searchsorted(values, edges, side="left")
    places[-1] = len(values)
    return Histogram(np.diff(places), edges)


def _profile_times(about: ColumnProfile, column: pd.Series) -> ColumnProfile:
    index = pd.DatetimeIndex(column.dropna())
    moments = np.sort((index.tz_localize(None) if index.tz is None else index.tz_convert(None)).to_numpy())
    bins = _histogram(moments.astype(np.int64))
    unit = moments.dtype
    return replace(
        about,
        distinct=_count_distinct(moments),
        minimum=pd.Timestamp(moments[0]).isoformat(),
        maximum=pd.Timestamp(moments[-1]).isoformat(),
        histogram=bins and Histogram(bins.counts, bins.edges.astype(np.int64).astype(unit)),
    )


def _profile_values(about: ColumnProfile, column: pd.Series) -> ColumnProfile:
    """Distinct values and the commonest, by Arrow's dictionary."""
    array = arrow_column(column)
    encoded = array if pa.types.is_dictionary(array.type) else _encoded(array)
    codes = encoded.indices.drop_null().to_numpy()
    counts = np.bincount(codes, minlength=len(encoded.dictionary))
    order = np.argsort(-counts, kind="stable")[:_TOP]
    texts = as_text(pa.chunked_array([encoded.dictionary])).take(pa.array(order)).to_pylist()
    top = tuple((str(text), int(counts[i])) for text, i in zip(texts, order, strict=True) if counts[i])
    return replace(about, distinct=int(np.count_nonzero(counts)), top=top)


def _encoded(array: pa.Array) -> pa.DictionaryArray:
    """Values that Arrow cannot put in a dictionary (lists) go as text."""
    try:
        return pc.dictionary_encode(array)
    except pa.ArrowNotImplementedError:
        return pc.dictionary_encode(as_text(pa.chunked_array([array])).combine_chunks())
