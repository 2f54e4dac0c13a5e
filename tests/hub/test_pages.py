"""The Data page with the Hub: off there is nothing of it; on, data are found, looked at and opened."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.dashboard.pages.data import publishing
from analytics.transformer import load_translator
from tests.conftest import LIMIT
from tests.hub.fake_hub import FakeHub, Fault
from tests.hub.test_data import words

WRITERS = {"hf_writer1": {"name": "ann", "orgs": [], "auth": {"accessToken": {"role": "write"}}}}


def opened(at: AppTest) -> AppTest:
    at.session_state["data_hub"] = True  # a browser keeps the panel open by itself
    at.run()
    assert not at.exception
    return at


def said(at: AppTest) -> str:
    parts = [*at.markdown, *at.caption, *at.warning, *at.error]
    return "\n".join(str(part.value) for part in parts).replace("\\", "")


def press(at: AppTest, label: str) -> AppTest:
    next(one for one in at.button if one.label == label).click()
    return opened(at)


@pytest.fixture
def data_page(hub: FakeHub, monkeypatch: pytest.MonkeyPatch, open_page: Callable[..., AppTest]) -> AppTest:
    monkeypatch.setenv("ZETASCOPE_HUB", "on")
    words(hub)
    # The folder for what comes from the Hub is the one of the test, and not that of the pages.
    return opened(open_page("data"))


def test_with_the_hub_off_the_page_has_nothing_of_it(hub: FakeHub, open_page: Callable[..., AppTest]) -> None:
    at = opened(open_page("data", data_hub_name="org/words"))
    assert not [one for one in at.selectbox if one.label == "Data set"]
    assert not [one for one in at.expander if one.label == "From the Hub"]
    assert hub.asked == []


@pytest.mark.slow
def test_data_are_found_looked_at_and_opened(hub: FakeHub, data_page: AppTest) -> None:
    at = data_page
    assert hub.asked == []
    at.text_input(key="data_hub_words").set_value("word")
    at.text_input(key="data_hub_licence").set_value("cc-by-4.0")
    press(at, "Search the Hub")
    at.selectbox(key="data_hub_name").select("org/words")
    opened(at)
    assert "A list of words with numbers." in said(at)
    assert "licence cc-by-4.0" in said(at)
    assert "code of its own, which is never run here" in said(at)
    assert not hub.sent(".parquet")
    assert at.selectbox(key="data_hub_split").value == "train"
    at.number_input(key="data_hub_rows").set_value(100)
    press(at, "Open")
    assert "org_words_default_train.parquet** has 100 rows" in said(at)
    assert "100 rows drawn at random (seed 0) from the 300 in the first 1 of 3 files" in said(at)
    assert "licence cc-by-4.0" in said(at)


def chosen(open_page: Callable[..., AppTest], name: str) -> AppTest:
    at = open_page("data")
    at.session_state["data_hub_name"] = name
    return opened(at)


@pytest.mark.slow
def test_what_fails_is_a_sentence_and_a_second_try_opens_it(
    hub: FakeHub, data_page: AppTest, open_page: Callable[..., AppTest]
) -> None:
    at = chosen(open_page, "org/words")
    hub.faults = [Fault("/lfs/", wrong=True)]
    press(at, "Open")
    assert "came with another content than the Hub lists" in said(at)
    assert "wine.csv** has" in said(at)
    press(at, "Try again")
    assert "has 900 rows" in said(at)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "sentence"),
    [("../../etc/passwd", "is not a name on the Hub"), ("org/none", "The Hub has no org/none")],
)
def test_names_that_are_none_are_told(
    data_page: AppTest, open_page: Callable[..., AppTest], name: str, sentence: str
) -> None:
    assert sentence in said(chosen(open_page, name))


@pytest.mark.slow
def test_the_open_data_are_published_after_a_look(
    hub: FakeHub, data_page: AppTest, open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[str] = []
    make = publishing._publication

    def counted(dataset, licence, scored, **more):
        built.append(licence)
        return make(dataset, licence, scored, **more)

    monkeypatch.setattr(publishing, "_publication", counted)
    hub.users = WRITERS
    at = open_page("data")
    at.session_state["data_publish_panel"] = True
    at.run()
    at.text_input(key="data_publish_zetascope_hub_typed").set_value("hf_writer1").run()
    at.text_input(key="data_publish_licence").set_value("cc-by-4.0").run()
    assert "Forina et al" in at.code[-1].value.replace("\\", "")
    assert hub.commits == []
    press(at, "Publish this data set")
    ((kind, name, files),) = hub.commits
    assert (kind, name) == ("dataset", "ann/wine")
    assert {"README.md", "data/cleaned.parquet", "data/scores.parquet", "recipe.json"} <= files.keys()
    assert hub.repos["dataset", "ann/wine"].private
    # Once for each licence, and not in every run of the page with the panel open.
    at.run()
    assert built == ["cc-by-4.0"]
    at.text_input(key="data_publish_licence").set_value("mit").run()
    assert built == ["cc-by-4.0", "mit"]
    press(at, "Publish this data set")
    assert "has the data set ann/wine already; choose another name" in said(at)
    assert "hf_writer1" not in said(at)


@pytest.mark.slow
def test_a_map_is_published_as_a_space_after_a_look(
    hub: FakeHub, data_page: AppTest, open_page: Callable[..., AppTest]
) -> None:
    hub.users = WRITERS
    things, ways = ("parcel", "soup", "bus", "taxi"), ("late", "cold", "old")
    texts = [f"the {thing} was {how} when it came to us" for thing in things for how in ways]
    at = open_page("data")
    at.file_uploader[0].upload("My süß.csv", ("note\n" + "\n".join(texts)).encode(), "text/csv").run()
    at.switch_page("pages/text_map.py").run()
    at.segmented_control(key="text_map_part").set_value("Download").run()
    at.session_state["text_map_publish_panel"] = True
    at.run()
    at.text_input(key="text_map_publish_zetascope_hub_typed").set_value("hf_writer1").run()
    assert at.text_input(key="text_map_publish_name").value == "My-su-map"
    at.text_input(key="text_map_publish_licence").set_value("mit").run()
    assert "12 texts of column note" in at.code[-1].value
    press(at, "Publish this map as a Space")
    ((kind, name, files),) = hub.commits
    assert (kind, name, list(files)) == ("space", "ann/My-su-map", ["README.md", "index.html"])
    assert b"the parcel was late" in files["index.html"]
    assert hub.repos["space", "ann/My-su-map"].private


def tuned_page() -> None:
    from dataclasses import replace
    from pathlib import Path

    import streamlit as st

    from analytics.dashboard.pages.classify.tuned_encoder import draw_tuned
    from analytics.dashboard.server.datasets import sample_dataset
    from analytics.retrieval.tuning.curve import LearningCurve
    from tests.retrieval.tuning.test_card import guessed, labelled, trial

    class Model:
        transformers_model = None

        def save_pretrained(self, folder: str, **_: object) -> None:
            (Path(folder) / "model.safetensors").write_bytes(b"w" * 2_000)

    made = guessed(labelled("refund", "login"))
    made = replace(made, fitted=replace(made.fitted, tuned=st.session_state.setdefault("model", Model())))
    draw_tuned(sample_dataset(), made, LearningCurve(made.data, (trial("head", 8, 0.8),)), way="full")


@pytest.mark.slow
def test_a_tuned_encoder_is_published_with_its_card(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.users = WRITERS
    assert not AppTest.from_function(tuned_page, default_timeout=LIMIT).run().expander
    monkeypatch.setenv("ZETASCOPE_HUB", "on")
    at = AppTest.from_function(tuned_page, default_timeout=LIMIT)
    at.session_state["classify_publish_panel"] = True
    at.run()
    at.text_input(key="classify_publish_zetascope_hub_typed").set_value("hf_writer1").run()
    at.text_input(key="classify_publish_licence").set_value("mit").run()
    assert "87.5% of the labels were right" in at.code[-1].value
    at.button(key="classify_publish_go").click().run()
    ((kind, name, files),) = hub.commits
    assert (kind, name, list(files)) == ("model", "ann/wine-encoder", ["README.md", "model.safetensors"])
    assert b"Forina et al" in files["README.md"].replace(b"\\", b"")


def translator_page() -> None:
    import streamlit as st

    from analytics.dashboard.pages.decoder_walk.memory_pairs import Pairs
    from analytics.dashboard.pages.decoder_walk.tuned_translator import draw_tuned
    from analytics.transformer.memory.comparing import Comparison, Score, Way
    from analytics.transformer.memory.tuning import Tuning
    from tests.transformer.tiny_translator import tiny_shared

    translator = st.session_state.setdefault("translator", tiny_shared())
    ways = (Way("Fine-tuned", Score(33.8, 50), Score(47.7, 70), 332, 14_000_000),)
    pairs = Pairs(("sha", "English", "French"), (), (), "Columns English and French of the file a*b.csv.")
    draw_tuned(Comparison(ways, 73, 18, 100, translator), pairs, model="zetascope-en-fr", tuning=Tuning())


@pytest.mark.slow
def test_a_tuned_translator_is_published_with_its_card(
    hub: FakeHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hub.users = WRITERS
    monkeypatch.setenv("ZETASCOPE_HUB", "on")
    at = AppTest.from_function(translator_page, default_timeout=LIMIT)
    at.session_state["decoder_walk_publish_panel"] = True
    at.run()
    at.text_input(key="decoder_walk_publish_zetascope_hub_typed").set_value("hf_writer1").run()
    at.text_input(key="decoder_walk_publish_licence").set_value("cc-by-2.0").run()
    card = at.code[-1].value
    assert "zetascope-en-fr, fine-tuned by Zetascope on 73 sentence pairs" in card
    assert "| Fine-tuned | 33.8 | 50.0 | 47.7 | 70.0 | 332.0 | 14.0 |" in card
    assert "file a\\*b.csv" in card
    at.button(key="decoder_walk_publish_go").click().run()
    ((kind, name, files),) = hub.commits
    assert (kind, name) == ("model", "ann/tuned-translator")
    for path, content in files.items():
        (tmp_path / path).write_bytes(content)
    ours, theirs = at.session_state["translator"], load_translator(tmp_path)
    assert theirs.vocabulary.encode("The cat sleeps.") == ours.vocabulary.encode("The cat sleeps.")
    for one, other in zip(ours.model.parameters(), theirs.model.parameters(), strict=True):
        assert bool((one == other).all())
