"""One file, one reading: made tables read the quick way and the careful one, and compared.

    python -m benchmarks.both_ways [--count 100000] [--first 0] [--large 0] [--workers 2]

Both must give the same frame and the same report. The quick way is opened to small files, and shown so few
of their lines that most of a file lies where it did not look. Where it hands a file over, the careful way
reads it, and there is nothing to compare; how many those are is told. ``--large`` tables are of more than a
megabyte and read as they always are. Seeds that differ are printed; the same seed makes the same table.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.tables import ReadOptions, Table, TableError, read_table, reading
from analytics.tables.formats import delimited
from analytics.tables.quick import arrow_pieces, lane, plan
from analytics.tables.records import encoding
from benchmarks.made_tables import made_options, made_table

LOOKED_AT = 300
"""Bytes of the head that the quick way is shown, in place of its 16 KB."""

_NEVER = 1 << 60
_USUAL = ReadOptions()
_LARGE_ROWS = 60_000
_ASKED = 0.15  # share of tables that are read with something asked for


class _HandedOverError(Exception):
    """The quick way left a file to the careful one."""


@contextmanager
def _quick_from(size: int, *, large: bool = False) -> Iterator[None]:
    changes: list[tuple[ModuleType, str, int]] = [(lane, "SMALLEST", size)]
    if not large:
        changes += [(plan, "HEAD", LOOKED_AT), (lane, "HEAD", LOOKED_AT)]
        changes += [(arrow_pieces, "PIECE", LOOKED_AT), (arrow_pieces, "TAIL", LOOKED_AT // 3)]
        # Of small files that are UTF-8 by chance only the careful way asks; large ones are not.
        changes.append((encoding, "_SMALL", -1))
    before = [(module, name, getattr(module, name)) for module, name, _ in changes]
    try:
        for module, name, value in changes:
            setattr(module, name, value)
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)


@contextmanager
def _nothing_careful() -> Iterator[None]:
    def hand_over(*_: object) -> None:
        raise _HandedOverError

    before = delimited._read_carefully
    delimited._read_carefully = hand_over  # type: ignore[assignment]
    try:
        yield
    finally:
        delimited._read_carefully = before


def _read(data: bytes, name: str, options: ReadOptions) -> Table | str:
    try:
        return read_table(data, name=name, options=options)
    except TableError as error:
        return str(error)


def both_ways(
    data: bytes, *, name: str = "made.csv", options: ReadOptions = _USUAL
) -> tuple[Table | str, Table | str]:
    """(the table by the quick way where it is open, by the careful way); a refusal is its sentence."""
    with _quick_from(1):
        quick = _read(data, name, options)
    with _quick_from(_NEVER):
        return quick, _read(data, name, options)


def where_taken(
    data: bytes, *, options: ReadOptions = _USUAL, large: bool = False
) -> tuple[Table | str, Table | str] | None:
    """As ``both_ways``, but ``None`` where the quick way hands over, so that nothing is read twice alike."""
    try:
        with _quick_from(1, large=large), _nothing_careful():
            quick = _read(data, "made.csv", options)
    except _HandedOverError:
        return None
    with _quick_from(_NEVER, large=large):
        return quick, _read(data, "made.csv", options)


def difference(quick: Table | str, careful: Table | str) -> str:
    """In what two readings differ, in a few words; empty where they are alike."""
    if isinstance(quick, str) or isinstance(careful, str):
        return "" if quick == careful else "only one refuses"
    try:
        pd.testing.assert_frame_equal(quick.frame, careful.frame, check_exact=True)
    except AssertionError as error:
        return f"frame: {error}"
    if not np.array_equal(quick.lines, careful.lines):
        return "lines of the rows"
    for field in vars(careful.report):
        ours, theirs = getattr(quick.report, field), getattr(careful.report, field)
        if ours != theirs:
            return f"{field}: {ours!r} instead of {theirs!r}"
    return ""


class _Inline:
    """In place of a pool of threads, which costs more than so small a file."""

    def __init__(self, *_: object) -> None: ...

    def __enter__(self) -> _Inline:
        return self

    def __exit__(self, *_: object) -> None: ...

    def submit(self, call: Callable[..., Any], *args: Any, **options: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(call(*args, **options))
        except Exception as error:
            future.set_exception(error)
        return future

    map = staticmethod(map)


def _without_threads() -> None:
    pa.set_cpu_count(1)
    for module in (reading, lane, arrow_pieces, delimited):
        module.ThreadPoolExecutor = _Inline  # type: ignore[attr-defined]


def compared(seed: int, *, large: bool = False) -> tuple[int, str | None]:
    """The seed and what its table's two readings differ in; ``None`` where the quick way hands over."""
    draw = random.Random(seed)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        data = made_table(draw, rows=_LARGE_ROWS if large else None)
        options = made_options(draw, data) if draw.random() < _ASKED else _USUAL
        try:
            readings = where_taken(data, options=options, large=large)
        except Exception as error:
            return seed, f"{type(error).__name__}: {error}"
    return seed, None if readings is None else difference(*readings)


def compare(count: int, *, first: int, workers: int, large: bool) -> int:
    """Read the tables of ``count`` seeds from ``first`` on and print what differs; how many did."""
    started, taken, differing = time.monotonic(), 0, 0
    with multiprocessing.get_context("spawn").Pool(workers, None if large else _without_threads) as pool:
        seeds = range(first, first + count)
        found = pool.imap_unordered(partial(compared, large=large), seeds, chunksize=1 if large else 50)
        for done, (seed, words) in enumerate(found, 1):
            taken += words is not None
            if words:
                differing += 1
                print(f"seed {seed}: {words[:400]}", flush=True)
            if done % 5_000 == 0:
                print(f"{done:,} read, {taken:,} of them by the quick way", flush=True)
    seconds = time.monotonic() - started
    what = "tables of more than a megabyte" if large else "tables"
    print(
        f"{count:,} {what} from seed {first:,} in {seconds:,.0f} s: {taken:,} taken by the quick way and "
        f"read both ways, {count - taken:,} handed over; {differing} differ"
    )
    return differing


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--large", type=int, default=0)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    found = sum(
        compare(count, first=chosen.first, workers=chosen.workers, large=large)
        for count, large in ((chosen.count, False), (chosen.large, True))
        if count
    )
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
