"""Where the records of a table end and notes below it begin."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analytics.tables.options import ReadOptions
from analytics.tables.records.cell_kinds import group_of
from analytics.tables.records.column_groups import column_groups
from analytics.tables.records.head.preamble import filled
from analytics.tables.records.records import Records, Row
from analytics.tables.records.repair import resplit

_NOTE = re.compile(
    r"\s*(?:(?:sources?|notes?|footnotes?|remarks?|copyright|quelle|fuente)\b|[©*†(#]|--)", re.IGNORECASE
)
_END_MARK = re.compile(
    r"\W{0,9}(?:eof|end(?: of (?:file|data|report|table|list|records))?)\W{0,9}", re.IGNORECASE
)
_NUMBERED = re.compile(r"(?:[0-9a-z¹²³]{1,2}\)|[¹²³⁴-⁹]) ?[^\W\d]")
"""How a footnote begins: 1) without the islands, ¹ provisional."""
_TOTAL = re.compile(
    r"(?:grand |sub-?)?totals?\b|totaal|totale?s?\b|sum(?:me|ma|a|mary)?\b"
    r"|(?:gesamt|zwischen)(?:summe|betrag)?\b|somme\b|average\b|mean\b|mittelwert|durchschnitt|moyenne|promedio|media\b|średnia|razem|suma\b|celkem"
    r"|összesen|toplam|yhteensä|summa\b|i alt\b|итого|всего|合[计計]|总计|總計|小计|合計|합계|總額",
    re.IGNORECASE,
)
_TOTAL_ALONE = re.compile(rf"(?:{_TOTAL.pattern})\W*(?:\([^)]*\)|[0-9]{{4}})?\W*", re.IGNORECASE)
_MOST_PIECES = 4
"""Lines that a record may be torn into."""
_MOST_BELOW_GAP = 20
"""Rows of a block of notes: settings of the program, the person who was measured."""
_WORD = re.compile(r"(?<!\w)\w")
_LONGEST_TOTAL = 40
"""Characters among which a word of a total begins a word ("Transactions Total"); more are a description."""
_FEWEST, _NOTES = 3, 5
"""Records that show what is usual, and rows above one at the end that may be notes like it."""
_USUAL = 0.9
"""Share of the records that fill a column which a row at the end leaves empty."""


def end_of_body(records: Records, width: int, options: ReadOptions, *, first: int = 0) -> int:
    """One past the last record; the rows beyond are notes or empty, and those above ``first`` are notes."""
    rows = records.rows
    if options.skip_footer is not None:
        return max(0, len(rows) - options.skip_footer)
    end = len(rows)
    if width == 1:
        return end
    if rows and not any(records.row(min(first, end - 1)).quoted):  # else a writer that quotes all it means
        while end > first + 1 and not filled(rows[end - 1]):
            end -= 1
    last = end
    groups = column_groups(records.sampled(first, end, width), width)
    while end > first + 1:
        below_blank = _follows_blank(records, end - 1)
        if not _is_note(records.row(end - 1), groups, below_blank=below_blank) and not _is_sparse(
            records, end - 1, width, first=first, noted=end < last
        ):
            break
        end -= 1
    while 1 < end < len(rows) and not filled(rows[end - 1]):
        end -= 1
    return end


def _follows_blank(records: Records, index: int) -> bool:
    """Whether an empty line stands above a row or above rows of one cell each that end with it."""
    for place in range(index, max(0, index - _MOST_BELOW_GAP), -1):
        if records.lines[place] in records.after_blank:
            return True
        if filled(records.rows[place]) != 1 or filled(records.rows[place - 1]) != 1:
            return False
    return False


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
    fits = size < width and _fits_otherwise(row, groups)
    if size > width or fits or (groups[0] != "other" and own == groups[0]):
        return False
    words = len(text.split())  # names in a first column have three words at most, remarks mostly more
    if size == width:
        apart = groups[0] != "other" and own == "other"
        # A sheet has both cells of a remark beside a column of values, where a text has one.
        noted = noted or _NUMBERED.match(text.lstrip()) is not None
        said = (noted or below_blank) and (words >= 3 or ":" in text) and groups[-1] not in ("other", "empty")
        return (width > 2 and (words >= 4 or apart)) or (words >= 4 and apart) or said
    if count > 1:
        return noted
    noted = noted or _END_MARK.fullmatch(text) is not None
    return noted or below_blank or words >= 3 or groups[0] != "other"


def _is_sparse(records: Records, index: int, width: int, *, first: int, noted: bool) -> bool:
    """Whether a row fills at most half of what records fill, and what it has is no value of its column.

    Words stand in a column of numbers or dates, or are those of a total, or stand alone above notes
    (``noted``) or below an empty line, or all it has stands where no record has anything.
    """
    rows, row = records.rows, records.row(index)
    size, count = len(row.cells), filled(row.cells)
    size = width if size > width and not filled(row.cells[width:]) else size
    if not count or 2 * count > width or size > width or _is_torn(rows, index, width):
        return False
    # A few notes one below the other must not be taken for what is usual.
    body = records.sampled(first + 1, max(index - _NOTES, min(index, first + 1 + _NOTES)), width)
    if len(body) < _FEWEST:
        return False
    shares = [_share_filled(body, place) for place in range(width)]
    usual = [place for place, share in enumerate(shares) if share >= _USUAL]
    own = [place for place, cell in enumerate(row.values) if cell.strip()]
    if len(usual) < 2 or 2 * len(set(own) & set(usual)) > len(usual):
        return False
    typed = _typed_throughout(body[-_FEWEST:], column_groups(body, width), own)
    if any(row.groups[place] == "other" for place in typed) or not any(shares[place] for place in own):
        return True
    alone = count == 1 and noted
    if len(usual) > 2 and (alone or _is_below_gap(records, index, width)):
        return True
    return count > 1 and _is_total(row.values[own[0]].strip(), [other.values[own[0]] for other in body])


def names_total(text: str) -> bool:
    """Whether a text as a whole is a word of totals, alone or with a word before or a remark behind."""
    bare = text.strip()
    own = [found.start() for found in _WORD.finditer(bare[:_LONGEST_TOTAL])][:2]
    return any(_TOTAL_ALONE.fullmatch(bare[start:]) for start in own)


def mentions_total(text: str) -> bool:
    """Whether a word of totals begins a word near the start of a text."""
    return any(_TOTAL.match(text[word.start() :]) for word in _WORD.finditer(text[:_LONGEST_TOTAL]))


def _is_total(said: str, others: Sequence[str]) -> bool:
    """Whether a text has a word of totals, and no other of its column says the same."""
    return mentions_total(said) and not any(other.strip() == said for other in others)


def _is_below_gap(records: Records, index: int, width: int) -> bool:
    """Whether an empty line parts the row, and sparse ones right above it, from the records."""
    for place in range(index, max(0, index - _MOST_BELOW_GAP), -1):
        if 2 * filled(records.rows[place]) > width:
            return False
        if records.lines[place] in records.after_blank or not filled(records.rows[place - 1]):
            return 2 * filled(records.rows[place - 1 - (not filled(records.rows[place - 1]))]) > width
    return False


def _is_torn(rows: Sequence[Sequence[str]], index: int, width: int) -> bool:
    """Whether a short row and those above it are a record that line breaks within a cell have torn."""
    cells = len(rows[index])
    for above in range(index - 1, max(-1, index - _MOST_PIECES), -1):
        if cells >= width or len(rows[above]) >= width:
            return False
        cells += len(rows[above]) - 1
        if cells == width:
            return True
    return False


def _typed_throughout(rows: Sequence[Row], groups: Sequence[str], places: Sequence[int]) -> list[int]:
    """Those of the places where columns hold numbers, dates and such, and so do all of the rows."""
    typed = (place for place in places if groups[place] not in ("other", "boolean"))
    return [place for place in typed if all(row.groups[place] == groups[place] for row in rows)]


def _share_filled(rows: Sequence[Row], place: int) -> float:
    return sum(bool(row.values[place].strip()) for row in rows) / len(rows)


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
