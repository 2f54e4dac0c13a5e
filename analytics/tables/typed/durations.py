"""Lengths of time as text, ``-1 days +23:59:59.5`` as pandas writes them, and back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.report import ColumnReading
from analytics.tables.typed.cells import Cells
from analytics.tables.typed.typed import Typed, missing_note

PATTERN = (
    r"^(?P<days>-?[0-9]{1,12}) days?(?: \+?(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
    r"(?:\.(?P<fraction>[0-9]{1,9}))?)?$"
)
"""The time of day always counts forward from the (maybe negative) days."""
_DAY = 86_400
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_CLOCKS = {"s": pa.time32("s"), "ms": pa.time32("ms"), "us": pa.time64("us"), "ns": pa.time64("ns")}
_MISSING = np.iinfo(np.int64).min


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


def type_durations(cells: Cells) -> Typed | None:
    """The column as timedelta64, in microseconds where they do; ``None`` if a cell is no length of time."""
    if cells.sample_share(PATTERN) < 1:
        return None
    fields = pc.extract_regex(cells.trimmed, PATTERN)
    known = fields.is_valid().to_numpy(zero_copy_only=False)
    if not (known | cells.blank | cells.token).all():
        return None
    spans = _spans({name: pc.struct_field(fields, name) for name in fields.type.names}, known)
    if spans is None:
        return None
    values = pd.TimedeltaIndex(cells.expand(spans)).array
    sentence = f"Lengths of time.{missing_note(cells, ())}"
    return Typed(values, ColumnReading(cells.name, "number", sentence, (), ("text",)))


def _spans(part: dict[str, pa.Array], known: np.ndarray) -> np.ndarray | None:
    """timedelta64 (u,) in the widest of microseconds, nanoseconds and seconds that fits; ``None`` if none."""
    days, hour, minute, second = (_counts(part[name]) for name in ("days", "hour", "minute", "second"))
    if ((hour > 23) | (minute > 59) | (second > 59)).any():
        return None
    seconds = days * _DAY + (hour * 60 + minute) * 60 + second
    nano = _counts(pc.utf8_slice_codeunits(pc.utf8_rpad(part["fraction"], 9, "0"), 0, 9))
    unit = "ns" if (nano % 1000).any() else "us" if _fits(seconds, "us") else "s"
    if not _fits(seconds, unit) or (unit == "s" and nano.any()):
        return None
    per_second = _PER_SECOND[unit]
    counts = np.where(known, seconds * per_second + nano // (10**9 // per_second), _MISSING)
    return counts.astype(f"timedelta64[{unit}]")


def _fits(seconds: np.ndarray, unit: str) -> bool:
    """Whether these whole seconds and a part of one more can be counted in 64 bits."""
    most = np.iinfo(np.int64).max // _PER_SECOND[unit] - 1
    return len(seconds) == 0 or bool(-most <= seconds.min() and seconds.max() <= most)


def _counts(digits: pa.Array) -> np.ndarray:
    zero = pa.scalar("0", digits.type)
    filled = pc.fill_null(digits, zero)
    return pc.cast(pc.if_else(pc.equal(filled, ""), zero, filled), pa.int64()).to_numpy(zero_copy_only=False)
