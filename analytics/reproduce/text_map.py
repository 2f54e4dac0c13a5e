"""A text map as a script."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from analytics.reproduce.cleaning.cleaning import Cleaning
from analytics.reproduce.literals import call
from analytics.reproduce.writer import script
from analytics.tables import ReadOptions
from analytics.text.map_table import AS_IT_IS, TextReading
from analytics.text.projection import MapParameters
from analytics.text.topics.clusters import TopicChoices
from analytics.text.topics.edits import NO_EDITS, TopicEdits


def map_script(
    *,
    file_name: str,
    column: str,
    model: str,
    parameters: MapParameters,
    choices: TopicChoices,
    edits: TopicEdits = NO_EDITS,
    threshold: float = 0.95,
    limit: int | None = None,
    reading: TextReading = AS_IT_IS,
    tags: Mapping[int, str] | None = None,
    selected: Sequence[int] | None = None,
    options: ReadOptions = ReadOptions(),
    steps: Cleaning = Cleaning(),
) -> str:
    """Python that reads ``file_name``, maps its text column and writes the table with the map's columns.

    Beside the vectors of the download (``..._vectors.npy``) it gives the very same map on the same machine.
    Every parameter of the map is written down, so that a later version's defaults change nothing;
    ``tags`` and ``selected`` go by the rows' numbers in the file, counted from 1.
    """
    stem = file_name.rsplit(".", 1)[0]
    return script(
        "text_map",
        SOURCE=file_name,
        OPTIONS=options,
        COLUMN=column,
        LIMIT=limit,
        MODEL=model,
        PARAMETERS=call("MapParameters", **asdict(parameters)),
        CHOICES=call("TopicChoices", **asdict(choices)),
        EDITS=edits,
        THRESHOLD=threshold,
        READING=call("TextReading", **asdict(reading)),
        TAGS=dict(tags or {}),
        SELECTED=None if selected is None else tuple(int(row) for row in selected),
        VECTORS=f"{stem}_vectors.npy",
        TARGET=f"{stem}_map.csv",
        **steps.of("table.frame"),
    )
