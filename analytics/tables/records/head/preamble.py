"""What stands above the names of a table: notes, ``name: value`` lines and little tables of other shapes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analytics.tables.records.records import Records, Row

_MOST_ABOVE = 400
"""Rows above the names that are looked at; an actigraph wrote 129, a smart trainer 290."""
_SPARSE = 0.84
"""Of the names' cells: rows with no more are notes (5 of 6 above a sheet, 8 of 12 above weather data)."""
_FULL = 0.9
"""Of the width: a row of names has nearly all cells filled."""
_FEWEST_NAMES, _MOST_COMPARED = 4, 20
"""Names for some of the columns only: more than any of the next rows has filled (38 of 122 in a ledger)."""
_LONG = 5
"""Times as many rows as little tables of other widths above them have: then those are no table to be kept."""
_MOST_GROUP_ROWS = 2
"""Rows that name groups of columns; three rows of scattered words were prose above a sheet."""
_FEWEST_NOTES, _LONG_BLOCK = 5, 20
"""Full rows of words above names are notes from so many on (four may be a header), above so many records."""
_FEWEST_UNEVEN, _FEWEST_EVEN = 3, 5
"""Rows of other widths above a block that ends the file, and rows of that block."""
_ATTRIBUTES = ":="


def filled(row: Sequence[str]) -> int:
    """Number of cells that are not blank; quotes around nothing are blank too."""
    return sum(1 for cell in row if cell and not cell.isspace() and cell not in ('""', "''"))


def distinct(row: Sequence[str]) -> int:
    """Number of different cells that are not blank: merged cells of a sheet count once."""
    return len({cell for cell in row if cell and not cell.isspace() and cell not in ('""', "''")})


def names_below(
    records: Records,
    width: int,
    end: int,
    *,
    names: Callable[[int], bool],
    groups: Callable[[int], list[str]],
) -> int | None:
    """The first row of the names, where all rows above it are notes or little tables; ``None`` if not so.

    ``names`` says whether a row names the columns below it, ``groups`` of what kinds those are.
    """
    rows = records.rows
    block = _above_even_block(records, width, end, names)
    if block is not None:
        return block
    if len(rows[0]) == width and _is_full(rows[0], width):
        return _below_full_notes(records, width, end, groups)
    other = most = 0
    for place in range(min(end - 1, _MOST_ABOVE)):
        row = rows[place]
        count = distinct(row)
        if len(row) == width and place and count * _SPARSE >= most and _may_name(rows, place, end):
            found = _stands_over(records.row(place), groups(place)) and names(place)
            if found:
                long = not other or _count(rows[place + 1 : end], width) >= _LONG * other
                return _with_group_rows(records, place, width) if long else None
        if len(row) == width and _is_full(row, width):
            return None
        other += len(row) != width and filled(row) > _SPARSE * width
        most = max(most, count) if len(row) == width else most
    return None


def _above_even_block(records: Records, width: int, end: int, names: Callable[[int], bool]) -> int | None:
    """The row of names, or without one the first record, of a block of numbers and dates that ends the file.

    What stands above it has other numbers of cells in nearly all rows, be they more or fewer.
    """
    rows = records.rows
    if _count(rows[:_FEWEST_UNEVEN], width) == _FEWEST_UNEVEN:
        return None
    for place in range(_FEWEST_UNEVEN, min(end - _FEWEST_EVEN, _MOST_ABOVE) + 1):
        if _begins_block(records, place, width, end):
            # The mark of a section may stand between the names and the first records.
            marked = place > 1 and len(rows[place - 1]) == 1 and len(rows[place - 2]) == width
            if marked and names(place - 2):
                return place - 2
            above = records.row(place - 1)
            named = _are_names(above, width) or (len(above.cells) == width and names(place - 1))
            first = place - named
            follows = len(above.cells) == width and not named
            return None if follows or 2 * _count(rows[:first], width) > first else first
    return None


def _begins_block(records: Records, place: int, width: int, end: int) -> bool:
    """Whether nothing but rows of numbers, dates and such of one width follows."""
    below = range(place, place + _FEWEST_EVEN)
    if any(len(records.rows[i]) != width for i in below) or not all(_is_typed(records.row(i)) for i in below):
        return False
    sampled = records.sampled(place, end, width)
    return _count(records.rows[place:end], width) >= _FULL * (end - place) and all(map(_is_typed, sampled))


def _is_typed(row: Row) -> bool:
    """Whether no cell holds words and at least one does not stand empty."""
    kinds = set(row.groups) - {"empty", "missing"}
    return bool(kinds) and "other" not in kinds


def _are_names(row: Row, width: int) -> bool:
    """Whether a row above the block names its columns, maybe behind a word with a colon (``Data:  y  x``)."""
    labelled = len(row.cells) == width + 1 and row.cells[0].endswith(_ATTRIBUTES[0])
    return (len(row.cells) == width or labelled) and all(group == "other" for group in row.groups)


def _count(rows: Sequence[Sequence[str]], width: int) -> int:
    return sum(len(row) == width for row in rows)


def _may_name(rows: Sequence[Sequence[str]], place: int, end: int) -> bool:
    """Whether nearly all cells are filled, or more than in any of the next rows."""
    count = filled(rows[place])
    if count >= _FULL * len(rows[place]):
        return True
    below = rows[place + 1 : min(end, place + 1 + _MOST_COMPARED)]
    return count >= _FEWEST_NAMES and all(count >= filled(row) for row in below)


def _is_full(row: Sequence[str], width: int) -> bool:
    """Whether a row has too many cells for a note; names above an index without one lack the first only."""
    return distinct(row) > _SPARSE * width or (not row[0].strip() and filled(row) == width - 1)


def _stands_over(row: Row, groups: list[str]) -> bool:
    """Whether words stand above the columns of numbers, dates and such, of which there are some."""
    typed = [own for own, group in zip(row.groups, groups, strict=False) if group != "other"]
    words = sum(own == "other" for own in typed)
    return bool(typed) and (words >= _FULL * len(typed) or row.groups[0] == "other")


def _with_group_rows(records: Records, place: int, width: int) -> int:
    """The row of names, or the first of up to two rows right above it that name groups of its columns."""
    first = place
    while first and _names_groups(records.row(first - 1), width):
        first -= 1
    return first if place - first <= _MOST_GROUP_ROWS or first == 0 else place


def _names_groups(row: Row, width: int) -> bool:
    """Whether a row has words with gaps between; two cells at its left are a name and its value."""
    own = [place for place, cell in enumerate(row.values) if cell.strip()]
    if len(row.cells) != width or len(own) < 2 or (own[-1] == 1 and width > 3):
        return False
    return all(
        row.groups[place] == "other" and not any(mark in row.values[place] for mark in _ATTRIBUTES)
        for place in own
    )


def _below_full_notes(
    records: Records, width: int, end: int, groups: Callable[[int], list[str]]
) -> int | None:
    """The last of many rows of words, each with as many cells as the long block of numbers below them."""
    if end <= _FEWEST_NOTES + _LONG_BLOCK:
        return None
    kinds = groups(_FEWEST_NOTES)
    typed = [place for place, group in enumerate(kinds) if group != "other"]
    if 2 * len(typed) < width:
        return None
    last = -1
    while last + 1 < min(end, _MOST_ABOVE) and _are_words(records.row(last + 1), typed):
        last += 1
    if last < _FEWEST_NOTES or end - last <= max(_LONG_BLOCK, 3 * last) or len(records.rows[last]) != width:
        return None
    return last if all(records.row(last).groups[place] == "other" for place in typed) else None


def _are_words(row: Row, typed: list[int]) -> bool:
    """Whether half of the cells above numbers are words, or there are too few cells for a record."""
    if len(row.cells) <= typed[-1]:
        return True
    return 2 * sum(row.groups[place] == "other" for place in typed) >= len(typed)
