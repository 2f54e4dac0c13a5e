"""What stands in a report: everything that is known of a table and of what was done to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import numpy as np

from analytics.errors import ZetascopeError
from analytics.numbers import find_outliers
from analytics.numbers.outliers.reasons import explain_rows
from analytics.progress import Progress, silent
from analytics.project.project import versions
from analytics.recipe import Account, Recipe, Suggestion, suggest
from analytics.recipe.deciding import first_decision
from analytics.report_file.relations import Related, relations_of
from analytics.report_file.scores import ColumnScores, scores_of
from analytics.reproduce import recipe_script
from analytics.tables import ReadOptions, Role, Table, TableProfile, column_roles, profile_table
from analytics.tables.options import LIMITS

METHODS = ("iqr", "modified_zscore")
"""Fences that a reader can follow by hand; forests and distances take minutes at a million rows."""
SEARCHED = 100_000
"""Rows that are searched where there are more: a report of a million rows would take twice as long."""
_ROWS = 20  # as many reasons as somebody reads


@dataclass(frozen=True)
class UnusualRow:
    """One row that a method flags: its number in the file from 1, its line there, and why."""

    number: int
    line: int | None
    votes: int
    sentence: str


@dataclass(frozen=True)
class Unusual:
    """``flagged`` counts the rows; ``rows`` are the first of them, most votes first."""

    methods: tuple[str, ...] = ()
    flagged: int = 0
    rows: tuple[UnusualRow, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """``as_read`` is the table before the recipe, ``table`` after it; all figures are of the latter.

    ``answers`` are the reading options that somebody gave; ``decisions`` is where the decisions about
    unusual rows begin among the ``account``.
    """

    as_read: Table
    table: Table
    recipe: Recipe
    account: tuple[Account, ...]
    answers: tuple[tuple[str, object], ...]
    decisions: int
    suggestions: tuple[Suggestion, ...]
    profile: TableProfile
    relations: Related
    scores: tuple[ColumnScores, ...]
    unusual: Unusual
    script: str
    made_with: Mapping[str, str] = field(default_factory=versions)


def make_report(
    as_read: Table,
    recipe: Recipe = Recipe(),
    *,
    roles: Mapping[str, Role] | None = None,
    progress: Progress = silent,
) -> Report:
    """Everything about a table after the steps of a recipe.

    Args:
        as_read: the file as ``recipe.read`` reads it.
        recipe: reading options and steps.
        roles: of the columns after the steps; by default as they are guessed, or as a step says.
        progress: called before each part; may raise to cancel.

    Raises:
        ZetascopeError: two columns have the same name.
    """
    made = recipe.apply(as_read)
    progress(0, 5)
    known = {str(name): role for name, role in column_roles(made.frame).items()}
    known |= {name: Role(kind, "chosen by a step") for name, kind in made.uses.items()} | dict(roles or {})
    profile = profile_table(made.frame, roles={name: known[str(name)] for name in made.frame.columns})
    progress(1, 5)
    suggestions = suggest(made, roles=known, profile=profile)
    progress(2, 5)
    relations = relations_of(made.frame, known)
    progress(3, 5)
    unusual = _unusual(made, known)
    progress(4, 5)
    return Report(
        as_read,
        made,
        recipe,
        made.account,
        _answers(recipe.read),
        first_decision(recipe.steps),
        suggestions,
        profile,
        relations,
        scores_of(made.frame, profile),
        unusual,
        recipe_script(recipe, as_read, file_name=as_read.name),
    )


def _answers(options: ReadOptions) -> tuple[tuple[str, object], ...]:
    given = ((one.name, getattr(options, one.name), one.default) for one in fields(options))
    return tuple((name, value) for name, value, usual in given if value != usual and name not in LIMITS)


def _unusual(table: Table, roles: Mapping[str, Role]) -> Unusual:
    columns = [name for name, role in roles.items() if role.kind == "number" and name in table.frame.columns]
    if not columns:
        return Unusual()
    places, told = _searched(len(table.frame))
    frame = table.frame.iloc[places]
    try:
        found = find_outliers(frame, methods=METHODS, columns=columns)
    except ZetascopeError as error:
        return Unusual(notes=(str(error),))
    flagged = found.flagged_rows()
    votes = found.votes.to_numpy()
    numbers = frame.index.to_numpy() + 1
    lines = None if table.lines is None else table.lines[places]
    rows = tuple(
        UnusualRow(
            int(numbers[one.row]),
            None if lines is None else int(lines[one.row]),
            int(votes[one.row]),
            one.sentence,
        )
        for one in explain_rows(found, flagged[:_ROWS])
    )
    return Unusual(found.methods, len(flagged), rows, (*told, *found.notes))


def _searched(rows: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """Places of the rows that are searched, and what is to be said of the others."""
    if rows <= SEARCHED:
        return np.arange(rows), ()
    places = np.sort(np.random.default_rng(0).choice(rows, SEARCHED, replace=False))
    return places, (f"Searched are {SEARCHED:,} rows of {rows:,}, drawn at random with seed 0.",)
