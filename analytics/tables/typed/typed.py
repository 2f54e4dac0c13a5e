"""A converted column and the sentences that several kinds of column share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.report import ColumnReading
from analytics.tables.typed.cells import Cells
from analytics.tables.typed.doubts import Answer, Question, telling_rows


@dataclass(frozen=True)
class Typed:
    """The values of a column, an array or pandas extension array of n rows, how it was read, what is open."""

    values: Any
    reading: ColumnReading
    questions: tuple[Question, ...] = ()


def text_array(strings: pa.Array | pa.ChunkedArray) -> Any:
    """A pandas str array over Arrow strings, without a copy where Arrow's layout allows."""
    return pd.StringDtype(na_value=np.nan).__from_arrow__(strings)  # type: ignore[attr-defined]


def text_column(
    cells: Cells,
    sentence: str,
    *,
    kind: str = "text",
    keep_empty: bool = False,
    exceptions: tuple[tuple[int, str], ...] = (),
    alternatives: tuple[str, ...] = (),
) -> Typed:
    """The cells as they stand in the file; an empty one is missing unless ``keep_empty``."""
    raw = cells.raw
    if not keep_empty and pc.any(pc.equal(raw, "")).as_py():
        raw = pc.if_else(pc.equal(raw, ""), pa.scalar(None, raw.type), raw)
    return Typed(text_array(raw), ColumnReading(cells.name, kind, sentence, exceptions, alternatives))


def missing_note(cells: Cells, exceptions: tuple[tuple[int, str], ...]) -> str:
    """What to add about tokens taken as missing and cells that did not fit, after a space."""
    note = ""
    tokens = cells.count(cells.token)
    if tokens:
        cells_are = "1 cell" if tokens == 1 else f"{tokens:,} cells"
        note += f" {cells_are} ({_token_words(cells)}) taken as missing."
    if exceptions:
        note += " " + "Taken as missing: " + exceptions_note(exceptions) + "."
    return note


def _token_words(cells: Cells, *, shown: int = 3) -> str:
    """The first words of the column that mean missing, as they stand in the file."""
    words = pc.utf8_trim_whitespace(cells.distinct.filter(pa.array(cells.token))).unique()
    return ", ".join(repr(word) for word in words[:shown].to_pylist())


def exceptions_note(exceptions: tuple[tuple[int, str], ...], *, shown: int = 3) -> str:
    """The first cells that do not fit, with their lines."""
    listed = ", ".join(f"{text!r} (line {line:,})" for line, text in exceptions[:shown])
    more = len(exceptions) - shown
    return f"{listed} and {more:,} more" if more > 0 else listed


def as_category(cells: Cells) -> Typed:
    """The texts as a pandas category, in the order in which they come; empty cells are missing."""
    raw = pc.if_else(pa.array(cells.expand(cells.blank)), pa.scalar(None, cells.raw.type), cells.raw)
    encoded = pc.dictionary_encode(raw)
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    dtype = pd.CategoricalDtype(pd.Index(text_array(encoded.dictionary)))
    reading = ColumnReading(cells.name, "category", "Categories, as asked.", (), ("text",))
    return Typed(pd.Categorical.from_codes(codes, dtype=dtype), reading)


def token_sentence(cells: Cells) -> str:
    """How a column of text was taken that may hold words for missing values."""
    tokens = cells.count(cells.token)
    if not tokens or _are_signs(cells):
        return "Text."
    cells_are = "1 cell says" if tokens == 1 else f"{tokens:,} cells say"
    kept = "kept as text; list such words as missing values to empty them"
    return f"Text. {cells_are} {_token_words(cells)}, {kept}."


def token_question(cells: Cells, lines: np.ndarray | None, *, where: str = "line") -> Question | None:
    """Whether words that mean missing among numbers do so in this column of text."""
    tokens = cells.count(cells.token)
    if not tokens or _are_signs(cells):
        return None
    rows = telling_rows(cells, cells.token)
    words = pc.utf8_trim_whitespace(cells.distinct.filter(pa.array(cells.token))).unique().to_pylist()
    places = ", ".join(f"{where} {line:,}: {text}" for line, text in cells.shown(rows, lines))
    say = "cell says" if tokens == 1 else "cells say"
    why = f"{tokens:,} {say} {_token_words(cells)}; among numbers that means missing; {places}."
    keep = Answer("keep them as text", (("missing_words", ((cells.name, ()),)),))
    empty = Answer("missing", (("missing_words", ((cells.name, tuple(words)),)),), empties=True)
    return Question(
        cells, f"Do words like {words[0]!r} in {cells.name} mean missing?", why, rows, keep, (empty,)
    )


def _are_signs(cells: Cells) -> bool:
    """Whether a column says + or - and nothing else: beside a plus, a minus is no missing value."""
    words = pc.utf8_trim_whitespace(cells.distinct.filter(pa.array(~cells.blank))).unique()
    return len(words) == 2 and set(words.to_pylist()) == {"+", "-"}
