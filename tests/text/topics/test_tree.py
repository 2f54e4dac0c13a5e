"""The tree of topics: its finest cut is scikit-learn's, coarser cuts hold finer ones."""

import numpy as np
import pytest
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_rand_score

from analytics.text.projection import Projection, project
from analytics.text.topics.clusters import TopicChoices, cluster, with_less_noise
from analytics.text.topics.tree import condensed, topic_tree

SIZES = [200, 60, 50, 40, 30, 20]


@pytest.fixture(scope="module")
def mapped() -> Projection:
    rng = np.random.default_rng(5)
    centres = rng.normal(size=(6, 24))
    centres[1:4] = centres[1] + rng.normal(scale=0.3, size=(3, 24))  # three that are near each other
    points = np.repeat(centres, SIZES, axis=0) + rng.normal(scale=0.35, size=(sum(SIZES), 24))
    return project((points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32))


@pytest.mark.slow
def test_the_finest_cut_is_the_leaves_of_hdbscan(mapped) -> None:
    for min_size in (5, 12, 25):
        ours = topic_tree(mapped, space="map", min_size=min_size).cut(0)
        usual = HDBSCAN(
            min_cluster_size=min_size, min_samples=5, cluster_selection_method="leaf", copy=True
        ).fit_predict(mapped.points.astype(np.float64))
        assert adjusted_rand_score(usual, ours) == 1
        assert ((usual < 0) == (ours < 0)).all()


@pytest.mark.parametrize("space", ["map", "vectors"])
def test_coarser_cuts_hold_finer_ones_and_keep_to_the_share(mapped, space: str) -> None:
    tree = topic_tree(mapped, space=space, min_size=8)
    leaves = tree.cut(0)
    shares = (1, 0.5, 0.25, 0.1, 0.05, 0)
    cuts = [tree.cut(share) for share in shares]
    for share, coarse, fine in zip(shares, cuts, cuts[1:], strict=False):
        assert (coarse[fine >= 0] >= 0).all()
        for label in np.unique(fine[fine >= 0]):
            assert len(set(coarse[fine == label])) == 1
        for label in np.unique(coarse[coarse >= 0]):
            whole = coarse == label
            assert whole.sum() <= share * len(coarse) or len(set(leaves[whole]) - {-1}) == 1


def test_a_tree_by_hand() -> None:
    """Two pairs of points, each joined, then all four, then a fifth; groups of two and more."""
    tree = condensed(np.array([0, 2, 5, 4]), np.array([1, 3, 6, 7]), min_size=2)
    assert tree.home.tolist() == [0, 0, 1, 1, 2]
    assert (tree.parents.tolist(), tree.sizes.tolist()) == ([2, 2, -1], [2, 2, 5])
    assert tree.cut(1).tolist() == [0, 0, 1, 1, -1]
    assert condensed(np.array([0]), np.array([1]), min_size=3).cut(1).tolist() == [-1, -1]


def test_the_first_cut_holds_no_more_than_a_quarter_unless_nothing_divides_it(mapped) -> None:
    found = cluster(mapped, ["some words"] * 400)
    leaves = topic_tree(mapped, space="map", min_size=found.choices.min_size).cut(0)
    for label, size in enumerate(found.sizes):
        assert size <= 100 or len(set(leaves[found.labels == label]) - {-1}) == 1


@pytest.mark.parametrize("most", [1.0, 0.1, 0.02, 0.0])
def test_noise_joins_the_nearest_topic_until_the_share_is_left(mapped, most: float) -> None:
    labels = topic_tree(mapped, space="map", min_size=8).cut(0)
    labels = np.where(np.arange(400) % 5, labels, -1)
    less = with_less_noise(labels, mapped.vectors, most=most)
    assert (less == -1).mean() <= max(most, 0) or most == 1
    assert (less[labels >= 0] == labels[labels >= 0]).all()
    assert ((less == -1).sum() == (labels == -1).sum()) == (most == 1)
    groups = np.unique(labels[labels >= 0])
    means = np.array([mapped.vectors[labels == group].mean(axis=0) for group in groups])
    nearest = groups[
        (mapped.vectors @ (means / np.linalg.norm(means, axis=1, keepdims=True)).T).argmax(axis=1)
    ]
    joined = (labels == -1) & (less >= 0)
    assert (less[joined] == nearest[joined]).all()


@pytest.mark.slow
@pytest.mark.parametrize("method", ["k-means", "leiden"])
def test_other_methods_find_the_planted_groups(method: str, make_blobs) -> None:
    mapped = project(make_blobs([90, 60, 30], spread=0.05))
    truth = np.repeat([0, 1, 2], [90, 60, 30])
    choices = TopicChoices(method=method, groups=3, resolution=0.3, min_size=10)
    found = cluster(mapped, ["some words"] * 180, choices=choices)
    again = cluster(mapped, ["some words"] * 180, choices=choices)
    assert adjusted_rand_score(truth, found.labels) > 0.95
    assert (found.labels == again.labels).all()
    assert list(found.sizes) == [90, 60, 30]
