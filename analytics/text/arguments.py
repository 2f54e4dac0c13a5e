"""What public functions take, made sure of at the door: each refusal is one sentence."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

import numpy as np
import pandas as pd

from analytics.arguments import is_real, is_whole
from analytics.errors import ZetascopeError


def as_vectors(vectors: Any, *, what: str = "vectors") -> np.ndarray:
    """A C-contiguous (n, d) float32 array of finite numbers, without a copy where it is one; (d,) is one row.

    Raises:
        ZetascopeError: another shape, something else than real numbers, or numbers missing or infinite.
    """
    try:
        given = np.asarray(vectors)
    except (TypeError, ValueError) as error:
        raise ZetascopeError(f"The {what} have different lengths: give one row of numbers a text.") from error
    if given.dtype.kind not in "fiub":
        raise ZetascopeError(f"The {what} hold {given.dtype}, not numbers: give one row of numbers a text.")
    given = given[None] if given.ndim == 1 and given.size else given
    if given.ndim != 2:
        raise ZetascopeError(f"The {what} have the shape {given.shape}: give one row of numbers a text.")
    with np.errstate(over="ignore"):
        made = np.ascontiguousarray(given, dtype=np.float32)
    if not np.isfinite(made).all():
        raise ZetascopeError(f"Some {what} contain missing or infinite numbers: encode these texts again.")
    return made


def as_vector(vector: Any, *, size: int, what: str = "query") -> np.ndarray:
    """One vector of ``size`` finite numbers, (size,) float32; (1, size) is taken too.

    Raises:
        ZetascopeError: another size, or something else than finite numbers.
    """
    made = as_vectors(vector, what=f"numbers of the {what}")
    if made.shape != (1, size):
        raise ZetascopeError(
            f"The {what} has {made.size} numbers, the vectors have {size}: use the same encoder for both."
        )
    return made[0]


def as_flags(flags: Any, *, count: int, what: str = "selection") -> np.ndarray:
    """(count,) bool; a missing flag is False.

    Raises:
        ZetascopeError: another number of rows, or something else than true and false.
    """
    made = np.asarray(flags)
    if made.dtype == object or not made.size:
        made = np.array(np.where(pd.isna(made), False, made).tolist()) if made.size else made.astype(bool)
    if made.ndim != 1 or len(made) != count:
        raise ZetascopeError(
            f"Rows of the {what}: {made.size:,}, of the table: {count:,}; give one for each."
        )
    if made.dtype.kind not in "biu" or not np.isin(made, (0, 1)).all():
        raise ZetascopeError(f"The {what} is not true or false for every row: give one of both for each.")
    return made.astype(bool)


def as_texts(texts: Any) -> Sequence[str]:
    """The texts, if they are texts.

    Raises:
        ZetascopeError: one text alone, or something among them that is no text.
    """
    check_listed(texts, what="texts")
    if not hasattr(texts, "__getitem__"):
        raise ZetascopeError(f"A {type(texts).__name__} is no list of texts: put the texts into a list.")
    wrong = next((place for place, text in enumerate(texts) if not isinstance(text, str)), None)
    if wrong is not None:
        kind = type(list(texts)[wrong]).__name__
        raise ZetascopeError(f"Text {wrong + 1} is of type {kind}: leave it out, or make it a text first.")
    return texts


def as_rows(rows: Any, *, table: int) -> np.ndarray:
    """(m,) int64 positions of rows in a table of ``table`` rows, none of them twice.

    Raises:
        ZetascopeError: something else than whole numbers, a row the table does not have, or one given twice.
    """
    made = np.asarray(rows)
    if made.ndim != 1 or (made.size and made.dtype.kind not in "iu"):
        raise ZetascopeError(f"Rows are given as {made.dtype} of shape {made.shape}: give their positions.")
    if made.size and not (made.min() >= 0 and made.max() < table):
        raise ZetascopeError(f"Rows from {made.min()} to {made.max()} are named, the table has {table}.")
    if len(np.unique(made)) != len(made):
        raise ZetascopeError("A row is named twice: name each row once.")
    return made.astype(np.int64)


def check_whole(value: Any, *, name: str, least: int) -> None:
    """Raises ZetascopeError unless ``value`` is a whole number of at least ``least``, in 64 bits."""
    if not is_whole(value) or not least <= value < 2**63:
        raise ZetascopeError(f"{name} is {value!r}: use a whole number of {least} or more.")


def check_share(value: Any, *, name: str, above: bool = False) -> None:
    """Raises ZetascopeError unless ``value`` is a number from 0 (or ``above`` it) up to 1."""
    if not is_real(value) or not 0 <= value <= 1 or (above and not value):
        start = "above 0, up to 1" if above else "from 0 to 1"
        raise ZetascopeError(f"{name} is {value!r}: use a value {start}.")


def check_listed(given: Any, *, what: str) -> None:
    """Raises ZetascopeError for one value alone, for a table, and for what has no order."""
    if getattr(given, "ndim", 1) > 1:
        kind = f"{type(given).__name__} of {given.ndim} dimensions"
        raise ZetascopeError(f"A {kind} is no list of {what}: give one column of it.")
    listed = hasattr(given, "__len__") and hasattr(given, "__iter__")
    if not listed or isinstance(given, str | bytes | Mapping | Set):
        raise ZetascopeError(f"A {type(given).__name__} is no list of {what}: put the {what} into a list.")
