"""Choosing a model on a page: nothing is fetched before it is wanted, or for who may not have it."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import LIMIT
from tests.hub.fake_hub import FakeHub, Repo
from tests.hub.test_models import SAFE, TAGS, files

pytestmark = pytest.mark.slow  # each starts a Hub of its own, which takes half a second

NAME = "org/small"


@pytest.fixture(autouse=True)
def allowed(monkeypatch: pytest.MonkeyPatch, hub: FakeHub) -> None:
    monkeypatch.setenv("ZETASCOPE_HUB", "on")
    hub.users = {"hf_member": {"name": "ann"}}
    hub.repos["model", NAME] = Repo({"main": files()}, TAGS, more=SAFE)


def page() -> None:
    import streamlit as st

    from analytics.dashboard.parts.texts.models import ask_for_model

    st.session_state.model = ask_for_model("packaged", key="name", about="A model's id.")


def opened(name: str = "") -> AppTest:
    at = AppTest.from_function(page, default_timeout=LIMIT)
    if name:
        at.query_params["name"] = name
    at.run()
    assert not at.exception
    return at


def fetch(at: AppTest) -> AppTest:
    at.button(key=f"hub_fetch_{NAME}").click().run()
    assert not at.exception
    return at


def signed_in(at: AppTest, token: str = "hf_member") -> AppTest:
    at.text_input(key="name_zetascope_hub_typed").set_value(token).run()
    assert not at.exception
    return at


def shown(at: AppTest) -> str:
    parts = [*at.markdown, *at.caption, *at.warning, *at.error]
    return "\n".join(str(part.value) for part in parts).replace("\\", "")


def test_a_link_fetches_nothing_by_itself(hub: FakeHub) -> None:
    at = opened(f" {NAME} ")
    assert at.session_state.model == "packaged"
    assert "22 million parameters" in shown(at)
    assert "an estimate from its size" in shown(at)
    assert "licence mit" in shown(at)
    assert not hub.sent("model.safetensors")
    assert fetch(at).session_state.model == NAME
    assert hub.sent("model.safetensors")


def test_a_model_is_found_and_chosen(hub: FakeHub) -> None:
    at = opened()
    at.text_input(key="name_words").set_value("small")
    next(one for one in at.button if one.label == "Search the Hub").click().run()
    assert list(at.dataframe[0].value["model"]) == [NAME]
    at.selectbox(key="name").select(NAME).run()
    assert fetch(at).session_state.model == NAME


def test_what_is_gated_is_for_who_was_let_in(hub: FakeHub) -> None:
    hub.repos["model", NAME].gated = True
    hub.repos["model", NAME].readers = frozenset({"hf_member"})
    at = opened(NAME)
    assert fetch(at).session_state.model == "packaged"
    assert "is gated: ask for access" in shown(at)
    at = fetch(signed_in(opened(NAME)))
    assert at.session_state.model == NAME
    at.button(key="name_hub_sign_out").click().run()
    assert at.session_state.model == "packaged"
    assert fetch(opened(NAME)).session_state.model == "packaged"


def test_a_token_stays_in_the_session(hub: FakeHub, caplog: pytest.LogCaptureFixture) -> None:
    at = signed_in(opened(NAME), "hf_unknown_one")
    assert "does not know this token" in shown(at)
    at = signed_in(at)
    assert "you are **ann**" in shown(at)
    assert "hf_member" not in str(at.query_params) + shown(at) + caplog.text
    assert not [one for one in at.text_input if one.value == "hf_member"]


def test_what_cannot_be_used_is_told_before_it_is_fetched(hub: FakeHub) -> None:
    hub.repos["model", NAME].revisions["main"] = files(config__json={"auto_map": {}})
    at = opened(NAME)
    assert "needs code of its own" in shown(at)
    assert not [one for one in at.button if one.label.startswith("Fetch")]
    assert "has no org/none" in shown(opened("org/none"))
