"""Amounts with the side of the account behind them: 100.00 CR and 50.00 DR, 20,00 H and 30,00 S."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.typed.cells import Cells, matches

_PAIRS = (
    ("CR", "DR"), ("CREDIT", "DEBIT"), ("HABEN", "SOLL"), ("C", "D"), ("H", "S"), ("K", "D"), ("MA", "WN")
)  # fmt: skip
"""Words for credit and debit in English, German, Danish and Polish."""
_LONG = "|".join(word for pair in _PAIRS for word in pair if len(word) > 1)
_SIDED = (
    rf"^(?P<amount>.*(?:[0-9]\)?|[0-9] ?[A-Z]{{3}}|[€$£])) ?(?P<side>(?i:{_LONG})\.?)$"
    r"|^(?P<cents>.*[.,][0-9]{2}) ?(?P<letter>[CDHKS])$"
)
"""One letter counts behind two decimals only: 12C and 12D are seats."""
_MULTIPLIERS = ("Cr", "cr", "K")
"""Without a word for debit beside it this is ten million, or a thousand as in 850.00K shares."""
_ZERO = r"^[0.,]+$"


@dataclass(frozen=True)
class Sides:
    """``cells`` have a minus in place of the word for debit, and nothing in place of that for credit.

    ``words`` are those of the column, ``bare`` (u,) the amounts that have none and are not zero.
    """

    cells: Cells
    words: tuple[str, ...]
    marked: np.ndarray
    bare: np.ndarray

    @property
    def is_told(self) -> bool:
        """Whether both sides are there and every amount has one, so that the signs follow."""
        return len(self.words) == 2 and not self.bare.any()


def find_sides(cells: Cells) -> Sides | None:
    """The sides of a column of amounts, if at least a few cells carry one of the two of a pair."""
    if not cells.sample_share(_SIDED):
        return None
    words = _words(cells)
    if words is None or (len(words) == 1 and words[0] in _MULTIPLIERS):
        return None
    marked = cells.matches(_SIDED)
    found = _taken_apart(cells, marked)
    filled = ~(cells.blank | cells.token)
    bare = filled & ~marked & ~cells.matches(_ZERO)
    return Sides(replace(cells, trimmed=found, _known_shares={}), words, marked, bare)


def _words(cells: Cells) -> tuple[str, ...] | None:
    """The words of the sample as they are written, credit first; ``None`` where they are no pair."""
    found: dict[str, str] = {}
    for text in cells.sample.to_pylist():
        part = re.search(_SIDED, text)
        if part:
            word = part["side"] or part["letter"]
            found.setdefault(word.rstrip(".").upper(), word)
    pair = next((pair for pair in _PAIRS if found and set(found) <= set(pair)), None)
    return None if pair is None else tuple(found[word] for word in pair if word in found)


def _taken_apart(cells: Cells, marked: np.ndarray) -> pa.Array:
    """The trimmed cells (u,), debits with a minus behind."""
    kind = cells.trimmed.type
    debit = "|".join({pair[1] for pair in _PAIRS})
    minus = marked & matches(cells.trimmed, rf"(?i)[^a-z](?:{debit})\.?$")
    amounts = pc.replace_substring_regex(cells.trimmed, r" ?[A-Za-z]+\.?$", "")
    signed = pc.binary_join_element_wise(amounts, pa.scalar("-", kind), pa.scalar("", kind))
    return pc.if_else(pa.array(minus), signed, pc.if_else(pa.array(marked), amounts, cells.trimmed))
