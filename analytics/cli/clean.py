"""``zetascope clean``: a table by a recipe, with an account of every step."""

from pathlib import Path
from typing import Annotated

import typer

from analytics.cli.files import Source, Target, check_target, read_bytes, say, write
from analytics.errors import ZetascopeError


def clean(
    recipe: Annotated[Path, typer.Argument(help="Recipe (JSON): how to read the table, and the steps.")],
    source: Source,
    target: Target,
) -> None:
    """Read a table as a recipe says, take its steps and write the result; a line tells what each step did."""
    from analytics.recipe import from_json
    from analytics.tables import read_table

    check_target(target)
    try:
        text = read_bytes(recipe).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ZetascopeError(f"{recipe.name!r} is no recipe: it is not UTF-8.") from error
    steps = from_json(text)
    made = steps.apply(read_table(read_bytes(source), name=source.name, options=steps.read))
    write(made.frame, target)
    for number, account in enumerate(made.accounts, start=1):
        say(f"{number}. {account.sentence()}", error=bool(account.problem))
        for row, cell in account.examples:
            say(f"   row {row:,}: {cell}")
