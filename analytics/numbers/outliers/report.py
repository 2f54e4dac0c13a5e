"""What the outlier search found, as plain data: scores stay, flags follow from the thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError
from analytics.numbers.basics.parameters import Label
from analytics.numbers.outliers.column_spread import ColumnSpread
from analytics.numbers.outliers.data import NumberColumns
from analytics.numbers.outliers.laws.columns_together import ColumnsTogether
from analytics.numbers.outliers.laws.distance_law import DistanceLaw
from analytics.numbers.outliers.methods import COLUMN_METHODS
from analytics.numbers.outliers.mixed.scoring import MixedScores
from analytics.numbers.outliers.rank_terms import upper_terms
from analytics.numbers.outliers.reasons import explain_rows


@dataclass(frozen=True)
class Parts:
    """What each column adds to the score of the most unusual rows, for a method across columns.

    ``rows`` (m,) are row positions, most unusual first, ``columns`` (d,) column positions and ``values`` (m,
    d) the parts. ``law`` is that of clean rows, for the Mahalanobis distance.
    """

    rows: np.ndarray
    columns: np.ndarray
    values: np.ndarray
    law: DistanceLaw | None


@dataclass(frozen=True)
class MethodScores:
    """One method's scores of all rows (n,), NaN where a row can't be scored."""

    values: np.ndarray

    @cached_property
    def surprise(self) -> np.ndarray:
        """-ln of the share of rows (n,) that are at least as unusual, which is a p-value by ranks.

        Ties share their rank; a row that can't be scored counts as the most ordinary one.
        """
        return upper_terms(np.where(np.isnan(self.values), -np.inf, self.values))

    @property
    def nbytes(self) -> int:
        """The memory of both arrays, when there are both."""
        return 2 * self.values.nbytes


@dataclass(frozen=True)
class OutlierReport:
    """Scores, flags and votes of every row; made by :func:`analytics.numbers.find_outliers`.

    ``scored`` holds the scores of each method, ``scores`` the same as a table (n rows x methods): higher for
    more unusual rows, NaN where a row can't be scored. A row is flagged where its score exceeds
    ``thresholds[method]``. ``spreads`` describe each column, ``together`` how columns go with each other,
    ``parts`` the methods across columns;
    ``clean_scores`` are the scores these methods give to clean normal data correlated as this table is.
    ``mixed`` says what rows of any kind were scored by, where that was asked for.
    ``notes`` are sentences on what was left out or filled, ``skipped`` says why a method could not run.
    """

    data: NumberColumns
    scored: Mapping[str, MethodScores]
    scores: pd.DataFrame
    thresholds: Mapping[str, float]
    spreads: tuple[ColumnSpread, ...]
    together: ColumnsTogether
    parts: Mapping[str, Parts]
    clean_scores: Mapping[str, np.ndarray]
    notes: tuple[str, ...]
    skipped: Mapping[str, str]
    seed: int
    mixed: MixedScores | None = None

    @property
    def columns(self) -> tuple[Label, ...]:
        """The columns that were searched."""
        return self.data.names

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that gave scores."""
        return tuple(self.scored)

    @cached_property
    def flags(self) -> pd.DataFrame:
        """Whether each method calls the row unusual (n rows x methods, bool)."""
        return self.scores > pd.Series(self.thresholds, dtype=np.float64)[list(self.methods)]

    @cached_property
    def votes(self) -> pd.Series:
        """How many methods flag each row (n,)."""
        return self.flags.sum(axis=1).rename("votes")

    @cached_property
    def vote_scores(self) -> pd.Series:
        """All methods in one number (n,), without any threshold.

        Fisher's way of combining p-values, here those by ranks: the mean of -ln(p) over the methods.
        """
        total = sum((scored.surprise for scored in self.scored.values()), start=np.zeros(self.data.rows))
        return pd.Series(total / len(self.scored), index=self.data.index, name="vote_score")

    @cached_property
    def reasons(self) -> pd.Series:
        """One sentence for every flagged row (index: the flagged rows), the most voted first."""
        rows = self.flagged_rows()
        sentences = [explained.sentence for explained in explain_rows(self, rows)]
        return pd.Series(sentences, index=self.scores.index[rows], name="reason", dtype="str")

    def flagged_rows(self) -> np.ndarray:
        """Positions of the rows with at least one vote, most votes first, then by vote score."""
        return self._flagged_rows

    @cached_property
    def _flagged_rows(self) -> np.ndarray:
        votes = self.votes.to_numpy()
        rows = np.flatnonzero(votes)
        ordered = rows[np.lexsort((-self.vote_scores.to_numpy()[rows], -votes[rows]))]
        ordered.flags.writeable = False
        return ordered

    def with_thresholds(self, thresholds: Mapping[str, float]) -> "OutlierReport":
        """The same scores with some thresholds changed; nothing is fitted again.

        Raises:
            ZetascopeError: for a method without scores or a threshold that is no number.
        """
        for method, threshold in thresholds.items():
            self.require(method)
            if np.isnan(threshold):
                raise ZetascopeError(f"The threshold of {method} is not a number: give one.")
        return replace(self, thresholds={**self.thresholds, **thresholds})

    def require(self, method: str) -> None:
        """Raise a :class:`ZetascopeError` that says what there is when ``method`` has no scores."""
        if method not in self.methods:
            why = f" ({self.skipped[method]})" if method in self.skipped else ""
            raise ZetascopeError(
                f"There are no scores of {method!r}{why}; there are: {', '.join(self.methods)}."
            )

    def column_methods(self) -> tuple[str, ...]:
        """The column-wise methods among :attr:`methods`."""
        return tuple(method for method in self.methods if method in COLUMN_METHODS)

    def group_codes(self, rows: np.ndarray) -> np.ndarray | None:
        """The groups (m,) of rows, or ``None`` where all rows are one group."""
        return self.data.codes[rows] if len(self.data.groups) > 1 else None
