"""All rows in order, the most unusual first, with what speaks against each in a few words."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.arguments import require_whole
from analytics.errors import ZetascopeError
from analytics.numbers.basics.parameters import Label
from analytics.numbers.outliers.methods import MIXED, OUTLIER_METHODS
from analytics.numbers.outliers.mixed.reasons import mixed_reasons
from analytics.numbers.outliers.reasons import Reason, RowReasons, as_usual, explain_rows
from analytics.numbers.outliers.report import OutlierReport
from analytics.words import number_text

_COLUMNS_TOLD = 2
"""A few words name so many columns; the sentence has them all."""


def rows_in_order(report: OutlierReport, *, first: int | None = None) -> np.ndarray:
    """Positions of rows, the most unusual first: by votes, then by the combined rank.

    The combined rank is that of the vote score, the mean over the methods of -ln of the share of rows at
    least as unusual. It parts the many rows that have the same votes.
    """
    order = np.lexsort((-report.vote_scores.to_numpy(), -report.votes.to_numpy()))
    return order[:first]


def ranking(
    report: OutlierReport, *, first: int | None = None, lines: np.ndarray | None = None
) -> pd.DataFrame:
    """One line per row in order: ``place``, ``row``, ``line``, ``name``, ``votes``, ``combined`` (the vote
    score), ``why`` in a few words, ``flagged_by`` and the ``reason`` in a sentence; the last two are empty
    for a row that no method flags.

    ``first``: only so many rows; by default all that have a vote. ``lines`` (n,) are those of the file on
    which rows begin.

    Raises:
        ZetascopeError: a number of rows below 0, or another number of lines than of rows.
    """
    first = len(report.flagged_rows()) if first is None else first
    require_whole(first, "first", least=0, most=2**63 - 1)
    if lines is not None and np.shape(lines) != (report.data.rows,):
        raise ZetascopeError(f"The lines have the shape {np.shape(lines)}: give one for each row.")
    rows = rows_in_order(report, first=first)
    explained = explain_rows(report, rows)
    table = {
        "place": np.arange(1, len(rows) + 1),
        "row": report.data.row_numbers[rows],
        "line": None if lines is None else np.asarray(lines)[rows],
        "name": None if report.data.row_names is None else report.data.row_names[rows],
        "votes": report.votes.to_numpy()[rows],
        "combined": report.vote_scores.to_numpy()[rows],
        "why": [in_few_words(report, why) for why in explained],
        "flagged_by": [", ".join(OUTLIER_METHODS[name].label for name in why.methods) for why in explained],
        "reason": [why.sentence if why.methods else "" for why in explained],
    }
    return pd.DataFrame({name: values for name, values in table.items() if values is not None})


def in_few_words(report: OutlierReport, why: RowReasons) -> str:
    """What speaks against a row, short enough to be read in a list: values beside what is typical."""
    single = _single([reason for reason in why.reasons if reason.method in report.column_methods()])
    parts = single[:_COLUMNS_TOLD]
    # Of a row without votes too: what is odd about it is of interest, though it is not rare enough.
    if report.mixed is not None and (MIXED in why.methods or not why.methods) and len(parts) < _COLUMNS_TOLD:
        told = {reason.column for reason in why.reasons if reason.method in report.column_methods()}
        odd = [reason for reason in mixed_reasons(report.mixed, why.row) if not set(reason.columns) <= told]
        parts += [reason.sentence for reason in odd[: _COLUMNS_TOLD - len(parts)]]
    if not parts:
        parts = _together(why.reasons)
    more = len(single) - _COLUMNS_TOLD
    return "; ".join(parts) + (f"; {more} more" if more > 0 else "")


def _single(reasons: Sequence[Reason]) -> list[str]:
    told: dict[Label, str] = {}
    for reason in reasons:
        typical = f"up to {number_text(reason.high)}" if reason.above else f"from {number_text(reason.low)}"
        usual = as_usual(reason) or f"typical {typical}"
        told.setdefault(reason.column, f"{reason.column} {number_text(reason.value)} ({usual})")
    return list(told.values())


def _together(reasons: Sequence[Reason]) -> list[str]:
    """The columns of the first method across columns, whose values are unusual only together."""
    own = [reason for reason in reasons if reason.method == reasons[0].method]
    named = [f"{reason.column} {number_text(reason.value)}" for reason in own[: _COLUMNS_TOLD + 1]]
    return [" with ".join(named) + (": unusual together" if len(named) > 1 else "")] if named else []
