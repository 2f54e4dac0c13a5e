"""A comparison of models on raw and scaled values as a script."""

from collections.abc import Mapping, Sequence

from analytics.reproduce.cleaning.cleaning import Cleaning
from analytics.reproduce.writer import script
from analytics.tables import ReadOptions


def scaling_script(
    columns: Sequence[str],
    predicted: str | None,
    *,
    file_name: str,
    settings: Mapping[str, object],
    options: ReadOptions = ReadOptions(),
    steps: Cleaning = Cleaning(),
) -> str:
    """A script that reads the file and prints the summary of ``compare_scaling``.

    ``settings`` are its further arguments by name.
    """
    used = [*columns, predicted] if predicted is not None else list(columns)
    return script(
        "scaling_effects",
        SOURCE=file_name,
        OPTIONS=options,
        COLUMNS=used,
        PREDICTED=predicted,
        SETTINGS=dict(settings),
        **steps.of("table.frame"),
    )
