"""``fit_lazy``: the parameters that ``Standardizer`` fits, measured by an engine."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import narwhals as nw
import numpy as np

from analytics.arguments import names_of
from analytics.numbers.basics.parameters import (
    LARGEST,
    NEARLY_NONE,
    NO_SPREAD,
    NO_VALUES,
    ColumnFit,
    Key,
    LabelKind,
    Mark,
    Shape,
    StandardizeError,
    TransformParameters,
    too_large,
    with_infinite,
)
from analytics.numbers.basics.statistics import Floats
from analytics.numbers.standardizing.drift_tests import MOST_SAMPLED, marks_of
from analytics.numbers.standardizing.fitting import MOST_FITS, checked_method
from analytics.numbers.standardizing.group_fitting import GROUP_FITS, shapes_of
from analytics.numbers.standardizing.standardizer import current_versions
from analytics.scale.columns import choose_numbers, dtype_name, find_groups, float_cells
from analytics.scale.engines import BigTable, big_table, collected, sampled
from analytics.scale.spreads import Counts, LazySpreads, Source, count_columns

_LARGEST_EXACT = 2**53


def fit_lazy(
    frame: object,
    *,
    method: str = "zscore",
    ddof: int = 0,
    columns: str | Sequence[str] | None = None,
    by: str | Sequence[str] | None = None,
) -> TransformParameters:
    """Measure a table of DuckDB or Spark, over all rows and within every group of ``by``.

    The parameters are those of ``Standardizer.fit`` on the same rows: counts and order statistics are equal,
    means and standard deviations to rounding. ``marks``, by which drift is judged, come from a random sample
    where there are more than 8,192 rows. rank_gauss and yeo_johnson are fitted on a random sample of at most
    100,000 rows, and the notes say so.

    Raises:
        ScaleError: for what is no table of an engine, and absent columns.
        StandardizeError: as ``Standardizer.fit`` does.
    """
    chosen_method = checked_method(method, ddof)
    table = big_table(frame)
    labels = tuple(names_of(by, "column", error=StandardizeError) or ())
    asked = None if columns is None else names_of(columns, "column", error=StandardizeError)
    chosen = choose_numbers(table, columns=asked, by=labels)
    if chosen_method.name not in GROUP_FITS:
        from analytics.scale.by_sample import fit_sample

        return fit_sample(table, chosen_method, ddof=ddof, columns=chosen, by=labels)
    cells = {name: float_cells(table, name) for name in chosen}
    rows = collected(table.frame.select(nw.len().alias("n")))["n"][0].as_py()
    some = _some_values(table.frame, cells, rows)
    shifts = [float(values.mean()) if values.size else 0.0 for values in some.values()]
    fits = {
        name: [replace(fit, marks=_marks(some[name]))]
        for name, (fit,) in _fits(Source(table.frame), table, cells, [None], shifts, method, ddof).items()
    }
    for name, (fit,) in fits.items():
        fits[name] = [_told_apart(table, name, fit)]
    kinds: tuple[LabelKind, ...] = ()
    if labels:
        groups = find_groups(table, labels, most=MOST_FITS // len(chosen))
        kinds, source = groups.kinds, Source(groups.frame, groups)
        for name, of_groups in _fits(source, table, cells, groups.keys, shifts, method, ddof).items():
            fits[name] += of_groups
    every = tuple(fit for name in chosen for fit in fits[name])
    return TransformParameters(
        method, ddof, chosen, labels, every, rows=rows, versions=current_versions(), by_kinds=kinds
    )


def _some_values(frame: nw.LazyFrame[Any], cells: dict[str, nw.Expr], rows: int) -> dict[str, Floats]:
    """Finite values of each column: all of a small table, of a large one twice what the marks need."""
    chosen = frame.select(cell.alias(f"x{place}") for place, cell in enumerate(cells.values()))
    table = sampled(chosen, 2 * MOST_SAMPLED, of=rows)
    columns = (np.asarray(table[f"x{place}"].to_numpy(), dtype=np.float64) for place in range(len(cells)))
    return {name: values[np.isfinite(values)] for name, values in zip(cells, columns, strict=True)}


def _marks(values: Floats) -> tuple[Mark, ...]:
    return marks_of(values) if values.size else ()


def _fits(
    source: Source,
    table: BigTable,
    cells: dict[str, nw.Expr],
    keys: Sequence[Key | None],
    shifts: Sequence[float],
    method: str,
    ddof: int,
) -> dict[str, list[ColumnFit]]:
    """The fits of every column, in each group of ``source``."""
    counted = count_columns(source, list(cells.values()), shifts)
    return {
        name: _column_fits(name, dtype_name(table.schema[name]), keys, counts,
                           LazySpreads(source, cell, counts), method=method, ddof=ddof)
        for (name, cell), counts in zip(cells.items(), counted, strict=True)
    }  # fmt: skip


def _column_fits(
    name: str,
    dtype: str,
    keys: Sequence[Key | None],
    counts: Counts,
    spreads: LazySpreads,
    *,
    method: str,
    ddof: int,
) -> list[ColumnFit]:
    mean, sd = spreads.mean_and_sd(ddof=ddof)
    if not np.all(np.abs(mean) + sd < LARGEST):
        raise too_large(name)
    shapes = shapes_of(spreads, mean, sd, method) if mean.size else []
    held = iter(zip(mean.tolist(), sd.tolist(), shapes, strict=True))
    fits = []
    for key, n, missing, infinite in zip(
        keys, counts.n.tolist(), counts.missing.tolist(), counts.infinite.tolist(), strict=True
    ):
        middle, spread, shape = next(held) if n else (None, None, Shape(note=NO_VALUES))
        if infinite and n:
            shape = replace(shape, note=with_infinite(shape.note, infinite))
        fits.append(ColumnFit(name, key, dtype, n, missing, infinite, middle, spread, shape))
    return fits


def _told_apart(table: BigTable, name: str, fit: ColumnFit) -> ColumnFit:
    """A fit whose whole numbers are equal as float64 only says so."""
    if fit.shape.note != NO_SPREAD or abs(fit.shape.center or 0) <= _LARGEST_EXACT:
        return fit
    distinct = nw.col(table.place(name)).n_unique().alias("d")
    if collected(table.frame.select(distinct))["d"][0].as_py() < 2:
        return fit
    return replace(fit, shape=replace(fit.shape, note=NEARLY_NONE))
