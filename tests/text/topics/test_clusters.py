"""Clusters of planted groups, their names, and what is nobody's."""

from itertools import pairwise

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from analytics.errors import ZetascopeError
from analytics.text.projection import project
from analytics.text.topics.clusters import cluster, typical_rows
from analytics.text.topics.names import name_clusters

TOPICS = ("the cheese tasted of {} milk", "my train to {} was late", "the {} engine makes noise")
WORDS = ("old", "new", "red", "blue", "small", "large", "good")


def texts_for(sizes: list[int]) -> list[str]:
    return [TOPICS[t].format(WORDS[i % len(WORDS)]) for t, size in enumerate(sizes) for i in range(size)]


@pytest.mark.parametrize("space", ["map", "vectors"])
def test_planted_groups_are_found_and_named(space: str, make_blobs) -> None:
    sizes = [90, 60, 30]
    found = cluster(project(make_blobs(sizes, spread=0.05)), texts_for(sizes), space=space, min_size=15)
    clustered = found.labels >= 0
    truth = np.repeat([0, 1, 2], sizes)
    assert clustered.mean() > 0.6
    assert found.noise_share == pytest.approx(1 - clustered.mean())
    # Leaves may split a group, but none joins two.
    for label in range(len(found.sizes)):
        assert len(set(truth[found.labels == label])) == 1
    if space == "map":
        assert adjusted_rand_score(truth[clustered], found.labels[clustered]) > 0.95
    assert list(found.sizes) == sorted(found.sizes, reverse=True)
    assert list(found.sizes) == [int((found.labels == label).sum()) for label in range(len(found.sizes))]
    for label, name in enumerate(found.names):
        topic = truth[found.labels == label][0]
        assert {"cheese", "train", "engine"} & set(name.replace(",", " ").split()) == {
            ("cheese", "train", "engine")[topic]
        }
        assert all(found.labels[row] == label for row in found.examples[label])
    assert found.name_of(-1) == "noise"


def test_names_follow_the_formula() -> None:
    texts = ["apple pie", "apple pie", "apple tart", "pear tart", "pear pie", "pear pie"]
    labels = np.array([0, 0, 0, 1, 1, 1])
    # Weight: share within the class times log(1 + mean terms per class / count over all).
    names = name_clusters(texts, labels, terms=1)
    assert names[0].startswith("apple") and names[1].startswith("pear")


def test_every_occurrence_counts_not_every_text() -> None:
    """Class-based tf-idf by hand: share of all terms there, times log(1 + A / f)."""
    rng = np.random.default_rng(3)
    words = np.array(["oak", "elm", "ash", "fir", "yew"])
    labels = np.arange(60) % 3
    liked = np.array([[9, 1, 1, 1, 1], [1, 1, 9, 1, 1], [1, 1, 1, 1, 9]])
    texts = [" ".join(rng.choice(words, 8, p=liked[label] / liked[label].sum())) for label in labels]
    counts: list[dict[str, int]] = [{}, {}, {}]
    for text, label in zip(texts, labels.tolist(), strict=True):
        split = text.split()
        for term in (*split, *map(" ".join, pairwise(split))):
            counts[label][term] = counts[label].get(term, 0) + 1
    a = np.mean([sum(own.values()) for own in counts])
    for label, name in enumerate(name_clusters(texts, labels, terms=1)):
        own, total = counts[label], sum(counts[label].values())
        weight = {t: n / total * np.log1p(a / sum(c.get(t, 0) for c in counts)) for t, n in own.items()}
        assert name == max(weight, key=lambda term: weight[term])
    said_once, said_often = ["tea with milk please"] * 2, ["milk milk milk tea", "milk milk milk milk tea"]
    assert name_clusters(said_once + said_often, np.array([0, 0, 1, 1]), terms=1)[1].startswith("milk")


def test_names_survive_any_script_and_no_words() -> None:
    texts = ["карта не работает"] * 3 + ["🙂 🙂"] * 3 + ["بطاقة مفقودة"] * 3
    names = name_clusters(texts, np.repeat([0, 1, 2], 3))
    assert "карта" in names[0] or "работает" in names[0]
    assert names[1] == "cluster 2"
    assert name_clusters(["N_acyl_123_triazole", "acyl_ester"] * 3, np.zeros(6, int)) == (
        "acyl, ester, triazole",
    )
    assert "بطاقة" in names[2] or "مفقودة" in names[2]
    assert name_clusters(["!", "?"], np.array([0, 0])) == ("cluster 1",)
    assert name_clusters(["a text"], np.array([-1])) == ()


def test_typical_rows_are_central_and_distinct(three_blobs) -> None:
    vectors = np.vstack([three_blobs, three_blobs[:1], three_blobs[:1]])
    labels = np.concatenate([np.repeat([0, 1, 2], [60, 40, 20]), [0, 0]])
    rows = typical_rows(vectors, labels, count=5)
    for label, chosen in enumerate(rows):
        assert len(chosen) == 5
        similarity = vectors @ vectors[labels == label].mean(axis=0)
        assert similarity[list(chosen)].min() >= np.median(similarity[labels == label])
    assert len(np.unique(vectors[list(rows[0])], axis=0)) == 5


@pytest.mark.parametrize("space", ["map", "vectors"])
@pytest.mark.parametrize("n", [1, 2, 3, 6])
def test_few_texts_are_noise_or_one_group(space: str, n: int, three_blobs) -> None:
    found = cluster(project(three_blobs[:n]), ["some words"] * n, space=space)
    assert len(found.labels) == n
    assert set(found.labels) <= {-1, 0}


def test_bad_requests_are_told(three_blobs) -> None:
    projection = project(three_blobs)
    with pytest.raises(ZetascopeError, match="not on 'words'"):
        cluster(projection, [""] * 120, space="words")
    with pytest.raises(ZetascopeError, match="3 texts for 120 points"):
        cluster(projection, ["", "", ""])
    with pytest.raises(ZetascopeError, match="min_size is 1"):
        cluster(projection, [""] * 120, min_size=1)
