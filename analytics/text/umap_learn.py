"""umap-learn's layout, for what ours does not give: other metrics, a guide, densities, more dimensions."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError
from analytics.progress import Progress
from analytics.text.neighbors import Neighbors

METRICS = ("cosine", "correlation", "euclidean", "manhattan", "chebyshev")
MOST_DIMENSIONS = (
    50  # UMAP's own advice for clustering: 2 to 100, of which nothing is gained by the last half
)
_UNKNOWN = -1
"""What umap-learn takes for a row whose label is not known."""
_alone = Lock()
"""numba ends the whole process where two threads enter one of its parallel functions at once."""


def lay_out_by_umap_learn(
    vectors: np.ndarray,
    neighbors: Neighbors,
    start: np.ndarray,
    *,
    n_neighbors: int,
    min_dist: float,
    metric: str,
    density: bool,
    guide: Sequence[object] | None,
    seed: int,
    progress: Progress | None = None,
) -> np.ndarray:
    """Positions (n, dimensions) float32 from ``start`` (n, dimensions) by ``umap.UMAP`` (0.5.12).

    ``neighbors`` are used where the ``metric`` is the cosine; else umap-learn finds its own. ``density`` is
    densMAP (Narayan, Berger & Cho, Nature Biotechnology 2021). ``guide`` (n,) are values that rows should lie
    together by; missing ones guide nothing. ``progress`` gets (epochs done, epochs) and may raise to cancel.

    Raises:
        ZetascopeError: another number of values than vectors, or no position came out.
    """
    from umap import UMAP

    n = len(vectors)
    near = neighbors.nearest(n_neighbors - 1)
    known: dict[str, Any] = {}
    if metric == "cosine":
        own = np.arange(n)[:, None]
        indices = np.hstack([own, near.indices])
        known["precomputed_knn"] = (indices, np.hstack([np.zeros((n, 1), np.float32), near.distances]))
    model = UMAP(
        n_neighbors=near.k + 1,
        n_components=start.shape[1],
        metric=metric,
        min_dist=min_dist,
        densmap=density,
        init=start.astype(np.float32),
        random_state=seed % 2**32,
        n_jobs=1,  # what a seed makes it in any case, with a warning
        **known,
    )
    with _alone, _epochs_told(progress), warnings.catch_warnings():
        # That few texts have few neighbours, and that it could place no new ones, which is done here.
        warnings.simplefilter("ignore")
        points = model.fit_transform(vectors, None if guide is None else _codes(guide, n))
    if not np.isfinite(points).all():
        raise ZetascopeError("umap-learn found no place for some texts: try another metric, or no densities.")
    return points.astype(np.float32)


def _codes(guide: Sequence[object], n: int) -> np.ndarray:
    """A number for each value, -1 for missing ones: (n,) int64."""
    if len(guide) != n:
        raise ZetascopeError(f"Values to guide by: {len(guide):,}, texts: {n:,}; give one each.")
    codes, _ = pd.factorize(pd.Series(list(guide), dtype="object"), use_na_sentinel=True)
    return np.where(codes < 0, _UNKNOWN, codes)


@contextmanager
def _epochs_told(progress: Progress | None) -> Iterator[None]:
    """Within it umap-learn counts its epochs to ``progress``, and not to the progress bar it knows.

    What a bar writes to must not raise: tqdm would keep its lock, and no model of this process could load
    any more, as transformers takes the same lock for its own bars.
    """
    from umap import layouts

    def counted(epochs: range, **_bar: Any) -> Iterator[int]:
        for epoch in epochs:
            if progress:
                progress(epoch, len(epochs))
            yield epoch
        if progress:
            progress(len(epochs), len(epochs))

    bar, layouts.tqdm = layouts.tqdm, counted
    try:
        yield
    finally:
        layouts.tqdm = bar
