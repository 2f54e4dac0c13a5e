"""How plausible a text is in each language, by its letter pairs: what tells one code page from another.

``letter_pairs.txt`` was counted by ``benchmarks/letter_pairs.py`` in the translated messages of a Debian
system (gettext catalogues, iso-codes among them): per language its letters and the cost of each pair in half
bits.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

LANGUAGES = {
    "af": "Afrikaans", "ar": "Arabic", "be": "Belarusian", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech",
    "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en_GB": "English", "eo": "Esperanto",
    "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "ga": "Irish", "gl": "Galician", "he": "Hebrew", "hr": "Croatian", "hu": "Hungarian", "is": "Icelandic",
    "it": "Italian", "ja": "Japanese", "kk": "Kazakh", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian",
    "mk": "Macedonian", "mt": "Maltese", "nb": "Norwegian", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovene", "sq": "Albanian", "sr": "Serbian",
    "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese",
    "zh_CN": "Chinese (simplified)", "zh_TW": "Chinese (traditional)",
}  # fmt: skip
_SIGNS = {"ja": None, "ko": "euc_kr", "zh_CN": "gb2312", "zh_TW": None}
"""Languages of signs, with the code page of those in daily use."""

_OPENERS = frozenset("«“„‘‚¿¡\u00a0\u202f")
_APOSTROPHES = frozenset("’")
_CLOSERS = frozenset("»”“‘\u00a0\u202f")
_RAISED_SIGNS = frozenset("²³¹ªº®™")
_LOOSE = frozenset("–—…•·×÷±€£¥½¼¾©‰¢\u00ad")
_UNITS = frozenset("°µ§")
"""What stands before a letter or a number as in °C, µm, § 5."""
_USUAL_UNITS = frozenset(
    "° °C °F µm µg µs µl µL m² m³ km² cm² cm³ mm² W/m² Ø € £ ± ½ ² ³ º ª § – … ©".split()
)
_UNIT = "\ue000"
"""Stands for signs so usual in tables that they prove more than any letters: a column of °C has no other."""
_KINDS = {
    "unit": _UNITS, "apostrophe": _APOSTROPHES, "opener": _OPENERS, "closer": _CLOSERS,
    "raised": _RAISED_SIGNS,
    "loose": _LOOSE,
}  # fmt: skip
_WIDE = re.compile("[\u3000-\u303f\u30fb\u30fc\uff01-\uff60\uffe0-\uffe6]")
# Costs in bits, set by hand so that one odd sign inside a word outweighs any two rare pairs of letters
# (about 9 bits each in the tables), and tried on tests/tables/records/test_code_pages.py.
_FOREIGN, _ALIEN, _SYMBOL, _BESIDE, _INSIDE, _ODD, _CONTROL = 12.0, 17.0, 7.0, 8.0, 15.0, 17.0, 24.0
_BEFORE = {
    "foreign": _FOREIGN, "alien": _ALIEN, "unit": _INSIDE, "apostrophe": 4.0, "opener": _INSIDE,
    "closer": 6.0,
    "raised": 6.0, "loose": 9.0, "odd": _ODD, "control": _CONTROL, _UNIT: 1.0, "0": 0.0,
}  # fmt: skip
_BEHIND = {"apostrophe": 1.0, "opener": 1.0, "closer": 3.0, "0": 4.0}
_ALONE, _BEHIND_NUMBERS = {"unit": 4.0}, {"unit": 1.5, "raised": 2.5, "loose": 2.5, "opener": 4.0}
"""What a sign costs behind a letter, a letter behind a sign, a sign alone, and a sign behind a number."""
_RAISED, _LOWERED = 9.0, 7.0
_LISTED_SIGNS, _SHIFT, _UNLISTED, _RARE = 0.85, 12.0, 15.0, 20.0
"""Mass of the listed signs, the shift in Zipf's law, what a sign costs that is not listed, and a rare one."""
_HALF_KANA = 8.5
_MIXING = 0.2
"""Share of words in another language of the code page: names, borrowed words."""


@dataclass(frozen=True)
class Pairs:
    """One language: place of each character in the table (m, m) of what the second costs after the first.

    ``usual`` is the code page of the signs in daily use, where there are others.
    """

    places: dict[str, int]
    costs: np.ndarray
    scripts: frozenset[str]
    usual: str | None = None


@dataclass(frozen=True)
class Words:
    """The words of a text that hold more than ASCII: one text with a line break after each.

    ``alone`` (n,) is the cost in bits of what holds in any language: case and signs.
    """

    lowered: str
    starts: np.ndarray
    alone: np.ndarray


_WORD = re.compile("([0-9] ?)?([A-Za-z\u0080-\U0010ffff]*[\u0080-\U0010ffff][A-Za-z\u0080-\U0010ffff]*)")


def words_of(text: str, *, most: int) -> Words:
    """The first ``most`` different words of ``text`` beyond ASCII; 0 leads those behind a number."""
    found = list(dict.fromkeys(_marked(*word) for word in _WORD.findall(text)))[:most]
    given = "\n" + "".join(f"{word}\n" for word in found)
    ends = np.flatnonzero(np.frombuffer(given.encode("utf-32-le"), np.uint32) == 10)
    lowered = "".join(low if len(low := letter.lower()) == 1 else low[0] for letter in given)
    return Words(lowered.translate(_SAME), ends[:-1], _case_costs(given))


def _marked(number: str, word: str) -> str:
    return _UNIT if word in _USUAL_UNITS else "0" + word if number else word


_SAME = str.maketrans("șț", "şţ")


def _case_costs(given: str) -> np.ndarray:
    """Bits for capitals behind small letters, and small ones behind two capitals, where not all are ASCII."""
    costs = np.zeros(len(given))
    for i in range(2, len(given)):
        last, letter = given[i - 1], given[i]
        if last.isascii() and letter.isascii():
            continue
        if letter.isupper() and last.islower():
            costs[i] = _RAISED
        elif letter.islower() and letter != "ß" and last.isupper() and given[i - 2].isupper():
            costs[i] = _LOWERED
    return costs


def cost(words: Words, languages: tuple[str, ...]) -> tuple[float, str]:
    """The bits that the words cost in the language that suits them best, and which that is."""
    if not len(words.starts):
        return 0.0, languages[0]
    per_word = np.array([_word_costs(words, language) for language in languages])
    likely = np.exp2(-np.minimum(per_word, 900.0))
    others = likely.mean(axis=0)
    mixed = -np.log2((1 - _MIXING) * likely + _MIXING * others)
    totals = mixed.sum(axis=1)
    best = int(totals.argmin())
    alone = np.add.reduceat(words.alone, words.starts).sum()
    return float(totals[best] + alone), languages[best]


def _word_costs(words: Words, language: str) -> np.ndarray:
    pairs = _load()[language]
    places = np.array([_place(pairs, letter) for letter in words.lowered])
    steps = np.zeros(len(places))
    steps[1:] = pairs.costs[places[:-1], places[1:]]
    return np.add.reduceat(np.append(steps[1:], 0.0), words.starts)


def _place(pairs: Pairs, letter: str) -> int:
    """Where a character stands in the table; what is not in it yet is sorted by its kind and kept."""
    place = pairs.places.get(letter)
    if place is None:
        place = pairs.places[_kind(letter, pairs)]
        pairs.places[letter] = place
    return place


def _kind(letter: str, pairs: Pairs) -> str:
    known = next((kind for kind, signs in _KINDS.items() if letter in signs), None)
    if known:
        return known
    category = unicodedata.category(letter)
    if category[0] == "C" or letter == "\ufffd":
        return "control"
    if "wide" in pairs.places and _WIDE.match(letter):
        return "wide"
    if category[0] not in "LM":
        return "odd"
    return _kind_of_letter(letter, pairs)


def _kind_of_letter(letter: str, pairs: Pairs) -> str:
    """Whether a letter of no table is at least of the language's script."""
    own = _script(letter) in pairs.scripts
    if "wide" in pairs.places:
        if "\uff61" <= letter <= "\uff9f":
            return "half"
        return "alien" if not own else "unlisted" if _is_usual(letter, pairs.usual) else "rare"
    return "foreign" if own else "alien"


def _is_usual(sign: str, code_page: str | None) -> bool:
    return code_page is None or bool(sign.encode(code_page, errors="ignore"))


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split(" ")[0]


@cache
def _load() -> dict[str, Pairs]:
    found = {}
    blocks = Path(__file__).with_name("letter_pairs.txt").read_text(encoding="utf-8").split("[")[1:]
    for block in blocks:
        language, lines = block.split("]\n", 1)
        rows = lines.splitlines()
        found[language] = (
            _signs(rows[0], _SIGNS[language]) if language in _SIGNS else _letters(rows[0], rows[1:])
        )
    return found


def _letters(alphabet: str, rows: list[str]) -> Pairs:
    """The table of a language, with rows and columns for what is no letter of it."""
    known = np.array([[int(digit, 36) for digit in row] for row in rows]) / 2
    size = len(known)
    kinds = ["foreign", "alien", *_KINDS, "odd", "control", _UNIT, "0"]
    costs = np.zeros((size + len(kinds), size + len(kinds)))
    costs[:size, :size] = known
    start = known[0]
    ascii_letters = np.array([letter.isascii() for letter in f"^{alphabet}"])
    for i, kind in enumerate(kinds, size):
        costs[:, i] = _BEFORE[kind]
        costs[i, :size] = {
            "foreign": known.mean(axis=0),
            "unit": np.where(ascii_letters, 2.0, start + _BESIDE),
        }.get(kind, start + _BEHIND.get(kind, _BESIDE))
        costs[i, 0] = 1.0
        if kind in _KINDS:
            costs[0, i] = _ALONE.get(kind, _SYMBOL)
            costs[-1, i] = _BEHIND_NUMBERS.get(kind, _SYMBOL)
    costs[:, -1], costs[0, -2] = 0.0, 1.0
    places = {"\n": 0, **{letter: i for i, letter in enumerate(alphabet, 1)}}
    places |= {kind: i for i, kind in enumerate(kinds, size)}
    return Pairs(places, costs, frozenset({_script(alphabet[-1])}))


def _signs(listed: str, usual: str | None) -> Pairs:
    """Signs cost by their rank, whatever stands before them; there are too many for a table of pairs."""
    share = 1 / (np.arange(len(listed)) + _SHIFT)
    share *= _LISTED_SIGNS / share.sum()
    kinds = {
        "wide": 6.0, "unlisted": _UNLISTED, "rare": _RARE, "half": _HALF_KANA,
        "foreign": _FOREIGN, "alien": _ALIEN,
        **dict.fromkeys(_KINDS, _SYMBOL), "odd": _ODD, "control": _CONTROL, _UNIT: 1.0, "0": 0.0,
        "ascii": 9.0,
    }  # fmt: skip
    column = np.array([0.5, *-np.log2(share), *kinds.values()])
    places = {"\n": 0, **{sign: i for i, sign in enumerate(listed, 1)}}
    places |= {kind: i for i, kind in enumerate(kinds, len(listed) + 1)}
    places |= dict.fromkeys("abcdefghijklmnopqrstuvwxyz", places["ascii"])
    scripts = frozenset(_script(sign) for sign in listed)
    return Pairs(places, np.broadcast_to(column, (len(column), len(column))), scripts, usual)
