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
    assert "measured on 60 texts." in sampled.sentence(120)
    assert "measured on 60 texts, whose nearest are those among 120 drawn" in sampled.sentence(1_000)


def test_points_in_one_place_do_not_break_it() -> None:
    found = map_neighbors(np.zeros((30, 2)), k=5)
    assert found.shape == (30, 5)
    assert (found != np.arange(30)[:, None]).all()


@pytest.mark.parametrize("n", [16, 50, 300])
def test_copies_of_one_text_are_rightly_shown_wherever_they_lie(n: int, make_blobs) -> None:
    one = make_blobs([1])
    vectors = np.repeat(one, n, axis=0)
    points = np.random.default_rng(n).normal(size=(n, 2)).astype(np.float32)
    quality = map_quality(vectors, points)
    trust = point_trust(neighbor_graph(vectors, k=45), vectors, points)
    assert (quality.trustworthiness, quality.continuity) == (1.0, 1.0)
    assert (trust.kept.min(), trust.torn.max(), trust.false.max(), trust.chance) == (1, 0, 0, 1)


def test_of_copies_those_count_that_the_map_shows_nearest(make_blobs) -> None:
    """Thirty copies of four texts, each group in its own corner in any order: nothing is torn."""
    vectors = np.repeat(make_blobs([1, 1, 1, 1]), 30, axis=0)
    rng = np.random.default_rng(0)
    points = np.repeat(np.eye(4)[:, :2] * 50 + np.array([[0, 0], [9, 0], [0, 9], [99, 99]]), 30, axis=0)
    points = points + rng.normal(size=points.shape)
    quality = map_quality(vectors, points)
    trust = point_trust(neighbor_graph(vectors, k=45), vectors, points)
    assert quality.continuity == 1.0 and quality.trustworthiness == 1.0
    assert trust.kept.min() == 1 and trust.torn.max() == 0
    shuffled = points[rng.permutation(120)]
    assert map_quality(vectors, shuffled).continuity < 0.9
    assert point_trust(neighbor_graph(vectors, k=45), vectors, shuffled).torn.mean() > 0.05


@pytest.mark.slow
@pytest.mark.parametrize("copies", [1, 6, 40])
def test_chance_is_what_a_shuffled_map_shows(copies: int, make_blobs) -> None:
    vectors = np.repeat(make_blobs([40, 20]), copies, axis=0)[:160]
    graph, rng = neighbor_graph(vectors, k=45), np.random.default_rng(1)
    points = rng.normal(size=(len(vectors), 2)).astype(np.float32)
    shown = [point_trust(graph, vectors, points[rng.permutation(len(points))]).kept.mean() for _ in range(60)]
    stated = point_trust(graph, vectors, points).chance
    assert abs(np.mean(shown) - stated) < 4 * np.std(shown) / np.sqrt(60) + 1e-12


def test_the_sentence_says_k_and_what_chance_would_show(three_blobs, make_blobs) -> None:
    few = make_blobs([16])
    points = np.random.default_rng(0).normal(size=(16, 2))
    said = point_trust(neighbor_graph(few, k=45), few, points).sentence()
    assert said == (
        "Of the 15 texts that are truly nearest to a text, the map shows 100% among its 15 nearest; a map at "
        "random would show 100%: with 16 texts this says little."
    )
    assert map_quality(few, points).sentence(16).startswith("Over the 7 nearest, trustworthiness is 0.")
    points = np.random.default_rng(0).normal(size=(120, 2))
    said = point_trust(neighbor_graph(three_blobs, k=45), three_blobs, points).sentence()
    assert said.endswith("among its 15 nearest; a map at random would show 13%.")
    two = make_blobs([2])
    assert (
        "Of the 1 text that is truly nearest"
        in point_trust(neighbor_graph(two, k=45), two, points[:2]).sentence()
    )
    assert map_quality(two, points[:2]).sentence(2) == "Trustworthiness needs four texts or more."
