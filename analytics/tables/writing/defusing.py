"""Apostrophes in front of texts that a spreadsheet would run: put there on writing, taken off on reading.

Only a file that says so by its form is undone: no line end follows its last line, where ``write_csv``
otherwise writes one; names and cells are quoted as ``write_csv`` quotes them; and no text in it starts like
a formula. A text that could be mistaken for a defused one gets an apostrophe too, so that taking one off
always gives the text back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_SIGNS = "[=+\\-@＝＋－＠﹦﹢﹣﹫−]"
"""By which a formula begins; programs set to Chinese or Japanese read the wide and small ones like others."""
_SKIPPED = (
    "[\\x00-\\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u180e"
    "\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]"
)
"""Controls, blanks and what has no width: imports drop some of them, and then the sign comes first."""
_FORMULA_START = f"^(?:[\\x00\\t\\n\\r]|{_SKIPPED}*{_SIGNS})"
"""First characters by which spreadsheets take a text for a formula (OWASP, "CSV Injection")."""
_RISKY = f"^'*{_FORMULA_START[1:]}"
_DEFUSED = f"^'+{_FORMULA_START[1:]}"
NAME_NEEDS_QUOTES = re.compile(rf"""[",\r\n]|^\s|\s$|^$|^[\d.+-]|{_DEFUSED}""")

Texts: TypeAlias = pa.Array | pa.ChunkedArray
Mask: TypeAlias = pa.Array | pa.ChunkedArray | np.ndarray | None


def defuse(texts: pa.Array) -> tuple[pa.Array, int]:
    """Texts with an apostrophe in front of those that are risky, and how many those are."""
    risky = pc.fill_null(pc.match_substring_regex(texts, _RISKY), False)
    count = pc.sum(risky).as_py() or 0
    if not count:
        return texts, 0
    marked = pc.binary_join_element_wise(pa.scalar("'", texts.type), texts, pa.scalar("", texts.type))
    return pc.if_else(risky, marked, texts), count


def undo(texts: Texts) -> Texts:
    """Texts without the one apostrophe that ``defuse`` put in front; other columns as they are."""
    if not is_text(texts):
        return texts
    defused = pc.fill_null(pc.match_substring_regex(texts, _DEFUSED), False)
    return pc.if_else(defused, pc.utf8_slice_codeunits(texts, 1), texts)


def count_defused(names: Sequence[str], columns: Sequence[Texts]) -> int:
    """How many names and texts look defused."""
    texts = [pa.array(names, pa.large_string()), *filter(is_text, columns)]
    return sum(_matching(column, _DEFUSED) for column in texts)


def in_our_form(
    names: Sequence[str], columns: Sequence[Texts], quoted: Sequence[Mask] | None, header: list[bool]
) -> bool:
    """Whether names and cells are quoted as ``write_csv`` does and no text or name starts like a formula.

    ``header``: which names stood in quotes. ``quoted``: which cells of each column did.
    """
    kinds = [_kind(column, mask) for column, mask in zip(columns, quoted or [None] * len(names), strict=True)]
    if "mixed" in kinds or all(header):
        return False
    named = all(
        kind == "empty" or flag == (kind == "text" or bool(NAME_NEEDS_QUOTES.search(name)))
        for name, kind, flag in zip(names, kinds, header, strict=True)
    )
    form = named if "bare" in kinds else header.count(False) == 1
    texts = [pa.array(names, pa.large_string())]
    texts += [column for column, kind in zip(columns, kinds, strict=True) if kind == "text"]
    others = [column for column, kind in zip(columns, kinds, strict=True) if kind == "bare"]
    return (
        form
        and not any(_matching(column, _FORMULA_START) for column in texts)
        and not any(_matching(column, _DEFUSED) for column in others if is_text(column))
    )


def _kind(column: Texts, mask: Mask) -> str:
    """text if all cells with a value stand in quotes, bare if none does, else mixed; empty without values."""
    if is_text(column) and column.null_count == len(column):
        return "empty"
    if mask is None:
        return "bare"
    quoted, known = _flags(mask), _flags(column.is_valid())
    return "text" if (quoted | ~known).all() else "mixed" if (quoted & known).any() else "bare"


def _flags(mask: Mask) -> np.ndarray:
    return mask if isinstance(mask, np.ndarray) else np.asarray(mask).astype(bool)


def is_text(column: Texts) -> bool:
    """Whether a column holds texts, and no numbers that Arrow made of them."""
    return bool(pa.types.is_string(column.type) or pa.types.is_large_string(column.type))


def _matching(texts: Texts, pattern: str) -> int:
    return pc.sum(pc.match_substring_regex(texts, pattern)).as_py() or 0
