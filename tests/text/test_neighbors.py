"""The neighbour graph against brute force, and its behaviour among copies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from analytics.errors import ZetascopeError
from analytics.text.neighbors import nearest_to, neighbor_graph


def unit(seed: int, n: int, d: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(2, 60), d=st.integers(2, 30), k=st.integers(1, 20))
def test_equals_brute_force(seed: int, n: int, d: int, k: int) -> None:
    vectors = unit(seed, n, d)
    graph = neighbor_graph(vectors, k=k)
    distances = cdist(vectors.astype(float), vectors.astype(float), "cosine")
    np.fill_diagonal(distances, np.inf)
    assert graph.k == min(k, n - 1)
    expected = np.sort(distances, axis=1)[:, : graph.k]
    np.testing.assert_allclose(graph.distances, expected, atol=2e-6)
    found = np.take_along_axis(distances, graph.indices, axis=1)
    np.testing.assert_allclose(found, expected, atol=2e-6)
    assert (graph.indices != np.arange(n)[:, None]).all()
    assert all(len(set(row)) == graph.k for row in graph.indices.tolist())


def test_blocks_join_seamlessly() -> None:
    vectors = unit(1, 9_500, 8)
    graph = neighbor_graph(vectors, k=3)
    rows = np.array([0, 1023, 1024, 8191, 8192, 9_499])
    similarity = vectors[rows] @ vectors.T
    similarity[np.arange(len(rows)), rows] = -9
    np.testing.assert_array_equal(graph.indices[rows], np.argsort(-similarity, axis=1)[:, :3])


def test_copies_are_at_distance_zero_and_never_their_own_neighbour() -> None:
    vectors = np.repeat(unit(2, 3, 8), 20, axis=0)
    graph = neighbor_graph(vectors, k=5)
    assert (graph.distances == 0).all()
    assert (graph.indices != np.arange(60)[:, None]).all()
    assert (graph.indices // 20 == (np.arange(60) // 20)[:, None]).all()


def test_a_query_does_not_depend_on_its_companions() -> None:
    vectors, queries = unit(3, 500, 32), unit(4, 40, 32)
    indices, distances = nearest_to(queries, vectors, k=7)
    for row, query in enumerate(queries):
        one_index, one_distance = nearest_to(query[None], vectors, k=7)
        np.testing.assert_array_equal(one_index[0], indices[row])
        np.testing.assert_array_equal(one_distance[0], distances[row])


def test_too_few_vectors_are_told() -> None:
    with pytest.raises(ZetascopeError, match="at least two"):
        neighbor_graph(unit(0, 1, 4))
    with pytest.raises(ZetascopeError, match="k is 0"):
        neighbor_graph(unit(0, 5, 4), k=0)


def test_progress_counts_rows() -> None:
    seen = []
    neighbor_graph(unit(5, 3000, 4), k=2, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(500, 3000), (1000, 3000), (1500, 3000), (2000, 3000), (2500, 3000), (3000, 3000)]


def test_a_cancelled_graph_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from analytics.text import compiled

    merged = []
    whole = compiled.keep_nearest_both
    monkeypatch.setattr(compiled, "keep_nearest_both", lambda *args: (merged.append(1), whole(*args)))

    def stop(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        neighbor_graph(unit(5, 20_000, 4), k=2, progress=stop)
    assert len(merged) < 20  # of 190 blocks


def test_equal_similarities_go_to_the_lower_row() -> None:
    vectors = np.repeat(unit(1, 3, 8), [1500, 700, 1], axis=0)
    graph = neighbor_graph(vectors, k=4)
    assert (graph.indices[10] == [0, 1, 2, 3]).all()
    assert (graph.indices[1510] == [1500, 1501, 1502, 1503]).all()
    assert (graph.indices[1501] == [1500, 1502, 1503, 1504]).all()


@pytest.mark.slow
def test_the_approximate_graph_states_its_recall(make_blobs) -> None:
    vectors = make_blobs([400] * 5, dimension=32)
    exact = neighbor_graph(vectors, k=10)
    approximate = neighbor_graph(vectors, k=10, exact_limit=100)
    hits = np.mean(
        [len(np.intersect1d(a, b)) / 10 for a, b in zip(exact.indices, approximate.indices, strict=True)]
    )
    assert exact.recall == 1 and exact.exact and not approximate.exact
    assert not approximate.nearest(3).exact
    assert approximate.recall == pytest.approx(hits, abs=0.03)
    assert approximate.recall > 0.9
