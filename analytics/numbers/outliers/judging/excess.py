"""More than chance: how many rows are flagged beyond what clean data of the same shape would give."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from analytics.numbers.outliers.chance import clean_votes, expected_votes
from analytics.numbers.outliers.report import OutlierReport
from analytics.numbers.outliers.thresholds import FDR_METHODS, row_p_values

CLEAN_SHARE = 0.95
"""Of clean tables, this share has no more rows than is told."""
FALSE_SHARE = 0.05
"""Of the rows that are farther out than clean data, so many at most are not."""


@dataclass(frozen=True)
class Excess:
    """Rows that were flagged, about how many clean normal data would give, and how many at most in
    ``CLEAN_SHARE`` of such tables."""

    found: int
    expected: float
    at_most: int

    @property
    def more(self) -> int:
        """Rows beyond those that are expected."""
        return max(0, self.found - round(self.expected))

    @property
    def is_more(self) -> bool:
        """Whether clean data would seldom give so many."""
        return self.found > self.at_most


def excess_of(report: OutlierReport) -> tuple[Excess, Excess]:
    """Of the rows that at least one method flags, and of those that more than half of the methods do."""
    votes, clean, most = report.votes.to_numpy(), clean_votes(report), len(report.methods) / 2
    by_any, by_most = expected_votes(report)
    return (
        _excess(int((votes > 0).sum()), by_any, len(votes), (clean > 0).sum(axis=1)),
        _excess(int((votes > most).sum()), by_most, len(votes), (clean > most).sum(axis=1)),
    )


def beyond_clean(report: OutlierReport, rate: float = FALSE_SHARE) -> int:
    """How many rows are farther out than clean data of this size would have: a share ``rate`` of them at most
    is false (Benjamini and Hochberg 1995), if ordinary rows are normal.

    By the methods that have a law for clean data, each row by the one that finds it oddest, which is paid for
    by their number; 0 without such a method.
    """
    judges = [method for method in report.methods if method in FDR_METHODS and method != "esd"]
    if not judges:
        return 0
    p = np.nanmin([np.nan_to_num(row_p_values(report, method), nan=1.0) for method in judges], axis=0)
    return int((stats.false_discovery_control(np.minimum(p * len(judges), 1.0)) <= rate).sum())


def _excess(found: int, expected: float, rows: int, clean: np.ndarray) -> Excess:
    """``clean`` (t,) are the counts of simulated tables: they vary by more than those of independent rows, as
    all rows of a table are measured by one spread, which is off by chance."""
    share = min(max(expected / max(rows, 1), 0.0), 1.0)
    mean = float(clean.mean())
    dispersion = float(clean.var(ddof=1)) / mean if len(clean) > 1 and mean > 0 else 1.0
    if dispersion > 1 and expected > 0:
        at_most = stats.nbinom.ppf(CLEAN_SHARE, expected / (dispersion - 1), 1 / dispersion)
    else:
        at_most = stats.binom.ppf(CLEAN_SHARE, rows, share)
    return Excess(found, expected, min(int(at_most), rows))
