"""Vectors made elsewhere and for elsewhere: NumPy, Parquet and faiss files."""

import mmap
from typing import Any

import numpy as np

from analytics.apart import Limits, run_apart
from analytics.errors import ZetascopeError
from analytics.text.arguments import as_rows, as_vectors, check_whole
from analytics.text.encoders import unit_rows
from analytics.text.vector_formats import (
    MAX_BYTES,
    Wanted,
    as_faiss,
    as_numpy,
    as_parquet,
    from_faiss,
    from_numpy,
    from_parquet,
    is_faiss,
)

_FORMS = {"npy": as_numpy, "parquet": as_parquet, "faiss": as_faiss}
VECTOR_FORMS = tuple(_FORMS)


def read_vectors(
    data: bytes,
    *,
    rows: int | None = None,
    column: str | None = None,
    max_bytes: int = MAX_BYTES,
    isolated: bool | Limits = False,
) -> np.ndarray:
    """Unit vectors (n, d) float32 from the bytes of a ``.npy``, Parquet or faiss file; nothing is unpickled.

    A Parquet file gives its column ``column``, or the first whose cells are lists of numbers; a faiss file
    has to be a flat index, where vectors with numbers of their own go to the row of that number. ``rows`` is
    how many vectors there must be; more than ``max_bytes`` in all are refused before any is made. With
    ``isolated`` the file is read in a process of its own, as by ``read_table``.

    Raises:
        ZetascopeError: not such a file, lists of unequal length, numbers that are missing or infinite,
            another number of rows than the table has, or too many numbers.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise ZetascopeError(f"A {type(data).__name__} is no file's content: give the bytes of the file.")
    if rows is not None:
        check_whole(rows, name="rows", least=0)
    if isolated:
        asked = {"rows": rows, "column": column, "max_bytes": max_bytes}
        return _read_apart(bytes(data), asked, isolated if isinstance(isolated, Limits) else Limits())
    wanted = Wanted(rows, column, max_bytes)
    if data[:6] == b"\x93NUMPY":
        vectors = from_numpy(data, wanted)
    elif data[:4] == b"PAR1":
        vectors = from_parquet(data, wanted)
    elif is_faiss(data):
        vectors = from_faiss(data, wanted)
    else:
        raise ZetascopeError(
            "This is neither a NumPy .npy file nor a Parquet or faiss file: save the vectors as one."
        )
    bad = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if len(bad):
        raise ZetascopeError(f"The vector of row {bad[0] + 1:,} has missing or infinite numbers.")
    return unit_rows(vectors)


def read_task(source: bytes | mmap.mmap, arguments: dict[str, Any], target: Any) -> list[int]:
    """What the other process does: the vectors in ``target``, and their shape."""
    vectors = read_vectors(source[:], **arguments)
    target.write(np.ascontiguousarray(vectors))
    return list(vectors.shape)


def _read_apart(data: bytes, asked: dict[str, Any], limits: Limits) -> np.ndarray:
    answer = run_apart(f"{__name__}:read_task", data, asked, limits=limits)
    try:
        return np.frombuffer(answer.memory, np.float32).reshape(answer.document)
    except (TypeError, ValueError) as problem:
        raise ZetascopeError("The process that read the vectors gave none; save them again.") from problem


def write_vectors(vectors: np.ndarray, *, form: str = "npy") -> bytes:
    """The bytes of a file: ``npy``, ``parquet`` (a column ``vector``) or ``faiss`` (a flat index).

    Raises:
        ZetascopeError: no vectors, or another form.
    """
    if form not in VECTOR_FORMS:
        raise ZetascopeError(f"form is {form!r}: choose one of {', '.join(VECTOR_FORMS)}.")
    return _FORMS[form](as_vectors(vectors))


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
