"""Numbers and names that a translation should have copied: what it lost, and what it wrote in their place.

Nothing is mended: a decoder that is made to copy would show another model's output. What differs is told.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analytics.transformer.decoder.trace import TranslationTrace

_NUMBER = re.compile(r"\d+(?:[.,]\d+|\s\d{3}(?!\d))*")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_LETTERS = re.compile(r"[^\W\d_]+")
_ENGLISH_NUMBERS = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|\w+ties|hundreds?|"
    r"thousands?|millions?|dozens?|half|quarter|noon|midnight|once|twice|first|second|third|\w+th|miles?|"
    r"feet|foot|inch|inches|pounds?)\b",
    re.IGNORECASE,
)
"""Where one of these stands, figures in the output may be right: numbers in words, and other units."""
_STARTS = re.compile(r"(?:^|[.!?…:\"«»“”(–—-])\s*$")
_ONES = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split()
)
_TENS = ("", "dix", "vingt", "trente", "quarante", "cinquante", "soixante")
_NOON = 12
_CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
    "august september october november december".split()
)
"""Have capitals in English, and none in French."""


@dataclass(frozen=True)
class Copying:
    """What a translation should have copied and did not.

    ``lost`` are numbers and names of the source that the output lacks, ``new`` numbers and names in the
    output that the source lacks; ``steps`` are the places of the pieces that write the new ones.
    """

    lost: tuple[str, ...]
    new: tuple[str, ...]
    steps: tuple[int, ...]

    @property
    def sentence(self) -> str:
        """What to check, or "" for nothing."""
        lost, new = (", ".join(f"“{one}”" for one in words) for words in (self.lost, self.new))
        if lost and new:
            return f"The sentence has {lost}; the output has {new} instead: check these numbers and names."
        if lost:
            return f"The sentence has {lost}, and the output lacks that: check these numbers and names."
        return (
            f"The output has {new}, and the sentence does not: check these numbers and names." if new else ""
        )


def copying(trace: TranslationTrace) -> Copying:
    """Numbers and names of a translation held against its sentence.

    Right however it is punctuated, spelt out in French, or moved to the clock of 24 hours. Names are
    capitals inside a sentence, told only where the model spells them from pieces: what has a piece of its own
    ("Londres", "Noël") is a word that it knows. At the beginning of a sentence any word has a capital, so
    nothing is told of names there.
    """
    source = [token.text for token in trace.source.tokens if not token.special]
    return compare(source, trace.tokens)


def compare(source: Sequence[str], output: Sequence[str]) -> Copying:
    """The same for pieces in which ▁ marks the start of a word."""
    before, _ = _joined(source)
    after, steps = _joined(output)
    numbers = list(_new_numbers(before, after))
    names = [one for one in _spelled(output) if _flat(one.group()) not in _words(before)]
    written = sorted([*numbers, *names], key=lambda one: one.start())
    lost_names = [
        name
        for name in (one.group() for one in _spelled(source))
        if _flat(name) not in _words(after) and _flat(name).removesuffix("s") not in _CALENDAR
    ]
    return Copying(
        lost=tuple(dict.fromkeys([*lost_numbers(before, after), *lost_names])),
        new=tuple(dict.fromkeys(one.group() for one in written)),
        steps=tuple(sorted({steps[place] for one in written for place in range(one.start(), one.end())})),
    )


def lost_numbers(source: str, output: str) -> tuple[str, ...]:
    """Numbers in ``source`` that ``output`` has neither in figures nor spelt out in French."""
    there = {one for found in _NUMBER.findall(output) for one in _readings(found)}
    said = _flat(re.sub(r"[-\s]+", " ", output))
    found = dict.fromkeys(one.group() for one in _NUMBER.finditer(source))
    return tuple(one for one in found if not _with_noon(_readings(one)) & there and not _is_spelt(one, said))


def french_number(number: int) -> str:
    """A whole number below a million in French words, with spaces between them, as in "mille deux cents"."""
    if number >= 1000:
        thousands = "" if number < 2000 else f"{french_number(number // 1000)} "
        return f"{thousands}mille {french_number(number % 1000) if number % 1000 else ''}".strip()
    if number >= 100:
        many = "" if number < 200 else f"{_ONES[number // 100]} "
        rest = number % 100
        return (
            f"{many}cent{'' if rest or number < 200 else 's'} {french_number(rest) if rest else ''}".strip()
        )
    if number < len(_ONES):
        return _ONES[number]
    if number < 20:
        return f"dix {_ONES[number - 10]}"
    if number >= 80:
        return f"quatre vingt{'s' if number == 80 else ' ' + french_number(number - 80)}"
    tens = min(number // 10, 6)
    rest = number - 10 * tens
    joint = " et " if rest in (1, 11) else " "
    return f"{_TENS[tens]}{joint}{french_number(rest)}" if rest else _TENS[tens]


def _new_numbers(before: str, after: str) -> Iterator[re.Match[str]]:
    if _ENGLISH_NUMBERS.search(before):
        return
    known = {one for found in _NUMBER.findall(before) for one in _readings(found)}
    known = _with_noon(known) | {"0"}  # 9 p.m. is 21 h 00
    for found in _NUMBER.finditer(after):
        if not _readings(found.group()) & known:
            yield found


def _readings(number: str) -> set[str]:
    """What a number may be, as its marks are read as thousands or the last as the decimal one."""
    number = re.sub(r"\s", "", number)
    whole, mark, decimals = number.rpartition(".") if "." in number else number.rpartition(",")
    if number.rfind(",") > number.rfind("."):
        whole, mark, decimals = number.rpartition(",")
    if not mark:
        return {str(int(number))}
    read = {f"{int(re.sub(r'[.,]', '', whole))}.{decimals}".rstrip("0").rstrip(".")}
    return read | ({str(int(re.sub(r"[.,]", "", number)))} if _THOUSANDS.fullmatch(number) else set())


def _with_noon(numbers: set[str]) -> set[str]:
    """With the hours after noon, as the clock of 24 hours has them."""
    hours = {int(one) for one in numbers if one.isdecimal() and int(one) < _NOON}
    return numbers | {str(one + _NOON) for one in hours}


def _is_spelt(number: str, said: str) -> bool:
    whole = [int(one) for one in _with_noon(_readings(number)) if one.isdecimal() and int(one) < 1_000_000]
    return any(re.search(rf"\b{_flat(french_number(one))}\b", said) for one in whole)


def _joined(pieces: Sequence[str]) -> tuple[str, list[int]]:
    """The text of pieces, and for each of its characters the place of its piece."""
    kept = [(place, piece.replace("▁", " ")) for place, piece in enumerate(pieces) if piece != "</s>"]
    return "".join(text for _, text in kept), [place for place, text in kept for _ in text]


def _spelled(pieces: Sequence[str]) -> Iterator[re.Match[str]]:
    """Words with a capital inside a sentence that are put together from pieces."""
    text, steps = _joined(pieces)
    for found in _LETTERS.finditer(text):
        word, places = found.group(), {steps[place] for place in range(found.start(), found.end())}
        if (
            len(places) > 1
            and word[0].isupper()
            and not word.isupper()
            and not _STARTS.search(text[: found.start()])
        ):
            yield found


def _words(text: str) -> set[str]:
    return {_flat(word) for word in _LETTERS.findall(text)}


def _flat(text: str) -> str:
    """Without accents and capitals."""
    whole = unicodedata.normalize("NFD", text)
    return "".join(one for one in whole if not unicodedata.combining(one)).casefold()
