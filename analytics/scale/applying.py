"""``apply_lazy``: scores of a table of an engine by fitted parameters, row by row."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import narwhals as nw
import numpy as np

from analytics.numbers.basics.parameters import ColumnFit, Key, Part, StandardizeError, TransformParameters
from analytics.numbers.standardizing.fitting import MOST_FITS
from analytics.numbers.standardizing.group_fitting import GROUP_FITS
from analytics.numbers.standardizing.scored_table import score_name
from analytics.scale.bent import bent_scores
from analytics.scale.columns import GROUP, Groups, find_groups, float_cells
from analytics.scale.engines import BigTable, Native, big_table, named


def apply_lazy(parameters: TransformParameters, frame: object, *, mode: str = "add") -> Native:
    """The engine's own table with the scores as ``name_z`` behind it, or (``replace``) in place of columns.

    The policy is that of ``Standardizer.transform``: missing stays missing (NULL and NaN what they are),
    infinite stays infinite, no spread scores 0, a column that had no value scores NULL, and a row of a group
    that was not there at fitting is scored with the statistics over all rows. Before the result is asked for,
    nothing is read but the labels of the groups.

    Raises:
        ScaleError: for what is no table of an engine, absent columns, and names that are taken.
    """
    table = big_table(frame)
    names = _score_names(parameters, table, mode)
    scored = _scored(parameters, table)
    places = [f"c{place}" for place in range(len(table.names))]
    if mode == "replace":
        at = {table.place(str(column)): f"z{place}" for place, column in enumerate(parameters.columns)}
        return named(scored.select(at.get(place, place) for place in places).to_native(), table.names)
    scores = [f"z{place}" for place in range(len(names))]
    return named(scored.select(*places, *scores).to_native(), [*table.names, *names])


def _score_names(parameters: TransformParameters, table: BigTable, mode: str) -> list[str]:
    if mode not in ("add", "replace"):
        raise StandardizeError(f"There is no mode {mode!r}: choose add or replace.")
    for name in (*parameters.columns, *parameters.by):
        table.place(str(name))
    names = [score_name(name) for name in parameters.columns]
    taken = {name.casefold() for name in table.names}
    clash = [name for name in names if name.casefold() in taken]
    if clash and mode == "add":
        raise StandardizeError(
            f"The table already has a column {clash[0]!r}: rename it, or replace the columns."
        )
    return names


def _scored(parameters: TransformParameters, table: BigTable) -> nw.LazyFrame[Any]:
    """The frame with the scores as z0, z1, ... behind it."""
    cells = [float_cells(table, str(name)) for name in parameters.columns]
    if parameters.method not in GROUP_FITS:
        return _bent(parameters, table, cells)
    if not parameters.by:
        fits = [parameters.overall(name) for name in parameters.columns]
        return table.frame.with_columns(
            _score(cell, fit).alias(f"z{place}")
            for place, (cell, fit) in enumerate(zip(cells, fits, strict=True))
        )
    groups = find_groups(table, [str(name) for name in parameters.by], most=MOST_FITS)
    return groups.with_numbers(_lines(parameters, groups)).with_columns(
        _score_by_line(cell, nw.col(f"center{place}"), nw.col(f"scale{place}")).alias(f"z{place}")
        for place, cell in enumerate(cells)
    )


def _lines(parameters: TransformParameters, groups: Groups) -> dict[str, np.ndarray]:
    """Center and scale of each group (g,), for the columns whose method is a line."""
    lines: dict[str, np.ndarray] = {}
    for place, name in enumerate(parameters.columns):
        if parameters.method_of(name) not in GROUP_FITS:
            continue
        fits = _fits_of_groups(parameters, groups, name)
        pairs = [fit.shape.line if fit.usable else (np.nan, np.nan) for fit in fits]
        centers, scales = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
        lines |= {f"center{place}": centers, f"scale{place}": scales}
    return lines


def _bent(parameters: TransformParameters, table: BigTable, cells: Sequence[nw.Expr]) -> nw.LazyFrame[Any]:
    """The same where columns are scored by ranks and powers, which are no line."""
    if parameters.by:
        groups = find_groups(table, [str(name) for name in parameters.by], most=MOST_FITS)
        frame = groups.with_numbers(_lines(parameters, groups))
        fits = [_fits_of_groups(parameters, groups, name) for name in parameters.columns]
    else:
        frame = table.frame.with_columns(nw.lit(0, dtype=nw.Int64).alias(GROUP))
        fits = [[parameters.overall(name)] for name in parameters.columns]
    for place, (cell, name) in enumerate(zip(cells, parameters.columns, strict=True)):
        method = parameters.method_of(name)
        if method not in GROUP_FITS:
            frame = frame.with_columns(cell.alias(f"x{place}"))
            frame = bent_scores(frame, f"x{place}", f"z{place}", method, fits[place])
        elif parameters.by:
            line = nw.col(f"center{place}"), nw.col(f"scale{place}")
            frame = frame.with_columns(_score_by_line(cell, *line).alias(f"z{place}"))
        else:
            frame = frame.with_columns(_score(cell, fits[place][0]).alias(f"z{place}"))
    return frame


def _fits_of_groups(parameters: TransformParameters, groups: Groups, name: str | int) -> list[ColumnFit]:
    """The fit of each group of a table, by its labels; dates with a zone are compared as moments."""
    overall = parameters.overall(name)
    seen = {_moments(key): fit for key, fit in parameters.of_groups(name).items()}
    return [seen.get(_moments(key), overall) for key in groups.keys]


def _moments(key: Key) -> Key:
    return tuple(_moment(part) for part in key)


def _moment(label: Part) -> Part:
    """A label; of a date with an offset from UTC, its moment, since engines keep no zones."""
    if not isinstance(label, str) or len(label) < 25 or label[-6] not in "+-":
        return label
    try:
        return datetime.fromisoformat(label).astimezone(UTC).isoformat()
    except ValueError:
        return label


def _score(cell: nw.Expr, fit: ColumnFit) -> nw.Expr:
    if not fit.usable:
        return nw.lit(None, dtype=nw.Float64)
    if fit.constant:
        return nw.when(cell.is_finite()).then(nw.lit(0.0)).otherwise(cell)
    center, scale = fit.shape.line
    return (cell - center) / scale


def _score_by_line(cell: nw.Expr, center: nw.Expr, scale: nw.Expr) -> nw.Expr:
    flat = nw.when(cell.is_finite()).then(nw.lit(0.0)).otherwise(cell)
    by_scale = nw.when(scale != 0).then((cell - center) / scale).otherwise(flat)
    return nw.when(scale.is_finite()).then(by_scale)
