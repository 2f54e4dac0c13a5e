"""Rows whose cells show a text, whatever the columns hold: numbers, dates, categories and texts at once.

Cells are compared as they are shown and downloaded, without case and with accents composed (NFC). Nothing
goes row by row: texts are searched as one run of bytes, numbers by their digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from analytics.blocks import blocks
from analytics.recipe.digits import may_show
from analytics.tables.writing.cell_texts import ShownColumn, shown_column

_ROWS_AT_ONCE = 1 << 17  # some ten megabytes of texts for each of two threads
_IN_MOMENTS = frozenset("0123456789-:. z")
_NEVER_FOLDED = frozenset(
    "0123456789.,-:/ "
)  # no letter becomes one of these by folding, and none of them any
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_BETWEEN = ("\uffff", *map(chr, range(0xFDD0, 0xFDF0)))
"""No characters, so no text has them for a reason; one that none has joins texts that are folded as one."""

_Search = Callable[[slice, np.ndarray], np.ndarray]
"""Whether the rows of a slice show the text, as far as those are open: ``(rows, open (n,)) -> (n,) bool``."""


def folded(text: str) -> str:
    """A text as it is compared: without case, and composed."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def rows_showing(columns: Sequence[pd.Series], text: str) -> np.ndarray:
    """Whether any of the columns (n,) shows the text anywhere in its cell; (n,) bool."""
    needle = folded(text)
    found = np.zeros(len(columns[0]) if columns else 0, dtype=bool)
    with ThreadPoolExecutor(2) as pool:
        shown = list(pool.map(shown_column, columns))
        searches = [made for column in sorted(shown, key=_cost) if (made := _search_of(column, needle))]

        def search(rows: slice) -> None:
            for one in searches:
                left = ~found[rows]
                if not left.any():
                    return
                found[rows] |= one(rows, left)

        list(pool.map(search, blocks(len(found), _ROWS_AT_ONCE)))
    return found


def _cost(column: ShownColumn) -> int:
    """Where rows are found for little, the others need not be looked at."""
    kind = column.array.type
    if types.is_dictionary(kind):
        return 0
    return 3 if types.is_floating(kind) else 2 if types.is_integer(kind) else 1


def _search_of(column: ShownColumn, needle: str) -> _Search | None:
    """How a column is searched; None where it cannot show such a text."""
    kind = column.array.type
    if types.is_null(kind):
        return None
    if types.is_dictionary(kind):
        return _in_categories(column, needle)
    if types.is_integer(kind) or types.is_float64(kind):
        return _in_numbers(column, needle)
    if types.is_temporal(kind) and not set(needle) <= _IN_MOMENTS:
        return None
    return lambda rows, _: _found(column.texts(rows), needle)


def _in_categories(column: ShownColumn, needle: str) -> _Search:
    named = ShownColumn(column.array.dictionary, column.quoted).texts()
    # The last place is that of code -1, a missing cell.
    holds = np.append(_found(named, needle), False)
    codes = pc.fill_null(column.array.indices, -1).to_numpy(zero_copy_only=False)
    return lambda rows, _: holds[codes[rows]]


def _in_numbers(column: ShownColumn, needle: str) -> _Search:
    known = column.array
    if types.is_floating(known.type):
        values = known.fill_null(np.nan).to_numpy(zero_copy_only=False)
    else:
        values = known.fill_null(0).to_numpy(zero_copy_only=False)
        values = values if values.dtype == np.uint64 else values.astype(np.int64, copy=False)

    def search(rows: slice, left: np.ndarray) -> np.ndarray:
        found = may_show(values[rows], needle) & left
        places = np.flatnonzero(found)
        found[places] = _found(column.texts(places + rows.start), needle)
        return found

    return search


def _found(texts: pa.Array, needle: str) -> np.ndarray:
    """Whether each text (n,) contains the folded needle; a missing one does not."""
    starts, data = _bytes_of(texts)
    found = _spans_with(data, starts[:-1], starts[1:], needle.encode())
    if len(data) and data.max() >= 0x80 and not set(needle) <= _NEVER_FOLDED:
        plain = max(_BEYOND_ASCII.split(needle), key=len)
        hides = _folding_matters(data, plain)
        if plain != needle or hides:
            odd = pc.invert(pc.string_is_ascii(texts)).fill_null(False).to_numpy(zero_copy_only=False)
            if plain and not hides:
                odd = odd & _spans_with(data, starts[:-1], starts[1:], plain.encode())
            places = np.flatnonzero(odd)
            found[places] = _found_folded(texts.take(pa.array(places)), needle)
    if texts.null_count:
        found &= texts.is_valid().to_numpy(zero_copy_only=False)
    return found


def _folding_matters(data: np.ndarray, needle: str) -> bool:
    """Whether folding the letters beyond ASCII in a run of bytes can hide or show a needle of ASCII.

    It takes ten times as long as reading them, and few letters do: a sharp s where an s is sought, accents.
    """
    return any(_becomes(code) & {*needle, ""} for code in _codes_beyond_ascii(data))


@lru_cache(maxsize=1 << 16)
def _becomes(code: int) -> frozenset[str]:
    """Letters of ASCII that a letter becomes; "" where it changes the one before it."""
    letter = chr(code)
    changes = unicodedata.category(letter).startswith("M")
    return frozenset({*filter(str.isascii, folded(letter)), *([""] if changes else [])})


def _codes_beyond_ascii(data: np.ndarray) -> list[int]:
    """Which code points beyond ASCII stand in UTF-8 bytes."""
    seen = np.zeros(0x110000, dtype=bool)
    leads = np.flatnonzero(data >= 0xC0)
    first = data[leads]
    for low, high, further in ((0xC0, 0xE0, 1), (0xE0, 0xF0, 2), (0xF0, 0xF8, 3)):
        places = leads[(first >= low) & (first < high)]
        codes: np.ndarray = (data[places] & (0x3F >> further)).astype(np.uint32)
        for step in range(1, further + 1):
            codes = codes << 6 | (data[places + step] & 0x3F)
        seen[codes] = True
    return np.flatnonzero(seen).tolist()


def _bytes_of(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Where each text begins, and where the last one ends (n + 1,); and all their bytes."""
    _, offsets, data = texts.buffers()
    starts = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    held = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return starts - starts[0], held[starts[0] : starts[-1]]


def _found_folded(texts: pa.Array, needle: str) -> np.ndarray:
    """The same for texts that are not all ASCII, folded as one."""
    between = next(mark for mark in _BETWEEN if not pc.any(pc.match_substring(texts, mark)).as_py())
    mark, nothing = pa.scalar(between, texts.type), pa.scalar("", texts.type)
    ended = pc.binary_join_element_wise(texts, mark, nothing)
    whole = folded(_bytes_of(ended)[1].tobytes().decode())
    data, end = np.frombuffer(whole.encode(), np.uint8), between.encode()
    cuts = np.flatnonzero((data[:-2] == end[0]) & (data[1:-1] == end[1]) & (data[2:] == end[2]))
    return _spans_with(data, np.append(0, cuts[:-1] + len(end)), cuts, needle.encode())


def _spans_with(data: np.ndarray, starts: np.ndarray, ends: np.ndarray, needle: bytes) -> np.ndarray:
    """Which spans of bytes (n,), in their order, hold the needle, with letters of ASCII in either case."""
    found = np.zeros(len(starts), dtype=bool)
    last = len(data) - len(needle) + 1
    if last <= 0:
        return found
    # Two bytes that are rare here leave few places to look at the others.
    common = np.bincount(data[: 1 << 16], minlength=256)
    order = sorted(range(len(needle)), key=lambda at: common[needle[at]] + common[_other_case(needle[at])])
    hits = np.ones(last, dtype=bool)
    for at in order[:2]:
        hits &= _is_letter(data[at : at + last], needle[at])
    places = np.flatnonzero(hits)
    for at in order[2:]:
        places = places[_is_letter(data[places + at], needle[at])]
    spans = np.searchsorted(starts, places, side="right") - 1
    found[spans[places + len(needle) <= ends[spans]]] = True
    return found


def _is_letter(data: np.ndarray, letter: int) -> np.ndarray:
    same: np.ndarray = data == letter
    other = _other_case(letter)
    return same | (data == other) if other != letter else same


def _other_case(letter: int) -> int:
    """The capital of a small letter of ASCII: needles are folded."""
    return letter - 32 if ord("a") <= letter <= ord("z") else letter
