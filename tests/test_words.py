"""Texts from files in sentences and labels: no power over what stands beside them; percentages in one way."""

import ast
import re
from collections.abc import Iterator

import pytest

from analytics.app_files import app_folder
from analytics.figures.svg import element
from analytics.figures.theme import label, shortened
from analytics.words import neutral, shortened_apart


@pytest.mark.parametrize(
    "text", ["", "x", "a b", "ö", "中文", "x" * 500, "12:34", "👩‍👩", "e\u0301", "\u200fx", "−1 €"]
)
def test_ordinary_texts_stay(text: str) -> None:
    assert neutral(text) == text


@pytest.mark.parametrize(
    "code", [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x206A, 0, 7, 0x1B, 0x9B, 0xFFF9, 0xD800]
)
def test_what_is_no_sign_to_read_is_shown_as_such(code: int) -> None:
    assert neutral(f"a{chr(code)}b") == "a\ufffdb"
    assert shortened(f"a{chr(code)}b") == label(f"a{chr(code)}b") == "a\ufffdb"


@pytest.mark.parametrize("word", ["שלום", "مرحبا", "ދިވެހި", "ܫܠܡܐ", "ߒߞߏ", "ﺳﻼﻡ", "𐤀𐤁", "𞤀𞤁"])
def test_words_from_right_to_left_are_isolated(word: str) -> None:
    alone = f"\u2068{word}\u2069"
    assert neutral(word) == alone
    assert neutral(f"{word} 12 of {word}") == f"{alone} 12 of {alone}"
    assert neutral(f"{word} {word}, {word}") == f"\u2068{word} {word}, {word}\u2069"
    assert neutral(f"\u202e{word}\u2069") == f"\ufffd{alone}\ufffd"


def test_isolates_are_closed_and_never_nested() -> None:
    made = neutral("".join(map(chr, range(0x20, 0x3000))) * 2)
    depth = 0
    for sign in made:
        depth += (sign == "\u2068") - (sign == "\u2069")
        assert depth in (0, 1)
    assert depth == 0


def test_a_name_fills_no_template() -> None:
    assert "%{" not in label("%{x} and %{customdata[0]}")
    assert label("100 % {x}") == "100 % {x}"


def test_pictures_can_be_read_whatever_a_name_holds() -> None:
    from xml.etree import ElementTree

    names = "".join(map(chr, [*range(32), 0x202E, 0xD800, 0x7F]))
    assert "\u202e" not in ElementTree.fromstring(element("text", shortened(names, width=100))).text


def test_a_text_is_cut_before_it_is_gone_through() -> None:
    assert shortened("a  b\n c", width=5) == "a b c"
    assert shortened("a" * 6, width=5) == "aaaa…"
    assert shortened("a b " + "x" * 10**6, width=5) == "a b …"
    assert shortened(" " * 10**6 + "x", width=5) == "…"
    assert shortened("abc" + " " * 10**6, width=5) == "abc…"


def _said(source: str) -> Iterator[str]:
    """Texts of a module that can be shown: all but its docstrings."""
    tree = ast.parse(source)
    silent = {
        id(one.value)
        for node in ast.walk(tree)
        for one in (getattr(node, "body", None) if isinstance(getattr(node, "body", None), list) else ())
        if isinstance(one, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.value


@pytest.mark.slow
def test_percentages_are_written_in_one_way() -> None:
    """The axes of plotly write 60%, so every sentence beside them does."""
    apart = re.compile(r"(?<=[\d}]) %(?![\w%{(]| \d)")
    rooms = [app_folder() / "analytics" / room for room in ("dashboard", "figures", "numbers", "report_file")]
    files = {path: path.read_text("utf-8") for room in rooms for path in room.rglob("*.py")}
    suspects = {path: source for path, source in files.items() if apart.search(source)}
    found = {
        path.name: said for path, source in suspects.items() for said in _said(source) if apart.search(said)
    }
    assert len(files) > 100 and not found


def test_no_two_of_a_list_read_the_same() -> None:
    long = "My manager listens and gives clear feedback. "
    answers = [long + "I would ask for more.", long + "Please fix this soon!", "It is fine.", "", "  "]
    made = shortened_apart(answers, width=26)
    assert len(set(made)) == len(made)
    assert made[0] == "My manager l…ask for more." and made[1].endswith("ix this soon!")
    assert made[2] == "It is fine." and made[3].startswith("(empty)")
    assert all(len(one) <= 26 + 4 for one in made)
    assert shortened_apart(["x" * 90, "y" * 90], width=10) == [shortened("x" * 90, width=10), "y" * 9 + "…"]


def test_what_is_alike_at_both_ends_is_numbered() -> None:
    same = [f"{'a' * 50}{middle}{'z' * 50}" for middle in "123"]
    made = shortened_apart(same, width=20)
    assert [one[-4:] for one in made] == [" (1)", " (2)", " (3)"]
    assert len(shortened_apart([1, "1", 1.0], width=5)) == len(set(shortened_apart([1, "1", 1.0], width=5)))
