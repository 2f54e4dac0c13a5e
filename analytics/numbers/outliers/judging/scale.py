"""A scale for thresholds that runs over the scores that occur, by how many rows lie beyond."""

import numpy as np

from analytics.numbers.outliers.report import OutlierReport

_GROWTH = 1.25
"""Each step to the left flags a quarter more rows, and at least one more: some forty steps for any table."""


def threshold_scale(report: OutlierReport, method: str) -> tuple[float, ...]:
    """Thresholds of a method, ascending: from the one that flags every row that stands out to none.

    Each lies between two scores that occur and is as short a number as that allows.
    """
    report.require(method)
    scores = report.scores[method].to_numpy()
    known = np.sort(scores[np.isfinite(scores)])[::-1]
    if not len(known):
        return (0.0,)
    found = [float(np.nextafter(known[0], np.inf)) if known[0] == known[-1] else _between(known[0], np.inf)]
    flagged = 1
    while flagged < len(known):
        beyond, next_one = float(known[flagged - 1]), float(known[flagged])
        if next_one < beyond:
            found.append(_between(next_one, beyond))
        flagged = max(flagged + 1, int(flagged * _GROWTH))
    return tuple(sorted(set(found)))


def _between(low: float, high: float) -> float:
    """The shortest number from ``low`` up to below ``high``: the rows above ``low`` lie beyond it."""
    if not np.isfinite(high):
        high = low + max(abs(low), 1.0) * 0.1
    middle = (low + high) / 2
    for digits in range(12):
        rounded = float(f"{middle:.{digits + 1}g}")
        if low <= rounded < high:
            return rounded
    return low
