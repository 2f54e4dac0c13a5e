"""What quotes around cells say about their type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.typed.cells import Cells
from analytics.tables.typed.doubts import Answer, Question, as_type, telling_rows
from analytics.tables.typed.known import Known
from analytics.tables.typed.numerals import PLAIN
from analytics.tables.typed.typed import Typed, text_column
from analytics.tables.typed.written_dates import find_dates_in

NEEDS_QUOTES = r"[,;\t|\"'\r\n]|^ | $"


def text_by_quotes(columns: Sequence[Cells], known: Known) -> list[bool]:
    """Which columns are text because their writer quoted them.

    In a file with bare cells, a column is text if all its cells are quoted and its header is too or one of
    the quotes was not needed. (``12,"1,234"`` below a bare header is a number with a thousands mark.) A file
    in which every cell is quoted says nothing, unless exactly one header cell is bare: ``write_csv`` marks
    frames of text only in this way. In a typed source quotes mean text, whatever else there is.
    """
    quoted, quoted_header = known.quoted, known.quoted_header
    if quoted is None or all(mask is None for mask in quoted):
        return [False] * len(columns)
    masks = [None if mask is None else _flags(mask) for mask in quoted]
    full = [mask is not None and _all_quoted(cells, mask) for cells, mask in zip(columns, masks, strict=True)]
    if known.typed_source:
        return full
    if not known.others_bare and all(
        full[i] or cells.raw.null_count == len(cells.raw) for i, cells in enumerate(columns)
    ):
        marked = quoted_header is not None and sum(not flag for flag in quoted_header) == 1
        return [marked and flag for flag in full]
    headers = quoted_header or [False] * len(columns)
    return [
        flag and (header or not cells.matches(NEEDS_QUOTES)[~_null(cells)].all())
        for flag, header, cells in zip(full, headers, columns, strict=True)
    ]


def question_of_quotes(cells: Cells, lines: np.ndarray | None) -> Question | None:
    """Whether numbers or dates that are text by their quotes are meant as such."""
    if cells.sample_share(PLAIN) == 1 and len(cells.sample):
        kind, words = "number", "numbers"
    else:
        dates = find_dates_in(cells, least=1)
        if dates is None or dates.problem:
            return None
        kind, words = "date", "dates"
    rows = telling_rows(cells, ~(cells.blank | cells.token))
    places = ", ".join(f"line {line:,}: {text}" for line, text in cells.shown(rows, lines))
    taken, other = Answer("text", as_type(cells.name, "text")), Answer(words, as_type(cells.name, kind))
    why = f"All cells stand in quotes, as text does, and say {words}; {places}."
    return Question(cells, f"Is {cells.name} text, or {words}?", why, rows, taken, (other,))


def strings_among_numbers(columns: Sequence[Cells], known: Known) -> list[np.ndarray | None]:
    """Per column of a typed source, which rows (n,) are strings, where some are and some are not."""
    if not known.typed_source or known.quoted is None:
        return [None] * len(columns)
    masks = [None if mask is None else _flags(mask) for mask in known.quoted]
    present = [cells.raw.is_valid().to_numpy(zero_copy_only=False) for cells in columns]
    return [
        mask & rows if mask is not None and mask[rows].any() and not mask[rows].all() else None
        for mask, rows in zip(masks, present, strict=True)
    ]


def with_strings(cells: Cells, typed: Typed, strings: np.ndarray, lines: np.ndarray | None) -> Typed:
    """A column of numbers some of which are strings in the source: as most of them are, and asked."""
    known = ~pd.isna(pd.Series(typed.values)).to_numpy()
    count, every = int((strings & known).sum()), int(known.sum())
    if not count:
        return typed
    are = "is" if count == 1 else "are"
    rows = np.concatenate([np.flatnonzero(strings & known)[:2], np.flatnonzero(known & ~strings)[:1]])
    places = ", ".join(f"line {line:,}: {text}" for line, text in cells.shown(rows, lines))
    numbers, text = (
        Answer("numbers", as_type(cells.name, "number")),
        Answer("text", as_type(cells.name, "text")),
    )
    most = 2 * count > every
    taken, other = (text, numbers) if most else (numbers, text)
    why = f"{count:,} of {every:,} numbers {are} stored as text; {places}."
    question = Question(cells, f"Is {cells.name} text, or numbers?", why, rows, taken, (other,))
    if not most:
        return replace(typed, questions=(*typed.questions, question))
    sentence = f"Text: {count:,} of {every:,} numbers are stored as text."
    return replace(text_column(cells, sentence, alternatives=("number",)), questions=(question,))


def without_bare_na(
    column: pa.Array | pa.ChunkedArray,
    mask: pa.Array | pa.ChunkedArray | None,
    *,
    quoted_name: bool,
) -> pa.Array:
    """A file's only column; there ``write_csv`` writes a missing value as NA, bare among quoted cells.

    If all are missing there are none, but the name is quoted.
    """
    texts = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    quoted = np.zeros(len(texts), bool) if mask is None else _flags(mask)
    bare_na = pc.and_(pc.equal(texts, "NA"), pa.array(~quoted))
    if not quoted.any() and not (quoted_name and pc.all(bare_na).as_py()):
        return texts
    return pc.if_else(bare_na, pa.scalar(None, texts.type), texts)


def _all_quoted(cells: Cells, mask: np.ndarray) -> bool:
    present = cells.raw.is_valid().to_numpy(zero_copy_only=False)
    return bool(present.any() and mask[present].all())


def _null(cells: Cells) -> np.ndarray:
    return cells.distinct.is_null().to_numpy(zero_copy_only=False)


def _flags(mask: pa.Array | pa.ChunkedArray) -> np.ndarray:
    if isinstance(mask, np.ndarray):
        return mask
    array = mask.combine_chunks() if isinstance(mask, pa.ChunkedArray) else mask
    return pc.fill_null(array, False).to_numpy(zero_copy_only=False)
