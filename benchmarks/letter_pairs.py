"""Count letter pairs of many languages, for telling code pages apart: writes records/letter_pairs.txt.

Source of the texts: the translated messages that a Debian system carries
(``/usr/share/locale/*/LC_MESSAGES``, iso-codes among them). Only the costs of pairs leave this script.

    python benchmarks/letter_pairs.py /usr/share/locale analytics/tables/records/letter_pairs.txt
"""

from __future__ import annotations

import gettext
import math
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

LATIN = (
    "af ca cs cy da de en_GB eo es et eu fi fr ga gl hr hu is it lt lv mt nb nl pl pt ro sk sl sq sv tr vi"
)
OTHERS = "ar be bg el fa he kk mk ru sr th uk"
SIGNS = "ja ko zh_CN zh_TW"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
MOST_LETTERS = 60
RAREST = 1e-4
"""Share of all letters below which a letter is taken for a foreign one: names of places hold many."""
MOST_SIGNS = 900
SMOOTHING = 20
"""Pairs that a letter is given by how common its neighbour is in general, beside those that were counted."""
_NOISE = re.compile(r"<[^<>]*>|%[-#0-9.$l]*[a-zA-Z]|\$?\{[^{}]*\}|https?:\S+|\S+@\S+|--?[a-z-]+|[_&]|\\.")
_MARKS = "\u0300\u0301\u0303\u0309\u0323"
"""The tones of Vietnamese, which windows-1258 writes after the vowel."""
_WORD = re.compile(rf"(?:[^\W\d_]|[{_MARKS}\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u064b-\u0652])+")


def messages(folder: Path) -> Iterator[str]:
    """Translations that differ from the English text."""
    for path in sorted(folder.glob("LC_MESSAGES/*.mo")):
        try:
            with path.open("rb") as file:
                catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
        except (OSError, UnicodeDecodeError, ValueError):
            continue
        for key, text in catalogue.items():
            if key and text and text != key:
                yield text


def words(folder: Path, language: str) -> Counter[str]:
    """How often each word occurs, in small letters."""
    counts: Counter[str] = Counter()
    for text in messages(folder):
        text = unicodedata.normalize("NFC", _NOISE.sub(" ", text)).replace("ș", "ş").replace("ț", "ţ")
        if language == "vi":
            text = "".join(map(_as_1258, text))
        counts.update(_WORD.findall(text.lower()))
    return counts


def _as_1258(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    tones = "".join(part for part in parts if part in _MARKS)
    rest = "".join(part for part in parts if part not in _MARKS)
    return unicodedata.normalize("NFC", rest) + tones


def table(counts: Counter[str], *, latin: bool) -> list[str]:
    """The alphabet in one line, then per letter what each next letter costs in half bits, in base 36."""
    weights = {word: 1 + math.log(count) for word, count in counts.items()}
    letters: Counter[str] = Counter()
    for word, weight in weights.items():
        for letter in word:
            letters[letter] += weight
    total = sum(letters.values())
    known = [
        letter
        for letter, count in letters.most_common(MOST_LETTERS)
        if count > RAREST * total and (not letter.isascii() or latin) and _fits(letter, latin)
    ]
    alphabet = "".join(sorted({*known, *("abcdefghijklmnopqrstuvwxyz" if latin else "")}))
    pairs: Counter[str] = Counter()
    for word, weight in weights.items():
        shown = "".join(letter if letter in alphabet else "*" for letter in word)
        for first, second in zip(f"^{shown}", f"{shown}^", strict=True):
            pairs[first + second] += weight
    places = "^" + alphabet
    singles = {b: sum(pairs[a + b] for a in places) + 1 for b in places}
    whole = sum(singles.values())
    lines = [alphabet]
    for first in places:
        seen = sum(pairs[first + second] for second in places)
        costs = (
            -math.log2((pairs[first + b] + SMOOTHING * singles[b] / whole) / (seen + SMOOTHING))
            for b in places
        )
        lines.append("".join(DIGITS[min(35, round(2 * cost))] for cost in costs))
    return lines


def _fits(letter: str, latin: bool) -> bool:
    name = unicodedata.name(letter, "")
    return name.startswith(("LATIN", "COMBINING")) == latin


def signs(counts: Counter[str]) -> str:
    """The most frequent signs of a language that has thousands."""
    found: Counter[str] = Counter()
    for word, count in counts.items():
        for sign in word:
            if ord(sign) > 0x2E80:
                found[sign] += 1 + math.log(count)
    return "".join(sign for sign, _ in found.most_common(MOST_SIGNS))


def main(source: Path, target: Path) -> None:
    lines = []
    for language in f"{LATIN} {OTHERS}".split():
        counts = words(source / language, language)
        lines += [f"[{language}]", *table(counts, latin=language in LATIN.split())]
    for language in SIGNS.split():
        lines += [f"[{language}]", signs(words(source / language, language))]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
