"""How a selection is spread over the values of a category, each share with its interval."""

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError
from analytics.text.arguments import as_flags
from analytics.text.words import normal

_Z = 1.959963984540054  # of a 95 % interval
MISSING = "(missing)"
OTHERS = "(all others)"


def category_shares(values: pd.Series, selected: np.ndarray, *, most: int = 12) -> pd.DataFrame:
    """One row per value: its share of the ``selected`` rows (n,) bool, and of the rest, with 95 % intervals.

    Columns: ``value``, ``selected`` (rows), ``share``, ``low``, ``high``, ``rest`` (rows), ``rest_share``.
    The values most frequent in the selection come first, beyond ``most`` the others are one row; missing is
    a value. Intervals are Wilson's (1927), which hold for few rows and for shares near 0 and 1.

    Raises:
        ZetascopeError: nothing is selected, or flags for other rows.
    """
    selected = as_flags(selected, count=len(values))
    if not selected.any():
        raise ZetascopeError("Nothing is selected: select some rows first.")
    cells = values.astype("string").fillna(MISSING)
    words = pd.Series([normal(cell) for cell in cells], dtype="object")
    inside = words[selected].value_counts()
    kept = inside.index[:most]
    if len(inside) > most:
        words = words.where(words.isin(kept), OTHERS)
        inside = words[selected].value_counts().reindex([*kept, OTHERS])
    outside = words[~selected].value_counts().reindex(inside.index).fillna(0).astype(int)
    n, rest = int(selected.sum()), int((~selected).sum())
    low, high = wilson(inside.to_numpy(), n)
    return pd.DataFrame(
        {
            "value": inside.index,
            "selected": inside.to_numpy(),
            "share": inside.to_numpy() / n,
            "low": low,
            "high": high,
            "rest": outside.to_numpy(),
            "rest_share": outside.to_numpy() / rest if rest else np.nan,
        }
    )


def wilson(counts: np.ndarray, n: np.ndarray | int) -> tuple[np.ndarray, np.ndarray]:
    """95 % intervals of shares ``counts / n`` (Wilson 1927): lower and upper ends; 0 to 1 where n is 0."""
    n = np.asarray(n, dtype=float)
    share = np.divide(counts, n, out=np.full(np.shape(counts), 0.5), where=n > 0)
    square = np.divide(_Z**2, n, out=np.full(np.shape(counts), np.inf), where=n > 0)
    with np.errstate(invalid="ignore"):
        middle = (share + square / 2) / (1 + square)
        half = np.sqrt(share * (1 - share) * square + square**2 / 4) / (1 + square)
    low, high = (
        np.where(np.isfinite(square), middle - half, 0),
        np.where(np.isfinite(square), middle + half, 1),
    )
    return np.clip(low, 0, 1), np.clip(high, 0, 1)
