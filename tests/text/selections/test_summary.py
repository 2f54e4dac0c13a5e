"""What a selection is: phrases with counts, typical texts, the edge, shares, likely members, disagreement."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, binomtest

from analytics.contingency import share_interval
from analytics.errors import ZetascopeError
from analytics.text import (
    category_shares,
    disagreements,
    likely_members,
    neighbor_graph,
    summarise_selection,
)
from analytics.text.selections.members import CLASSIFIED_FROM
from analytics.text.topics.phrases import count_phrases

TEXTS = ["the red card arrived late"] * 3 + ["my red card was lost"] * 3 + ["a slow transfer of money"] * 6


@pytest.fixture
def two_groups(make_blobs):
    return make_blobs([60, 40], spread=0.1)


def test_what_the_others_say_as_often_sets_nothing_apart(make_blobs) -> None:
    vectors = make_blobs([20, 40], spread=0.1)
    texts = ["refund, dear customer" if row % 4 else "refund" for row in range(20)]
    texts += ["delivery, dear customer" if row % 3 else "delivery" for row in range(40)]
    summary = summarise_selection(
        np.arange(60) < 20,
        vectors=vectors,
        neighbors=neighbor_graph(vectors, k=15),
        phrases=count_phrases(texts),
    )
    told = {one.phrase: (one.inside, one.outside) for one in summary.phrases}
    assert told == {"refund": (20, 0)}


def test_phrases_are_those_of_the_selection_with_true_counts(make_blobs) -> None:
    vectors = make_blobs([6, 6])
    summary = summarise_selection(
        np.arange(12) < 6,
        vectors=vectors,
        neighbors=neighbor_graph(vectors, k=5),
        phrases=count_phrases(TEXTS),
    )
    assert (summary.size, summary.rest) == (6, 6)
    first = summary.phrases[0]
    assert first.phrase == "red card" and (first.inside, first.outside, first.times) == (6, 0, 6)
    assert not any("transfer" in one.phrase for one in summary.phrases)
    assert set(summary.typical) <= set(range(6)) and not summary.edge


def test_the_edge_is_where_neighbours_are_outside(two_groups) -> None:
    selected = np.arange(100) < 60
    selected[[70, 80]] = True  # strangers from the other group
    summary = summarise_selection(
        selected,
        vectors=two_groups,
        neighbors=neighbor_graph(two_groups, k=10),
        phrases=count_phrases(["some words"] * 100),
    )
    assert {70, 80} <= set(summary.edge)
    assert set(summary.typical) <= set(range(60))
    with pytest.raises(ZetascopeError, match="Nothing is selected"):
        summarise_selection(
            np.zeros(100, bool),
            vectors=two_groups,
            neighbors=neighbor_graph(two_groups, k=10),
            phrases=count_phrases(["some words"] * 100),
        )


def test_shares_have_exact_intervals() -> None:
    values = pd.Series(["a"] * 7 + ["b"] * 2 + [None] + ["a"] * 5 + ["c"] * 5)
    shares = category_shares(values, np.arange(20) < 10).set_index("value")
    assert shares["selected"].to_dict() == {"a": 7, "b": 2, "(missing)": 1}
    assert shares["rest"].to_dict() == {"a": 5, "b": 0, "(missing)": 0}
    for value, row in shares.iterrows():
        known = binomtest(int(row["selected"]), 10).proportion_ci(method="exact")
        assert (row["low"], row["high"]) == pytest.approx((known.low, known.high)), value
    many = category_shares(pd.Series(map(str, range(40))), np.arange(40) < 30, most=5)
    assert len(many) == 6 and many["selected"].sum() == 30 and many["rest"].tolist() == [0] * 5 + [10]


@pytest.mark.parametrize("known", [2, CLASSIFIED_FROM, 30])
def test_likely_members_come_from_the_same_group(two_groups, known: int) -> None:
    members = np.zeros(100, bool)
    members[60 : 60 + known] = True
    found = likely_members(two_groups, members, most=100 - known)
    assert set(found.places[: 40 - known]) == set(range(60 + known, 100))
    assert not set(found.places) & set(range(60, 60 + known))
    fitted = known >= CLASSIFIED_FROM
    assert np.isnan(found.probability).all() != fitted
    if fitted:
        assert (found.low <= found.high).all() and found.probability[0] > 0.7
        assert found.probability[-1] < 0.2


def test_a_row_with_another_groups_category_is_told(two_groups) -> None:
    categories = pd.Series(["x"] * 60 + ["y"] * 40)
    categories[[3, 77]] = ["y", "x"]
    categories[10] = None
    found = disagreements(neighbor_graph(two_groups, k=15), categories)
    assert sorted(found.places.tolist()) == [3, 77]
    assert dict(zip(found.places.tolist(), found.proposed.tolist(), strict=True)) == {3: "x", 77: "y"}
    assert (found.probability < 0.1).all() and (found.votes >= 12).all()
    with pytest.raises(ZetascopeError, match="same category"):
        disagreements(neighbor_graph(two_groups, k=15), pd.Series(["x"] * 100))


@pytest.mark.slow
def test_categories_that_texts_know_nothing_of_make_no_row_strange() -> None:
    """Half of all rows used to be listed."""
    listed = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        vectors = rng.normal(size=(40, 8))
        vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        found = disagreements(neighbor_graph(vectors, k=15), pd.Series(rng.choice(list("abc"), 40)))
        listed.append(found.told)
        assert found.told or not len(found.places)
    assert sum(listed) <= binom.ppf(0.99, 40, 0.05)


@pytest.mark.slow
def test_shares_intervals_hold_for_rare_values() -> None:
    """Exactly, from the binomial law; Wilson's miss a share of 0.8 % among 20 rows in 15 % of samples."""
    for n in (5, 20, 100):
        counts = np.arange(n + 1)
        low, high = share_interval(counts, n)
        for share in (0.0, 0.001, 0.008, 0.05, 0.3, 0.5, 0.99, 1.0):
            missed = binom.pmf(counts, n, share)[(share < low) | (share > high)].sum()
            assert missed <= 0.05
    assert [end.tolist() for end in share_interval(np.array([0]), 0)] == [[0.0], [1.0]]
