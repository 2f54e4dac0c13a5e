"""The open data set as a project file, and a project file as the open data set."""

from pathlib import Path

import streamlit as st

from analytics.dashboard.parts import choices, page_notes
from analytics.dashboard.parts.widgets import errors_told
from analytics.dashboard.server import datasets, recipes
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.opening import open_project
from analytics.dashboard.server.settings import read_settings
from analytics.project import Memory, Project, ProjectError
from analytics.project.project import Choices

ENDING = "zeta"
_STARTED = "zetascope_project_started"


def open_at_start() -> None:
    """Open the server's project in a session that has just begun."""
    path = Path(read_settings().open_project)
    if path == Path() or st.session_state.get(_STARTED):
        return
    st.session_state[_STARTED] = True
    with errors_told():
        datasets.open_next(take_project(_content(path)).name)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ProjectError(f"The project {path.name!r} cannot be opened: {error.strerror}.") from error


def project_of(dataset: DataSet) -> Project:
    """The file with its recipe and all that was chosen for it."""
    return Project(
        dataset.name,
        datasets.source_of(dataset),
        datasets.recipe_of(dataset),
        datasets.uses_of(dataset),
        _choices(dataset),
    )


def memory_of(dataset: DataSet) -> Memory:
    """The same without the file."""
    return Memory(
        dataset.name,
        dataset.table.sha256,
        datasets.recipe_of(dataset),
        datasets.uses_of(dataset),
        _choices(dataset),
    )


def _choices(dataset: DataSet) -> Choices:
    chosen = choices.chosen_for(dataset.table.sha256)
    told = {page: {key: tuple(values) for key, values in one.items()} for page, one in chosen.items()}
    return page_notes.with_notes(dataset.table.sha256, told)


def take_project(source: bytes) -> DataSet:
    """Open the file in a project and go on where it was saved.

    Raises:
        ProjectError: it is no project that can be opened.
        TableError: its file cannot be read; what was open before stays open.
    """
    project = open_project(source, reading=datasets.upload_limits())
    return go_on(project, project.source)


def go_on(work: Project | Memory, source: bytes) -> DataSet:
    """Open a file with the recipe and the choices of earlier work on it; raises TableError."""
    made = datasets.open_upload(work.name, source, options=work.recipe.read)
    file = made.table.sha256
    recipes.change(file, work.recipe)
    datasets.use_columns(made, dict(work.uses))
    choices.choose_for(file, page_notes.take_notes(file, work.choices))
    return made
