"""Columns beside the map: bins that hold every row once, and bars that say how many are left."""

import numpy as np
import pandas as pd
import pytest

from analytics.figures.text_map.linked import bins_of, linked_figure


def test_numbers_dates_and_categories_have_bins() -> None:
    few = bins_of(pd.Series([3, 1, None, 3, 2]), kind="number")
    assert few.codes.tolist() == [2, 0, -1, 2, 1] and few.labels == ("1", "2", "3") and few.ordered
    many = bins_of(pd.Series([*range(240), None]), kind="number")
    assert len(many.labels) == 24 and many.codes.min() == -1
    assert many.counts(np.ones(241, bool)).tolist() == [10] * 24
    assert many.labels[0] == "0 to 9.958" and many.holds((0, 1)).sum() == 20
    days = bins_of(pd.Series(pd.date_range("2020-01-01", periods=100)), kind="time")
    assert days.labels[0] == "2020-01-01 to 2020-01-05" and days.counts(np.ones(100, bool)).sum() == 100
    hours = bins_of(pd.Series(pd.to_datetime(["1500-06-01 07:30", "1500-06-02 00:00"])), kind="time")
    assert hours.labels == ("1500-06-01 07:30", "1500-06-02")
    words = bins_of(pd.Series(["a", None, "b", "b"], dtype="string"), kind="category")
    assert words.labels[0] == "b" and set(words.labels) == {"a", "b", "(missing)"} and not words.ordered
    assert words.holds((0,)).tolist() == [False, False, True, True]
    assert bins_of(pd.Series([None, None], dtype="float"), kind="number").labels == ()


@pytest.mark.parametrize("kind", ["number", "category"])
def test_bars_are_of_all_and_before_them_of_what_is_left(kind: str) -> None:
    bins = bins_of(pd.Series([1, 2, 2, 3]), kind=kind)
    left = np.array([True, True, False, False])
    figure = linked_figure(bins, left, (1, 1))
    place = list(bins.labels).index("2")
    said = figure.data[1].customdata[place]
    assert said == [place, "2", 2, 1] or tuple(said) == (place, "2", 2, 1)
    every, some = (trace.y if bins.ordered else trace.x for trace in figure.data)
    assert sum(every) == 4 and sum(some) == 2
    assert figure.data[1].marker.color[1] != figure.data[1].marker.color[0]
