"""Texts with labels at the door: what is left out is said, what cannot be compared is one sentence."""

import numpy as np
import pandas as pd
import pytest

from analytics.errors import ZetascopeError
from analytics.retrieval.tuning import labelled
from analytics.retrieval.tuning.columns import likely_label_columns, likely_text_columns
from analytics.retrieval.tuning.labelled import label_name, labelled_texts, same_text

FOUR = ["pay by card", "pay in cash", "open an account", "close an account"]


def test_copies_and_what_contradicts_itself_are_left_out_and_listed() -> None:
    texts = [*FOUR, "Pay, by  CARD!", "where is it", "Where is it?", None, "  "]
    labels = ["pay", "pay", "account", "account", "pay", "pay", "account", "pay", "pay"]
    data = labelled_texts(texts, labels)
    assert data.texts == tuple(FOUR) and data.names == ("account", "pay")
    assert data.codes.tolist() == [1, 1, 0, 0] and data.rows.tolist() == [0, 1, 2, 3]
    (conflict,) = data.conflicts
    assert conflict.labels == ("pay", "account") and conflict.rows == (5, 6)
    told = " ".join(data.notes)
    assert "2 rows without a text" in told and "1 copy of other texts" in told
    assert "1 text with different labels left out (2 rows)" in told


def test_rows_without_a_label_wait_to_be_guessed() -> None:
    labels = ["a", "a", "b", "b", None, float("nan"), "  ", pd.NA]
    data = labelled_texts([*FOUR, "w", "x", "y", "z"], labels)
    assert data.unlabelled.tolist() == [4, 5, 6, 7] and len(data.texts) == 4


def test_a_label_with_one_text_is_named_and_left_out() -> None:
    data = labelled_texts([*FOUR, "alone"], ["a", "a", "b", "b", "rare"])
    assert data.names == ("a", "b") and "'rare'" in " ".join(data.notes)


@pytest.mark.parametrize(
    ("texts", "labels", "words"),
    [
        (FOUR, ["a"] * 4, "one label only, 'a'"),
        (FOUR, ["a", "b", "c", "d"], "none has two different texts"),
        (FOUR, ["a", "a", "b", "c"], "Only the label 'a'"),
        (FOUR, [None] * 4, "No row has a label"),
        ([None] * 4, ["a", "a", "b", "b"], "No row has a text"),
        (FOUR, [1.5, 2.5, 1.5, 2.5], "amounts such as"),
        (FOUR, ["1.5", "2.5", "1.5", "2.5"], "amounts such as"),
        ([f"text {n}" for n in range(100)], list(range(100)), "amounts such as"),
        (FOUR, ["a", "b"], "4 texts and 2 labels"),
        ("a text", ["a"], "no list of texts"),
        ([], [], "No row has a text"),
        ([f"text {n}" for n in range(10_000)], [f"l{n}" for n in range(10_000)], "10,000 labels"),
        ([f"text {n}" for n in range(2_000)], [f"l{n // 2}" for n in range(2_000)], "at most 500"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(texts: object, labels: object, words: str) -> None:
    with pytest.raises(ZetascopeError, match=words):
        labelled_texts(texts, labels)  # type: ignore[arg-type]


def test_whole_numbers_are_labels_and_that_is_said() -> None:
    data = labelled_texts(FOUR, np.array([1.0, 1.0, 5.0, 5.0]))
    assert data.names == ("1", "5") and "are numbers" in " ".join(data.notes)
    assert labelled_texts(FOUR, [True, True, False, False]).notes == ()


def test_symbols_and_marks_of_other_scripts_tell_texts_apart() -> None:
    assert same_text("good :-)") == same_text("Good")
    assert same_text("good 🙂") != same_text("good 🙁")
    assert same_text("C++") != same_text("C")
    assert same_text("कि") != same_text("का")
    assert label_name(3.0) == "3" and label_name(" two  words ") == "two words" and label_name(pd.NaT) == ""


def test_of_very_many_texts_every_class_keeps_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelled, "MOST_TEXTS", 100)
    labels = ["large"] * 900 + ["small"] * 90 + ["rare"] * 10
    data = labelled_texts([f"text {n}" for n in range(1000)], labels)
    assert dict(zip(data.names, data.sizes.tolist(), strict=True)) == {"large": 90, "rare": 2, "small": 9}
    assert "Of 1,000 labelled texts 101 are compared" in " ".join(data.notes)


def test_the_likeliest_columns_stand_first() -> None:
    n = 40
    frame = pd.DataFrame(
        {
            "number": range(n),
            "code": [f"c{row}" for row in range(n)],
            "said": [f"a longer text of some words {row}" for row in range(n)],
            "intent": ["pay", "open"] * (n // 2),
            "place": ["north", "south", "east", "west"] * (n // 4),
        }
    )
    roles = {"number": "number", "code": "identifier", "said": "identifier", "intent": "category"}
    roles["place"] = "category"
    assert likely_text_columns(frame, roles)[0] == "said"
    assert likely_text_columns(frame, roles | {"code": "text"})[0] == "code"
    assert likely_label_columns(frame, roles, text="said")[:2] == ["intent", "place"]


def test_a_title_stands_behind_its_text() -> None:
    frame = pd.DataFrame(
        {"title": ["On pumps", "On books"], "body": ["A pump moves water.", "A book is lent for weeks."]}
    )
    assert likely_text_columns(frame, {"title": "text", "body": "text"}) == ["body", "title"]


def test_labels_that_are_nearly_the_same_are_told() -> None:
    texts = [f"text {number}" for number in range(8)]
    notes = labelled_texts(texts, ["Paid", "paid ", "open", "open"] * 2).notes
    assert notes == (
        "Labels that differ only in case, spaces or punctuation count as different: 'Paid' and 'paid'.",
    )
    assert labelled_texts(texts, ["Paid", "open"] * 4).notes == ()
