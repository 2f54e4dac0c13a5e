"""The Prompt page: there where a model is, every view at every kind of step, bad input told."""

import pytest

from analytics.dashboard.app.catalog import shown_pages
from analytics.hub import models
from analytics.transformer.architectures import CAUSAL
from tests.transformer.tiny_causal import PROMPT, tiny_causal_folder

VIEWS = (
    "The whole model",
    "One block",
    "One token",
    "Attention",
    "Numbers",
    "Sampling",
    "What is kept",
    "Checks",
)
VIEW, STEP, TEXT = (f"prompt_walk_{name}" for name in ("view", "step", "text"))


def test_the_page_is_offered_only_where_such_a_model_can_be_had(monkeypatch, tmp_path):
    def is_offered() -> bool:
        return "prompt_walk" in [page.name for page in shown_pages()]

    assert not is_offered()
    (tmp_path / "empty").mkdir()
    (tmp_path / "bert").mkdir()
    (tmp_path / "bert" / "config.json").write_text('{"model_type": "bert"}')
    monkeypatch.setenv("ZETASCOPE_CAUSAL_MODELS", str(tmp_path))
    assert not is_offered()
    monkeypatch.setenv("ZETASCOPE_CAUSAL_MODELS", str(tmp_path / "not there"))
    assert not is_offered()
    monkeypatch.setenv("ZETASCOPE_HUB", "on")
    assert is_offered()


def test_the_hub_offers_the_families_that_can_be_read():
    assert set(models.CAUSAL) == set(CAUSAL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    top = tmp_path_factory.mktemp("models")
    tiny_causal_folder("gpt2", top / "small")
    tiny_causal_folder("llama shared heads", top / "shared")
    return top


@pytest.fixture
def at(open_page, monkeypatch, folder):
    monkeypatch.setenv("ZETASCOPE_CAUSAL_MODELS", str(folder))
    return open_page("prompt_walk", prompt_walk_text=PROMPT)


def text_of(at) -> str:
    return " ".join(part.value for part in (*at.markdown, *at.caption)).replace("\\", "")


@pytest.mark.slow
def test_every_view_is_drawn_with_every_model(at):
    assert at.selectbox(key="prompt_walk_model").options == ["shared", "small"]
    for name in ("small", "shared"):
        at.selectbox(key="prompt_walk_model").set_value(name).run()
        assert "all agree" in text_of(at)
        for view in VIEWS:
            at.selectbox(key=VIEW).set_value(view).run()
            assert not at.exception
            assert not at.error
        at.selectbox(key=VIEW).set_value("Numbers").run()
        for stage in ("Scores", "Mask", "Feed-forward, hidden", "Last norm"):
            at.selectbox(key="prompt_walk_stage").set_value(stage).run()
            assert not at.exception
            assert "The model has" in text_of(at)
            assert ":red[" not in text_of(at)
        at.selectbox(key=VIEW).set_value("What is kept").run()
        assert ("each shared by 2 query heads" in text_of(at)) == (name == "shared")
        at.slider(key=STEP).set_value(at.slider(key=STEP).max).run()
        assert "of **1 token** computed" in text_of(at)


@pytest.mark.slow
def test_sampling_is_a_matter_of_its_seed_and_bad_prompts_are_told(at):
    at.segmented_control(key="prompt_walk_strategy").set_value("Sampling").run()
    at.slider(key="prompt_walk_temperature").set_value(2.0).run()
    assert not at.exception
    at.selectbox(key=VIEW).set_value("Sampling").run()
    first = text_of(at)
    at.number_input(key="prompt_walk_seed").set_value(7).run()
    assert text_of(at) != first
    at.text_area(key=TEXT).set_value("the " * 140).run()
    assert "tokens long" in at.error[0].value
    at.text_area(key=TEXT).set_value("<b> **$x$** :red[b] 🙂").run()
    assert not at.exception
    assert not at.error


@pytest.mark.slow
def test_without_a_model_the_page_says_so(open_page, monkeypatch):
    monkeypatch.setenv("ZETASCOPE_HUB", "on")
    at = open_page("prompt_walk")
    assert "No model is at hand yet" in at.info[0].value
