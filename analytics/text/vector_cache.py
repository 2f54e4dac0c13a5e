"""Vectors kept by model revision and text, so that only new texts are encoded."""

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from analytics.text.encoders import TextEncoder, distinct_texts

Progress = Callable[[int, int], None]
T = TypeVar("T")

FILE_NAME = "vectors.sqlite"
MAX_BYTES = 1_000_000_000
QUERY_SIZE = 500
DAY = 86_400
SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (
    space BLOB NOT NULL, text BLOB NOT NULL, vector BLOB NOT NULL, used INTEGER NOT NULL,
    PRIMARY KEY (space, text)
) WITHOUT ROWID
"""


class VectorStore(Protocol):
    """Somewhere to keep vectors under (space, text key)."""

    def get(self, space: bytes, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]: ...

    def put(self, space: bytes, items: dict[bytes, np.ndarray]) -> None: ...


class MemoryVectors:
    """A store that lives and dies with its owner; the oldest entries go when it is full."""

    def __init__(self, *, max_bytes: int = 200_000_000) -> None:
        self._items: dict[tuple[bytes, bytes], np.ndarray] = {}
        self._max_bytes = max_bytes

    def get(self, space: bytes, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        return {key: self._items[space, key] for key in keys if (space, key) in self._items}

    def put(self, space: bytes, items: dict[bytes, np.ndarray]) -> None:
        for key, vector in items.items():
            self._items[space, key] = vector
        size = next(iter(items.values())).nbytes if items else 1
        while len(self._items) * size > self._max_bytes:
            del self._items[next(iter(self._items))]


class VectorCache:
    """Vectors in one SQLite file, shared safely by threads and processes.

    Texts are stored as keyed hashes only. When the file has grown beyond ``max_bytes`` of vectors, those used
    longest ago go first. A file that cannot be read or written is treated as empty: the cache may
    save work, but never stops it.
    """

    def __init__(self, path: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self.path = path
        self._max_bytes = max_bytes

    def get(self, space: bytes, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        """The stored vectors among ``keys``."""

        def read(connection: sqlite3.Connection) -> dict[bytes, np.ndarray]:
            found: dict[bytes, np.ndarray] = {}
            now = int(time.time())
            for start in range(0, len(keys), QUERY_SIZE):
                part = list(keys[start : start + QUERY_SIZE])
                where = f"space = ? AND text IN ({','.join('?' * len(part))})"
                rows = connection.execute(f"SELECT text, vector FROM vectors WHERE {where}", [space, *part])
                found |= {key: np.frombuffer(blob, dtype="<f4") for key, blob in rows}
                # Noting the use once a day is enough to tell old from new, and spares a write per read.
                connection.execute(
                    f"UPDATE vectors SET used = ? WHERE {where} AND used < ?", [now, space, *part, now - DAY]
                )
            return found

        return self._run(read, {})

    def put(self, space: bytes, items: dict[bytes, np.ndarray]) -> None:
        """Store vectors, and let the oldest go where there are too many."""
        now = int(time.time())
        rows = [(space, key, vector.astype("<f4").tobytes(), now) for key, vector in items.items()]

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)", rows)
            _shrink(connection, self._max_bytes)

        self._run(write, None)

    def size(self) -> int:
        """How many vectors are stored."""
        return self._run(lambda c: int(c.execute("SELECT count(*) FROM vectors").fetchone()[0]), 0)

    def clear(self) -> None:
        """Forget everything."""
        self._run(lambda c: c.execute("DELETE FROM vectors") and None, None)

    def _run(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """``work`` in a transaction of its own connection; ``otherwise`` where the file lets nobody in."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._open_or_renew()) as connection, connection:
                return work(connection)
        except (sqlite3.Error, OSError):
            return otherwise

    def _open_or_renew(self) -> sqlite3.Connection:
        try:
            return self._open()
        except sqlite3.OperationalError:  # locked or not writable
            raise
        except sqlite3.DatabaseError:  # not a database any more: put it aside and start afresh
            self.path.replace(self.path.with_suffix(".broken"))
            return self._open()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=10)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(SCHEMA)
        except sqlite3.Error:
            connection.close()
            raise
        return connection


def _shrink(connection: sqlite3.Connection, max_bytes: int) -> None:
    total = connection.execute("SELECT coalesce(sum(length(vector)), 0) FROM vectors").fetchone()[0]
    if total <= max_bytes:
        return
    mean = total / connection.execute("SELECT count(*) FROM vectors").fetchone()[0]
    # A tenth more than needed, so that a full cache is not trimmed at every write.
    surplus = int((total - 0.9 * max_bytes) / mean) + 1
    connection.execute(
        "DELETE FROM vectors WHERE (space, text) IN (SELECT space, text FROM vectors ORDER BY used LIMIT ?)",
        [surplus],
    )


def open_cache() -> VectorCache | None:
    """The cache in the user's cache folder, or None where ``ZETASCOPE_CACHE`` is off."""
    if os.environ.get("ZETASCOPE_CACHE", "on").strip().lower() in {"off", "0", "false", "no"}:
        return None
    from platformdirs import user_cache_path

    return VectorCache(user_cache_path("zetascope", appauthor=False) / FILE_NAME)


@dataclass(frozen=True)
class Encoded:
    """Unit vectors (n, d) of n texts, and how many distinct texts were encoded now or known before."""

    vectors: np.ndarray
    encoded: int
    known: int


def encode_cached(
    encoder: TextEncoder,
    texts: Sequence[str],
    *,
    store: VectorStore | None,
    role: str = "text",
    progress: Progress | None = None,
) -> Encoded:
    """Encode only what ``store`` does not have; every block of 512 is stored as soon as it is done.

    ``progress`` gets (distinct texts done, distinct texts), counting known ones as done; it may raise to
    cancel, and what was encoded by then is kept.
    """
    distinct, inverse = distinct_texts(texts)
    space = hashlib.blake2b(f"{encoder.space} {role}".encode(), digest_size=16).digest()
    keys = [
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).digest() for text in distinct
    ]
    found = store.get(space, keys) if store and distinct else {}
    # Where everything is known, the model is not even loaded.
    size = len(found[keys[0]]) if len(found) == len(keys) > 0 else encoder.dimension
    vectors = np.empty((len(distinct), size), dtype=np.float32)
    missing = []
    for row, key in enumerate(keys):
        vector = found.get(key)
        if vector is not None and vector.shape == (size,):
            vectors[row] = vector
        else:
            missing.append(row)
    done = len(distinct) - len(missing)
    for rows, block in encoder.stream([distinct[row] for row in missing], role=role):
        places = [missing[row] for row in rows]
        vectors[places] = block
        if store:
            store.put(space, {keys[place]: vector for place, vector in zip(places, block, strict=True)})
        done += len(rows)
        if progress:
            progress(done, len(distinct))
    return Encoded(vectors[inverse], encoded=len(missing), known=len(distinct) - len(missing))
