"""Column-wise outliers of an engine's table: the scores of ``find_outliers``, counts and the top rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analytics.arguments import names_of
from analytics.numbers.basics.measurements import not_measured
from analytics.numbers.basics.parameters import Key, StandardizeError
from analytics.numbers.basics.statistics import BY_MAD
from analytics.numbers.outliers.data import check_group_count, nothing_measured
from analytics.numbers.outliers.methods import OUTLIER_METHODS
from analytics.numbers.outliers.search import TOO_FEW, no_method_scores
from analytics.scale.columns import (
    ROLE_ROWS,
    choose_numbers,
    find_groups,
    float_cells,
    when_finite,
    when_no_nan,
)
from analytics.scale.engines import BigTable, Native, ScaleError, big_table, collected, named, sampled
from analytics.scale.spreads import LazySpreads, Source, count_columns

METHODS = ("zscore", "modified_zscore", "iqr")
_MOST_GROUPS = 1_000_000
_FEWEST_VALUES = 3  # of fewer values none can be far out


@dataclass(frozen=True)
class Measured:
    """Lines to score a column by, in each group (G,), NaN where it has too few values.

    ``mean`` and ``sd`` (ddof 0), ``median`` and ``robust_sd``, the quartiles; a constant group has sd 0.
    """

    mean: np.ndarray
    sd: np.ndarray
    median: np.ndarray
    robust_sd: np.ndarray
    q1: np.ndarray
    q3: np.ndarray
    count: np.ndarray


@dataclass(frozen=True)
class LazyOutliers:
    """What the column-wise methods say of every row of a table.

    ``scored`` is the engine's table with ``score_METHOD`` (the row's largest over the columns) and ``votes``
    behind it. ``flagged`` counts, for each method and column, the values beyond the threshold.
    """

    scored: Native
    columns: tuple[str, ...]
    groups: tuple[Key, ...]
    measured: Mapping[str, Measured]
    thresholds: Mapping[str, float]
    rows: int
    flagged: Mapping[str, Mapping[str, int]]
    flagged_rows: Mapping[str, int]
    top: tuple[tuple[dict[str, Any], str], ...]
    """The most unusual rows, most votes first: their cells, and why, in a sentence."""
    left_out: Mapping[str, str]
    """Number columns that were not asked for and measure nothing, with what they are in words."""
    skipped: Mapping[str, str]
    """Methods that can score no row, with the reason."""


def outliers_lazy(
    frame: object,
    *,
    methods: Sequence[str] = METHODS,
    thresholds: Mapping[str, float] | None = None,
    columns: str | Sequence[str] | None = None,
    by: str | Sequence[str] | None = None,
    top: int = 20,
) -> LazyOutliers:
    """Score every row by methods that look at one column at a time, as ``find_outliers`` does.

    Raises:
        ScaleError: for another method, absent columns, or a table without rows.
        StandardizeError: for columns that are no numbers.
        ZetascopeError: for more groups than half the rows, and where no method can score a row.
    """
    unknown = [method for method in methods if method not in METHODS]
    if unknown or not methods:
        named_ones = ", ".join(METHODS)
        wrong = repr(unknown[0]) if unknown else "No method"
        raise ScaleError(f"{wrong} does not run on an engine: choose among {named_ones}.")
    table = big_table(frame)
    labels = tuple(names_of(by, "column", error=StandardizeError) or ())
    asked = None if columns is None else names_of(columns, "column", error=StandardizeError)
    chosen = choose_numbers(table, columns=asked, by=labels)
    left_out = _not_measured(table, chosen) if asked is None else {}
    chosen = tuple(name for name in chosen if name not in left_out)
    if not chosen:
        raise nothing_measured(left_out.items())
    cells = {name: float_cells(table, name) for name in chosen}
    groups = find_groups(table, labels, most=_MOST_GROUPS // len(chosen)) if labels else None
    if groups:
        check_group_count(len(groups.keys), labels, rows=sum(groups.rows))
    source = Source(groups.frame if groups else table.frame, groups)
    measured = _measured(source, cells, methods)
    skipped = {
        method: TOO_FEW[method]
        for method in methods
        if all(np.isnan(_lines(of, method)["by"]).all() for of in measured.values())
    }
    methods = [method for method in methods if method not in skipped]
    if not methods:
        raise no_method_scores(skipped)
    cuts = {method: float(OUTLIER_METHODS[method].threshold or 0.0) for method in methods}
    cuts |= {method: float(cut) for method, cut in (thresholds or {}).items() if method in methods}
    scored, terms = _scored(source, cells, measured, methods, cuts)
    places = [f"c{place}" for place in range(len(table.names))]
    flagged = _flagged(scored, terms, cuts)
    names = [f"score_{method}" for method in methods]
    clash = [name for name in (*names, "votes") if name.casefold() in {n.casefold() for n in table.names}]
    if clash:
        raise ScaleError(f"The table already has a column {clash[0]!r}: rename it.")
    return LazyOutliers(
        scored=named(scored.select(*places, *names, "votes").to_native(), [*table.names, *names, "votes"]),
        columns=chosen,
        groups=groups.keys if groups else (),
        measured=measured,
        thresholds=cuts,
        rows=flagged["rows"],
        flagged={
            method: {name: flagged[f"{method}_{place}"] for place, name in enumerate(chosen)}
            for method in methods
        },
        flagged_rows={method: flagged[method] for method in methods},
        top=_top(table, scored, chosen, cuts, top),
        left_out=left_out,
        skipped=skipped,
    )


def _not_measured(table: BigTable, names: Sequence[str]) -> dict[str, str]:
    """Years, codes and the like among the numbers, by a sample of rows."""
    places = [table.place(name) for name in names]
    rows = collected(table.frame.select(nw.len().alias("n")))["n"][0].as_py()
    some = sampled(table.frame.select(places), ROLE_ROWS, of=rows).rename_columns(list(names))
    found = not_measured(some.to_pandas(types_mapper=pd.ArrowDtype), names)
    return {str(name): what for name, what in found.items()}


def _measured(source: Source, cells: Mapping[str, nw.Expr], methods: Sequence[str]) -> dict[str, Measured]:
    some = collected(
        source.frame.head(1024).select(cell.alias(f"x{place}") for place, cell in enumerate(cells.values()))
    )
    shifts = []
    for column in some.columns:
        values = np.asarray(column.to_numpy(), dtype=np.float64)
        finite = values[np.isfinite(values)]
        shifts.append(float(finite.mean()) if finite.size else 0.0)
    counted = count_columns(source, list(cells.values()), shifts)
    return {
        name: _measure(name, LazySpreads(source, cell, counts), methods)
        for (name, cell), counts in zip(cells.items(), counted, strict=True)
    }


def _measure(name: str, spreads: LazySpreads, methods: Sequence[str]) -> Measured:
    if not spreads.counted.rows.sum():
        raise ScaleError("The table has no rows, and outliers need some: choose another file.")
    if not spreads.counts.size:
        raise ScaleError(f"Column {name!r} has no finite value: leave it out.")
    mean, sd = spreads.mean_and_sd(ddof=0)
    constant, none = spreads.constant(), np.full(spreads.counts.size, np.nan)
    sd = np.where(constant, 0.0, sd)
    median, robust_sd, q1, q3 = none, none, none, none
    if "modified_zscore" in methods:
        (median,) = spreads.quantiles((0.5,), between=_from_below)
        mad = spreads.median_deviation(median)
        robust_sd, _ = BY_MAD.of(mad, median, lambda: spreads.mean_deviation(median))
        robust_sd = np.where(constant, 0.0, robust_sd)
    if "iqr" in methods:
        q1, q3 = spreads.quantiles((0.25, 0.75), between=_from_below)
        q3 = np.where(constant, q1, q3)
    few = spreads.counts < _FEWEST_VALUES
    lines = (mean, sd, median, robust_sd, q1, q3)
    mean, sd, median, robust_sd, q1, q3 = (spreads.of_all(np.where(few, np.nan, line)) for line in lines)
    return Measured(mean, sd, median, robust_sd, q1, q3, spreads.counted.n)


def _from_below(low: np.ndarray, high: np.ndarray, share: np.ndarray) -> np.ndarray:
    return low + (high - low) * share


def _inverse(scale: np.ndarray, constant: np.ndarray) -> np.ndarray:
    """1 / scale; 0 where nothing can be unusual, NaN where there is no scale."""
    with np.errstate(divide="ignore"):
        return np.where(constant, 0.0, 1 / np.where(scale == 0, np.nan, scale))


def _lines(measured: Measured, method: str) -> dict[str, np.ndarray]:
    """What a score is computed from, by group (G,): two ends, equal but for the fences, and a factor."""
    if method == "zscore":
        return {"low": measured.mean, "high": measured.mean, "by": _inverse(measured.sd, measured.sd == 0)}
    if method == "modified_zscore":
        constant = measured.robust_sd == 0
        return {"low": measured.median, "high": measured.median, "by": _inverse(measured.robust_sd, constant)}
    enough = measured.count >= OUTLIER_METHODS["iqr"].min_rows
    iqr = np.where(enough, measured.q3 - measured.q1, np.nan)
    by = _inverse(iqr, (measured.sd == 0) & ~np.isnan(iqr))
    return {"low": measured.q1, "high": measured.q3, "by": by}


def _scored(
    source: Source,
    cells: Mapping[str, nw.Expr],
    measured: Mapping[str, Measured],
    methods: Sequence[str],
    cuts: Mapping[str, float],
) -> tuple[nw.LazyFrame[Any], dict[str, list[str]]]:
    """The frame with each cell's scores, each row's largest by method and votes, and the scores' names."""
    numbers: dict[str, np.ndarray] = {}
    scores: list[nw.Expr] = []
    terms: dict[str, list[str]] = {method: [] for method in methods}
    for place, (name, cell) in enumerate(cells.items()):
        for method in methods:
            key = f"{method}_{place}"
            lines = _lines(measured[name], method)
            numbers |= {f"{what}_{key}": values for what, values in lines.items()}
            low, high, by = (nw.col(f"{what}_{key}") for what in ("low", "high", "by"))
            finite = when_finite(cell)
            outside = (
                nw.max_horizontal(low - finite, finite - high) if method == "iqr" else (finite - low).abs()
            )
            # NaN, where there is no scale, would be larger than every score.
            scores.append(when_no_nan(outside * by).alias(f"s_{key}"))
            terms[method].append(f"s_{key}")
    frame = source.with_numbers(numbers).with_columns(scores)
    largest = [_largest(terms[method]).alias(f"score_{method}") for method in methods]
    frame = frame.with_columns(largest)
    votes = [nw.when(nw.col(f"score_{method}") > cuts[method]).then(1).otherwise(0) for method in methods]
    return frame.with_columns(nw.sum_horizontal(*votes).alias("votes")), terms


def _largest(names: Sequence[str]) -> nw.Expr:
    return nw.max_horizontal(*names) if len(names) > 1 else nw.col(names[0])


def _flagged(
    scored: nw.LazyFrame[Any], terms: Mapping[str, list[str]], cuts: Mapping[str, float]
) -> dict[str, int]:
    """One query: how many rows, how many beyond the cut of each method, and of each method and column."""
    asked = [nw.len().alias("rows")]
    for method, names in terms.items():
        asked.append(_beyond(f"score_{method}", cuts[method]).alias(method))
        asked += [_beyond(name, cuts[method]).alias(name.removeprefix("s_")) for name in names]
    (found,) = collected(scored.select(asked)).to_pylist()
    return {name: int(value or 0) for name, value in found.items()}


def _beyond(score: str, cut: float) -> nw.Expr:
    return nw.when(nw.col(score) > cut).then(1).sum()


def _top(
    table: BigTable, scored: nw.LazyFrame[Any], chosen: Sequence[str], cuts: Mapping[str, float], top: int
) -> tuple[tuple[dict[str, Any], str], ...]:
    """The rows with most votes, then by how far beyond the cuts, with the columns that made them so."""
    worst = nw.max_horizontal(*(nw.col(f"score_{method}") / cut for method, cut in cuts.items() if cut > 0))
    ranked = scored.filter(nw.col("votes") > 0).with_columns(worst.alias("worst"))
    rows = collected(ranked.sort("votes", "worst", descending=True, nulls_last=True).head(top)).to_pylist()
    found = []
    for row in rows:
        cells = {name: row[table.place(name)] for name in table.names}
        found.append((cells, _reason(row, cells, chosen, cuts)))
    return tuple(found)


def _reason(
    row: Mapping[str, Any], cells: Mapping[str, Any], chosen: Sequence[str], cuts: Mapping[str, float]
) -> str:
    """Each column that is beyond a cut, with its value and by which method how far."""
    said = []
    for place, name in enumerate(chosen):
        far = [
            f"{row[f's_{method}_{place}']:.3g} {OUTLIER_METHODS[method].unit}"
            for method, cut in cuts.items()
            if (row[f"s_{method}_{place}"] or 0.0) > cut
        ]
        if far:
            said.append(f"{name} is {cells[name]}: {', '.join(far)}")
    return "; ".join(said)
