"""How the CSV files of one table are written: found once, as the pages find it, and told to the engines.

Left to themselves, engines guess file by file: DuckDB takes the columns of all files by their places whatever
their headers say, and Spark takes a backslash for the mark before a quote.
"""

import csv
import gzip
from codecs import getincrementaldecoder
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, cast

from analytics.tables import ReadOptions, TableError, read_table
from analytics.words import count

_HEAD = 65_536  # bytes from a file's start: hundreds of rows, read in some hundredths of a second
_UTF8 = ("utf-8", "ascii")


@dataclass(frozen=True)
class CsvLayout:
    """The mark between cells, those around and before quotes, whether there is a header, and the names."""

    delimiter: str
    quote: str
    escape: str
    header: bool
    names: tuple[str, ...]


def layout_of(path: str) -> CsvLayout:
    """The layout of one file. Raises TableError with what keeps engines from reading it, as "it ..."."""
    head, _ = _start(path)
    table = read_table(head, name="head.csv", options=ReadOptions(as_text=True))
    report = table.report
    if report.encoding not in _UTF8:
        raise TableError(f"it is written in {report.encoding}: engines read UTF-8")
    if report.preamble:
        raise TableError(f"it has {count(len(report.preamble), 'line')} above its table: take that off")
    delimiter, quote = report.delimiter or ",", report.quote or '"'
    first = _cells(head, delimiter, quote)
    names = [str(name) for name in table.frame.columns]
    if len(names) != len(first):  # a column without a name and values, which the pages leave out
        names = [name.strip() or f"column_{place}" for place, name in enumerate(first, start=1)]
    return CsvLayout(delimiter, quote, report.escape or quote, report.header_row is not None, tuple(names))


def look_at_headers(paths: Sequence[str]) -> tuple[CsvLayout | None, list[tuple[str, str]], list[str]]:
    """The layout of most files; files that have another, with what differs; and those that hold no rows."""
    seen: dict[str, CsvLayout] = {}
    kinds: dict[str, CsvLayout] = {}
    bad: list[tuple[str, str]] = []
    for path in paths:
        try:
            # Files with the same first line are of one kind: only the first of them is looked at closely.
            line = _first_line(path)
            if line in seen:
                _check_utf8(path)
            else:
                seen[line] = layout_of(path)
            kinds[path] = seen[line]
        except (TableError, OSError, EOFError, csv.Error) as error:
            bad.append((path, str(error).rstrip(".")))
    if not kinds:
        return None, bad, []
    ((usual, _),) = Counter(kinds.values()).most_common(1)
    bad += [(path, _differs(kind, usual)) for path, kind in kinds.items() if kind != usual]
    alike = [path for path, kind in kinds.items() if kind == usual]
    return usual, bad, [path for path in alike if usual.header and _has_no_rows(path)]


def _differs(kind: CsvLayout, usual: CsvLayout) -> str:
    for name in usual.names:
        if name not in kind.names:
            return f"it has no column {name!r}"
    for name in kind.names:
        if name not in usual.names:
            return f"it has a column {name!r} that the others lack"
    if kind.names != usual.names:
        return f"its columns are in another order ({', '.join(kind.names[:4])})"
    return "its cells are parted or quoted in another way than those of the others"


def _start(path: str) -> tuple[bytes, bool]:
    """The first whole lines, and whether they are all."""
    with _opened(path) as file:
        head = file.read(_HEAD + 1)
    if len(head) <= _HEAD:
        return head, True
    return head[: head.rfind(b"\n") + 1] or head, False


def _opened(path: str) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if path.lower().endswith(".gz") else Path(path).open("rb")


def _first_line(path: str) -> str:
    head, _ = _start(path)
    return head.split(b"\n", 1)[0].decode("utf-8-sig", errors="replace").rstrip("\r")


def _check_utf8(path: str) -> None:
    """Raises TableError where the beginning is none; Spark would put other letters there and say nothing."""
    head, _ = _start(path)
    try:
        getincrementaldecoder("utf-8")().decode(head)  # which takes a letter that the end of the head cuts
    except UnicodeDecodeError:
        raise TableError("it is not in UTF-8, which engines read") from None


def _lines(head: bytes) -> Iterator[str]:
    return iter(head.decode("utf-8-sig", errors="replace").splitlines(keepends=True))


def _cells(head: bytes, delimiter: str, quote: str) -> list[str]:
    if len(delimiter) > 1:
        raise TableError(f"its cells are parted by {delimiter!r}: engines take one mark")
    return next(csv.reader(_lines(head), delimiter=delimiter, quotechar=quote), [])


def _has_no_rows(path: str) -> bool:
    head, whole = _start(path)
    return whole and len(list(islice((line for line in _lines(head) if line.strip()), 2))) < 2
