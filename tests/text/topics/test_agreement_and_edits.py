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


def test_edits_that_cannot_be_are_told() -> None:
    found = topics()
    for wrong, said in [
        (lambda: TopicEdits().merge(found, [1]), "two or more"),
        (lambda: TopicEdits().delete(found, []), "choose one or more"),
        (lambda: TopicEdits().delete(found, [7]), "There is no topic 8"),
        (lambda: TopicEdits().rename(found, 0, "  "), "1 to 120 characters"),
        (lambda: TopicEdits().rename(found, 0, "train"), "merge the two"),
        (lambda: TopicEdits().rename(found, 0, "noise"), "another name"),
    ]:
        with pytest.raises(ZetascopeError, match=said):
            wrong()
