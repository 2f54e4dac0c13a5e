"""The two methods that need a whole column at once, fitted on a random sample of its rows."""

import math
from collections.abc import Sequence
from dataclasses import replace

import narwhals as nw
import pandas as pd

from analytics.numbers.basics.parameters import ColumnFit, StandardizeError, TransformParameters
from analytics.numbers.standardizing.fitting import fit_parameters
from analytics.numbers.standardizing.methods import Method
from analytics.numbers.standardizing.standardizer import current_versions
from analytics.scale.columns import dtype_name, float_cells
from analytics.scale.engines import BigTable, collected, sampled

SAMPLED = 100_000
"""Rows that shares are then known of within 0.43 %, 95 times in 100 (Dvoretzky, Kiefer, Wolfowitz)."""


def fit_sample(
    table: BigTable, method: Method, *, ddof: int, columns: Sequence[str], by: Sequence[str]
) -> TransformParameters:
    """The parameters of ``Standardizer`` on all rows of a small table, else on a sample, as the notes say.

    Raises StandardizeError for groups in a table of more rows than are sampled.
    """
    rows = collected(table.frame.select(nw.len().alias("n")))["n"][0].as_py()
    if by and rows > SAMPLED:
        raise StandardizeError(
            f"{method.title} within groups is fitted on at most {SAMPLED:,} rows, and there are {rows:,}: "
            "choose zscore, robust, iqr, minmax or maxabs, or filter the table first."
        )
    wanted = [float_cells(table, name).alias(f"x{place}") for place, name in enumerate(columns)]
    wanted += [nw.col(table.place(name)).alias(f"g{place}") for place, name in enumerate(by)]
    some = sampled(table.frame.select(wanted), SAMPLED, of=rows).rename_columns([*columns, *by])

    fitted = fit_parameters(
        some.to_pandas(types_mapper=pd.ArrowDtype), method=method.name, ddof=ddof, columns=columns, by=by
    )
    fits = tuple(
        replace(_noted(fit, some.num_rows, rows), dtype=dtype_name(table.schema[str(fit.column)]))
        for fit in fitted.fits
    )
    return replace(fitted, fits=fits, rows=rows, versions=current_versions())


def _noted(fit: ColumnFit, sampled_rows: int, rows: int) -> ColumnFit:
    if sampled_rows == rows or not fit.n:
        return fit
    error = math.sqrt(math.log(2 / 0.05) / (2 * fit.n))
    some = f"fitted on a random sample of {sampled_rows:,} of {rows:,} rows"
    said = f"{some}: shares of values are known within {error:.2%}"
    note = "; ".join(filter(None, (fit.shape.note, said)))
    return replace(fit, shape=replace(fit.shape, note=note))
