"""The layout in two parts: the same whatever the threads do, and as good as in one part."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from analytics.text import umap_layout
from analytics.text.neighbors import neighbor_graph
from analytics.text.projection import project

SPLIT = [250] * 10


class OneAfterTheOther:
    """An executor without threads."""

    def __init__(self, max_workers: int) -> None:
        self.max_workers = max_workers

    def __enter__(self) -> "OneAfterTheOther":
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def map(self, work, parts):
        return [work(part) for part in reversed(list(parts))]


@pytest.mark.slow
def test_threads_do_not_change_the_map(make_blobs, monkeypatch) -> None:
    vectors = make_blobs(SPLIT)
    graph = neighbor_graph(vectors, k=45)
    threaded = project(vectors, neighbors=graph).points
    monkeypatch.setattr(umap_layout, "ThreadPoolExecutor", OneAfterTheOther)
    np.testing.assert_array_equal(project(vectors, neighbors=graph).points, threaded)


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.15, 0.6])
def test_two_parts_are_as_good_as_one(make_blobs, monkeypatch, spread: float) -> None:
    vectors = make_blobs(SPLIT, spread=spread)
    graph = neighbor_graph(vectors, k=45)
    split = project(vectors, neighbors=graph)
    monkeypatch.setattr(umap_layout, "SPLIT_FROM", len(vectors) + 1)
    whole = project(vectors, neighbors=graph)
    assert split.trustworthiness > whole.trustworthiness - 0.005
    assert split.continuity > whole.continuity - 0.005


@pytest.mark.slow
def test_points_at_the_border_are_not_worse_than_others(make_blobs) -> None:
    vectors = make_blobs(SPLIT, spread=0.6)
    projection = project(vectors)
    first = projection.axes.apply(vectors)[:, 0]
    border = np.argsort(np.abs(first - np.median(first)))[:500]
    assert projection.trust[border].mean() > projection.trust.mean() - 0.05


def test_parts_have_as_much_to_draw_each() -> None:
    n = umap_layout.SPLIT_FROM
    heads = np.repeat(np.arange(n), 3)
    period = np.where(heads < n // 2, 3.0, 1.0)  # the first half is drawn a third as often
    first, second = umap_layout._halves(umap_layout.Schedule(heads, heads, period), n)
    assert (first.start, first.stop, second.stop) == (0, second.start, n)
    assert first.stop == pytest.approx(2 * n / 3, abs=1)
    assert umap_layout._halves(umap_layout.Schedule(heads[:9], heads[:9], period[:9]), 3) == [slice(0, 3)]


def test_edges_pull_their_ends_together_across_the_parts() -> None:
    n = umap_layout.SPLIT_FROM
    chain = csr_array((np.ones(n - 1), (np.arange(n - 1), np.arange(1, n))), shape=(n, n))
    start = np.random.default_rng(0).random((n, 2)) * 10
    points = umap_layout.lay_out(chain + chain.T, start, curve=(1.58, 0.9), epochs=30, seed=1)
    near = np.linalg.norm(points[1:] - points[:-1], axis=1)
    apart = np.linalg.norm(start[1:] - start[:-1], axis=1)
    rank = np.argsort(np.argsort(start[:, 0]))
    middle = umap_layout._halves(umap_layout.schedule(csr_array(chain + chain.T), epochs=30), n)[0].stop
    crossing = (rank[1:] < middle) != (rank[:-1] < middle)
    for kind in (crossing, ~crossing):
        assert np.median(near[kind]) < np.median(apart[kind]) / 2
