"""What is no text is found, counted and taken out, and nothing else is."""

import pytest

from analytics.text import strip_markup


@pytest.mark.parametrize(
    ("text", "left", "kinds"),
    [
        ("<p>Hello <b>you</b></p>", "Hello you", ["HTML tags"]),
        ("a &amp; b &#8212; c", "a & b — c", ["HTML entities"]),
        ("a &amp;#38; b, &amp;amp;lt; c", "a & b, < c", ["HTML entities"]),
        ("see https://example.org/a?b=c now", "see now", ["web or mail addresses"]),
        ("write to me@example.org please", "write to please", ["web or mail addresses"]),
        ("Thanks!\n> old text\n> more", "Thanks!", ["quoted mail or a signature"]),
        ("Yes.\nOn Mon, 3 May 2021, Ann wrote:\nWhat?", "Yes.", ["quoted mail or a signature"]),
        ("Ja.\nAm 3. Mai 2021 schrieb Ann:\nWas?", "Ja.", ["quoted mail or a signature"]),
        ("Bye\n-- \nAnn, Head of X", "Bye", ["quoted mail or a signature"]),
        ("<script>var a = 1 < 2;</script>text", "text", ["HTML tags"]),
        ("one<br/>two", "one\ntwo", ["HTML tags"]),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3", []),
        ("I <3 you", "I <3 you", []),
        ("AT&T; and R&D", "AT&T; and R&D", []),
        ("<img src=x>", "<img src=x>", []),
        ("", "", []),
        ("a > b\nc", "a > b\nc", []),
        ("@someone hi", "@someone hi", []),
        ("x <- y; y -> z", "x <- y; y -> z", []),
    ],
)
def test_one_text(text: str, left: str, kinds: list[str]) -> None:
    found = strip_markup([text])
    assert found.texts == (left,)
    assert list(found.counts) == kinds and found.changed == ((0,) if kinds else ())


def test_long_texts_take_time_in_proportion() -> None:
    hostile = ["<a " * 20_000, "&" * 50_000, "On " * 20_000, "@" * 50_000, "<script>" * 5_000]
    assert len(strip_markup(hostile).texts) == 5
