"""Standard scores of every number column, in short."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.tables import TableProfile

FAR = 3.0
"""Standard deviations beyond which a value is counted: 0.27 % of a normal column."""


@dataclass(frozen=True)
class ColumnScores:
    """``lowest`` and ``highest`` are the standard scores (n - 1) of the smallest and the largest value.

    ``far`` counts values more than ``FAR`` standard deviations from the mean.
    """

    name: str
    mean: float
    sd: float
    lowest: float
    highest: float
    far: int


def scores_of(frame: pd.DataFrame, profile: TableProfile) -> tuple[ColumnScores, ...]:
    """Of the columns that are used as numbers and have more than one value."""
    found = []
    for name, column in profile.columns.items():
        mean, sd = column.mean, column.sd
        if column.role.kind != "number" or mean is None or not sd or not np.isfinite(sd):
            continue
        values = frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
        far = int(np.count_nonzero((np.abs(values - mean) > FAR * sd) & np.isfinite(values)))
        ends = [(float(end) - mean) / sd for end in (column.minimum, column.maximum)]  # type: ignore[arg-type]
        found.append(ColumnScores(str(name), mean, sd, ends[0], ends[1], far))
    return tuple(found)
