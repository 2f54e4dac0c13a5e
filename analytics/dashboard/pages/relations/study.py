"""What the Relations page works out and keeps: all pairs, and the ranking against one column."""

from collections.abc import Hashable

import streamlit as st

from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.jobs import job_result
from analytics.numbers.relations.against import Against, against_in
from analytics.numbers.relations.relations import Relations, find_relations
from analytics.progress import Progress
from analytics.tables import Role


def relations_of(dataset: DataSet) -> Relations | None:
    """All pairs of the open data set; None while they are worked out."""
    frame = dataset.frame
    roles: dict[Hashable, Role] = {name: dataset.roles[str(name)] for name in frame.columns}

    def work(progress: Progress) -> Relations:
        return find_relations(frame, roles=roles, progress=progress)

    return job_result("relations", dataset.key, work, label="Comparing columns", quick=True)


@st.cache_resource(scope="session", max_entries=16, show_spinner=False)
def ranking_of(key: str, target: str, _found: Relations) -> Against:
    """What the other columns tell about one."""
    return against_in(_found, target)
