"""Sentence vectors and their map as scikit-learn transformers, for pipelines and searches."""

from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from analytics.errors import ZetascopeError
from analytics.frames import opened
from analytics.text.encoders import TextEncoder, load_encoder, prompt_names, unit_rows
from analytics.text.model_files import PACKAGED_NAME
from analytics.text.projection import MapParameters, project
from analytics.words import count

_MISSING = ("refuse", "empty")


class TextEmbedder(TransformerMixin, BaseEstimator):
    """A column of texts to unit vectors (n, d) float32, by a sentence-transformer.

    Args:
        model: the packaged model's name, a local folder, or a name on the Hub; see ``load_encoder``.
        backend: ``auto``, ``openvino``, ``torch`` or ``torch-float32``.
        role: ``text``, ``query`` or ``document``: which of the model's own prompts stands before each text.
        missing: what a missing text does: ``refuse`` raises with their number, ``empty`` reads it as "".

    Takes a list, array or Series of texts, or a table of one column: of pandas, polars, pyarrow or DuckDB.
    Nothing is learnt from the texts: ``fit`` opens the model and notes its dimension. A pickle holds the
    choices, not the model, which is opened again by its name.
    """

    def __init__(
        self,
        model: str = PACKAGED_NAME,
        *,
        backend: str = "auto",
        role: str = "text",
        missing: str = "refuse",
    ) -> None:
        self.model = model
        self.backend = backend
        self.role = role
        self.missing = missing

    def fit(self, X: Any, y: object = None) -> Self:  # noqa: ARG002
        """Open the model. Raises ZetascopeError for texts or choices that cannot be used."""
        if self.missing not in _MISSING:
            raise ZetascopeError(f"missing is {self.missing!r}: choose one of {', '.join(_MISSING)}.")
        prompt_names(self.role)
        column = one_column(X)
        self._texts(column)
        self.column_ = None if column.name is None else str(column.name)
        self.dimension_ = self._encoder().dimension
        self.n_features_in_ = 1
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Vectors (n, d) float32 of the texts, each of length 1; equal texts have equal vectors."""
        check_is_fitted(self, "dimension_")
        return self._encoder().encode(self._texts(one_column(X)), role=self.role)

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:  # noqa: ARG002
        """``{column}_0`` to ``{column}_{d - 1}``, with ``text`` where the column has no name."""
        check_is_fitted(self, "dimension_")
        return np.array(
            [f"{self.column_ or 'text'}_{place}" for place in range(self.dimension_)], dtype=object
        )

    def _encoder(self) -> TextEncoder:
        opened_as, encoder = getattr(self, "_opened", (None, None))
        if encoder is None or opened_as != (self.model, self.backend):
            encoder = load_encoder(self.model, backend=self.backend)
            self._opened = ((self.model, self.backend), encoder)
        return encoder

    def _texts(self, column: pd.Series) -> list[str]:
        absent = column.isna().to_numpy(dtype=bool)
        if absent.any() and self.missing == "refuse":
            raise ZetascopeError(
                f"{count(int(absent.sum()), 'text is', 'texts are')} missing, the first in row "
                f"{int(absent.argmax()) + 1}: fill them, or choose missing='empty'."
            )
        values = column.astype(object).where(~absent, "").tolist()
        other = next((place for place, value in enumerate(values) if not isinstance(value, str)), None)
        if other is not None:
            raise ZetascopeError(
                f"Row {other + 1} holds a {type(values[other]).__name__}, not a text: choose a text column."
            )
        return values

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "_opened"}

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.requires_fit = True
        return tags


class TextMap(TransformerMixin, BaseEstimator):
    """Vectors (n, d) to places (n, ``dimensions``) float32 on the map that the Text map page shows.

    Rows are scaled to length 1 first, so that nearness is by direction. New rows are placed among the fitted
    ones, whose places stay; a row equal to a fitted one gets its place. ``projection_`` holds the map with
    its trust, and ``trustworthiness_`` and ``continuity_`` say how far it is to be believed.

    Args:
        method: ``umap``, or ``pca`` for principal components.
        n_neighbors: how many neighbours, itself included, shape a point's surroundings.
        min_dist: how close points may lie, 0 to 1.
        dimensions: 2 or 3.
        seed: what the layout's random numbers start from.
    """

    def __init__(
        self,
        method: str = "umap",
        *,
        n_neighbors: int = 15,
        min_dist: float = 0.1,
        dimensions: int = 2,
        seed: int = 42,
    ) -> None:
        self.method = method
        self.n_neighbors = n_neighbors
        self.min_dist = min_dist
        self.dimensions = dimensions
        self.seed = seed

    def fit(self, X: Any, y: object = None) -> Self:  # noqa: ARG002
        """Lay the vectors out. Raises ZetascopeError for a choice out of range."""
        self.projection_ = project(
            self._vectors(X, reset=True), parameters=MapParameters(**self.get_params())
        )
        self.trustworthiness_ = self.projection_.quality.trustworthiness
        self.continuity_ = self.projection_.quality.continuity
        return self

    def fit_transform(self, X: Any, y: object = None) -> np.ndarray:  # noqa: ARG002
        """The places (n, dimensions) of the vectors that are laid out."""
        return self.fit(X).projection_.points

    def transform(self, X: Any) -> np.ndarray:
        """Places (m, dimensions) of further vectors."""
        check_is_fitted(self, "projection_")
        return self.projection_.transform(self._vectors(X, reset=False))[0].astype(np.float32)

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:  # noqa: ARG002
        """``map_x``, ``map_y`` and, with three dimensions, ``map_z``."""
        check_is_fitted(self, "projection_")
        return np.array([f"map_{axis}" for axis in "xyz"[: self.projection_.points.shape[1]]], dtype=object)

    def _vectors(self, X: Any, *, reset: bool) -> np.ndarray:
        X, _ = opened(X)
        return unit_rows(validate_data(self, X, reset=reset, dtype=np.float64))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags


def one_column(X: Any) -> pd.Series:
    """The texts of ``X`` as one column (n,), with its name where it has one.

    Raises:
        ZetascopeError: one text alone, a table of several columns, or no list of texts.
    """
    if isinstance(X, str) or (not hasattr(X, "__len__") and not hasattr(X, "columns")):
        raise ZetascopeError(f"A {type(X).__name__} is no column of texts: give a list or a Series of texts.")
    taken, _ = opened(_as_series(X))
    if isinstance(taken, pd.Series):
        return taken
    if isinstance(taken, pd.DataFrame):
        if taken.shape[1] != 1:
            raise ZetascopeError(
                f"The table has {count(taken.shape[1], 'column')}, and one of texts is wanted: name it."
            )
        return taken.iloc[:, 0]
    cells = np.asarray(taken, dtype=object)
    if cells.ndim == 2 and cells.shape[1] == 1:
        cells = cells[:, 0]
    if cells.ndim != 1:
        raise ZetascopeError(f"The texts have the shape {cells.shape}: give one column of texts.")
    return pd.Series(cells, dtype=object)


def _as_series(X: Any) -> Any:
    """A single column of another library as pandas' own; what is none stays."""
    import narwhals as nw

    found = nw.from_native(X, allow_series=True, pass_through=True)
    return found.to_pandas() if isinstance(found, nw.Series) else X
