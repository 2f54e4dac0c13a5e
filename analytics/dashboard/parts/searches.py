"""Long work that a page's choices ask for: run beside the page, once for each data set and choice."""

from typing import Protocol, TypeVar

import pandas as pd

from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.jobs import job_result
from analytics.progress import Progress

Result = TypeVar("Result", covariant=True)


class Request(Protocol[Result]):
    """Choices that can be hashed, so that they name their result, and carried out on a frame."""

    def __hash__(self) -> int:
        """Equal choices have equal results."""
        ...

    def run(self, frame: pd.DataFrame, progress: Progress | None = None) -> Result:
        """Do the work; ``progress`` may raise to cancel."""
        ...


def carried_out(dataset: DataSet, request: Request[Result], *, slot: str, label: str) -> Result | None:
    """What ``request`` gives on the open data set, or None while its progress is drawn."""
    frame = dataset.frame
    return job_result(
        slot, (dataset.key, request), lambda progress: request.run(frame, progress), label=label
    )
