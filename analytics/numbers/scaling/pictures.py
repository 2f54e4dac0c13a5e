"""The same model on two columns, raw and scaled, drawn in the columns' own units."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.errors import ZetascopeError
from analytics.numbers.scaling.data import Codes, ScalingData
from analytics.numbers.scaling.folds import fill_and_scale, timed_fit
from analytics.numbers.scaling.learners import SCALERS, check_scalers, learners_for


@dataclass(frozen=True)
class BoundaryPicture:
    """What a model fitted on two columns says over a grid, once per scaler.

    ``xs`` (g,), ``ys`` (g,) in the columns' units; ``regions[scaler]`` (g, g), row = y: class code, cluster
    number or predicted number. ``points`` (n, 2), missing cells filled with the median; ``y`` (n,) as in
    the data, None without a target. ``assigned[scaler]`` (n,) is the model's answer at the points
    themselves.
    """

    columns: tuple[str, str]
    xs: NDArray[np.float64]
    ys: NDArray[np.float64]
    points: NDArray[np.float64]
    y: Codes | None
    classes: tuple[str, ...]
    regions: Mapping[str, NDArray[np.float64]]
    assigned: Mapping[str, NDArray[np.float64]]


def boundary_picture(
    data: ScalingData,
    columns: tuple[str, str],
    *,
    model: str = "svm_rbf",
    scalers: tuple[str, ...] = ("raw", "zscore"),
    clusters: int | None = None,
    grid: int = 120,
    seed: int = 0,
) -> BoundaryPicture:
    """Fit ``model`` (a supervised one, or ``kmeans``) on all rows of two columns under each scaler.

    It is a picture, not a score: training rows are shown. Raises ZetascopeError for unknown or equal columns.
    """
    pair = np.array([_position(data, name) for name in columns])
    if pair[0] == pair[1]:
        raise ZetascopeError(f"Both axes show {columns[0]!r}: choose two different columns.")
    points = np.where(np.isnan(X := data.X[:, pair]), np.nanmedian(X, axis=0), X)
    xs, ys = (_axis(points[:, i], grid) for i in (0, 1))
    mesh = np.column_stack([axis.ravel() for axis in np.meshgrid(xs, ys)])
    regions: dict[str, NDArray[np.float64]] = {}
    assigned: dict[str, NDArray[np.float64]] = {}
    for scaler in check_scalers(scalers):
        Z, Z_mesh = fill_and_scale(points, SCALERS[scaler].make(len(points)), mesh)
        fitted = _fit(data, model, Z, clusters=clusters or len(data.classes) or 3, seed=seed)
        told, told_mesh = fitted.predict(Z), fitted.predict(Z_mesh)
        if model == "kmeans":
            names = _names_like(told, data.labels if data.labels is not None else assigned.get("raw", told))
            told, told_mesh = names[told], names[told_mesh]
        regions[scaler] = told_mesh.astype(np.float64).reshape(grid, grid)
        assigned[scaler] = told.astype(np.float64)
    return BoundaryPicture(columns, xs, ys, points, data.y, data.classes, regions, assigned)


def _names_like(clusters: NDArray[np.int64], reference: NDArray[Any]) -> NDArray[np.int64]:
    """New number of each cluster, so that it shares as many rows as possible with the reference's number."""
    from scipy.optimize import linear_sum_assignment

    size = int(max(clusters.max(), reference.max())) + 1
    shared = np.zeros((size, size), dtype=np.int64)
    np.add.at(shared, (clusters, reference.astype(np.int64)), 1)
    return linear_sum_assignment(shared, maximize=True)[1]


def telling_columns(data: ScalingData) -> tuple[str, str]:
    """Two columns that show what scaling does: the widest, and the most telling of the narrower ones.

    With a target that is the largest F-ratio (classes) or squared correlation (numbers), else the second
    widest.
    """
    if len(data.columns) < 2:
        raise ZetascopeError("A picture needs two number columns that vary.")
    filled = np.where(np.isnan(data.X), np.nanmedian(data.X, axis=0), data.X)
    spread = filled.std(axis=0)
    widest = int(np.argmax(spread))
    telling = _tells(filled, data) if data.y is not None else spread
    telling[widest] = -np.inf
    return data.columns[widest], data.columns[int(np.argmax(telling))]


def _tells(X: NDArray[np.float64], data: ScalingData) -> NDArray[np.float64]:
    from sklearn.feature_selection import f_classif, f_regression

    score = f_classif if data.task == "class" else f_regression
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(score(X, data.y)[0], nan=-1.0)


def _position(data: ScalingData, name: str) -> int:
    if name not in data.columns:
        raise ZetascopeError(f"There is no column {name!r} to draw: choose from {', '.join(data.columns)}.")
    return data.columns.index(name)


def _axis(values: NDArray[np.float64], grid: int) -> NDArray[np.float64]:
    margin = 0.05 * np.ptp(values)
    return np.linspace(values.min() - margin, values.max() + margin, grid)


def _fit(data: ScalingData, model: str, Z: NDArray[np.float64], *, clusters: int, seed: int) -> Any:
    if model == "kmeans":
        from sklearn.cluster import KMeans

        return timed_fit(KMeans(clusters, n_init=10, random_state=seed), Z)[0]
    learners = learners_for(data.task)
    if model not in learners:
        raise ZetascopeError(
            f"Model {model!r} cannot be drawn: choose from {', '.join([*learners, 'kmeans'])}."
        )
    return timed_fit(learners[model].make(seed), Z, np.asarray(data.y))[0]
