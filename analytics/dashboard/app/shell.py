"""The frame around every page: navigation, the open data set, the page's question.

Streamlit runs a script of ``pages/`` without the entry script when its address is the first thing a cold
server is asked for. So where the run of a page did not come through the entry, it declares the navigation
itself and runs again, and that run goes through the entry.
"""

import contextlib
import importlib
from collections.abc import Iterator
from pathlib import Path

import streamlit as st
from streamlit import net_util
from streamlit.navigation.page import StreamlitPage

from analytics.dashboard.app import login, logs, warm_up
from analytics.dashboard.app.catalog import page_info, shown_pages
from analytics.dashboard.gate import refusals
from analytics.dashboard.parts import arrivals, browser_memory, choices, links, projects, recipe_line
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server import datasets, linked_values
from analytics.dashboard.server.loading import is_imported, is_whole_now
from analytics.dashboard.server.memory import give_back_soon
from analytics.dashboard.server.runs import PAGE_RUNS

_ASSETS = Path(__file__).parent / "assets"
_LOGO = _ASSETS / "logo.svg"
# A file, because Streamlit fetches a Material icon for the tab from a font server.
_ICON = _ASSETS / "icon.svg"
_LEGIBLE = _ASSETS / "legible.css"
_SCRIPTS = {name: (_ASSETS / f"{name}.js").read_text() for name in ("menu", "formulas")}
_THROUGH_ENTRY = "zetascope_through_entry"
_REFUSED = "zetascope_link_refused"


def _name_the_tab() -> None:
    """Comes before the navigation, or the browser would fetch a page's own icon from a font server."""
    st.set_page_config(
        page_title="Zetascope",
        page_icon=_ICON,
        layout="wide",
        # In another site's frame the page needs the room.
        initial_sidebar_state="collapsed" if st.context.is_embedded else "auto",
    )


def _navigation() -> StreamlitPage:
    sections: dict[str, list[StreamlitPage]] = {}
    for index, page in enumerate(shown_pages()):
        entry = st.Page(
            page.path,
            title=page.title,
            icon=f":material/{page.icon}:",
            url_path=page.name,
            default=index == 0,
            help=page.question,
        )
        sections.setdefault(page.section, []).append(entry)
    return st.navigation(sections, expanded=True)


@contextlib.contextmanager
def _whole_run() -> Iterator[None]:
    """What a run leaves is given back after it, however it ends."""
    try:
        with PAGE_RUNS.under_way():
            yield
    finally:
        give_back_soon()


def run_app() -> None:
    """The whole entry script."""
    with _whole_run():
        logs.keep_content_out()
        _ask_nobody_for_our_address()
        _name_the_tab()
        st.logo(_LOGO, size="large")
        st.html(_LEGIBLE)
        login.require()
        chosen = _navigation()
        projects.open_at_start()
        # Here and not in the pages: a widget of the entry is the same one on every page, so its choice stays.
        _draw_sidebar(chosen.url_path)
        st.session_state[_THROUGH_ENTRY] = True
        if sentence := refusals.told():
            st.warning(f"The file was refused. {sentence}", icon=":material/block:")
        chosen.run()
        _tell_refused()
    warm_up.start()


def _tell_refused() -> None:
    """Say which values of the link no widget could take.

    Where the link names a file that is not here, they wait for what the browser remembers: after a reload it
    is the visitor's own, which the page tells, and the other values come back with it.
    """
    found = [*st.session_state.pop(_REFUSED, []), *linked_values.refused()]
    if any(name == datasets.CHOICE for name, _ in found):
        if not browser_memory.has_answered():
            st.session_state[_REFUSED] = found
            return
        if browser_memory.missing_file():
            return
    for name, value in found:
        st.toast(
            f"The link says {plain(value, width=60)} for {plain(name.replace('_', ' '))}, which cannot be: "
            "the usual value is used.",
            icon=":material/link_off:",
            duration="long",
        )


def _ask_nobody_for_our_address() -> None:
    """Streamlit asks a service on the internet for it when a page of another origin connects."""
    net_util._external_ip = net_util._external_ip or "127.0.0.1"


def draw_page(name: str) -> None:
    """The whole page ``name``; the one line of its script.

    What it needs is imported beside it: soon after the server's start the frame stands there at once.
    """
    if not st.session_state.pop(_THROUGH_ENTRY, False):
        _name_the_tab()
        login.require()
        _navigation()
        st.rerun()
    page = page_info(name)
    st.title(page.question, anchor=False)
    dataset = datasets.open_dataset()
    if not is_imported(page.module):
        return
    owner = dataset.table.sha256 if page.of_file else ""
    with choices.belonging_to(owner, scope=name):
        if page.of_file and name != links.RECIPE_PAGE and _is_left_empty(dataset):
            return
        try:
            importlib.import_module(page.module).draw(dataset)
        except AttributeError as error:
            if not is_whole_now(error):
                raise
            st.rerun()


def _is_left_empty(dataset: datasets.DataSet) -> bool:
    """Say what the recipe left of the file; whether that is nothing, so that a page has nothing to draw."""
    empty = bool(dataset.steps) and not dataset.frame.size
    (recipe_line.tell_empty if empty else recipe_line.draw_line)(dataset)
    return empty


def _draw_sidebar(page: str) -> None:
    if page not in ("", links.RECIPE_PAGE):
        arrivals.finish()
    datasets.take_next(page)
    with st.sidebar:
        st.selectbox(
            "Open data set",
            datasets.choices(),
            key=datasets.CHOICE,
            format_func=datasets.title_of,
            bind="query-params",
            help="Samples come with Zetascope; your own files live in this browser tab only.",
        )
        datasets.remember_choice()
        dataset = datasets.open_dataset()
        size = f"{count(len(dataset.frame), 'row')}, {count(dataset.frame.shape[1], 'column')}"
        st.caption(f"{plain(dataset.name)} · {size}")
        if dataset.sample:
            st.caption(plain(dataset.sample.why))
        browser_memory.tell_missing()
        browser_memory.draw_memory(dataset)
        for name, script in _SCRIPTS.items():
            name = f"zetascope_{name}"
            st.components.v2.component(name, html="<i></i>", js=script)(key=name)
