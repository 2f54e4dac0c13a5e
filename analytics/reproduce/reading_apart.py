"""How pandas reads a stranger's file, tried in a process of its own."""

from __future__ import annotations

import mmap
from typing import Any

from analytics.apart import Limits, run_apart
from analytics.errors import ZetascopeError
from analytics.reproduce.pandas_reading import PandasReading, pandas_reading
from analytics.tables import ReadOptions, read_table
from analytics.tables.transfer.fields import MalformedError, from_plain, to_plain


def pandas_reading_apart(
    source: bytes, *, file_name: str, options: ReadOptions, limits: Limits
) -> PandasReading:
    """What ``pandas_reading`` gives for the table that ``options`` make of ``source``.

    Raises:
        ZetascopeError: as there, and where the other process ended.
    """
    arguments = {"file_name": file_name, "options": to_plain(options)}
    answer = run_apart(f"{__name__}:try_task", source, arguments, limits=limits)
    try:
        return from_plain(PandasReading, answer.document)
    except MalformedError as problem:
        raise ZetascopeError("How pandas reads this file could not be found out.") from problem


def try_task(source: bytes | mmap.mmap, arguments: dict[str, Any], _target: Any) -> Any:
    """What the other process does: it reads the file twice."""
    data, name = source[:], arguments["file_name"]
    table = read_table(data, name=name, options=from_plain(ReadOptions, arguments["options"]))
    return to_plain(pandas_reading(table, data, file_name=name))
