"""Scores as a script that makes them again with nothing but pandas and a transform file."""

from analytics.errors import ZetascopeError
from analytics.numbers.basics.parameters import MIXED
from analytics.numbers.standardizing.standardizer import Standardizer
from analytics.reproduce.cleaning.cleaning import Cleaning
from analytics.reproduce.pandas_reading import PandasReading
from analytics.reproduce.writer import script

ADDED = {"add": "_z", "replace": ""}
_WITH_TEMPLATES = ("rank_gauss", "yeo_johnson", MIXED)
"""Methods that are more than a centre and a scale."""


def standardize_script(
    standardizer: Standardizer,
    *,
    reading: PandasReading,
    transform: str,
    target: str,
    mode: str = "add",
    steps: Cleaning = Cleaning(),
) -> str:
    """A script that reads the table, scores it by the transform file and writes the download again.

    A CSV comes out byte for byte as ``write_csv`` made it; a Parquet file with equal columns.

    Args:
        standardizer: fitted; its ``to_json`` must be saved as ``transform`` beside the script.
        reading: from ``pandas_reading``.
        transform: file name of the JSON.
        target: file name to write, ``.csv`` or ``.parquet``.
        mode: "add" for columns ``name_z``, or "replace".
        steps: what was done to the table before it was scored, from ``cleaning``.

    Raises:
        ZetascopeError: for a target or mode that there is not.
    """
    if mode not in ADDED or not target.endswith((".csv", ".parquet")):
        raise ZetascopeError(f"There is no script for {target!r} in mode {mode!r}: choose .csv or .parquet.")
    parameters = standardizer.parameters_
    return script(
        "standardize/main",
        f"standardize/{parameters.method if parameters.method in _WITH_TEMPLATES else 'linear'}",
        f"standardize/{'grouped' if parameters.by else 'ungrouped'}",
        f"standardize/{'csv_text' if target.endswith('.csv') else 'parquet'}",
        TRANSFORM=transform,
        TARGET=target,
        ADDED=ADDED[mode],
        **steps.of(reading.code),
    )
