"""Damaged and hostile files without end: seeds of every format ``read_table`` knows, and mutations of them.

Mutations know the structure they break. A packed file is unpacked, its text changed and packed again, so that
damage reaches the parser behind the archive; only then bytes of the container itself are changed.
"""

import gzip
import io
import random
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from analytics.errors import ZetascopeError
from analytics.tables import ReadOptions, Table, TableError, read_table
from benchmarks.both_ways import both_ways, difference
from benchmarks.fuzz_changes import MARKS, MOST_BYTES, XML_MARKS, changed, damaged
from benchmarks.fuzz_seeds import seeds, zipped
from benchmarks.made_tables import made_table

LIMITS = ReadOptions(
    max_bytes=10**7, max_expanded_bytes=10**7, max_rows=10**5, max_columns=2000
)  # A damaged length must be refused, not allocated.
_ENTRIES = {
    "xlsx": ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"],
    "ods": ["content.xml"],
    "zip": ["inner.csv"],
}
_UNPACKABLE = (
    OSError, EOFError, ValueError, KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One input and what it was made from."""

    data: bytes
    name: str
    seed: str


@dataclass(frozen=True)
class Outcome:
    """What reading a case gave: ``Table``, ``TableError`` or the name of what should never be raised."""

    kind: str
    seconds: float
    message: str = ""

    @property
    def allowed(self) -> bool:
        return self.kind in {"Table", "TableError"}


def cases(count: int, *, seed: int) -> Iterator[Case]:
    """``count`` mutated files, the same ones for the same ``seed``."""
    draw = random.Random(seed)
    names = sorted(seeds())
    for number in range(count):
        name = names[number % len(names)]
        data = seeds()[name]
        for _ in range(draw.choice((1, 1, 2, 3, 6))):
            data = _mutated(draw, data, name)
        yield Case(data[:MOST_BYTES], f"file.{name.rsplit(' ', 1)[-1]}", name)


def all_cases(count: int, *, seed: int) -> Iterator[Case]:
    """``count`` mutated files, then a quarter as many tables as people make them, which no mutation gives."""
    yield from cases(count, seed=seed)
    draw = random.Random(seed)
    yield from (Case(made_table(draw), "file.csv", "made csv") for _ in range(count // 4))


def outcome(case: Case, *, options: ReadOptions = LIMITS) -> Outcome:
    """Read a case; nothing is raised, whatever happens."""

    def read() -> str:
        table = read_table(case.data, name=case.name, options=options)
        return _broken_promise(table) or _two_readings(table, case, options)

    return outcome_of(read, TableError, lambda said: "" if said.strip() else "TableError without a sentence")


def outcome_of(
    use: Callable[[], str], refusal: type[ZetascopeError], no_sentence: Callable[[str], str]
) -> Outcome:
    """What ``use`` came to; it returns what is wrong with a table, and ``no_sentence`` with a refusal."""
    started = time.process_time()
    try:
        kind, message = "Table", use()
    except refusal as error:
        kind, message = "TableError", no_sentence(str(error))
    except BaseException as error:  # a Rust panic is no Exception
        if isinstance(error, KeyboardInterrupt):
            raise
        kind, message = type(error).__name__, f"{type(error).__name__}: {error}"
    return Outcome(message.split(":")[0] if message else kind, time.process_time() - started, message)


def _broken_promise(table: Table) -> str:
    """What a returned table may never be."""
    names = table.frame.columns
    if len(set(names)) < len(names) or not all(isinstance(name, str) for name in names):
        return "names that are not distinct texts"
    if table.frame.shape != (table.report.rows, table.report.columns):
        return "a report that counts otherwise"
    return ""


def _two_readings(table: Table, case: Case, options: ReadOptions) -> str:
    """In what the quick and the careful way to read a text differ."""
    if table.report.format != "text":
        return ""
    found = difference(*both_ways(case.data, name=case.name, options=options))
    return f"two readings: {found}" if found else ""


def _mutated(draw: random.Random, data: bytes, seed: str) -> bytes:
    kind = seed.rsplit(" ", 1)[-1]
    if draw.random() < 0.8:
        inside = _mutated_inside(draw, data, kind)
        if inside is not None:
            return inside
    return damaged(draw, data)


def _mutated_inside(draw: random.Random, data: bytes, kind: str) -> bytes | None:
    """The file with its content changed below the packing; None where it does not unpack any more."""
    try:
        if kind == "csv.gz":
            return gzip.compress(changed(draw, gzip.decompress(data)), compresslevel=1, mtime=0)
        if kind == "csv.zst":
            text = pa.CompressedInputStream(pa.BufferReader(data), "zstd").read()
            return pa.compress(changed(draw, text), codec="zstd", asbytes=True)
        if kind in _ENTRIES:
            return _with_changed_part(draw, data, draw.choice(_ENTRIES[kind]))
        if kind == "parquet":
            return _with_changed_pages(draw, data)
    except _UNPACKABLE:
        return None
    return changed(draw, data)


def _with_changed_part(draw: random.Random, data: bytes, chosen: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    marks = MARKS if chosen.endswith(".csv") else XML_MARKS + MARKS[:12]
    parts[chosen] = changed(draw, parts[chosen], marks=marks)
    return zipped(parts)


def _with_changed_pages(draw: random.Random, data: bytes) -> bytes:
    """Parquet's data pages damaged under metadata that is sound."""
    footer = int.from_bytes(data[-8:-4], "little") + 8
    if footer >= len(data):
        raise ValueError("no metadata")
    spoiled = bytearray(data)
    for _ in range(draw.choice((1, 2, 8))):
        spoiled[draw.randrange(4, len(data) - footer)] = draw.randrange(256)
    return bytes(spoiled)
