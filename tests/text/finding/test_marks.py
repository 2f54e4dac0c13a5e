"""Words of a query in a text, whatever their case, width and spelling."""

from itertools import pairwise

import pytest

from analytics.text import marked_spans


def marked(text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in marked_spans(text, query)]


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("The battery. BATTERY batteries", "battery", ["battery", "BATTERY"]),
        ("Straße, STRASSE, strasse", "strasse", ["Straße", "STRASSE", "strasse"]),
        ("caf\u00e9 and cafe\u0301", "café", ["caf\u00e9", "cafe\u0301"]),
        ("a new card, not new cards", '"new card"', ["new card", "new card"]),
        ("the card of the bank", "the bank", ["bank"]),
        ("我喜欢北京大学", "北京", ["北京"]),
        ("Ｃａｒｄ width", "card", ["Ｃａｒｄ"]),
        ("nothing here", "", []),
        ("", "word", []),
        ("İstanbul", "istanbul", ["İstanbul"]),
        ("🙂 smile 🙂", "smile", ["smile"]),
        ("don't stop", "stop", ["stop"]),
    ],
)
def test_words_of_the_query_are_found_as_search_finds_them(text: str, query: str, found: list[str]) -> None:
    assert marked(text, query) == found


def test_marks_never_overlap_and_lie_in_the_text() -> None:
    text = "the new card of the new card holder " * 50
    spans = marked_spans(text, '"new card" card "card holder"')
    assert spans and all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
