"""One column looked at closely: its shape, where it has no value, all its values, its days, its lengths."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api import types

from analytics.arguments import require_column
from analytics.tables.arrow_columns import arrow_column
from analytics.tables.columns import is_numeric, known_numbers
from analytics.tables.errors import TableError
from analytics.tables.profile import Histogram
from analytics.tables.writing.cell_texts import ShownColumn, shown_column

_MOST_BINS = 80  # as many bars as a figure of 700 pixels shows apart
_STRETCHES = 200  # of rows, likewise
_PLACES = 20
_OUTER = 0.005  # of the values at either end, left out of the inner histogram


@dataclass(frozen=True)
class ValueCounts:
    """The different values (v,) of a column as they are shown, commonest first, with their counts (v,)."""

    values: ShownColumn = field(repr=False)
    counts: np.ndarray = field(repr=False)

    def __len__(self) -> int:
        return len(self.counts)

    def texts(self, start: int = 0, stop: int | None = None) -> list[str]:
        """The values at these places."""
        return [str(text) for text in self.values.texts(slice(start, stop)).to_pylist()]

    def frame(self, rows: int) -> pd.DataFrame:
        """Value, count and share of the ``rows`` of the column."""
        return pd.DataFrame(
            {
                "value": self.values.texts().to_pandas(),
                "rows": self.counts,
                "share": self.counts / max(1, rows),
            }
        )


@dataclass(frozen=True)
class ColumnDetail:
    """What a profile leaves out. Numbers are of the finite values, None where the column has none.

    ``missing_shares`` (b,) is the share of cells without a value in each of b equal stretches of rows, and
    ``missing_places`` are the first of them. ``days`` (d,) are those that occur, datetime64[D], with
    ``day_counts``. ``lengths`` are the shortest, the middle and the longest text in characters.
    """

    missing_shares: np.ndarray = field(repr=False)
    missing_places: tuple[int, ...] = ()
    skewness: float | None = None
    negative: int | None = None
    histogram: Histogram | None = None
    inner: Histogram | None = None
    """The same without the outermost half per cent at either end, where that changes the picture."""
    days: np.ndarray | None = field(default=None, repr=False)
    day_counts: np.ndarray | None = field(default=None, repr=False)
    lengths: tuple[int, float, int] | None = None
    length_histogram: Histogram | None = None


def detail_column(column: pd.Series) -> ColumnDetail:
    """Look at one column of any dtype."""
    require_column(column, error=TableError)
    missing = column.isna().to_numpy()
    shares = _shares(missing)
    places = tuple(int(place) for place in np.flatnonzero(missing)[:_PLACES])
    if missing.all():
        return ColumnDetail(shares, places)
    if is_numeric(column):
        return _numbers(known_numbers(column), shares, places)
    if types.is_datetime64_any_dtype(column.dtype):
        days, counts = _days(column)
        return ColumnDetail(shares, places, days=days, day_counts=counts)
    if types.is_bool_dtype(column.dtype) or types.is_timedelta64_dtype(column.dtype):
        return ColumnDetail(shares, places)
    lengths = pc.utf8_length(shown_column(column).texts().drop_null()).to_numpy()
    middle = float(np.median(lengths))
    return ColumnDetail(
        shares,
        places,
        lengths=(int(lengths.min()), middle, int(lengths.max())),
        length_histogram=_histogram(lengths.astype(np.int64)),
    )


def count_values(column: pd.Series) -> ValueCounts:
    """Every value with its count; values that come equally often in the order of the rows."""
    require_column(column, error=TableError)
    shown = shown_column(column)
    array = shown.array
    if not pa.types.is_dictionary(array.type):
        if pa.types.is_nested(array.type):
            array = shown.texts()
        elif pa.types.is_floating(array.type):
            array = arrow_column(column + 0.0) if array.type == pa.float64() else array
        array = array.dictionary_encode()
    codes = array.indices.drop_null().to_numpy()
    counts = np.bincount(codes, minlength=len(array.dictionary))
    order = np.argsort(-counts, kind="stable")
    order = order[: np.count_nonzero(counts)]
    values = array.dictionary.take(pa.array(order))
    return ValueCounts(ShownColumn(values, shown.quoted, shown.zoned), counts[order])


def _shares(missing: np.ndarray) -> np.ndarray:
    if not len(missing):
        return np.zeros(0)
    starts = np.unique(np.linspace(0, len(missing), min(_STRETCHES, len(missing)), endpoint=False, dtype=int))
    return np.add.reduceat(missing, starts, dtype=np.int64) / np.diff(np.append(starts, len(missing)))


def _numbers(values: np.ndarray, shares: np.ndarray, places: tuple[int, ...]) -> ColumnDetail:
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    if not len(finite):
        return ColumnDetail(shares, places)
    low, high = np.quantile(finite.astype(np.float64), (_OUTER, 1 - _OUTER), method="inverted_cdf")
    inside = finite[(finite >= low) & (finite <= high)]
    whole = _histogram(finite)
    narrow = float(high) - float(low) < 0.5 * (float(finite.max()) - float(finite.min()))
    return ColumnDetail(
        shares,
        places,
        skewness=_skewness(finite),
        negative=int(np.count_nonzero(finite < 0)),
        histogram=whole,
        inner=_histogram(inside) if narrow and len(inside) else None,
    )


def _skewness(values: np.ndarray) -> float | None:
    """Adjusted Fisher-Pearson coefficient (G1 of Joanes and Gill 1998), as pandas and sheets give it.

    None for fewer than three values or where all are alike.
    """
    n = len(values)
    exponent = int(np.frexp(np.abs(values.astype(np.float64)).max())[1])
    scaled = np.ldexp(values.astype(np.float64), -exponent)  # cubes stay within float64
    distances = scaled - scaled.mean()
    square = float(np.mean(distances**2))
    if n < 3 or values.min() == values.max() or square <= 0:
        return None
    return float(np.mean(distances**3)) / square**1.5 * math.sqrt(n * (n - 1)) / (n - 2)


def _histogram(values: np.ndarray) -> Histogram | None:
    """One bar per whole number where there are few, else equal bars by numpy's "auto", at most 80."""
    low, high = float(values.min()), float(values.max())
    if not np.isfinite(high - low):
        return None
    if low == high:
        half = max(0.5, float(np.spacing(abs(low))))
        return Histogram(np.array([len(values)]), np.array([low - half, high + half]))
    if values.dtype.kind in "iu" and high - low < _MOST_BINS and abs(high) < 2**50:
        edges = np.arange(low - 0.5, high + 1)
    else:
        bins = len(np.histogram_bin_edges(values[:: max(1, len(values) // 100_000)], "auto")) - 1
        edges = np.linspace(low, high, int(np.clip(bins, 10, _MOST_BINS)) + 1)
    return Histogram(np.histogram(values, edges)[0], edges)


def _days(column: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """The days on which something is, by the clocks of the column's own zone, and how often."""
    index = pd.DatetimeIndex(column.dropna())
    days = (index.tz_localize(None) if index.tz is not None else index).to_numpy().astype("datetime64[D]")
    return np.unique(days, return_counts=True)
