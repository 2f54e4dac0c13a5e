"""An encoder tuned on questions: split by question, measured on the others, and left as it was itself."""

import numpy as np
import pytest

from analytics.errors import ZetascopeError
from analytics.retrieval import Questions, build_index
from analytics.retrieval.tuning import on_questions
from analytics.retrieval.tuning.on_questions import pairs_of, split_questions, tune_on_questions

THINGS = "pump book river garden engine window letter bridge kitchen forest clock train".split()


def made() -> tuple[list[str], Questions]:
    documents = [
        f"The {thing} stands in room {number}. Nobody moves it." for number, thing in enumerate(THINGS)
    ]
    asked = tuple(f"where is the {thing}?" for thing in THINGS)
    return documents, Questions(asked, tuple((number,) for number in range(len(THINGS))))


def test_copies_of_a_question_stay_on_one_side() -> None:
    _, questions = made()
    twice = Questions(
        questions.texts + tuple(text.upper() + " " for text in questions.texts), questions.answers * 2
    )
    learn, aside = split_questions(twice, seed=3)
    assert len(learn.texts) == 16 and len(aside.texts) == 8
    assert not {text.lower().strip() for text in learn.texts} & {text.lower().strip() for text in aside.texts}
    with pytest.raises(ZetascopeError, match="9 questions are too few"):
        split_questions(Questions(questions.texts[:9], questions.answers[:9]), seed=0)


def test_a_pair_is_the_nearest_passage_of_each_answer(encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = ["The pump moves water. " + "Other words stand here too. " * 20, "", "A pump."]
    index = build_index(documents, encoder=encoder, tokens=16)
    asked = Questions(("the pump moves water",), ((0, 1, 2),))
    first, second = pairs_of(asked, index, seed=0)
    assert first == ["the pump moves water"] * 2  # the document without text has no passage
    assert second[0].startswith("The pump moves water.") and second[1] == "A pump."
    monkeypatch.setattr(on_questions, "MOST_PAIRS", 1)
    assert len(pairs_of(asked, index, seed=0)[0]) == 1


@pytest.mark.slow
def test_tuning_is_measured_on_questions_it_did_not_learn(tiny_encoder) -> None:
    documents, questions = made()
    index = build_index(documents, encoder=tiny_encoder)
    vectors, steps = index.vectors.vectors.copy(), []
    found = tune_on_questions(questions, index, k=5, progress=lambda *done: steps.append(done))
    assert steps and (found.learned, found.aside, found.pairs) == (8, 4, 8)
    assert found.before.each["question"].nunique() == found.after.each["question"].nunique() == 4
    assert list(found.to_frame()["method"]) == ["vectors", "hybrid"]
    gap = found.to_frame()
    np.testing.assert_allclose(gap["tuned"] - gap["before"], gap["difference"], atol=1e-12)
    assert found.peak_bytes > 0 and found.parameters > 400_000 and 0 <= found.general.neighbours <= 1
    assert "Tuned on 8 questions" in found.answer() and "as far as 4 others tell" in found.answer()
    np.testing.assert_array_equal(tiny_encoder.encode(index.passages.texts, role="document"), vectors)
