"""Search by meaning and words, planted copies, and texts far from all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from analytics.errors import ZetascopeError
from analytics.text.duplicates import near_duplicates, semantic_outliers
from analytics.text.neighbors import neighbor_graph
from analytics.text.search import contains_all, index_words, search, search_mixed

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


@settings(max_examples=25, deadline=None)
@given(copies=st.lists(st.integers(2, 30), min_size=1, max_size=4), seed=st.integers(0, 99))
def test_planted_copies_are_one_group_each(copies: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    base = rng.normal(size=(len(copies) + 20, 64)).astype(np.float32)
    vectors = np.vstack([np.repeat(base[: len(copies)], copies, axis=0), base[len(copies) :]])
    truth = np.concatenate([np.repeat(np.arange(len(copies)), copies), np.full(20, -1)])
    order = rng.permutation(len(vectors))
    vectors = vectors[order] / np.linalg.norm(vectors[order], axis=1, keepdims=True)
    groups = near_duplicates(neighbor_graph(vectors, k=15), 0.99)
    assert groups.count == len(copies)
    for group in range(len(copies)):
        assert len(set(groups.labels[truth[order] == group])) == 1
    assert (groups.labels[truth[order] == -1] == -1).all()
    assert groups.surplus == sum(copies) - len(copies)
    sizes = np.bincount(groups.labels[groups.labels >= 0])
    assert (np.diff(sizes) <= 0).all()


def test_copies_beyond_k_hide_nothing() -> None:
    """60 copies of each of two texts with a cosine of 0.97 are one group, with 119 to spare."""
    angles = np.repeat([0.0, np.arccos(0.97), 2.0], [60, 60, 1])
    vectors = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    graph = neighbor_graph(vectors, k=15)
    groups = near_duplicates(graph, 0.95, vectors=vectors)
    assert (groups.count, groups.surplus) == (1, 119)
    assert groups.labels.tolist() == [0] * 120 + [-1] and groups.similarity[0] == 1
    apart = near_duplicates(graph, 0.98, vectors=vectors)
    assert (apart.count, apart.surplus) == (2, 118)
    same = near_duplicates(neighbor_graph(vectors[:60], k=15), vectors=vectors[:60])
    assert (same.count, same.surplus) == (1, 59)


@settings(max_examples=25, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 70), min_size=1, max_size=5),
    spread=st.sampled_from([0.0, 1e-7, 0.003, 0.02, 0.05]),
    threshold=st.sampled_from([0.9, 0.95, 0.97, 0.99]),
    seed=st.integers(0, 99),
)
def test_groups_are_those_of_all_pairs_however_many_are_alike(
    sizes: list[int], spread: float, threshold: float, seed: int
) -> None:
    """Groups of varied copies whose centres are near each other, against every pair compared."""
    rng = np.random.default_rng(seed)
    centres = np.array([1.0, *np.zeros(7)]) + rng.normal(scale=0.09, size=(len(sizes), 8))
    vectors = np.repeat(centres, sizes, axis=0) + rng.normal(scale=spread, size=(sum(sizes), 8))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    if len(vectors) < 2:
        return
    distance = 1 - vectors.astype(float) @ vectors.T.astype(float)
    if (np.abs(distance - (1 - threshold)) < 3e-6).any():
        return  # a pair on the edge, where rounding decides
    _, part = connected_components(csr_array(distance <= 1 - threshold), directed=False)
    found = near_duplicates(neighbor_graph(vectors, k=15), threshold, vectors=vectors).labels
    alone = np.bincount(part)[part] == 1
    np.testing.assert_array_equal(found == -1, alone)
    pairs = set(zip(part[~alone].tolist(), found[~alone].tolist(), strict=True))
    assert len(pairs) == len({one for one, _ in pairs}) == len({other for _, other in pairs})


def test_the_threshold_is_the_similarity() -> None:
    angles = np.array([0, np.arccos(0.96), np.pi / 2])
    vectors = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    graph = neighbor_graph(vectors, k=2)
    assert near_duplicates(graph, 0.959).labels.tolist() == [0, 0, -1]
    assert near_duplicates(graph, 0.961).labels.tolist() == [-1, -1, -1]
    assert near_duplicates(graph, 0.959).similarity[0] == pytest.approx(0.96, abs=1e-5)
    assert near_duplicates(graph, 0.959).similarity[2] == 0
    with pytest.raises(ZetascopeError, match=r"threshold is 1\.5"):
        near_duplicates(graph, 1.5)


def test_a_stray_text_is_the_most_unusual(three_blobs) -> None:
    vectors = np.vstack([three_blobs, -three_blobs.mean(axis=0) / np.linalg.norm(three_blobs.mean(axis=0))])
    graph = neighbor_graph(vectors, k=15)
    unusual = semantic_outliers(graph)
    assert unusual.rows(1)[0] == 120
    assert unusual.percentile[120] == 100
    np.testing.assert_allclose(unusual.distance, graph.distances[:, :10].mean(axis=1))


def test_what_is_like_a_row_leaves_the_row_itself_out(three_blobs) -> None:
    found = search(three_blobs[7], three_blobs, k=5, without=7)
    assert len(found.rows) == 5 and 7 not in found.rows
    np.testing.assert_array_equal(found.rows, search(three_blobs[7], three_blobs, k=6).rows[1:])
    assert len(search(three_blobs[7], three_blobs, k=500, without=7).rows) == 119
