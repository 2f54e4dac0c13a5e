"""The door to the engines' columns: which are numbers, their values as float64, and the group of every row.

The rules are those of ``numbers.basics.selection``, asked of an engine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.numbers.basics.parameters import Key, LabelKind, StandardizeError
from analytics.numbers.basics.selection import group_index
from analytics.scale.engines import BigTable, collected, joined, sampled
from analytics.tables.columns import column_roles

GROUP = "group_code"
"""The column in the frames of this package that holds the place of a row's group."""
ROLE_ROWS = 20_000  # as many as tables.columns looks at


def require_columns(table: BigTable, names: Sequence[str]) -> None:
    """Raises ScaleError naming a column that is absent."""
    for name in names:
        table.place(name)


def choose_numbers(
    table: BigTable, *, columns: Sequence[str] | None, by: Sequence[str] = ()
) -> tuple[str, ...]:
    """The columns asked for, or every number column that measures something, as ``choose_columns`` does."""
    require_columns(table, by)
    if columns is not None:
        require_columns(table, columns)
        both = [name for name in columns if name in by]
        if both:
            raise StandardizeError(f"Column {both[0]!r} makes the groups: leave it out of the columns.")
        return tuple(dict.fromkeys(columns))
    numbers = [name for name, dtype in table.schema.items() if name not in by and dtype.is_numeric()]
    naming = _identifying(table, [name for name in numbers if table.schema[name].is_integer()])
    measures = tuple(name for name in numbers if name not in naming)
    if not measures:
        named = f" but {', '.join(map(repr, sorted(naming)))}, which identifies rows" if naming else ""
        raise StandardizeError(f"The table has no column of numbers{named}: name the columns to use.")
    return measures


def _identifying(table: BigTable, whole: list[str]) -> set[str]:
    """Columns of whole numbers that tell rows apart: by a sample of rows, and counters by all of them."""
    if not whole:
        return set()
    places = [table.place(name) for name in whole]
    asked = [nw.len().alias("rows")]
    for place in places:
        column = nw.col(place)
        asked += [column.min().alias(f"low_{place}"), column.max().alias(f"high_{place}")]
        asked += [column.count().alias(f"n_{place}")]
    (found,) = collected(table.frame.select(asked)).to_pylist()
    some = sampled(table.frame.select(places), ROLE_ROWS, of=found["rows"])
    roles = column_roles(some.rename_columns(whole).to_pandas(types_mapper=pd.ArrowDtype))
    naming = {name for name in whole if roles[name].kind == "identifier"}
    for name, place in zip(whole, places, strict=True):
        low, high, n = (found[f"{what}_{place}"] for what in ("low", "high", "n"))
        if name in naming and found["rows"] > ROLE_ROWS and not _by_name(roles[name].reason):
            naming.discard(name)  # a sample can look like a counter by chance alone
        if n == found["rows"] >= 10 and high - low + 1 == n and roles[name].reason != "years":
            distinct = collected(table.frame.select(nw.col(place).n_unique().alias("d")))["d"][0].as_py()
            naming |= {name} if distinct == n else set()
    return naming


def _by_name(reason: str) -> bool:
    return not reason.startswith("whole numbers that count")


def dtype_name(dtype: object) -> str:
    """A type as a transform file notes it: float64, int64, decimal(...)."""
    return str(dtype).lower()


def float_cells(table: BigTable, name: str) -> nw.Expr:
    """A column as float64, NULL, NaN and infinite as they are.

    Raises StandardizeError for text, dates and lists.
    """
    dtype, cell = table.schema[name], nw.col(table.place(name))
    if dtype == nw.Float64:
        return cell
    if dtype == nw.Decimal:
        # Through its digits: DuckDB divides by a power of ten, which rounds twice beyond 15 digits.
        return cell.cast(nw.String).cast(nw.Float64)
    if dtype.is_numeric() or dtype in (nw.Boolean, nw.Unknown):
        return cell.cast(nw.Float64)
    if dtype in (nw.String, nw.Categorical, nw.Enum):
        present = collected(table.frame.select(cell.count().alias("n")))["n"][0].as_py()
        if not present:
            return cell.cast(nw.String).cast(nw.Float64)
    raise StandardizeError(f"Column {name!r} holds {_in_words(dtype)}, not numbers: leave it out.")


def _in_words(dtype: Any) -> str:
    if dtype in (nw.String, nw.Categorical, nw.Enum):
        return "text"
    return "dates" if dtype.is_temporal() and dtype != nw.Duration else dtype_name(dtype)


def when_finite(cell: nw.Expr) -> nw.Expr:
    """The value where it is neither missing nor infinite, else NULL."""
    return nw.when(cell.is_finite()).then(cell)


def when_no_nan(cell: nw.Expr) -> nw.Expr:
    """The value where it is not NaN, else NULL.

    Asked of what NaN is not: DuckDB 2.0 takes isnan for false wherever the statistics of a Parquet file have
    a smallest and a largest value, and these leave NaN out.
    """
    return nw.when(cell.is_finite() | (cell.abs() == float("inf"))).then(cell)


@dataclass(frozen=True)
class Groups:
    """The groups of a table: their labels in order, the kinds of these, and how many rows each has.

    ``frame`` is the table with its labels as texts, ``small`` those texts, ``codes`` their groups' places.
    """

    keys: tuple[Key, ...]
    kinds: tuple[LabelKind, ...]
    rows: tuple[int, ...]
    frame: nw.LazyFrame[Any]
    small: pa.Table
    codes: np.ndarray

    def with_numbers(self, numbers: Mapping[str, np.ndarray]) -> nw.LazyFrame[Any]:
        """The table with the place of each row's group, and numbers of the groups (G,) at their rows."""
        table = self.small.append_column(GROUP, pa.array(self.codes, pa.int64()))
        for name, of_group in numbers.items():
            table = table.append_column(name, pa.array(of_group[self.codes]))
        return joined(self.frame, table, self.small.column_names)


def find_groups(table: BigTable, by: Sequence[str], *, most: int) -> Groups:
    """The distinct labels of ``by``, sorted as ``group_index`` does; NaN among numbers is missing.

    Raises StandardizeError for more than ``most`` groups, and for columns of lists.
    """
    labels = [f"label{place}" for place in range(len(by))]
    texts = [f"text{place}" for place in range(len(by))]
    labelled = table.frame.with_columns(
        label_of(table, name).alias(label) for name, label in zip(by, labels, strict=True)
    )
    frame = labelled.with_columns(
        _as_text(table, *pair).alias(text) for *pair, text in zip(by, labels, texts, strict=True)
    )
    found = collected(frame.group_by(*labels, *texts).agg(nw.len().alias("rows")).head(most + 1))
    if found.num_rows > most:
        raise StandardizeError(
            f"More than {most:,} groups are more than a transform of these columns holds: group by something "
            "coarser or choose fewer columns."
        )
    own = found.select(labels).rename_columns(list(by))
    index = group_index(own.to_pandas(types_mapper=pd.ArrowDtype), by)
    rows = np.bincount(index.codes, weights=found["rows"].to_numpy(), minlength=len(index.keys))
    return Groups(
        index.keys,
        index.kinds,
        tuple(rows.astype(int).tolist()),
        frame.drop(labels),
        found.select(texts),
        index.codes,
    )


def label_of(table: BigTable, name: str) -> nw.Expr:
    dtype, cell = table.schema[name], nw.col(table.place(name))
    if isinstance(dtype, nw.List | nw.Array | nw.Struct):
        raise StandardizeError(f"Column {name!r} holds lists or the like: choose other groups.")
    if dtype.is_float():
        return when_no_nan(cell + 0.0)  # -0.0 is the label 0.0
    return cell


def _as_text(table: BigTable, name: str, label: str) -> nw.Expr:
    """A label as a text that is never NULL, so that a missing one is joined like the others."""
    cell = nw.col(label)
    text = cell if table.schema[name] == nw.String else cell.cast(nw.String)
    return nw.concat_str([nw.lit("="), text]).fill_null("")
