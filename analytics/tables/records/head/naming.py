"""Column names from header rows: joined over several rows, completed where empty, made unique."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from analytics.tables.report import Repair
from analytics.words import count

_LONGEST = 1_000
"""Letters of a name: databases and spreadsheets end at 63 to 255, and each page sends all names often."""


def column_names(
    headers: Sequence[Sequence[str]], *, width: int, line: int | None
) -> tuple[list[str], tuple[Repair, ...]]:
    """``width`` unique, non-empty names from the header rows' texts, and what had to be changed."""
    repairs: list[Repair] = []
    if not headers:
        return [f"column_{number}" for number in range(1, width + 1)], ()
    rows = [_fit_header(list(row), width) for row in headers]
    rows = _with_index_name(rows)
    if any(len(row) != width for row in headers):
        detail = (
            f"the header has {count(len(headers[0]), 'name')} for {count(width, 'column')}; they were fitted"
        )
        repairs.append(Repair("header", line, detail))
    if len(headers) > 1:
        detail = f"the header takes {len(headers)} rows; their words were joined"
        repairs.append(Repair("header", line, detail))
    names = [" ".join(dict.fromkeys(filter(None, parts))) for parts in zip(*_spread(rows), strict=True)]
    return _unique(_cut(names, repairs, line), repairs, line), tuple(repairs)


def _fit_header(names: list[str], width: int) -> list[str]:
    """Exactly ``width`` names: surplus empty ones go, then the last are joined; missing ones are empty."""
    names = [" ".join(name.split()) for name in names]
    empty = [place for place, name in enumerate(names) if not name]
    gone = set(empty[::-1][: max(0, len(names) - width)])
    names = [name for place, name in enumerate(names) if place not in gone]
    if len(names) > width:
        names = [*names[: width - 1], " ".join(names[width - 1 :])]
    return names + [""] * (width - len(names))


def _with_index_name(rows: list[list[str]]) -> list[list[str]]:
    """A last row that names the first column only, as pandas writes it, is that column's whole name."""
    if len(rows) < 2 or not rows[-1][0] or any(rows[-1][1:]):
        return rows
    return [[rows[-1][0], *row[1:]] for row in rows[:-1]]


def _spread(rows: list[list[str]]) -> list[list[str]]:
    """A group's name in an upper row also counts for the empty cells to its right that have a name below."""
    spread = []
    for upper, lower in pairwise(rows):
        current, row = "", []
        grouped = 0 < sum(map(bool, upper)) < len(upper) and all(map(any, zip(upper, lower, strict=True)))
        for name, below in zip(upper, lower, strict=True):
            current = name or (current if grouped else "")
            row.append(current)
            current = current if below else ""  # a column of one name is no group
        spread.append(row)
    return [*spread, rows[-1]]


def _cut(names: list[str], repairs: list[Repair], line: int | None) -> list[str]:
    long = [number for number, name in enumerate(names, 1) if len(name) > _LONGEST]
    if not long:
        return names
    length = len(names[long[0] - 1])
    detail = f"the name of column {long[0]} has {length:,} letters; its first {_LONGEST:,} were kept"
    if long[1:]:
        detail += f", and those of {count(len(long) - 1, 'more name')}"
    repairs.append(Repair("column name", line, detail, len(long)))
    return [name[:_LONGEST].rstrip() for name in names]


def _unique(names: list[str], repairs: list[Repair], line: int | None) -> list[str]:
    empty = [number for number, name in enumerate(names, 1) if not name]
    if empty:
        detail = f"{_columns(empty)} without a name; called column_{empty[0]}" + (
            " and so on" if empty[1:] else ""
        )
        repairs.append(Repair("column name", line, detail, len(empty)))
    taken = set(names)
    seen: set[str] = set()
    result = []
    renamed: list[str] = []
    following: dict[str, int] = {}
    for number, given in enumerate(names, 1):
        name = given or f"column_{number}"
        if name in seen or (not given and name in taken):
            renamed.append(name)
            n = following.get(name, 2)  # the numbers below are taken: ten thousand equal names are one walk
            while (other := f"{name}_{n}") in seen or other in taken:
                n += 1
            following[name], name = n + 1, other
        seen.add(name)
        result.append(name)
    if renamed:
        detail = f"several columns are called {renamed[0]!r}; the later ones got a number"
        repairs.append(Repair("column name", line, detail, len(renamed)))
    return result


def _columns(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:5])) + (", ..." if len(numbers) > 5 else "")
    return f"column {shown} is" if len(numbers) == 1 else f"columns {shown} are"
