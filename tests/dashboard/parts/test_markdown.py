import re

import pandas as pd
import pytest

from analytics.dashboard.parts.markdown import count, digits, named, plain


@pytest.mark.parametrize(
    "hostile", ["**bold**", ":red[x]", "$x^2$", "[a](http://b)", "<b>x</b>", "`code`", "# title", "1. one"]
)
def test_plain_escapes_every_markdown_mark(hostile: str) -> None:
    shown = plain(hostile)
    assert shown.replace("\\", "").replace("\u2060", "") == hostile
    for position, character in enumerate(shown):
        if character in "*_:$[]()<>`#.":
            assert shown[position - 1] == "\\"


@pytest.mark.parametrize("address", ["http://a.example", "HTTPS://a.example", "www.a.example", "a@b.example"])
def test_addresses_do_not_become_links(address: str) -> None:
    bare = plain(address).replace("\\", "")
    assert not re.search(r"(?i)https?://|www\.|@[-\w]", bare)


def test_plain_is_one_line_and_bounded() -> None:
    assert plain("a\nb\tc") == "a b c"
    assert len(plain("x" * 1000)) == 200


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (1234.5, "1,234"),
        (0.00123456, "0.001235"),
        (1.2e12, "1.200e+12"),
        (float("nan"), "missing"),
    ],
)
def test_digits(value: float, shown: str) -> None:
    assert digits(value) == shown


def test_count_knows_the_singular() -> None:
    assert count(1, "row") == "1 row"
    assert count(2000, "row") == "2,000 rows"
    assert count(2, "entry", "entries") == "2 entries"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (pd.Timestamp("2026-06-01"), "2026-06-01"),
        (pd.Timestamp("2026-06-01 14:30"), "2026-06-01 14:30:00"),
        ("fiat", "fiat"),
        (12, "12"),
    ],
)
def test_a_day_names_a_row_without_midnight(value: object, text: str) -> None:
    assert named(value) == text
