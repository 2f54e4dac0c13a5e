"""All pairs of columns as a script."""

from collections.abc import Mapping

from analytics.reproduce.cleaning.cleaning import Cleaning
from analytics.reproduce.writer import script
from analytics.tables import ReadOptions


def relations_script(
    *,
    file_name: str,
    roles: Mapping[str, str],
    options: ReadOptions = ReadOptions(),
    steps: Cleaning = Cleaning(),
    seed: int = 0,
    target: str = "relations.csv",
) -> str:
    """A script that reads the file, takes the steps and compares every two columns.

    ``roles`` are what the columns are used as, by name.
    """
    return script(
        "relations",
        SOURCE=file_name,
        OPTIONS=options,
        ROLES=dict(roles),
        SEED=seed,
        TARGET=target,
        **steps.of("table.frame"),
    )
