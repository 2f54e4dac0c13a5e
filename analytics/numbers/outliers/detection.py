"""What one method across columns finds."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Detection:
    """What one method found.

    ``scores`` (n,), higher is more unusual. ``rows`` (m,) are the explained rows, most unusual first, and
    ``parts`` (m, d) what each column adds.
    ``rank`` is the number of independent directions, where the method has one; ``singly`` are columns whose
    correlations it can't use. ``notes`` are remarks for the visitor.
    """

    scores: np.ndarray
    rows: np.ndarray
    parts: np.ndarray
    rank: int | None = None
    singly: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


def most_unusual(scores: np.ndarray, count: int) -> np.ndarray:
    """The rows of the largest scores (n,), at most so many, the largest first."""
    if len(scores) <= count:
        return np.argsort(-scores, kind="stable")
    top = np.argpartition(-scores, count)[:count]
    return top[np.argsort(-scores[top], kind="stable")]
