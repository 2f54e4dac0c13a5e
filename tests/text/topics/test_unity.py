"""Whether a group is one in the vectors, whatever the map does with its places."""

import numpy as np
import pytest

from analytics.errors import ZetascopeError
from analytics.text.neighbors import neighbor_graph
from analytics.text.topics.unity import group_unity, unity_of_each


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    """A loose group of 80, its texts a little alike, among 320 that have nothing in common."""
    rng = np.random.default_rng(2)
    made = rng.normal(size=(400, 64))
    made[:80, 0] += 6
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def test_a_loose_group_is_one_and_a_random_one_is_none(vectors) -> None:
    graph = neighbor_graph(vectors, k=15)
    loose = group_unity(graph, vectors, np.arange(80))
    similar = vectors[:80] @ vectors[:80].T
    assert loose.similarity == pytest.approx((similar.sum() - 80) / (80 * 79), abs=1e-5)
    assert loose.inside == pytest.approx(np.mean(graph.indices[:80] < 80))
    assert loose.inside_at_random == pytest.approx(79 / 399)
    assert loose.is_one and loose.sentence().startswith("One group among the vectors")
    rng = np.random.default_rng(0)
    for _ in range(20):
        random = group_unity(graph, vectors, rng.choice(400, rng.integers(2, 200), replace=False))
        assert not random.is_one
        assert "No group of its own" in random.sentence()


def test_half_of_two_groups_is_no_group(vectors) -> None:
    """Dense in parts is not enough: most neighbours of its texts are elsewhere."""
    graph = neighbor_graph(vectors, k=15)
    mixed = group_unity(graph, vectors, np.concatenate([np.arange(8), np.arange(100, 140)]))
    assert not mixed.is_one


def test_several_groups_are_compared_as_each_alone_and_one_text_is_none(vectors) -> None:
    graph = neighbor_graph(vectors, k=15)
    groups = [np.arange(80), np.arange(80, 400), np.array([5])]
    first, second, single = unity_of_each(graph, vectors, groups)
    alone = group_unity(graph, vectors, groups[0])
    assert (first.similarity, first.inside) == (alone.similarity, alone.inside)
    assert first.at_random == pytest.approx(alone.at_random, abs=0.01)
    assert second.size == 320 and not single.is_one
    assert single.sentence() == "One text alone is no group."
    with pytest.raises(ZetascopeError, match="at least one row"):
        group_unity(graph, vectors, [])
    with pytest.raises(ZetascopeError, match="give the same rows"):
        group_unity(graph, vectors[:50], [1])
