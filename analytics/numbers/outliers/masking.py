"""Where methods disagree, and why: outliers that hide each other, and skewed columns where |z| misleads."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analytics.numbers.basics.parameters import Label
from analytics.numbers.basics.statistics import mean_and_sd
from analytics.numbers.outliers.column_scores import cell_scores, fences
from analytics.numbers.outliers.data import NumberColumns
from analytics.numbers.outliers.methods import OUTLIER_METHODS
from analytics.numbers.outliers.report import OutlierReport
from analytics.words import number_text

_SKEWED = 0.2
"""Medcouple from which a column counts as skewed: the exponential law has 0.33, the normal law 0."""
_MEDCOUPLE_VARIANCE = 1.25
"""n times the variance of the medcouple in normal data (Brys, Hubert and Struyf 2004)."""
_FEWEST_DIFFERENT = 10
"""Counts and codes with fewer different values have steps, no tail."""
_MEDCOUPLE_VALUES = 500
_MOST_MASKED = 0.2
"""Where modified z flags a larger share of a column, they are its long tail or a second kind of rows."""
_SHOWN_ROWS = 3


@dataclass(frozen=True)
class Masking:
    """Values of one column (and group) that |z| does not show and modified z does.

    ``rows`` are their positions, most extreme first. ``hidden_z`` is the largest |z| among them as the column
    is, ``revealed_z`` the smallest when they are left out of the mean and the SD.
    """

    column: Label
    group: str
    rows: tuple[int, ...]
    mean: float
    sd: float
    mean_without: float
    sd_without: float
    hidden_z: float
    revealed_z: float
    sentence: str


@dataclass(frozen=True)
class Skew:
    """How lopsided a column is, by a measure outliers do not move and by the usual one."""

    medcouple: float
    skewness: float


@dataclass(frozen=True)
class SkewWarning:
    """A column whose two sides differ so much that one |z| can't serve both."""

    column: Label
    medcouple: float
    skewness: float
    low_flags: int
    high_flags: int
    sentence: str


def masked_values(report: OutlierReport) -> tuple[Masking, ...]:
    """Columns in which outliers hide each other from |z|: they widen the SD and drag the mean that judges
    them.

    A value counts as masked when modified z flags it, |z| does not, and |z| would if the values that modified
    z flags were left out of the mean and the SD. Needs both methods in the report; otherwise nothing is
    found.
    """
    if not {"zscore", "modified_zscore"} <= set(report.methods):
        return ()
    found = []
    threshold = report.thresholds["modified_zscore"]
    flagged = np.flatnonzero(report.scored["modified_zscore"].values > threshold)
    for column in range(len(report.columns)):
        codes = report.data.codes
        values = report.data.values[column]
        for group in _groups_with_disagreement(report, column, flagged):
            rows = np.flatnonzero((codes == group) & ~np.isnan(values))
            masking = _masking(report, column, group, rows)
            if masking is not None:
                found.append(masking)
    return tuple(found)


def column_skew(values: np.ndarray) -> Skew | None:
    """How lopsided a column (n,) is, whatever its groups and thresholds; None where it is not.

    The medcouple decides (it is robust: a few outliers do not make a column skewed), where it is at least 0.2
    and beyond two standard errors.
    """
    present = np.sort(values[~np.isnan(values)])
    if np.count_nonzero(np.diff(present)) + 1 < _FEWEST_DIFFERENT:
        return None
    strength = medcouple(present)
    if abs(strength) < max(_SKEWED, 2 * np.sqrt(_MEDCOUPLE_VARIANCE / len(present))):
        return None
    mean, sd = mean_and_sd(present)
    return Skew(strength, float(np.mean(((present - mean) / sd) ** 3)))


def _column_skews(report: OutlierReport) -> dict[int, Skew]:
    """The skewed columns by position."""
    found = {column: column_skew(values) for column, values in enumerate(report.data.values)}
    return {column: skew for column, skew in found.items() if skew is not None}


def skew_warnings(report: OutlierReport, skews: Mapping[int, Skew] | None = None) -> tuple[SkewWarning, ...]:
    """Columns for which |z| misleads because they are skewed; ``skews``: of ``_column_skews``, if known."""
    known = _column_skews(report) if skews is None else skews
    return tuple(_skew_warning(report, column, skew) for column, skew in known.items())


def medcouple(values: np.ndarray) -> float:
    """The medcouple (Brys, Hubert and Struyf 2004): robust skewness in [-1, 1], 0 for symmetric samples.

    The median of h(a, b) = ((b - m) - (m - a)) / (b - a) over all a <= m <= b, m the median. Samples of more
    than 500 values (n,) are represented by 500 evenly spaced order statistics, since the work grows with
    n^2.
    """
    x = np.sort(values)
    if len(x) > _MEDCOUPLE_VALUES:
        x = x[np.round(np.linspace(0, len(x) - 1, _MEDCOUPLE_VALUES)).astype(np.intp)]
    centred = x - np.median(x)
    upper, lower = centred[centred >= 0][::-1], centred[centred <= 0]
    ties = int((centred == 0).sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        kernel = (upper[:, None] + lower[None, :]) / (upper[:, None] - lower[None, :])
    if ties:
        # Pairs of values that equal the median: the definition orders them so that their kernel is a sign.
        own = np.arange(ties)
        kernel[len(upper) - ties :, len(lower) - ties :] = np.sign(
            ties - 1 - own[:, None] - own[None, :][:, ::-1]
        )
    return float(np.median(kernel))


def _groups_with_disagreement(report: OutlierReport, column: int, rows: np.ndarray) -> np.ndarray:
    """Groups where one of ``rows`` has a value outside the fences of modified z and inside those of |z|."""
    values, codes = report.data.values[column][rows], report.data.codes[rows]
    spread = report.spreads[column]
    own = report.group_codes(rows)
    modified = cell_scores("modified_zscore", values, spread, own) > report.thresholds["modified_zscore"]
    plain = cell_scores("zscore", values, spread, own) > report.thresholds["zscore"]
    return np.unique(codes[modified & ~plain])


def _masking(report: OutlierReport, column: int, group: int, rows: np.ndarray) -> Masking | None:
    spread, values = report.spreads[column], report.data.values[column][rows]
    low, high = fences("modified_zscore", report.thresholds["modified_zscore"], spread)
    flagged = (values < low[group]) | (values > high[group])
    if not 0 < flagged.mean() <= _MOST_MASKED:
        return None
    mean, sd = mean_and_sd(values[~flagged])
    z = np.abs(values - spread.mean[group]) / spread.sd[group]
    revealed = np.abs(values - mean) / sd if sd > 0 else np.full(len(values), np.inf)
    threshold = report.thresholds["zscore"]
    hidden = np.flatnonzero(flagged & (z <= threshold) & (revealed > threshold))
    if not len(hidden):
        return None
    hidden = hidden[np.argsort(-z[hidden], kind="stable")]
    name, where = report.columns[column], report.data.groups[group]
    facts = (float(spread.mean[group]), float(spread.sd[group]), mean, sd)
    z_range = (float(z[hidden].max()), float(revealed[hidden].min()))
    sentence = _masking_sentence(report.data, name, where, rows[hidden], values[hidden], facts, z_range)
    return Masking(name, where, tuple(rows[hidden].tolist()), *facts, *z_range, sentence)


def _masking_sentence(
    data: NumberColumns,
    name: Label,
    where: str,
    rows: np.ndarray,
    values: np.ndarray,
    facts: tuple[float, float, float, float],
    z_range: tuple[float, float],
) -> str:
    mean, sd, mean_without, sd_without = map(number_text, facts)
    shown = ", ".join(
        f"{number_text(value)} (row {data.row_numbers[row]})"
        for row, value in zip(rows[:_SHOWN_ROWS], values, strict=False)
    )
    more = f" and {len(rows) - _SHOWN_ROWS:,} more" if len(rows) > _SHOWN_ROWS else ""
    them = "it is" if len(rows) == 1 else "they are"
    group = f" in group {where}" if data.by else ""
    revealed = "infinitely many" if np.isinf(z_range[1]) else f"at least {z_range[1]:.1f}"
    return (
        f"{name}{group}: |z| misses {shown}{more}, at most {z_range[0]:.1f} SD from the mean. Outliers "
        f"pull the mean from {mean_without} to {mean} and the SD from {sd_without} to {sd}; measured without "
        f"them, {them} {revealed} SD away. The median and the MAD are not moved, so modified z shows them."
    )


def _skew_warning(report: OutlierReport, column: int, skew: Skew) -> SkewWarning:
    name, (low, high) = report.columns[column], _z_flags(report, column)
    tail = "high" if skew.medcouple > 0 else "low"
    counts = f" Here it flags {high:,} high and {low:,} low values." if "zscore" in report.methods else ""
    sentence = (
        f"{name} has a long {tail} tail (medcouple {skew.medcouple:.2f}, skewness {skew.skewness:.1f}), so "
        f"|z| tends to call ordinary {tail} values unusual and to miss the other side.{counts} Look at the "
        "ranks (ECOD) or at its logarithm."
    )
    return SkewWarning(name, skew.medcouple, skew.skewness, low, high, sentence)


def _z_flags(report: OutlierReport, column: int) -> tuple[int, int]:
    threshold = report.thresholds.get("zscore", OUTLIER_METHODS["zscore"].threshold or 3.0)
    low, high = fences("zscore", threshold, report.spreads[column])
    values, codes = report.data.values[column], report.data.codes
    return int((values < low[codes]).sum()), int((values > high[codes]).sum())
