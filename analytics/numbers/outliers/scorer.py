"""The outlier search as a scikit-learn detector: measured on one table, asked about any."""

from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, OutlierMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from analytics.arguments import names_of
from analytics.errors import ZetascopeError
from analytics.frames import opened
from analytics.numbers.basics.parameters import Label
from analytics.numbers.basics.selection import float_values
from analytics.numbers.outliers.column_scores import cell_scores
from analytics.numbers.outliers.detectors import isolation_forest
from analytics.numbers.outliers.row_matrix import further_rows, row_matrix
from analytics.numbers.outliers.search import OutlierSearch

SCORER_METHODS = ("zscore", "modified_zscore", "iqr", "isolation_forest")
"""Methods whose score of a row needs nothing but what was measured before; the others compare rows among
themselves, and a row's score would depend on what else is asked about."""


class OutlierScorer(OutlierMixin, BaseEstimator):
    """How unusual rows are against the rows it was fitted on, by one method of the Outliers page.

    On the fitted rows the scores are those of :func:`analytics.numbers.find_outliers`, to the last bit, with
    scikit-learn's sign: lower is more unusual. A missing value is left out of the row's score; a row without
    any value scores NaN and is no outlier.

    Args:
        method: zscore, modified_zscore, iqr or isolation_forest.
        threshold: where unusual begins, on the method's own scale; by default as on the page.
        columns: names of the columns; by default all numbers but booleans and identifiers.
        seed: what the forest's random numbers start from.

    ``offset_`` is the negative threshold in use: what scores lower is an outlier, -1 to ``predict``.
    """

    def __init__(
        self,
        method: str = "modified_zscore",
        *,
        threshold: float | None = None,
        columns: Label | list[Label] | None = None,
        seed: int = 0,
    ) -> None:
        self.method = method
        self.threshold = threshold
        self.columns = columns
        self.seed = seed

    def fit(self, X: Any, y: object = None) -> Self:  # noqa: ARG002
        """Measure the columns of ``X`` (n, d). Raises ZetascopeError for a bad choice or column."""
        if self.method not in SCORER_METHODS:
            raise ZetascopeError(
                f"{self.method!r} can't score single rows: choose one of {', '.join(SCORER_METHODS)}."
            )
        frame, named = self._frame(X, reset=True)
        if len(frame) == 1:
            raise ZetascopeError("The table has one row (n_samples = 1): nothing is unusual among one.")
        report = OutlierSearch(frame).find(
            methods=(self.method,),
            thresholds=None if self.threshold is None else {self.method: self.threshold},
            columns=names_of(self.columns, "column") or (None if named else list(frame.columns)),
            seed=self.seed,
        )
        self.columns_ = report.columns
        self._spreads = report.spreads
        self.offset_ = -float(report.thresholds[self.method])
        if self.method == "isolation_forest":
            matrix = row_matrix(report.data, report.spreads)
            self._varying = matrix.columns
            self._forest = isolation_forest(matrix.Z, seed=self.seed)
        return self

    def score_samples(self, X: Any) -> np.ndarray:
        """How ordinary each row is (n,): the negative of the method's score, NaN where there is no value."""
        check_is_fitted(self, "columns_")
        frame, _ = self._frame(X, reset=False)
        missing = [name for name in self.columns_ if name not in frame.columns]
        if missing:
            raise ZetascopeError(f"The table has no column {missing[0]!r}, which was measured: add it.")
        values = [_finite(float_values(frame[name], name)) for name in self.columns_]
        if self.method == "isolation_forest":
            return self._forest_scores(values)
        best = np.full(len(frame), np.nan)
        for column, spread in zip(values, self._spreads, strict=True):
            np.fmax(best, cell_scores(self.method, column, spread, None), out=best)
        return -best

    def decision_function(self, X: Any) -> np.ndarray:
        """``score_samples`` less ``offset_`` (n,): below 0 is an outlier."""
        return self.score_samples(X) - self.offset_

    def predict(self, X: Any) -> np.ndarray:
        """-1 for an outlier and 1 for the others, (n,) int64."""
        return np.where(self.decision_function(X) < 0, -1, 1)

    def _forest_scores(self, values: list[np.ndarray]) -> np.ndarray:
        Z, judged = further_rows(values, self._spreads, self._varying)
        scores = np.full(len(Z), np.nan)
        if judged.any():
            scores[judged] = self._forest.score_samples(Z[judged])
        return scores

    def _frame(self, X: Any, *, reset: bool) -> tuple[pd.DataFrame, bool]:
        """``X`` as a frame (n, d), and whether it was a table with names of its own."""
        X, _ = opened(X)
        if not isinstance(X, pd.DataFrame):
            checked = validate_data(self, X, reset=reset, dtype=np.float64, ensure_all_finite=False)
            return pd.DataFrame(checked, columns=[f"x{place}" for place in range(checked.shape[1])]), False
        if reset:
            self.n_features_in_ = X.shape[1]
            if all(isinstance(name, str) for name in X.columns):
                self.feature_names_in_ = X.columns.to_numpy(dtype=object)
        return X, True

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), values, np.nan)
