"""How points of a map look: a colour for each, and which of them stand out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.figures import theme
from analytics.text.topics.clusters import Clusters
from analytics.text.topics.tree import NOISE

_CLUSTER_COLOURS = 8
# After Tol's muted colours (2021), those too dark for a dark ground made lighter; then three between them.
_MORE = (
    "#7a6fd0", "#44aa99", "#3f9b57", "#999933", "#c9a94d", "#cc6677", "#a8537e", "#aa4499", "#a5542b",
    "#6699cc", "#888888", "#7f9ad6",
)  # fmt: skip
CATEGORY_COLOURS = (*theme.CATEGORICAL[:_CLUSTER_COLOURS], *_MORE)
"""Of the twenty most frequent values; more colours than these nobody tells apart."""
LEGEND_FITS = 9
"""Names of colours that fit above the map; a longer list stands beside it."""
FAINT, FULL = 0.12, 0.85
NEAR, FAR = "#2a9d8f", "#d55e00"
"""True neighbours that are near on the map too, and those that were torn away."""
PLACED = "#16181d"
"""What the reader put on the map, with a white edge in both themes: no cluster has this colour."""


@dataclass(frozen=True)
class Colouring:
    """A colour for each of n points.

    Attributes:
        title: what the colour means.
        values: (n,) float, a position on ``scale`` or a category's number; NaN where missing.
        scale: plotly colour scale over ``limits``.
        limits: values of the scale's two ends.
        names: the categories' names, where a legend tells them.
        stepped: whether ``values`` number the scale's colours instead of lying along it.
        missing: what a point without a value is called.
        words: (n,) each point's value in words, for what the pointer shows; None where the colour says it.
    """

    title: str
    values: np.ndarray
    scale: theme.Colorscale
    limits: tuple[float, float]
    names: tuple[str, ...] = ()
    stepped: bool = False
    missing: str = "missing"
    words: np.ndarray | None = None


@dataclass(frozen=True)
class Emphasis:
    """Which points stand out.

    Attributes:
        rows: (n,) bool, the points in full colour; None means all.
        focus: a point whose true neighbours are joined to it.
        placed: (m, 2 or 3) positions of new texts, with their ``placed_labels``.
    """

    rows: np.ndarray | None = None
    focus: int | None = None
    placed: np.ndarray | None = None
    placed_labels: Sequence[str] = field(default=())


def colour_by_number(
    values: np.ndarray, *, title: str, limits: tuple[float, float] | None = None
) -> Colouring:
    """A sequential scale from the 2nd to the 98th percentile; a diverging one where both signs occur."""
    values = np.where(np.isfinite(values), values, np.nan).astype(float)
    known = values[np.isfinite(values)]
    if limits is None:
        low, high = np.quantile(known, [0.02, 0.98]) if len(known) else (0.0, 1.0)
        if low < 0 < high:
            reach = max(-low, high)
            return Colouring(title, values, theme.colorscale(theme.DIVERGING), (-reach, reach))
        limits = (float(low), float(high) if high > low else float(low) + 1)
    return Colouring(title, values, theme.colorscale(theme.SEQUENTIAL), limits)


def colour_by_category(values: pd.Series, *, title: str) -> Colouring:
    """The twenty most frequent values in colours of their own, the others together in grey.

    What those are is told by the pointer.
    """
    words = values.astype("string")
    frequent = words.value_counts().index[: len(CATEGORY_COLOURS)].tolist()
    position = {name: index for index, name in enumerate(frequent)}
    rest = len(frequent)
    mapped = words.map(lambda word: position.get(word, rest), na_action="ignore")
    codes = mapped.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    names = [str(name) for name in frequent]
    colours = list(CATEGORY_COLOURS[:rest])
    if np.any(codes == rest):
        names, colours = [*names, "other"], [*colours, theme.UNSELECTED]
    limits = (-0.5, len(colours) - 0.5)
    told = words.fillna("").to_numpy(dtype=object)
    return Colouring(title, codes, _steps(colours), limits, tuple(names), True, words=told)


def colour_by_cluster(clusters: Clusters) -> Colouring:
    """Colours repeat after the eighth cluster: names on the map tell them apart. Noise is grey."""
    labels = clusters.labels
    colours = [theme.colour_of(index) for index in range(_CLUSTER_COLOURS)]
    values = np.where(labels == NOISE, np.nan, labels % _CLUSTER_COLOURS).astype(float)
    return Colouring(
        "cluster", values, _steps(colours), (-0.5, _CLUSTER_COLOURS - 0.5), stepped=True, missing="noise"
    )


def point_size(n: int) -> float:
    """Marker size that keeps n points apart, in pixels."""
    return float(np.clip(60 / np.sqrt(max(n, 1)) * 5, 2.5, 9))


def _steps(colours: Sequence[str]) -> theme.Colorscale:
    n = len(colours)
    return [(edge, colour) for i, colour in enumerate(colours) for edge in (i / n, (i + 1) / n)]
