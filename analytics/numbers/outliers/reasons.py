"""Why a row is unusual: the columns that made it so, by how much, and in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from analytics.numbers.basics.parameters import Label
from analytics.numbers.outliers.column_scores import cell_scores
from analytics.numbers.outliers.methods import COLUMN_METHODS, MIXED, OUTLIER_METHODS
from analytics.numbers.outliers.mixed.reasons import MixedReason, mixed_reasons
from analytics.words import count, number_text

if TYPE_CHECKING:
    from analytics.numbers.outliers.report import OutlierReport

_SMALLEST_SHARE = 0.1
MOST_COLUMNS = 4
"""A sentence names the columns that carry at least a tenth of a score, and no more than four."""


@dataclass(frozen=True)
class Reason:
    """One column's part in one method's verdict on a row.

    ``amount`` is the value's own score for column-wise methods and its part of the row's score for the
    others; ``share`` is the part relative to all positive parts (1.0 for column-wise methods, whose score is
    one value's). ``low`` and ``high`` are the typical values: the 10th and 90th percentile of the column in
    the row's group.
    """

    method: str
    column: Label
    value: float
    amount: float
    share: float
    above: bool
    low: float
    high: float


@dataclass(frozen=True)
class RowReasons:
    """What speaks against one row: its position, the methods that flag it, reasons and a sentence."""

    row: int
    methods: tuple[str, ...]
    reasons: tuple[Reason, ...]
    sentence: str


def explain_rows(report: OutlierReport, rows: Sequence[int] | np.ndarray) -> tuple[RowReasons, ...]:
    """Explain the verdict of every method on these rows (positions), flagged or not.

    Column-wise methods name the values beyond their threshold. Methods across columns name the columns with
    the largest parts: exact for Mahalanobis, LOF's squared distances and ECOD, by substitution for the
    Isolation Forest.
    """
    positions = np.asarray(rows, dtype=np.intp)
    reasons: list[list[Reason]] = [[] for _ in positions]
    flags = report.flags.to_numpy()[positions]
    for place, method in enumerate(report.methods):
        if method in report.column_methods():
            _column_reasons(report, method, positions, flags[:, place], reasons)
        elif method in report.parts:
            _across_reasons(report, method, positions, flags[:, place], reasons)
    explained = []
    for row, found, flagged in zip(positions.tolist(), reasons, flags, strict=True):
        methods = tuple(
            method for method, is_flagged in zip(report.methods, flagged, strict=True) if is_flagged
        )
        explained.append(RowReasons(row, methods, tuple(found), _sentence(report, row, methods, found)))
    return tuple(explained)


def _column_reasons(
    report: OutlierReport, method: str, rows: np.ndarray, flagged: np.ndarray, reasons: list[list[Reason]]
) -> None:
    places = np.flatnonzero(flagged)
    found: list[tuple[float, int, Reason]] = []
    codes = report.group_codes(rows[places])
    for column, spread in enumerate(report.spreads):
        values = report.data.values[column][rows[places]]
        scores = cell_scores(method, values, spread, codes)
        for hit in np.flatnonzero(scores > report.thresholds[method]):
            reason = _reason(report, method, column, int(rows[places[hit]]), float(scores[hit]), 1.0)
            found.append((-float(scores[hit]), int(places[hit]), reason))
    for _, place, reason in sorted(found, key=itemgetter(0, 1)):
        reasons[place].append(reason)


def _across_reasons(
    report: OutlierReport, method: str, rows: np.ndarray, flagged: np.ndarray, reasons: list[list[Reason]]
) -> None:
    parts = report.parts[method]
    where = {int(row): place for place, row in enumerate(parts.rows)}
    for place in np.flatnonzero(flagged):
        known = where.get(int(rows[place]))
        if known is None:
            continue
        amounts = parts.values[known]
        shares = np.maximum(amounts, 0) / max(float(np.maximum(amounts, 0).sum()), 1e-300)
        for column in np.argsort(-shares, kind="stable")[:MOST_COLUMNS]:
            if shares[column] >= _SMALLEST_SHARE:
                own = int(parts.columns[column])
                reasons[place].append(
                    _reason(
                        report, method, own, int(rows[place]), float(amounts[column]), float(shares[column])
                    )
                )


def _reason(report: OutlierReport, method: str, column: int, row: int, amount: float, share: float) -> Reason:
    spread, group = report.spreads[column], report.data.codes[row]
    value = float(report.data.values[column][row])
    centre = spread.mean if method == "zscore" else spread.median
    return Reason(
        method=method,
        column=report.columns[column],
        value=value,
        amount=amount,
        share=share,
        above=bool(value >= centre[group]),
        low=float(spread.low[group]),
        high=float(spread.high[group]),
    )


_BY_COLUMN = {
    "zscore": "{amount:.1f} SD {side} the mean",
    "modified_zscore": "{amount:.1f} robust SD {side} the median",
    "iqr": "{amount:.1f} IQR {side} the {quartile} quartile",
    "esd": "too {height} for a normal law (significance {significance})",
}


def _sentence(report: OutlierReport, row: int, methods: Sequence[str], reasons: Sequence[Reason]) -> str:
    if not methods:
        return "No method calls this row unusual."
    parts = []
    by_column = report.column_methods()
    single = _single_values([reason for reason in reasons if reason.method in by_column])
    if single:
        parts.append(single)
    told_by_mixed = "; ".join(reason.sentence for reason in _mixed(report, row, methods, reasons))
    if told_by_mixed:
        parts.append(told_by_mixed)
    combined = [method for method in methods if method in report.parts]
    if combined:
        alone = "each value is ordinary, their combination is not" if by_column else "combination"
        alone = "also unusual as a combination" if told_by_mixed else alone
        start = "also unusual as a combination" if single else alone
        parts.append(_combination(combined, reasons, start, values=not single))
    within = f" Group: {report.data.groups[report.data.codes[row]]}." if report.data.by else ""
    text = "; ".join(parts)
    if not text:  # mixed rows alone, by numbers of which no other method told
        text = "unusual by all its values together"
    return (text if single or told_by_mixed else text[0].upper() + text[1:]) + "." + within


def _mixed(
    report: OutlierReport, row: int, methods: Sequence[str], reasons: Sequence[Reason]
) -> list[MixedReason]:
    """What speaks against a mixed row, without the numbers that other methods have told of."""
    if report.mixed is None or MIXED not in methods:
        return []
    told = {reason.column for reason in reasons if reason.method in COLUMN_METHODS}
    found = mixed_reasons(report.mixed, row)
    return [reason for reason in found if not set(reason.columns) <= told][:MOST_COLUMNS]


def _single_values(reasons: Sequence[Reason]) -> str:
    """Each column once, by the first method that flags it; the unit is named once per method."""
    told: dict[Label, Reason] = {}
    for reason in reasons:
        told.setdefault(reason.column, reason)
    phrases, last = [], ""
    for reason in list(told.values())[:MOST_COLUMNS]:
        if reason.method == last and reason.method != "esd":
            phrases.append(f"{reason.column} {reason.amount:.1f} {_side(reason)} {_alone(reason)}")
        else:
            phrases.append(f"{reason.column} {_measured(reason)} {_alone(reason)}")
        last = reason.method
    more = len(told) - MOST_COLUMNS
    if more > 0:
        phrases.append(count(more, "more column"))
    return ", ".join(phrases)


def _measured(reason: Reason) -> str:
    return _BY_COLUMN[reason.method].format(
        amount=reason.amount,
        side=_side(reason),
        quartile="upper" if reason.above else "lower",
        height="high" if reason.above else "low",
        significance="below 0.001" if reason.amount > 3 else f"{10**-reason.amount:.2g}",
    )


def _combination(methods: Sequence[str], reasons: Sequence[Reason], start: str, *, values: bool) -> str:
    labels = ", ".join(OUTLIER_METHODS[method].label for method in methods)
    leading = next((method for method in methods if any(reason.method == method for reason in reasons)), None)
    if leading is None:
        return f"{start} ({labels})"
    shares = ", ".join(
        f"{reason.column} {reason.share:.0%}{' ' + _values(reason) if values else ''}"
        for reason in reasons
        if reason.method == leading
    )
    return f"{start} ({labels}): {shares}"


def _side(reason: Reason) -> str:
    return "above" if reason.above else "below"


def _values(reason: Reason) -> str:
    return f"({number_text(reason.value)}; typical {number_text(reason.low)} to {number_text(reason.high)})"


def _alone(reason: Reason) -> str:
    usual = as_usual(reason)
    return f"({number_text(reason.value)}; {usual})" if usual else _values(reason)


def as_usual(reason: Reason) -> str:
    """Of a value inside what is typical, how usual it is: a fence may lie there, where values repeat."""
    if not reason.low <= reason.value <= reason.high:
        return ""
    return f"a tenth of the rows or more are as {'high' if reason.above else 'low'}"
