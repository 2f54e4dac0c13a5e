"""Vectors made elsewhere: NumPy files and list columns of Parquet files."""

import math
from io import BytesIO

import numpy as np

from analytics.errors import ZetascopeError
from analytics.text.arguments import as_rows, as_vectors, check_whole
from analytics.text.encoders import unit_rows
from analytics.words import count


def read_vectors(data: bytes, *, rows: int | None = None, column: str | None = None) -> np.ndarray:
    """Unit vectors (n, d) float32 from the bytes of a ``.npy`` or Parquet file; nothing is unpickled.

    A Parquet file gives its column ``column``, or the first whose cells are lists of numbers. ``rows`` is
    how many vectors there must be.

    Raises:
        ZetascopeError: not such a file, lists of unequal length, numbers that are missing or infinite, or
            another number of rows than the table has.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise ZetascopeError(f"A {type(data).__name__} is no file's content: give the bytes of the file.")
    if rows is not None:
        check_whole(rows, name="rows", least=0)
    if data[:6] == b"\x93NUMPY":
        vectors = _from_numpy(data)
    elif data[:4] == b"PAR1":
        vectors = _from_parquet(data, column)
    else:
        raise ZetascopeError("This is neither a NumPy .npy file nor a Parquet file: save the vectors as one.")
    if vectors.ndim != 2 or not vectors.size:
        raise ZetascopeError(f"The vectors have the shape {vectors.shape}: one row per text is needed.")
    if rows is not None and len(vectors) != rows:
        raise ZetascopeError(
            f"The file has {count(len(vectors), 'vector')}, the table {count(rows, 'row')}: they must match."
        )
    bad = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if len(bad):
        raise ZetascopeError(f"The vector of row {bad[0] + 1:,} has missing or infinite numbers.")
    return unit_rows(vectors)


def write_vectors(vectors: np.ndarray) -> bytes:
    """The bytes of a ``.npy`` file."""
    target = BytesIO()
    np.save(target, as_vectors(vectors), allow_pickle=False)
    return target.getvalue()


def vectors_per_row(vectors: np.ndarray, rows: np.ndarray, count: int) -> np.ndarray:
    """One vector for each of a table's ``count`` rows, (count, d) float32; zeros where there is no text."""
    vectors = as_vectors(vectors)
    check_whole(count, name="count", least=0)
    rows = as_rows(rows, table=count)
    if len(rows) != len(vectors):
        raise ZetascopeError(f"Vectors: {len(vectors):,}, rows: {len(rows):,}; give a vector for each row.")
    spread = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    spread[rows] = vectors
    return spread


def _from_numpy(data: bytes) -> np.ndarray:
    # NumPy evaluates the header with Python's own parser, which raises much: SyntaxError, RecursionError, ...
    try:
        shape, _, kind = _numpy_header(BytesIO(data))
        numbers = kind.kind in "fiu" and all(type(size) is int and size >= 0 for size in shape)
        if numbers and math.prod(shape) * kind.itemsize > len(data):
            raise ZetascopeError(f"The .npy file says that its shape is {shape}, but it is cut off before.")
        array = np.load(BytesIO(data), allow_pickle=False)
    except ZetascopeError:
        raise
    except Exception as error:
        raise ZetascopeError(
            "The .npy file cannot be read: save a plain array of numbers with numpy.save."
        ) from error
    if array.dtype.kind not in "fiu":
        raise ZetascopeError(f"The .npy file holds {array.dtype}, not numbers.")
    with np.errstate(over="ignore"):
        return np.asarray(array, dtype=np.float32)


def _numpy_header(file: BytesIO) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Shape, order and type that a file says it has."""
    major, _ = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if major == 1 else np.lib.format.read_array_header_2_0
    return read(file)


def _from_parquet(data: bytes, column: str | None) -> np.ndarray:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(BytesIO(data))
    except (pa.ArrowException, OSError) as error:
        raise ZetascopeError("The Parquet file cannot be read: it may be cut off.") from error
    lists = [field.name for field in table.schema if _is_number_list(field.type)]
    if column is not None and column not in lists:
        offered = ", ".join(lists) or "none"
        raise ZetascopeError(f"Column {column!r} does not hold lists of numbers; those that do: {offered}.")
    if not lists:
        raise ZetascopeError("No column of the Parquet file holds lists of numbers.")
    chosen = table.column(column or lists[0]).combine_chunks()
    lengths = chosen.value_lengths() if not pa.types.is_fixed_size_list(chosen.type) else None
    if chosen.null_count:
        raise ZetascopeError("Some rows of the Parquet file have no vector.")
    if lengths is not None and len(lengths.unique()) > 1:
        raise ZetascopeError("The vectors of the Parquet file have different lengths.")
    flat = chosen.flatten().to_numpy(zero_copy_only=False).astype(np.float32)
    return flat.reshape(len(chosen), -1) if len(chosen) else flat.reshape(0, 0)


def _is_number_list(kind: object) -> bool:
    import pyarrow as pa

    lists = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    return lists and (pa.types.is_floating(kind.value_type) or pa.types.is_integer(kind.value_type))  # type: ignore[attr-defined]
