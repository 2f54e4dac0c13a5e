"""A map of more texts than one layout takes: some are laid out, all others placed among them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.progress import Progress, silent
from analytics.scale.engines import Native, ScaleError, big_table
from analytics.scale.text import Encodes, encoded_texts, with_columns_of_texts
from analytics.words import count

if TYPE_CHECKING:
    from analytics.text import Clusters, MapParameters, MapQuality, TopicChoices

LAID_OUT = 200_000
"""A layout of so many takes 300 MB of vectors and some minutes on two cores."""


_MOST_PLACED = 3  # dimensions in which texts are placed among those laid out

Stages = Callable[[str], AbstractContextManager[Progress]]
"""Begins a stage of the work by its name, and gives what its progress is told to."""


def unseen(label: str) -> AbstractContextManager[Progress]:  # noqa: ARG001
    """Stages that nobody watches."""
    return nullcontext(silent)


@dataclass(frozen=True)
class LazyMap:
    """A map of all texts of an engine's table.

    Attributes:
        table: the engine's own table, every row with ``map_x``, ``map_y``, ``map_placed`` (whether its text
            was placed among those laid out), ``map_distance_percentile`` (of a placed text's mean distance
            to its nearest, among those of the texts laid out; near 100 its place means little), ``cluster``
            (-1 for none) and ``cluster_name``.
        texts: distinct texts on the map, blank ones left out.
        laid_out: how many of them the layout is of.
        quality: trustworthiness and continuity of texts drawn from all, placed ones in their share.
        clusters: of the texts laid out.
        recall: share of the true nearest that placing found.
    """

    table: Native
    texts: int
    laid_out: int
    quality: MapQuality
    clusters: Clusters
    recall: float

    def sentence(self) -> str:
        """What was laid out, what placed, and how far the map can be believed."""
        placed = self.texts - self.laid_out
        beside = (
            f"{placed:,} placed among them by their nearest ({self.recall:.1%} of these found)"
            if placed
            else "none had to be placed"
        )
        return (
            f"{count(self.texts, 'distinct text')}: {self.laid_out:,} laid out, {beside}. "
            f"{self.quality.sentence(self.texts)}"
        )


def map_lazy(
    frame: object,
    column: str,
    *,
    folder: Path,
    encoder: str | Callable[[], Encodes] = "all-MiniLM-L6-v2",
    laid_out: int = LAID_OUT,
    parameters: MapParameters | None = None,
    choices: TopicChoices | None = None,
    stages: Stages = unseen,
) -> LazyMap:
    """Map the texts of a column, identical ones once, in the memory that ``laid_out`` of them need.

    The texts are encoded as by ``embed_lazy``. So many of them, evenly out of all buckets into which a hash
    has dealt them, are laid out and clustered; each of the others is placed by its nearest among these and
    joins the cluster that most of their weight has. Vectors lie in ``folder`` and are kept for the next call;
    the layout, which the same texts, seed and machine give again, is made anew, and buckets that were placed
    by it before are kept. ``parameters`` and ``choices`` are by default those of the Text map page.

    Raises:
        ScaleError: for an absent column, one without texts, a name that is taken, a column that should guide
            the map, or more than 3 dimensions.
        ZetascopeError: for a choice that no map can be made with.
    """
    from analytics.scale.placing import Buckets, Places, columns_of_places
    from analytics.text import MapParameters, cluster, project
    from analytics.text.arguments import check_whole

    table = big_table(frame)
    parameters = parameters or MapParameters()
    check_can_place(parameters)
    check_whole(laid_out, name="laid_out", least=1)
    columns = columns_of_places(parameters.dimensions)
    taken = {name.casefold() for name in table.names}
    for name in (name for name in columns if name in taken):
        raise ScaleError(f"The table already has a column {name!r}: rename it.")
    with stages("Reading texts") as progress:
        encoded = encoded_texts(table, column, folder=folder, encoder=encoder, progress=progress)
    buckets = Buckets(encoded, most=laid_out)
    texts = buckets.drawn_texts
    if not texts:
        raise ScaleError(f"Column {column!r} has no text to map: choose another.")
    with stages("Laying out") as progress:
        projection = project(buckets.drawn_vectors, parameters=parameters, progress=progress)
    clusters = cluster(projection, texts, choices=choices)
    places = Places(projection, clusters)
    with stages("Placing") as progress:
        placed = buckets.placed_by(places, progress)
    return LazyMap(
        with_columns_of_texts(table.native, column, placed, columns),
        texts=buckets.texts,
        laid_out=len(texts),
        quality=buckets.quality(placed, seed=parameters.seed),
        clusters=clusters,
        recall=places.recall,
    )


def check_can_place(parameters: MapParameters) -> None:
    """Raises ZetascopeError for choices of a map that texts cannot be placed on."""
    parameters.check()
    if parameters.guided_by is not None:
        raise ScaleError(
            "A column cannot guide this map: rows with the same text share one place, whatever their values."
        )
    if parameters.dimensions > _MOST_PLACED:
        raise ScaleError(f"Texts are placed in 2 or 3 dimensions here, not in {parameters.dimensions}.")
