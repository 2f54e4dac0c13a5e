"""Lines that speak to people only: comments above and inside a table, and rules drawn below its header."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from analytics.tables.records.column_groups import column_groups
from analytics.tables.records.grammar import Dialect
from analytics.tables.records.head.names import has_header
from analytics.tables.records.records import SAMPLE_ROWS, Lines, Records, Row, without
from analytics.tables.report import Repair

_COMMENT = re.compile(r'[\s"]*(#|%|//|!|;)')
_RULE_MARKS = frozenset("-=_+:|~ ")
_DRAWN = re.compile(r"[-=_+]{3}|:-|-:")  # three marks in a row, or how Markdown says which way a column leans
_UNDERLINE = re.compile(r" *:?-{2,}:? *")
RULES_WITHIN = 40  # rows; further down, dashes in all cells are missing values
_MOST_APART = 0.9  # share of comments with a blank behind their mark, by which it is no part of a name
_MOST_WORDS = 5  # of a name; a comment with longer cells is prose


@dataclass(frozen=True)
class Comments:
    """``mark`` begins the comments ("" where there are none); the first ``count`` lines hold no record."""

    mark: str = ""
    count: int = 0

    def hidden(self, lines: Lines) -> Lines:
        """The same lines with the leading comments blank."""
        return replace(lines, texts=[*[""] * self.count, *lines.texts[self.count :]]) if self.count else lines

    def all_hidden(self, lines: Lines) -> Lines:
        """The same lines with everything blank that begins like the leading comments: to find the dialect."""
        if not self.count:
            return lines
        return replace(lines, texts=["" if begins_with(line, self.mark) else line for line in lines.texts])

    def texts(self, lines: Lines, *, header: int | None) -> tuple[str, ...]:
        """The leading comments as they stand, but for the line (from 1) that became the header."""
        block = enumerate(lines.texts[: self.count], 1)
        return tuple(line for number, line in block if line.strip() and number != header)


def leading_comments(lines: Lines) -> Comments:
    """The block of comments on top of a file; none where all lines begin alike.

    A semicolon begins comments, as in files of IDL, only where it cannot be the delimiter.
    """
    first = next((line for line in lines.texts if line.strip()), "")
    found = _COMMENT.match(first)
    if not found:
        return Comments()
    mark = found[1]
    count = next((i for i, line in enumerate(lines.texts) if line.strip() and not begins_with(line, mark)), 0)
    if mark == ";" and any(";" in line for line in lines.texts[count:]):
        return Comments()
    return Comments(mark, count) if count else Comments()


def may_be_comment(line: str) -> bool:
    """Whether a line begins with one of the marks of comments."""
    return _COMMENT.match(line) is not None


def without_rows(comments: Comments, lines: Lines, dialect: Dialect, width: int) -> Comments:
    """The block less the lines at its end that have as many cells as the records: they are rows."""
    count = comments.count
    while count and _is_row(lines.texts[count - 1], comments.mark, dialect, width):
        count -= 1
    return replace(comments, count=count)


def _is_row(line: str, mark: str, dialect: Dialect, width: int) -> bool:
    rest = line.lstrip(' \t"').removeprefix(mark)
    if not dialect.delimiter.strip(" "):
        return width == 1 and rest[:1].isalnum() and len(rest.split()) == 1
    first = rest[:1]
    begins = first.isalnum() or not first.isascii() or rest.lstrip('"').startswith(dialect.delimiter)
    return begins and len(_cells(line, dialect)) == width


def with_commented_header(records: Records, comments: Comments, lines: Lines, width: int) -> Records:
    """The last leading comment that names the columns becomes the first record.

    Words between blanks are as likely prose: they count only where the first record is no header itself.
    """
    if not comments.count or width < 2 or not records.rows or _has_names(records, width):
        return records
    widths = (width, max(map(len, records.rows[:SAMPLE_ROWS])))
    for number in range(comments.count, 0, -1):
        names = _names(lines.texts[number - 1], comments.mark, records.dialect)
        if len(names) not in widths or any(": " in name or len(name.split()) > _MOST_WORDS for name in names):
            continue
        body = records.sampled(0, SAMPLE_ROWS, len(names), unlike=names)
        if has_header(Row(names, records.dialect), body):
            broken = {i + 1 for i in records.broken}
            blank = [line for line in records.blank_lines if line > comments.count]
            lines_of = [number, *records.lines]
            return Records([names, *records.rows], lines_of, broken, blank, records.dialect)
    return records


def without_mark(
    records: Records, comments: Comments, lines: Lines, width: int
) -> tuple[Records, tuple[Repair, ...]]:
    """Records whose first name lost the mark of the comments above, which a blank follows in nearly all."""
    mark, count = comments.mark, comments.count
    block = [line.lstrip() for line in lines.texts[:count] if line.strip()]
    first = records.rows[0][0] if records.rows else ""
    bare = first.removeprefix(mark)
    if not block or first == bare or records.lines[0] <= count or len(records.rows[0]) < width:
        return records, ()
    apart = sum(line.removeprefix(mark)[:1] in ("", " ", "\t", mark) for line in block)
    if not bare[:1].isalnum() or apart < _MOST_APART * len(block):
        return records, ()
    rows = [[bare, *records.rows[0][1:]], *records.rows[1:]]
    if not has_header(Row(rows[0], records.dialect), records.sampled(1, SAMPLE_ROWS, len(rows[0]))):
        return records, ()
    detail = f"the mark {mark} of the comments was taken off the first name"
    return replace(records, rows=rows, _known={}), (Repair("comment", records.lines[0], detail),)


def _has_names(records: Records, width: int) -> bool:
    """Whether the first record is a header; in cells of words only, that is not sure enough."""
    first = records.row(0)
    if not has_header(first, records.sampled(1, SAMPLE_ROWS, width, unlike=first.cells)):
        return False
    body = records.sampled(1, SAMPLE_ROWS, width)
    return not records.dialect.delimiter.strip(" ") or set(column_groups(body, width)) != {"other"}


def _names(line: str, mark: str, dialect: Dialect) -> list[str]:
    """The cells of a comment; a blank after its mark shows that the mark is no part of the first name."""
    rest = line.lstrip(" \t").removeprefix(mark)
    cells = _cells(line if rest[:1].isalnum() else rest.strip(" "), dialect)
    return [cell for cell in cells if cell] if "" in cells[1:-1] else cells


def without_comments(
    records: Records, comments: Comments, lines: Lines, width: int
) -> tuple[Records, tuple[Repair, ...]]:
    """Records without the comments between them, which do not have the usual number of cells."""
    mark = comments.mark or "#"
    gone = [i for i, row in enumerate(records.rows) if _is_comment(i, row, records, lines, mark, width)]
    if not comments.count and (width == 1 or len(gone) > 0.2 * len(records.rows)):
        gone = []
    what = "a comment was" if len(gone) == 1 else f"{len(gone):,} comments were"
    return _less(records, gone, "comment", f"{what} left out, first here")


def _is_comment(index: int, row: list[str], records: Records, lines: Lines, mark: str, width: int) -> bool:
    text = lines.texts[records.lines[index] - 1]
    return (width == 1 or len(row) != width) and begins_with(text, mark)


def without_rules(records: Records) -> tuple[Records, tuple[Repair, ...]]:
    """Records without lines of dashes near the top or, as around printed tables, of one cell anywhere."""
    gone = [
        i
        for i, row in enumerate(records.rows)
        if (i < RULES_WITHIN or "+" in row[0][:1]) and len(records.rows) > 1 and is_rule(row, i)
    ]
    what = "a line of dashes was" if len(gone) == 1 else f"{len(gone):,} lines of dashes were"
    return _less(records, gone, "rule", f"{what} left out, first here")


def is_rule(row: list[str], index: int) -> bool:
    """Whether all cells that hold anything are drawn of dashes and such.

    In the second record (``index`` 1), below the names, two dashes in each cell are enough.
    """
    if index == 1 and len(row) > 1 and all(map(_UNDERLINE.fullmatch, row)):
        return True
    return bool(row) and bool(row[0] or len(row) > 1) and all(map(_is_drawn, filter(None, row))) and any(row)


def _is_drawn(cell: str) -> bool:
    return _RULE_MARKS.issuperset(cell) and _DRAWN.search(cell) is not None


def _less(records: Records, gone: list[int], kind: str, detail: str) -> tuple[Records, tuple[Repair, ...]]:
    if not gone:
        return records, ()
    return without(records, set(gone)), (Repair(kind, records.lines[gone[0]], detail, len(gone)),)


def begins_with(line: str, mark: str) -> bool:
    """Whether a line is a comment by this mark."""
    return line.lstrip(' \t"').startswith(mark)


def _cells(line: str, dialect: Dialect) -> list[str]:
    quoted = dialect.split_quoted(line) if dialect.quote and dialect.quote in line else None
    return quoted or dialect.split(line)
