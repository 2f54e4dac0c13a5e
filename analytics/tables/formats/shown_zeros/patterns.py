"""Number formats of sheets that show leading zeros, and what they make of a number."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r'\[[^\[\]]*\]|\\(?P<escaped>.)|"(?P<quoted>[^"]*)"|[_*].|(?P<digit>[0#])|(?P<plain>[ ()/+:-])'
)
"""Locale and colour, literals, room for a character, digits, and marks that stand for themselves."""
_FEWEST = 3
"""Digits: 00 is written for months and minutes too."""
_BEHIND = re.compile(r"[^\w.,]*")
"""What may stand between and behind the digits; a word behind them is a unit."""
_MOST_BEFORE = 12
"""Characters before the digits, as of a kind of number (ID-0012)."""
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)


def zeros_of(code: str) -> str:
    """A format as it shows a positive number, each digit a 0 (00000, 000-00-0000, ID-0000); else "".

    Digits from the first 0 on are always shown, so 0### is 0000.
    """
    shown, place = "", 0
    while place < len(code) and code[place] != ";":
        token = _TOKEN.match(code, place)
        if token is None or _ELAPSED.fullmatch(token[0]):
            return ""
        literal = token["escaped"] or token["quoted"] or token["plain"] or ""
        if any(letter.isdigit() for letter in literal) or (token["digit"] == "#" and "0" not in shown):
            return ""
        shown += "0" if token["digit"] else literal
        place = token.end()
    shown = shown.strip()
    first = shown.find("0")
    sound = 0 <= first <= _MOST_BEFORE and shown.count("0") >= _FEWEST
    return shown if sound and _BEHIND.fullmatch(shown[first:].replace("0", "")) else ""


def with_zeros(number: int, zeros: str) -> str:
    """A whole number of no sign as its format shows it: 1067 by 00000 is 01067."""
    digits = list(str(number).zfill(zeros.count("0")))
    first = zeros.find("0")
    tail = "".join(digits.pop() if mark == "0" else mark for mark in reversed(zeros[first:]))[::-1]
    return zeros[:first] + "".join(digits) + tail


def begins_with_zero(text: str) -> bool:
    """Whether the first digit of what a cell shows is a zero that its number does not have."""
    digits = [letter for letter in text if letter.isdigit()]
    return len(digits) > 1 and digits[0] == "0" and set(digits) != {"0"}
