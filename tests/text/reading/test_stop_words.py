"""Words that say nothing: by the language of each text, with elided ones and contractions."""

import numpy as np
import pytest

from analytics.text.reading.stop_words import bare, common_stop_words, listed, stop_words_for, stop_words_of
from analytics.text.topics.names import name_clusters

ENGLISH, FRENCH = listed("en"), listed("fr")


@pytest.mark.parametrize(
    "word", ["the", "don't", "didn’t", "i'd", "i’ve", "what's", "they'll", "dont", "won't"]
)
def test_what_english_only_joins_with_says_nothing(word: str) -> None:
    assert bare(word, ENGLISH) == ""


@pytest.mark.parametrize(
    ("word", "stop", "said"),
    [
        ("customer's", ENGLISH, "customer"),
        ("o'brien", ENGLISH, "o'brien"),
        ("l'hôtel", FRENCH, "hôtel"),
        ("d’argent", FRENCH, "argent"),
        ("qu'il", FRENCH, ""),
        ("dell'arte", listed("it"), "arte"),
        ("istanbul'da", listed("tr"), "istanbul'da"),
    ],
)
def test_what_is_elided_is_left_out(word: str, stop: frozenset[str], said: str) -> None:
    assert bare(word, stop) == said


GERMAN = "Die Lieferung war viel zu spät und der Kundendienst hat sich bei uns nicht gemeldet"
ITALIAN = "La camera era molto sporca e il personale non ha fatto niente per aiutarci"
RUSSIAN = "Доставка была очень долгой и мы не получили никакого ответа от магазина"
MORE = "The delivery was much too late and they have not told us anything about it"


def test_every_text_has_the_words_of_its_own_language_and_of_the_commonest() -> None:
    found = stop_words_for([MORE] * 4 + [GERMAN, RUSSIAN])
    assert "the" in found[0] and "und" not in found[0]
    assert {"the", "und"} <= found[4] and {"the", "очень"} <= found[5]
    assert stop_words_for([GERMAN] * 3) == [listed("de")] * 3
    assert stop_words_for([]) == [] and stop_words_for(["12", "!"]) == [ENGLISH] * 2
    assert {"the", "und"} <= common_stop_words([GERMAN] * 3) and "und" in stop_words_of(GERMAN)


@pytest.mark.parametrize(("text", "code"), [(GERMAN, "de"), (ITALIAN, "it"), (RUSSIAN, "ru"), (MORE, "en")])
def test_no_name_of_a_topic_is_a_stop_word_of_its_language(text: str, code: str) -> None:
    texts = [text] * 5 + ["zebra river mountain"] * 5
    (name, _) = name_clusters(texts, np.repeat([0, 1], 5), terms=8)
    words = {word for phrase in name.split(", ") for word in phrase.split()}
    assert words and not words & listed(code)
