"""Encoded texts in buckets on disk: some drawn from all of them, the others given places among those."""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analytics.progress import Progress
from analytics.scale.text import VECTOR
from analytics.text import Clusters, MapQuality, Projection, map_quality
from analytics.text.compiled import pair_distances
from analytics.text.fuzzy_graph import membership
from analytics.text.neighbors import graph_of, nearest_to

EXACTLY = 20_000
"""Laid-out texts up to which each other one is compared with all of them, in about a millisecond."""
_AT_ONCE = 5_000
_TRUSTED_BY = 10_000  # texts whose ranks among each other tell trust to 0.002
_RECALL_BY = 500  # as many as the neighbour graph of the map is measured by
_SPARE = 8  # candidates beyond those wanted: a graph's own order is not exact


def columns_of_places(dimensions: int) -> dict[str, str]:
    """The columns that a map gives each text, with DuckDB's types."""
    axes = dict.fromkeys(("map_x", "map_y", "map_z")[:dimensions], "DOUBLE")
    return axes | {
        "map_placed": "BOOLEAN",
        "map_distance_percentile": "DOUBLE",
        "cluster": "BIGINT",
        "cluster_name": "VARCHAR",
    }


@dataclass(frozen=True)
class Places:
    """A layout as something that gives any vector a place and a cluster."""

    projection: Projection = field(repr=False)
    clusters: Clusters = field(repr=False)

    def of_drawn(self, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Points, percentiles (missing) and clusters of texts that were laid out."""
        nothing = np.full(len(numbers), np.nan)
        return self.projection.points[numbers], nothing, self.clusters.labels[numbers]

    def of_others(self, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Points (m, d), percentiles (m,) of distance and clusters (m,) of vectors (m, d) beside them."""
        indices, distances = self._nearest(vectors)
        points, percentile = self.projection.placed(vectors, indices, distances)
        weights = membership(distances, connectivity=0)
        votes = np.zeros((len(vectors), len(self.clusters.names) + 1))
        rows = np.arange(len(vectors))[:, None]
        np.add.at(votes, (rows, self.clusters.labels[indices] + 1), weights)
        return points, percentile, votes.argmax(axis=1) - 1

    @cached_property
    def recall(self) -> float:
        """Share of the true nearest that are found, for texts of the layout; 1 where all are compared."""
        if self._graph is None:
            return 1.0
        vectors = self.projection.vectors[:: max(1, len(self.projection.vectors) // _RECALL_BY)]
        true, _ = nearest_to(vectors, self.projection.vectors, k=self.projection.places_by)
        found, _ = self._nearest(vectors)
        return sum(len(np.intersect1d(a, b)) for a, b in zip(true, found, strict=True)) / true.size

    def _nearest(self, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Indices and cosine distances (m, k), nearest first, of the nearest texts laid out."""
        wanted = self.projection.places_by
        if self._graph is None:
            return nearest_to(vectors, self.projection.vectors, k=wanted)
        found = np.asarray(self._graph.search(vectors, wanted + _SPARE).keys).astype(np.int64)
        distances = pair_distances(vectors, self.projection.vectors, found)
        order = np.lexsort((found, distances), axis=1)[:, :wanted]
        return np.take_along_axis(found, order, axis=1), np.take_along_axis(distances, order, axis=1)

    @cached_property
    def _graph(self) -> Any:
        vectors = self.projection.vectors
        if len(vectors) <= EXACTLY:
            return None
        return graph_of(vectors)


class Buckets:
    """Distinct texts with their vectors in folders of Parquet, ``most`` of them drawn from all, whatever
    the order they lie in.

    Attributes:
        drawn_texts: those drawn, none of them blank.
        drawn_vectors: (m, d) float32 of these.
        texts: how many texts there are that are not blank.
    """

    def __init__(self, folders: Sequence[Path], *, most: int) -> None:
        self.folders, self.texts = list(folders), 0
        sizes = [sum(pq.read_metadata(file).num_rows for file in _files(folder)) for folder in folders]
        ends = np.concatenate([[0], np.cumsum(sizes)])
        quota = np.minimum(np.round(ends * min(1.0, most / max(ends[-1], 1))), ends).astype(np.int64)
        self.drawn_texts: list[str] = []
        self._drawn: list[np.ndarray] = []
        vectors = []
        for folder, wanted in zip(self.folders, np.diff(quota), strict=True):
            texts, made = _read(folder)
            filled = [row for row, text in enumerate(texts) if text.strip()]
            # By a mark of the text: an engine writes a bucket in another order every time.
            filled.sort(key=lambda row: (crc32(texts[row].encode(errors="surrogatepass")), texts[row]))
            rows = np.array(filled[:wanted], dtype=np.int64)
            self.texts += len(filled)
            self.drawn_texts += [texts[row] for row in rows]
            self._drawn.append(rows)
            vectors += [made[rows]] if len(rows) else []
        self.drawn_vectors = np.concatenate(vectors) if self.drawn_texts else np.zeros((0, 0), np.float32)

    def placed_by(self, places: Places, progress: Progress) -> list[Path]:
        """Folders of Parquet with the ``columns_of_places`` of every text, in the order of its bucket."""
        mark = hashlib.sha256(places.projection.points.tobytes() + places.clusters.labels.tobytes())
        target = self.folders[0].parent / f"map-{mark.hexdigest()[:16]}"
        target.mkdir(exist_ok=True)
        made, first = [], 0
        for number, (folder, rows) in enumerate(zip(self.folders, self._drawn, strict=True)):
            done = target / folder.name
            if not done.exists():
                partial = done.with_name(f"{done.name}.partial")
                shutil.rmtree(partial, ignore_errors=True)
                partial.mkdir()
                _write(folder, rows, first, places, partial)
                partial.rename(done)
            made.append(done)
            first += len(rows)
            progress(number + 1, len(self.folders))
        return made

    def quality(self, placed: Sequence[Path], *, seed: int) -> MapQuality:
        """Trust in the map of up to 10,000 texts drawn from all, those placed in their share."""
        share = min(1.0, _TRUSTED_BY / max(self.texts, 1))
        draw = np.random.default_rng(seed)
        vectors, points = [], []
        for folder, with_places in zip(self.folders, placed, strict=True):
            if not _files(with_places):  # a bucket that no text fell into
                continue
            table = pa.concat_tables(pq.read_table(file) for file in _files(with_places))
            axes = [name for name in ("map_x", "map_y", "map_z") if name in table.column_names]
            found = np.column_stack([table[name].to_numpy() for name in axes])
            rows = np.flatnonzero(~np.isnan(found[:, 0]))
            rows = rows[draw.random(len(rows)) < share]
            vectors += [_read(folder)[1][rows]] if len(rows) else []
            points += [found[rows]] if len(rows) else []
        return map_quality(np.concatenate(vectors), np.concatenate(points), seed=seed)


def _write(folder: Path, drawn: np.ndarray, first: int, places: Places, target: Path) -> None:
    """Places of one bucket; ``drawn`` rows of it are the layout's texts from number ``first`` on."""
    number = {int(row): first + at for at, row in enumerate(drawn)}
    writer, begin = None, 0
    for texts, vectors in _batches(folder):
        own = np.array([number.get(begin + at, -1) for at in range(len(texts))], dtype=np.int64)
        filled = np.array([bool(text.strip()) for text in texts], dtype=bool)
        made = _columns(texts, vectors, own, filled, places)
        writer = writer or pq.ParquetWriter(target / "places.parquet", made.schema)
        writer.write_table(made)
        begin += len(texts)
    if writer:
        writer.close()


def _columns(
    texts: list[str], vectors: np.ndarray, own: np.ndarray, filled: np.ndarray, places: Places
) -> pa.Table:
    dimensions = places.projection.points.shape[1]
    points = np.full((len(texts), dimensions), np.nan)
    percentile, labels = np.full(len(texts), np.nan), np.full(len(texts), -1)
    for rows, found in (
        (own >= 0, lambda rows: places.of_drawn(own[rows])),
        (filled & (own < 0), lambda rows: places.of_others(vectors[rows])),
    ):
        if rows.any():
            points[rows], percentile[rows], labels[rows] = found(rows)
    values = [*points.T, own < 0, percentile, labels, [places.clusters.name_of(label) for label in labels]]
    types = {"BOOLEAN": pa.bool_(), "DOUBLE": pa.float64(), "BIGINT": pa.int64(), "VARCHAR": pa.string()}
    made = {"text": pa.array(texts, pa.string())}
    for (name, kind), column in zip(columns_of_places(dimensions).items(), values, strict=True):
        array = np.asarray(column)
        absent = ~filled if array.dtype.kind != "f" else np.isnan(array)
        made[name] = pa.array(array, types[kind], mask=absent)
    return pa.table(made)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.parquet"))


def _batches(folder: Path) -> Iterator[tuple[list[str], np.ndarray]]:
    for file in _files(folder):
        for batch in pq.ParquetFile(file).iter_batches(_AT_ONCE, columns=["text", VECTOR]):
            flat = np.asarray(batch.column(VECTOR).flatten(), dtype=np.float32)
            yield batch.column("text").to_pylist(), flat.reshape(len(batch), -1)


def _read(folder: Path) -> tuple[list[str], np.ndarray]:
    parts = list(_batches(folder))
    if not parts:
        return [], np.zeros((0, 0), np.float32)
    return [text for texts, _ in parts for text in texts], np.concatenate([made for _, made in parts])
