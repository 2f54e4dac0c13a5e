"""One decimal mark and one thousands mark for a whole file, chosen by what its columns allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow.compute as pc

from analytics.tables.report import Decision
from analytics.tables.typed.cells import Cells, matches
from analytics.tables.typed.numerals import THOUSANDS, Marks, Numerals

ENOUGH = 0.99
"""Share of a column's cells that must be numbers under a choice of marks to speak for it."""

MOSTLY = 0.8
"""Share of numbers from which a column is said to be nearly numeric."""

DECIMAL_COMMA = Decision("decimal", ",", "Numbers have a decimal comma.", alternatives=(".",))
NAMES = {".": "a point", ",": "a comma", "'": "an apostrophe", " ": "a space", "": "nothing"}


@dataclass(frozen=True)
class MarksFound:
    """The marks of the file, each ``None`` where no cell shows it, and the decisions in words."""

    decimal: str | None
    thousands: str | None
    decisions: tuple[Decision, ...] = ()


def choices(decimal: str | None = None, thousands: str | None = None) -> list[Marks]:
    """All ways to write numbers that agree with what is given, the commonest first."""
    decimals = [decimal] if decimal else [".", ","]
    groups = ["", *(mark for mark in THOUSANDS if mark)] if thousands is None else [_plain_mark(thousands)]
    return [Marks(point, group) for point in decimals for group in groups if group != point]


def best_marks(cells: Cells, numerals: Numerals, options: Sequence[Marks]) -> tuple[Marks, float]:
    """The first option under which most cells are numbers, and their share of the non-missing cells."""
    total = max(1, cells.count(~(cells.blank | cells.token)))
    if numerals.plain and options[0].decimal == ".":
        return options[0], cells.count(numerals.valid) / total
    tried = [marks for marks in options if marks.thousands in numerals.marks_shown | {""}] or options[:1]
    best, most = tried[0], -1.0
    for marks in tried:
        share = cells.count(numerals.fits(marks)) / total
        if share > most:
            best, most = marks, share
        if share == 1:
            break
    return best, most


def find_marks(
    columns: Sequence[tuple[Cells, Numerals]], *, decimal: str | None = None, thousands: str | None = None
) -> MarksFound:
    """Choose the file's marks: the decimal mark that more columns demand, a point where none does.

    A column demands a mark if more of its cells, and at least half, are numbers with it than with the other.
    Cells like ``1,234`` alone demand nothing: they are read as thousands, and the decision says so.
    """
    loose = [pair for pair in columns if not pair[1].plain]
    if decimal is None and not any("," in numerals.marks_shown for _, numerals in loose):
        decimal = "," if _only_comma(loose) else "."
    votes = {".": 0, ",": 0}
    undecided: list[str] = []
    for cells, numerals in columns if decimal is None else ():
        vote = _vote(cells, numerals)
        if vote:
            votes[vote] += 1
        elif not numerals.plain and _open(cells, numerals):
            undecided.append(cells.name)
    chosen = decimal or ("," if votes[","] > votes["."] else ".")
    group = _thousands(loose, chosen, thousands)
    decisions = _decisions(chosen, group, undecided if not votes[","] else [], given=decimal is not None)
    shown = chosen == "," or any(_point(cells, numerals) for cells, numerals in columns)
    return MarksFound(chosen if shown else None, group or None, decisions)


def _only_comma(loose: Sequence[tuple[Cells, Numerals]]) -> bool:
    """Whether points stand only between thousands (1.234.567), which leaves the comma as the decimal mark."""
    votes = [_vote(cells, numerals) for cells, numerals in loose if "." in numerals.marks_shown]
    return "," in votes and "." not in votes


def _vote(cells: Cells, numerals: Numerals) -> str | None:
    if numerals.plain and "." not in numerals.marks_shown:
        return None
    _, point = best_marks(cells, numerals, choices("."))
    _, comma = best_marks(cells, numerals, choices(","))
    if point == comma or max(point, comma) < 0.5:
        return None
    return "." if point > comma else ","


def _open(cells: Cells, numerals: Numerals) -> bool:
    """Whether the commas of a column may be decimal marks as well as set thousands apart.

    They set thousands apart where numbers up to 999 have no comma while all longer ones do.
    """
    if "," not in numerals.marks_shown or best_marks(cells, numerals, choices("."))[1] < MOSTLY:
        return False
    short = matches(numerals.body, "^[0-9]{1,3}$").any()
    return not short or bool(matches(numerals.body, "^[0-9]{4,}$").any())


def _thousands(loose: Sequence[tuple[Cells, Numerals]], decimal: str, given: str | None) -> str:
    if given is not None:
        return _plain_mark(given)
    found = [best_marks(cells, numerals, choices(decimal))[0].thousands for cells, numerals in loose]
    used = [mark for mark in found if mark]
    return max(used, key=used.count) if used else ""


def _decisions(decimal: str, group: str, undecided: Sequence[str], *, given: bool) -> tuple[Decision, ...]:
    found: list[Decision] = []
    if decimal == "," and not given:
        found.append(DECIMAL_COMMA)
    if group:
        text = f"Thousands are set apart by {NAMES[group]}."
        found.append(Decision("thousands", group, text, alternatives=("",)))
    if undecided:
        names = ", ".join(undecided[:5])
        text = f"Cells like 1,234 are read as thousands in {names}; no cell rules out a decimal comma."
        found.append(Decision("decimal", decimal, text, evidence="no cell decides", alternatives=(",",)))
    return tuple(found)


def _plain_mark(mark: str) -> str:
    return {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "’": "'"}.get(mark, mark)


def _point(cells: Cells, numerals: Numerals) -> bool:
    return bool(pc.any(pc.match_substring(cells.sample, ".")).as_py()) or "." in numerals.marks_shown
