"""Texts of an engine's table as vectors: identical ones once, bucket by bucket, gone on with after a stop."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analytics.progress import Progress, silent
from analytics.scale.engines import BigTable, Native, ScaleError, big_table, engine_name, quoted

VECTOR = "vector"
_TEXTS = 50_000  # of a bucket: 77 MB of vectors, and minutes of work on two cores that a stop may cost
_AT_ONCE = 5_000  # texts handed to the model together, which sorts them by length


class Encodes(Protocol):
    """What makes vectors of texts: ``analytics.text.TextEncoder``, or anything with its ``encode``."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors (n, d) of texts."""


def embed_lazy(
    frame: object,
    column: str,
    *,
    folder: Path,
    encoder: str | Callable[[], Encodes] = "all-MiniLM-L6-v2",
    texts_at_a_time: int = _TEXTS,
    progress: Progress = silent,
) -> Native:
    """The engine's own table with a ``vector`` behind it: a list of float32, NULL where the text is missing.

    The distinct texts are dealt into buckets by a hash; the vectors of each lie as Parquet in ``folder``, and
    those that lie there already, of the same texts by the same engine, are not made again: a folder is for
    one encoder. DuckDB's texts are encoded in this process, Spark's by ``mapInPandas`` where the data are,
    with one model for each worker process; all of them must see ``folder``. ``encoder`` is the name of a
    model, or a function that makes an encoder.

    Raises:
        ScaleError: for an absent column, one that holds no texts, or a name that is taken.
    """
    table = big_table(frame)
    check_texts(table, column)
    if VECTOR in (name.casefold() for name in table.names):
        raise ScaleError(f"The table already has a column {VECTOR!r}: rename it.")
    made = encoded_texts(
        table, column, folder=folder, encoder=encoder, texts_at_a_time=texts_at_a_time, progress=progress
    )
    return with_columns_of_texts(table.native, column, made, {VECTOR: "FLOAT[]"})


def encoded_texts(
    table: BigTable,
    column: str,
    *,
    folder: Path,
    encoder: str | Callable[[], Encodes],
    texts_at_a_time: int = _TEXTS,
    progress: Progress = silent,
) -> list[Path]:
    """Folders of Parquet files with every distinct ``text`` of a column once, and its ``vector``."""
    place = check_texts(table, column)
    texts = table.frame.filter(~nw.col(place).is_null()).select(nw.col(place).alias("text")).unique()
    distinct, mark = _told_apart(texts.to_native())
    buckets = max(1, -(-distinct // texts_at_a_time))
    folder.mkdir(parents=True, exist_ok=True)
    make = named_encoder(encoder) if isinstance(encoder, str) else encoder
    write = _by_spark if engine_name(texts.to_native()) == "spark" else _by_duckdb
    all_done = []
    for bucket in range(buckets):
        done = folder / f"{mark}-{buckets:05d}-{bucket:05d}"
        if not done.exists():
            partial = done.with_name(f"{done.name}.partial")
            shutil.rmtree(partial, ignore_errors=True)
            write(texts.to_native(), bucket, buckets, make, partial)
            partial.rename(done)
        all_done.append(done)
        progress(bucket + 1, buckets)
    return all_done


def check_texts(table: BigTable, column: str) -> str:
    """What a column is called inside. Raises ScaleError where it is absent or holds no texts."""
    place = table.place(column)
    if table.schema[column] != nw.String:
        raise ScaleError(f"Column {column!r} holds {table.schema[column]}, not texts: choose another.")
    return place


def _told_apart(texts: Native) -> tuple[int, str]:
    """How many texts there are, and a mark of all of them and of the engine whose hash deals them out."""
    if engine_name(texts) == "spark":
        (row,) = texts.selectExpr("count(*)", "bit_xor(xxhash64(text))").collect()
        return int(row[0]), f"spark-{(row[1] or 0) % 2**64:016x}"
    ((count, mark),) = texts.aggregate("count(*), bit_xor(hash(text))").fetchall()
    return int(count), f"duckdb-{mark or 0:016x}"


def named_encoder(name: str, *, backend: str = "auto") -> Callable[[], Encodes]:
    """What makes the encoder of a name, in whatever process; ``backend`` is that of ``load_encoder``."""

    def load() -> Encodes:
        from analytics.text import load_encoder

        return load_encoder(name, backend=backend)

    return load


@lru_cache(maxsize=1)
def _of_this_process(make: Callable[[], Encodes]) -> Encodes:
    """The encoder of a process, made once."""
    return make()


def _by_duckdb(native: Native, bucket: int, buckets: int, make: Callable[[], Encodes], folder: Path) -> None:
    """Encode one bucket here, batch by batch, into fixed-size lists."""
    folder.mkdir()
    # DuckDB's hash takes the whole of 64 bits.
    chosen = native.filter(f"hash(text) % {buckets} = {bucket}")
    writer = None
    for batch in chosen.to_arrow_reader(_AT_ONCE):
        texts = batch.column("text").to_pylist()
        if not texts:
            continue
        vectors = np.ascontiguousarray(_of_this_process(make).encode(texts), dtype=np.float32)
        lists = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1])
        made = pa.table({"text": pa.array(texts, pa.string()), VECTOR: lists})
        writer = writer or pq.ParquetWriter(folder / "vectors.parquet", made.schema)
        writer.write_table(made)
    if writer:
        writer.close()


def _by_spark(native: Native, bucket: int, buckets: int, make: Callable[[], Encodes], folder: Path) -> None:
    """Have the workers encode one bucket; Spark knows no lists of a fixed size."""
    from pyspark.sql import functions

    held: list[Encodes] = []

    def encoded(parts: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for part in parts:
            if not held:
                held.append(make())
            vectors = np.asarray(held[0].encode(part["text"].tolist()), dtype=np.float32)
            yield pd.DataFrame({"text": part["text"], VECTOR: list(vectors)})

    chosen = native.filter(functions.expr(f"pmod(xxhash64(text), {buckets}) = {bucket}"))
    made = chosen.mapInPandas(encoded, f"text string, {VECTOR} array<float>")
    made.write.mode("overwrite").parquet(folder.absolute().as_uri())


def with_columns_of_texts(
    native: Native, column: str, folders: Sequence[Path], columns: Mapping[str, str]
) -> Native:
    """Every row with the ``columns`` (name, DuckDB's type) that files in ``folders`` have for its text."""
    if engine_name(native) == "spark":
        made = native.sparkSession.read.parquet(*(path.absolute().as_uri() for path in folders))
        mine = native["`" + column.replace("`", "``") + "`"]  # a dot would ask for a field
        added = [made[name] for name in columns]
        return native.join(made, on=mine == made["text"], how="left").select(native["*"], *added)
    files = sorted(str(path) for folder in folders for path in folder.glob("*.parquet"))
    if not files:  # no row has a text
        empty = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in columns.items())
        return native.project(f"*, {empty}")
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in files)
    return native.query(
        "_rows",
        f"SELECT _rows.*, {', '.join(f'made.{name}' for name in columns)} "
        f"FROM _rows LEFT JOIN read_parquet([{listed}]) AS made ON _rows.{quoted(column)} = made.text",
    )
