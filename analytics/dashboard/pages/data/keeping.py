"""What one takes away from a day's work: the project, to go on later, and the script of its recipe."""

import json
from collections.abc import Callable
from functools import partial

import streamlit as st

from analytics.dashboard.parts import projects, widgets
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.server.datasets import DataSet
from analytics.project import save_project
from analytics.report_file import Report, make_report, report_data, report_page
from analytics.reproduce import recipe_script


def draw_keeping(dataset: DataSet) -> None:
    """Downloads of the whole work on this file."""
    st.subheader("Keep your work", anchor=False)
    stem = stem_of(dataset.name)
    # What is told by the session is taken now: downloads are made outside of it.
    project = projects.project_of(dataset)
    with st.container(horizontal=True):
        widgets.download(
            "Project",
            lambda: save_project(project),
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
        for kind, make in _REPORTS.items():
            widgets.download(
                f"Report ({kind})",
                partial(_reported, make, dataset),
                file_name=f"{stem}_report.{kind.lower()}",
                key=f"data_report_{kind.lower()}",
            )
    st.caption(
        "The project holds the file, its recipe, what columns are used as and what you chose on the pages: "
        "upload it here to go on. The script reads the file and takes the steps with pandas. The report "
        "for a colleague opens without a network: how the file was read, every step, columns, relations, "
        "standard scores and unusual rows."
    )


def _as_json(report: Report) -> str:
    return json.dumps(report_data(report), indent=1, allow_nan=False, default=str)


_REPORTS = {"HTML": report_page, "JSON": _as_json}


def _reported(make: Callable[[Report], str], dataset: DataSet) -> str:
    return make(make_report(dataset.read_table, dataset.recipe, roles=dataset.roles))
