"""A row of words below complete names, above numbers: more names, or a first record that has no number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from analytics.tables.records.head.names import form_of
from analytics.tables.records.records import Row

_ALIKE = 0.6  # share of a column's texts of one form, as in has_header: keys such as S1, S2


def may_be_record(header: Row, row: Row, body: Sequence[Row], groups: Sequence[str]) -> bool:
    """Whether a row of words where the ``body``, of these ``groups``, has numbers is one of its records.

    Names that are all there and all different need no second row. What speaks for a record is a single word
    among the numbers (``low``, ``unknown``), the same word in several columns, and a text like those below.
    Where no column holds texts, a row of nothing but words holds names.
    """
    names, cells = _stripped(header, groups), _stripped(row, groups)
    if row.cells == header.cells or len(cells) < len(groups):
        return False
    if not all(names) or len(set(names)) < len(groups):
        return False
    texts = [place for place, group in enumerate(groups) if group == "other"]
    words = [cell for cell, group in zip(cells, groups, strict=True) if cell and group != "other"]
    if not any(cells[place] for place in texts):
        return False
    different = len(set(map(str.casefold, words)))
    return different < max(2, len(words)) or is_like(row, body, groups)


def is_like(row: Row, body: Sequence[Row], groups: Sequence[str]) -> bool:
    """Whether a text of the row comes again in its column, or is written as those are."""
    cells = _stripped(row, groups)
    texts = (place for place, group in enumerate(groups) if group == "other")
    return any(_is_one_of(cells[place], [other.values[place].strip() for other in body]) for place in texts)


def are_full_names(header: Row, row: Row, groups: Sequence[str]) -> bool:
    """Whether both of two rows of names are complete, above a column of texts: the second may be a record."""
    rows = (_stripped(header, groups), _stripped(row, groups))
    return "other" in groups and all(len(set(cells)) == len(groups) and all(cells) for cells in rows)


def _stripped(row: Row, groups: Sequence[str]) -> list[str]:
    return [value.strip() for value in row.values[: len(groups)]]


def _is_one_of(cell: str, values: Sequence[str]) -> bool:
    """Whether a text comes again below, or is written as most there are, with digits in it."""
    kept = [value for value in values if value]
    if not cell or not kept:
        return False
    form, count = Counter(map(form_of, kept)).most_common(1)[0]
    return cell in kept or ("9" in form and count >= _ALIKE * len(kept) and form_of(cell) == form)
