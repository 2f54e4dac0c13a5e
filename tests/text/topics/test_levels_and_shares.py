"""Topics at several levels, and how they are spread over time and categories."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from analytics.errors import ZetascopeError
from analytics.text import TopicChoices, project, topic_levels, topic_shares
from analytics.text.topics.clusters import Clusters
from analytics.text.topics.levels import LEVELS


def clusters(labels: list[int]) -> Clusters:
    sizes = np.bincount([label for label in labels if label >= 0])
    names = tuple("abc"[: len(sizes)])
    return Clusters(np.array(labels), names, sizes, ((),) * len(sizes), TopicChoices(), ((0,),) * len(sizes))


@pytest.mark.slow
def test_levels_go_from_coarse_to_fine(make_blobs) -> None:
    projection = project(make_blobs([60, 40, 30, 30]))
    texts = [f"kind {place}" for place in range(160)]
    levels = topic_levels(projection, texts, choices=TopicChoices(min_size=8))
    assert list(levels) == list(LEVELS)
    counts = [len(level.sizes) for level in levels.values()]
    assert counts == sorted(counts) and counts[-1] >= 4
    assert not topic_levels(projection, texts, choices=TopicChoices(method="k-means"))


def test_shares_by_category_have_exact_intervals() -> None:
    labels = [0, 0, 0, 1, -1, 1, 1, 0, -1, 0]
    values = pd.Series(["x"] * 5 + ["y"] * 3 + [None, "x"], name="kind")
    shares = topic_shares(clusters(labels), values).set_index(["value", "topic"])
    assert shares.loc[("x", "a"), "texts"] == 4 and shares.loc[("x", "a"), "of"] == 6
    assert shares.loc[("y", "b"), "share"] == pytest.approx(2 / 3)
    known = binomtest(4, 6).proportion_ci(method="exact")
    assert tuple(shares.loc[("x", "a"), ["low", "high"]]) == pytest.approx((known.low, known.high))
    with pytest.raises(ZetascopeError, match="empty"):
        topic_shares(clusters(labels), pd.Series([None] * 10, name="none"))


@pytest.mark.parametrize(
    ("start", "step", "first", "values"),
    [
        ("2024-01-01", "1D", "2024-01-01", 10),
        ("2024-01-01", "30D", "2024-01", 9),
        ("2000-06-01", "365D", "2000", 10),
        ("1900-01-01", "3650D", "1900", 90),
    ],
)
def test_dates_are_cut_into_periods_with_none_left_out(
    start: str, step: str, first: str, values: int
) -> None:
    dates = pd.Series(pd.date_range(start, periods=10, freq=step, tz="UTC"))
    shares = topic_shares(clusters([0, 1] * 5), dates)
    named = shares["value"].unique()
    assert named[0] == first and len(named) == values
    assert shares["texts"].sum() == 10
