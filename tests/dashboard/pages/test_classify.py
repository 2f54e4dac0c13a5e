"""The page on classifying: columns found, an answer, fine-tuning that goes on, labels for the rest."""

import pandas as pd
import pytest

from analytics.dashboard.pages.classify import work
from analytics.dashboard.server.loading import shared_encoder
from analytics.retrieval.tuning import study
from tests.retrieval.tuning.tiny import tiny_encoder_in

pytestmark = pytest.mark.slow

WORDS = {"refund": "money back return", "delivery": "parcel arrive late", "login": "password account enter"}


def made(**more: object) -> pd.DataFrame:
    rows = [
        {"message": f"{first} {second} please {number}", "topic": label, "length": number}
        for label, words in WORDS.items()
        for number, (first, second) in enumerate([(a, b) for a in words.split() for b in words.split()] * 2)
    ]
    return pd.DataFrame(rows).sample(frac=1, random_state=0, ignore_index=True).assign(**more)


def opened_with(open_page, frame: pd.DataFrame):
    at = open_page("data")
    at.file_uploader[0].upload("mine.csv", frame.to_csv(index=False).encode(), "text/csv").run()
    at.switch_page("pages/classify.py").run()
    assert not at.exception
    return at


def text_of(at) -> str:
    parts = [*at.markdown, *at.subheader, *at.caption, *at.info, *at.error]
    return " ".join(part.value for part in parts).replace("\\", "")


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch, tmp_path):
    encoder = tiny_encoder_in(tmp_path)
    monkeypatch.setattr(work, "encoder_of_page", lambda: encoder)


def test_from_the_columns_to_labels_for_the_rest_and_again_after_a_restart(
    open_page, tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = made()
    frame.loc[:4, "topic"] = None
    at = opened_with(open_page, frame)
    assert at.selectbox(key="classify_label").value == "topic"
    assert "49 labelled texts of 3 classes, and 5 texts without a label" in text_of(at)
    at.number_input(key="classify_draws").set_value(2).run()
    at.button(key="classify_start").click().run()
    assert not at.exception and "labels a class, " in at.subheader[0].value
    assert set(at.dataframe[0].value["way"]) >= {"Retrieval", "Frozen head"}

    at.button(key="classify_guess_button").click().run()
    guessed = at.dataframe[1].value
    assert not at.exception and len(guessed) == 5 and guessed["sure"].is_monotonic_increasing
    assert set(guessed["row"]) == {1, 2, 3, 4, 5} and set(guessed["label"]) <= set(WORDS)

    at.button(key="classify_fact_button").click().run()
    assert not at.exception and "examples retrieval knows" in text_of(at)

    tune(at)
    assert "general neighbours" in at.subheader[0].value

    def never(*_: object) -> None:
        raise AssertionError("learnt again what was kept")

    again = opened_with(open_page, frame)
    again.number_input(key="classify_draws").set_value(2).run()
    again.button(key="classify_start").click().run()
    monkeypatch.setattr(study, "run_trial", never)
    tune(again)
    # Its seconds are those of the first time, to the last digit.
    assert again.dataframe[0].value.iloc[-1].equals(at.dataframe[0].value.iloc[-1])


def tune(at) -> None:
    at.multiselect(key="classify_tuned").set_value(["Full fine-tuning"]).run()
    at.selectbox(key="classify_tuned_shots").select("4").run()
    at.button(key="classify_tune_button").click().run()
    at.run()
    assert not at.exception and not at.error


def test_an_encoder_tuned_on_labels_is_a_model_of_other_pages(open_page, tiny) -> None:
    frame = made()
    frame["message"] += " and I wonder what I should do about it now, " + frame.index.astype(str)
    at = opened_with(open_page, frame)
    at.button(key="classify_start").click().run()
    assert "Every row with a text has a label" in text_of(at)
    at.selectbox(key="classify_guess_by").select("Full fine-tuning").run()
    at.button(key="classify_guess_button").click().run()
    assert not at.exception and "labelled texts kept out" in text_of(at)
    at.switch_page("pages/text_map.py").run()
    name = at.selectbox(key="text_map_model").options[1]
    at.selectbox(key="text_map_model").select(name).run()
    assert not at.exception and name.startswith("tuned_encoder_") and shared_encoder(name).dimension == 16
    assert not at.error and any("54" in one.value for one in at.caption)
    elsewhere = open_page("text_map", text_map_model=name)
    assert not [one for one in elsewhere.selectbox if one.key == "text_map_model"]


def test_a_second_file_with_the_same_columns_is_measured_too(open_page, tiny) -> None:
    other = made().assign(message=lambda frame: "kindly " + frame["message"])
    at = open_page("data")
    for name, frame in (("other.csv", other), ("mine.csv", made())):
        at.file_uploader[0].upload(name, frame.to_csv(index=False).encode(), "text/csv").run()
    at.switch_page("pages/classify.py").run()
    at.selectbox(key="classify_outside").select("other.csv").run()
    at.button(key="classify_start").click().run()
    assert not at.exception and not at.error
    assert "Measured elsewhere with 54 texts of the second file." in text_of(at)
    at.selectbox(key="classify_figure").select("Elsewhere").run()
    assert not at.exception


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (made(topic="one"), "There is one label only"),
        (made(topic=[f"label {row}" for row in range(54)]), "none has two different texts"),
        (made(topic=[0.25 + row for row in range(54)]), "amounts such as"),
        (made(topic=[True, *["x"] * 53]), "Only the label"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(open_page, frame: pd.DataFrame, words: str) -> None:
    at = opened_with(open_page, frame)
    at.selectbox(key="classify_label").select("topic").run()
    assert not at.exception and words in text_of(at)


def test_texts_with_different_labels_are_listed_and_shown_as_text(open_page) -> None:
    frame = made()
    frame.loc[[0, 1], "message"] = "<b>**twice**</b> the same"
    frame.loc[[0, 1], "topic"] = ["refund", "login"]
    at = opened_with(open_page, frame)
    assert "1 text with different labels left out (2 rows)" in text_of(at)
    assert at.dataframe[0].value["rows"].tolist() == ["1, 2"]


def test_a_table_without_texts_offers_the_sample(open_page) -> None:
    at = open_page("classify", data="Wine")
    assert "no texts with labels" in text_of(at) or at.selectbox(key="classify_text")
