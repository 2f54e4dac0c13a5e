"""Two pure steps: a frame becomes plain parameters, parameters score the rows of any frame."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.numbers.basics.parallel import map_columns
from analytics.numbers.basics.parameters import (
    LARGEST,
    MIXED,
    NEARLY_NONE,
    NO_SPREAD,
    NO_VALUES,
    ONE_VALUE,
    ColumnFit,
    Key,
    Label,
    Shape,
    StandardizeError,
    TransformParameters,
    too_large,
    with_infinite,
)
from analytics.numbers.basics.room import room
from analytics.numbers.basics.selection import (
    GroupIndex,
    choose_columns,
    float_values,
    group_index,
    require_columns,
)
from analytics.numbers.basics.statistics import FinitePart, Floats, has_spread, is_constant, split_finite
from analytics.numbers.standardizing.drift_tests import marks_of
from analytics.numbers.standardizing.group_fitting import GROUP_FITS, fit_groups, score_groups, unscore_groups
from analytics.numbers.standardizing.methods import MeanAndSd, Method, method_named
from analytics.progress import Progress, silent
from analytics.words import count

MOST_FITS = 1_000_000


def fit_parameters(
    frame: pd.DataFrame,
    *,
    method: str = "zscore",
    methods: Mapping[Label, str] | None = None,
    ddof: int = 0,
    columns: Label | Sequence[Label] | None = None,
    by: Sequence[Label] = (),
    progress: Progress = silent,
) -> TransformParameters:
    """Measure the chosen columns of ``frame``, over all rows and within every group of ``by``.

    Missing and infinite values are counted and left out of the statistics. ``methods`` names columns that
    are measured by another method than ``method``. ``progress`` counts columns.

    Raises:
        StandardizeError: for an unknown method, a ddof other than 0 or 1, an absent, repeated or
            non-numeric column, values beyond 1e300, or more than a million groups times columns.
    """
    chosen = choose_columns(frame, columns=columns, by=by)
    method_of = _methods_of(chosen, method, methods, ddof)
    groups = group_index(frame, by) if by else None
    if groups:
        _refuse_too_many(len(groups.keys), len(chosen))

    def fits_of(name: Label) -> list[ColumnFit]:
        one = method_of[name]
        values, overall = _fit_whole(frame, name, method=one, ddof=ddof)
        return [overall, *_fit_groups(values, name, groups, dtype=overall.dtype, method=one, ddof=ddof)]

    fits = map_columns(fits_of, chosen, cells=len(frame) * len(chosen), progress=progress)
    return TransformParameters(
        _name_of(method_of, method),
        ddof,
        chosen,
        tuple(by),
        tuple(fit for column in fits for fit in column),
        rows=len(frame),
        by_kinds=groups.kinds if groups else (),
        methods=_where_they_differ(method_of),
    )


def fit_and_apply(
    frame: pd.DataFrame,
    *,
    method: str = "zscore",
    methods: Mapping[Label, str] | None = None,
    ddof: int = 0,
    columns: Label | Sequence[Label] | None = None,
    by: Sequence[Label] = (),
    progress: Progress = silent,
) -> tuple[TransformParameters, pd.DataFrame]:
    """``fit_parameters`` and ``apply_parameters`` of the same frame; raises what they raise.

    Without groups each column is scored while the processor's cache still holds it. ``progress`` counts
    columns, with groups twice: once fitted and once scored.
    """
    if by:

        def scored(done: int, total: int) -> None:
            progress(total + done, 2 * total)

        parameters = fit_parameters(
            frame, method=method, methods=methods, ddof=ddof, columns=columns, by=by,
            progress=lambda done, total: progress(done, 2 * total),
        )  # fmt: skip
        return parameters, apply_parameters(parameters, frame, progress=scored)
    chosen = choose_columns(frame, columns=columns, by=by)
    method_of = _methods_of(chosen, method, methods, ddof)
    block = room((len(chosen), len(frame)))

    def fit_and_fill(position: int) -> ColumnFit:
        one = method_of[chosen[position]]
        values, fit = _fit_whole(frame, chosen[position], method=one, ddof=ddof)
        _forward_into(one, fit, values, block[position])
        return fit

    fits = map_columns(fit_and_fill, range(len(chosen)), cells=block.size, progress=progress)
    parameters = TransformParameters(
        _name_of(method_of, method), ddof, chosen, (), tuple(fits), rows=len(frame),
        methods=_where_they_differ(method_of),
    )  # fmt: skip
    return parameters, _scores(block, frame, parameters)


def checked_method(name: str, ddof: int) -> Method:
    """The method; raises StandardizeError for one there is not, or a ddof other than 0 or 1."""
    if ddof not in (0, 1) or isinstance(ddof, bool):
        raise StandardizeError(f"ddof is {ddof!r}: choose 0 (all rows are the population) or 1 (a sample).")
    return method_named(name)


def _methods_of(
    chosen: Sequence[Label], method: str, methods: Mapping[Label, str] | None, ddof: int
) -> dict[Label, Method]:
    """The method of every chosen column."""
    usual, others = checked_method(method, ddof), {} if methods is None else methods
    if not isinstance(others, Mapping):
        raise StandardizeError(f"methods is {methods!r:.80}: give the method of each column, by its name.")
    absent = [name for name in others if name not in chosen]
    if absent:
        raise StandardizeError(f"Column {absent[0]!r} has a method of its own but is not scored: add it.")
    return {name: method_named(others[name]) if name in others else usual for name in chosen}


def _where_they_differ(methods: Mapping[Label, Method]) -> tuple[str, ...]:
    """A name for each column, or none where all are the same."""
    names = tuple(method.name for method in methods.values())
    return names if len(set(names)) > 1 else ()


def _name_of(methods: Mapping[Label, Method], usual: str) -> str:
    """What the transform says of all its columns together."""
    return MIXED if _where_they_differ(methods) else next((one.name for one in methods.values()), usual)


def _refuse_too_many(groups: int, columns: int) -> None:
    if groups * columns > MOST_FITS:
        raise StandardizeError(
            f"{count(groups, 'group')} times {count(columns, 'column')} are more than the {MOST_FITS:,} "
            "statistics a transform holds: group by something coarser or choose fewer columns."
        )


_LARGEST_EXACT = 2**53
"""Beyond, whole numbers that differ may be one float64."""


def _fit_whole(frame: pd.DataFrame, name: Label, *, method: Method, ddof: int) -> tuple[Floats, ColumnFit]:
    """A column's values and its fit over all rows."""
    values, dtype = float_values(frame[name], name), str(frame[name].dtype)
    fit = _fit_column(values, name, None, dtype=dtype, method=method, ddof=ddof)
    if (
        fit.shape.note == NO_SPREAD
        and abs(fit.shape.center or 0) > _LARGEST_EXACT
        and frame[name].nunique() > 1
    ):
        fit = replace(fit, shape=replace(fit.shape, note=NEARLY_NONE))
    return values, fit


def _fit_groups(
    values: Floats, column: Label, groups: GroupIndex | None, *, dtype: str, method: Method, ddof: int
) -> list[ColumnFit]:
    if groups is None:
        return []
    if method.name in GROUP_FITS:
        return fit_groups(values, column, groups, dtype=dtype, method=method.name, ddof=ddof)
    return [
        _fit_column(values[rows], column, key, dtype=dtype, method=method, ddof=ddof)
        for key, rows in zip(groups.keys, groups.rows_by_group(), strict=True)
    ]


def _fit_column(
    values: Floats, column: Label, group: Key | None, *, dtype: str, method: Method, ddof: int
) -> ColumnFit:
    part = split_finite(values)
    if part.size == 0:
        empty = Shape(note=NO_VALUES)
        return ColumnFit(column, group, dtype, 0, part.missing, part.infinite, None, None, empty)
    mean, sd = part.mean_and_sd(ddof=ddof)
    if not abs(mean) + sd < LARGEST:
        raise too_large(column)
    shape = _fit_shape(part, MeanAndSd(mean, sd, ddof), method)
    if part.infinite:
        shape = replace(shape, note=with_infinite(shape.note, part.infinite))
    marks = marks_of(part.values) if group is None else ()
    return ColumnFit(column, group, dtype, part.size, part.missing, part.infinite, mean, sd, shape, marks)


def _fit_shape(part: FinitePart, known: MeanAndSd, method: Method) -> Shape:
    if method.by_mean_and_sd and has_spread(mean=known.mean, sd=known.sd):
        return method.fit(part.source, known)
    values = part.values
    if not is_constant(values, mean=known.mean, sd=known.sd):
        return method.fit(values, known)
    equal = bool(np.min(values) == np.max(values))
    center = float(values[0]) if equal else known.mean
    same = ONE_VALUE if part.size == 1 else NO_SPREAD
    return Shape(center, 0.0, note=same if equal else NEARLY_NONE)


def apply_parameters(
    parameters: TransformParameters, frame: pd.DataFrame, *, progress: Progress = silent
) -> pd.DataFrame:
    """Score ``frame``: float64 columns named as in ``parameters``, the index kept.

    Missing stays missing and infinite stays infinite. A column (or group) without spread gives 0,
    one that was never seen with a value gives missing, and a row of a group that was not there at
    fitting is scored with the statistics over all rows.
    """
    return _each_column(parameters, frame, _forward_into, score_groups, progress)


def invert_parameters(parameters: TransformParameters, frame: pd.DataFrame) -> pd.DataFrame:
    """Turn scores back into values. ``frame`` holds the score columns and those of ``by``."""
    return _each_column(parameters, frame, _inverse_into, unscore_groups, silent)


Step = Callable[[Method, ColumnFit, Floats, Floats], None]
_GroupStep = Callable[[Sequence[ColumnFit], np.ndarray, Floats, Floats], None]


def _each_column(
    parameters: TransformParameters,
    frame: pd.DataFrame,
    step: Step,
    group_step: _GroupStep,
    progress: Progress,
) -> pd.DataFrame:
    require_columns(frame, (*parameters.columns, *parameters.by))
    groups = group_index(frame, parameters.by) if parameters.by else None
    block = room((len(parameters.columns), len(frame)))

    def fill(position: int) -> None:
        name, out = parameters.columns[position], block[position]
        method = method_named(parameters.method_of(name))
        values = float_values(frame[name], name)
        if groups is None:
            step(method, parameters.overall(name), values, out)
            return
        seen, overall = parameters.of_groups(name), parameters.overall(name)
        fits = [seen.get(key, overall) for key in groups.keys]
        if method.name in GROUP_FITS:
            group_step(fits, groups.codes, values, out)
            return
        for fit, rows in zip(fits, groups.rows_by_group(), strict=True):
            part = values[rows]
            step(method, fit, part, part)
            out[rows] = part

    map_columns(fill, range(len(block)), cells=block.size, progress=progress)
    return _scores(block, frame, parameters)


def _scores(block: Floats, frame: pd.DataFrame, parameters: TransformParameters) -> pd.DataFrame:
    return pd.DataFrame(block.T, index=frame.index, columns=list(parameters.columns), copy=False)


def _forward_into(method: Method, fit: ColumnFit, values: Floats, out: Floats) -> None:
    if not fit.usable:
        out[...] = np.nan
    elif fit.constant:
        out[...] = np.where(np.isfinite(values), 0.0, values)
    else:
        _keeping_infinite(method.forward, fit.shape, values, out)


def score_values(method: str, fit: ColumnFit, values: Floats) -> Floats:
    """The scores of some values (n,) of a column by one fit."""
    out = np.empty(values.size)
    _forward_into(method_named(method), fit, values, out)
    return out


def _inverse_into(method: Method, fit: ColumnFit, values: Floats, out: Floats) -> None:
    if not fit.usable:
        out[...] = np.nan
    elif fit.constant:
        out[...] = np.where(np.isfinite(values), fit.shape.line[0], values)
    else:
        _keeping_infinite(method.inverse, fit.shape, values, out)


def _keeping_infinite(
    function: Callable[[Floats, Shape, Floats], None], shape: Shape, values: Floats, out: Floats
) -> None:
    """Apply ``function``; the methods that bend or rank would otherwise map infinite to finite."""
    if shape.scale is not None and shape.exponent is None:
        function(values, shape, out)
        return
    infinite = np.isinf(values)
    kept = values[infinite]
    function(values, shape, out)
    out[infinite] = kept
