"""A beginning as typed becomes ids of the model: text by its tokenizer, pieces as they are."""

import pytest

from analytics.transformer.decoder.beginnings import prefix_of, written_pieces
from analytics.transformer.decoder.walk import trace_translation
from analytics.transformer.tokens import TraceError
from analytics.transformer.translator.loading import load_translator
from tests.transformer.tiny_translator import SENTENCE, tiny_translator


@pytest.fixture(scope="module")
def tiny():
    return tiny_translator(seed=2)


def test_text_is_cut_by_the_models_tokenizer(tiny):
    assert prefix_of(" three\n four ", tiny) == (3, 4)
    assert prefix_of("", tiny) == prefix_of(" | ", tiny) == ()
    assert trace_translation(SENTENCE, model=tiny, prefix=prefix_of("three four", tiny)).ids[:2] == (3, 4)


def test_pieces_that_start_no_word_are_told_from_text():
    assert written_pieces(["three", "four"]) == "| three four"
    assert written_pieces(["|", "▁a"]) == "| | ▁a"
    assert written_pieces(["▁a", "b"]) == "▁a b"
    assert written_pieces([]) == ""


def test_what_the_vocabulary_lacks_is_named(tiny):
    with pytest.raises(TraceError, match="'nosuch'"):
        prefix_of("three nosuch four", tiny)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        ("Bonjour", "Bonjour"),
        ("J'ai mangé", "J'ai mangé"),
        ("J’ai", "J"),
        ("▁J ' ai", "J'ai"),
        ("| .", "."),
        ("e\u0301te\u0301", "été"),
        ("L'été\n dernier", "L'été dernier"),
    ],
)
def test_the_output_begins_with_what_was_typed(typed, begins):
    translator = load_translator()
    trace = trace_translation("Thank you.", model=translator, prefix=prefix_of(typed, translator))
    assert trace.translation.startswith(begins)


@pytest.mark.slow
@pytest.mark.parametrize("typed", ["🙂 oui", "</s>", "<pad>", "▁Je nosuchpiece", "▁Je </s>x"])
def test_a_beginning_that_cannot_be_is_refused(typed):
    with pytest.raises(TraceError, match="The output cannot begin with"):
        prefix_of(typed, load_translator())


@pytest.mark.slow
def test_pieces_of_buttons_come_back_as_the_same_ids():
    translator = load_translator()
    trace = trace_translation("I like tea.", model=translator)
    for length in range(1, len(trace.ids) - 1):
        assert prefix_of(written_pieces(trace.tokens[:length]), translator) == trace.ids[:length]
