"""Signs that no cell was meant to hold: zero bytes, and marks of byte order where files were put together."""

from __future__ import annotations

from dataclasses import replace

from analytics.tables.records.grammar import Dialect
from analytics.tables.records.records import Lines
from analytics.tables.report import Repair

MARK = "\ufeff"
"""Begins a file in some encodings, and within one only where another file was appended to it."""


def without_marks(lines: Lines) -> tuple[Lines, tuple[Repair, ...]]:
    """The lines without marks of byte order in front of them: a name or a number behind one is none."""
    marked = [number for number, line in enumerate(lines.texts, 1) if line.startswith(MARK)]
    if not marked:
        return lines, ()
    texts = [line.lstrip(MARK) for line in lines.texts]
    count = len(marked)
    what = "a mark of byte order was" if count == 1 else f"{count:,} marks of byte order were"
    detail = f"{what} taken off the beginning of a line, first here"
    return replace(lines, texts=texts), (Repair("byte order mark", marked[0], detail, count),)


def without_nul(lines: Lines, dialect: Dialect) -> tuple[Lines, tuple[Repair, ...]]:
    """The lines without zero bytes, unless these part or escape cells."""
    if "\x00" in (dialect.escape, dialect.delimiter):
        return lines, ()
    spoiled = [number for number, line in enumerate(lines.texts, 1) if "\x00" in line]
    if not spoiled:
        return lines, ()
    count = sum(lines.texts[number - 1].count("\x00") for number in spoiled)
    texts = [line.replace("\x00", "") for line in lines.texts]
    what = "1 NUL byte was" if count == 1 else f"{count:,} NUL bytes were"
    return replace(lines, texts=texts), (Repair("nul", spoiled[0], f"{what} taken out, first here", count),)
