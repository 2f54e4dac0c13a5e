"""Near duplicates: planted copies, no chains, and the row that stays."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import ZetascopeError
from analytics.text.finding import duplicates
from analytics.text.finding.duplicates import kept_rows, near_duplicates
from analytics.text.neighbors import neighbor_graph


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(copies=st.lists(st.integers(2, 30), min_size=1, max_size=4), seed=st.integers(0, 99))
def test_planted_copies_are_one_group_each(copies: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    base = rng.normal(size=(len(copies) + 20, 64)).astype(np.float32)
    vectors = np.vstack([np.repeat(base[: len(copies)], copies, axis=0), base[len(copies) :]])
    truth = np.concatenate([np.repeat(np.arange(len(copies)), copies), np.full(20, -1)])
    order = rng.permutation(len(vectors))
    vectors = vectors[order] / np.linalg.norm(vectors[order], axis=1, keepdims=True)
    groups = near_duplicates(neighbor_graph(vectors, k=15), 0.99, vectors=vectors)
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


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 70), min_size=1, max_size=5),
    spread=st.sampled_from([0.0, 1e-7, 0.003, 0.02, 0.05]),
    threshold=st.sampled_from([0.9, 0.95, 0.97, 0.99]),
    seed=st.integers(0, 99),
)
def test_no_pair_of_a_group_is_below_the_threshold_and_no_two_groups_could_be_one(
    sizes: list[int], spread: float, threshold: float, seed: int
) -> None:
    """Groups of varied copies whose centres are near each other, against every pair compared."""
    rng = np.random.default_rng(seed)
    centres = np.array([1.0, *np.zeros(7)]) + rng.normal(scale=0.09, size=(len(sizes), 8))
    vectors = np.repeat(centres, sizes, axis=0) + rng.normal(scale=spread, size=(sum(sizes), 8))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    if len(vectors) < 2:
        return
    similar = vectors.astype(float) @ vectors.T.astype(float)
    found = near_duplicates(neighbor_graph(vectors, k=15), threshold, vectors=vectors)
    groups = found.members() + [np.array([row]) for row in np.flatnonzero(found.labels < 0)]
    assert sum(map(len, groups)) == len(vectors)
    for place, group in enumerate(groups):
        assert similar[np.ix_(group, group)].min() >= threshold - 3e-6
        if len(group) > 1:
            assert found.worst[place] == pytest.approx(similar[np.ix_(group, group)].min(), abs=3e-6)
        for other in groups[:place]:
            assert similar[np.ix_(group, other)].min() < threshold + 3e-6


def test_a_chain_of_likes_is_no_group() -> None:
    """Steps of 0.96 from one end to the other: neighbours pair up, the ends never meet."""
    angles = np.arange(12) * np.arccos(0.96)
    vectors = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    groups = near_duplicates(neighbor_graph(vectors, k=11), 0.95, vectors=vectors)
    assert groups.worst.min() >= 0.95
    assert max(map(len, groups.members())) == 2


def test_many_rows_that_hang_together_are_still_complete(monkeypatch) -> None:
    monkeypatch.setattr(duplicates, "_COMPARED", 30)
    angles = np.sort(np.random.default_rng(1).uniform(0, 2, 300))
    vectors = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    groups = near_duplicates(neighbor_graph(vectors, k=20), 0.999, vectors=vectors)
    assert groups.count > 10
    for rows in groups.members():
        assert (vectors[rows] @ vectors[rows].T).min() >= 0.999 - 1e-6


def test_the_kept_row_is_stated_with_its_reason() -> None:
    vectors = np.eye(4, dtype=np.float32)[[0, 0, 0, 1, 1, 2]]
    texts = ["a card", "a lost card", "a lost card", "four", "five", "alone"]
    groups = near_duplicates(neighbor_graph(vectors, k=3), vectors=vectors)
    longest = kept_rows(groups, texts, vectors=vectors)
    assert [kept.row for kept in longest] == [1, 3]
    assert longest[0].reason == "the longest: 11 characters, the first of 2 as long"
    assert longest[1].reason == "the first: all are 4 characters long"
    assert [kept.row for kept in kept_rows(groups, texts, vectors=vectors, keep="first")] == [0, 3]
    with pytest.raises(ZetascopeError, match="longest or the first or the typical"):
        kept_rows(groups, texts, vectors=vectors, keep="best")
    with pytest.raises(ZetascopeError, match="give a text for each"):
        kept_rows(groups, texts[:2], vectors=vectors)


def test_the_most_typical_row_is_nearest_to_the_others() -> None:
    angles = np.array([0.0, 0.1, 0.22, 2.0])
    vectors = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    groups = near_duplicates(neighbor_graph(vectors, k=3), 0.97, vectors=vectors)
    (kept,) = kept_rows(groups, ["a", "b", "c", "d"], vectors=vectors, keep="typical")
    mean = (np.cos(0.1) + np.cos(0.12)) / 2
    assert (kept.row, kept.reason) == (1, f"the most typical: mean similarity {mean:.3f} to the others")


def test_the_threshold_is_the_similarity() -> None:
    angles = np.array([0, np.arccos(0.96), np.pi / 2])
    vectors = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    graph = neighbor_graph(vectors, k=2)
    assert near_duplicates(graph, 0.959, vectors=vectors).labels.tolist() == [0, 0, -1]
    assert near_duplicates(graph, 0.961, vectors=vectors).labels.tolist() == [-1, -1, -1]
    assert near_duplicates(graph, 0.959, vectors=vectors).similarity[0] == pytest.approx(0.96, abs=1e-5)
    assert near_duplicates(graph, 0.959, vectors=vectors).similarity[2] == 0
    with pytest.raises(ZetascopeError, match=r"threshold is 1\.5"):
        near_duplicates(graph, 1.5, vectors=vectors)
