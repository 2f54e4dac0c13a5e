"""What quotes around cells say about their type."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.options import ReadOptions
from analytics.tables.typed.cells import Cells
from analytics.tables.typed.dates.date_order import find_dates, is_compact
from analytics.tables.typed.dates.written_dates import find_dates_in
from analytics.tables.typed.doubts import Answer, Question, as_type, telling_rows
from analytics.tables.typed.known import Known
from analytics.tables.typed.numerals import PLAIN
from analytics.tables.typed.spans import type_spans

_TRUTHS = r"(?i)^(?:true|false)$"
FORMULA = r'^ *="([^"]*)" *$'
"""What makes a spreadsheet keep digits as text: a formula that is nothing but a text."""
_FIRST = 50
"""Cells among which one is such a formula where all are."""
_NEEDS_QUOTES = r"[,;\t|\"'\r\n]|^ | $"


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
        flag and (header or not cells.matches(_NEEDS_QUOTES)[~_null(cells)].all())
        for flag, header, cells in zip(full, headers, columns, strict=True)
    ]


def question_of_quotes(cells: Cells, known: Known, *, numbers: bool) -> Question | None:
    """Whether numbers, dates, lengths of time, or words for true and false that are text by their quotes are
    meant as such. ``numbers``: the column would be read as such if it stood without its quotes.

    The readers of typed sources ask of numbers themselves: they know how the file stores them; digits that
    would be dates if they were bare (20260721) are none to them.
    """
    if is_compact(cells) and find_dates([cells], ReadOptions()):
        kind, words = "date", "dates"
    elif numbers or cells.sample_share(PLAIN) == 1:
        if known.typed_source:
            return None
        kind, words = "number", "numbers"
    elif cells.sample_share(_TRUTHS) == 1:
        kind, words = "boolean", "true or false"
    else:
        dates = find_dates_in(cells, least=1)
        spans = None if dates else type_spans(cells, known.lines)
        if dates is not None and not dates.problem:
            kind, words = "date", "dates"
        elif spans is not None and spans.reading.kind != "text":
            kind, words = "duration", "lengths of time"
        else:
            return None
    rows = telling_rows(cells, ~(cells.blank | cells.token))
    where = "row" if known.columnar else "line"
    places = ", ".join(f"{where} {line:,}: {text}" for line, text in cells.shown(rows, known.lines))
    typed = known.columnar or known.typed_source
    stored = "are stored as text" if typed else "stand in quotes, as text does,"
    taken, other = Answer("text", as_type(cells.name, "text")), Answer(words, as_type(cells.name, kind))
    why = f"All cells {stored} and say {words}; {places}."
    return Question(cells, f"Is {cells.name} text, or {words}?", why, rows, taken, (other,))


def without_formulas(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray | None:
    """The texts of a column whose cells are all written ``="007"``, which spreadsheets keep as text.

    ``None`` where they are not.
    """
    if not pc.any(pc.starts_with(column[:_FIRST], '="')).as_py():
        return None
    if not pc.all(pc.match_substring_regex(column, FORMULA)).as_py():
        return None
    return pc.replace_substring_regex(column, FORMULA, r"\1")


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
