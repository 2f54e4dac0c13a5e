"""Vectors to a map: UMAP on the shared neighbour graph, or principal components."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypedDict, Unpack

import numpy as np

from analytics.arguments import is_whole
from analytics.errors import ZetascopeError
from analytics.progress import Progress
from analytics.text.arguments import as_vectors, check_share, check_whole
from analytics.text.fuzzy_graph import curve_parameters, fuzzy_graph, membership
from analytics.text.map_trust import TRUST_K, WIDE, MapQuality, PointTrust, map_quality, point_trust
from analytics.text.neighbors import SAME, Neighbors, nearest_to, neighbor_graph
from analytics.text.umap_layout import default_epochs, lay_out, place
from analytics.text.umap_learn import METRICS, MOST_DIMENSIONS, lay_out_by_umap_learn
from analytics.words import count

_METHODS = ("umap", "pca", "umap-learn")
_DRAWN = 3  # dimensions that a picture has
_GRAPH_K = WIDE * TRUST_K
_JOINED_AT = 0.8  # of the epochs: with 0.6 the first points move farther, with 0.9 the map is a little worse
_JOINED_TO = 5
_MANY, _BEGIN_WITH = 75_000, 20_000
"""Beyond so many texts, whose nearest are all of one corner, only a start that is a map of fewer keeps what
lies farther: of 200,000, among 10,000 of them trust is 0.957 with it and 0.833 without."""
_SOFTNESS = 0.05  # of cosine distance: a first text that much farther than the nearest draws a third as much


@dataclass(frozen=True)
class Axes:
    """Principal axes: ``mean`` (d,), ``directions`` (d, c), and the share of variance of each (c,)."""

    mean: np.ndarray
    directions: np.ndarray
    variance_share: np.ndarray

    def apply(self, vectors: np.ndarray) -> np.ndarray:
        return (vectors - self.mean) @ self.directions


@dataclass(frozen=True)
class MapParameters:
    """Everything that decides a map, apart from the vectors and the values of the column that guides it.

    ``metric`` (one of ``umap_learn.METRICS``), ``density`` (densMAP), ``guided_by`` (the name of a column
    whose values should lie together) and more than 3 ``dimensions`` are for the method "umap-learn" only.
    """

    method: str = "umap"
    n_neighbors: int = 15
    min_dist: float = 0.1
    dimensions: int = 2
    seed: int = 42
    first: int = 0
    """So many texts, evenly spread, are laid out before the others, which join them; 0 leaves it to their
    number: none up to 75,000, 20,000 of more."""
    metric: str = "cosine"
    density: bool = False
    guided_by: str | None = None

    def check(self) -> None:
        """Raises ZetascopeError for a value no map can be made with."""
        if self.method not in _METHODS:
            raise ZetascopeError(
                f"There is no map method {self.method!r}: choose one of {', '.join(_METHODS)}."
            )
        check_whole(self.n_neighbors, name="n_neighbors", least=2)
        check_share(self.min_dist, name="min_dist")
        check_whole(self.seed, name="seed", least=0)
        check_whole(self.first, name="first", least=0)
        if self.metric not in METRICS:
            raise ZetascopeError(f"There is no metric {self.metric!r}: choose one of {', '.join(METRICS)}.")
        most = MOST_DIMENSIONS if self.method == "umap-learn" else 3
        if not is_whole(self.dimensions) or not 2 <= self.dimensions <= most:
            raise ZetascopeError(
                f"A map has 2 or 3 dimensions (by umap-learn up to {MOST_DIMENSIONS}), not {self.dimensions}."
            )
        if self.method != "umap-learn" and (self.metric != "cosine" or self.density or self.guided_by):
            raise ZetascopeError(
                "Other metrics, densities and a column that guides the map need the method 'umap-learn'."
            )


class MapChoices(TypedDict, total=False):
    """The fields of ``MapParameters`` as keywords of ``project``."""

    method: str
    n_neighbors: int
    min_dist: float
    dimensions: int
    seed: int
    first: int
    metric: str
    density: bool
    guided_by: str | None


@dataclass(frozen=True)
class Projection:
    """A map of n unit vectors.

    Attributes:
        points: (n, 2 or 3) float32. The same machine, versions and seed give them again; others may not.
        vectors: (n, d) float32, what was mapped.
        neighbors: the true neighbours, at least 45 of each where there are as many.
        parameters: how the map was made.
        point_trust: how each neighbourhood compares with the true one.
        quality: trustworthiness and continuity of the whole map.
        axes: principal axes; their ``variance_share`` says how much a PCA map shows.
        coordinates: (n, dimensions) float32 where more than 3 were asked for; ``points`` are their two
            principal components, which is what can be drawn.
    """

    points: np.ndarray
    vectors: np.ndarray = field(repr=False)
    neighbors: Neighbors = field(repr=False)
    parameters: MapParameters
    point_trust: PointTrust = field(repr=False)
    quality: MapQuality
    axes: Axes = field(repr=False)
    coordinates: np.ndarray | None = field(default=None, repr=False)

    @property
    def layout(self) -> np.ndarray:
        """(n, dimensions) float32: what was laid out, of which ``points`` are what can be drawn."""
        return self.points if self.coordinates is None else self.coordinates

    @property
    def trust(self) -> np.ndarray:
        """(n,) in [0, 1]: share of the 15 true neighbours that are among the 15 nearest on the map."""
        return self.point_trust.kept

    @property
    def trustworthiness(self) -> float:
        return self.quality.trustworthiness

    @property
    def continuity(self) -> float:
        return self.quality.continuity

    @cached_property
    def usual_distances(self) -> np.ndarray:
        """Every point's mean distance to its neighbours, sorted: what a new text is compared with."""
        near = self.neighbors.nearest(self.parameters.n_neighbors - 1)
        return np.sort(near.distances.mean(axis=1)) if near.k else np.zeros(len(self.points))

    def transform(self, new_vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Place new unit vectors (m, d) on this map; no point of the map moves.

        Returns points (m, 2 or 3) and, for each, the percentile (0 to 100) of its mean distance to its
        nearest neighbours among those of the map's own points: near 100, the position means little. A
        batch gives exactly what single calls give. A vector that is on the map already goes to its place and,
        like the map's own points, is no neighbour of itself.
        """
        new_vectors = as_vectors(new_vectors, what="new vectors")
        if new_vectors.shape[1] != self.vectors.shape[1]:
            raise ZetascopeError(
                f"The new vectors have {new_vectors.shape[1]} numbers each, the map's have "
                f"{self.vectors.shape[1]}: encode them with the same model."
            )
        if not len(new_vectors):
            return np.zeros((0, self.points.shape[1]), np.float32), np.zeros(0)
        return self.placed(new_vectors, *nearest_to(new_vectors, self.vectors, k=self.places_by))

    @property
    def places_by(self) -> int:
        """How many nearest points of the map ``placed`` asks for."""
        return max(self.parameters.n_neighbors - 1, 1) + 1

    def placed(
        self, new_vectors: np.ndarray, indices: np.ndarray, distances: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """What ``transform`` gives for unit vectors (m, d) whose ``places_by`` nearest points are known.

        ``indices`` and cosine ``distances`` (m, k), nearest first; fewer where the map has fewer points.
        """
        k = self.places_by - 1
        others = np.where(distances[:, :1] < SAME, distances[:, 1:], distances[:, :-1])
        percentile = np.zeros(len(new_vectors))
        if others.shape[1]:
            percentile = np.searchsorted(self.usual_distances, others.mean(axis=1)) / len(self.points) * 100
        indices, distances = indices[:, :k], distances[:, :k]
        if self.parameters.method == "pca":
            # One row at a time: a matrix product's last bits depend on the number of rows.
            return np.vstack([self.axes.apply(row[None]) for row in new_vectors]), percentile
        placed = self.points[indices[:, 0]].copy()
        if indices.shape[1] > 1:
            curve = curve_parameters(self.parameters.min_dist)
            weights = membership(distances, connectivity=0)  # of each row by itself
            for row in np.flatnonzero(distances[:, 0] >= SAME):
                seed = _key(new_vectors[row], self.parameters.seed)
                placed[row] = place(weights[row], indices[row], self.points, curve=curve, seed=seed)
        return placed, percentile


def project(
    vectors: np.ndarray,
    *,
    parameters: MapParameters = MapParameters(),
    neighbors: Neighbors | None = None,
    guide: Sequence[object] | None = None,
    progress: Progress | None = None,
    **choices: Unpack[MapChoices],
) -> Projection:
    """Lay unit vectors (n, d) out on a map and measure how far it can be believed.

    UMAP starts from the principal components (Kobak & Linderman, Nature Biotechnology 2021: an informative
    start keeps the global arrangement) and follows umap-learn in all else; ``n_neighbors`` counts the point
    itself, as there. ``choices`` are fields of ``parameters`` that differ: ``method``, ``n_neighbors``,
    ``min_dist``, ``dimensions``, ``seed`` and so on. ``neighbors`` is a graph from ``neighbor_graph``; it is
    computed when missing or too narrow. ``guide`` (n,) are the values of the column that ``guided_by`` names.
    The method "umap-learn" is that package itself, whose first map in a process compiles for half a minute.
    ``progress`` gets (epochs done, epochs) and may raise to cancel.

    Raises:
        ZetascopeError: no vectors, a parameter out of range, or no values to guide by where it is asked for.
    """
    parameters = replace(parameters, **choices)
    parameters.check()
    vectors = as_vectors(vectors)
    if not vectors.size:
        raise ZetascopeError("There is no text to map: choose a column with at least one text.")
    neighbors = _wide_enough(vectors, neighbors, parameters.n_neighbors)
    if (parameters.guided_by is None) != (guide is None):
        raise ZetascopeError("A column that guides the map has a name and values: give both or neither.")
    axes = principal_axes(vectors, parameters.dimensions)
    if parameters.method == "pca" or len(vectors) < 3:
        layout = axes.apply(vectors)
    elif parameters.method == "umap-learn":
        layout = _by_umap_learn(vectors, neighbors, axes, parameters, guide, progress)
    else:
        layout = _umap(vectors, neighbors, axes, parameters, progress)
    wide = layout.shape[1] > _DRAWN
    points = principal_axes(layout, 2).apply(layout) if wide else layout
    return Projection(
        coordinates=layout.astype(np.float32) if wide else None,
        points=points.astype(np.float32),
        vectors=vectors,
        neighbors=neighbors,
        parameters=parameters,
        point_trust=point_trust(neighbors, vectors, points),
        quality=map_quality(vectors, points),
        axes=axes,
    )


def principal_axes(vectors: np.ndarray, dimensions: int) -> Axes:
    """The first principal axes; each points where its largest coefficient is positive. Missing ones are 0."""
    mean = vectors.mean(axis=0, dtype=np.float64)
    centred = vectors - mean.astype(np.float32)
    values, axes = np.linalg.eigh((centred.T @ centred).astype(np.float64))
    found = min(dimensions, len(values))
    directions = np.zeros((vectors.shape[1], dimensions))
    share = np.zeros(dimensions)
    directions[:, :found] = axes[:, ::-1][:, :found]
    largest = np.abs(directions).argmax(axis=0)
    directions *= np.where(directions[largest, np.arange(dimensions)] < 0, -1, 1)
    total = values.sum()
    if total > 0:
        share[:found] = np.maximum(values[::-1][:found], 0) / total
    return Axes(mean.astype(np.float32), directions.astype(np.float32), share)


def _wide_enough(vectors: np.ndarray, neighbors: Neighbors | None, n_neighbors: int) -> Neighbors:
    n = len(vectors)
    if n == 1:
        return Neighbors(np.zeros((1, 0), np.int64), np.zeros((1, 0), np.float32))
    if neighbors is not None and len(neighbors.indices) != n:
        raise ZetascopeError(
            f"The neighbour graph has {count(len(neighbors.indices), 'row')}, the vectors {n:,}."
        )
    needed = min(max(n_neighbors - 1, _GRAPH_K), n - 1)
    if neighbors is None or neighbors.k < needed:
        return neighbor_graph(vectors, k=needed)
    return neighbors


def _umap(
    vectors: np.ndarray,
    neighbors: Neighbors,
    axes: Axes,
    parameters: MapParameters,
    progress: Progress | None,
) -> np.ndarray:
    first = parameters.first or (_BEGIN_WITH if len(vectors) > _MANY else 0)
    if 0 < first < len(vectors):
        begun, start = _JOINED_AT, _joined(vectors, first, parameters, progress)
    else:
        begun, start = 0.0, _start(axes.apply(vectors), parameters.seed)
    return lay_out(
        fuzzy_graph(neighbors.nearest(parameters.n_neighbors - 1)),
        start,
        curve=curve_parameters(parameters.min_dist),
        epochs=default_epochs(len(vectors)),
        seed=parameters.seed,
        begun=begun,
        progress=progress,
    )


def _by_umap_learn(
    vectors: np.ndarray,
    neighbors: Neighbors,
    axes: Axes,
    parameters: MapParameters,
    guide: Sequence[object] | None,
    progress: Progress | None,
) -> np.ndarray:
    return lay_out_by_umap_learn(
        vectors,
        neighbors,
        _start(axes.apply(vectors), parameters.seed),
        n_neighbors=parameters.n_neighbors,
        min_dist=parameters.min_dist,
        metric=parameters.metric,
        density=parameters.density,
        guide=guide,
        seed=parameters.seed,
        progress=progress,
    )


def _joined(
    vectors: np.ndarray, first: int, parameters: MapParameters, progress: Progress | None
) -> np.ndarray:
    """The ``first`` texts where a map of them alone has them, each other where its nearest of these are."""
    rows = spread(len(vectors), first)
    early, alone = vectors[rows], replace(parameters, first=0)
    neighbors = _wide_enough(early, None, parameters.n_neighbors)
    placed = _umap(early, neighbors, principal_axes(early, parameters.dimensions), alone, progress)
    near, distances = nearest_to(vectors, early, k=min(_JOINED_TO, len(rows)))
    weights = np.exp(-(distances - distances[:, :1]) / _SOFTNESS)
    start = (placed[near] * (weights / weights.sum(axis=1, keepdims=True))[:, :, None]).sum(axis=1)
    start += np.random.default_rng(parameters.seed).normal(
        scale=1e-3, size=start.shape
    )  # parts equal vectors
    start[rows] = placed
    return start


def spread(n: int, count: int) -> np.ndarray:
    """``count`` places among n, evenly spread from the first to the last, each once: (count,) int64."""
    return np.unique(np.linspace(0, n - 1, min(n, count)).round().astype(np.int64))


def _start(components: np.ndarray, seed: int) -> np.ndarray:
    """Components scaled to [0, 10] per axis, with a little noise that parts equal vectors."""
    span = np.ptp(components, axis=0)
    scaled = (components - components.min(axis=0)) / np.where(span > 1e-9, span, 1) * 10
    return scaled + np.random.default_rng(seed).normal(scale=1e-3, size=scaled.shape)


def _key(vector: np.ndarray, seed: int) -> int:
    digest = hashlib.blake2b(vector.tobytes(), digest_size=8, salt=(seed % 2**64).to_bytes(8, "little"))
    return int.from_bytes(digest.digest(), "little")
