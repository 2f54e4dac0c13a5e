"""Which rows show a text, held against the same question asked of every cell's own text."""

import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.recipe import Shows
from analytics.recipe.digits import may_show
from analytics.recipe.searching import folded, rows_showing
from analytics.tables.writing.cell_texts import cell_texts

LETTERS = (
    "aAbBzZ019 .-_\u00df\u1e9e\u00c9\u00e9e\u0301\u017f\u03c3\u03c2\u03a3\u0130iI\u0131"
    "\u212a\ufb01\uffff\ufffd\u4e2d\U0001f600\x00"
)
FLOATS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(-1e6, 1e6),
    st.floats(-1, 1),
    st.decimals(-10_000, 10_000, places=2).map(float),
    st.integers(-(10**17), 10**17).map(float),
    st.sampled_from(
        [0.0, -0.0, 999.9999999999999, 1e15, 999999999999999.9, 1e-3, 0.00099, 9.999999999999999e-3]
    ),
)


def by_hand(column: pd.Series, text: str) -> list[bool]:
    needle = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    texts = cell_texts(column).texts.to_pylist()
    return [
        one is not None
        and needle in unicodedata.normalize("NFC", unicodedata.normalize("NFC", one).casefold())
        for one in texts
    ]


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.lists(FLOATS, min_size=1, max_size=8), st.data())
def test_no_number_that_shows_the_digits_is_missed(numbers: list[float], data: st.DataObject) -> None:
    column = pd.Series(numbers * 60, dtype="float64")
    shown = [text for text in cell_texts(column).texts.to_pylist() if text]
    text = data.draw(st.sampled_from(shown)) if shown else "1"
    first = data.draw(st.integers(0, len(text) - 1))
    needle = text[first : first + data.draw(st.integers(1, 6))]
    asked = np.array(by_hand(column, needle))
    assert not (asked & ~may_show(column.to_numpy(), folded(needle))).any()
    assert rows_showing([column], needle).tolist() == asked.tolist()


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-2000, 2000), min_size=1, max_size=8),
    st.text("0123456789-", min_size=1, max_size=4),
)
def test_whole_numbers_are_found_by_their_digits(numbers: list[int], needle: str) -> None:
    column = pd.Series(numbers, dtype="int64")
    assert rows_showing([column], needle).tolist() == by_hand(column, needle)
    assert rows_showing([column.astype("Int64").mask(column % 2 == 0)], needle).tolist() == by_hand(
        column.astype("Int64").mask(column % 2 == 0), needle
    )


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.none() | st.text(LETTERS, max_size=6), min_size=1, max_size=8),
    st.text(LETTERS, min_size=1, max_size=3),
)
def test_texts_and_categories_are_found_in_either_case_and_composed(
    texts: list[str | None], needle: str
) -> None:
    column = pd.Series(texts, dtype="str")
    expected = by_hand(column, needle)
    assert rows_showing([column], needle).tolist() == expected
    assert rows_showing([column.astype("category")], needle).tolist() == expected


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("STRASSE", [0, 1]),
        ("stra\u00dfe", [0, 1]),
        ("cafe\u0301", [2]),
        ("2024-01-31", [0, 3]),
        ("2024-01-31 00:00", [0, 3]),
        ("10:3", [2]),
        ("TRUE", [1, 3]),
        ("12.5", [3]),
        ("1,5", []),
        ("days", [0, 2, 3]),
        ("nan", []),
        ("z", [0, 2, 3]),
        ("6h", []),
    ],
)
def test_cells_of_every_kind_are_searched_as_they_are_shown(text: str, rows: list[int]) -> None:
    frame = pd.DataFrame(
        {
            "street": ["Hauptstra\u00dfe 6", "HAUPTSTRASSE", "Caf\u00e9", None],
            "since": pd.to_datetime(["2024-01-31", None, "2023-05-06 10:30", "2024-01-31"], format="mixed"),
            "open": pd.array([False, True, None, True], dtype="boolean"),
            "price": [1.0, np.nan, -np.inf, 112.5],
            "span": pd.to_timedelta(["1 day", None, "2 days 06:00:00", "0 days"]),
            "at": pd.to_datetime(
                ["2024-01-30", None, "2023-05-06 09:29", "2024-01-30"], format="mixed", utc=True
            ),
            "nothing": [None] * 4,
        }
    )
    assert np.flatnonzero(Shows(text).mask(frame)).tolist() == rows


def test_a_search_can_be_kept_to_columns_and_tells_so() -> None:
    frame = pd.DataFrame({"a": ["x", "y"], "b": ["y", "x"]})
    assert Shows("X", ("b",)).mask(frame).tolist() == [False, True]
    assert Shows("x").mask(frame).tolist() == [True, True]
    assert Shows("x").sentence() == "any column shows 'x'"
    assert Shows("x", ("a", "b")).sentence() == "a or b shows 'x'"
    assert Shows("x").mask(frame.iloc[:0]).tolist() == []


@pytest.mark.parametrize(
    "needle", ["k", "ss", "fi", "cafe", "caf\u00e9", "e", "now", "\u00fcr", "i", "strasse"]
)
def test_a_search_finds_what_folding_the_whole_text_would(needle: str) -> None:
    texts = [
        "\u212a",
        "Stra\u00dfe",
        "\ufb01n",
        "cafe\u0301",
        "CAFE",
        "nowhere \u4e2d",
        "Z\u00dcRICH",
        "\u0130",
        "",
        "e\u0301",
    ]
    shown = rows_showing([pd.Series(texts, dtype="str")], needle)
    assert shown.tolist() == [folded(needle) in folded(text) for text in texts]
