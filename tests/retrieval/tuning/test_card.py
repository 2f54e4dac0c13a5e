"""The card of a tuned encoder says what its figures are, and what was not measured."""

import numpy as np
import pytest
import yaml

from analytics.retrieval.tuning.card import encoder_card
from analytics.retrieval.tuning.curve import LearningCurve
from analytics.retrieval.tuning.labelled import LabelledTexts
from analytics.retrieval.tuning.material import Fitted
from analytics.retrieval.tuning.prediction import Predictions
from analytics.retrieval.tuning.trials import Trial

NONE = np.zeros(0, dtype=np.int64)


def labelled(*names: str) -> LabelledTexts:
    codes = np.repeat(np.arange(len(names)), 20)
    texts = tuple(f"text {number}" for number in range(len(codes)))
    return LabelledTexts(texts, codes, names, np.arange(len(codes)), NONE, ("2 texts *left* out.",), ())


def guessed(data: LabelledTexts) -> Predictions:
    fitted = Fitted(lambda rows: np.ones((len(rows), 2)), 1_234, 10, note="It saw 80 pairs.")
    return Predictions(
        data, (), NONE, NONE, NONE, NONE, 1.0, 0.1, 0.042, accuracy=0.875, kept_out=10, fitted=fitted
    )


def trial(way: str, shot: int, accuracy: float, **more: float) -> Trial:
    return Trial(way, shot, 0, 2 * shot, 0.3, 10, accuracy, accuracy, 0.1, 12.5, 3.0, 10, 1_234, **more)


def card_of(data: LabelledTexts, trials: list[Trial], **more: str) -> str:
    given = {"base": "org/base", "title": "Mine", "provenance": "mine.csv", **more}
    return encoder_card(guessed(data), LearningCurve(data, tuple(trials)), way="full", **given)


@pytest.fixture
def trials() -> list[Trial]:
    tuned = trial("full", 8, 0.9, neighbours=0.62, agreement=0.71, agreement_before=0.8, peak_bytes=1.5e8)
    return [trial("head", 8, 0.8), trial("full", 4, 0.7), tuned]


def test_the_card_has_data_curve_cost_and_what_was_forgotten(trials: list[Trial]) -> None:
    card = card_of(labelled("refund", "login"), trials, licence="mit")
    facts = yaml.safe_load(card.removeprefix("---\n").partition("\n---\n")[0])
    assert (facts["license"], facts["base_model"]) == ("mit", "org/base")
    assert facts["library_name"] == "sentence-transformers"
    assert "tuned by Zetascope (Full fine-tuning) on 30 texts of 2 classes" in card
    assert "Texts by label: refund 20, login 20." in card
    assert "On 10 labelled texts it did not learn from, 87.5% of the labels were right" in card
    assert "sureness was off by 4.2 points" in card
    assert "| Frozen head | 8.0 | 1 | 80.0% (" in card
    assert "| Full fine-tuning | 4.0 | 1 | 70.0% (" in card
    assert "Numbers trained: 1,234" in card and "It saw 80 pairs" in card
    assert "held up to 150 MB more memory" in card
    assert "tuning left 62%" in card and "0.800 before, 0.710 after" in card
    assert 'SentenceTransformer("tuned_encoder")' in card


def test_what_was_not_measured_is_told_and_no_licence_is_made_up(trials: list[Trial]) -> None:
    card = card_of(labelled("refund", "login"), trials[:1])
    assert "were not measured for this encoder" in card
    assert "license" not in card


def test_names_of_a_file_are_text_and_many_labels_are_counted(trials: list[Trial]) -> None:
    card = card_of(
        labelled("<b>|x|</b>", "a\n---\n# b"), trials, provenance="[a](http://x)", title="*t*\n---"
    )
    assert "<b>" not in card.replace("\\<", "") and "[a]" not in card
    assert card.count("\n---\n") == 1
    assert "\\<b\\>\\|x\\|\\</b\\> 20" in card
    many = card_of(labelled(*(f"n{number}" for number in range(60))), trials)
    assert "n49 20, 10 more labels." in many
