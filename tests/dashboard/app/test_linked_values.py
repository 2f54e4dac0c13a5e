"""Whatever a link says for any bound widget of any page: the page stands, and what was refused is told."""

import ast
from collections.abc import Callable
from functools import cache

import pytest
from streamlit.testing.v1 import AppTest

from analytics.dashboard.app.catalog import shown_pages
from tests.conftest import LIMIT, ROOT

VALUES = [
    "inf",
    "-inf",
    "nan",
    "1e999",
    "-1",
    "0",
    "9" * 30,
    "9" * 5000,
    "1e300",
    "0.5",
    "x",
    "",
    "true",
    "None",
    "[]",
    "\x00",
    "\u202e",
    "=1+1",
    "<b>",
    "../../etc/passwd",
    "x" * 100_000,
    "2024-01-01",
    "1,2",
    "%00",
]


def page() -> None:
    import streamlit as st

    from analytics.dashboard.app.shell import _tell_refused

    st.number_input("Seed", 0, 100, 42, key="seed", bind="query-params")
    st.number_input("Share", 0.0, 1.0, 0.5, key="share", bind="query-params")
    st.slider("Near", 2, 100, 15, key="near", bind="query-params")
    st.slider("Spread", 0.0, 1.0, 0.1, key="spread", bind="query-params")
    st.slider("Range", 0, 9, (1, 5), key="range", bind="query-params")
    st.selectbox("Column", ["a", "b"], key="column", bind="query-params")
    st.multiselect("Columns", ["a", "b"], ["a"], key="columns", bind="query-params")
    st.segmented_control("View", ["a", "b"], default="a", key="view", bind="query-params")
    st.pills("Pills", ["a", "b"], key="pills", bind="query-params", selection_mode="multi")
    st.radio("Way", ["a", "b"], key="way", bind="query-params")
    st.toggle("On", key="on", bind="query-params")
    st.checkbox("Checked", value=True, key="checked", bind="query-params")
    st.select_slider("Step", ["a", "b"], key="step", bind="query-params")
    _tell_refused()


KEYS = [
    "seed",
    "share",
    "near",
    "spread",
    "range",
    "column",
    "columns",
    "view",
    "pills",
    "way",
    "on",
    "checked",
    "step",
]


def opened(**link: str | list[str]) -> AppTest:
    at = AppTest.from_function(page, default_timeout=LIMIT)
    for key, value in link.items():
        at.query_params[key] = value
    return at.run()


@cache
def usual() -> dict[str, object]:
    at = opened()
    return {key: at.session_state[key] for key in KEYS}


@pytest.mark.slow
@pytest.mark.parametrize("value", VALUES, ids=[ascii(value)[:20] for value in VALUES])
def test_no_value_ends_a_page(value: str) -> None:
    at = opened(**dict.fromkeys(KEYS, value))
    assert not at.exception
    before = usual()
    kept = {key: at.session_state[key] for key in KEYS}
    assert 0 <= kept["seed"] <= 100
    assert 0 <= kept["share"] <= 1
    assert 2 <= kept["near"] <= 100
    refused = {key for key in KEYS if kept[key] == before[key]}
    told = " ".join(toast.value for toast in at.toast)
    if value == "inf":
        assert refused == set(KEYS)
        assert all(f"for {key}" in told for key in KEYS), told


def test_what_can_be_taken_is_taken_untold() -> None:
    at = opened(
        seed="7", share="0.25", near="20", column="b", columns=["a", "b"], view="b", on="true", step="b"
    )
    assert not at.toast
    assert (at.session_state.seed, at.session_state.share, at.session_state.near) == (7, 0.25, 20)
    assert (at.session_state.column, at.session_state.view, at.session_state.on) == ("b", "b", True)


def test_the_usual_value_is_taken_untold() -> None:
    assert not opened(seed="42", share="0.5", column="a", view="a", on="false", checked="true").toast


def bound_keys() -> set[str]:
    """The keys of widgets that are bound to the link, where they stand as such in the code."""
    found = set()
    for path in (ROOT / "analytics" / "dashboard").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and any(word.arg == "bind" for word in node.keywords):
                found.add(next(ast.unparse(word.value) for word in node.keywords if word.arg == "key"))
    return found


@pytest.mark.slow
def test_every_page_binds_through_streamlit() -> None:
    """The one function that is guarded is passed by all: nothing but its module reads the link itself."""
    assert len(bound_keys()) > 20
    for path in (ROOT / "analytics").rglob("*.py"):
        assert "st.query_params" not in path.read_text() or path.name == "linked_values.py", path


DRAWN: dict[str, list[str]] = {}
"""The keys of what a page shows, once it was drawn."""


@pytest.mark.slow
@pytest.mark.parametrize("name", [info.name for info in shown_pages()])
@pytest.mark.parametrize("value", ["inf", "9" * 30, "x"])
def test_every_bound_widget_of_every_page(open_page: Callable[..., AppTest], name: str, value: str) -> None:
    """All that a page has bound once it is drawn is then asked for with ``value``."""
    if name not in DRAWN:
        first = open_page(name, again=True)
        DRAWN[name] = [widget.key for kind in KINDS for widget in first.get(kind) if widget.key]
    open_page(name, again=True, **{key: value for key in DRAWN[name] if key.startswith(name)})


KINDS = ("number_input", "slider", "selectbox", "multiselect", "radio", "toggle", "checkbox", "select_slider",
         "button_group", "text_input")  # fmt: skip
