"""Offsets from UTC beside times, and times with and without them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

NAMED = {
    "z": 0, "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 60, "WEST": 60, "CET": 60, "MEZ": 60, "CEST": 120,
    "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300,
    "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "JST": 540,
}  # fmt: skip
"""Minutes; what the letters mean in Europe, North America and Japan, where files state them."""

_ONE_PLACE = 60
"""Offsets of one place differ by its summer time, which is an hour at most; more are several places."""


def zone_offsets(zones: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Minutes from UTC (u,), which cells state an offset (u,), and which state none or a known one (u,)."""
    stated = pc.fill_null(pc.not_equal(zones, ""), False).to_numpy(zero_copy_only=False)
    encoded = pc.dictionary_encode(pc.if_else(pa.array(stated), zones, pa.scalar(None, zones.type)))
    texts = encoded.dictionary.to_pylist()
    minutes = np.array([*map(_minutes, texts), 0.0])
    offsets = minutes[pc.fill_null(encoded.indices, len(texts)).to_numpy(zero_copy_only=False)]
    known = ~np.isnan(offsets)
    return np.where(known, offsets, 0).astype(np.int64), stated, known


def _minutes(text: str) -> float:
    if text[:1] not in "+-":
        return NAMED.get(text, np.nan)
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return np.nan if minutes >= 24 * 60 else (-minutes if text[0] == "-" else minutes)


def offset_words(offsets: np.ndarray) -> str:
    """Distinct offsets as ``+01:00 and +02:00``."""
    words = [
        f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}" for minutes in offsets
    ]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def is_one_place(offsets: np.ndarray) -> bool:
    """Whether two offsets or more may be those of one place in winter and in summer."""
    return len(offsets) > 1 and bool(offsets.max() - offsets.min() <= _ONE_PLACE)


def with_offsets(
    values: np.ndarray, real: np.ndarray, offsets: np.ndarray, *, local: bool
) -> pd.DatetimeIndex:
    """Times (u,) of cells that all state an offset, missing where not real.

    At that offset where all agree; else as the clocks said, without an offset, if ``local``, or in UTC.
    """
    shown = np.where(real, values, np.datetime64("NaT"))
    distinct = np.unique(offsets[real])
    if local and len(distinct) > 1:
        return pd.DatetimeIndex(shown)
    utc = pd.DatetimeIndex(shown - np.where(real, offsets, 0).astype("timedelta64[m]")).tz_localize("UTC")
    if len(distinct) == 1 and distinct[0] and local:
        return utc.tz_convert(dt.timezone(dt.timedelta(minutes=int(distinct[0]))))
    return utc
