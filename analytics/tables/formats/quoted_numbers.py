"""Numbers that a typed source stores as text, ``"12.5"`` in JSON or a sheet: a doubt, not a guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.options import ReadOptions
from analytics.tables.report import Alternative, Doubt
from analytics.tables.typed.convert import convert_columns
from analytics.tables.typed.known import Known

_LIKE_A_NUMBER = (
    r"^\s*[-+−(]?\s*[^\s\d.,\-+()\pL]?\s*[.,]?[0-9][0-9.,'’\s\x{a0}\x{202f}]*"
    r"(?:[eE][-+]?[0-9]+)?\s*\S{0,3}\s*\)?$"
)
"""Wide: what it lets through is read as a number before anything is said."""
_SHOWN = 3


def find_quoted_numbers(
    names: Sequence[str],
    columns: Sequence[pa.Array],
    quoted: Sequence[pa.Array],
    *,
    lines: np.ndarray,
    options: ReadOptions,
    stored: str = "in quotes",
) -> tuple[list[pa.Array], tuple[Doubt, ...]]:
    """The masks of text cells (n,) to go by, and a doubt for each column of numbers stored as text.

    Where cells of both kinds stand in a column, the more frequent kind is taken. ``stored`` says in the doubt
    how such cells look in the file.
    """
    masks, doubts = list(quoted), []
    for i, name in enumerate(names):
        asked = options.type_of(name)
        if asked not in (None, "text", "category"):
            # Quotes settle that a column is text; who asks for a type has answered that.
            masks[i] = pa.array(np.zeros(len(quoted[i]), bool))
        if options.as_text or asked or not _all_like_numbers(columns[i], quoted[i]):
            continue
        flags = quoted[i].to_numpy(zero_copy_only=False) & columns[i].is_valid().to_numpy(
            zero_copy_only=False
        )
        numbers = _as_numbers(name, columns[i], options)
        if numbers is None:
            continue
        texts, present = int(flags.sum()), len(columns[i]) - columns[i].null_count
        as_text = 2 * texts > present
        if as_text:
            masks[i] = pa.array(np.ones(len(flags), bool))
        line = int(lines[np.flatnonzero(flags)[0]])
        evidence = f"{texts:,} of {present:,} cells are numbers {stored}; the first stands on line {line:,}."
        doubts.append(_doubt(name, columns[i], numbers, np.flatnonzero(flags)[:_SHOWN], evidence, as_text))
    return masks, tuple(doubts)


def _all_like_numbers(column: pa.Array, quoted: pa.Array) -> bool:
    texts = column.filter(pc.and_(quoted, column.is_valid()))
    head = texts[:100]
    return len(texts) > 0 and all(
        pc.all(pc.match_substring_regex(part, _LIKE_A_NUMBER)).as_py() for part in (head, texts)
    )


def _as_numbers(name: str, column: pa.Array, options: ReadOptions) -> np.ndarray | None:
    """The column's numbers, or ``None`` where it would be no column of numbers without its quotes."""
    read = convert_columns(
        [name], [column], options=replace(options, column_types=()), known=Known(others_bare=True)
    )
    if read.readings[0].kind not in ("integer", "number"):
        return None
    return np.array(read.frame[name].tolist(), dtype=object)


def _doubt(
    name: str, column: pa.Array, numbers: np.ndarray, rows: np.ndarray, evidence: str, as_text: bool
) -> Doubt:
    shown = [str(column[int(row)].as_py()) for row in rows]
    text = Alternative("text", (("column_types", ((name, "text"),)),), tuple((cell, cell) for cell in shown))
    read = tuple((cell, str(numbers[int(row)])) for cell, row in zip(shown, rows, strict=True))
    number = Alternative("number", (("column_types", ((name, "number"),)),), read)
    taken, other = (text, number) if as_text else (number, text)
    question = f"Are the values of {name!r} numbers, or texts made of digits?"
    return Doubt(question, evidence, taken, (other,), column=name)
