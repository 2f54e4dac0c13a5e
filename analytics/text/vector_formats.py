"""Vectors in NumPy, Parquet and faiss files: counted by what the file says, then made."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from tokenize import TokenError
from typing import Any

import numpy as np

from analytics.errors import ZetascopeError
from analytics.words import count

MAX_BYTES = 4 * 1024**3
"""Of float32 numbers: a million vectors of 1,024."""
_BATCH = 1024
"""Rows of a Parquet file that are held as lists at once."""
_INDEX = struct.Struct("<4siqqq?i")
"""How a faiss index begins (``write_index_header`` in faiss/impl/index_write.cpp, 1.15): kind, numbers a
vector, vectors, two fields without use, whether it is trained, metric; behind some metrics a float32."""
_PLAIN_METRICS = 1  # inner product and squared distance; above, an argument follows
_FLAT, _NUMBERED = (b"IxFI", b"IxF2", b"IxFl"), (b"IxMp", b"IxM2")
"""Vectors as they are, by either metric; and around such an index, a number for each vector."""
_HEADER = (ValueError, EOFError, OSError, SyntaxError, TypeError, OverflowError, RecursionError, MemoryError,
           TokenError)  # fmt: skip
"""What numpy raises for a header that is no literal of Python, or too deep for its parser."""


@dataclass(frozen=True)
class Wanted:
    """How many vectors there must be, in which column of a Parquet file, and how many bytes at most."""

    rows: int | None
    column: str | None
    max_bytes: int

    def check(self, vectors: int, size: int) -> None:
        """Refuse another count of rows, no numbers, or too many, before any is made."""
        if not vectors or not size:
            raise ZetascopeError(f"The vectors have the shape {(vectors, size)}: one row per text is needed.")
        if self.rows is not None and vectors != self.rows:
            raise ZetascopeError(
                f"The file has {count(vectors, 'vector')}, the table {count(self.rows, 'row')}: they must "
                "match."
            )
        megabytes = vectors * size * 4 // 10**6
        if vectors * size * 4 > self.max_bytes:
            raise ZetascopeError(
                f"The file holds {vectors:,} vectors of {size:,} numbers, {megabytes:,} MB; the limit is "
                f"{self.max_bytes // 10**6:,} MB: give fewer or shorter ones."
            )


def from_numpy(data: bytes, wanted: Wanted) -> np.ndarray:
    """(n, d) float32 from a ``.npy`` file whose header says no more than what follows it."""
    shape, by_columns, dtype, start = _header(data)
    if dtype.kind not in "fiu":
        raise ZetascopeError(f"The .npy file holds {dtype}, not numbers.")
    if len(shape) != 2:
        raise ZetascopeError(f"The vectors have the shape {shape}: one row per text is needed.")
    wanted.check(*shape)
    numbers = math.prod(shape)
    if numbers * dtype.itemsize > len(data) - start:
        raise ZetascopeError(
            f"The .npy file cannot be read: it says it has {shape[0]:,} x {shape[1]:,} numbers, which would "
            f"take {numbers * dtype.itemsize:,} bytes, and holds {len(data) - start:,}."
        )
    array = np.frombuffer(data, dtype, numbers, start).reshape(shape, order="F" if by_columns else "C")
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(array, dtype=np.float32)


def _header(data: bytes) -> tuple[tuple[int, ...], bool, np.dtype, int]:
    """Shape, whether columns follow each other, dtype and where the numbers begin."""
    file = BytesIO(data)
    try:
        version = np.lib.format.read_magic(file)
        readers = {
            (1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0
        }  # fmt: skip
        if version not in readers:
            raise ValueError(f"version {version}")
        shape, by_columns, dtype = readers[version](file)
        if dtype.hasobject or any(type(size) is not int or not 0 <= size < 2**63 for size in shape):
            raise ValueError(f"{shape} of {dtype}")
    except _HEADER as error:
        raise ZetascopeError(
            "The .npy file cannot be read: save a plain array of numbers with numpy.save."
        ) from error
    return shape, by_columns, dtype, file.tell()


def is_faiss(data: bytes) -> bool:
    """Whether these are the bytes of a faiss index, of whatever kind."""
    return data[:2] in (b"Ix", b"Iw", b"IH")


def from_faiss(data: bytes, wanted: Wanted) -> np.ndarray:
    """(n, d) float32 from a flat index; where its vectors have numbers, each at its own row, from 0."""
    try:
        kind, _, rows, start = _opening(data, 0)
        if kind not in _NUMBERED:
            return _flat_index(data, 0, wanted)[0].copy()
        vectors, end = _flat_index(data, start, Wanted(None, None, wanted.max_bytes))
        if struct.unpack_from("<Q", data, end)[0] != len(vectors) or rows != len(vectors):
            raise ZetascopeError("The faiss index cannot be read: it numbers another count of vectors.")
        numbers = np.frombuffer(data, "<i8", rows, end + 8)
    except ZetascopeError:
        raise
    except (struct.error, ValueError) as error:
        raise ZetascopeError("The faiss index cannot be read: it may be cut off.") from error
    return _by_number(vectors, numbers, wanted)


def _flat_index(data: bytes, at: int, wanted: Wanted) -> tuple[np.ndarray, int]:
    """The vectors of the flat index that begins at ``at``, and where it ends."""
    kind, size, rows, start = _opening(data, at)
    if kind not in _FLAT:
        raise ZetascopeError(
            f"The faiss index is of the kind {kind.decode('latin-1')!r}, which need not keep vectors as they "
            "were: save them in a flat one, such as IndexFlatIP."
        )
    wanted.check(rows, size)
    if struct.unpack_from("<Q", data, start)[0] != rows * size:
        raise ZetascopeError("The faiss index cannot be read: it holds another count of numbers.")
    vectors = np.frombuffer(data, "<f4", rows * size, start + 8).reshape(rows, size)
    return vectors, start + 8 + vectors.nbytes


def _opening(data: bytes, at: int) -> tuple[bytes, int, int, int]:
    """Kind, numbers a vector, vectors, and where the rest of the index begins."""
    kind, size, rows, _, _, _, metric = _INDEX.unpack_from(data, at)
    if size < 0 or rows < 0:
        raise ValueError(f"{rows} vectors of {size} numbers")
    return kind, size, rows, at + _INDEX.size + 4 * (metric > _PLAIN_METRICS)


def _by_number(vectors: np.ndarray, numbers: np.ndarray, wanted: Wanted) -> np.ndarray:
    """Each vector at the row that its number says; rows without one are zeros, as where there is no text."""
    rows = int(numbers.max()) + 1 if wanted.rows is None else wanted.rows
    if numbers.min() < 0 or numbers.max() >= rows or len(np.unique(numbers)) < len(numbers):
        raise ZetascopeError(
            f"The numbers of the faiss index go from {numbers.min():,} to {numbers.max():,}; each has to be "
            f"that of one row, from 0 to {rows - 1:,}."
        )
    wanted.check(rows, vectors.shape[1])
    spread = np.zeros((rows, vectors.shape[1]), dtype=np.float32)
    spread[numbers] = vectors
    return spread


def as_numpy(vectors: np.ndarray) -> bytes:
    """A ``.npy`` file."""
    target = BytesIO()
    np.save(target, vectors, allow_pickle=False)
    return target.getvalue()


def as_parquet(vectors: np.ndarray) -> bytes:
    """A Parquet file with one column of lists, ``vector``."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    lists = pa.FixedSizeListArray.from_arrays(pa.array(vectors.reshape(-1)), vectors.shape[1])
    target = BytesIO()
    pq.write_table(pa.table({"vector": lists}), target)
    return target.getvalue()


def as_faiss(vectors: np.ndarray) -> bytes:
    """A flat index of inner products, the cosines of unit vectors: the n-th vector is row n, from 0.

    Written here because faiss itself would be 20 MB for these 45 bytes.
    """
    rows, size = vectors.shape
    header = _INDEX.pack(b"IxFI", size, rows, 1 << 20, 1 << 20, True, 0)
    return header + struct.pack("<Q", rows * size) + vectors.astype("<f4").tobytes()


def from_parquet(data: bytes, wanted: Wanted) -> np.ndarray:
    """(n, d) float32 from the one column that is wanted, without the others."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(BytesIO(data))
        name = _list_column(file.schema_arrow, wanted.column)
        batches = file.iter_batches(batch_size=_BATCH, columns=[name])
        lists = (batch.column(0) for batch in batches)
        return _filled(lists, file.metadata.num_rows, _values(file, name), wanted)
    except (pa.ArrowException, OSError) as error:
        raise ZetascopeError("The Parquet file cannot be read: it may be cut off.") from error


def _list_column(schema: Any, asked: str | None) -> str:
    lists = [field.name for field in schema if _is_number_list(field.type)]
    if asked is not None and asked not in lists:
        offered = ", ".join(lists) or "none"
        raise ZetascopeError(f"Column {asked!r} does not hold lists of numbers; those that do: {offered}.")
    if not lists:
        raise ZetascopeError("No column of the Parquet file holds lists of numbers.")
    return asked or lists[0]


def _values(file: Any, name: str) -> int:
    """How many numbers the lists of a column hold together, as the metadata says."""
    metadata = file.metadata
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    chunks = [group.column(i) for group in groups for i in range(metadata.num_columns)]
    return sum(chunk.num_values for chunk in chunks if chunk.path_in_schema.split(".")[0] == name)


def _filled(lists: Iterator[Any], rows: int, values: int, wanted: Wanted) -> np.ndarray:
    """The vectors of all batches in one array, which is made once their size is known to be allowed."""
    wanted.check(rows, math.ceil(values / rows) if rows else 0)
    vectors, size, filled = np.empty((0, 0), np.float32), 0, 0
    for batch in lists:
        flat = _flat(batch)
        if not filled:
            size = len(flat) // len(batch)
            wanted.check(rows, size)
            vectors = np.empty((rows, size), np.float32)
        if len(flat) != len(batch) * size or filled + len(batch) > rows:
            raise ZetascopeError("The vectors of the Parquet file have different lengths.")
        with np.errstate(over="ignore"):
            vectors[filled : filled + len(batch)] = flat.reshape(len(batch), size)
        filled += len(batch)
    if filled != rows:
        raise ZetascopeError(f"The Parquet file says it has {rows:,} rows and holds {filled:,}.")
    return vectors


def _flat(batch: Any) -> np.ndarray:
    """The numbers of all lists of a batch, which must be equally long."""
    import pyarrow as pa

    if batch.null_count:
        raise ZetascopeError("Some rows of the Parquet file have no vector.")
    if not pa.types.is_fixed_size_list(batch.type) and len(batch.value_lengths().unique()) > 1:
        raise ZetascopeError("The vectors of the Parquet file have different lengths.")
    return batch.flatten().to_numpy(zero_copy_only=False)


def _is_number_list(kind: object) -> bool:
    import pyarrow as pa

    lists = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    return lists and (pa.types.is_floating(kind.value_type) or pa.types.is_integer(kind.value_type))  # type: ignore[attr-defined]
