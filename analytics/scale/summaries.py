"""Steps over several rows as expressions of an engine: figures of groups, and the n largest or smallest.

Both are equal to pandas whatever order the rows are in; a summary's own rows are sorted, missing keys last.
"""

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from analytics.recipe import conditions, steps
from analytics.recipe.errors import RecipeError
from analytics.recipe.steps.reshaping import Measure
from analytics.scale.columns import float_cells, label_of, when_finite, when_no_nan
from analytics.scale.engines import BigTable, collected

_ROWS = "rows"
_ALL = "all"  # the key of a summary without groups: a table without rows then has none, as in memory


def summarise(table: BigTable, step: steps.Summarise) -> BigTable:
    """One row a group, in order, with the figures of ``step``."""
    keys = [f"k{place}" for place in range(len(step.by))]
    labels = [label_of(table, name).alias(key) for name, key in zip(step.by, keys, strict=True)]
    frame = table.frame.with_columns(*labels, nw.lit(0).alias(_ALL))
    groups, asked, made = keys or [_ALL], [nw.len().alias(_ROWS)], []
    for place, measure in enumerate(step.measures):
        if measure.how == "median":
            frame = _with_middles(frame, _number(table, measure), groups, place)
        aggregates, figure = _figure(table, measure, place)
        asked += aggregates
        made.append(figure.alias(f"f{place}"))
    found = frame.group_by(groups).agg(*asked).with_columns(made)
    ordered = found.sort(keys, nulls_last=True) if keys else found
    places = [*keys, *(f"f{place}" for place in range(len(step.measures)))]
    names = (*step.by, *(measure.name for measure in step.measures))
    return BigTable(ordered.select(nw.col(one).alias(f"c{at}") for at, one in enumerate(places)), names)


def _present(table: BigTable, name: str) -> nw.Expr:
    """A column with NaN, which has no value, as NULL."""
    cell = nw.col(table.place(name))
    return when_no_nan(cell) if table.schema[name].is_float() else cell


def _number(table: BigTable, measure: Measure) -> nw.Expr:
    return when_no_nan(float_cells(table, str(measure.column)))


def _figure(table: BigTable, measure: Measure, place: int) -> tuple[list[nw.Expr], nw.Expr]:
    """What is asked of each group, and the figure that is made of it."""
    if measure.how == "rows":
        return [], nw.col(_ROWS)
    if measure.how == "share":
        rows = collected(table.frame.select(nw.len().alias("n")))["n"][0].as_py()
        return [], nw.col(_ROWS) / float(rows or 1)
    first, second = f"a{place}", f"b{place}"
    asked = _asked(table, measure, place)
    figure = {
        "sum": nw.col(first).fill_null(0),
        "median": (nw.col(first) + nw.col(second)) / 2,
        "sd": nw.when(nw.col(second) == 0).then(nw.col(first)),  # none beside an infinite value
    }
    named = [expr.alias(name) for expr, name in zip(asked, (first, second), strict=False)]
    return named, figure.get(measure.how, nw.col(first))


def _asked(table: BigTable, measure: Measure, place: int) -> list[nw.Expr]:
    """One or two aggregates of a column."""
    name = str(measure.column)
    cell = _present(table, name)
    if measure.how in ("values", "min", "max"):
        return [{"values": cell.count, "min": cell.min, "max": cell.max}[measure.how]()]
    if measure.how == "median":
        return [nw.col(f"{end}{place}").max() for end in ("low", "high")]
    dtype, number = table.schema[name], _number(table, measure)
    if measure.how == "sd":
        finite = when_finite(number)  # DuckDB stops at an infinite one
        return [finite.std(ddof=1), number.count() - finite.count()]
    if measure.how == "mean":
        return [number.mean()]
    # Whole numbers stay whole; a sum that 64 bits do not hold stops the engine.
    return [cell.sum().cast(nw.Int64) if dtype.is_integer() and dtype != nw.UInt64 else number.sum()]


def _with_middles(
    frame: nw.LazyFrame[Any], number: nw.Expr, groups: Sequence[str], place: int
) -> nw.LazyFrame[Any]:
    """The frame with the one or two middle values of each group at their rows, NULL at all others.

    Engines interpolate between the two in ways of their own, and Spark's median holds every distinct value.
    """
    value, absent, rank, held = (f"{what}{place}" for what in ("x", "absent", "rank", "n"))
    frame = frame.with_columns(number.alias(value)).with_columns(nw.col(value).is_null().alias(absent))
    of_group = nw.col(value).count().over(*groups).alias(held)
    frame = frame.with_columns(of_group, nw.col(value).rank("ordinal").over(*groups, absent).alias(rank))
    middles = ((nw.col(held) + 1) // 2, (nw.col(held) + 2) // 2)
    low, high = (nw.when(nw.col(rank) == middle).then(nw.col(value)) for middle in middles)
    return frame.with_columns(low.alias(f"low{place}"), high.alias(f"high{place}"))


def among_extreme(table: BigTable, asked: conditions.Extreme) -> nw.Expr:
    """Whether a row is among the n largest or smallest, those that tie with the last of them too."""
    dtype, cell = table.schema[asked.column], _present(table, asked.column)
    if not (dtype.is_numeric() or dtype in (nw.Date, nw.Datetime)):
        raise RecipeError(f"{asked.column!r} holds neither numbers nor dates, which alone are ordered here.")
    held = table.frame.filter(~cell.is_null()).select(cell.alias("value"))
    first = held.sort("value", descending=asked.largest).head(asked.n)
    end = first.select(nw.col("value").min() if asked.largest else nw.col("value").max())
    (last,) = collected(end)["value"].to_pylist()
    if last is None:
        return cell.is_null() & ~cell.is_null()
    return (cell >= nw.lit(last)) if asked.largest else (cell <= nw.lit(last))
