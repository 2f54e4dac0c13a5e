"""Questions that a column leaves open, and the doubts they become once real cells show every answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.tables.options import ReadOptions
from analytics.tables.report import Alternative, Doubt
from analytics.tables.typed.cells import Cells

SHOWN = 3
"""Real cells that show what an answer does."""

NAMED = 5
"""Columns that a question of the file names; their number is said."""

Changes = tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class Answer:
    """One way to read, with the fields of ``ReadOptions`` that ask for it.

    ``empties``: the cells shown become missing, which needs no reading to know.
    """

    label: str
    changes: Changes
    empties: bool = False


@dataclass(frozen=True)
class Question:
    """What is in doubt in a column; ``rows`` show it.

    ``of_file``: the answer is one for the file, this column is its example, and {} in the question stands for
    the names of all columns that ask the same.
    """

    cells: Cells
    question: str
    evidence: str
    rows: np.ndarray
    taken: Answer
    answers: tuple[Answer, ...]
    of_file: bool = False


def asked_once(questions: Sequence[Question]) -> list[Question]:
    """The questions, one for all columns where the answer is one for the file."""
    alike: dict[object, list[Question]] = {}
    for place, question in enumerate(questions):
        same = (question.question, question.taken.label, question.answers) if question.of_file else place
        alike.setdefault(same, []).append(question)
    return [_of_all(group) for group in alike.values()]


def _of_all(group: Sequence[Question]) -> Question:
    first = group[0]
    if not first.of_file:
        return first
    names = [question.cells.name for question in group]
    more = f" and {len(names) - NAMED:,} more columns" if len(names) > NAMED else ""
    question = first.question.replace("{}", ", ".join(names[:NAMED]) + more)
    kept = [dict(one.taken.changes).get("column_types") for one in group]
    pairs = [pair for types in kept if isinstance(types, tuple) for pair in types]
    taken = replace(first.taken, changes=(("column_types", tuple(pairs)),)) if pairs else first.taken
    return replace(first, question=question, taken=taken)


def as_type(column: str, kind: str) -> Changes:
    """The change of options that asks for a type of one column."""
    return (("column_types", ((column, kind),)),)


def telling_rows(cells: Cells, mask: np.ndarray, *, most: int = SHOWN) -> np.ndarray:
    """The first rows with different values among those that the mask (u,) selects."""
    if cells.codes is not None:
        values = np.flatnonzero(mask)[:most]
        return np.array([int(np.argmax(cells.codes == value)) for value in values], np.int64)
    rows = np.flatnonzero(mask)[: 50 * most]
    _, first = np.unique(np.array(cells.raw.take(pa.array(rows)).to_pylist(), object), return_index=True)
    return rows[np.sort(first)[:most]]


def made_doubt(
    question: Question,
    values: Any,
    options: ReadOptions,
    read: Callable[[str, list[str], ReadOptions], Sequence[object]],
) -> Doubt:
    """The question with what each answer makes of its cells; ``values`` (n,) are the column as taken."""
    name = question.cells.name
    texts = question.cells.raw.take(pa.array(question.rows, pa.int64())).to_pylist()
    now = [shown(values[row]) for row in question.rows.tolist()]
    taken = Alternative(question.taken.label, question.taken.changes, tuple(zip(texts, now, strict=True)))
    others = []
    for answer in question.answers:
        if answer.empties or answer.changes == as_type(name, "text"):
            then = ["missing"] * len(texts) if answer.empties else texts
        else:
            asked = Alternative(answer.label, answer.changes).chosen(options)
            then = list(map(shown, read(name, texts, asked)))
        others.append(Alternative(answer.label, answer.changes, tuple(zip(texts, then, strict=True))))
    column = None if question.of_file else name
    evidence = question.evidence
    ended = evidence.endswith("..") and not evidence.endswith("...")  # by the last cell shown, as k.A.
    return Doubt(question.question, evidence[:-1] if ended else evidence, taken, tuple(others), column)


def shown(value: object) -> str:
    """A value as short text: days without their midnight, numbers without a needless point."""
    if value is None or value is pd.NA or value != value:
        return "missing"
    if isinstance(value, pd.Timestamp):
        days_only = value.tz is None and value == value.normalize()
        return f"{value:%Y-%m-%d}" if days_only else value.isoformat(sep=" ")
    if isinstance(value, pd.Timedelta):
        return str(value)
    if isinstance(value, float | np.floating):
        return f"{float(value):.15g}"
    return str(value)
