"""Yesterday's transform on today's file: what fits, what is new and what has drifted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from analytics.arguments import is_real, require_frame
from analytics.numbers.basics.parameters import ColumnFit, Key, Label, StandardizeError, TransformParameters
from analytics.numbers.basics.selection import float_values, group_index
from analytics.numbers.basics.statistics import split_finite
from analytics.numbers.standardizing.drift_tests import p_of_shift, p_of_spread
from analytics.numbers.standardizing.fitting import apply_parameters
from analytics.numbers.standardizing.standardizer import Standardizer
from analytics.words import count

_MEAN_SHIFT = 0.5  # standard deviations
_SPREAD_RATIO = 1.5
_MISSING_RISE = 0.05
_QUESTIONS = 3  # mean, spread, missing
_ROWS_FOR_SPREAD = 8  # below it a spread is hardly known
_LARGE_SHIFT = 1.0
"""Where only a larger shift than this, in standard deviations, could be seen, rows are too few to judge."""


@dataclass(frozen=True)
class Drift:
    """How one column of the new file differs from the file the transform was fitted on.

    ``shift`` is the change of the mean in old standard deviations, ``ratio`` the new sd by the old;
    both are None where either side has no spread or no values. ``beyond`` is the share of values
    outside mean +- 3 sd of the old file, ``detectable`` the least shift that so many values can show.
    A column has drifted where a change is larger than the limits above and than sampling explains.
    """

    column: Label
    mean_before: float | None
    mean_now: float | None
    sd_before: float | None
    sd_now: float | None
    shift: float | None
    ratio: float | None
    missing_before: float
    missing_now: float
    infinite_now: int
    beyond: float | None
    detectable: float | None
    drifted: bool
    sentence: str


@dataclass(frozen=True)
class AppliedReport:
    """Scores of the new file and everything a careful reader wants to know about the fit."""

    scores: pd.DataFrame = field(repr=False)
    rows: int
    new_columns: tuple[Label, ...]
    """Columns that the first file had not; all without scores where the transform does not know."""
    unseen_groups: dict[Key, int]
    absent_groups: tuple[Key, ...]
    drift: tuple[Drift, ...]
    spread_judged: bool = True
    first_known: bool = True

    @property
    def drifted(self) -> tuple[Drift, ...]:
        """The columns whose mean, spread or missing share moved beyond the limits."""
        return tuple(one for one in self.drift if one.drifted)

    @property
    def too_few(self) -> str:
        """What so few rows cannot show, or nothing."""
        least = max((one.detectable for one in self.drift if one.detectable is not None), default=0.0)
        if least <= _LARGE_SHIFT:
            return ""
        rows = f"{count(self.rows, 'row')} {'is' if self.rows == 1 else 'are'}"
        seen = "" if np.isinf(least) else f": only a shift of the mean above {least:.1f} sd would show"
        return f"{rows} too few to judge drift{seen}."

    def sentences(self) -> tuple[str, ...]:
        """The report in plain words, most important first."""
        said = [one.sentence for one in self.drifted]
        if self.too_few:
            said.append(self.too_few)
        elif not said:
            said.append(
                "No column has drifted: no mean, spread or missing share moved further than chance and the "
                "limits allow."
            )
        if not self.spread_judged:
            said.append("The transform is of an earlier version, so changes of spread are not judged.")
        if self.unseen_groups:
            rows = sum(self.unseen_groups.values())
            said.append(
                f"{count(rows, 'row belongs', 'rows belong')} to "
                f"{count(len(self.unseen_groups), 'group')} the transform has not seen "
                f"({listed_groups(tuple(self.unseen_groups))}): scored with the statistics over all rows."
            )
        if self.absent_groups:
            said.append(f"Groups without rows in this file: {listed_groups(self.absent_groups)}.")
        if self.new_columns:
            what = "New columns" if self.first_known else "Not scored"
            said.append(f"{what}, left as they are: {', '.join(map(str, self.new_columns))}.")
        return tuple(said)


def apply_to_file(
    standardizer: Standardizer,
    frame: pd.DataFrame,
    *,
    first: Iterable[Label] | None = None,
    chance: float = 0.05,
) -> AppliedReport:
    """Score ``frame`` with a fitted transform and compare it with what was fitted on.

    ``first`` are all columns of the table fitted on, where the transform was opened from its file, which has
    only those it scores. A new file of the same law has any column called drifted with probability
    ``chance`` at most, over all questions together.

    Raises:
        StandardizeError: if the file does not fit, naming every column that is absent, repeated or
            no longer a number; or if ``chance`` is none.
    """
    require_frame(frame, error=StandardizeError)
    parameters = getattr(standardizer, "parameters_", None)
    if parameters is None:
        raise StandardizeError("This is no fitted Standardizer: fit one first, or read it from its file.")
    if not is_real(chance) or not 0 < chance < 1:
        raise StandardizeError(f"chance is {chance!r}: give a probability between 0 and 1.")
    _refuse_what_does_not_fit(parameters, frame)
    level = chance / (_QUESTIONS * max(len(parameters.columns), 1))
    used = {*parameters.columns, *parameters.by}
    seen_before = getattr(standardizer, "feature_names_in_", None) if first is None else tuple(first)
    known = used if seen_before is None else used | set(seen_before)
    unseen, absent = _compare_groups(parameters, frame)
    return AppliedReport(
        scores=apply_parameters(parameters, frame),
        rows=len(frame),
        new_columns=tuple(name for name in frame.columns if name not in known),
        unseen_groups=unseen,
        absent_groups=absent,
        drift=tuple(
            _drift(parameters.overall(name), frame[name], ddof=parameters.ddof, level=level)
            for name in parameters.columns
        ),
        first_known=seen_before is not None,
        spread_judged=all(fit.marks or not fit.n for fit in map(parameters.overall, parameters.columns)),
    )


def listed_groups(keys: Sequence[Key], *, most: int = 5) -> str:
    """Group keys as readers write them, the first few."""
    shown = ", ".join(
        " / ".join("(missing)" if part is None else str(part) for part in key) for key in keys[:most]
    )
    return shown + (f" and {len(keys) - most:,} more" if len(keys) > most else "")


def _refuse_what_does_not_fit(parameters: TransformParameters, frame: pd.DataFrame) -> None:
    problems = []
    absent = [name for name in (*parameters.columns, *parameters.by) if name not in frame.columns]
    if absent:
        problems.append(f"it lacks {_quoted(absent)}")
    there = [name for name in (*parameters.columns, *parameters.by) if name not in absent]
    repeated = [name for name in there if np.count_nonzero(frame.columns == name) > 1]
    if repeated:
        problems.append(f"it has more than one {_quoted(repeated)}")
    measured = [name for name in there if name in parameters.columns and name not in repeated]
    text = [name for name in measured if not _can_be_float(frame[name], name)]
    if text:
        problems.append(f"{_quoted(text)} {'is not' if len(text) == 1 else 'are not'} numbers")
    if problems:
        raise StandardizeError(f"This file does not fit the transform: {'; '.join(problems)}.")


def _can_be_float(column: pd.Series, name: Label) -> bool:
    if pd.api.types.is_string_dtype(column.dtype) and column.notna().any():
        return False
    try:
        float_values(column, name)
    except StandardizeError:
        return False
    return True


def _quoted(names: Sequence[Label]) -> str:
    return ", ".join(repr(name) for name in names)


def _compare_groups(
    parameters: TransformParameters, frame: pd.DataFrame
) -> tuple[dict[Key, int], tuple[Key, ...]]:
    """Groups that are new, with their rows, and groups that no row belongs to any more."""
    if not parameters.by:
        return {}, ()
    index, known = group_index(frame, parameters.by), dict.fromkeys(parameters.groups)
    rows = np.bincount(index.codes, minlength=len(index.keys)).tolist()
    counted = dict(zip(index.keys, rows, strict=True))
    unseen = {key: there for key, there in counted.items() if key not in known}
    return unseen, tuple(key for key in known if key not in counted)


def _drift(fit: ColumnFit, column: pd.Series, *, ddof: int, level: float) -> Drift:
    values = float_values(column, fit.column)
    part = split_finite(values)
    mean, sd = part.mean_and_sd(ddof=ddof) if part.size else (None, None)
    rows_before = fit.n + fit.missing + fit.infinite
    missing_before = fit.missing / rows_before if rows_before else 0.0
    missing_now = part.missing / values.size if values.size else 0.0
    shift = ratio = beyond = None
    if mean is not None and sd is not None and fit.mean is not None and fit.sd:
        shift, ratio = (mean - fit.mean) / fit.sd, sd / fit.sd
        beyond = float(np.mean(np.abs(part.values - fit.mean) > 3 * fit.sd))
    fact, chance = _other_or_gone(fit, part.values, mean, values.size)
    reasons = [
        *([fact] if fact and chance < level else []),
        *_moved(fit, part.values, shift, mean, level),
        *_spread_apart(fit, part.values, ratio, level),
        *_more_or_fewer_missing(fit, part.missing, values.size, level),
    ]
    return Drift(
        column=fit.column,
        mean_before=fit.mean,
        mean_now=mean,
        sd_before=fit.sd,
        sd_now=sd,
        shift=shift,
        ratio=ratio,
        missing_before=missing_before,
        missing_now=missing_now,
        infinite_now=part.infinite,
        beyond=beyond,
        detectable=_detectable(fit, part.size, level) if shift is not None else None,
        drifted=bool(reasons),
        sentence=f"{fit.column}: {'; '.join(reasons) or fact or 'as before'}.",
    )


def _other_or_gone(fit: ColumnFit, values: np.ndarray, mean: float | None, rows: int) -> tuple[str, float]:
    """That a column that had one value has others, or all its values are gone, with the chance of it: where
    few rows were seen before, a rare value may only not have come yet."""
    if fit.constant and mean is not None and mean != fit.mean:
        others = int((values != fit.mean).sum())
        said = f"every value was {_shown(fit.mean)} before, now the mean is {_shown(mean)}: scores stay 0"
        return said, _p_of_counts(others, values.size, 0, fit.n)
    if mean is None and rows and fit.n and not fit.missing:
        return "no value is left", _p_of_counts(rows, rows, 0, fit.n)
    return "", 1.0


def _p_of_counts(now: int, rows: int, before: int, rows_before: int) -> float:
    """Fisher's exact chance that so many of the rows are of a kind that so many were of before."""
    table = [[now, rows - now], [before, rows_before - before]]
    return float(stats.fisher_exact(table).pvalue)


def _moved(
    fit: ColumnFit, values: np.ndarray, shift: float | None, mean: float | None, level: float
) -> list[str]:
    if shift is None or abs(shift) <= _MEAN_SHIFT or _p_of_shift(fit, values, shift, level) >= level:
        return []
    moved = "up" if shift > 0 else "down"
    return [f"the mean went {moved} by {abs(shift):.2g} sd, from {_shown(fit.mean)} to {_shown(mean)}"]


def _shown(mean: float | None) -> str:
    """A mean with six digits, or with all before its point."""
    if mean is None:
        return "missing"
    return f"{mean:,.0f}" if 1e6 <= abs(mean) < 1e15 else f"{mean:.6g}"


def _p_of_shift(fit: ColumnFit, values: np.ndarray, shift: float, level: float) -> float:
    """By the ranks of the new values among the old. Without marks by two means of one law, in its standard
    deviation: Student's n - 1 degrees, though the spread is known, leave room for skewed laws, whose small
    samples have far means."""
    if values.size < 2:
        return 1.0
    if fit.marks:
        return p_of_shift(fit.marks, fit.n, values, level=level)
    return float(2 * stats.t.sf(abs(shift) / np.sqrt(1 / values.size + 1 / fit.n), values.size - 1))


def _spread_apart(fit: ColumnFit, values: np.ndarray, ratio: float | None, level: float) -> list[str]:
    if ratio is None or 1 / _SPREAD_RATIO <= ratio <= _SPREAD_RATIO:
        return []
    if values.size < _ROWS_FOR_SPREAD or not fit.marks:
        return []
    p = p_of_spread(fit.marks, fit.n, values, level=level)
    return [f"the spread is {ratio:.2g} times what it was"] if p < level else []


def _more_or_fewer_missing(fit: ColumnFit, missing: int, rows: int, level: float) -> list[str]:
    rows_before = fit.n + fit.missing + fit.infinite
    if not rows or not rows_before:
        return []
    before, now = fit.missing / rows_before, missing / rows
    if abs(now - before) <= _MISSING_RISE:
        return []
    p = _p_of_counts(missing, rows, fit.missing, rows_before)
    return [f"missing: {before:.1%} before, {now:.1%} now"] if p < level else []


def _detectable(fit: ColumnFit, n: int, level: float) -> float:
    """The shift of the mean, in old standard deviations, that n values of the old spread can show."""
    return float(stats.t.isf(level / 2, n - 1) * np.sqrt(1 / n + 1 / fit.n)) if n > 1 else np.inf
