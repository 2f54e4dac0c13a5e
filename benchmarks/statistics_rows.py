"""One line of the table of nominal against realised probabilities."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

SIZES = (20, 50, 100, 500, 2_000)
COLUMNS = (1, 3, 10)
_ERRORS = 2.0
"""Standard errors of the simulation that a realised value may be off."""


@dataclass(frozen=True)
class Realised:
    """What a page states, and what simulation finds.

    ``tolerance`` is how far off the statement may be beside the simulation's own error: absolute for
    probabilities, a share of it where ``nominal`` is a count (above 1). ``at_most``: it is a bound.
    """

    what: str
    rows: int
    columns: int
    nominal: float
    realised: float
    error: float
    at_most: bool = False
    tolerance: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether the statement is right within two standard errors and the tolerance."""
        room = _ERRORS * self.error + self.tolerance * max(self.nominal, 1.0)
        off = self.realised - self.nominal
        return off <= room if self.at_most else abs(off) <= room


@dataclass(frozen=True)
class Check:
    """A statement and its simulation: ``run`` is given the number of tables to simulate."""

    name: str
    run: Callable[[int], Iterable[Realised]]


def share(
    what: str,
    rows: int,
    columns: int,
    nominal: float,
    found: np.ndarray,
    *,
    at_most: bool = False,
    tolerance: float = 0.0,
) -> Realised:
    """A line for how often something happened (n, bool), with the binomial standard error at the nominal."""
    error = float(np.sqrt(nominal * (1 - nominal) / len(found)))
    return Realised(what, rows, columns, nominal, float(np.mean(found)), error, at_most, tolerance)


def sizes_and_columns() -> Iterator[tuple[int, int]]:
    """Every size with every number of columns."""
    yield from ((rows, columns) for rows in SIZES for columns in COLUMNS)
