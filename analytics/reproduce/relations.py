"""All pairs of columns as a script."""

from collections.abc import Mapping

from analytics.recipe import Recipe
from analytics.reproduce.writer import script
from analytics.tables import ReadOptions


def relations_script(
    *,
    file_name: str,
    options: ReadOptions = ReadOptions(),
    recipe: Recipe | None = None,
    uses: Mapping[str, str] | None = None,
    seed: int = 0,
    target: str = "relations.csv",
) -> str:
    """A script that reads the file, takes the recipe's steps and compares every two columns.

    ``uses`` are columns used as something else than their guessed role, by name.
    """
    steps = recipe or Recipe()
    return script(
        "relations",
        SOURCE=file_name,
        OPTIONS=options,
        RECIPE=Recipe(steps=steps.steps, file=steps.file).to_json(),
        USES=dict(uses or {}),
        SEED=seed,
        TARGET=target,
    )
