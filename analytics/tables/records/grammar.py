"""A dialect of delimited text and the patterns that follow from it.

Cells are kept *raw*, as they stand between two delimiters, quotes included, until a whole column is
cooked at once (``cook``): a bare empty cell is missing, a quoted one is the empty text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.arrow_columns import is_wide_and_short
from analytics.tables.records.fixed_width import split_at


@dataclass(frozen=True)
class Dialect:
    """How cells are told apart. ``delimiter`` "" means one cell per line; ``runs`` takes its repeats as one.

    A tab between cells is as good as a run of blanks.

    ``skip_space``: blanks after a delimiter are not part of the cell. ``cuts``: the places at which lines are
    cut into columns of fixed width; no quote is one then.
    """

    delimiter: str
    quote: str = '"'
    escape: str = ""
    skip_space: bool = False
    runs: bool = False
    cuts: tuple[int, ...] = ()

    def split(self, line: str) -> list[str]:
        """Cells of a line in which quotes mean nothing."""
        if not self.delimiter:
            return [line]
        if self.cuts:
            return split_at(line, self.cuts)
        if self.runs:
            return re.split(self._delimiter, line.strip(self._around))
        return line.split(self.delimiter)

    def most_cells(self, text: str) -> int:
        """How many cells a text may hold, lines of one cell aside: a delimiter between quotes ends none."""
        if not self.delimiter or self.cuts:
            return 0
        found = text.count(self.delimiter)
        if self.runs and found:
            marks = np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8) == ord(self.delimiter[0])
            return int(np.count_nonzero(marks[1:] & ~marks[:-1]))
        if not self.quote or self.quote not in text:
            return found
        return sum(part.count(self.delimiter) for part in text.split(self.quote)[::2])

    def split_quoted(self, line: str) -> list[str] | None:
        """Raw cells of a line, or ``None`` where its quotes are not in order."""
        if not self.delimiter:
            return [line] if self._closed.fullmatch(line) else None
        if self.runs:
            line = line.strip(self._around)
        elif self._may_be_simple(line):
            parts = line.split(self.quote)
            simply = self._joined(parts) if len(parts) % 2 else None
            if simply is not None:
                return simply
        # Asked of the whole line first: where no cell begins, ``findall`` would look on from every place.
        line += self.delimiter
        return self._cell.findall(line) if self._closed.fullmatch(line) else None

    def _may_be_simple(self, line: str) -> bool:
        """Whether quotes alone may tell where cells of a line begin and end."""
        return (
            bool(self.quote)
            and self.quote not in self.delimiter
            and not (self.escape and self.escape in line)
        )

    def _joined(self, parts: list[str]) -> list[str] | None:
        """Raw cells of a line from its parts between quotes, all right beside delimiters; else ``None``.

        It finds what the expression finds, at a fraction of its cost.
        """
        quote, mark = self.quote, self.delimiter
        if len(parts) == 1:
            return parts[0].split(mark)
        if not parts[0] and not parts[-1] and parts[2:-2:2] == [mark] * (len(parts) // 2 - 1):
            return [f"{quote}{part}{quote}" for part in parts[1::2]]
        cells: list[str] = []
        last = len(parts) - 1
        for i, part in enumerate(parts):
            if i % 2:
                cells.append(f"{quote}{part}{quote}")
                continue
            outer = part.split(mark)
            if 0 < i < last and len(outer) < 2:
                return None
            if (i and outer[0]) or (i < last and outer[-1]):
                return None
            cells += outer[1 if i else 0 : len(outer) if i == last else -1]
        return cells

    def leaves_open(self, line: str, *, inside: bool) -> bool | None:
        """Whether a line ends within quotes; ``None`` where its quotes are not in order."""
        opens, closes = (self._inside_open, self._inside_closed) if inside else (self._open, self._closed)
        if closes.fullmatch(line + self.delimiter):
            return False
        return True if opens.fullmatch(line) else None

    @cached_property
    def _delimiter(self) -> str:
        mark = re.escape(self.delimiter)
        if not self.runs:
            return mark
        if self.delimiter.strip(" "):
            return f"(?:{mark})+"
        return "[ \\t]+" if self.delimiter == " " else rf"(?: *\t[ \t]*| {{{len(self.delimiter)},}})"

    @cached_property
    def _around(self) -> str:
        return " " if self.delimiter.strip(" ") else " \t"

    @cached_property
    def _blank(self) -> str:
        return "" if " " in self.delimiter else " *+"

    @cached_property
    def _inside(self) -> str:
        quote, escape = re.escape(self.quote), re.escape(self.escape)
        if escape:
            return _all_of(rf"[^{quote}{escape}]++|{escape}[\s\S]|{quote}{quote}")
        return _all_of(rf"[^{quote}]++|{quote}{quote}")

    @cached_property
    def _plain(self) -> str:
        other = rf"(?:(?!{self._delimiter})[\s\S])" if self.delimiter else r"[^\n]"
        if len(self.delimiter) == 1:
            other = (
                rf"[^{re.escape(self.delimiter)}]" if self.delimiter != " " or not self.runs else r"[^ \t]"
            )
        sign = rf"{re.escape(self.escape)}[\s\S]|{other}" if self.escape else other
        return rf"(?!{self._blank}{re.escape(self.quote)}){_all_of(sign)}"

    @cached_property
    def _one(self) -> str:
        quote = re.escape(self.quote)
        return rf"(?:{self._blank}{quote}{self._inside}{quote}{self._blank}|{self._plain})"

    @cached_property
    def _cell(self) -> re.Pattern[str]:
        return re.compile(rf"({self._one}){self._delimiter}")

    @cached_property
    def _cells(self) -> str:
        return _all_of(rf"{self._one}{self._delimiter}") if self.delimiter else ""

    @cached_property
    def _closed(self) -> re.Pattern[str]:
        return re.compile(self._cells if self.delimiter else self._one)

    @cached_property
    def _open(self) -> re.Pattern[str]:
        return re.compile(rf"{self._cells}{self._blank}{re.escape(self.quote)}{self._inside}")

    @cached_property
    def _inside_closed(self) -> re.Pattern[str]:
        quote = re.escape(self.quote)
        return re.compile(rf"{self._inside}{quote}{self._blank}{self._delimiter}{self._cells}")

    @cached_property
    def _inside_open(self) -> re.Pattern[str]:
        quote = re.escape(self.quote)
        again = rf"{quote}{self._blank}{self._delimiter}{self._cells}{self._blank}{quote}{self._inside}"
        return re.compile(rf"{self._inside}(?:{again})?" if self.delimiter else self._inside)

    def is_quoted(self, raw: str) -> bool:
        """Whether a raw cell stands in quotes."""
        return self.read(raw)[1]

    def value(self, raw: str) -> str:
        """The text that a raw cell means."""
        return self.read(raw)[0]

    def read(self, raw: str) -> tuple[str, bool]:
        """The text that a raw cell means, and whether it stands in quotes."""
        quote = self.quote
        if quote and quote in raw:
            stripped = raw.strip(" ") if self._blank else raw
            if len(stripped) > 1 and stripped[0] == quote == stripped[-1]:
                return self._unquoted(stripped[1:-1]), True
        if self.escape and self.delimiter:
            raw = raw.replace(self.escape + self.delimiter, self.delimiter)
        return raw.strip(" ") if self.skip_space else raw, False

    def read_row(self, cells: list[str]) -> list[tuple[str, bool]]:
        """``read`` for every cell of a row; where all stand in quotes without more inside, at once."""
        quote = self.quote
        plainly = quote and not self.escape and "".join(cells).count(quote) == 2 * len(cells)
        if plainly and all(len(cell) > 1 and cell[0] == quote == cell[-1] for cell in cells):
            return [(cell[1:-1], True) for cell in cells]
        return [self.read(cell) for cell in cells]

    def _unquoted(self, inner: str) -> str:
        if self.escape:
            pattern = rf"{re.escape(self.escape)}([\s\S])|{re.escape(self.quote)}({re.escape(self.quote)})"
            return re.sub(pattern, lambda found: found[1] or found[2], inner)
        return inner.replace(self.quote * 2, self.quote) if self.quote in inner else inner

    def parts_words(self, text: str) -> bool:
        """Whether the delimiter parts words in a text, so that no other one was meant, least of all blanks.

        Between digits it may be a decimal comma, and before a blank it is part of a sentence.
        """
        mark = re.escape(self.delimiter.strip(" "))
        return bool(mark) and re.search(rf"{mark}(?=[^\d\s])|(?<=\D){mark}(?=\S)", text) is not None

    def says_what_stands(self, cells: list[str]) -> bool:
        """Whether raw cells mean just what stands in them: no quote, escape or blank is to be taken away."""
        return not (self.escape or self.skip_space or (self.quote and self.quote in "".join(cells)))

    def raw(self, value: str, *, quoted: bool) -> str:
        """A raw cell that means ``value``; quotes are added where it could not stand without."""
        must = quoted or (self.quote and value.strip(" ").startswith(self.quote))
        if not must or not self.quote:
            return value
        if self.escape:
            value = value.replace(self.escape, self.escape * 2)
        return f"{self.quote}{value.replace(self.quote, self.quote * 2)}{self.quote}"


BARE = Dialect("\x1f", quote="")
"""For cells that come apart already, as those of a sheet: nothing in them is a mark."""


def _all_of(sign: str) -> str:
    """As many ``sign`` as there are, none given back.

    An atomic group and not ``(?:...)*+``: before Python 3.11.5 that loses its way where ``sign`` has a choice
    (python/cpython#106052), and quoted line breaks were torn.
    """
    return rf"(?>(?:{sign})*)"


def cook_all(columns: Sequence[list[str]], dialect: Dialect) -> list[tuple[pa.Array, pa.Array | None]]:
    """``cook`` for every column; many short columns are cooked as one long one."""
    if not is_wide_and_short(columns):
        return [cook(column, dialect) for column in columns]
    texts, quoted = cook([cell for column in columns for cell in column], dialect)
    rows = len(columns[0])
    starts = range(0, len(texts), rows)
    if quoted is None:
        return [(texts.slice(start, rows), None) for start in starts]
    used = quoted.to_numpy(zero_copy_only=False).reshape(-1, rows).any(axis=1)
    return [
        (texts.slice(start, rows), quoted.slice(start, rows) if any_quoted else None)
        for start, any_quoted in zip(starts, used, strict=True)
    ]


def cook(raw: list[str] | list[str | None], dialect: Dialect) -> tuple[pa.Array, pa.Array | None]:
    """A column of raw cells as (texts, quoted): bare empty cells null, quotes and escapes taken away.

    ``quoted`` is a boolean array, or ``None`` where no cell stands in quotes.
    """
    column = pa.array(raw, pa.large_string())
    if dialect.skip_space:
        column = pc.utf8_trim(column, " ")
    if dialect.escape and dialect.delimiter:
        quotes = pc.starts_with(column, dialect.quote)
        column = pc.if_else(
            quotes,
            column,
            pc.replace_substring(column, dialect.escape + dialect.delimiter, dialect.delimiter),
        )
    if not dialect.quote or not pc.any(pc.match_substring(column, dialect.quote)).as_py():
        return _without_empty(column), None
    trimmed = pc.utf8_trim(column, " ") if dialect._blank else column
    quoted = pc.and_(pc.starts_with(trimmed, dialect.quote), pc.ends_with(trimmed, dialect.quote))
    quoted = pc.fill_null(pc.and_(quoted, pc.greater(pc.utf8_length(trimmed), 1)), False)
    inner = pc.utf8_slice_codeunits(trimmed, 1, -1)
    if dialect.escape:
        escape, quote = re.escape(dialect.escape), re.escape(dialect.quote)
        inner = pc.replace_substring_regex(inner, rf"(?s){quote}({quote})|{escape}(.)", r"\1\2")
    else:
        inner = pc.replace_substring(inner, dialect.quote * 2, dialect.quote)
    return pc.if_else(quoted, inner, _without_empty(column)), quoted


def _without_empty(column: pa.Array) -> pa.Array:
    empty = pc.equal(column, "")
    return pc.if_else(empty, pa.scalar(None, column.type), column) if pc.any(empty).as_py() else column
