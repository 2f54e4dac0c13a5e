"""Tables of other libraries in, the same kind of table out, through narwhals."""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError

Back = Callable[[Any], Any]


def opened(data: Any) -> tuple[Any, Back]:
    """What pandas, NumPy and scikit-learn take as it is, and another library's table as a pandas frame, with
    what turns a frame (n, d) of results into the same kind again; see :func:`as_pandas`."""
    if isinstance(data, pd.DataFrame | pd.Series | np.ndarray) or not _is_table(data):
        return data, lambda result: result
    return as_pandas(data)


def as_pandas(data: Any) -> tuple[pd.DataFrame, Back]:
    """A table of polars, pyarrow, DuckDB or another library that narwhals knows as a pandas frame (n, d), and
    what turns a frame into the same kind of table again.

    Whole numbers with missing values stay whole numbers, as pandas' own nullable ones, to their last digit.
    What is lazy is computed; DuckDB keeps the order of its relation's rows.

    Raises:
        ZetascopeError: ``data`` is no table, or cannot be computed.
    """
    import narwhals as nw

    if _is_record_batch(data):
        import pyarrow as pa

        frame, _ = as_pandas(pa.Table.from_batches([data]))
        return frame, lambda scored: pa.RecordBatch.from_pandas(scored, preserve_index=False)
    if not _is_table(data):
        raise ZetascopeError(f"A {type(data).__name__} is no table: give a frame of pandas, polars or Arrow.")
    frame = nw.from_native(data)
    try:
        computed = frame.collect(backend="pyarrow") if isinstance(frame, nw.LazyFrame) else frame
        table = computed.to_arrow()
    except Exception as error:  # whatever the other library raises for a query that fails
        raise ZetascopeError(f"The {type(data).__name__} could not be computed: try it by itself.") from error
    return table.to_pandas(types_mapper=_nullable().get), lambda scored: _like(scored, data)


def _is_table(data: Any) -> bool:
    import narwhals as nw

    found = nw.from_native(data, pass_through=True)
    return isinstance(found, nw.DataFrame | nw.LazyFrame) or _is_record_batch(data)


def _is_record_batch(data: Any) -> bool:
    """Whether it is the one table of Arrow that narwhals does not know; Arrow is not imported to find out."""
    pa = sys.modules.get("pyarrow")
    return pa is not None and isinstance(data, pa.RecordBatch)


def _nullable() -> dict[Any, Any]:
    import pyarrow as pa

    bits = (8, 16, 32, 64)
    kinds: dict[Any, Any] = {getattr(pa, f"int{n}")(): getattr(pd, f"Int{n}Dtype")() for n in bits}
    return kinds | {getattr(pa, f"uint{n}")(): getattr(pd, f"UInt{n}Dtype")() for n in bits}


def _like(frame: pd.DataFrame, data: Any) -> Any:
    import narwhals as nw
    import pyarrow as pa

    table = pa.Table.from_pandas(frame, preserve_index=False)
    given = nw.from_native(data)
    if isinstance(given, nw.LazyFrame):
        return nw.from_arrow(table, backend="pyarrow").lazy(backend=given.implementation).to_native()
    return nw.from_arrow(table, backend=given.implementation).to_native()
