"""What the Text map page maps, so that other pages can take up the map it has made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from analytics.dashboard.server.jobs import job_of
from analytics.text import MapParameters, Projection

LAYOUT_JOB = "text_map_layout"
"""The slot of the job that lays the map out; its key is the source and the parameters."""


@dataclass(frozen=True)
class Source:
    """Which texts are mapped, and how their vectors are made; hashable, so that it names its results."""

    data_key: str
    column: str
    limit: int | None
    model: str
    uploaded: str | None = None
    quick: bool = False
    """Vectors of 8-bit weights: never those of another source."""
    stripped: bool = False
    """Texts without markup, addresses and quoted mail."""
    passages: bool = False
    """Long texts read whole, as the mean of their passages."""
    apart: bool = False
    """Long texts read whole, each of their passages a point of its own."""
    first: int = 0
    """Only so many of the texts, evenly spread: those of the first map, which the others join."""


def made_layout(data_key: str, model: str) -> tuple[Source, Projection] | None:
    """The map this session has made of these data with this model, or None."""
    job = job_of(LAYOUT_JOB)
    if job is None or job.state != "done":
        return None
    source, _ = cast(tuple[Source, MapParameters], job.key)
    taken = (source.data_key, source.model, source.uploaded, source.quick, source.apart)
    ours = taken == (data_key, model, None, False, False)
    return (source, job.result) if ours else None
