"""Which number columns hang together, the closest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.tables import Role

SAMPLE = 50_000
"""Rows, evenly spread, beyond which correlations are computed on so many: their error is then below 0.01."""
_COLUMNS, _PAIRS = 200, 30  # pairs grow with the square, and nobody reads more of them
_FEWEST = 10  # rows that two columns have in common: fewer go together by chance


@dataclass(frozen=True)
class Relation:
    """Spearman's rank correlation of two columns over the ``n`` rows that have both."""

    first: str
    second: str
    value: float
    n: int


def relations_of(frame: pd.DataFrame, roles: Mapping[str, Role]) -> tuple[Relation, ...]:
    """The closest pairs of the number columns."""
    names = [name for name, role in roles.items() if role.kind == "number" and name in frame.columns][
        :_COLUMNS
    ]
    some = frame[names].iloc[:: max(1, len(frame) // SAMPLE)].astype("float64")
    some = some.replace([np.inf, -np.inf], np.nan)
    values = some.corr("spearman", min_periods=_FEWEST).to_numpy()
    known = some.notna().to_numpy(dtype=np.float32)
    counts = known.T @ known
    pairs = [(i, j) for i in range(len(names)) for j in range(i) if np.isfinite(values[i, j])]
    closest = sorted(pairs, key=lambda pair: -abs(values[pair]))[:_PAIRS]
    return tuple(Relation(names[j], names[i], float(values[i, j]), int(counts[i, j])) for i, j in closest)
