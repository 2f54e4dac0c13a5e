"""What a process of its own does with a file: named in ``sending``, called by ``apart.worker``."""

from __future__ import annotations

import io
import mmap
from collections.abc import Iterator
from typing import Any, BinaryIO

from analytics.tables.formats.spreadsheet import sheet_names
from analytics.tables.options import ReadOptions
from analytics.tables.reading import read_given
from analytics.tables.room import columns_in
from analytics.tables.transfer.fields import from_plain, to_plain
from analytics.tables.transfer.frames import write_frame

_ROWS = "".join(f"{i},some name {i},{i / 8},2024-01-{i % 28 + 1:02},yes\n" for i in range(120))
_REHEARSED = (
    (f"id,name,price,day,paid\n{_ROWS}".encode(), "a.csv"),
    (b'{"a": 1, "b": "x"}\n{"a": 2, "b": null}\n', "a.jsonl"),
    (b"<table><tr><th>a<th>b<tr><td>1<td>2</table>", "a.html"),
)


def rehearse() -> Iterator[None]:
    """Read small files of our own, so that what a first one waits for is there before the fork."""
    import pyarrow.parquet  # noqa: F401
    import python_calamine  # noqa: F401

    options = to_plain(ReadOptions())
    for data, name in _REHEARSED:
        read(data, {"options": options, "name": name}, io.BytesIO())
        yield


def read(source: bytes | mmap.mmap, arguments: dict[str, Any], target: BinaryIO) -> dict[str, Any]:
    """A table as plain data, its columns in ``target``."""
    options = from_plain(ReadOptions, arguments["options"])
    with columns_in(target):
        table = read_given(source, name=arguments["name"], options=options)
    frame = write_frame(table.frame, target, lines=table.lines)
    return {"frame": frame, "report": to_plain(table.report), "name": table.name}


def sheets(source: bytes | mmap.mmap, _arguments: dict[str, Any], _target: BinaryIO) -> list[str]:
    """Names of a workbook's sheets."""
    return sheet_names(source[:])
