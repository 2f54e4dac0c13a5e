"""Files in and out: which ones can be opened, and what goes into a download."""

import unicodedata
from io import BytesIO
from pathlib import PurePath

import pandas as pd

from analytics.tables import write_csv, write_parquet

FILE_TYPES = (
    "csv tsv txt tab dat gz zip zst parquet xlsx xls ods json geojson jsonl ndjson html htm mht mhtml".split()
)
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Controls, formats (directions and joiners), halves of characters, and ends of lines and paragraphs."""
_LONGEST_STEM = 100  # systems take 255 bytes, and a sign may have four; ``_standardized.parquet`` follows

Content = bytes | str | pd.DataFrame
"""What a download is made of; a table is written as the ending of its file's name asks."""

_WRITERS = {"csv": write_csv, "parquet": write_parquet}
_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "html": "text/html",
    "svg": "image/svg+xml",
    "zeta": "application/zip",
    "py": "text/x-python",
}


def content_of(made: Content, file_name: str) -> bytes | str:
    """What goes into the file."""
    if not isinstance(made, pd.DataFrame):
        return made
    target = BytesIO()
    _WRITERS[_ending(file_name)](_with_named_index(made), target)
    return target.getvalue()


def _with_named_index(frame: pd.DataFrame) -> pd.DataFrame:
    """The index as the first column where it has a name, which a column from a file may have already."""
    name = frame.index.name
    if name is None:
        return frame
    while name in frame.columns:
        name = f"{name}_"
    return frame.reset_index(names=name)


def type_of(file_name: str) -> str:
    """The media type by the ending; bytes of no known kind where it is another one."""
    return _TYPES.get(_ending(file_name), "application/octet-stream")


def _ending(file_name: str) -> str:
    return file_name.rpartition(".")[2].lower()


def stem_of(name: str) -> str:
    """A file name without the endings of files that can be opened (``a.2024.csv.gz``: ``a.2024``).

    What has no width is left out: a name that turns its end around would pass for a file of another kind.
    """
    seen = "".join(sign for sign in name if unicodedata.category(sign) not in _UNSEEN)
    whole = PurePath(seen).name
    while (parts := whole.rpartition("."))[1] and parts[2].lower() in FILE_TYPES:
        whole = parts[0]
    return whole[:_LONGEST_STEM] or "table"
