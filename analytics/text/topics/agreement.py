"""How far groups of texts agree with a column of the table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError
from analytics.text.topics.tree import NOISE
from analytics.words import count


@dataclass(frozen=True)
class Agreement:
    """Agreement of topics with a column.

    Attributes:
        nmi: normalised mutual information in [0, 1]; it grows with the number of groups by itself.
        rand: adjusted Rand index: 0 by chance, 1 for the same groups, below 0 for less than chance.
        texts: how many texts have both a topic and a value.
        of: how many texts there are.
        column: the column's name.
    """

    nmi: float
    rand: float
    texts: int
    of: int
    column: str

    def sentence(self) -> str:
        """Both figures in words, with what they rest on."""
        left_out = (
            "" if self.texts == self.of else f" of {self.of:,}; the others are in no topic or have no value"
        )
        return (
            f"Agreement with {self.column}: NMI {self.nmi:.3f}, adjusted Rand index {self.rand:.3f} (1 is "
            f"the same groups, 0 what chance gives), over {count(self.texts, 'text')}{left_out}."
        )


def agreement(labels: np.ndarray, column: pd.Series) -> Agreement:
    """Compare labels (n,) with the values of a column, row by row; noise and missing values are left out.

    Raises:
        ZetascopeError: another number of rows, or none with both.
    """
    labels = np.asarray(labels)
    if not isinstance(column, pd.Series) or labels.shape != (len(column),):
        raise ZetascopeError("Topics are compared with one column of the same rows: give one value a text.")
    both = (labels != NOISE) & column.notna().to_numpy(dtype=bool)
    if not both.any():
        raise ZetascopeError("No text has both a topic and a value: choose another column or a coarser cut.")
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    values = pd.factorize(column.astype("string")[both])[0]
    return Agreement(
        nmi=float(normalized_mutual_info_score(values, labels[both])),
        rand=float(adjusted_rand_score(values, labels[both])),
        texts=int(both.sum()),
        of=len(labels),
        column=str(column.name),
    )
