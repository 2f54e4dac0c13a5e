"""Trust of a map against scikit-learn, the definitions, and maps whose truth is known."""

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from analytics.text import map_trust
from analytics.text.map_trust import map_neighbors, map_quality, point_trust
from analytics.text.neighbors import neighbor_graph


@pytest.mark.parametrize(("n", "k"), [(40, 5), (200, 15), (31, 15)])
def test_equals_scikit_learn(n: int, k: int, make_blobs) -> None:
    vectors = make_blobs([n // 2, n - n // 2])
    points = np.random.default_rng(1).normal(size=(n, 2)).astype(np.float32)
    quality = map_quality(vectors, points, k=k)
    k = min(k, (n - 1) // 2)
    assert quality.trustworthiness == pytest.approx(
        trustworthiness(vectors, points, n_neighbors=k, metric="cosine"), abs=1e-4
    )


def test_continuity_by_the_definition(three_blobs) -> None:
    points = np.random.default_rng(2).normal(size=(120, 2))
    k, n = 7, 120
    true = 1 - three_blobs.astype(float) @ three_blobs.T
    shown = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    np.fill_diagonal(true, np.inf)
    np.fill_diagonal(shown, np.inf)
    ranks = shown.argsort(axis=1).argsort(axis=1) + 1
    nearest = true.argsort(axis=1)[:, :k]
    excess = sum(max(ranks[i, j] - k, 0) for i in range(n) for j in nearest[i])
    expected = 1 - 2 / (n * k * (2 * n - 3 * k - 1)) * excess
    assert map_quality(three_blobs, points, k=k).continuity == pytest.approx(expected, abs=1e-9)


def test_a_perfect_map_is_wholly_trusted() -> None:
    angle = np.linspace(0, np.pi / 2, 80)
    vectors = np.column_stack([np.cos(angle), np.sin(angle)]).astype(np.float32)
    trust = point_trust(neighbor_graph(vectors, k=45), vectors, vectors)
    quality = map_quality(vectors, vectors)
    assert trust.kept.mean() > 0.98 and trust.torn.max() == 0 and trust.false.max() == 0
    assert quality.trustworthiness > 0.999 and quality.continuity > 0.999


def test_a_shuffled_map_is_not(three_blobs) -> None:
    points = np.random.default_rng(3).normal(size=(120, 2)).astype(np.float32)
    trust = point_trust(neighbor_graph(three_blobs, k=45), three_blobs, points)
    assert trust.kept.mean() == pytest.approx(15 / 119, abs=0.04)  # what chance gives
    assert trust.torn.mean() == pytest.approx(1 - 45 / 119, abs=0.06)


def test_one_moved_point_is_found(three_blobs) -> None:
    from analytics.text.projection import project

    projection = project(three_blobs)
    points = projection.points.copy()
    points[0] = points[three_blobs @ three_blobs[0] < 0.2].mean(axis=0)
    before = projection.trust[0]
    after = point_trust(projection.neighbors, three_blobs, points)
    assert after.kept[0] < before / 2
    assert after.torn[0] > 0.9 and after.false[0] > 0.9


def test_shares_count_what_is_kept(three_blobs) -> None:
    points = np.random.default_rng(4).normal(size=(120, 2)).astype(np.float32)
    graph = neighbor_graph(three_blobs, k=45)
    shown = map_neighbors(points, k=45)
    kept = [
        len(set(a[:15]) & set(b[:15])) / 15
        for a, b in zip(graph.indices.tolist(), shown.tolist(), strict=True)
    ]
    np.testing.assert_allclose(point_trust(graph, three_blobs, points).kept, kept)
    torn = [
        1 - len(set(a[:15]) & set(b)) / 15
        for a, b in zip(graph.indices.tolist(), shown.tolist(), strict=True)
    ]
    np.testing.assert_allclose(point_trust(graph, three_blobs, points).torn, torn, atol=1e-12)


def test_a_sample_of_rows_is_close_and_states_its_error(three_blobs, monkeypatch) -> None:
    points = np.random.default_rng(5).normal(size=(120, 2))
    exact = map_quality(three_blobs, points)
    monkeypatch.setattr(map_trust, "EXACT_ROWS", 50)
    monkeypatch.setattr(map_trust, "SAMPLE_ROWS", 60)
    sampled = map_quality(three_blobs, points)
    assert (exact.rows, exact.error, sampled.rows) == (120, 0.0, 60)
    assert abs(sampled.trustworthiness - exact.trustworthiness) < 4 * sampled.error


def test_points_in_one_place_do_not_break_it() -> None:
    found = map_neighbors(np.zeros((30, 2)), k=5)
    assert found.shape == (30, 5)
    assert (found != np.arange(30)[:, None]).all()
