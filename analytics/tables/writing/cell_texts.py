"""The cells of a pandas column of any dtype as text that reads back as the same values."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from analytics.tables.arrow_columns import arrow_column
from analytics.tables.typed.arrow_frames import as_text, duration_texts


@dataclass(frozen=True)
class CellTexts:
    """Texts (n,) with null for missing, and whether they are text rather than numbers, truths or dates."""

    texts: pa.Array
    quoted: bool


def cell_texts(column: pd.Series) -> CellTexts:
    """A column as the texts that ``write_csv`` puts in its cells."""
    array = arrow_column(column)
    if types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if types.is_floating(kind):
        texts, quoted = _float_texts(array), False
    elif types.is_timestamp(kind) or types.is_date(kind):
        texts, quoted = _moment_texts(array), False
    elif types.is_duration(kind):
        texts, quoted = duration_texts(array), False
    else:
        bare = types.is_integer(kind) or types.is_boolean(kind) or types.is_decimal(kind)
        quoted = not (bare or types.is_null(kind)) or _too_long(array)
        texts = as_text(pa.chunked_array([array])).combine_chunks()
    return CellTexts(texts.cast(pa.large_string()), quoted)


def _too_long(array: pa.Array) -> bool:
    """Whether some integer needs the 64th bit, so that it comes back as text and is to be marked as such."""
    return types.is_uint64(array.type) and (pc.max(array).as_py() or 0) >= 2**63


def _float_texts(array: pa.Array) -> pa.Array:
    """Fewest digits that round-trip; a whole number keeps a point, by which it is read as a float again."""
    known = pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    return pc.replace_substring_regex(known.cast(pa.string()), r"^(-?[0-9]+)$", r"\1.0")


def _moment_texts(array: pa.Array) -> pa.Array:
    """ISO dates, with the time of day if any row has one and as many digits of a second as needed."""
    if types.is_date(array.type):
        return array.cast(pa.date32()).cast(pa.string())
    zoned = array.type.tz is not None
    naive = array.cast(pa.timestamp(array.type.unit))
    for unit in ("s", "ms", "us", "ns"):
        try:
            naive = naive.cast(pa.timestamp(unit))
            break
        except pa.ArrowInvalid:
            continue
    if zoned:
        return pc.binary_join_element_wise(naive.cast(pa.string()), pa.scalar("Z"), pa.scalar(""))
    days = naive.cast(pa.date32())
    whole = pc.all(pc.equal(days.cast(naive.type), naive)).as_py() in (True, None)
    return (days if whole else naive).cast(pa.string())
