"""Files in and out: which ones can be opened, and what goes into a download."""

from collections.abc import Callable
from io import BytesIO
from pathlib import PurePath

import pandas as pd

FILE_TYPES = (
    "csv tsv txt tab dat gz zip zst parquet xlsx xls ods json geojson jsonl ndjson html htm mht mhtml".split()
)


def as_bytes(write: Callable[[pd.DataFrame, BytesIO], object], frame: pd.DataFrame) -> bytes:
    """What ``write`` puts into a file."""
    target = BytesIO()
    write(frame, target)
    return target.getvalue()


def stem_of(name: str) -> str:
    """A file name without the endings of files that can be opened (``a.2024.csv.gz``: ``a.2024``)."""
    stem, dot, ending = (whole := PurePath(name).name).rpartition(".")
    if dot and ending.lower() in FILE_TYPES:
        return stem_of(stem)
    return whole or "table"
