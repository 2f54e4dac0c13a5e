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

from analytics.progress import Done, Progress
from analytics.text.arguments import as_texts
from analytics.text.batches import cost_of
from analytics.text.encoders import TextEncoder, distinct_texts

T = TypeVar("T")

FILE_NAME = "text_vectors.sqlite"
_MAX_BYTES = 1_000_000_000
_QUERY_SIZE = 500
_DAY = 86_400
_PAGE_BYTES = 16_384
# Large values belong in a table with row numbers: in a WITHOUT ROWID table each would fill pages of its own.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (key BLOB NOT NULL UNIQUE, used INTEGER NOT NULL, vector BLOB NOT NULL)
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

    Texts are stored as keyed hashes only. When the file has grown beyond ``max_bytes``, the vectors used
    longest ago go first. A file that cannot be read or written is treated as empty: the cache may
    save work, but never stops it.
    """

    def __init__(self, path: Path, *, max_bytes: int = _MAX_BYTES) -> None:
        self.path = path
        self._max_bytes = max_bytes

    def get(self, space: bytes, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        """The stored vectors among ``keys``."""
        now = int(time.time())

        def read(connection: sqlite3.Connection) -> dict[bytes, np.ndarray]:
            found: dict[bytes, np.ndarray] = {}
            aged: list[tuple[int, bytes]] = []
            for start in range(0, len(keys), _QUERY_SIZE):
                part = [space + key for key in keys[start : start + _QUERY_SIZE]]
                query = f"SELECT key, used, vector FROM vectors WHERE key IN ({','.join('?' * len(part))})"
                for key, used, blob in connection.execute(query, part):
                    found[key[len(space) :]] = np.frombuffer(blob, dtype="<f4")
                    # Noting the use once a day is enough to tell old from new, and most reads write nothing.
                    if used < now - _DAY:
                        aged.append((now, key))
            connection.executemany("UPDATE vectors SET used = ? WHERE key = ?", aged)
            return found

        return self._run(read, {})

    def put(self, space: bytes, items: dict[bytes, np.ndarray]) -> None:
        """Store vectors, and let the oldest go where there are too many."""
        now = int(time.time())
        rows = [(space + key, now, vector.astype("<f4").tobytes()) for key, vector in items.items()]

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)
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
            connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(_SCHEMA)
        except sqlite3.Error:
            connection.close()
            raise
        return connection


def _shrink(connection: sqlite3.Connection, max_bytes: int) -> None:
    """Delete the oldest; what is in use is counted in pages, which takes no look at the vectors."""
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    used = (pages - free) * size
    if used <= max_bytes:
        return
    count = connection.execute("SELECT count(*) FROM vectors").fetchone()[0]
    # A tenth more than needed, so that a full cache is not trimmed at every write.
    surplus = int(count * (1 - 0.9 * max_bytes / used)) + 1
    connection.execute(
        "DELETE FROM vectors WHERE rowid IN (SELECT rowid FROM vectors ORDER BY used, rowid LIMIT ?)",
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


def are_known(encoder: TextEncoder, texts: Sequence[str], *, store: VectorStore, role: str = "text") -> bool:
    """Whether ``store`` has all of these texts; False where the encoder has yet to choose how it is run."""
    if not encoder.has_chosen:
        return False
    keys = [_text_key(text) for text in dict.fromkeys(texts)]
    return len(store.get(_space_key(encoder, role), keys)) == len(keys)


def _space_key(encoder: TextEncoder, role: str) -> bytes:
    return hashlib.blake2b(f"{encoder.space} {role}".encode(), digest_size=16).digest()


def _text_key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).digest()


def encode_cached(
    encoder: TextEncoder,
    texts: Sequence[str],
    *,
    store: VectorStore | None,
    role: str = "text",
    progress: Progress | None = None,
) -> Encoded:
    """Encode only what ``store`` does not have; every block is stored as soon as it is done.

    ``progress`` gets (texts encoded, texts to encode), known and repeated ones left out, the former as a
    ``Done`` with the share of the work, since the longest are read first; it may raise to cancel, and what
    was encoded by then is kept.
    """
    distinct, inverse = distinct_texts(as_texts(texts))
    # Without a store nothing is looked up, and a model that is not loaded need not say how it is run.
    space = _space_key(encoder, role) if store else b""
    keys = [_text_key(text) for text in distinct]
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
    done, read = 0, 0
    to_read = sum(cost_of(distinct[row]) for row in missing)
    if progress and missing:
        progress(0, len(missing))
    # Even an empty stream would load the model, for its prompt.
    stream = encoder.stream([distinct[row] for row in missing], role=role) if missing else ()
    for rows, block in stream:
        places = [missing[row] for row in rows]
        vectors[places] = block
        if store:
            store.put(space, {keys[place]: vector for place, vector in zip(places, block, strict=True)})
        done += len(rows)
        read += sum(cost_of(distinct[place]) for place in places)
        if progress:
            progress(Done(done, share=read / to_read), len(missing))
    return Encoded(vectors[inverse], encoded=len(missing), known=len(distinct) - len(missing))
