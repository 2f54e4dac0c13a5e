"""``zetascope clean``: a table by a recipe, with an account of every step."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analytics.cli.engines import BadFiles, Connect, EngineName, Master, Memory, clean_big, engine_of
from analytics.cli.files import check_target, read_bytes, say, write
from analytics.errors import ZetascopeError

if TYPE_CHECKING:
    from analytics.recipe import Recipe
    from analytics.tables import Table

_PROJECT = ".zeta"


def clean(
    recipe: Annotated[
        Path,
        typer.Argument(help="Recipe (JSON): how to read, and the steps; or a project (.zeta)."),
    ],
    source: Annotated[
        Path, typer.Argument(help="Table to read, as in profile; of a project, where to write the result.")
    ],
    target: Annotated[
        Path | None, typer.Argument(help="Where to write the result: .csv or .parquet.")
    ] = None,
    script: Annotated[
        Path | None, typer.Option(help="Where to write the same as a Python script for pandas.")
    ] = None,
    engine: EngineName = "",
    master: Master = "",
    connect: Connect = "",
    memory: Memory = "",
    bad_files: BadFiles = "refuse",
) -> None:
    """Read a table as a recipe says, take its steps and write the result; a line tells what each step did.

    A project has its table with it: clean PROJECT RESULT; clean PROJECT TABLE RESULT takes another.
    """
    big = engine_of(engine, master, connect, memory, bad_files)
    if big:
        if target is None or script:
            raise ZetascopeError("With --engine name the recipe, the files and a folder to write; no script.")
        clean_big(big, recipe_in(recipe), source, target)
        return
    from analytics.tables import read_table

    result = target or source
    check_target(result)
    steps, name, data = _given(recipe, source if target else None)
    table = read_table(data, name=name, options=steps.read)
    made = steps.apply(table)
    write(made.frame, result)
    if script:
        _write_script(steps, table, script, target=result)
    for number, account in enumerate(made.account, start=1):
        say(f"{number}. {account.sentence()}", error=bool(account.problem))
        for row, cell in account.examples:
            say(f"   row {row:,}: {cell}")


def _given(recipe: Path, source: Path | None) -> "tuple[Recipe, str, bytes]":
    """The steps, and the name and the bytes of the table that takes them."""
    from analytics.project import open_project

    if source is not None:
        return recipe_in(recipe), source.name, read_bytes(source)
    if recipe.suffix.lower() != _PROJECT:
        raise typer.BadParameter("Name the table to read and where to write the result.")
    project = open_project(read_bytes(recipe))
    return project.recipe, project.name, project.source


def recipe_in(path: Path) -> "Recipe":
    """The recipe in a file: by itself, or that of a project."""
    from analytics.project import open_project
    from analytics.recipe.recipe_apart import recipe_of_bytes

    data = read_bytes(path)
    return open_project(data).recipe if path.suffix.lower() == _PROJECT else recipe_of_bytes(data)


def _write_script(recipe: "Recipe", table: "Table", script: Path, *, target: Path) -> None:
    from analytics.reproduce import recipe_script

    written = target.with_suffix(".csv").name
    script.write_text(recipe_script(recipe, table, file_name=table.name, target=written), encoding="utf-8")
