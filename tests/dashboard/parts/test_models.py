"""The model a visitor may name: an id of the Hub where the owner allows it, never a folder of the server."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import LIMIT


def page() -> None:
    import streamlit as st

    from analytics.dashboard.parts.texts.models import ask_for_model

    st.session_state.model = ask_for_model("packaged", key="name", about="A model's id.")


def opened(name: str) -> AppTest:
    at = AppTest.from_function(page, default_timeout=LIMIT)
    at.query_params["name"] = name
    at.run()
    assert not at.exception
    return at


def test_without_the_hub_a_link_names_no_model() -> None:
    at = opened("sentence-transformers/all-MiniLM-L6-v2")
    assert at.session_state.model == "packaged"
    assert not at.selectbox


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        *(
            "/etc/models",
            "~/models",
            ".",
            "../models",
            "a/../b",
            "a/..",
            "a/b/c",
            "C:\\models",
            "\\\\host\\a",
        ),
        *(
            "C:",
            "C:models",
            "C:/models",
            "//host/a",
            "file:models",
            "file:///etc",
            "https://host/a",
            "a%2F..%2Fb",
        ),
        *(
            "%2e%2e/models",
            "a\\b",
            "a\x00",
            "a/",
            "/a",
            "a//b",
            "./a",
            "a/.",
            "~",
            "~root/a",
            "$HOME/a",
            "a／b",
        ),
        *("a:b", "a b", "-rf", "a\nb", "a/\u2025", "é/a", "all-MiniLM-L6-v2", "gpt2"),
    ],
)
def test_a_folder_is_told_and_not_opened(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("ZETASCOPE_HUB", "on")
    at = opened(name)
    assert at.session_state.model == "packaged"
    assert "not the id of a model on the Hub" in at.warning[0].value


@pytest.mark.slow
@pytest.mark.parametrize("name", ["org/model", "model", "org/link", "link"])
def test_a_folder_below_the_working_directory_is_not_opened(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    for folder in ("org/model", "model"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "config.json").write_text("{}")
    (tmp_path / "org" / "link").symlink_to("/etc")
    (tmp_path / "link").symlink_to("nowhere")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZETASCOPE_HUB", "on")
    at = opened(name)
    assert at.session_state.model == "packaged"
    assert "not the id of a model on the Hub" in at.warning[0].value
    assert str(tmp_path) not in at.warning[0].value


def test_an_empty_name_is_the_packaged_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZETASCOPE_HUB", "on")
    at = opened("")
    assert at.session_state.model == "packaged"
    assert not at.warning
