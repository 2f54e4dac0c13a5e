"""A recipe: how a file is read, and the steps that make of it the table every page uses."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError
from analytics.progress import Progress
from analytics.recipe.errors import RecipeError
from analytics.recipe.json_form import Parts, from_text, to_text
from analytics.recipe.room import MOST_BYTES, check_room, filled_bytes, room_of
from analytics.recipe.steps.base import Outcome, Step
from analytics.tables.columns import check_unique_names
from analytics.tables.errors import TableError
from analytics.tables.options import ReadOptions
from analytics.tables.report import ColumnReading, ReadReport, Table
from analytics.words import count

log = logging.getLogger(__name__)

_FAULTS = (ArithmeticError, LookupError, MemoryError, RecursionError, TypeError, ValueError)
"""What libraries raise where kinds and sizes meet that nobody thought of; a step may come from any file."""


@dataclass(frozen=True)
class Account:
    """What one step did. ``problem`` says why it was passed over; it then changed nothing.

    ``new_names`` counts columns that were called otherwise, where there are as many as before.
    """

    step: Step
    rows: tuple[int, int]
    columns: tuple[int, int]
    cells: int = 0
    failures: int = 0
    examples: tuple[tuple[int, str], ...] = ()
    new_names: int = 0
    problem: str = ""

    def sentence(self) -> str:
        """The step and what it did, in words."""
        if not self.step.active:
            return f"{self.step.sentence()}: switched off."
        if self.problem:
            return f"{self.step.sentence()}: passed over. {self.problem}"
        return f"{self.step.sentence()}: {', '.join(self._changes()) or 'nothing changed'}."

    def _changes(self) -> Iterator[str]:
        for (before, after), noun in ((self.rows, "row"), (self.columns, "column")):
            if before != after:
                yield f"{count(before, noun)} became {after:,}"
        if self.new_names:
            yield f"{count(self.new_names, 'name')} changed"
        if self.cells:
            yield f"{count(self.cells, 'cell')} changed"
        if self.failures:
            has = "has" if self.failures == 1 else "have"
            yield f"{count(self.failures, 'cell')} could not be taken and {has} no value"


@dataclass(frozen=True)
class Made(Table):
    """A table with every step behind it; its index is the position of each row in the file as it was read.

    ``uses`` is what columns are used as where a step said so. ``unnamed`` says why rows cannot be named by
    their number in the file, where they cannot.
    """

    account: tuple[Account, ...] = ()
    uses: dict[str, str] = field(default_factory=dict)
    most_bytes: int = MOST_BYTES
    """What the table may fill after each step."""
    unnamed: str = ""

    def problems(self) -> tuple[Account, ...]:
        """Steps that were passed over."""
        return tuple(account for account in self.account if account.problem)


@dataclass(frozen=True)
class Recipe:
    """Reading options and steps, in their order. Every change gives another recipe.

    ``file`` is the SHA-256 of the file whose rows its steps may name by number; steps that do are passed over
    for any other file. Empty: nobody said which.
    """

    read: ReadOptions = field(default_factory=ReadOptions)
    steps: tuple[Step, ...] = ()
    file: str = ""

    def to_json(self) -> str:
        """The recipe as JSON text, readable by people."""
        return to_text(Parts(self.read, self.steps, self.file))

    @classmethod
    def from_json(cls, text: str, *, limits: ReadOptions | None = None) -> Recipe:
        """The recipe of a JSON text; limits of reading are those of ``limits``, of this machine.

        Raises:
            RecipeError: no recipe, of another version, or with a part that cannot be used.
        """
        return cls(*from_text(text, limits=limits))

    def apply(self, table: Table, *, progress: Progress | None = None) -> Made:
        """The table after all active steps; one that does not fit is passed over, and its account says why.

        ``progress`` is called before each step, and may raise to stop.
        """
        made = started(table, file=self.file, most_bytes=self.read.max_table_bytes)
        for done, step in enumerate(self.steps):
            if progress:
                progress(done, len(self.steps))
            made = next_of(made, step)
        return made

    def with_step(self, step: Step, *, at: int | None = None) -> Recipe:
        """With one more step, at the end or before the one at ``at``."""
        place = len(self.steps) if at is None else at
        return replace(self, steps=(*self.steps[:place], step, *self.steps[place:]))

    def without(self, at: int) -> Recipe:
        """Without the step at ``at``."""
        return replace(self, steps=(*self.steps[:at], *self.steps[at + 1 :]))

    def moved(self, at: int, to: int) -> Recipe:
        """With the step at ``at`` standing at ``to``."""
        return self.without(at).with_step(self.steps[at], at=to)

    def switched(self, at: int) -> Recipe:
        """With the step at ``at`` switched off, or on again."""
        return self.replaced(at, dataclasses.replace(self.steps[at], active=not self.steps[at].active))

    def replaced(self, at: int, step: Step) -> Recipe:
        """With another step at ``at``."""
        return self.without(at).with_step(step, at=at)


def started(table: Table, *, file: str = "", most_bytes: int = MOST_BYTES) -> Made:
    """A table before its first step; ``file`` as in ``Recipe``, ``most_bytes`` as in ``Made``."""
    check_unique_names(table.frame)
    other = bool(file) and file != table.sha256
    unnamed = "The row numbers are those of another file." if other else ""
    parts = (table.frame, table.report, table.sha256, table.name, table.lines)
    return Made(*parts, most_bytes=most_bytes, unnamed=unnamed)


def next_of(made: Made, step: Step) -> Made:
    """The table after one more step: what a cache of all beginnings of a recipe is made with."""
    frame = made.frame
    size = (len(frame), len(frame)), (frame.shape[1], frame.shape[1])
    if not step.active:
        return replace(made, account=(*made.account, Account(step, *size)))
    try:
        outcome = _outcome(made, step)
    except (RecipeError, TableError) as error:
        return replace(made, account=(*made.account, Account(step, *size, problem=str(error))))
    after = outcome.frame
    account = Account(
        step,
        (len(frame), len(after)),
        (frame.shape[1], after.shape[1]),
        outcome.cells,
        outcome.failures,
        outcome.examples,
        new_names=len(after.columns.difference(frame.columns)) if frame.shape[1] == after.shape[1] else 0,
    )
    return replace(
        made,
        frame=after,
        report=_report(made, after, step),
        lines=_lines(made, after, step),
        account=(*made.account, account),
        uses={name: kind for name, kind in step.uses(made.uses).items() if name in after.columns},
        unnamed="The rows are no longer those of the file: move it up." if step.reshapes else made.unnamed,
    )


def _outcome(made: Made, step: Step) -> Outcome:
    if step.by_row and made.unnamed:
        raise RecipeError(made.unnamed)
    try:
        with room_of(max(made.most_bytes, filled_bytes(made.frame))):
            outcome = step.apply(made.frame)
            check_room(filled_bytes(outcome.frame))
    except ZetascopeError:
        raise
    except _FAULTS as fault:
        log.error("A step could not be taken: %s in %s", type(fault).__name__, type(step).__name__)
        raise RecipeError("It cannot be taken on this table, and the fault is ours: change it.") from fault
    return outcome


def _report(table: Table, frame: pd.DataFrame, step: Step) -> ReadReport:
    known = {one.name: one for one in step.readings(table.report.column_readings)}
    told = f"Made by a step: {step.sentence()}."
    readings = tuple(known.get(name) or ColumnReading(name, "made", told) for name in map(str, frame.columns))
    rows, columns = frame.shape
    return replace(table.report, rows=rows, columns=columns, column_readings=readings)


def _lines(table: Table, frame: pd.DataFrame, step: Step) -> np.ndarray | None:
    """Where each row stands in the file, as long as rows are rows of it."""
    if table.lines is None or step.reshapes:
        return None
    if len(frame) == len(table.frame):
        return table.lines  # steps keep the order of rows
    return table.lines[table.frame.index.get_indexer(frame.index)]
