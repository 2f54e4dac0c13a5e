"""From text cells to typed columns: every cell counts, and what is not sure stays text or is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.tables.options import ReadOptions
from analytics.tables.report import ColumnReading, Decision, Doubt
from analytics.tables.typed.cells import Cells, make_all_cells
from analytics.tables.typed.convert_numbers import type_numbers
from analytics.tables.typed.dates.convert_dates import date_decisions, type_dates
from analytics.tables.typed.dates.date_order import DateFinding, find_dates, is_compact
from analytics.tables.typed.dates.order_evidence import Beside
from analytics.tables.typed.dates.written_dates import is_iso
from analytics.tables.typed.doubts import Question, asked_once, made_doubt
from analytics.tables.typed.known import NOTHING_KNOWN, Known
from analytics.tables.typed.marks import MarksFound, find_marks
from analytics.tables.typed.numerals import Numerals, find_numerals
from analytics.tables.typed.quotes import (
    question_of_quotes,
    text_by_quotes,
    without_bare_na,
    without_formulas,
)
from analytics.tables.typed.spans import type_asked_spans, type_spans
from analytics.tables.typed.truths import type_truths
from analytics.tables.typed.two_numbers import reason_of_several
from analytics.tables.typed.typed import Typed, as_category, text_column, token_question, token_sentence

Result = TypeVar("Result")
LONG = 20_000
"""Rows from which two threads save more than they cost, about a millisecond."""


@dataclass(frozen=True)
class Converted:
    """A typed frame with a RangeIndex, how columns were read, decisions for the file, what is in doubt."""

    frame: pd.DataFrame
    readings: tuple[ColumnReading, ...]
    decimal: str | None
    thousands: str | None
    decisions: tuple[Decision, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def convert_columns(
    names: Sequence[str],
    columns: Sequence[pa.Array | pa.ChunkedArray],
    *,
    options: ReadOptions,
    known: Known = NOTHING_KNOWN,
) -> Converted:
    """Decide the type of every column from all its cells and convert it.

    ``names`` are unique; ``columns`` has one string array per name, all of n cells, null where missing.
    ``options`` is what the reader was told, ``known`` what the file says.

    Integers become int64 (Int64 with missing cells), other numbers float64, truth values bool or boolean,
    dates datetime64, lengths of time timedelta64, all else str. Numbers that lose something (leading zeros,
    many digits) stay text, and so do the strings of a typed source, bar ISO dates.
    """
    found = _convert(names, columns, options, known)
    frame = pd.DataFrame({i: column.values for i, column in enumerate(found.columns)}, copy=False)
    frame.columns = pd.Index(list(names), dtype="str")
    values = dict(zip(names, found.columns, strict=True))
    doubts = tuple(
        made_doubt(question, values[question.cells.name].values, options, _reader(found.marks))
        for question in asked_once(found.questions)
    )
    readings = tuple(column.reading for column in found.columns)
    return Converted(frame, readings, found.marks.decimal, found.marks.thousands, found.decisions, doubts)


@dataclass(frozen=True)
class _Found:
    columns: list[Typed]
    marks: MarksFound
    decisions: tuple[Decision, ...]
    questions: tuple[Question, ...]


def _convert(
    names: Sequence[str], columns: Sequence[pa.Array | pa.ChunkedArray], options: ReadOptions, known: Known
) -> _Found:
    if len(names) == 1 and not (known.typed_source or known.others_bare):
        named = bool(known.quoted_header and known.quoted_header[0])
        mask = known.quoted[0] if known.quoted else None
        columns = [without_bare_na(columns[0], mask, quoted_name=named)]
    formulas = {
        i: found for i, column in enumerate(columns) if (found := without_formulas(column)) is not None
    }
    columns = [formulas.get(i, column) for i, column in enumerate(columns)] if formulas else columns
    every = make_all_cells(
        names, columns, na_values=options.na_values or (), missing=dict(options.missing_words)
    )
    by_quotes = [by or i in formulas for i, by in enumerate(text_by_quotes(every, known))]
    numerals = _each(lambda cells, settled: _numerals(cells, options, settled=settled), every, by_quotes)
    marks = find_marks(
        [(cells, found) for cells, found in zip(every, numerals, strict=True) if found],
        told=options.decimal,
        known=known.decimal,
        thousands=known.thousands if options.thousands is None else options.thousands,
        lines=known.lines,
        points=known.points,
    )
    if known.typed_source:
        by_quotes = [settled and not is_iso(cells) for cells, settled in zip(every, by_quotes, strict=True)]
    beside = Beside(known.texts, marks.decimal == ",")
    dates = find_dates(_undecided(every, numerals, by_quotes, options), options, beside)
    typing = _Typing(options, marks, known, frozenset(names[i] for i in formulas))
    typed = _each(
        lambda cells, found, settled: typing.type(cells, found, dates.get(cells.name), by_quotes=settled),
        every,
        numerals,
        by_quotes,
    )
    kinds = {column.reading.name: column.reading.kind for column in typed}
    guessed = [
        question
        for question in marks.questions
        if kinds[question.cells.name] in ("integer", "number") and not options.type_of(question.cells.name)
    ]
    questions = (*guessed, *(question for column in typed for question in column.questions))
    return _Found(typed, marks, (*marks.decisions, *date_decisions(dates, known.lines)), questions)


def _reader(marks: MarksFound) -> Callable[[str, list[str], ReadOptions], Sequence[object]]:
    """What a few cells become under other options and the file's decimal mark, for the doubts."""
    alone = Known(decimal=marks.decimal, others_bare=True)

    def read(name: str, texts: list[str], options: ReadOptions) -> Sequence[object]:
        values = _convert([name], [pa.array(texts, pa.large_string())], options, alone).columns[0].values
        return pd.Series(values).astype(object).tolist()

    return read


def _each(function: Callable[..., Result], columns: Sequence[Cells], *more: Sequence[Any]) -> list[Result]:
    """The function of every column and what belongs to it, two long columns at a time."""
    if len(columns) < 2 or len(columns[0].raw) < LONG:
        return list(map(function, columns, *more))
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(function, columns, *more))


def _numerals(cells: Cells, options: ReadOptions, *, settled: bool) -> Numerals | None:
    asked = options.type_of(cells.name)
    if options.as_text or asked not in (None, "integer", "number") or (settled and asked is None):
        return None
    return find_numerals(cells, least=0.5 if asked is None else 0.0)


def _undecided(
    every: Sequence[Cells],
    numerals: Sequence[Numerals | None],
    by_quotes: Sequence[bool],
    options: ReadOptions,
) -> list[Cells]:
    """The columns that may be dates: digits with points between (31.12.2024) may yet be no number."""
    if options.as_text:
        return []
    found = []
    for cells, numbers, settled in zip(every, numerals, by_quotes, strict=True):
        asked = options.type_of(cells.name)
        may_be = not settled and (not (numbers and numbers.plain) or is_compact(cells))
        if asked in ("date", "time") or (asked is None and may_be):
            found.append(cells)
    return found


@dataclass(frozen=True)
class _Typing:
    """What holds for all columns of a table while they are typed."""

    options: ReadOptions
    marks: MarksFound
    known: Known
    formulas: frozenset[str] = frozenset()

    @property
    def lines(self) -> np.ndarray | None:
        """Lines of the records (n,)."""
        return self.known.lines

    def type(
        self,
        cells: Cells,
        numerals: Numerals | None,
        dates: DateFinding | None,
        *,
        by_quotes: bool,
    ) -> Typed:
        """The column as what it was asked to be, or else as what its cells are."""
        asked = self.options.type_of(cells.name)
        if self.options.as_text:
            return text_column(cells, "Text, as asked.", keep_empty=by_quotes)
        if asked:
            return self._as_asked(cells, numerals, dates, asked, keep_empty=by_quotes)
        if by_quotes:
            return self._quoted(cells)
        if cells.blank.all():
            return text_column(cells, "Empty: no cell has a value.", kind="empty")
        if dates is not None and dates.is_digits:
            return type_dates(cells, dates, self.lines)
        found = type_truths(cells, None, self.lines)
        if found is None and numerals is not None:
            found = type_numbers(cells, numerals, self.marks, self.options, self.lines)
        if found is None and dates is not None:
            found = type_dates(cells, dates, self.lines)
        if found is None:
            found = type_spans(cells, self.lines)
        return found or self._words(cells)

    def _as_asked(
        self,
        cells: Cells,
        numerals: Numerals | None,
        dates: DateFinding | None,
        asked: str,
        *,
        keep_empty: bool,
    ) -> Typed:
        """The type that was asked for, whatever cells say; those that do not fit are missing and listed."""
        if asked == "category":
            return as_category(cells)
        if asked == "boolean":
            return type_truths(cells, asked, self.lines) or self._words(cells)
        if asked == "duration":
            return type_asked_spans(cells, self.options.form_of(cells.name), self.lines)
        if dates is not None:
            return type_dates(cells, dates, self.lines)
        if numerals is not None:
            found = type_numbers(cells, numerals, self.marks, self.options, self.lines)
            return found or self._words(cells)
        return text_column(cells, "Text, as asked.", keep_empty=keep_empty)

    def _quoted(self, cells: Cells) -> Typed:
        formula, numbers = cells.name in self.formulas, self._says_numbers(cells)
        why = 'Text, written as formulas (="...").' if formula else "Text, by its quotes."
        typed = text_column(cells, why, keep_empty=True, alternatives=("number",))
        asks = numbers or not formula  # a formula is no accident: digits that are no numbers are text
        question = question_of_quotes(cells, self.known, numbers=numbers) if asks else None
        if question is not None:
            return replace(typed, questions=(question,))
        # Quotes in a text say that NA is a word; sheets and JSON put every text in them.
        stored, where = self.known.typed_source, "row" if self.known.columnar else "line"
        asked = token_question(cells, self.lines, where=where) if stored or self.known.columnar else None
        reading = replace(typed.reading, alternatives=())
        return replace(typed, reading=reading, questions=(asked,) if asked else ())

    def _says_numbers(self, cells: Cells) -> bool:
        """Whether a column would be one of numbers without its quotes, with marks and units or not."""
        numerals = find_numerals(cells, least=1.0)
        if numerals is None:
            return False
        typed = type_numbers(cells, numerals, self.marks, self.options, self.lines)
        return typed is not None and typed.reading.kind in ("integer", "number")

    def _words(self, cells: Cells) -> Typed:
        typed = text_column(cells, reason_of_several(cells) or token_sentence(cells))
        question = token_question(cells, self.lines)
        return replace(typed, questions=(question,)) if question else typed
