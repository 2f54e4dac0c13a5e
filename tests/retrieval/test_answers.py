"""Answers are sentences of the documents, and nothing is an answer that other questions reach as well."""

import pytest

from analytics.errors import ZetascopeError
from analytics.retrieval import answer, answer_floor, build_index, retrieve_all
from analytics.retrieval.floor import everyday_questions
from analytics.retrieval.retrieving import rankings
from analytics.retrieval.sentences import sentence_spans
from analytics.text import load_encoder

DOCUMENTS = [
    "The pump in cellar two was replaced in March. It moves 40 litres a second. Nobody was hurt.",
    "",
    "Visitors may borrow three books at a time. The lending period is four weeks.",
    "Dr. Miller reads at 5 p.m. on Friday. Where is the reading? It is in the great hall.",
]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three", ["One.", "Two!", "Three"]),
        ("Dr. Miller came, i.e. the doctor.", ["Dr. Miller came, i.e. the doctor."]),
        ("Where is it? It is here. Yes.", ["Where is it? It is here.", "Yes."]),
        ("Q: how?\nA: so.\nEnd", ["Q: how?\nA: so.", "End"]),
        ("東京です。大阪です。", ["東京です。", "大阪です。"]),
        ("  \n\n ", []),
        ("... ---", []),
        ("What?", ["What?"]),
    ],
)
def test_sentences_of_a_text(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


def test_every_sentence_stands_in_its_document(encoder) -> None:
    index = build_index(DOCUMENTS, encoder=encoder)
    found = answer("How long is the lending period?", index, floor=0.0)
    assert found.sentences[0].text == "The lending period is four weeks."
    for one in found.sentences:
        assert DOCUMENTS[one.document][one.start : one.end] == one.text
    cosines = [one.cosine for one in found.sentences]
    assert cosines == sorted(cosines, reverse=True)
    assert found.to_frame()["document"][0] == 2


def test_an_answer_to_what_was_ranked_before_reads_only_sentences(encoder) -> None:
    index, question = build_index(DOCUMENTS, encoder=encoder), "How long is the lending period?"
    expected, ranked = answer(question, index, floor=0.0), rankings(question, index)
    encoder.encoded.clear()
    assert answer(question, index, floor=0.0, ranked=ranked) == expected
    assert question not in encoder.encoded


def test_below_the_floor_nothing_answers_and_the_nearest_is_told(encoder) -> None:
    found = answer("How long is the lending period?", build_index(DOCUMENTS, encoder=encoder), floor=1.0)
    assert found.sentences == () and found.nearest is not None
    assert found.verdict().startswith("Nothing here answers this: the nearest sentence reaches 0.")


def test_a_sentence_said_twice_is_told_once(encoder) -> None:
    index = build_index(["It is so. True enough, it is.", "it is so. Indeed it really is."], encoder=encoder)
    texts = [one.text.lower() for one in answer("is it so", index, floor=-1.0, count=9).sentences]
    assert texts.count("it is so.") == 1


def test_there_are_sixty_questions_about_other_things() -> None:
    assert len(set(everyday_questions())) == 60 and all(one.endswith("?") for one in everyday_questions())


@pytest.mark.slow
def test_the_real_model_answers_what_is_there_and_nothing_else() -> None:
    encoder = load_encoder()
    index = build_index(DOCUMENTS, encoder=encoder)
    floor = answer_floor(index)
    asked = {
        "How long is the period of lending?": "four weeks",
        "How much water does the pump carry?": "40 litres",
        "Who is reading on Friday evening?": "Dr. Miller reads at 5 p.m. on Friday.",
    }
    for question, said in asked.items():
        assert any(said in one.text for one in answer(question, index, floor=floor).sentences[:2]), question
    for question in ("How do volcanoes erupt?", "Who won the cup final?", "qwrtz plk", "What is a quark?"):
        assert not answer(question, index, floor=floor).sentences, question
    assert {len(hits) for hits in retrieve_all("pump", index).values()} == {1, 3}


@pytest.mark.parametrize("floor", ["0.3", float("nan"), 2, [0.3], True])
def test_a_floor_that_is_no_cosine_is_refused(encoder, floor: object) -> None:
    with pytest.raises(ZetascopeError, match="use a cosine from -1 to 1"):
        answer("pump", build_index(["A pump moves water."], encoder=encoder), floor=floor)
