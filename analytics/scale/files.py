"""The files a table lies in: found, looked over before they are read, opened as one table of an engine."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from glob import glob
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from analytics.errors import ZetascopeError
from analytics.scale.csv_layout import CsvLayout, look_at_headers
from analytics.scale.engines import Native, ScaleError, engine_name, quoted
from analytics.scale.sessions import first_line
from analytics.words import count

KINDS = {
    ".parquet": "parquet", ".csv": "csv", ".csv.gz": "csv", ".tsv": "csv", ".tsv.gz": "csv",
}  # fmt: skip
"""What a file is by the end of its name."""
_REMOTE = re.compile(r"^[a-z][a-z0-9+.-]*://?(?=[^/])", re.IGNORECASE)


_WHOLE = ("int", "bigint", "decimal")  # what Spark takes whole numbers of a CSV file for
MEND = "Mend it, or leave bad files out with --bad-files skip."


@dataclass(frozen=True)
class Files:
    """The files of one table, of one ``kind``; ``left_out`` says which were not taken, and why.

    ``elsewhere`` is set where only the engine sees them: ``paths`` are then as they were given, and how CSV
    among them is written (``layout``) is for the engine to find out.
    """

    paths: tuple[str, ...]
    kind: str
    left_out: tuple[str, ...] = ()
    elsewhere: bool = False
    layout: CsvLayout | None = None
    base: str = ""
    """The folder below which folders such as ``year=2024`` name a column and its value, "" where none do."""

    def without(self, path: str, reason: str) -> "Files":
        """The others."""
        kept = tuple(one for one in self.paths if one != path)
        return replace(self, paths=kept, left_out=(*self.left_out, f"{path}: {reason}"))


_NOT_THERE = ("extension", "DATA_SOURCE_NOT_FOUND", "ClassNotFound")
"""What engines say where they lack a reader."""
_READ_BY = {
    lake: f"DuckDB reads it once it has run INSTALL {lake} where there is a network; Spark where it has the "
    f"package {package}, as a cluster named by --master or --connect may."
    for lake, package in (
        ("delta", "io.delta:delta-spark"),
        ("iceberg", "org.apache.iceberg:iceberg-spark-runtime"),
    )
}


def find_files(source: str, *, skip_bad: bool = False, elsewhere: bool = False) -> Files:
    """The files that a path, a folder or a pattern with ``*`` names, looked over where they are here.

    A Parquet file is bad that has no readable schema, or whose columns or types are not those of most files;
    so is a CSV file that is not in UTF-8, or whose header has other names or another order, and an empty one.
    ``skip_bad`` leaves bad ones out and names them. CSV files of a header alone have no rows to give.

    Raises:
        ScaleError: for nothing found, files of several kinds, and bad ones.
    """
    if elsewhere or _REMOTE.match(source):
        whole = re.sub(r"^([a-z][a-z0-9+.-]*):/(?=[^/])", r"\1://", source, flags=re.IGNORECASE)
        return Files((whole,), _kind_of(whole) or "parquet", elsewhere=True)
    for lake, mark in (("delta", "_delta_log/*.json"), ("iceberg", "metadata/*.metadata.json")):
        if any(Path(source).glob(mark)):
            return Files((source,), lake)
    folder = Path(source)
    pattern = str(folder / "**") if folder.is_dir() else source
    there = [path for path in _matching(pattern) if Path(path).is_file()]
    paths = [path for path in there if not Path(path).name.startswith(("_", "."))]
    kinds = {_kind_of(path) for path in paths}
    if not paths or kinds == {None}:
        raise ScaleError(
            f"{source!r} names no Parquet or CSV file: give a file, a folder or a pattern, as 'in/*.parquet'."
        )
    if len(kinds) > 1:
        seen = ", ".join(sorted(kind or "another" for kind in kinds))
        raise ScaleError(f"{source!r} names files of several kinds ({seen}): name those of one kind.")
    found = Files(tuple(paths), str(kinds.pop()))
    bad = _bad_files(found)
    base = str(folder if folder.is_dir() else _base_of(source))
    if any(_folder_columns(path, base) for path in found.paths):
        found = replace(found, base=base)
        bad += [one for one in _in_other_folders(found) if one[0] not in dict(bad)]
    if found.kind == "csv":
        layout, differing, empty = look_at_headers([path for path in found.paths if path not in dict(bad)])
        bad += differing
        kept = tuple(path for path in found.paths if path not in empty)
        found = replace(found, layout=layout, paths=kept or found.paths[:1])
    if bad and not skip_bad:
        path, reason = bad[0]
        more = f" So are {count(len(bad) - 1, 'other')}." if len(bad) > 1 else ""
        beside = " with the others" if len(found.paths) > 1 else ""
        raise ScaleError(f"{path} can't be read{beside}: {reason}.{more} {MEND}")
    for path, reason in bad:
        found = found.without(path, reason)
    if not found.paths:
        raise ScaleError(f"None of the files of {source!r} can be read: {found.left_out[0]}.")
    return found


def _matching(pattern: str) -> list[str]:
    return sorted(glob(pattern, recursive=True))  # noqa: PTH207, Path.glob takes no absolute pattern


def _base_of(pattern: str) -> Path:
    """The folder above the first part of a pattern that stands for several."""
    parts = Path(pattern).parts
    first = next((place for place, part in enumerate(parts) if set(part) & set("*?[")), len(parts) - 1)
    return Path(*parts[:first])


def _folder_columns(path: str, base: str) -> tuple[str, ...]:
    """The columns that the folders between ``base`` and a file name, from above."""
    folders = Path(path).relative_to(base).parts[:-1]
    return tuple(part.partition("=")[0] for part in folders if "=" in part[1:])


def _in_other_folders(files: Files) -> list[tuple[str, str]]:
    """Files whose folders name other columns than those of most, and those that have such a column too."""
    named = {path: _folder_columns(path, files.base) for path in files.paths}
    ((usual, _),) = Counter(named.values()).most_common(1)
    bad = []
    for path, columns in named.items():
        if files.kind != "parquet" and columns:
            bad.append((path, f"its folder names a column {columns[0]!r}, which is read of Parquet alone"))
        elif columns != usual:
            told = " and ".join(map(repr, columns)) or "no column"
            bad.append(
                (path, f"its folders name {told}, those of the others {' and '.join(map(repr, usual))}")
            )
        elif both := sorted(set(columns) & set(_names_of(path))):
            bad.append((path, f"it has a column {both[0]!r}, which its folder names too"))
    return bad


def _names_of(path: str) -> list[str]:
    try:
        return list(pq.read_schema(path).names)
    except (pa.ArrowException, OSError):  # which is told elsewhere
        return []


def _clash(names: Sequence[str]) -> str:
    """Why engines cannot tell the columns apart, "" where they can."""
    seen: dict[str, str] = {}
    for name in names:
        if not name:
            return "it has a column without a name"
        if name.lower() in seen:
            return f"it has columns {seen[name.lower()]!r} and {name!r}, which engines take for one"
        seen[name.lower()] = name
    return ""


def _kind_of(path: str) -> str | None:
    lower = path.lower()
    return next((kind for ending, kind in KINDS.items() if lower.endswith(ending)), None)


def _bad_files(files: Files) -> list[tuple[str, str]]:
    """Files that cannot be part of the table, with the reason."""
    bad, schemas = [], {}
    for path in files.paths:
        if not Path(path).stat().st_size:
            bad.append((path, "it is empty"))
        elif files.kind == "parquet":
            try:
                schemas[path] = pq.read_schema(path)
            except (pa.ArrowException, OSError) as error:
                bad.append((path, f"it is no whole Parquet file ({first_line(error).rstrip('.')})"))
    bad += [(path, reason) for path, schema in schemas.items() if (reason := _clash(schema.names))]
    shapes: dict[tuple[tuple[str, str], ...], int] = {}
    for schema in schemas.values():
        shapes[_shape(schema)] = shapes.get(_shape(schema), 0) + 1
    if len(shapes) > 1:
        usual = dict(max(shapes.items(), key=itemgetter(1))[0])
        bad += [(path, reason) for path, schema in schemas.items() if (reason := _differs(schema, usual))]
    return bad


def _shape(schema: pa.Schema) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((field.name, str(field.type)) for field in schema))


def _differs(schema: pa.Schema, usual: dict[str, str]) -> str:
    """What sets a schema apart from that of the other files, "" for nothing."""
    own = dict(_shape(schema))
    for name, kind in usual.items():
        if name not in own:
            return f"it has no column {name!r}"
        if own[name] != kind:
            return f"column {name!r} is {own[name]} there and {kind} in the other files"
    extra = sorted(own.keys() - usual.keys())
    return f"it has a column {extra[0]!r} that the others lack" if extra else ""


def open_files(
    session: Any, files: Files, *, paths: Sequence[str] | None = None, like: Native | None = None
) -> Native:
    """The files, or some of them, as one table of a connection of DuckDB or a session of Spark.

    The columns of CSV have the types of ``like``, or those that all its cells allow.

    Raises ScaleError with the engine's reason where they cannot be opened.
    """
    chosen = list(files.paths if paths is None else paths)
    try:
        if hasattr(session, "createDataFrame"):
            return _by_spark(session, files, chosen, like)
        return _by_duckdb(session, files, chosen, like)
    except Exception as error:  # each engine has errors of its own
        why = first_line(error)
        if files.kind in _READ_BY and any(word in why for word in _NOT_THERE):
            raise ScaleError(
                f"{chosen[0]} is a table of {files.kind.title()}. {_READ_BY[files.kind]}"
            ) from None
        if files.layout and "sniffing" in why:  # all that DuckDB says of rows that do not fit the header
            cells = count(len(files.layout.names), "cell")
            why = f"a row has not the {cells} of the header, or a quote is not closed."
        raise ScaleError(
            f"{chosen[0]}{' and others' if len(chosen) > 1 else ''} can't be opened: {why}"
        ) from error


def _by_duckdb(connection: Any, files: Files, paths: list[str], like: Native | None) -> Native:
    if files.kind == "parquet":
        return _by_folders(connection, files.base, paths) if files.base else connection.read_parquet(paths)
    if files.kind == "csv":
        # The whole file decides a column's type: a sample would let row 30,000 stop the run.
        types = None if like is None else dict(zip(like.columns, map(str, like.types), strict=True))
        return connection.read_csv(paths, sample_size=-1, dtype=types, **_told_to_duckdb(files.layout))
    return connection.sql(f"SELECT * FROM {files.kind}_scan($path)", params={"path": paths[0]})


def _by_folders(connection: Any, base: str, paths: list[str]) -> Native:
    """Parquet with the columns that folders name, as texts: one piece alone would take 007 for a number."""
    asked = "SELECT * FROM read_parquet($paths, hive_partitioning = true, hive_types_autocast = false)"
    native = connection.sql(asked, params={"paths": paths})
    above = {part.partition("=")[0] for part in Path(base).absolute().parts if "=" in part}
    return native.project(", ".join(quoted(name) for name in native.columns if name not in above))


def _told_to_duckdb(layout: CsvLayout | None) -> dict[str, Any]:
    if layout is None:
        return {}
    marks = {"delimiter": layout.delimiter, "quotechar": layout.quote, "escapechar": layout.escape}
    # A row that begins with # is a row.
    return {**marks, "header": layout.header, "names": list(layout.names), "comment": ""}


def _by_spark(session: Any, files: Files, paths: list[str], like: Native | None) -> Native:
    if files.kind == "csv":
        return _csv_by_spark(session, files.layout, paths, like)
    if files.kind == "parquet":
        reader = session.read.option("basePath", files.base) if files.base else session.read
        return reader.parquet(*paths)
    return session.read.format(files.kind).load(paths[0])


def _csv_by_spark(session: Any, layout: CsvLayout | None, paths: list[str], like: Native | None) -> Native:
    tabs = paths[0].lower().removesuffix(".gz").endswith(".tsv")
    layout = layout or CsvLayout("\t" if tabs else ",", '"', '"', header=True, names=())
    reader = session.read.options(
        header=layout.header, sep=layout.delimiter, quote=layout.quote, escape=layout.escape,
        multiLine=True,  # a line end between quotes is part of its cell
        mode="FAILFAST",  # else Spark drops what a row has too much, and says nothing
    )  # fmt: skip
    kinds = like.dtypes if like is not None else _kinds_of_csv(reader, paths)
    places = [f"c{place}" for place in range(len(kinds))]
    typed = ", ".join(f"{place} {kind}" for place, (_, kind) in zip(places, kinds, strict=True))
    # An empty cell between quotes is as missing as one without, to DuckDB and to the pages.
    native = reader.schema(typed).csv(paths).replace("", None)
    return native.toDF(*(layout.names or [name for name, _ in kinds]))


def _kinds_of_csv(reader: Any, paths: list[str]) -> list[tuple[str, str]]:
    """The columns with the types that all their cells allow; 007 is a code, whose zeros are kept."""
    from pyspark.sql import functions

    kinds = reader.option("inferSchema", True).csv(paths).dtypes
    whole = [place for place, (_, kind) in enumerate(kinds) if kind.startswith(_WHOLE)]
    if not whole:
        return kinds
    texts = reader.schema(", ".join(f"c{place} STRING" for place in range(len(kinds)))).csv(paths)
    zeros = (functions.max(functions.col(f"c{place}").rlike("^[+-]?0[0-9]")) for place in whole)
    codes = {place for place, found in zip(whole, texts.select(*zeros).first(), strict=True) if found}
    return [(name, "string" if place in codes else kind) for place, (name, kind) in enumerate(kinds)]


def is_sentence(error: Exception) -> bool:
    """Whether an error is ours to the end, and not what an engine said while files were read."""
    return isinstance(error, ZetascopeError) and error.__cause__ is None


def unreadable(session: Any, files: Files) -> list[tuple[str, str]]:
    """Files whose content an engine fails on, each read through to its end, with the engine's reason."""
    bad = []
    for path in files.paths:
        try:
            read_through(open_files(session, files, paths=[path]))
        except Exception as error:  # each engine has errors of its own
            bad.append((path, first_line(error).rstrip(".")))
    return bad


def read_through(native: Native) -> None:
    """Decode every cell and keep nothing."""
    if engine_name(native) == "spark":
        native.write.format("noop").mode("overwrite").save()
        return
    for _ in native.to_arrow_reader(100_000):
        pass
