"""What leaves the Relations page: the tables and a script."""

import streamlit as st

from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.server.datasets import DataSet
from analytics.numbers.relations.relations import Relations
from analytics.reproduce import cleaning, relations_script


def draw_downloads(dataset: DataSet, found: Relations) -> None:
    """All pairs as a table, the gaps, and the script that makes them again."""
    stem = stem_of(dataset.name)
    with st.container(horizontal=True):
        widgets.download_table(
            lambda: found.pairs, stem=f"{stem}_relations", key="relations", label="All pairs"
        )
        if len(found.missing):
            widgets.download_table(
                lambda: found.missing, stem=f"{stem}_missing_together", key="relations_gaps", label="Gaps"
            )
        widgets.download(
            "Script (Python)",
            lambda: script(dataset, found),
            file_name=f"{stem}_relations.py",
            key="relations_script",
        )


def script(dataset: DataSet, found: Relations) -> str:
    """Python that reads the file as it was read and compares its columns again."""
    return relations_script(
        file_name=dataset.name,
        roles={name: role.kind for name, role in dataset.roles.items()},
        options=dataset.options,
        steps=cleaning(dataset.recipe, dataset.read_table),
        seed=found.columns.seed,
        target=f"{stem_of(dataset.name)}_relations.csv",
    )
