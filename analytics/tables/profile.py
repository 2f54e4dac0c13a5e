"""What is in each column of a frame: counts, range, spread, a histogram, the commonest values."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api import types

from analytics.tables.arrow_columns import arrow_column
from analytics.tables.columns import Role, check_unique_names, column_roles, is_numeric, known_numbers
from analytics.tables.typed.arrow_frames import as_text

_SQUARES_OVERFLOW = 1e150  # from here on squares leave the range of floats: values are scaled down first
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
    known = column_roles(frame) if roles is None else roles
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
    """Of sorted values, by their distances from the middle one, which keep the digits that an offset takes.

    Rounding may not push the mean out of the range.
    """
    middle = values[len(values) // 2]
    scale = 1.0
    if values.dtype.kind == "f" or int(values[-1]) - int(values[0]) >= 2**63:
        values = values.astype(np.float64)
        largest = max(abs(float(values[0])), abs(float(values[-1])))
        scale = largest if largest > _SQUARES_OVERFLOW else 1.0
        distances = values / scale - float(middle) / scale
    else:  # modulo 2^64, so that distances between whole numbers are exact up to that
        unsigned = values.astype(np.uint64)
        distances = (unsigned - np.uint64(int(middle) % 2**64)).view(np.int64).astype(np.float64)
    mean = float(np.clip(float(middle) + distances.mean() * scale, values[0], values[-1]))
    return mean, None if len(values) < 2 else float(distances.std(ddof=1)) * scale


def _count_distinct(values: np.ndarray) -> int:
    return int(np.count_nonzero(values[1:] != values[:-1])) + 1


def _quantile(values: np.ndarray, share: float) -> float:
    """Linear interpolation between the neighbours at ``share * (m - 1)`` (Hyndman and Fan's type 7)."""
    place = share * (len(values) - 1)
    below = int(place)
    left, right = float(values[below]), float(values[min(below + 1, len(values) - 1)])
    return left + (place - below) * (right - left)


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
