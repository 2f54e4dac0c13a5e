"""A visitor's file on its way from the uploader to the open data set, whichever page is shown meanwhile."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from analytics.dashboard.parts import browser_memory, links, projects, uploads
from analytics.dashboard.server import datasets
from analytics.errors import ZetascopeError

UPLOADER = "data_upload"


def open_file(file: UploadedFile) -> None:
    """Make it the open data set; raises ZetascopeError where it cannot be, and leaves what is open."""
    is_project = file.name.lower().endswith(f".{projects.ENDING}")
    made = (
        projects.take_project(file.getvalue())
        if is_project
        else browser_memory.open_file(file.name, file.getvalue())
    )
    datasets.open_next(made.name)


def finish() -> None:
    """On another page: open what came on the Data page and was left there unread; what needs an answer, or
    cannot be opened, leads back to it."""
    file = uploads.come(UPLOADER)
    if file is None:
        return
    try:
        open_file(file)
    except ZetascopeError:
        st.switch_page(f"pages/{links.RECIPE_PAGE}.py")
    uploads.let_go(UPLOADER)
