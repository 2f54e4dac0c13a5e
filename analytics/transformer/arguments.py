"""What public functions of the walks take, made sure of at the door: each refusal is one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from analytics.arguments import is_whole
from analytics.transformer.tokens import TraceError
from analytics.words import count


def check_place(value: Any, *, name: str, count: int) -> None:
    """Raises TraceError unless ``value`` is a whole number from 0 to below ``count``."""
    if not is_whole(value):
        raise TraceError(f"{name} is {value!r}: give its number, counted from 0.")
    if not 0 <= value < count:
        raise TraceError(f"{name} {value + 1} does not exist here; there are {count}.")


def check_cell(row: Any, column: Any, *, shape: tuple[int, ...]) -> None:
    """Raises TraceError unless a stage of this shape has the cell."""
    if not (is_whole(row) and is_whole(column)):
        raise TraceError(f"Row {row!r}, column {column!r} names no cell: give whole numbers, from 0.")
    if not (0 <= row < shape[0] and 0 <= column < shape[1]):
        raise TraceError(
            f"Row {row + 1}, column {column + 1} is outside this stage's {count(shape[0], 'row')} "
            f"and {count(shape[1], 'column')}."
        )


def as_heads(heads: Any) -> tuple[tuple[int, int], ...]:
    """(layer, head) pairs of whole numbers; raises TraceError for anything else."""
    pairs: list[Any] = list(heads) if _is_list(heads) else [None]
    if not all(_is_list(pair) and len(pair) == 2 and all(map(is_whole, pair)) for pair in pairs):
        raise TraceError(f"{heads!r} names no heads: give pairs of a layer and a head, counted from 0.")
    return tuple((int(pair[0]), int(pair[1])) for pair in pairs)


def as_ids(ids: Any) -> tuple[int, ...]:
    """Ids of a vocabulary; raises TraceError for anything but whole numbers."""
    if not _is_list(ids) or not all(map(is_whole, ids)):
        raise TraceError(f"{ids!r} are no output ids: give whole numbers.")
    return tuple(int(one) for one in ids)


def as_numbers(values: Any, *, name: str) -> np.ndarray:
    """An array of float64; raises TraceError where something in it is no number."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise TraceError(f"{name} has a cell that is no number; fill in one.") from error


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence | np.ndarray) and not isinstance(value, str)
