"""Polluted copies of clean tables, each with the records a reader should bring back."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

Row = list[str]
NOTES = ("Quarterly export, preliminary", "Prepared by the statistics desk, all figures as reported", "")


@dataclass(frozen=True)
class Polluted:
    """``data`` to read, the clean ``header`` (``None``: there is none) and ``rows``; ``loose`` rows may be
    restored with or without what is in doubt (see ``restored``)."""

    kind: str
    data: bytes
    header: Row | None
    rows: list[Row]
    loose: frozenset[int] = frozenset()
    instead: dict[int, Row] = field(default_factory=dict)
    """Rows that may stand for those of the same number: two cells that were one are apart again."""


def write(
    rows: Sequence[Row], *, delimiter: str = ",", quote: str = '"', escape: str = "", end: str = "\n"
) -> str:
    """Plain CSV: cells are quoted where they must be, quotes inside are doubled or escaped."""
    special = {delimiter[0], quote, "\n", "\r"} | ({escape} if escape else set())
    inner = (escape or quote) + quote

    def cell(text: str) -> str:
        must = any(mark in text for mark in special) or text != text.strip()
        kept = text.replace(escape, escape * 2) if escape == "\\" else text
        return quote + kept.replace(quote, inner) + quote if must else text

    return "".join(delimiter.join(map(cell, row)) + end for row in rows)


def pollute(header: Row, rows: list[Row], *, seed: int = 0) -> Iterator[Polluted]:
    """Every kind of pollution, the kinds that hit one row at several places."""
    rng = random.Random(seed)
    yield from _whole_file(header, rows)
    yield from _structure(header, rows)
    for kind, spoil in _ROW_KINDS.items():
        for _ in range(4):
            yield spoil(kind, header, rows, rng)


def _whole_file(header: Row, rows: list[Row]) -> Iterator[Polluted]:
    def made(kind: str, text: str, encoding: str = "utf-8") -> Polluted:
        return Polluted(kind, text.encode(encoding), header, rows)

    table = [header, *rows]
    yield made("clean", write(table))
    for name, mark in (
        ("semicolon", ";"),
        ("tab", "\t"),
        ("space", " "),
        ("comma and space", ", "),
        ("bar", "|"),
    ):
        yield made(f"delimiter {name}", write(table, delimiter=mark))
    yield made("quote apostrophe", write(table, quote="'"))
    yield made("escape backslash", write(table, escape="\\"))
    yield made("escape nul", write(table, escape="\x00"))
    for name, end in (("CR", "\r"), ("CRLF", "\r\n")):
        yield made(f"line end {name}", write(table, end=end))
    halves = write(table[: len(table) // 2]) + write(table[len(table) // 2 :], end="\r\n")
    yield made("line end mixed", halves)
    yield made("no final newline", write(table)[:-1])
    yield made("double final newline", write(table) + "\n")
    yield made("empty lines", write(table[:5]) + "\n" + write(table[5:]))
    yield made("nul bytes", write(table).replace("\n", "\n\x00", 3))
    yield made("utf-16", "\ufeff" + write(table), "utf-16-le")


def _structure(header: Row, rows: list[Row]) -> Iterator[Polluted]:
    table, width = [header, *rows], len(header)
    text = write(table)
    yield Polluted("no header", write(rows).encode(), None, rows)
    yield Polluted("header only", write([header]).encode(), header, [])
    yield Polluted("one data row", write(table[:2]).encode(), header, rows[:1])
    two = [name.split(" ")[0] if " " in name else name for name in header]
    rest = [name.split(" ", 1)[1] if " " in name else "units" for name in header]
    yield Polluted("header 2 rows", write([two, rest, *rows]).encode(), None, rows)
    yield Polluted("header 3 rows", write([two, rest, ["x"] * width, *rows]).encode(), None, rows)
    yield Polluted("preamble", ("\n".join(NOTES) + "\n" + text).encode(), header, rows)
    yield Polluted(
        "preamble padded", (write([["Export"] + [""] * (width - 1)]) + text).encode(), header, rows
    )
    yield Polluted(
        "footnotes", (text + "\nSource: own survey, see the annex\n* estimated\n").encode(), header, rows
    )
    second = [[f"{name}_b" for name in header], *rows[:10]]
    for name, other in (
        ("same", second),
        ("fewer", [row[: max(2, width // 2)] for row in second]),
        ("more", [[*row, f"extra{i}"] for i, row in enumerate(second)]),
    ):
        all_rows = [*rows, *other[1:]]
        yield Polluted(f"second table {name}", (text + write(other)).encode(), header, all_rows)
        yield Polluted(f"second table {name}, gap", (text + "\n" + write(other)).encode(), header, all_rows)
    yield from _header_row(header, rows)
    yield from _notes(header, rows)
    names = [header[0], header[0], *header[2:]]
    yield Polluted("duplicate names", write([names, *rows]).encode(), None, rows)
    yield Polluted("empty names", write([["", *header[1:]], *rows]).encode(), None, rows)


def _header_row(header: Row, rows: list[Row]) -> Iterator[Polluted]:
    """The faults of one row, in the header."""
    body, cells = write(rows), _cells(header)
    for column in range(0, len(header), 3):
        surplus = ",".join([*cells[:column], "", *cells[column:]])
        quoted = ",".join([*cells[:column], '"' + cells[column], *cells[column + 1 :]])
        yield Polluted("header: separator beside a name", f"{surplus}\n{body}".encode(), header, rows)
        yield Polluted("header: quote before a name", f"{quoted}\n{body}".encode(), header, rows)
    spaced = write([header], delimiter=" ")
    yield Polluted("header: spaces", (spaced + body).encode(), header, rows)
    yield Polluted("header: repeated", (write([header]) * 3 + body).encode(), header, rows)
    endless = [header[0] * 100_000, *header[1:]]
    yield Polluted("header: endless name", (write([endless]) + body).encode(), endless, rows)


def _notes(header: Row, rows: list[Row]) -> Iterator[Polluted]:
    """Remarks padded to full width, with empty cells between them and the table, and comments."""
    table, width = [header, *rows], len(header)
    empty, remark = [""] * width, ["Remark"] + [""] * (width - 1)
    quoted = '"Remark"' + ',""' * (width - 1) + "\n" + ",".join(['""'] * width) + "\n"
    yield Polluted("preamble padded, gap", write([remark, empty, *table]).encode(), header, rows)
    yield Polluted("preamble padded, quoted", (quoted + write(table)).encode(), header, rows)
    yield Polluted("footnotes padded, gap", write([*table, empty, remark, remark]).encode(), header, rows)
    yield Polluted("comments", ("# exported, by hand\n#\n" + write(table)).encode(), header, rows)
    inside = write(table[:7]) + "# checked, until here\n" + write(table[7:]) + "# end\n"
    yield Polluted("comments inside", inside.encode(), header, rows)


def _with_line(
    kind: str, header: Row, rows: list[Row], index: int, line: str, expected: Row, *, loose: bool = False
) -> Polluted:
    text = write([header, *rows[:index]]) + line + "\n" + write(rows[index + 1 :])
    changed = [*rows[:index], expected, *rows[index + 1 :]]
    return Polluted(kind, text.encode(), header, changed, frozenset([index] if loose else []))


def _cells(row: Row) -> list[str]:
    return [write([[cell]])[:-1] for cell in row]


def _surplus_inside(kind: str, header: Row, rows: list[Row], rng: random.Random) -> Polluted:
    index, cells, column = _pick(rows, rng, lambda cell: len(cell) > 3 and '"' not in cell)
    cell = cells[column]
    cut = len(cell) // 2 if len(cell) < 4 else rng.randrange(1, len(cell))
    line = ",".join([*cells[:column], cell[:cut] + "," + cell[cut:], *cells[column + 1 :]])
    return _with_line(kind, header, rows, index, line, rows[index], loose=True)


def _surplus_beside(kind: str, header: Row, rows: list[Row], rng: random.Random) -> Polluted:
    index, cells, column = _pick(rows, rng, lambda cell: len(cell) >= 0)
    return _with_line(
        kind, header, rows, index, ",".join([*cells[:column], "", *cells[column:]]), rows[index]
    )


def _surplus_at_end(kind: str, header: Row, rows: list[Row], rng: random.Random) -> Polluted:
    index, cells, _ = _pick(rows, rng, lambda cell: len(cell) >= 0)
    return _with_line(kind, header, rows, index, ",".join(cells) + ",", rows[index])


def _missing(kind: str, header: Row, rows: list[Row], rng: random.Random) -> Polluted:
    index, cells, column = _pick(rows, rng, lambda cell: '"' not in cell and cell != "", last=False)
    row = rows[index]
    nxt = cells[column + 1]
    if '"' in nxt:
        return _surplus_beside(kind, header, rows, rng)
    line = ",".join([*cells[:column], cells[column] + nxt, *cells[column + 2 :]])
    expected = [*row[:column], row[column] + row[column + 1], *row[column + 2 :]]
    polluted = _with_line(kind, header, rows, index, line, expected, loose=True)
    return replace(polluted, instead={index: row})


def _quote_start(kind: str, header: Row, rows: list[Row], rng: random.Random) -> Polluted:
    index, cells, column = _pick(rows, rng, lambda cell: cell != "")
    line = ",".join([*cells[:column], '"' + cells[column], *cells[column + 1 :]])
    return _with_line(kind, header, rows, index, line, rows[index])


def _quote_end(kind: str, header: Row, rows: list[Row], rng: random.Random) -> Polluted:
    index, cells, column = _pick(rows, rng, lambda cell: cell != "")
    line = ",".join([*cells[:column], cells[column] + '"', *cells[column + 1 :]])
    return _with_line(kind, header, rows, index, line, rows[index], loose=True)


def _quote_middle(kind: str, header: Row, rows: list[Row], rng: random.Random) -> Polluted:
    index, cells, column = _pick(rows, rng, lambda cell: len(cell) > 3)
    cell = cells[column]
    cut = len(cell) // 2 if len(cell) < 4 else rng.randrange(2, len(cell) - 1)
    line = ",".join([*cells[:column], cell[:cut] + '"' + cell[cut:], *cells[column + 1 :]])
    return _with_line(kind, header, rows, index, line, rows[index], loose=True)


def _unclosed(kind: str, header: Row, rows: list[Row], rng: random.Random) -> Polluted:
    index, cells, column = _pick(rows, rng, lambda cell: cell.endswith('"') and "\n" not in cell)
    line = ",".join([*cells[:column], cells[column].removesuffix('"'), *cells[column + 1 :]])
    return _with_line(kind, header, rows, index, line, rows[index])


def _other_delimiter(mark: str) -> Callable[[str, Row, list[Row], random.Random], Polluted]:
    def spoil(kind: str, header: Row, rows: list[Row], rng: random.Random) -> Polluted:
        index = rng.randrange(len(rows))
        line = write([rows[index]], delimiter=mark)[:-1]
        return _with_line(kind, header, rows, index, line, rows[index])

    return spoil


def _pick(
    rows: list[Row], rng: random.Random, fits: Callable[[str], bool], *, last: bool = True
) -> tuple[int, list[str], int]:
    """A random cell, as written, that ``fits``; any cell where none does."""
    places = [(i, j) for i, row in enumerate(rows) for j in range(len(row) - (not last))]
    rng.shuffle(places)
    chosen = next(((i, j) for i, j in places if fits(_cells([rows[i][j]])[0])), places[0])
    return chosen[0], _cells(rows[chosen[0]]), chosen[1]


_ROW_KINDS: dict[str, Callable[[str, Row, list[Row], random.Random], Polluted]] = {
    "row: separator inside a cell": _surplus_inside,
    "row: separator beside a cell": _surplus_beside,
    "row: separator at the end": _surplus_at_end,
    "row: separator missing": _missing,
    "row: quote before a cell": _quote_start,
    "row: quote after a cell": _quote_end,
    "row: quote inside a cell": _quote_middle,
    "row: quote not closed": _unclosed,
    "row: semicolons": _other_delimiter(";"),
    "row: tabs": _other_delimiter("\t"),
    "row: spaces": _other_delimiter(" "),
    "row: comma and space": _other_delimiter(", "),
}


def restored(polluted: Polluted, names: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[float, bool]:
    """(F1 of records, everything right including the header) of what a reader made of ``polluted``."""
    width = max([len(row) for row in polluted.rows] + [len(polluted.header or [])])
    expected = [_key(row, width, i in polluted.loose) for i, row in enumerate(polluted.rows)]
    present = {_key(row, width, False) for row in rows}
    for index, row in polluted.instead.items():
        if _key(row, width, False) in present:
            expected[index] = _key(row, width, True)
    loose = Counter(key for i, key in enumerate(expected) if i in polluted.loose)
    strict = Counter(key for i, key in enumerate(expected) if i not in polluted.loose)
    found = Counter(_key(row, width, False) for row in rows)
    hit = sum((strict & found).values())
    left = found - strict
    hit += sum((loose & Counter(_key(list(key), width, True) for key in left.elements())).values())
    total = len(expected) + len(rows)
    score = 2 * hit / total if total else 1.0
    header = polluted.header is None or list(names)[: len(polluted.header)] == polluted.header
    return score, score == 1.0 and header


def _key(row: Sequence[str], width: int, loose: bool) -> tuple[str, ...]:
    cells = [cell.strip() if isinstance(cell, str) else "" for cell in row]
    if loose:
        return tuple(bare for cell in cells if (bare := cell.replace('"', "").replace(",", "")))
    return tuple((cells + [""] * width)[: max(width, len(cells))])
