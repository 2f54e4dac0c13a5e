"""What rows are called: by one column, or by several where one alone repeats."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.arguments import names_of
from analytics.numbers.basics.parameters import Label
from analytics.numbers.basics.selection import require_columns

_WIDTH = 60  # characters of a name; longer ones are cut with a mark


def row_names(frame: pd.DataFrame, label: Label | Sequence[Label] | None) -> np.ndarray | None:
    """The names of all rows (n,) by the columns ``label``, joined by commas; None without a column.

    Missing parts are left out, days come without midnight, and whole numbers without decimals.

    Raises:
        ZetascopeError: for a column that is not there.
    """
    columns = names_of(label, "column")
    require_columns(frame, columns)
    if not columns:
        return None
    parts = [_texts(frame[name]) for name in columns]
    named = parts[0]
    for part in parts[1:]:
        between = np.where((named != "") & (part != ""), ", ", "").astype(object)
        named = named + between + part
    return np.array(
        [name if len(name) <= _WIDTH else name[: _WIDTH - 1] + "…" for name in named], dtype=object
    )


def _texts(column: pd.Series) -> np.ndarray:
    """Values as people write them (n,), "" where they are missing."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        days = (column.dropna() == column.dropna().dt.normalize()).all()
        column = column.dt.strftime("%Y-%m-%d" if days else "%Y-%m-%d %H:%M")
    elif pd.api.types.is_float_dtype(column.dtype) and (column.dropna() % 1 == 0).all():
        column = column.astype("Int64")
    texts = column.astype("string").fillna("").str.replace(r"\s+", " ", regex=True).str.strip()
    return texts.to_numpy(dtype=object)
