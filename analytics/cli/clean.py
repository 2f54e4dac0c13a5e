"""``zetascope clean``: a table by a recipe, with an account of every step."""

from pathlib import Path
from typing import Annotated

import typer

from analytics.cli.files import Source, Target, check_target, read_bytes, say, write


def clean(
    recipe: Annotated[Path, typer.Argument(help="Recipe (JSON): how to read the table, and the steps.")],
    source: Source,
    target: Target,
) -> None:
    """Read a table as a recipe says, take its steps and write the result; a line tells what each step did."""
    from analytics.recipe.recipe_apart import recipe_of_bytes
    from analytics.tables import read_table

    check_target(target)
    steps = recipe_of_bytes(read_bytes(recipe))
    made = steps.apply(read_table(read_bytes(source), name=source.name, options=steps.read))
    write(made.frame, target)
    for number, account in enumerate(made.account, start=1):
        say(f"{number}. {account.sentence()}", error=bool(account.problem))
        for row, cell in account.examples:
            say(f"   row {row:,}: {cell}")
