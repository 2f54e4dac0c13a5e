"""Rows in the order of one or several columns, stable, with missing values last."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from analytics.tables.arrow_columns import arrow_column
from analytics.tables.typed.arrow_frames import as_text

_TOP_BIT = np.uint64(1 << 63)


def order_of(columns: Sequence[tuple[pd.Series, bool]], places: np.ndarray) -> np.ndarray:
    """``places`` (m,) in the order of columns, each with whether it descends; the first one counts most."""
    for column, descending in reversed(columns):
        values = _taken(column, places)
        order = np.argsort(_keys(values, descending=descending), kind="stable")
        if values.null_count:
            missing = values.is_null().to_numpy(zero_copy_only=False)[order]
            order = np.concatenate([order[~missing], order[missing]])
        places = places[order]
    return places


def first_of(column: pd.Series, places: np.ndarray, *, descending: bool, first: int) -> np.ndarray:
    """Those of ``places``, in their order, that can be among the ``first`` ones by a column.

    Rows that tie with the last of these are among them, so that further columns can decide.
    """
    values = _taken(column, places)
    known = len(values) - values.null_count
    if first >= known:
        return places
    if types.is_large_string(values.type):
        return places[_first_texts(values, descending=descending, first=first)]
    if values.null_count:
        there = values.is_valid().to_numpy(zero_copy_only=False)
        places, values = places[there], values.drop_null()
    keys = _keys(values, descending=descending)
    return places[keys <= np.partition(keys, first - 1)[first - 1]]


def _first_texts(values: pa.Array, *, descending: bool, first: int) -> np.ndarray:
    """Whether each text (m,) is among the first ones or ties with the last of them."""
    way = "descending" if descending else "ascending"
    given = values.drop_null()
    chosen = pc.select_k_unstable(given, first, sort_keys=[("", way)])
    last = given[chosen[first - 1].as_py()]
    inside = (pc.greater_equal if descending else pc.less_equal)(values, last)
    return inside.fill_null(False).to_numpy(zero_copy_only=False)


def _taken(column: pd.Series, places: np.ndarray) -> pa.Array:
    """These cells as Arrow's numbers, moments, categories or texts, NaN as null."""
    array = arrow_column(column)
    if len(places) != len(column) or (len(places) and (np.diff(places) != 1).any()):
        array = array.take(pa.array(places))
    kind = array.type
    if types.is_dictionary(kind) or _is_counted(kind) or types.is_large_string(kind):
        return array
    return as_text(pa.chunked_array([array])).cast(pa.large_string()).combine_chunks()


def _is_counted(kind: pa.DataType) -> bool:
    timed = types.is_timestamp(kind) or types.is_date(kind) or types.is_duration(kind)
    return types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind) or timed


def _keys(values: pa.Array, *, descending: bool) -> np.ndarray:
    """Unsigned numbers (m,) in the order of the values; any for a missing one."""
    if types.is_dictionary(values.type):
        # The last place is that of code -1, a missing cell: there may be no category at all.
        ranks = np.append(_ranks(values.dictionary), np.uint32(0))
        keys = ranks[values.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
    elif types.is_large_string(values.type):
        keys = _ranks(values)
    else:
        keys = _counted(values)
    return ~keys if descending else keys


def _ranks(texts: pa.Array) -> np.ndarray:
    """Place of each text (n,) among all, by their characters; equal texts share one."""
    if not types.is_large_string(texts.type):
        texts = as_text(pa.chunked_array([texts])).cast(pa.large_string()).combine_chunks()
    return pc.rank(texts, sort_keys="ascending", tiebreaker="dense").to_numpy().astype(np.uint32)


def _counted(values: pa.Array) -> np.ndarray:
    kind = values.type
    if types.is_floating(kind):
        given = values.cast(pa.float64()).fill_null(0.0).to_numpy(zero_copy_only=False)
        # The bits of a float64 count upwards with it, those of negative ones downwards; -0.0 is 0.0.
        bits = (given + 0.0).view(np.uint64)
        return np.where(bits & _TOP_BIT, ~bits, bits | _TOP_BIT)
    if types.is_boolean(kind):
        return values.fill_null(False).to_numpy(zero_copy_only=False).astype(np.uint8)
    if types.is_uint64(kind):
        return values.fill_null(0).to_numpy(zero_copy_only=False)
    if types.is_date32(kind):
        values = values.cast(pa.int32())
    whole = values.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    return whole.view(np.uint64) ^ _TOP_BIT
