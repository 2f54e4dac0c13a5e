"""Rows of Parquet files from the Hub as one small Parquet file; runs in a process of its own for a server."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from analytics.apart import ApartError, Limits, run_apart
from analytics.hub.errors import HubError

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 10_000


@dataclass(frozen=True)
class Taken:
    """The rows that were taken, as a Parquet file, and of how many."""

    parquet: bytes
    rows: int
    of: int


def count_rows(path: Path, *, limits: Limits | None) -> int:
    """Number of rows of a Parquet file; HubError where it is none."""
    return int(_run(count_task, {"path": str(path)}, limits)[0]["rows"])


def take_rows(paths: list[Path], *, most: int, seed: int, limits: Limits | None) -> Taken:
    """All rows, or ``most`` of them drawn at random and kept in their order; HubError for damaged files."""
    asked = {"paths": [str(path) for path in paths], "most": most, "seed": seed}
    document, content = _run(take_task, asked, limits)
    return Taken(content, int(document["rows"]), int(document["of"]))


def _run(task: Any, arguments: dict[str, Any], limits: Limits | None) -> tuple[dict[str, Any], bytes]:
    if limits is None:
        target = BytesIO()
        return task(b"", arguments, target), target.getvalue()
    try:
        answer = run_apart(f"{__name__}:{task.__name__}", b"", arguments, limits=limits)
        return dict(answer.document), bytes(answer.memory)
    except (ApartError, TypeError) as error:
        raise HubError(f"The data cannot be read: {error}") from error


def count_task(_source: bytes | mmap.mmap, arguments: dict[str, Any], _target: BinaryIO) -> dict[str, int]:
    """How many rows the file's own account says."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return {"rows": pq.read_metadata(arguments["path"]).num_rows}
    except (pa.ArrowException, OSError) as problem:
        raise HubError("A file of this data set is no sound Parquet file; choose another split.") from problem


def take_task(_source: bytes | mmap.mmap, arguments: dict[str, Any], target: BinaryIO) -> dict[str, int]:
    """The rows drawn, written to ``target`` batch by batch."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    most = int(arguments["most"])
    try:
        files = [pq.ParquetFile(path) for path in arguments["paths"]]
        total = sum(file.metadata.num_rows for file in files)
        kept = np.ones(total, dtype=bool)
        if total > most:
            drawn = np.random.default_rng(arguments["seed"]).choice(total, most, replace=False)
            kept = np.bincount(drawn, minlength=total).astype(bool)
        schema, start = _schema_of_all([file.schema_arrow for file in files]), 0
        with pq.ParquetWriter(target, schema) as writer:
            for file in files:
                for batch in file.iter_batches(_BATCH):
                    wanted = pa.array(kept[start : start + len(batch)])
                    start += len(batch)
                    rows = pa.Table.from_batches([batch.filter(wanted)])
                    writer.write_table(rows.select(schema.names).cast(schema))
    except (pa.ArrowException, OSError, ValueError, KeyError) as problem:
        raise HubError(
            "The files of this split do not fit together, or one is damaged; choose another split."
        ) from problem
    return {"rows": int(kept.sum()), "of": total}


def _schema_of_all(schemas: list[pa.Schema]) -> pa.Schema:
    """One schema that the columns of all files fit: of the wider numbers, and with a type where one has none.

    Raises ValueError where a file has other columns.
    """
    import pyarrow as pa

    names = schemas[0].names
    if any(sorted(schema.names) != sorted(names) for schema in schemas):
        raise ValueError("other columns")
    if len(schemas) == 1:
        return schemas[0]
    bare = [schema.remove_metadata() for schema in schemas]
    joined = pa.unify_schemas(bare, promote_options="permissive")
    return pa.schema([joined.field(name) for name in names])
