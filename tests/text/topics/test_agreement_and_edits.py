"""Agreement with a column, and what a reader makes of topics."""

import numpy as np
import pandas as pd
import pytest

from analytics.errors import ZetascopeError
from analytics.text.projection import project
from analytics.text.topics.agreement import agreement
from analytics.text.topics.clusters import Clusters, TopicChoices, described
from analytics.text.topics.edits import TopicEdits

WORDS = ("cheese", "train", "engine", "garden")
TEXTS = [f"the {word} is here" for word in WORDS for _ in range(10)]
VECTORS = project(np.repeat(np.eye(4, dtype=np.float32), 10, axis=0), method="pca").vectors


def topics() -> Clusters:
    labels = np.repeat([0, 1, 2, -1], 10)
    return described(labels, TEXTS, VECTORS, choices=TopicChoices())


def test_agreement_by_hand() -> None:
    labels = np.array([0, 0, 1, 1, -1, 2])
    same = agreement(labels, pd.Series(["a", "a", "b", "b", "a", None], name="kind"))
    assert (same.nmi, same.rand, same.texts, same.of) == (1, 1, 4, 6)
    assert "over 4 texts of 6; the others are in no topic" in same.sentence()
    none = agreement(np.array([0, 0, 1, 1]), pd.Series(["a", "b", "a", "b"]))
    assert none.nmi == pytest.approx(0, abs=1e-9) and none.rand == pytest.approx(-0.5)
    with pytest.raises(ZetascopeError, match="No text has both"):
        agreement(np.array([-1, 0]), pd.Series(["a", None]))
    with pytest.raises(ZetascopeError, match="one value a text"):
        agreement(np.array([0, 1]), pd.Series(["a"]))


def test_topics_are_renamed_merged_and_deleted() -> None:
    found = topics()
    edits = TopicEdits().rename(found, 0, "  what is  eaten ")
    now = edits.apply(found, TEXTS, VECTORS)
    assert now.names == ("what is eaten", "train", "engine")
    edits = edits.merge(now, [1, 2])
    now = edits.apply(found, TEXTS, VECTORS)
    assert now.sizes.tolist() == [20, 10]
    assert now.names[1] == "what is eaten" and set(now.names[0].split(", ")) == {"engine", "train"}
    assert now.made_of == ((1, 2), (0,))
    edits = edits.rename(now, 0, "machines")
    now = edits.apply(found, TEXTS, VECTORS)
    assert now.names == ("machines", "what is eaten")
    edits = edits.merge(now, [0, 1])
    assert edits.apply(found, TEXTS, VECTORS).sizes.tolist() == [30]
    now = TopicEdits().merge(found, [0, 1]).apply(found, TEXTS, VECTORS)
    gone = TopicEdits().merge(found, [0, 1]).delete(now, [0]).apply(found, TEXTS, VECTORS)
    assert gone.sizes.tolist() == [10] and (gone.labels == -1).sum() == 30
    assert TopicEdits().apply(found, TEXTS, VECTORS) is found


def test_a_topic_is_split_and_its_parts_are_topics() -> None:
    found = topics()
    edits = TopicEdits().merge(found, [0, 2])
    whole = edits.apply(found, TEXTS, VECTORS)
    edits = edits.divide(whole, 0, 2)  # cheese and engine, which were one
    now = edits.apply(found, TEXTS, VECTORS)
    assert edits.fits(found) and now.sizes.tolist() == [10, 10, 10]
    assert sorted(now.names) == ["cheese", "engine", "train"]
    assert len(set(now.labels[:10])) == len(set(now.labels[20:30])) == 1
    assert sorted(now.made_of) == [(1,), (3,), (4,)]
    named = edits.rename(now, now.names.index("engine"), "machines").apply(found, TEXTS, VECTORS)
    assert named.labels[25] == named.names.index("machines")
    gone = edits.delete(now, [now.names.index("cheese")])
    assert (gone.apply(found, TEXTS, VECTORS).labels[:10] == -1).all()
    again = gone.divide(gone.apply(found, TEXTS, VECTORS), 0, 3)
    assert again.fits(found) and not again.fits(
        described(-np.ones(40, int), TEXTS, VECTORS, choices=TopicChoices())
    )
    assert len(again.apply(found, TEXTS, VECTORS).labels) == 40
    for wrong in (((0,), 1), ((9,), 2), ((), 2), ((0,), 10**6)):
        assert not TopicEdits(split=(wrong,)).fits(found)


def test_edits_that_cannot_be_are_told() -> None:
    found = topics()
    for wrong, said in [
        (lambda: TopicEdits().merge(found, [1]), "two or more"),
        (lambda: TopicEdits().delete(found, []), "choose one or more"),
        (lambda: TopicEdits().delete(found, [7]), "There is no topic 8"),
        (lambda: TopicEdits().divide(found, 0, 11), "10 texts makes no 11 parts"),
        (lambda: TopicEdits().divide(found, 0, 1), "into 2 to 20 parts"),
        (lambda: TopicEdits().rename(found, 0, "  "), "1 to 120 characters"),
        (lambda: TopicEdits().rename(found, 0, "train"), "merge the two"),
        (lambda: TopicEdits().rename(found, 0, "noise"), "another name"),
    ]:
        with pytest.raises(ZetascopeError, match=said):
            wrong()
