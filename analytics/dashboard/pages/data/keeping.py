"""What one takes away from a day's work: the project, to go on later, and the script of its recipe."""

import streamlit as st

from analytics.dashboard.parts import projects, widgets
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.server.datasets import DataSet
from analytics.project import save_project
from analytics.reproduce import recipe_script


def draw_keeping(dataset: DataSet) -> None:
    """Downloads of the whole work on this file."""
    st.subheader("Keep your work", anchor=False)
    stem = stem_of(dataset.name)
    with st.container(horizontal=True):
        widgets.download(
            "Project",
            lambda: save_project(projects.project_of(dataset)),
            file_name=f"{stem}.{projects.ENDING}",
            key="data_project",
        )
        widgets.download(
            "Script (Python)",
            lambda: recipe_script(
                dataset.recipe, dataset.read_table, file_name=dataset.name, target=f"{stem}_cleaned.csv"
            ),
            file_name=f"{stem}_recipe.py",
            key="data_script",
        )
    st.caption(
        "The project holds the file, its recipe, what columns are used as and what you chose on the pages: "
        "upload it here to go on. The script reads the file and takes the steps with pandas."
    )
