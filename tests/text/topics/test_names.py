"""Names of topics: phrases, without markup and near repeats, no two the same."""

import re

import numpy as np
import pytest

from analytics.text.topics.names import name_clusters, short_names
from analytics.text.topics.phrases import count_phrases, phrases_of
from analytics.text.words import learn_words

STOP = frozenset({"the", "of", "is", "and"})


def phrases(text: str) -> list[str]:
    return phrases_of(text, learn_words([text]), STOP)


def test_phrases_are_one_to_three_words_between_stop_words_and_pauses() -> None:
    assert phrases("the exchange rate of the euro") == ["exchange", "rate", "exchange rate", "euro"]
    assert phrases("lost card, new phone") == ["lost", "card", "lost card", "new", "phone", "new phone"]
    assert "afp afp" not in phrases("afp afp afp said")
    assert "one two three" in phrases("one two three four") and "one two three four" not in phrases(
        "one two three four"
    )


@pytest.mark.parametrize(
    "markup",
    [
        "profits &mdash; up",
        "profits mdash up",
        "<b>profits</b> up",
        "profits lt;b&gt; up",
        "profits quot;up quot;",
        "profits #39;s up",
        "profits &amp;nbsp; up https://a.example/x?y=html",
        'profits <a href="http://www.example.com/x">up</a>',
        "profits <br/> up &#8212; &quot;",
    ],
)
def test_markup_is_no_name(markup: str) -> None:
    (name,) = name_clusters([f"{markup} {n}" for n in range(6)], np.zeros(6, int), terms=8)
    assert set(re.split(", | ", name)) == {"profits"} or set(re.split(", | ", name)) == {"profits", "up"}


def test_near_repeats_are_told_once() -> None:
    texts = ["currencies currency currency", "transfer transferred fee fees", "library libraries librarians"]
    for text in texts:
        (name,) = name_clusters([text] * 5, np.zeros(5, int))
        stems = [word[:3] for word in re.split(", | ", name)]
        assert len(stems) == len(set(stems)), name


def test_a_phrase_stands_for_a_word_that_is_nearly_always_in_it() -> None:
    texts = ["my exchange rate is wrong"] * 4 + ["an exchange rate please"] * 4 + ["a cat and a dog"] * 8
    names = name_clusters(texts, np.repeat([0, 1], 8))
    assert "exchange rate" in names[0].split(", ")


def test_two_words_that_stand_together_are_one_phrase() -> None:
    texts = ["new york", "new york subway", "a new day in new york", "new shoes"] * 3
    names = name_clusters([*texts, *["cat dog"] * 12], np.repeat([0, 1], 12))
    assert "new york" in names[0].split(", ") and "york" not in names[0].split(", ")


def test_names_are_contrasted_with_the_neighbours() -> None:
    """Two near topics share their commonest word; each is called by what it has alone."""
    shared = "market "
    texts = [shared * 6 + "oil oil"] * 10 + [shared * 6 + "bank bank"] * 10 + ["zebra river"] * 200
    labels = np.repeat([0, 1, 2], [10, 10, 200])
    near = np.array([[1.0, 0.1, 0], [1.0, -0.1, 0], [0, 0, 1.0]], dtype=np.float32)
    vectors = np.repeat(near / np.linalg.norm(near, axis=1, keepdims=True), [10, 10, 200], axis=0)
    alone = name_clusters(texts, labels, terms=1)
    beside = name_clusters(texts, labels, terms=1, vectors=vectors)
    assert alone[0].startswith("market")
    assert [name.split()[-1] for name in beside[:2]] == ["oil", "bank"]


def test_labels_that_two_topics_share_get_longer() -> None:
    names = ("card, phone, lost", "card, phone, stolen", "pin, code, new", "card, phone, lost")
    assert short_names(names) == (
        "card, phone, lost",
        "card, phone, stolen",
        "pin, code",
        "card, phone, lost (2)",
    )
    found = name_clusters(["same words"] * 8, np.repeat([0, 1], 4))
    assert len(set(found)) == 2


def test_counted_phrases_serve_every_cut() -> None:
    texts = ["lost card", "lost card", "new pin", "new pin", "old phone", "old phone"] * 2
    counted = count_phrases(texts)
    for labels in (np.arange(12) % 6 // 2, np.arange(12) % 2, np.where(np.arange(12) % 6 < 4, 0, -1)):
        assert name_clusters(texts, labels, phrases=counted) == name_clusters(texts, labels)
