"""A table with everything that makes statistics differ between engines, and the same in pandas."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa

ROWS = 240
NUMBERS = (
    "plain",
    "nullable",
    "arrow",
    "cents",
    "digits",
    "whole",
    "mostly",
    "flat",
    "rounded",
    "none",
    "tiny",
    "far",
)
BY = ("kind", "level", "day", "moment", "price")


def odd_frame() -> pd.DataFrame:
    """Numbers and groups of every flavour that a file can bring, with missing, NaN and infinite cells."""
    rng = np.random.default_rng(7)
    x = np.round(rng.normal(50, 9, ROWS), 2)
    gaps = rng.random(ROWS) < 0.1
    special = x.copy()
    special[[3, 8]], special[5] = np.inf, -np.inf
    nan_and_null = pa.array(np.where(rng.random(ROWS) < 0.1, np.nan, x), mask=gaps)
    cents = [None if gap else Decimal(f"{value:.2f}") for value, gap in zip(x, gaps, strict=True)]
    digits = [Decimal(f"{value:.2f}") + Decimal("12345678901234567890.123") for value in x]
    zone = pa.timestamp("us", tz="Europe/Berlin")
    days = [dt.date(2024, 1, 1 + int(place)) for place in rng.integers(3, size=ROWS)]
    moments = [dt.datetime(2024, 3, 30 + int(p), 23, 30, tzinfo=dt.UTC) for p in rng.integers(2, size=ROWS)]
    arrow = {
        "row": pa.array(range(ROWS)),
        "plain": pa.array(special),
        "nullable": pa.array(rng.integers(0, 9, ROWS), pa.int32(), mask=gaps),
        "arrow": nan_and_null,
        "cents": pa.array(cents, pa.decimal128(12, 2)),
        "digits": pa.array(digits, pa.decimal128(38, 3)),
        "whole": pa.array(rng.integers(2**40, 2**41, ROWS)),
        "mostly": pa.array(np.where(rng.random(ROWS) < 0.9, 4.0, x)),
        "flat": pa.array([14.62] * ROWS),
        "rounded": pa.array(0.1 + rng.integers(0, 2, ROWS) * np.spacing(0.1)),
        "none": pa.array([None] * ROWS, pa.float64()),
        "tiny": pa.array(x * 1e-180),
        "far": pa.array(x * 1e180),
        "kind": pa.array(rng.choice(["a", "b", "", None], ROWS)),
        "level": pa.array(np.where(gaps, np.nan, rng.integers(0, 2, ROWS))),
        "day": pa.array([None if p % 17 == 0 else day for p, day in enumerate(days)]),
        "moment": pa.array(moments, zone),
        "price": pa.array([Decimal("1.50"), None, Decimal("2.00")] * (ROWS // 3), pa.decimal128(9, 2)),
        "yes": pa.array(rng.random(ROWS) < 0.5),
    }
    return pa.table(arrow).to_pandas(types_mapper=pd.ArrowDtype)
