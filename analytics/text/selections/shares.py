"""How a selection is spread over the values of a category, each share with its interval."""

import numpy as np
import pandas as pd

from analytics.arguments import require_column
from analytics.contingency import share_interval
from analytics.errors import ZetascopeError
from analytics.text.arguments import as_flags, check_whole
from analytics.text.words import normal

MISSING = "(missing)"
OTHERS = "(all others)"


def category_shares(values: pd.Series, selected: np.ndarray, *, most: int = 12) -> pd.DataFrame:
    """One row per value: its share of the ``selected`` rows (n,) bool, and of the rest, with 95 % intervals.

    Columns: ``value``, ``selected`` (rows), ``share``, ``low``, ``high``, ``rest`` (rows), ``rest_share``.
    The values most frequent in the selection come first, beyond ``most`` the others are one row; missing is
    a value. Intervals are Clopper and Pearson's (1934), which hold for few rows and for
    shares near 0 and 1.

    Raises:
        ZetascopeError: nothing is selected, or flags for other rows.
    """
    require_column(values)
    check_whole(most, name="most", least=1)
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
    low, high = share_interval(inside.to_numpy(), n)
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
