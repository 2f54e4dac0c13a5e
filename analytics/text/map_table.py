"""Texts of a table on a map, and the table with what the map says about every row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analytics.arguments import require_column
from analytics.errors import ZetascopeError
from analytics.text.arguments import as_flags, as_rows, check_whole
from analytics.text.finding.duplicates import DuplicateGroups
from analytics.text.finding.unusual import UnusualTexts
from analytics.text.projection import Projection
from analytics.text.topics.clusters import Clusters
from analytics.text.words import readable

_NEIGHBORS_LISTED = 5


@dataclass(frozen=True)
class TextColumn:
    """The texts of a column that can be mapped: ``texts`` (m,) and their ``rows`` (m,) of the table's n."""

    texts: tuple[str, ...]
    rows: np.ndarray
    missing: int
    blank: int

    def only(self, places: np.ndarray) -> "TextColumn":
        """The texts at these places of ``texts``."""
        return replace(
            self, texts=tuple(self.texts[place] for place in places.tolist()), rows=self.rows[places]
        )


@dataclass(frozen=True)
class TextReading:
    """What decides the vectors of texts, apart from the model.

    Attributes:
        backend: of ``load_encoder``: ``auto`` or ``quick``.
        stripped: without markup, addresses and quoted mail (``strip_markup``).
        passages: long texts whole, as the mean of their passages (``encode_passages``).
        own: the vectors were made elsewhere, so nothing is known of what was read.
    """

    backend: str = "auto"
    stripped: bool = False
    passages: bool = False
    own: bool = False


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
    columns.index = frame.index
    if selected is not None:
        columns["selected"] = as_flags(selected, count=len(frame))
    taken = {str(name) for name in frame.columns}
    columns.columns = pd.Index([_free(name, taken) for name in columns.columns])
    return pd.concat([frame, columns], axis=1)


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
