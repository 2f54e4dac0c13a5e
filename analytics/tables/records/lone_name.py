"""A name alone above lines that hold a mark: one column of values with that mark in them, and a doubt."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analytics.tables.options import ReadOptions
from analytics.tables.records.cell_kinds import NUMERIC, group_of, kind_of
from analytics.tables.records.records import Records
from analytics.tables.report import Alternative, Doubt

_NAME = re.compile(r"[^\s,;:|]{1,40}(?: ?[\[(][^\s\])]{1,12}[\])])?")
"""One word, maybe with its unit: titles above tables have more."""
_RATIO = re.compile(r"\d+:\d+")
_SHOWN = 3
"""Lines shown with a question."""
_FEWEST = 2
"""Lines below the name, and of them with the mark."""


def is_lone_name(texts: Sequence[str], mark: str) -> bool:
    """Whether the first line is a word, and each line below it a value with this mark in it.

    Values are numbers with decimals or thousands behind commas (``v``, ``1,5``), some of them maybe without
    (``999`` among ``1,200``), ratios, and texts in which a blank stands behind each mark (``Smith, John``).
    """
    lines = [line.strip() for line in texts if line.strip()]
    if len(lines) <= _FEWEST or mark in lines[0] or not _NAME.fullmatch(lines[0]):
        return False
    body = lines[1:]
    marked = sum(mark in line for line in body)
    if group_of(lines[0]) != "other" or marked < _FEWEST:
        return False
    if mark == "," and all(kind_of(line) in NUMERIC for line in body):
        return True
    if mark == ":":
        return all(map(_RATIO.fullmatch, body))
    return mark in ",;" and marked == len(body) and all(_is_prose(line, mark) for line in body)


def _is_prose(line: str, mark: str) -> bool:
    parts = line.split(mark)
    return all(part[:1] == " " and part.strip() for part in parts[1:]) and parts[0][-1:].isalpha()


def lone_name_doubt(records: Records, mark: str, options: ReadOptions) -> tuple[Doubt, ...]:
    """Whether the mark that was left within the values parts cells after all; "" for none."""
    if not mark or options.delimiter is not None or options.as_text:
        return ()
    shown = [row[0] for row in records.rows[1:] if mark in row[0]][:_SHOWN]
    return (
        Doubt(
            f"Does {mark!r} part cells, or stand within the values of {records.rows[0][0]!r}?",
            f"Line {records.lines[0]:,} is one name, and lines below hold {mark!r}.",
            Alternative("Within the values", (("delimiter", ""),), tuple((line, line) for line in shown)),
            (
                Alternative(
                    "It parts cells",
                    (("delimiter", mark),),
                    tuple((line, " | ".join(line.split(mark))) for line in shown),
                ),
            ),
        ),
    )
