"""More than chance: how many rows are flagged beyond what clean data of the same shape would give."""

from dataclasses import dataclass

from scipy import stats

from analytics.numbers.outliers.chance import expected_votes
from analytics.numbers.outliers.report import OutlierReport

CLEAN_SHARE = 0.95
"""Of clean tables, this share has no more rows than is told."""


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
    votes, methods = report.votes.to_numpy(), len(report.methods)
    by_any, by_most = expected_votes(report)
    return (
        _excess(int((votes > 0).sum()), by_any, len(votes)),
        _excess(int((votes > methods / 2).sum()), by_most, len(votes)),
    )


def _excess(found: int, expected: float, rows: int) -> Excess:
    share = min(max(expected / max(rows, 1), 0.0), 1.0)
    return Excess(found, expected, int(stats.binom.ppf(CLEAN_SHARE, rows, share)))
