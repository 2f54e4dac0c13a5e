"""Standard scores as a scikit-learn transformer around two pure steps, fitting and applying."""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

import numpy as np
import pandas as pd
import sklearn
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from analytics.arguments import names_of
from analytics.frames import opened
from analytics.numbers.basics.parameters import (
    ColumnFit,
    Label,
    NoNumberError,
    StandardizeError,
    TransformParameters,
)
from analytics.numbers.basics.selection import column_major
from analytics.numbers.standardizing.accuracy import accuracy_note, condition, digits_left
from analytics.numbers.standardizing.fitting import (
    apply_parameters,
    fit_and_apply,
    fit_parameters,
    invert_parameters,
)
from analytics.numbers.standardizing.transform_file import parameters_from_json, parameters_to_json

Data = pd.DataFrame | np.ndarray


class Standardizer(TransformerMixin, BaseEstimator):
    """Puts number columns on a common scale, over all rows or within groups.

    The stated policy for awkward columns, the same for every method:

    - missing stays missing; infinite values are left out of the statistics, counted, and stay infinite;
    - a column (or group) whose values are all equal, or differ only by rounding, scores 0;
    - where the MAD or the IQR is 0 but the values differ, the mean absolute deviation takes its place;
    - a column that had no value at fitting scores missing;
    - a row whose group was not there at fitting is scored with the statistics over all rows.

    Args:
        method: zscore, robust, iqr, minmax, maxabs, rank_gauss or yeo_johnson.
        methods: columns that are scored by another method, by name: ``{"price": "yeo_johnson"}``;
            ``advised_methods`` proposes them.
        ddof: 0 divides the variance by n, 1 by n - 1 (zscore and yeo_johnson).
        columns: names of the columns; by default all numbers but booleans and identifiers.
        by: one name or several: statistics are taken within each combination of their values.

    A DataFrame gives a DataFrame of the scored columns, an array an array; both are float64. Frames of
    polars, pyarrow, DuckDB and others that narwhals knows give a frame of their own kind.
    Fitted parameters are in ``parameters_``, plain data that ``to_json`` writes.
    """

    def __init__(
        self,
        method: str = "zscore",
        *,
        methods: Mapping[Label, str] | None = None,
        ddof: int = 0,
        columns: Label | Sequence[Label] | None = None,
        by: Label | Sequence[Label] | None = None,
    ) -> None:
        self.method = method
        self.methods = methods
        self.ddof = ddof
        self.columns = columns
        self.by = by

    def fit(self, X: Data, y: object = None) -> Self:  # noqa: ARG002
        """Measure the columns of ``X`` (n, d). Raises StandardizeError for a bad choice or column."""
        X, _ = opened(X)
        frame = self._frame(X, reset=True)
        fitted = fit_parameters(frame, **self._choices(X, frame))
        self.parameters_ = replace(fitted, versions=current_versions())
        return self

    def fit_transform(self, X: Data, y: object = None) -> Data:  # noqa: ARG002
        """``fit`` and ``transform`` in one go, which reads a large table once less."""
        X, back = opened(X)
        frame = self._frame(X, reset=True)
        fitted, scores = fit_and_apply(frame, **self._choices(X, frame))
        self.parameters_ = replace(fitted, versions=current_versions())
        return back(_like(X, scores))

    def transform(self, X: Data) -> Data:
        """Score ``X``: its own columns found by name, in any order; others are ignored.

        A score that no double holds, as values of 1e100 give by a scale of 1e-250, is infinite.
        """
        check_is_fitted(self, "parameters_")
        X, back = opened(X)
        return back(_like(X, apply_parameters(self.parameters_, self._frame(X, reset=False))))

    def inverse_transform(self, X: Data) -> Data:
        """Turn scores back into values; with ``by``, ``X`` must hold those columns too."""
        check_is_fitted(self, "parameters_")
        X, back = opened(X)
        return back(_like(X, invert_parameters(self.parameters_, self._frame(X, reset=False))))

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:  # noqa: ARG002
        """Names of the scored columns, as they were in the input."""
        check_is_fitted(self, "parameters_")
        return np.array([str(column) for column in self.parameters_.columns], dtype=object)

    def summary(self) -> pd.DataFrame:
        """One row per column and group: center, scale, counts, accuracy and notes."""
        check_is_fitted(self, "parameters_")
        return pd.DataFrame([_summary_row(fit) for fit in self.parameters_.fits])

    def with_source(self, *, name: str | None, sha256: str | None, recipe: str = "") -> Self:
        """The same transform with the file it was fitted on noted in its JSON.

        ``recipe`` is the JSON text of how that file was read, and of the steps before the statistics.
        """
        check_is_fitted(self, "parameters_")
        kept = json.dumps(json.loads(recipe), ensure_ascii=False) if recipe else ""  # as a file gives it back
        self.parameters_ = replace(self.parameters_, source_name=name, source_sha256=sha256, recipe=kept)
        return self

    def to_json(self) -> str:
        """The fitted transform as plain JSON text."""
        check_is_fitted(self, "parameters_")
        return parameters_to_json(self.parameters_)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """A fitted Standardizer from its JSON. Raises StandardizeError naming the faulty field."""
        return cls.from_parameters(parameters_from_json(text))

    @classmethod
    def from_parameters(cls, parameters: TransformParameters) -> Self:
        """A fitted Standardizer around parameters made elsewhere."""
        names = parameters.methods or (parameters.method,)
        made = cls(
            names[0],
            methods=dict(zip(parameters.columns, parameters.methods, strict=True))
            if parameters.methods
            else None,
            ddof=parameters.ddof,
            columns=parameters.columns,
            by=parameters.by or None,
        )
        made.parameters_ = parameters
        return made

    def to_sql(self, table: str, *, dialect: str = "standard") -> str:
        """A SELECT statement that adds the scores to ``table``. See ``expressions.sql_select``."""
        from analytics.numbers.standardizing.expressions import sql_select

        check_is_fitted(self, "parameters_")
        return sql_select(self.parameters_, table, dialect=dialect)

    def to_spreadsheet_formula(self, columns: Sequence[Label] | None = None) -> dict[Label, str]:
        """A formula per column for row 2 of a sheet. See ``expressions.spreadsheet_formulas``."""
        from analytics.numbers.standardizing.expressions import spreadsheet_formulas

        check_is_fitted(self, "parameters_")
        order = getattr(self, "feature_names_in_", None) if columns is None else columns
        return spreadsheet_formulas(self.parameters_, sheet_columns=None if order is None else list(order))

    def _choices(self, X: Data, frame: pd.DataFrame) -> dict[str, Any]:
        """What ``fit_parameters`` asks for; all columns of an array are numbers."""
        by = names_of(self.by, "column", error=StandardizeError)
        everything = self.columns is None and not isinstance(X, pd.DataFrame)
        columns = list(frame.columns) if everything else self.columns
        return {
            "method": self.method,
            "methods": self.methods,
            "ddof": self.ddof,
            "columns": columns,
            "by": by,
        }

    def _frame(self, X: Data, *, reset: bool) -> pd.DataFrame:
        if isinstance(X, pd.DataFrame):
            if reset:
                self.n_features_in_ = X.shape[1]
                self._remember_names(X)
            return X
        checked = self._as_array(X, reset=reset)
        names = getattr(self, "feature_names_in_", None)
        names = _array_names(checked) if names is None else names
        return pd.DataFrame(column_major(checked), columns=names, copy=False)

    def _as_array(self, X: Data, *, reset: bool) -> np.ndarray:
        """What scikit-learn takes for numbers (n, d); its reason is ours."""
        try:
            return validate_data(self, X, reset=reset, dtype=np.float64, ensure_all_finite=False)
        except (TypeError, ValueError) as error:
            reason = " ".join(str(error).split()).rstrip(".")
            kind = NoNumberError if isinstance(error, TypeError) else StandardizeError
            raise kind(f"This is no table of numbers: {reason}.") from error

    def _remember_names(self, frame: pd.DataFrame) -> None:
        if all(isinstance(name, str) for name in frame.columns):
            self.feature_names_in_ = frame.columns.to_numpy(dtype=object)
        elif hasattr(self, "feature_names_in_"):
            del self.feature_names_in_

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "parameters_")


def _array_names(values: np.ndarray) -> list[str]:
    return [f"x{position}" for position in range(values.shape[1])]


def _like(X: Data, scores: pd.DataFrame) -> Data:
    return scores if isinstance(X, pd.DataFrame) else scores.to_numpy()


def current_versions() -> dict[str, str]:
    """What a transform file says it was made with."""
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "pandas": pd.__version__,
        "scikit-learn": sklearn.__version__,
    }


def _summary_row(fit: ColumnFit) -> dict[str, Any]:
    return {
        "column": fit.column,
        "group": None
        if fit.group is None
        else ", ".join("(missing)" if part is None else str(part) for part in fit.group),
        "center": fit.center,
        "scale": fit.scale,
        "lambda": fit.shape.exponent,
        "n": fit.n,
        "missing": fit.missing,
        "infinite": fit.infinite,
        "mean": fit.mean,
        "sd": fit.sd,
        "dtype": fit.dtype,
        "condition": condition(fit),
        "digits": digits_left(fit),
        "accuracy": accuracy_note(fit),
        "note": fit.shape.note,
    }
