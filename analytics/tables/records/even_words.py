"""Lines of words, all with the same number of colons or blanks: a table of texts, and a doubt."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analytics.tables.options import ReadOptions
from analytics.tables.records.cell_kinds import without_inner_marks
from analytics.tables.records.records import Records
from analytics.tables.report import Alternative, Doubt

_FEWEST = {":": 8, " ": 4}
"""Lines that are hardly alike by chance."""
_CODE = re.compile(r"(?=.*\d)[\w./+-]{4,}")
_SHOWN = 3
"""Lines shown with a question."""
_NAMES = {":": "colons", " ": "blanks"}


def even_words(texts: Sequence[str]) -> tuple[str, int, int] | None:
    """(the mark, cells in each line, lines), where all lines hold the mark equally often between words.

    With blanks one column must hold codes of one form (``418-Y11-4111``): sentences may be equally long.
    """
    lines = [line for line in texts if line.strip()]
    if any("\t" in line for line in lines):
        return None
    bare = [without_inner_marks(line) for line in lines]
    for mark, fewest in _FEWEST.items():
        if not all(mark in line for line in bare):
            continue
        if len(lines) < fewest or mark not in lines[0] or len({line.count(mark) for line in lines}) != 1:
            continue
        cells = [[cell.strip() for cell in line.split(mark)] for line in lines]
        if all(map(all, cells)) and (mark != " " or _holds_codes(cells)):
            return mark, len(cells[0]), len(lines)
    return None


def _holds_codes(rows: list[list[str]]) -> bool:
    """Whether a column, but for its first cell, holds codes of one length with digits."""
    columns = zip(*rows[1:], strict=True)
    return any(len(set(map(len, column))) == 1 and all(map(_CODE.fullmatch, column)) for column in columns)


def even_words_doubt(records: Records, lines: int, options: ReadOptions) -> tuple[Doubt, ...]:
    """Whether such lines are one text each; ``lines`` is how many of them were looked at, 0 for none."""
    if not lines or options.delimiter is not None or options.as_text:
        return ()
    mark = records.dialect.delimiter
    shown = [mark.join(row) for row in records.rows[:_SHOWN]]
    parted = tuple((line, " | ".join(row)) for line, row in zip(shown, records.rows, strict=False))
    count = len(records.rows[0]) - 1
    often = "one" if count == 1 else f"{count:,}"
    return (
        Doubt(
            f"Do {_NAMES[mark]} part the cells?",
            f"All {lines:,} lines looked at hold {often} of them between words; nothing else speaks for it.",
            Alternative(f"Yes, {count + 1:,} columns", (("delimiter", mark),), parted),
            (Alternative("No, one column", (("delimiter", ""),), tuple((line, line) for line in shown)),),
        ),
    )
