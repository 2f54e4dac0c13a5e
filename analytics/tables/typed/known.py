"""What a reader knows of the cells of a table besides their text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa


@dataclass(frozen=True, eq=False)
class Known:
    """What the file says of its cells; everything may be left unknown.

    ``lines`` (n,) are the lines of the records; by default row i stands on line i + 2. ``quoted`` says per
    column which cells (n,) stood in quotes, or is ``None``; ``quoted_header`` which names did. ``decimal``
    and ``thousands`` are marks known from elsewhere; what the reader was told comes first.
    ``typed_source``: the source itself has strings (JSON, sheets), and ``quoted`` says which they are.
    ``others_bare``: the file has further columns, whose cells are not quoted; ``points`` of them prove a
    decimal point. ``columnar``: the source has columns of one type (Parquet), and rows but no lines.
    ``texts`` stand beside the table: the name of the file, lines above and below.
    """

    lines: np.ndarray | None = None
    quoted: Sequence[pa.Array | pa.ChunkedArray | None] | None = None
    quoted_header: Sequence[bool] | None = None
    decimal: str | None = None
    thousands: str | None = None
    typed_source: bool = False
    others_bare: bool = False
    points: int = 0
    columnar: bool = False
    texts: tuple[str, ...] = ()


NOTHING_KNOWN = Known()
