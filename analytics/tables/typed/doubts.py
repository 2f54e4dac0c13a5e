"""Questions that a column leaves open, and the doubts they become once real cells show every answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.tables.options import ReadOptions
from analytics.tables.report import Alternative, Doubt
from analytics.tables.typed.cells import Cells

SHOWN = 3
"""Real cells that show what an answer does."""

Changes = tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class Answer:
    """One way to read, with the fields of ``ReadOptions`` that ask for it."""

    label: str
    changes: Changes


@dataclass(frozen=True)
class Question:
    """What is in doubt in a column, or ``of_file`` with this column as its example; ``rows`` show it."""

    cells: Cells
    question: str
    evidence: str
    rows: np.ndarray
    taken: Answer
    answers: tuple[Answer, ...]
    of_file: bool = False


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
        asked = Alternative(answer.label, answer.changes).chosen(options)
        then = map(shown, read(name, texts, asked))
        others.append(Alternative(answer.label, answer.changes, tuple(zip(texts, then, strict=True))))
    column = None if question.of_file else name
    return Doubt(question.question, question.evidence, taken, tuple(others), column)


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
