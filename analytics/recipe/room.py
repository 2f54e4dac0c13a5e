"""What a step would make is counted before it is made: few words can repeat a table many times."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.recipe.errors import RecipeError
from analytics.tables.budget import NUMBER, megabytes
from analytics.tables.options import ReadOptions

MOST_BYTES = ReadOptions().max_table_bytes
"""What a table may fill after a step, as it may once it is read; a server allows less."""


_allowed: ContextVar[int] = ContextVar("allowed", default=MOST_BYTES)


@contextmanager
def room_of(most: int) -> Iterator[None]:
    """Steps that are taken inside may fill so many bytes."""
    token = _allowed.set(most)
    try:
        yield
    finally:
        _allowed.reset(token)


def check_room(size: int) -> None:
    """Raise RecipeError where the table would fill more bytes than are allowed."""
    most = _allowed.get()
    if size > most:
        raise RecipeError(
            f"The table would fill {megabytes(size)} after this step; the limit is {megabytes(most)}: keep "
            "fewer rows or columns first."
        )


def check_cells(rows: int, columns: int) -> None:
    """The same for a table of so many numbers."""
    check_room(rows * columns * NUMBER)


def text_bytes(column: pd.Series) -> int:
    """Bytes of a column's texts; of other columns those of their numbers."""
    if not isinstance(column.dtype, pd.StringDtype):
        return len(column) * NUMBER
    return pc.sum(pc.binary_length(pa.array(column, pa.large_string()))).as_py() or 0


def filled_bytes(frame: pd.DataFrame) -> int:
    """Bytes that the whole table fills."""
    return int(frame.memory_usage(index=False, deep=True).sum())
