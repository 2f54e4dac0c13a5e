"""Where the records of a table end and notes below it begin."""

from __future__ import annotations

import re

from analytics.tables.options import ReadOptions
from analytics.tables.records.cell_kinds import group_of
from analytics.tables.records.column_groups import column_groups
from analytics.tables.records.preamble import filled
from analytics.tables.records.records import Records, Row
from analytics.tables.records.repair import resplit

_NOTE = re.compile(
    r"\s*(?:(?:sources?|notes?|footnotes?|remarks?|copyright|quelle|fuente)\b|[©*†(#]|--)", re.IGNORECASE
)


def end_of_body(records: Records, width: int, options: ReadOptions, *, first: int = 0) -> int:
    """One past the last record; the rows beyond are notes, and so are those above ``first``."""
    rows = records.rows
    if options.skip_footer is not None:
        return max(0, len(rows) - options.skip_footer)
    end = len(rows)
    if width == 1:
        return end
    groups = column_groups(records.sampled(first, end, width), width)
    while end > first + 1:
        below_blank = records.lines[end - 1] in records.after_blank
        if not _is_note(records.row(end - 1), groups, below_blank=below_blank):
            break
        end -= 1
    while 1 < end < len(rows) and not filled(rows[end - 1]):
        end -= 1
    return end


def _is_note(row: Row, groups: list[str], *, below_blank: bool) -> bool:
    """Whether a row at the end is a remark below the table and not a record."""
    size, width, count = len(row.cells), len(groups), filled(row.cells)
    text, own = row.values[0], row.groups[0]
    noted = _NOTE.match(text) is not None
    if size == width and count > 1:
        unlike = (kind == "other" != group for kind, group in zip(row.groups, groups, strict=True))
        return noted and below_blank and any(unlike)
    if size == width and not row.cells[0].strip():
        return _is_scattered(row, groups)
    if size > width or (groups[0] != "other" and own == groups[0]) or _fits_otherwise(row, groups):
        return False
    words = len(text.split())  # names in a first column have three words at most, remarks mostly more
    if size == width:
        apart = groups[0] != "other" and own == "other"
        return (width > 2 and (words >= 4 or apart)) or (words >= 4 and apart)
    if count > 1:
        return noted
    return noted or below_blank or words >= 3 or groups[0] != "other"


def _is_scattered(row: Row, groups: list[str]) -> bool:
    """Whether some cells hold words, one of them below numbers or dates, and the first holds nothing."""
    pairs = [(own, group) for own, group in zip(row.groups, groups, strict=True) if own != "empty"]
    apart = 0 < 2 * len(pairs) <= len(groups) and all(own == "other" for own, _ in pairs)
    return apart and any(group != "other" for _, group in pairs)


def _fits_otherwise(row: Row, groups: list[str]) -> bool:
    """Whether the row is a record written with another delimiter: its parts are of the columns' kinds."""
    parts = resplit(row.cells, row.dialect, len(groups))
    if parts is None:
        return False
    typed = [(group_of(part), group) for part, group in zip(parts, groups, strict=True) if group != "other"]
    return sum(own in (group, "missing", "empty") for own, group in typed) >= max(1, 0.7 * len(typed))
