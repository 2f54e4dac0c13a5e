"""The rows at the head of a table: those that name its columns, and those that say their units or types."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.tables.records.head.units import units_of
from analytics.tables.records.records import Row
from analytics.tables.report import Repair

_TYPES = frozenset(
    "string str text varchar char integer int int64 float float64 double number numeric real decimal".split()
    + "continuous discrete categorical category class nominal ordinal boolean bool object".split()
    + "date datetime time timestamp regex regexp callable function json uuid bytes blob".split()
)
_LETTERS = frozenset("cdst")
"""What Orange writes for continuous, discrete, string and time."""
_FEWEST_ROWS = 3  # below a row that counts: in fewer a text may stand first by chance
_LABEL = re.compile(r"\btypes?\b|\bdtypes?\b")
"""In the first cell of a row of types (``#q2:types``)."""
_FLAGS = frozenset(("", "class", "meta", "ignore", "weight", "i", "m"))
"""Below names and types in tables of Orange: which column is the class, which are left out."""
_SETTING = re.compile(r"[a-z_]+=[\w.]+")
"""A flag that says more (``include=True``)."""


@dataclass(frozen=True)
class Heading:
    """The rows that name the columns; ``units`` one per column, "" for none, empty where no row holds units.

    ``cut`` rows below the names hold units, types or, if ``numbered``, the numbers of the columns.
    """

    rows: list[Row]
    units: tuple[str, ...] = ()
    cut: int = 0
    numbered: bool = False

    def repairs(self, names: list[str], line: int) -> tuple[Repair, ...]:
        """What is said of the rows that were cut; ``line`` is that of the first of them."""
        if self.units:
            told = ", ".join(
                f"{name} in {unit}" for name, unit in zip(names, self.units, strict=True) if unit
            )
            return (Repair("units", line, f"the line holds units and is no row: {told}", self.cut),)
        what = "numbers the columns" if self.numbered else "says of what types the columns are"
        detail = f"the line {what} and is no row"
        return (Repair("types", line, detail, self.cut),) if self.cut else ()


def read_heading(rows: list[Row], groups: Sequence[str]) -> Heading:
    """The rows at the head of a table, by what they say; ``groups`` are the kinds of the columns."""
    for place in range(1, len(rows)):
        units = units_of(rows[place].values, groups)
        below = rows[place + 1] if place + 1 < len(rows) else None
        if units is not None or type_rows(rows[place], below):
            return Heading(rows[:place], units or (), len(rows) - place)
        if counts_up(rows[place]):
            return Heading(rows[:place], (), len(rows) - place, numbered=True)
    return Heading(rows)


def numbers_columns(row: Row, body: Sequence[Row]) -> bool:
    """Whether a row counts the columns, 1, 2, 3 or (1), (2), (3), above rows that all begin with a text.

    Official tables have one.
    """
    firsts = {other.groups[0] for other in body if other.groups}
    return counts_up(row) and len(body) >= _FEWEST_ROWS and firsts == {"other"}


def counts_up(row: Row) -> bool:
    """Whether the cells are 1, 2, 3 and so on, maybe in brackets."""
    cells = [value.strip().strip("()[].") for value in row.values]
    return len(cells) > 2 and cells == list(map(str, range(1, len(cells) + 1)))


def type_rows(row: Row, below: Row | None) -> int:
    """How many rows, from ``row`` on, say of what types the columns are: 0, 1, or 2 with flags below."""
    cells = [value.strip().lower() for value in row.values]
    flags = [] if below is None else [value.strip().lower() for value in below.values]
    flagged = len(flags) == len(cells) > 1 and all(map(_is_flag, flags))
    labelled = len(cells) > 2 and _LABEL.search(cells[0]) is not None
    if len(cells) > 1 and (_TYPES.issuperset(cells[labelled:]) or _are_letters(cells, below)):
        return 1 + flagged
    return 2 if flagged and any(flags) and all(cells) else 0


def _is_flag(cell: str) -> bool:
    return all(part in _FLAGS or _SETTING.fullmatch(part) for part in cell.split(" "))


def _are_letters(cells: Sequence[str], below: Row | None) -> bool:
    """Whether three cells or more are types or their letters, above some number: answers may be c and d.

    Where nothing is ``below``, the row is known to be of the head.
    """
    known = len(cells) > 2 and (_TYPES | _LETTERS).issuperset(cells)
    return known and (below is None or not {"other", "empty"}.issuperset(below.groups))
