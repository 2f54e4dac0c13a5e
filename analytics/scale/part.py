"""A file with more rows than memory holds: DuckDB looks it over in a process of its own and takes a part."""

import mmap
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow.parquet as pq

from analytics.apart import ApartError, Limits, run_apart
from analytics.recipe import Recipe
from analytics.recipe.steps import Keep
from analytics.scale.engines import Native, ScaleError, quoted
from analytics.scale.files import KINDS, MEND, find_files, open_files
from analytics.scale.profile import profile_lazy
from analytics.scale.recipes import recipe_lazy
from analytics.scale.sessions import open_duckdb, told
from analytics.tables import ReadOptions

_TASKS = __name__
_MEMORY = "1GB"  # of what the process may use; beyond it DuckDB writes to its temporary folder


@dataclass(frozen=True)
class LargeFile:
    """What a file holds: its ``rows``, and of each column name, kind, missing, distinct, ends and mean."""

    rows: int
    columns: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Part:
    """Some rows as Parquet: of the file's ``rows``, ``matching`` fulfil the condition, ``taken`` are here."""

    parquet: bytes
    rows: int
    matching: int
    taken: int


def can_look(name: str) -> bool:
    """Whether DuckDB reads files of such a name here."""
    return any(name.lower().endswith(ending) for ending in KINDS)


def look_over(source: bytes, *, name: str, limits: Limits) -> LargeFile:
    """Rows and columns of a file, counted by DuckDB. Raises ScaleError for what it cannot read."""
    document = _ask("look_task", source, {"name": name}, limits).document
    return LargeFile(int(document["rows"]), tuple(document["columns"]))


def take_part(
    source: bytes,
    *,
    name: str,
    rows: int,
    keep: Keep | None = None,
    columns: tuple[str, ...] = (),
    seed: int = 0,
    limits: Limits,
) -> Part:
    """``rows`` of the rows that ``keep`` keeps, each with the same chance, in the order of the file.

    ``columns`` are those taken, all where none is named. Raises ScaleError where the file cannot be read, the
    condition does not fit, or no row is left.
    """
    recipe = Recipe(ReadOptions(), (keep,) if keep else ()).to_json()
    arguments = {"name": name, "recipe": recipe, "rows": rows, "columns": list(columns), "seed": seed}
    answer = _ask("part_task", source, arguments, limits)
    return Part(bytes(answer.memory), **{key: int(value) for key, value in answer.document.items()})


def _ask(task: str, source: bytes, arguments: dict[str, Any], limits: Limits) -> Any:
    try:
        return run_apart(f"{_TASKS}:{task}", source, arguments, limits=limits)
    except ApartError as error:
        raise ScaleError(str(error)) from error


def look_task(source: bytes | mmap.mmap, arguments: dict[str, Any], _target: BinaryIO) -> dict[str, Any]:
    """What the other process looks over."""
    with _opened(source, arguments["name"]) as native:
        profile = profile_lazy(native)
    return {"rows": profile.rows, "columns": [_line(one) for one in profile.columns.values()]}


def _line(column: Any) -> dict[str, Any]:
    about = {name: getattr(column, name) for name in ("name", "missing", "distinct")}
    ends = {name: _plain(getattr(column, name)) for name in ("minimum", "mean", "maximum")}
    return {**about, "kind": column.role.kind, **ends}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | float) else str(value)


def part_task(source: bytes | mmap.mmap, arguments: dict[str, Any], target: BinaryIO) -> dict[str, int]:
    """What the other process takes, written to ``target``."""
    with _opened(source, arguments["name"]) as native:
        kept = recipe_lazy(Recipe.from_json(arguments["recipe"]), native)
        (whole,), (matching,) = (one.aggregate("count(*)").fetchall()[0] for one in (native, kept))
        if not matching:
            raise ScaleError(f"None of the {whole:,} rows fulfils the condition: choose another.")
        named = arguments["columns"] or list(kept.columns)
        taken = _drawn(kept.project(", ".join(map(quoted, named))), arguments["rows"], arguments["seed"])
        pq.write_table(taken, target, compression="zstd")
    return {"rows": whole, "matching": matching, "taken": taken.num_rows}


def _drawn(native: Native, rows: int, seed: int) -> Any:
    """So many rows, each with the same chance, in the order of the file; all where there are no more."""
    place = quoted(_free("place", native.columns))
    numbered = native.query("_rows", f"SELECT *, row_number() OVER () AS {place} FROM _rows")
    some = f"SELECT * FROM _rows USING SAMPLE reservoir({rows} ROWS) REPEATABLE ({seed})"
    return numbered.query(
        "_rows", f"SELECT * EXCLUDE ({place}) FROM ({some}) ORDER BY {place}"
    ).to_arrow_table()


def _free(name: str, taken: Sequence[str]) -> str:
    while name in (one.casefold() for one in taken):
        name += "_"
    return name


@contextmanager
def _opened(source: bytes | mmap.mmap, name: str) -> Iterator[Native]:
    """The file as a table of DuckDB, which needs it under a name with its ending."""
    ending = next(ending for ending in sorted(KINDS, key=len, reverse=True) if name.lower().endswith(ending))
    with tempfile.TemporaryDirectory(prefix="zetascope-") as folder:
        path = Path(folder, f"file{ending}")
        path.write_bytes(source)
        try:
            with open_duckdb(memory=_MEMORY, threads=1) as connection, told():
                yield open_files(connection, find_files(str(path)))
        except ScaleError as error:
            raise ScaleError(str(error).replace(str(path), repr(name)).removesuffix(MEND).strip()) from error
