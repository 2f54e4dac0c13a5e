"""What a reader of tables may be told; everything left at ``None`` is detected and reported."""

from __future__ import annotations

import codecs
import mmap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analytics.arguments import is_whole
from analytics.tables.errors import TableError

Bytes = bytes | mmap.mmap
"""What a file holds, in memory or mapped into it."""

COLUMN_TYPES = ("text", "integer", "number", "boolean", "date", "time", "duration", "category")
"""What ``ReadOptions.column_types`` may ask of a column; "time" is a date with or without a time of day.

A form may follow a colon: ``date:%d.%m.%Y`` (or ``time:``) with the directives of ``strptime`` or one of
``TIME_FORMS``; ``duration:%H:%M:%S``, ``duration:%H:%M`` or ``duration:%M:%S``; ``number:,`` or ``number:.``
with the decimal mark of this column.
"""

TIME_FORMS = (
    "unix", "unix_ms", "unix_us", "unix_ns", "excel", "utc", "local", "day_first", "month_first"
)  # fmt: skip
"""Seconds since 1970, and thousandths, millionths and milliardths of them; days since 1900 as sheets count
them; times with different offsets from UTC in UTC or as their clocks said; the order of day and month
in this column."""

_SPAN_FORMS = ("%H:%M:%S", "%H:%M", "%M:%S")
"""What ``26:30`` counts, the first number first."""

_DIRECTIVES = "dmYyHIMSfpzaAbBjGVu"
"""Directives of ``strptime`` that a form may have; %% is a percent sign."""

NO_HEADER = -1

_TEXTS = ("encoding", "delimiter", "quote", "escape", "decimal", "thousands")
_CHOICES = ("as_text", "day_first", "defused")
_COUNTS = ("header", "header_rows", "skip_footer", "table")
ALL_TABLES = -1
"""Of several stacked tables, the rows of all."""
LIMITS = ("max_bytes", "max_expanded_bytes", "max_table_bytes", "max_rows", "max_columns")
"""What protects the machine that reads, and says nothing of the file."""


@dataclass(frozen=True)
class ReadOptions:
    """How to read a file. Hashable, so that results can be cached by it.

    Limits protect the machine: a file beyond one raises ``TableError`` that names it.
    """

    encoding: str | None = None
    delimiter: str | None = None
    """One or more characters; "" means that every line is one cell."""
    quote: str | None = None
    """One character; "" means that quotes are ordinary characters."""
    escape: str | None = None
    """One character; "" means that a quote inside quotes is doubled."""
    decimal: str | None = None
    thousands: str | None = None
    header: int | None = None
    """Zero-based row of the header among the non-empty rows; -1 or False where there is none."""
    header_rows: int | None = None
    """How many rows the header takes, from ``header`` on."""
    unnamed: str | None = None
    """Which cells have no name where the header has too few: the "first" (row names) or the "last"."""
    comma_cells: tuple[int, ...] | None = None
    """Cells of a record, from 1, that a comma within a number parted from the cell before."""
    skip_footer: int | None = None
    """How many rows to leave out at the end."""
    skip_rows: tuple[int, ...] | None = None
    """Rows to leave out by the lines of a text, or the rows of a sheet, on which they begin, from 1."""
    table: int | None = None
    """Which of several stacked tables to read, from 0; ``None`` keeps the rows of all, and asks where their
    names differ; -1 keeps all without asking."""
    na_values: tuple[str, ...] | None = None
    """Texts that mean "missing" in any column; ``None`` for the usual ones."""
    missing_words: Mapping[str, str | Sequence[str]] | tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Column name to the texts that mean "missing" in it, and no others there; kept as pairs."""
    column_types: Mapping[str, str] | tuple[tuple[str, str], ...] = ()
    """Column name to one of ``COLUMN_TYPES``, maybe with a form as in ``date:%d.%m.%Y``; kept as pairs."""
    as_text: bool = False
    """Leave every cell as the text that stands in the file."""
    day_first: bool | None = None
    defused: bool | None = None
    """Whether an apostrophe in front of texts like ``'=1+1`` was put there for safety and comes off; ``None``
    where the file's form says that ``write_csv`` did so."""
    sheet: str | int | None = None
    max_bytes: int = 2 * 1024**3
    max_expanded_bytes: int = 4 * 1024**3
    max_table_bytes: int = 2 * 1024**3
    """What the table may fill once it is read: 8 bytes a cell, and its texts as often as they are repeated.
    Counted before it is made, whatever the size of the file."""
    max_rows: int = 50_000_000
    max_columns: int = 20_000

    def __post_init__(self) -> None:
        self._check_kinds()
        types = _pairs("column_types", self.column_types)
        object.__setattr__(self, "column_types", tuple(types.items()))
        words = _pairs("missing_words", self.missing_words)
        fixed = ((name, _words(f"missing_words for column {name!r}", here)) for name, here in words.items())
        object.__setattr__(self, "missing_words", tuple(fixed))
        if isinstance(self.header, bool):
            object.__setattr__(self, "header", 0 if self.header else NO_HEADER)
        if self.na_values is not None:
            object.__setattr__(self, "na_values", _words("na_values", self.na_values))
        if self.skip_rows is not None:
            object.__setattr__(self, "skip_rows", _places("skip_rows", self.skip_rows, 1))
        if self.comma_cells is not None:
            object.__setattr__(self, "comma_cells", _places("comma_cells", self.comma_cells, 2))
        if self.unnamed not in (None, "first", "last"):
            raise TableError(f'unnamed is "first" or "last", not {self.unnamed!r}.')
        self._check_types()
        self._check_marks()
        self._check_counts()

    def type_of(self, column: str) -> str | None:
        """The type asked for this column, one of ``COLUMN_TYPES``, or ``None``."""
        asked = dict(self.column_types).get(column)
        return asked and asked.partition(":")[0]

    def form_of(self, column: str) -> str:
        """The form asked for with the type of this column, or ""."""
        return dict(self.column_types).get(column, "").partition(":")[2]

    def _check_kinds(self) -> None:
        kinds = (
            *((what, str, "a text") for what in _TEXTS),
            *((what, bool, "true or false") for what in _CHOICES),
            ("sheet", str | int, "the name of a sheet or its number"),
        )
        for what, kind, words in kinds:
            value = getattr(self, what)
            if not isinstance(value, kind | None):
                raise TableError(f"{what} is {words}, not {value!r}.")
        for what in (*_COUNTS, *LIMITS):
            value = getattr(self, what)
            missing = value is None and what in _COUNTS
            if not (missing or is_whole(value) or (what == "header" and isinstance(value, bool))):
                raise TableError(f"{what} is a whole number, not {value!r}.")

    def _check_types(self) -> None:
        for name, asked in dict(self.column_types).items():
            kind, colon, form = str(asked).partition(":")
            if kind not in COLUMN_TYPES:
                raise TableError(
                    f"Column {name!r} cannot be read as {asked!r}; choose one of {', '.join(COLUMN_TYPES)}."
                )
            problem = _form_problem(kind, form) if colon else ""
            if problem:
                raise TableError(f"Column {name!r} cannot be read as {asked!r}: {problem}.")

    def _check_marks(self) -> None:
        for what in ("quote", "escape", "decimal", "thousands"):
            mark = getattr(self, what)
            if mark is not None and len(mark) > 1:
                raise TableError(f"The {what} mark must be one character, not {mark!r}.")
        if self.delimiter is not None and ("\n" in self.delimiter or "\r" in self.delimiter):
            raise TableError("The delimiter cannot be a line break.")
        if self.decimal and self.decimal == self.thousands:
            raise TableError(f"Decimal and thousands mark cannot both be {self.decimal!r}.")
        if self.encoding is not None:
            self._check_encoding(self.encoding)

    def _check_encoding(self, encoding: str) -> None:
        try:
            known = codecs.lookup(encoding)._is_text_encoding
        except (LookupError, ValueError):
            known = False
        if not known:
            raise TableError(f"{encoding!r} is not a known encoding; try utf-8, windows-1252 or latin-1.")

    def _check_counts(self) -> None:
        for what in (
            "max_bytes",
            "max_expanded_bytes",
            "max_table_bytes",
            "max_rows",
            "max_columns",
            "header_rows",
        ):
            count = getattr(self, what)
            if count is not None and count < 1:
                raise TableError(f"{what} must be at least 1, not {count}.")
        for what, least in (("header", NO_HEADER), ("skip_footer", 0), ("table", ALL_TABLES)):
            count = getattr(self, what)
            if count is not None and count < least:
                raise TableError(f"{what} must be at least {least}, not {count}.")


def hashable(value: Any) -> Any:
    """Lists of JSON as tuples, as options hold them."""
    return tuple(map(hashable, value)) if isinstance(value, list) else value


def _pairs(what: str, given: object) -> dict[Any, Any]:
    """Column names with what is asked of them, from a mapping or from pairs."""
    try:
        return dict(given)  # type: ignore[call-overload]
    except (TypeError, ValueError) as problem:
        raise TableError(f"{what} takes names of columns with values, not {given!r}.") from problem


def _words(what: str, given: object) -> tuple[str, ...]:
    words = (given,) if isinstance(given, str) else given
    if not isinstance(words, list | tuple | set | frozenset) or not all(
        isinstance(word, str) for word in words
    ):
        raise TableError(f"{what} takes texts, not {given!r}.")
    return tuple(words)


def _places(what: str, given: object, least: int) -> tuple[int, ...]:
    numbers = given if isinstance(given, list | tuple | set | frozenset) else (given,)
    if not all(is_whole(number) and number >= least for number in numbers):
        of = "lines" if what == "skip_rows" else "cells"
        raise TableError(f"{what} takes the numbers of {of} from {least}, not {given!r}.")
    return tuple(sorted({int(number) for number in numbers}))


def _form_problem(kind: str, form: str) -> str:
    """What is wrong with the form of a type, or ""."""
    if kind in ("date", "time"):
        return "" if form in TIME_FORMS else _time_problem(form)
    if kind == "duration":
        return "" if form in _SPAN_FORMS else f"choose one of {', '.join(_SPAN_FORMS)}"
    if kind == "number":
        return "" if form in (".", ",") else "the decimal mark is . or ,"
    return f"{kind} takes no form"


def _time_problem(form: str) -> str:
    pieces = form.replace("%%", "").split("%")[1:]
    letters = [piece[:1] for piece in pieces]
    unknown = [letter for letter in letters if not letter or letter not in _DIRECTIVES]
    twice = [letter for letter in letters if letters.count(letter) > 1]
    has = set(letters)
    problems = (
        (not has, f"give a form such as %d.%m.%Y or one of {', '.join(TIME_FORMS)}"),
        (
            bool(unknown),
            f"%{''.join(unknown[:1])} is none of {', '.join('%' + letter for letter in _DIRECTIVES)}",
        ),
        (bool(twice), f"%{''.join(twice[:1])} stands twice"),
        (not {"Y", "y", "G"} & has, "a date needs a year: %Y, or %y for two digits"),
        (("G" in has) != ("V" in has), "%G is the year of the week %V: they stand together"),
        ("d" in has and not {"m", "b", "B"} & has, "a day needs a month: %m, or %b for its name"),
    )
    return next((problem for wrong, problem in problems if wrong), "")
