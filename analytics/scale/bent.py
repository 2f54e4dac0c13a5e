"""Scores of ranks and of powers on the engines: neither is a line."""

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.numbers.basics.parameters import ColumnFit
from analytics.numbers.standardizing.dialects import SQL, number, yeo_johnson
from analytics.numbers.standardizing.fitting import score_values
from analytics.numbers.standardizing.methods import method_named
from analytics.scale.columns import GROUP
from analytics.scale.engines import engine_name


def bent_scores(
    frame: nw.LazyFrame[Any], cell: str, score: str, method: str, fits: Sequence[ColumnFit]
) -> nw.LazyFrame[Any]:
    """The frame with the scores of the float column ``cell`` behind it; a row's group code finds its fit.

    Spark runs the functions of ``Standardizer``; DuckDB has them in SQL, powers equal to rounding.
    """
    native = frame.to_native()
    if engine_name(native) == "spark":
        return nw.from_native(native.withColumn(score, _udf(method, fits)(native[cell], native[GROUP])))
    made = _by_nodes if method == "rank_gauss" else _by_power
    return nw.from_native(made(native, cell, score, fits))


def _udf(method: str, fits: Sequence[ColumnFit]) -> Any:
    from pyspark.sql.functions import pandas_udf

    chosen, held = method_named(method).name, tuple(fits)

    def scores(values: pd.Series, codes: pd.Series) -> pd.Series:
        out = np.empty(len(values))
        for code in np.unique(codes.to_numpy()):
            rows = codes.to_numpy() == code
            out[rows] = score_values(chosen, held[code], values.to_numpy(dtype=np.float64)[rows])
        return pd.Series(out)

    return pandas_udf(scores, "double")


def _by_nodes(native: Any, cell: str, score: str, fits: Sequence[ColumnFit]) -> Any:
    """Between the two nodes around each value, found by a join on order; ``np.interp``'s arithmetic."""
    parts = [_nodes(code, fit) for code, fit in enumerate(fits) if fit.usable]
    nodes = pa.concat_tables(parts or [_nodes(0, None)])  # noqa: F841, DuckDB finds it by its name
    return native.query(
        "_rows",
        # Between subnormal nodes a slope is infinite, and of no use at a node itself.
        f"SELECT _rows.*, CASE WHEN {cell} = node THEN height "
        f"WHEN isfinite({cell}) THEN slope * ({cell} - node) + height "
        f"WHEN node_code IS NULL THEN NULL ELSE {cell} END AS {score} FROM _rows "
        f"ASOF LEFT JOIN nodes ON {GROUP} = node_code AND {cell} >= start",
    )


def _nodes(code: int, fit: ColumnFit | None) -> pa.Table:
    """The table of one fit as lines: from each node on, ``slope * (x - node) + height``."""
    x = np.array(fit.shape.values or [0.0]) if fit else np.empty(0)
    y = np.array(fit.shape.scores or [0.0]) if fit else np.empty(0)
    with np.errstate(over="ignore"):
        slope = np.append(np.diff(y) / np.diff(x), np.zeros(len(x[:1])))
    # Below the first node its score holds.
    x, y, slope = (np.concatenate([first, of]) for first, of in ((x[:1], x), (y[:1], y), (0 * x[:1], slope)))
    start = np.where(np.arange(len(x)) == 0, -np.inf, x)
    codes = np.full(len(x), code, dtype=np.int64)
    return pa.table({"node_code": codes, "start": start, "node": x, "height": y, "slope": slope})


def _by_power(native: Any, cell: str, score: str, fits: Sequence[ColumnFit]) -> Any:
    cases = " ".join(f"WHEN {code} THEN {_power(cell, fit)}" for code, fit in enumerate(fits))
    scored = f"CASE {GROUP} {cases} END" if cases else "CAST(NULL AS DOUBLE)"  # a table without rows
    return native.query("_rows", f"SELECT *, {scored} AS {score} FROM _rows")


def _power(cell: str, fit: ColumnFit) -> str:
    if not fit.usable:
        return "CAST(NULL AS DOUBLE)"
    if fit.constant:
        return SQL.finite(cell, "0.0")
    center, scale = fit.shape.line
    bent = yeo_johnson(cell, fit.shape.exponent or 0.0, SQL)
    return SQL.finite(cell, f"({bent} - {number(center)}) / {number(scale)}")
