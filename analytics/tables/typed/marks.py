"""One decimal mark and one thousands mark for a whole file, chosen by what its columns allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow.compute as pc

from analytics.tables.report import Decision
from analytics.tables.typed.cells import Cells, matches
from analytics.tables.typed.codes import reason_by_shape
from analytics.tables.typed.doubts import Answer, Changes, Question, as_type, telling_rows
from analytics.tables.typed.numerals import THOUSANDS, Marks, Numerals

ENOUGH = 0.99
"""Share of a column's cells that must be numbers under a choice of marks to speak for it: a footnote or two
in a few hundred rows is common, one odd cell in fifty is another kind of column."""

MOSTLY = 0.8
"""Share of numbers from which a column is said to be nearly numeric: below, its words are its kind."""

DECIMAL_COMMA = Decision("decimal", ",", "Numbers have a decimal comma.", alternatives=(".",))
NAMES = {".": "a point", ",": "a comma", "'": "an apostrophe", " ": "a space", "": "nothing"}
_GROUPED = {mark: rf"^-?[1-9][0-9]{{0,2}}(?:{THOUSANDS[mark]}[0-9]{{3}})+$" for mark in ",."}


@dataclass(frozen=True)
class MarksFound:
    """The marks of the file, each ``None`` where no cell shows it, decisions in words and what is in doubt.

    ``comma_seen``: some column of numbers has commas, and only as decimal marks.
    """

    decimal: str | None
    thousands: str | None
    decisions: tuple[Decision, ...] = ()
    questions: tuple[Question, ...] = ()
    comma_seen: bool = False


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
    columns: Sequence[tuple[Cells, Numerals]],
    *,
    told: str | None = None,
    known: str | None = None,
    thousands: str | None = None,
    lines: np.ndarray | None = None,
    points: int = 0,
) -> MarksFound:
    """Choose the file's marks: the decimal mark that more columns demand, a point where none does.

    A column demands a mark if more of its cells, and at least half, are numbers with it than with the other.
    Where numbers up to 999 have no mark while all longer ones do (1.200, 999, 45.100), it sets thousands
    apart unless another column demands otherwise. Cells like ``1,234`` alone demand nothing: they are read as
    thousands, cells like ``1.234`` alone as decimals. All but demands are doubts, unless the decimal mark was
    ``told``; where it is ``known`` from elsewhere that is a demand. ``points`` further columns demand a
    point.
    """
    if told:
        return _found(columns, told, thousands, [], [], comma=False, point=points > 0)
    votes = [_vote(*pair) for pair in columns]
    demanded = known or _most([vote for vote in votes if vote] + ["."] * points)
    unsure = [pair for pair, vote in zip(columns, votes, strict=True) if not vote]
    open_columns = [
        grouping for grouping in (_Grouping(*pair, _mark(pair[0])) for pair in unsure) if grouping.is_whole
    ]
    apart = {column.mark for column in open_columns if column.sets_apart}
    chosen = demanded or ("," if apart == {"."} else ".")
    asked = [column for column in open_columns if _is_doubt(column, chosen, proved=bool(demanded))]
    questions = [_question(column, chosen, lines, proved=bool(demanded)) for column in asked]
    commas = [column.cells.name for column in asked if column.mark == "," and not demanded]
    comma = demanded == "," and not known
    found = _found(columns, chosen, thousands, commas, open_columns, comma=comma, point=points > 0)
    return replace(found, questions=tuple(questions))


@dataclass(frozen=True)
class _Grouping:
    """A column and the mark in it that may stand between thousands or before decimals; "" if it has none."""

    cells: Cells
    numerals: Numerals
    mark: str

    @property
    def is_whole(self) -> bool:
        """Whether all numbers are whole, with the mark between thousands or without."""
        body = self.numerals.body
        if not self.mark or not matches(self.cells.sample, rf"[{self.mark}][0-9]{{3}}(?:[^0-9]|$)").any():
            return False
        return bool((matches(body, f"{_GROUPED[self.mark]}|^-?[0-9]+$") | ~self.numerals.valid).all())

    @property
    def sets_apart(self) -> bool:
        """Whether numbers up to 999 have no mark while all longer ones do."""
        body = self.numerals.body
        return bool(matches(body, "^-?[0-9]{1,3}$").any() and not matches(body, "^-?[0-9]{4,}$").any())

    @property
    def rows(self) -> np.ndarray:
        """Rows whose numbers show the mark."""
        return telling_rows(self.cells, matches(self.numerals.body, _GROUPED[self.mark]))


def _found(
    columns: Sequence[tuple[Cells, Numerals]],
    decimal: str,
    thousands: str | None,
    commas: Sequence[str],
    grouping: Sequence[_Grouping],
    *,
    comma: bool,
    point: bool,
) -> MarksFound:
    names = {column.cells.name for column in grouping}
    grouped = [pair for pair in columns if not pair[1].plain or pair[0].name in names]
    group = _thousands(grouped, decimal, thousands)
    shown = decimal == "," or point or any(_point(cells, numerals) for cells, numerals in columns)
    decisions = _decisions(decimal, group, commas, comma=comma)
    commas_seen = decimal == "," and any(
        "," in numerals.marks_shown for _, numerals in columns if not numerals.plain
    )
    return MarksFound(decimal if shown else None, group or None, decisions, comma_seen=commas_seen)


def _most(votes: Sequence[str]) -> str | None:
    """The mark that more columns demand, ``None`` if none does."""
    if not votes:
        return None
    return "," if votes.count(",") > votes.count(".") else "."


def _vote(cells: Cells, numerals: Numerals) -> str | None:
    if numerals.plain and not pc.any(pc.match_substring(numerals.body, ".")).as_py():
        return None
    if numerals.plain and (matches(cells.sample, r"\.") & ~matches(cells.sample, _GROUPED["."])).any():
        return "."
    if not numerals.unit and reason_by_shape(cells, decimal_comma=False):
        return None
    _, point = best_marks(cells, numerals, choices("."))
    _, comma = best_marks(cells, numerals, choices(","))
    if point == comma or max(point, comma) < 0.5:
        return None
    return "." if point > comma else ","


def _mark(cells: Cells) -> str:
    """The mark that stands in the cells, as far as a sample shows; "" if neither does."""
    return next((mark for mark in ",." if pc.any(pc.match_substring(cells.sample, mark)).as_py()), "")


def _is_doubt(column: _Grouping, chosen: str, *, proved: bool) -> bool:
    """Whether something is to be asked: no other column tells, or the column speaks against them."""
    if proved:
        return column.mark == chosen and column.sets_apart
    return not (column.mark == "," and column.sets_apart and chosen == ".")


def _question(column: _Grouping, chosen: str, lines: np.ndarray | None, *, proved: bool) -> Question:
    cells, mark, name = column.cells, column.mark, NAMES[column.mark]
    rows = column.rows
    if column.sets_apart:
        why = "Numbers up to 999 have none and all longer ones do, as with thousands"
    else:
        why = "Three digits follow each, as with thousands, and no cell decides"
    if proved:
        why += f", but in other columns {name} stands before decimals"
    places = ", ".join(f"line {line:,}: {text}" for line, text in cells.shown(rows, lines))
    decimals = Answer(f"{name} stands before decimals", _mark_change(cells, mark, proved=proved))
    apart = Answer(
        f"{name} sets thousands apart", _mark_change(cells, "." if mark == "," else ",", proved=proved)
    )
    taken, left = (decimals, apart) if mark == chosen else (apart, decimals)
    names = cells.name if proved else "{}"
    question = f"Does {name} in {names} set thousands apart, or stand before decimals?"
    return Question(cells, question, f"{why}; {places}.", rows, taken, (left,), of_file=not proved)


def _mark_change(cells: Cells, decimal: str, *, proved: bool) -> Changes:
    """For the file, or where its other columns have proved a mark, for this column."""
    return as_type(cells.name, f"number:{decimal}") if proved else (("decimal", decimal),)


def _thousands(loose: Sequence[tuple[Cells, Numerals]], decimal: str, given: str | None) -> str:
    if given is not None:
        return _plain_mark(given)
    found = [best_marks(cells, numerals, choices(decimal))[0].thousands for cells, numerals in loose]
    used = [mark for mark in found if mark]
    return max(used, key=used.count) if used else ""


def _decisions(decimal: str, group: str, undecided: Sequence[str], *, comma: bool) -> tuple[Decision, ...]:
    found: list[Decision] = []
    if comma:
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
    return " " if mark.isspace() else {"’": "'", "‘": "'", "ʼ": "'"}.get(mark, mark)


def _point(cells: Cells, numerals: Numerals) -> bool:
    return bool(pc.any(pc.match_substring(cells.sample, ".")).as_py()) or numerals.shows(".")
