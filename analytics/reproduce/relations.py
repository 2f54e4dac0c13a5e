"""All pairs of columns as a script."""

from collections.abc import Mapping

from analytics.reproduce.writer import script
from analytics.tables import ReadOptions


def relations_script(
    *,
    file_name: str,
    options: ReadOptions = ReadOptions(),
    uses: Mapping[str, str] | None = None,
    seed: int = 0,
    target: str = "relations.csv",
) -> str:
    """A script that reads the file, compares every two columns and writes the table of pairs.

    ``uses`` are columns used as something else than their guessed role, by name.
    """
    return script(
        "relations", SOURCE=file_name, OPTIONS=options, USES=dict(uses or {}), SEED=seed, TARGET=target
    )
