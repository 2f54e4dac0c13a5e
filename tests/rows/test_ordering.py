"""Rows in order, held against Python's own stable sort."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.recipe import Compare, RecipeError
from analytics.rows import SortKey, in_order, matching

KINDS: dict[str, tuple[st.SearchStrategy[Any], str]] = {
    "float": (
        st.sampled_from([0.0, -0.0, 1.5, -1.5, math.inf, -math.inf, math.nan, 1e300, 5e-324]),
        "float64",
    ),
    "whole": (st.sampled_from([0, 1, -1, 2**63 - 1, -(2**63)]), "int64"),
    "nullable": (st.sampled_from([None, 0, 5, -5]), "Int64"),
    "edges": (st.sampled_from([None, 2**63 - 1, -(2**63), 2**63 - 2]), "Int64"),
    "unsigned": (st.sampled_from([0, 1, 2**64 - 1, 2**63]), "uint64"),
    "text": (st.sampled_from([None, "", "a", "A", "b", "\u00e9", "\U0001f600", "\uffee", "aa"]), "str"),
    "category": (st.sampled_from([None, "b", "a", "c"]), "category"),
    "truth": (st.sampled_from([None, True, False]), "boolean"),
    "time": (
        st.sampled_from([None, "2024-01-31", "1900-01-01", "2024-01-31 10:00"]).map(pd.Timestamp),
        "datetime64[us]",
    ),
    "span": (st.sampled_from([None, "1 day", "-2 hours"]).map(pd.Timedelta), "timedelta64[us]"),
}


def by_hand(frame: pd.DataFrame, places: list[int], sort: tuple[SortKey, ...]) -> list[int]:
    for key in reversed(sort):
        values = frame[key.column].tolist()
        missing = [place for place in places if pd.isna(values[place])]
        known = [place for place in places if not pd.isna(values[place])]
        places = sorted(known, key=lambda place: values[place], reverse=key.descending) + missing
    return places


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_rows_come_in_order_whatever_the_columns_hold(data: st.DataObject) -> None:
    rows = data.draw(st.integers(0, 12))
    frame = pd.DataFrame(
        {
            name: pd.Series(data.draw(st.lists(values, min_size=rows, max_size=rows)), dtype=kind)
            for name, (values, kind) in KINDS.items()
        }
    )
    sort = tuple(
        SortKey(name, data.draw(st.booleans()))
        for name in data.draw(st.lists(st.sampled_from(list(KINDS)), max_size=3, unique=True))
    )
    places = np.array(sorted(data.draw(st.sets(st.integers(0, rows - 1)))) if rows else [], dtype=np.int32)
    expected = by_hand(frame, places.tolist(), sort)
    assert in_order(frame, places, sort).tolist() == expected
    first = data.draw(st.integers(1, 13))
    assert in_order(frame, places, sort, first=first).tolist() == expected[:first]


def test_places_are_those_of_the_frame_whatever_its_index() -> None:
    frame = pd.DataFrame({"a": [3, 1, 2]}, index=[7, 3, 9])
    assert matching(frame, Compare("a", ">", 1)).tolist() == [0, 2]
    assert matching(frame, None).tolist() == [0, 1, 2]
    assert in_order(frame, np.array([0, 2]), (SortKey("a"),)).tolist() == [2, 0]


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(RecipeError, match="'b'"):
        in_order(pd.DataFrame({"a": [1]}), np.array([0]), (SortKey("b"),))
