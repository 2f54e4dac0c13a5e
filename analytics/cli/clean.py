"""``zetascope clean``: a table by a recipe, with an account of every step."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analytics.cli.files import Source, Target, check_target, read_bytes, say, write

if TYPE_CHECKING:
    from analytics.recipe import Recipe
    from analytics.tables import Table


def clean(
    recipe: Annotated[Path, typer.Argument(help="Recipe (JSON): how to read the table, and the steps.")],
    source: Source,
    target: Target,
    script: Annotated[
        Path | None, typer.Option(help="Where to write the same as a Python script for pandas.")
    ] = None,
) -> None:
    """Read a table as a recipe says, take its steps and write the result; a line tells what each step did."""
    from analytics.recipe.recipe_apart import recipe_of_bytes
    from analytics.tables import read_table

    check_target(target)
    steps = recipe_of_bytes(read_bytes(recipe))
    table = read_table(read_bytes(source), name=source.name, options=steps.read)
    made = steps.apply(table)
    write(made.frame, target)
    if script:
        _write_script(steps, table, script, source=source, target=target)
    for number, account in enumerate(made.account, start=1):
        say(f"{number}. {account.sentence()}", error=bool(account.problem))
        for row, cell in account.examples:
            say(f"   row {row:,}: {cell}")


def _write_script(recipe: "Recipe", table: "Table", script: Path, *, source: Path, target: Path) -> None:
    from analytics.reproduce import recipe_script

    written = target.with_suffix(".csv").name
    script.write_text(recipe_script(recipe, table, file_name=source.name, target=written), encoding="utf-8")
