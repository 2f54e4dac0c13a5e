"""The steps of a recipe as a script: by itself, or in front of the work of a page."""

from __future__ import annotations

from analytics.recipe import Recipe
from analytics.reproduce.cleaning.cleaning import cleaning
from analytics.reproduce.writer import script
from analytics.tables import Table


def recipe_script(recipe: Recipe, table: Table, *, file_name: str, target: str = "cleaned.csv") -> str:
    """A script that reads the file, takes the steps with pandas and writes the table as CSV.

    Only reading needs Zetascope (and taking cells as another type, which is reading them again). Steps that
    were passed over or are switched off are remarks.

    Args:
        recipe: reading options (limits are left to the script's machine) and steps.
        table: the file as it was read by them.
        file_name: the file, as the script will find it.
        target: the CSV file to write.
    """
    steps = cleaning(recipe, table).of("table.frame")
    return script("recipe/main", SOURCE=file_name, OPTIONS=recipe.read, TARGET=target, **steps)
