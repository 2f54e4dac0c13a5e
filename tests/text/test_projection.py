"""The map: equal to umap-learn's graph, as trustworthy, repeatable, and honest about new points."""

import importlib
import threading
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tqdm import tqdm

from analytics.errors import ZetascopeError
from analytics.text.fuzzy_graph import curve_parameters, fuzzy_graph
from analytics.text.neighbors import neighbor_graph
from analytics.text.projection import MapParameters, Projection, principal_axes, project, spread


def test_groups_are_islands(three_blobs) -> None:
    points = project(three_blobs).points
    groups = [points[:60], points[60:100], points[100:]]
    centres = np.array([group.mean(axis=0) for group in groups])
    spread = max(
        np.linalg.norm(group - centre, axis=1).max() for group, centre in zip(groups, centres, strict=True)
    )
    apart = min(np.linalg.norm(centres[i] - centres[j]) for i, j in ((0, 1), (0, 2), (1, 2)))
    assert apart > 2 * spread


@pytest.mark.slow
def test_same_seed_same_map(three_blobs) -> None:
    first, again, other = (project(three_blobs, seed=seed).points for seed in (7, 7, 8))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("method", ["umap", "pca"])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_shapes(three_blobs, method: str, dimensions: int) -> None:
    projection = project(three_blobs, method=method, dimensions=dimensions)
    assert projection.points.shape == (120, dimensions)
    assert projection.points.dtype == np.float32
    assert projection.trust.shape == (120,)
    assert 0 <= projection.trust.min() <= projection.trust.max() <= 1


def test_principal_axes_equal_the_singular_vectors(three_blobs) -> None:
    axes = principal_axes(three_blobs, 2)
    centred = three_blobs.astype(float) - three_blobs.mean(axis=0)
    _, singular, rows = np.linalg.svd(centred, full_matrices=False)
    for column in range(2):
        assert abs(axes.directions[:, column] @ rows[column]) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(axes.variance_share, (singular**2 / (singular**2).sum())[:2], rtol=1e-4)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 14, 16])
def test_few_texts_still_make_a_map(n: int, three_blobs) -> None:
    projection = project(three_blobs[:n])
    assert projection.points.shape == (n, 2)
    assert np.isfinite(projection.points).all()
    points, percentile = projection.transform(three_blobs[60:62])
    assert np.isfinite(points).all() and ((percentile >= 0) & (percentile <= 100)).all()


def test_identical_texts_make_a_map(three_blobs) -> None:
    projection = project(np.repeat(three_blobs[:1], 40, axis=0))
    assert np.isfinite(projection.points).all()
    assert projection.trust.min() == 1


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(n=st.integers(1, 40), copies=st.integers(1, 5), seed=st.integers(0, 100))
def test_any_mixture_of_copies_is_finite(n: int, copies: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(size=(n, 6)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    projection = project(np.repeat(vectors, copies, axis=0))
    assert np.isfinite(projection.points).all()
    assert np.isfinite([projection.trustworthiness, projection.continuity]).all()


@pytest.mark.slow
def test_new_points_do_not_depend_on_their_companions(make_blobs) -> None:
    vectors = make_blobs([200, 200, 50])
    projection = project(vectors[::2])
    before = projection.points.copy()
    batch, percentile = projection.transform(vectors[1::2])
    order = np.random.default_rng(0).permutation(len(batch))
    shuffled, _ = projection.transform(vectors[1::2][order])
    np.testing.assert_array_equal(shuffled, batch[order])
    for row in range(0, len(batch), 9):
        single, one = projection.transform(vectors[1::2][row])
        np.testing.assert_array_equal(single[0], batch[row])
        assert one[0] == percentile[row]
    np.testing.assert_array_equal(projection.points, before)


def test_new_points_land_beside_their_like(make_blobs) -> None:
    vectors = make_blobs([100, 100])
    projection = project(vectors[::2])
    centres = np.array([projection.points[:50].mean(axis=0), projection.points[50:].mean(axis=0)])
    placed, percentile = projection.transform(vectors[1::2])
    nearest = np.linalg.norm(placed[:, None] - centres[None], axis=2).argmin(axis=1)
    np.testing.assert_array_equal(nearest, np.repeat([0, 1], 50))
    assert 20 < percentile.mean() < 80


def test_a_known_text_goes_to_its_place_and_a_strange_one_is_marked(three_blobs) -> None:
    projection = project(three_blobs)
    known, _ = projection.transform(three_blobs[[5, 70]])
    np.testing.assert_array_equal(known, projection.points[[5, 70]])
    strange = -three_blobs[:1]
    assert projection.transform(strange)[1][0] == 100


@pytest.mark.parametrize("n", [100, 500])
def test_one_new_text_of_the_same_kind_in_a_hundred_is_called_strange(n: int, make_blobs) -> None:
    """The percentile is what it says: of texts of the map's own kind, 1 % lie in the last hundredth."""
    vectors = np.random.default_rng(n).permutation(make_blobs([n, n, 400]))
    percentile = project(vectors[:n], method="pca").transform(vectors[n:])[1]
    count = len(percentile)
    for nominal in (0.01, 0.1, 0.5):
        beyond = (percentile >= 100 * (1 - nominal)).mean()
        assert abs(beyond - nominal) < 4 * np.sqrt(nominal * (1 - nominal) * (1 / count + 1 / n)) + 1 / n


def test_a_text_that_is_on_the_map_already_is_not_its_own_neighbour(three_blobs) -> None:
    """It is as far from its neighbours as the map's own text; copies of it are neighbours all the same."""
    vectors = np.vstack([three_blobs, three_blobs[:2]])
    projection = project(vectors)
    near = projection.neighbors.nearest(projection.parameters.n_neighbors - 1).distances.mean(axis=1)
    for row in (0, 5, 70, 115):
        percentile = projection.transform(vectors[[row]])[1][0]
        assert percentile == pytest.approx((near < near[row] - 1e-7).mean() * 100, abs=1)


@pytest.mark.parametrize(
    ("settings_", "word"),
    [
        ({"method": "tsne"}, "tsne"),
        ({"n_neighbors": 1}, "n_neighbors is 1"),
        ({"min_dist": 2.0}, "min_dist is 2.0"),
        ({"dimensions": 4}, "not 4"),
    ],
)
def test_bad_parameters_are_named(three_blobs, settings_: dict, word: str) -> None:
    with pytest.raises(ZetascopeError, match=word):
        project(three_blobs, **settings_)


def test_bad_vectors_are_told(three_blobs) -> None:
    with pytest.raises(ZetascopeError, match="no text"):
        project(np.zeros((0, 8), np.float32))
    broken = three_blobs.copy()
    broken[3, 3] = np.nan
    with pytest.raises(ZetascopeError, match="missing or infinite"):
        project(broken)
    with pytest.raises(ZetascopeError, match="same model"):
        project(three_blobs).transform(np.ones((1, 5)))


def test_progress_may_cancel(three_blobs) -> None:
    def stop(done: int, total: int) -> None:
        assert total == 500
        if done >= 50:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        project(three_blobs, progress=stop)


@pytest.mark.slow
def test_threads_map_at_once_without_mixing(make_blobs) -> None:
    inputs = [make_blobs([80, 60], seed=seed) for seed in range(4)]
    expected = [project(vectors).points for vectors in inputs]
    results: dict[int, np.ndarray] = {}

    def work(index: int) -> None:
        for _ in range(3):
            results[index] = project(inputs[index]).points

    threads = [threading.Thread(target=work, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for index, points in enumerate(expected):
        np.testing.assert_array_equal(results[index], points)


@pytest.mark.slow
def test_graph_and_curve_equal_umap_learn(make_blobs) -> None:
    from umap.umap_ import find_ab_params, fuzzy_simplicial_set

    vectors = np.vstack([make_blobs([150, 150]), make_blobs([5], seed=3).repeat(6, axis=0)])
    graph = neighbor_graph(vectors, k=14)
    own = np.arange(len(vectors))[:, None]
    expected, _, _ = fuzzy_simplicial_set(
        vectors,
        15,
        np.random.RandomState(0),
        "cosine",
        knn_indices=np.hstack([own, graph.indices]),
        knn_dists=np.hstack([np.zeros_like(own, dtype=np.float32), graph.distances]),
    )
    assert abs(fuzzy_graph(graph) - expected).max() < 1e-4
    np.testing.assert_allclose(curve_parameters(0.1), find_ab_params(1.0, 0.1), rtol=1e-6)


@pytest.mark.slow
def test_as_trustworthy_as_umap_learn(make_blobs) -> None:
    from sklearn.manifold import trustworthiness
    from umap import UMAP

    vectors = make_blobs([120] * 8, dimension=40, spread=0.25)
    theirs = UMAP(metric="cosine", random_state=42).fit_transform(vectors)
    measured = [
        trustworthiness(vectors, points, n_neighbors=15, metric="cosine")
        for points in (theirs, project(vectors).points)
    ]
    assert measured[1] > measured[0] - 0.01


@pytest.mark.slow
def test_umap_learn_gives_what_the_own_layout_does_not(three_blobs) -> None:
    kinds = ["a", "b"] * 50 + [None] * 20  # across the groups of the vectors

    def apart(points: np.ndarray) -> float:
        """How far the two kinds' means are from each other, in spreads of all points."""
        one, other = points[:100:2].mean(axis=0), points[1:100:2].mean(axis=0)
        return float(np.linalg.norm(one - other) / points[:100].std())

    told: list[tuple[int, int]] = []
    wide = project(three_blobs, method="umap-learn", dimensions=5, progress=lambda *of: told.append(of))
    assert wide.points.shape == (120, 2) and wide.layout.shape == (120, 5)
    assert told[-1] == (500, 500)
    spans = np.var(wide.layout, axis=0).sum()
    assert 0.4 < np.var(wide.points, axis=0).sum() / spans <= 1.0001  # the two widest directions
    by_metric = project(three_blobs, method="umap-learn", metric="manhattan")
    guided = project(three_blobs, method="umap-learn", guided_by="kind", guide=kinds)
    assert apart(guided.points) > 2 * apart(by_metric.points)
    dense = project(three_blobs, method="umap-learn", density=True)
    assert not np.allclose(dense.points, by_metric.points)
    placed, _ = dense.transform(three_blobs[:3])
    np.testing.assert_array_equal(placed, dense.points[:3])

    def stop(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        project(three_blobs, method="umap-learn", progress=stop)
    # Whoever loads a model next draws a bar, and is not kept waiting for one that was stopped.
    free: list[bool] = []

    def draw_a_bar() -> None:
        lock = tqdm.get_lock().locks[0]
        free.append(lock.acquire(timeout=60))
        lock.release()

    other = threading.Thread(target=draw_a_bar)
    other.start()
    other.join()
    assert free == [True]
    with pytest.raises(ZetascopeError, match="Values to guide by: 2, texts: 120"):
        project(three_blobs, method="umap-learn", guided_by="kind", guide=["a", "b"])


def test_what_only_umap_learn_can_is_told(three_blobs) -> None:
    for choices, said in (
        ({"metric": "manhattan"}, "need the method 'umap-learn'"),
        ({"guided_by": "kind"}, "need the method 'umap-learn'"),
        ({"dimensions": 5}, "by umap-learn up to 50"),
        ({"dimensions": 51, "method": "umap-learn"}, "not 51"),
        ({"metric": "odd", "method": "umap-learn"}, "choose one of cosine"),
        ({"guided_by": "kind", "method": "umap-learn"}, "has a name and values"),
    ):
        with pytest.raises(ZetascopeError, match=said):
            project(three_blobs, **choices)


def test_warm_up_runs_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = importlib.import_module("analytics.text.warm_up")
    done: list[str] = []

    def note(name: str) -> Callable[..., object]:
        real = getattr(steps, name)

        def noted(*arguments: object) -> object:
            made = real(*arguments)
            done.append(name)
            return made

        return noted

    for name in ("project", "cluster", "index_words"):
        monkeypatch.setattr(steps, name, note(name))
    transform = Projection.transform
    monkeypatch.setattr(
        Projection, "transform", lambda *arguments: done.append("transform") or transform(*arguments)
    )

    class Warmed:
        def warm_up(self) -> None:
            done.append("encoder")

    steps.warm_up(Warmed())
    assert done == ["encoder", "project", "transform", "cluster", "index_words"]


def test_the_parameters_travel_as_one_object_or_as_keywords(three_blobs) -> None:
    parameters = MapParameters(n_neighbors=8, seed=3)
    whole = project(three_blobs, parameters=parameters)
    assert whole.parameters == parameters
    np.testing.assert_array_equal(whole.points, project(three_blobs, n_neighbors=8, seed=3).points)
    changed = project(three_blobs, parameters=parameters, method="pca").parameters
    assert changed == MapParameters("pca", n_neighbors=8, seed=3)


@pytest.mark.slow
def test_others_join_a_first_map_without_its_points_jumping(make_blobs) -> None:
    vectors = make_blobs([200, 150, 150, 100], spread=0.2)
    rows = spread(len(vectors), 200)
    first, joined, alone = project(vectors[rows]), project(vectors, first=200), project(vectors)

    def moved(points: np.ndarray) -> float:
        """How far the first points are from where they were, as a share of the map; the median."""
        before, after = (one - one.mean(axis=0) for one in (first.points, points[rows]))
        scale = np.abs(before).max(), np.abs(after).max()
        return float(np.median(np.linalg.norm(before / scale[0] - after / scale[1], axis=1)) / 2)

    assert moved(joined.points) < min(0.05, 0.5 * moved(alone.points))
    assert joined.trust.mean() > alone.trust.mean() - 0.05
    np.testing.assert_array_equal(project(vectors, first=200).points, joined.points)


@pytest.mark.slow
def test_a_map_of_many_begins_with_a_map_of_few(three_blobs, monkeypatch) -> None:
    few = project(three_blobs, first=20).points
    assert not np.array_equal(project(three_blobs).points, few)
    monkeypatch.setattr("analytics.text.projection._MANY", len(three_blobs) - 1)
    monkeypatch.setattr("analytics.text.projection._BEGIN_WITH", 20)
    np.testing.assert_array_equal(project(three_blobs).points, few)
    assert project(three_blobs).parameters.first == 0
