"""The two engines behind narwhals, and the few things that it has no common word for.

Columns go by their place (``c0``, ``c1``, ...) inside this package: Spark reads a dot in a name as a field of
a struct, and both engines take ``A`` for ``a``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from analytics.errors import ZetascopeError

if TYPE_CHECKING:
    import narwhals as nw
    import pyarrow as pa

Native = Any
"""A ``DuckDBPyRelation`` or a ``DataFrame`` of Spark: neither package need be installed to import this."""


class ScaleError(ZetascopeError):
    """A table, file or choice that an engine cannot go on with."""


@dataclass(frozen=True)
class BigTable:
    """A table of an engine: ``frame`` has its columns as c0, c1, ..., ``names`` are what they are called."""

    frame: "nw.LazyFrame[Any]"
    names: tuple[str, ...]

    @cached_property
    def schema(self) -> "Mapping[str, nw.dtypes.DType]":
        """The type of each column, by its own name."""
        return dict(zip(self.names, self.frame.collect_schema().values(), strict=True))

    @property
    def native(self) -> Native:
        """The engine's own table under the columns' own names."""
        return named(self.frame.to_native(), self.names)

    def place(self, name: str) -> str:
        """What a column is called inside. Raises ScaleError where it is absent."""
        if name not in self.names:
            there = ", ".join(self.names[:12]) + (", ..." if len(self.names) > 12 else "")
            raise ScaleError(f"The table has no column {name!r}; it has {there}.")
        return f"c{self.names.index(name)}"


def big_table(frame: object) -> BigTable:
    """A relation of DuckDB, a frame of Spark or narwhals' view of either.

    Raises:
        ScaleError: for anything else, and for columns that share a name.
    """
    import narwhals as nw

    native = nw.to_native(frame, pass_through=True)
    engine_name(native)
    names = tuple(native.columns)
    for position, name in enumerate(names):
        if name in names[:position]:
            raise ScaleError(f"Column {name!r} occurs more than once: rename one of them.")
    return BigTable(nw.from_native(named(native, [f"c{place}" for place in range(len(names))])), names)


def engine_name(native: Native) -> str:
    """``duckdb`` or ``spark``. Raises ScaleError for a table of neither."""
    module = type(native).__module__
    if module.split(".")[0] in ("duckdb", "_duckdb"):
        return "duckdb"
    if module.split(".")[0] == "pyspark" and hasattr(native, "sparkSession"):
        return "spark"
    raise ScaleError(
        f"A {type(native).__name__} is no table of DuckDB or Spark: give a relation of DuckDB, a DataFrame "
        "of Spark, or narwhals' LazyFrame of one. A pandas table fits in memory: use Standardizer."
    )


def named(native: Native, names: Sequence[str]) -> Native:
    """The same columns under other names, by their places."""
    if engine_name(native) == "spark":
        return native.toDF(*names)
    pairs = zip(native.columns, names, strict=True)
    return native.project(", ".join(f"{quoted(old)} AS {quoted(new)}" for old, new in pairs))


def quoted(name: str) -> str:
    """A name as DuckDB's SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def collected(frame: "nw.LazyFrame[Any]") -> "pa.Table":
    """A small result, in this process."""
    return frame.collect("pyarrow").to_native()


def joined(frame: "nw.LazyFrame[Any]", small: "pa.Table", on: Sequence[str]) -> "nw.LazyFrame[Any]":
    """Every row with the columns that ``small`` has for its ``on``; what ``small`` lacks is missing there."""
    import narwhals as nw

    native = frame.to_native()
    if engine_name(native) == "spark":
        from pyspark.sql import functions

        other = functions.broadcast(native.sparkSession.createDataFrame(small))
        return nw.from_native(native.join(other, on=list(on), how="left"))
    keys = ", ".join(map(quoted, on))
    # DuckDB finds ``small`` by its name, whatever connection the relation is of.
    found = native.query("_rows", f"SELECT * FROM _rows LEFT JOIN small USING ({keys})")
    return nw.from_native(found)


def sampled(frame: "nw.LazyFrame[Any]", rows: int, *, of: int, seed: int = 0) -> "pa.Table":
    """About ``rows`` rows of ``of``, each drawn with the same chance; all of them where there are no more."""
    if of <= rows:
        return collected(frame)
    native, share = frame.to_native(), rows / of
    if engine_name(native) == "spark":
        return native.sample(fraction=share, seed=seed).toArrow()
    return native.query(
        "_rows", f"SELECT * FROM _rows USING SAMPLE {100 * share:.12f}% (bernoulli, {seed})"
    ).to_arrow_table()
