"""Typing columns of true and false, yes and no."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.report import ColumnReading
from analytics.tables.typed.cells import Cells
from analytics.tables.typed.typed import Typed, missing_note

_TRUTHS = {"true": True, "false": False, "yes": True, "no": False}
_YES = "t y 1 on wahr ja vrai oui verdadero verdadeiro vero sí si sì sim prawda tak ano evet да kyllä"
_NO = "f n 0 off falsch nein faux non falso não nee nej fałsz nie ne hayır нет ei"
_ASKED = {**_TRUTHS, **dict.fromkeys(_YES.split(), True), **dict.fromkeys(_NO.split(), False)}
"""What counts where truth values were asked for."""


def type_truths(cells: Cells, asked: str | None, lines: np.ndarray | None) -> Typed | None:
    """Columns of true and false, or of both yes and no."""
    if asked not in (None, "boolean") or (asked is None and not _may_be_truths(cells)):
        return None
    table = _TRUTHS if asked is None else _ASKED
    lowered = pc.utf8_lower(cells.trimmed)
    index = pc.index_in(lowered, pa.array(list(table), lowered.type))
    known = index.is_valid().to_numpy(zero_copy_only=False)
    missing = cells.blank | cells.token
    if asked is None and (not known.any() or not (known | missing).all()):
        return None
    words = set(index.drop_null().unique().to_pylist())
    if asked is None and not (words <= {0, 1} or words == {2, 3}):
        return None
    values = np.array([*table.values(), False])[
        pc.fill_null(index, len(table)).to_numpy(zero_copy_only=False)
    ]
    exceptions = cells.located(~(known | missing), lines)
    sentence = "True or false." if words <= {0, 1} else "Yes or no, taken as true or false: a guess."
    if asked:
        sentence = "True or false, as asked."
    reading = ColumnReading(
        cells.name, "boolean", sentence + missing_note(cells, exceptions), exceptions, ("text",)
    )
    rows, known_rows = cells.expand(values), cells.expand(known)
    return Typed(rows if known_rows.all() else pd.arrays.BooleanArray(rows, ~known_rows), reading)


def _may_be_truths(cells: Cells) -> bool:
    """A quick look at how many values there are and what the first of them says."""
    first = cells.sample[:1].to_pylist() if len(cells.distinct) <= 64 else []
    return bool(first) and first[0].lower() in _TRUTHS
