"""Search by meaning and words."""

import numpy as np
import pytest

from analytics.errors import ZetascopeError
from analytics.text.finding.search import contains_all, index_words, search, search_mixed

TEXTS = ("The card was lost", "lost and found", "Where is my CARD?", "good morning", "東京 の 天気", "")


def test_search_is_the_exact_cosine_ranking(three_blobs) -> None:
    hits = search(three_blobs[7], three_blobs, k=10)
    similarity = three_blobs @ three_blobs[7]
    assert hits.rows[0] == 7
    np.testing.assert_array_equal(hits.rows, np.argsort(-similarity, kind="stable")[:10])
    np.testing.assert_allclose(hits.similarity, np.sort(similarity)[::-1][:10])
    assert len(search(three_blobs[7], three_blobs, k=10_000).rows) == 120
    with pytest.raises(ZetascopeError, match="same encoder"):
        search(np.ones(3), three_blobs)


def test_words_lift_what_says_them() -> None:
    index = index_words(TEXTS)
    vectors = np.eye(6, dtype=np.float32)
    equal = np.full(6, 6**-0.5, dtype=np.float32)
    hits = search_mixed("lost card", equal, vectors, texts=TEXTS, index=index, k=6)
    assert hits.rows[0] == 0
    assert hits.word_match[0] == max(hits.word_match)
    assert set(hits.rows.tolist()) == set(range(6))


def test_meaning_still_ranks_without_shared_words() -> None:
    vectors = np.eye(6, dtype=np.float32)
    hits = search_mixed("zzz", vectors[3], vectors, texts=TEXTS, index=index_words(TEXTS), k=2)
    assert hits.rows[0] == 3


def test_quoted_words_must_occur() -> None:
    vectors = np.eye(6, dtype=np.float32)
    hits = search_mixed('where "card"', vectors[3], vectors, texts=TEXTS, index=index_words(TEXTS))
    assert sorted(hits.rows.tolist()) == [0, 2]
    none = search_mixed('"no such phrase"', vectors[3], vectors, texts=TEXTS, index=index_words(TEXTS))
    assert len(none.rows) == 0
    assert contains_all(TEXTS, ["東京"]).tolist() == [False, False, False, False, True, False]


def test_texts_without_words_can_be_searched() -> None:
    hits = search_mixed("hi", np.ones(2) / 2**0.5, np.eye(2), texts=["?", "!"], index=index_words(["?", "!"]))
    assert len(hits.rows) == 2


def test_what_is_like_a_row_leaves_the_row_itself_out(three_blobs) -> None:
    found = search(three_blobs[7], three_blobs, k=5, without=7)
    assert len(found.rows) == 5 and 7 not in found.rows
    np.testing.assert_array_equal(found.rows, search(three_blobs[7], three_blobs, k=6).rows[1:])
    assert len(search(three_blobs[7], three_blobs, k=500, without=7).rows) == 119


def test_by_meaning_is_in_order_of_meaning_and_by_words_in_order_of_words() -> None:
    rng = np.random.default_rng(4)
    vectors = rng.normal(size=(6, 5)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    how = {"texts": TEXTS, "index": index_words(TEXTS), "k": 6}
    meaning = search_mixed("lost card", vectors[3], vectors, by="meaning", **how)
    assert meaning.rows.tolist() == np.argsort(-(vectors @ vectors[3]), kind="stable").tolist()
    words = search_mixed("lost card", vectors[3], vectors, by="words", **how)
    assert sorted(words.rows.tolist()) == [0, 1, 2] and words.rows[0] == 0
    assert (np.diff(words.word_match) <= 0).all()
    quoted = search_mixed('"card"', vectors[3], vectors, by="meaning", **how)
    assert sorted(quoted.rows.tolist()) == [0, 2] and (np.diff(quoted.similarity) <= 0).all()
    with pytest.raises(ZetascopeError, match="not by 'sound'"):
        search_mixed("a", vectors[3], vectors, by="sound", **how)


def test_below_the_floor_only_shared_words_make_a_hit_alike() -> None:
    vectors = np.eye(6, dtype=np.float32)
    query = np.array([0.5, 0.2, 0.1, 0.8, 0, 0], dtype=np.float32)
    found = search_mixed("lost", query, vectors, texts=TEXTS, index=index_words(TEXTS), k=6, floor=0.4)
    alike = dict(zip(found.rows.tolist(), found.alike.tolist(), strict=True))
    assert alike == {0: True, 1: True, 2: False, 3: True, 4: False, 5: False}
    assert found.only(found.alike).floor == 0.4 and len(found.only(found.alike).rows) == 3


def test_words_that_tell_nothing_make_no_hit() -> None:
    texts = [f"how do i reset the code of gadget {n}" for n in range(50)] + [
        "ich habe die Karte verloren"
    ] * 50
    index = index_words(texts)
    vectors = np.zeros((100, 2), np.float32)
    vectors[:, 0] = 1

    def found(query: str, by: str = "meaning") -> int:
        away = np.array([0, 1], np.float32)
        hits = search_mixed(query, away, vectors, texts=texts, index=index, k=100, by=by, floor=0.5)
        return int(hits.alike.sum())

    assert found("how do i bake bread") == found("how do i bake bread", "words") == 0
    assert found("ich habe Brot") == 0
    assert found("how do i fix gadget 7") == found("how do i fix gadget 7", "words") == 1
    assert found("karte") == found("die Karte") == 50
    assert found("how do i") == 50
