"""What kind of value an argument is, numpy's own kinds included; a truth value is no number."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError

LARGEST_SEED = 2**32 - 1
"""What numpy's and scikit-learn's random numbers start from at most."""


def is_whole(value: Any) -> bool:
    """Whether it is a whole number."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def is_real(value: Any) -> bool:
    """Whether it is a whole number or a float."""
    return is_whole(value) or isinstance(value, float | np.floating)


def require_frame(frame: Any, *, error: type[ZetascopeError] = ZetascopeError) -> None:
    """Raises ``error`` for what is no table with one row of names."""
    if not isinstance(frame, pd.DataFrame):
        raise error(f"A {type(frame).__name__} is no table: give a pandas DataFrame.")
    if frame.columns.nlevels > 1:
        raise error(f"The table has {frame.columns.nlevels} rows of names: join them to one.")


def require_column(column: Any, *, error: type[ZetascopeError] = ZetascopeError) -> None:
    """Raises ``error`` for what is no column of a table."""
    if not isinstance(column, pd.Series):
        raise error(f"A {type(column).__name__} is no column: give one column of a table.")


def names_of(given: Any, what: str, *, error: type[ZetascopeError] = ZetascopeError) -> tuple[Any, ...]:
    """One name or several as a tuple, "" and ``None`` as none; ``what`` they name stands in the refusal."""
    if given is None or (isinstance(given, str) and not given):
        return ()
    if isinstance(given, str | int | np.integer):
        return (given,)
    if not isinstance(given, Iterable) or isinstance(given, bytes):
        raise error(f"{given!r} names no {what}: give one name, or a list of them.")
    found = tuple(given)
    if not all(isinstance(name, str | int | float | tuple | np.generic | None) for name in found):
        raise error(f"{found!r} does not name {what}s: give a list of names.")
    return found


def require_whole(
    value: Any, what: str, *, least: int, most: int, error: type[ZetascopeError] = ZetascopeError
) -> None:
    """Raises ``error`` for what is no whole number from ``least`` to ``most``."""
    if not is_whole(value) or not least <= value <= most:
        raise error(f"{what} is {value!r}: give a whole number from {least:,} to {most:,}.")
