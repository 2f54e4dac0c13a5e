"""Tables as careless programs and people write them, each read the quick way and the careful one.

Both must give the same frame and the same report. The quick way is opened to small files, and shown so few
of their lines that most of a file lies where it did not look.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd

from analytics.tables import ReadOptions, Table, TableError, read_table
from analytics.tables.quick import lane, plan
from analytics.tables.records import encoding

LOOKED_AT = 400
"""Bytes of the head that the quick way is shown, in place of its 16 KB."""

_NEVER = 1 << 60
_USUAL = ReadOptions()
_WORDS = ["ann", "bob lee", "cy", "d'or", "NA", "none", "x-1", "true", "été", "a b c"]
_ODD_CELLS = [
    "0xFFFFFFFFFFFFFFFF", "0x1F", "007", "-05", " 7", "7 ", "+5", "+4915112345678", "1e400", "-1e400", "1e5",
    "12E34", "9007199254740993", "123456789012345678901", "nan", "NaN", "inf", "-Infinity", "NA", "n/a", "-",
    "1,5", "1,234", "1.234.567", "1 234", "$5", "5%", "(5)", "1.", ".5", "-0", "1_000", "true", "2020-01-02",
    "31/12/2020", "12:30", "", "  ", "\u00a05", "x", "#1", "--", "'7'", "1.2.3", "5-", "--5", "1e", "٣",
]  # fmt: skip


def _cells(draw: random.Random, rows: int) -> list[str]:
    """One column of mostly one kind."""
    kind = draw.randrange(12)
    start = draw.randrange(2000)
    made: dict[int, Callable[[int], str]] = {
        0: lambda n: str(start + n),
        1: lambda _: str(draw.randrange(-(10**6), 10**6)),
        2: lambda _: f"{draw.gauss(0, 100):.{1 + start % 5}f}",
        3: lambda _: repr(draw.gauss(0, 1)),
        4: lambda _: draw.choice(_WORDS),
        5: lambda n: f"20{n % 30 + 10}-{n % 12 + 1:02d}-{n % 28 + 1:02d}",
        6: lambda n: f"{n % 28 + 1:02d}/{n % 12 + 1:02d}/2020",
        7: lambda _: f"{draw.randrange(10**6) / 100:.2f}".replace(".", ","),
        8: lambda n: f"{n % 24:02d}:{n % 60:02d}",
        9: lambda _: draw.choice(["true", "false"]),
        10: lambda n: draw.choice(["", "", str(n), f"{n / 8}"]),
        11: lambda _: f"{draw.randrange(10**9):,}".replace(",", draw.choice([".", ",", " "])),
    }
    cells = [made[kind](n) for n in range(rows)]
    for _ in range(draw.choice((0, 0, 0, 1, 1, 2, 5))):
        cells[draw.randrange(rows)] = draw.choice(_ODD_CELLS)
    return cells


def _lines(draw: random.Random, rows: list[list[str]], mark: str) -> list[str]:
    style = draw.choice(("needed", "needed", "all", "text", "some", "never"))

    def quoted(cell: str) -> str:
        number = cell.replace(".", "").replace("-", "").isdigit()
        must = mark in cell and style != "never"
        wanted = (
            style == "all" or (style == "text" and not number) or (style == "some" and draw.random() < 0.02)
        )
        return '"' + cell.replace('"', '""') + '"' if must or wanted else cell

    return [mark.join(map(quoted, row)) for row in rows]


def _spoilt(draw: random.Random, lines: list[str], mark: str) -> list[str]:
    """The lines with some of what happens to files."""
    lines = list(lines)
    for _ in range(draw.choice((0, 0, 0, 1, 1, 2, 3))):
        at = draw.randrange(len(lines))
        line = lines[at]
        other = draw.choice(";,\t| :")
        change = draw.randrange(14)
        lines[at : at + 1] = [
            ["", line], [line, "", ""], [line + mark], [line.replace(mark, "", 1)],
            [line.replace(mark, other)], [line + mark + draw.choice(_ODD_CELLS)],
            [line.rpartition(mark)[0]], ["# a comment", line],
            [lines[0], line], [line, line.replace("1", "0x1", 1)], [draw.choice(_WORDS)], ["-" * 9, line],
            [mark.join("abcdefghij"[: line.count(mark) + 1]), line], [mark * line.count(mark), line],
        ][change]  # fmt: skip
    if draw.random() < 0.08:
        lines = [line + mark for line in lines]
    if draw.random() < 0.05:
        lines += ["", draw.choice(("Total", "Source: survey", mark.join(["Sum", "12"])))]
    return lines


def made_table(draw: random.Random) -> bytes:
    """One file of 3 to 120 lines."""
    rows = draw.choice((3, 12, 40, 120))
    mark = draw.choice(",,,;;\t|")
    columns = [_cells(draw, rows) for _ in range(draw.randrange(2, 7))]
    body = [list(row) for row in zip(*columns, strict=True)]
    names = draw.sample(
        ["id", "name", "x", "when", "zip", "Größe", "value 2", "2019", "a", "b"], len(columns)
    )
    header = [names] if draw.random() < 0.9 else []
    lines = _spoilt(draw, _lines(draw, [*header, *body], mark), mark)
    end = draw.choice(("\n", "\n", "\n", "\r\n"))
    text = end.join(lines) + draw.choice((end, end, end, "", end * 2))
    bom = draw.choice(("", "", "", "", "\ufeff"))
    return (bom + text).encode()


@contextmanager
def _quick_from(size: int) -> Iterator[None]:
    before = lane.SMALLEST, plan.HEAD, lane.HEAD, encoding._SMALL
    # Of small files that are UTF-8 by chance only the careful way asks; large ones are not.
    lane.SMALLEST, plan.HEAD, lane.HEAD, encoding._SMALL = size, LOOKED_AT, LOOKED_AT, -1
    try:
        yield
    finally:
        lane.SMALLEST, plan.HEAD, lane.HEAD, encoding._SMALL = before


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


def difference(quick: Table | str, careful: Table | str) -> str:
    """In what two readings differ, in a few words; empty where they are alike."""
    if isinstance(quick, str) or isinstance(careful, str):
        return "" if quick == careful else "only one refuses"
    try:
        pd.testing.assert_frame_equal(quick.frame, careful.frame)
    except AssertionError as error:
        return f"frame: {error}"
    if not np.array_equal(quick.lines, careful.lines):
        return "lines of the rows"
    for field in vars(careful.report):
        ours, theirs = getattr(quick.report, field), getattr(careful.report, field)
        if ours != theirs:
            return f"{field}: {ours!r} instead of {theirs!r}"
    return ""
