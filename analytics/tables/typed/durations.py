"""Lengths of time as text, ``-1 days +23:59:59.5`` as pandas writes them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_DAY = 86_400
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_CLOCKS = {"s": pa.time32("s"), "ms": pa.time32("ms"), "us": pa.time64("us"), "ns": pa.time64("ns")}


def duration_texts(array: pa.Array) -> pa.Array:
    """Durations of any unit as texts, with as many digits of a second as the array needs."""
    unit, counts = _coarsest(array)
    per_day = _DAY * _PER_SECOND[unit]
    missing = array.is_null().to_numpy(zero_copy_only=False)
    days, rest = np.divmod(np.where(missing, 0, counts), per_day)
    kind = pa.large_string()
    clock = pa.array(rest, pa.int64()).cast(pa.int64() if unit in ("us", "ns") else pa.int32())
    clock = clock.cast(_CLOCKS[unit]).cast(kind)
    gap = pc.if_else(pa.array(days < 0), pa.scalar(" days +", kind), pa.scalar(" days ", kind))
    texts = pc.binary_join_element_wise(pa.array(days).cast(kind), gap, clock, pa.scalar("", kind))
    return pc.if_else(pa.array(missing), pa.scalar(None, kind), texts)


def _coarsest(array: pa.Array) -> tuple[str, np.ndarray]:
    """The coarsest unit that keeps every duration, and their counts in it (n,), 0 where missing."""
    unit = array.type.unit
    counts = pc.fill_null(array.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
    for coarse, per_second in _PER_SECOND.items():
        step = _PER_SECOND[unit] // per_second
        if step <= 1 or not (counts % step).any():
            return (coarse, counts // step) if step >= 1 else (unit, counts)
    return unit, counts
