"""What a step changes, cell by cell: the first of it, to be looked at before it is taken."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.recipe.values import differing_rows

MOST = 20  # as many as one looks through before deciding


def first_changes(before: pd.DataFrame, after: pd.DataFrame, *, most: int = MOST) -> pd.DataFrame:
    """The first cells that differ, as ``row`` (from 1), ``column``, ``before`` and ``after``, all texts.

    Rows that are gone and columns that are new stand as a line each. For frames whose index is the position
    of each row in the file; after a step that makes other rows there is nothing to compare.
    """
    gone = before.index[~before.index.isin(after.index)][:most]
    lines = [(int(row) + 1, "", "the row", "gone") for row in gone]
    common = before.index[before.index.isin(after.index)]
    for name in after.columns:
        if len(lines) >= most:
            break
        values = after[name].loc[common]
        old = before[name].loc[common] if name in before.columns else None
        places = np.arange(len(values)) if old is None else np.flatnonzero(differing_rows(old, values))
        for place in places[: most - len(lines)]:
            was = "no column" if old is None else _said(old.iloc[place : place + 1])
            lines.append((int(common[place]) + 1, str(name), was, _said(values.iloc[place : place + 1])))
    return pd.DataFrame(lines, columns=["row", "column", "before", "after"])


def _said(cell: pd.Series) -> str:
    return "missing" if cell.isna().all() else str(cell.iloc[0])
