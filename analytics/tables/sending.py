"""Files that are read in a process of its own: handed over here, and the table taken back."""

from __future__ import annotations

import hashlib
import mmap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO

from analytics.apart import Answer, ApartError, Limits, prepare, run_apart
from analytics.tables.containers import bytes_of, too_large
from analytics.tables.errors import LimitError, TableError
from analytics.tables.options import ReadOptions
from analytics.tables.report import ReadReport, Table
from analytics.tables.transfer.fields import MalformedError, from_plain, to_plain
from analytics.tables.transfer.frames import read_frame

TASKS = "analytics.tables.tasks"
"""What the other process imports; the tasks are its functions."""


def read_apart(
    source: bytes | str | Path | BinaryIO, *, name: str | None, options: ReadOptions, limits: Limits
) -> Table:
    """What ``read_table`` gives, read elsewhere; ``TableError`` too where that process ended."""
    given, found = bytes_of(source, options)
    if len(given) > options.max_bytes:
        raise too_large(options.max_bytes)
    arguments = {"options": to_plain(options), "name": name or found}
    with ThreadPoolExecutor(1) as pool:  # our own digest: what read the file may have been led astray by it
        digest = pool.submit(lambda: hashlib.sha256(given).hexdigest())
        handed = Path(source) if isinstance(source, str | Path) and isinstance(given, mmap.mmap) else given
        answer = _ask("read", handed, arguments, limits)
        try:
            document = answer.document
            frame, lines = read_frame(document["frame"], answer.memory)
            report = from_plain(ReadReport, document["report"])
            table = Table(frame, report, digest.result(), name or str(document["name"]), lines)
        except (MalformedError, KeyError, TypeError) as problem:
            raise _unreadable() from problem
    if frame.shape != (report.rows, report.columns):
        raise _unreadable()
    return table


def list_sheets_apart(source: bytes | mmap.mmap, *, limits: Limits) -> list[str]:
    """What ``list_sheets`` gives."""
    document = _ask("sheets", source, {}, limits).document
    if not isinstance(document, list) or not all(isinstance(name, str) for name in document):
        raise _unreadable()
    return document


def _ask(task: str, source: bytes | mmap.mmap | Path, arguments: dict[str, Any], limits: Limits) -> Answer:
    prepare((TASKS,))
    try:
        return run_apart(f"{TASKS}:{task}", source, arguments, limits=limits)
    except ApartError as error:
        kind = LimitError if error.too_much else TableError
        raise kind(str(error), line=error.line) from error


def _unreadable() -> TableError:
    return TableError("The process that read this file gave no table; save it again, or in another format.")
