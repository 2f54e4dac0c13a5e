"""What the commands do with ``--engine``, and ``zetascope outliers``: files that no memory holds."""

import json as json_module
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analytics.cli.files import names_of_list, progress_bar, read_bytes, say
from analytics.errors import ZetascopeError
from analytics.words import count

if TYPE_CHECKING:
    from analytics.recipe import Recipe
    from analytics.scale.runs import Engine
    from analytics.scale.writing import Written
    from analytics.tables import TableProfile
    from analytics.text import MapParameters

EngineName = Annotated[
    str,
    typer.Option(
        help="duckdb or spark: work on files larger than memory. The source may be a folder or a pattern, "
        "such as 'in/*.parquet'; the target is a folder of Parquet files."
    ),
]
Master = Annotated[str, typer.Option(help="Where Spark runs, such as spark://host:7077; default: here.")]
Connect = Annotated[str, typer.Option(help="Address of a Spark Connect server, such as sc://host.")]
Memory = Annotated[str, typer.Option(help="The most memory the engine takes here, such as 4GB.")]
BadFiles = Annotated[str, typer.Option(help="What to do with files that can't be read: refuse or skip.")]


def engine_of(name: str, master: str, connect: str, memory: str, bad_files: str) -> "Engine | None":
    """The engine that was asked for, None where none was; raises ZetascopeError for options without one."""
    from analytics.scale.runs import Engine

    if bad_files not in ("refuse", "skip"):
        raise ZetascopeError(f"--bad-files {bad_files} is not known: choose refuse or skip.")
    if not name:
        given = {"--master": master, "--connect": connect, "--memory": memory}
        for option in (option for option, value in given.items() if value):
            raise ZetascopeError(f"{option} is for an engine: add --engine duckdb or --engine spark.")
        return None
    return Engine(name, master or None, connect or None, memory or None, bad_files == "skip")


def standardize_big(
    engine: "Engine",
    source: Path,
    target: Path,
    choices: dict[str, Any],
    *,
    recipe: "Recipe | None",
    json: Path | None,
    mode: str,
) -> None:
    """``standardize --engine``."""
    from analytics.numbers.standardizing.transform_file import parameters_to_json
    from analytics.scale.runs import standardize_files

    with progress_bar("Writing files") as progress:
        parameters, written = standardize_files(
            str(source), target, engine=engine, choices=choices, recipe=recipe, mode=mode, progress=progress
        )
    if json:
        json.write_text(parameters_to_json(parameters), encoding="utf-8")
    _say_written(written)
    say(f"{count(parameters.rows, 'row')}, {count(len(parameters.columns), 'column')} scored.")
    for fit in parameters.fits:
        if fit.shape.note:
            group = "" if fit.group is None else f" ({', '.join(map(str, fit.group))})"
            say(f"{fit.column}{group}: {fit.shape.note}.")


def apply_big(engine: "Engine", transform: Path, source: Path, target: Path, *, mode: str) -> None:
    """``apply --engine``."""
    from analytics.numbers.standardizing.transform_file import parameters_from_json
    from analytics.scale.runs import apply_files

    parameters = parameters_from_json(read_bytes(transform))
    with progress_bar("Writing files") as progress:
        written = apply_files(parameters, str(source), target, engine=engine, mode=mode, progress=progress)
    _say_written(written)


def clean_big(engine: "Engine", recipe: "Recipe", source: Path, target: Path) -> None:
    """``clean --engine``."""
    from analytics.scale.runs import clean_files

    with progress_bar("Writing files") as progress:
        written = clean_files(recipe, str(source), target, engine=engine, progress=progress)
    _say_written(written)


def map_big(
    engine: "Engine",
    source: Path,
    target: Path,
    column: str,
    *,
    model: str,
    backend: str,
    parameters: "MapParameters",
    laid_out: int | None,
) -> None:
    """``map --engine``."""
    from analytics.scale.maps import LAID_OUT
    from analytics.scale.runs import map_files

    found, written = map_files(
        str(source), target, column, engine=engine, model=model, backend=backend, stages=progress_bar,
        parameters=parameters, laid_out=laid_out or LAID_OUT,
    )  # fmt: skip
    _say_written(written)
    say(found.sentence())
    for name, size in list(zip(found.clusters.names, found.clusters.sizes, strict=True))[:20]:
        say(f"  {size:,} of the texts laid out: {name}")


def profile_big(
    engine: "Engine", source: Path, *, json: bool, rows_of: "Callable[[TableProfile], Iterator[str]]"
) -> None:
    """``profile --engine``; ``rows_of`` writes a line for each column."""
    from analytics.scale.runs import profile_files

    files, found = profile_files(str(source), engine=engine)
    if json:
        table = found.to_frame()
        rows = {str(name): _plain(dict(row)) for name, row in table.iterrows()}
        typer.echo(json_module.dumps({"rows": found.rows, "columns": rows}, indent=2, default=str))
        return
    say(f"{source}: {count(found.rows, 'row')} in {count(len(files.paths), 'file')}. Roles are of a sample.")
    for reason in files.left_out:
        say(f"Left out: {reason}.")
    for line in rows_of(found):
        say(line)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: None if value != value else value for name, value in row.items()}


def outliers(
    source: Annotated[Path, typer.Argument(help="A file, a folder or a pattern: Parquet, CSV, CSV in gzip.")],
    target: Annotated[
        Path | None, typer.Argument(help="Folder to write all rows to, with scores and votes; default: none.")
    ] = None,
    methods: Annotated[
        str, typer.Option(help="zscore, modified_zscore and iqr, with commas between.")
    ] = "zscore,modified_zscore,iqr",
    columns: Annotated[str, typer.Option(help="Columns to search, with commas between.")] = "",
    by: Annotated[str, typer.Option(help="Columns that make the groups, with commas between.")] = "",
    top: Annotated[int, typer.Option(min=1, help="How many of the most unusual rows to print.")] = 20,
    engine: EngineName = "duckdb",
    master: Master = "",
    connect: Connect = "",
    memory: Memory = "",
    bad_files: BadFiles = "refuse",
) -> None:
    """Find values that are unusual in their column, in files of any size; print counts and the top rows."""
    from analytics.numbers.outliers.methods import OUTLIER_METHODS
    from analytics.scale.runs import outliers_files

    chosen = engine_of(engine or "duckdb", master, connect, memory, bad_files)
    assert chosen is not None
    choices = {
        "methods": names_of_list(methods) or [],
        "columns": names_of_list(columns),
        "by": names_of_list(by),
        "top": top,
    }
    with progress_bar("Writing files") as progress:
        found, written = outliers_files(
            str(source), target, engine=chosen, choices=choices, progress=progress
        )
    for method, cut in found.thresholds.items():
        beyond = f"{found.flagged_rows[method]:,} of {count(found.rows, 'row')}"
        said = f"{OUTLIER_METHODS[method].label} beyond {cut:g}: {beyond}"
        per_column = ", ".join(f"{name} {n:,}" for name, n in found.flagged[method].items() if n)
        say(f"{said}{f' ({per_column})' if per_column else ''}.")
    for why in found.skipped.values():
        say(f"{why}: not used.")
    if found.left_out:
        said = ", ".join(f"{name} ({what})" for name, what in found.left_out.items())
        say(f"Left out, for they measure nothing: {said}. Name them in --columns to search them.")
    for _cells, reason in found.top:
        say(f"  {reason}")
    if written:
        _say_written(written)


def embed(
    source: Annotated[Path, typer.Argument(help="A file, a folder or a pattern: Parquet, CSV, CSV in gzip.")],
    target: Annotated[Path, typer.Argument(help="Folder to write all rows to, with a vector for each text.")],
    column: Annotated[str, typer.Option(help="The column with the texts.")],
    model: Annotated[
        str, typer.Option(help="all-MiniLM-L6-v2, a local folder, or an id of the Hugging Face Hub.")
    ] = "all-MiniLM-L6-v2",
    engine: EngineName = "duckdb",
    master: Master = "",
    connect: Connect = "",
    memory: Memory = "",
    bad_files: BadFiles = "refuse",
) -> None:
    """Write the vector of every text, in files of any size; identical texts are read once."""
    from analytics.scale.runs import embed_files

    chosen = engine_of(engine or "duckdb", master, connect, memory, bad_files)
    assert chosen is not None
    with progress_bar("Reading texts") as progress:
        written = embed_files(str(source), target, column, engine=chosen, model=model, progress=progress)
    _say_written(written)


def _say_written(written: "Written") -> None:
    kept = f", {written.kept} of them kept from a run that was stopped" if written.kept else ""
    say(f"{written.target}: written in {count(written.pieces, 'piece')}{kept}.")
    for reason in written.left_out:
        say(f"Left out: {reason}.", error=True)
