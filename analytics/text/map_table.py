"""Texts of a table on a map, and the table with what the map says about every row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analytics.arguments import require_column
from analytics.errors import ZetascopeError
from analytics.progress import Progress
from analytics.text.arguments import as_flags, as_rows, check_whole
from analytics.text.encoders import TextEncoder
from analytics.text.finding.duplicates import DuplicateGroups
from analytics.text.finding.unusual import UnusualTexts
from analytics.text.projection import Projection
from analytics.text.reading.markup import strip_markup
from analytics.text.reading.passages import Passages, cut_passages, encode_passages
from analytics.text.topics.clusters import Clusters
from analytics.text.vector_cache import VectorStore, encode_cached
from analytics.text.words import readable
from analytics.words import count

_NEIGHBORS_LISTED = 5


@dataclass(frozen=True)
class TextColumn:
    """What of a column can be mapped: its texts, or the passages that they were cut into.

    Attributes:
        texts: (m,) the texts or passages.
        rows: (m,) int64, ascending: which of the table's rows each is of; passages of a text share one.
        missing, blank: cells that are left out.
        numbers: (m,) int64, which passage of its text each is, counted from 1; None where texts are whole.
        counts: (m,) int64, how many passages its text has; None where texts are whole.
    """

    texts: tuple[str, ...]
    rows: np.ndarray
    missing: int
    blank: int
    numbers: np.ndarray | None = None
    counts: np.ndarray | None = None

    def only(self, places: np.ndarray) -> "TextColumn":
        """The texts or passages at these places of ``texts``."""
        return replace(
            self,
            texts=tuple(self.texts[place] for place in places.tolist()),
            rows=self.rows[places],
            numbers=None if self.numbers is None else self.numbers[places],
            counts=None if self.counts is None else self.counts[places],
        )

    def cut(self, passages: Passages) -> "TextColumn":
        """The ``passages`` of these texts, each by itself."""
        if passages.count != len(self.texts):
            raise ZetascopeError(
                f"Passages of {count(passages.count, 'text')} for {len(self.texts):,}: cut these texts."
            )
        return replace(
            self,
            texts=passages.texts,
            rows=self.rows[passages.owners],
            numbers=passages.numbers,
            counts=passages.sizes[passages.owners],
        )

    def lines(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
        """The table's lines with one for each text or passage, and the line of each, (m,) int64.

        Where texts are whole that is the table itself. Else each row comes once for each of its passages, and
        once where it has none, with ``text_row`` (its number in the table, from 1), ``passage`` (from 1),
        ``passages`` (how many) and ``passage_text``. A name that is taken gets an underscore.
        """
        if self.numbers is None:
            return frame, self.rows
        many = np.maximum(np.bincount(self.rows, minlength=len(frame)), 1)
        own = np.repeat(np.arange(len(frame)), many)
        places = (np.cumsum(many) - many)[self.rows] + _place_within(self.rows)
        added = pd.DataFrame(
            {"passage": self.numbers, "passages": self.counts, "passage_text": self.texts}, index=places
        ).reindex(range(len(own)))
        added = added.astype({"passage": "Int64", "passages": "Int64"})
        added.insert(0, "text_row", own + 1)
        return _beside(frame.iloc[own], added), places


@dataclass(frozen=True)
class TextReading:
    """What decides the vectors of texts, apart from the model.

    Attributes:
        backend: of ``load_encoder``: ``auto`` or ``quick``.
        stripped: without markup, addresses and quoted mail (``strip_markup``).
        passages: long texts whole, as the mean of their passages (``encode_passages``).
        apart: long texts whole, each passage by itself (``cut_passages`` and ``TextColumn.cut``).
        own: the vectors were made elsewhere, so nothing is known of what was read.
    """

    backend: str = "auto"
    stripped: bool = False
    passages: bool = False
    own: bool = False
    apart: bool = False


AS_IT_IS = TextReading()


def text_column(column: pd.Series, *, limit: int | None = None) -> TextColumn:
    """The texts of a column that have something to read; missing and blank ones are counted and left out.

    With ``limit``, only so many rows are looked at, evenly spread from the first to the last.

    Raises:
        ZetascopeError: no text is left.
    """
    require_column(column)
    looked_at = np.arange(len(column))
    if limit is not None:
        check_whole(limit, name="limit", least=1)
    if limit is not None and limit < len(column):
        looked_at = np.unique(np.linspace(0, len(column) - 1, limit).round().astype(np.int64))
        column = column.iloc[looked_at]
    present = column.notna().to_numpy(dtype=bool)
    texts = _strings(column).fillna("").to_numpy(dtype=object)
    filled = np.array([bool(text.strip()) for text in texts], dtype=bool) & present
    if not filled.any():
        raise ZetascopeError(f"Column {str(column.name)!r} has no text in any row: choose another column.")
    return TextColumn(
        texts=tuple(str(text) for text in texts[filled]),
        rows=looked_at[filled],
        missing=int((~present).sum()),
        blank=int((present & ~filled).sum()),
    )


@dataclass(frozen=True)
class ReadTexts:
    """Texts or passages as an encoder read them.

    ``vectors`` (m, d) float32, and of the tokens of each the share that was read and the share that the model
    has none for, (m,).
    """

    column: TextColumn
    vectors: np.ndarray
    read_share: np.ndarray
    unknown_share: np.ndarray


def read_texts(
    column: TextColumn,
    encoder: TextEncoder,
    *,
    reading: TextReading = AS_IT_IS,
    store: VectorStore | None = None,
    progress: Progress | None = None,
) -> ReadTexts:
    """Read the texts of a column as ``reading`` says; the ``encoder`` is one of its backend.

    ``progress`` gets (texts read, texts) and may raise to cancel.

    Raises:
        ZetascopeError: vectors that were made elsewhere are asked for.
    """
    if reading.own:
        raise ZetascopeError("Vectors made elsewhere are read by read_vectors: nothing is to be encoded.")
    if reading.stripped:
        column = replace(column, texts=strip_markup(column.texts).texts)
    if reading.apart:
        column = column.cut(cut_passages(column.texts, encoder))
    if reading.passages and not reading.apart:
        cut = cut_passages(column.texts, encoder)
        vectors = encode_passages(encoder, cut, store=store, progress=progress).vectors
    else:
        vectors = encode_cached(
            encoder, column.texts, store=store, role="document", progress=progress
        ).vectors
    whole = reading.passages or reading.apart
    share = np.ones(len(column.texts)) if whole else encoder.read_share(column.texts)
    return ReadTexts(column, vectors, share, encoder.unknown_share(column.texts))


def _strings(column: pd.Series) -> pd.Series:
    try:
        return column.astype("string")
    except UnicodeEncodeError:  # half of a character, as broken JSON has it
        cells = (readable(cell) if isinstance(cell, str) else cell for cell in column)
        return pd.Series(list(cells), dtype="object").astype("string")


def map_table(
    frame: pd.DataFrame,
    rows: np.ndarray,
    projection: Projection,
    *,
    clusters: Clusters | None = None,
    duplicates: DuplicateGroups | None = None,
    unusual: UnusualTexts | None = None,
    read_share: np.ndarray | None = None,
    selected: np.ndarray | None = None,
    tags: Sequence[str] | np.ndarray | None = None,
    levels: Mapping[str, Clusters] | None = None,
    languages: Sequence[str] | np.ndarray | None = None,
    unknown_share: np.ndarray | None = None,
) -> pd.DataFrame:
    """``frame`` with the map's columns added: every row once and in its order, whatever is missing.

    ``rows`` (m,) says which rows of the frame the map's m points are; ``selected`` (n,) bool marks some.
    Rows that are not on the map have missing values. Added: ``map_x``, ``map_y`` (``map_z``),
    where more dimensions were asked for ``map_1``, ``map_2``, ... of them all,
    ``map_trust``, ``map_torn``, ``map_false``, ``neighbors`` (numbers of the nearest five rows, counted from
    1), ``neighbor_distance``, and per argument ``cluster``, ``cluster_name``, ``duplicate_group``,
    ``unusual_percentile``, ``read_share`` (of each text's tokens, those read), ``tag`` (missing
    where it is ""), ``cluster_...`` for each of the ``levels``, ``language``, ``unknown_share`` (of the
    tokens, those for what the model has none for), ``selected``.
    A name that is taken gets an underscore.
    """
    rows = as_rows(rows, table=len(frame))
    if len(rows) != len(projection.points):
        raise ZetascopeError(
            f"Points: {len(projection.points):,}, rows: {len(rows):,}; give a row for each point."
        )
    added = _point_columns(rows, projection)
    if clusters:
        added["cluster"] = pd.array(clusters.labels, dtype="Int64")
        added["cluster_name"] = [clusters.name_of(label) for label in clusters.labels]
    if duplicates:
        added["duplicate_group"] = pd.array(
            np.where(duplicates.labels >= 0, duplicates.labels + 1, 0), "Int64"
        )
    if unusual:
        added["unusual_percentile"] = unusual.percentile
    for name, level in (levels or {}).items():
        added[f"cluster_{name}"] = _one_each([level.name_of(label) for label in level.labels], rows, name)
    for name, share in (("read_share", read_share), ("unknown_share", unknown_share)):
        if share is not None:
            added[name] = _one_each(share, rows, "Shares")
    if languages is not None:
        added["language"] = _one_each(languages, rows, "Languages")
    if tags is not None:
        added["tag"] = pd.array([tag or None for tag in _one_each(tags, rows, "Tags")], dtype="string")
    columns = pd.DataFrame(added, index=rows).reindex(range(len(frame)))
    if selected is not None:
        columns["selected"] = as_flags(selected, count=len(frame))
    return _beside(frame, columns)


def _beside(frame: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    """The frame and these columns of its lines, with names that are not taken."""
    taken = {str(name) for name in frame.columns}
    columns.index = frame.index
    columns.columns = pd.Index([_free(name, taken) for name in columns.columns])
    return pd.concat([frame, columns], axis=1)


def _place_within(rows: np.ndarray) -> np.ndarray:
    """Of ascending rows, how many equal ones are before each, (m,) int64."""
    return np.arange(len(rows)) - np.searchsorted(rows, rows)


def _one_each(values: Sequence[str] | np.ndarray, rows: np.ndarray, what: str) -> Sequence[str] | np.ndarray:
    if np.shape(values) != rows.shape:
        raise ZetascopeError(f"{what}: {np.size(values):,}, texts: {len(rows):,}; give one each.")
    return values


def _point_columns(rows: np.ndarray, projection: Projection) -> dict[str, object]:
    names = ("map_x", "map_y", "map_z")
    added: dict[str, object] = {
        name: projection.points[:, d].astype(float)
        for d, name in enumerate(names[: projection.points.shape[1]])
    }
    if projection.coordinates is not None:
        added |= {f"map_{d + 1}": column.astype(float) for d, column in enumerate(projection.coordinates.T)}
    trust = projection.point_trust
    added |= {"map_trust": trust.kept, "map_torn": trust.torn, "map_false": trust.false}
    near = rows[projection.neighbors.indices[:, :_NEIGHBORS_LISTED]] + 1
    added["neighbors"] = [" ".join(map(str, line)) for line in near.tolist()]
    distances = projection.neighbors.distances
    added["neighbor_distance"] = (
        distances[:, 0].astype(float) if distances.shape[1] else np.full(len(rows), np.nan)
    )
    return added


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name
