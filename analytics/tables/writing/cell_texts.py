"""The cells of a pandas column of any dtype as text that reads back as the same values."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from analytics.tables.arrow_columns import arrow_column
from analytics.tables.typed.arrow_frames import as_text, coarsest_moments, duration_texts


@dataclass(frozen=True)
class CellTexts:
    """Texts (n,) with null for missing, and whether they are text rather than numbers, truths or dates."""

    texts: pa.Array
    quoted: bool


@dataclass(frozen=True)
class ShownColumn:
    """A column (n,) of which any cells can be had as text; a cell looks the same whichever are asked for.

    ``array`` is what the column holds, with moments as coarse as all of them together allow, and lengths of
    time as texts. ``quoted``: as in ``CellTexts``.
    """

    array: pa.Array = field(repr=False)
    quoted: bool
    zoned: bool = False

    def texts(self, rows: slice | np.ndarray | None = None) -> pa.Array:
        """Texts of these rows, or of all, with null for missing."""
        if rows is None:
            part = self.array
        elif isinstance(rows, slice):
            part = self.array[rows]
        else:
            part = self.array.take(pa.array(rows))
        part = _decoded(part)
        kind = part.type
        if types.is_floating(kind):
            texts = _float_texts(part)
        elif types.is_timestamp(kind):
            end = pa.scalar("Z" if self.zoned else "")
            texts = pc.binary_join_element_wise(part.cast(pa.string()), end, pa.scalar(""))
        else:
            texts = as_text(pa.chunked_array([part])).combine_chunks()
        return texts.cast(pa.large_string())


def shown_column(column: pd.Series) -> ShownColumn:
    """A column whose cells are to be shown, some at a time."""
    array = arrow_column(column)
    kind = array.type.value_type if types.is_dictionary(array.type) else array.type
    if types.is_duration(kind):
        return ShownColumn(duration_texts(_decoded(array)), False)
    if types.is_date(kind):
        return ShownColumn(_decoded(array).cast(pa.date32()), False)
    if types.is_timestamp(kind):
        return ShownColumn(coarsest_moments(_decoded(array)), False, zoned=kind.tz is not None)
    bare = types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind)
    quoted = not (bare or types.is_decimal(kind) or types.is_null(kind)) or _too_long(array)
    return ShownColumn(array, quoted)


def cell_texts(column: pd.Series) -> CellTexts:
    """A column as the texts that ``write_csv`` puts in its cells."""
    shown = shown_column(column)
    return CellTexts(shown.texts(), shown.quoted)


def _decoded(array: pa.Array) -> pa.Array:
    return array.dictionary_decode() if types.is_dictionary(array.type) else array


def _too_long(array: pa.Array) -> bool:
    """Whether some integer needs the 64th bit, so that it comes back as text and is to be marked as such."""
    return types.is_uint64(array.type) and (pc.max(array).as_py() or 0) >= 2**63


def _float_texts(array: pa.Array) -> pa.Array:
    """Fewest digits that round-trip; a whole number keeps a point, by which it is read as a float again."""
    known = pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    return pc.replace_substring_regex(known.cast(pa.string()), r"^(-?[0-9]+)$", r"\1.0")
