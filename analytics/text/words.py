"""Texts cut into words, in any script: what search compares, what is counted, and what can name a cluster.

Words with blanks between them are cut as Unicode says what a letter and its marks are. Scripts that write
without blanks (Chinese, Japanese, Thai, Lao, Khmer, Burmese) are searched by overlapping groups of
characters, as Lucene's CJKAnalyzer does, and named by the groups that the texts themselves use as words:
those that occur with different neighbours on both sides (accessor variety: Feng, Chen, Deng & Zheng,
Computational Linguistics 30(1), 2004). Texts in ASCII take a shorter way to the same words.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

# Sets of characters as the module ``regex`` writes them.
_IDEOGRAMS = r"\p{Han}\p{Hiragana}\p{Katakana}ー"
_WITHOUT_BLANKS = rf"{_IDEOGRAMS}\p{{Thai}}\p{{Lao}}\p{{Khmer}}\p{{Myanmar}}"
_INSIDE = r"\p{L}\p{N}\p{M}\u200c\u200d"  # the joiners stand inside words of Persian and Indian scripts
_FIRST = rf"[[\p{{L}}\p{{N}}_]--[{_WITHOUT_BLANKS}]]"
_LETTER = rf"[\p{{L}}--[{_WITHOUT_BLANKS}]]"
_NEXT = rf"[[{_INSIDE}]--[{_WITHOUT_BLANKS}]]"

_SPACED = regex.compile(rf"(?V1){_FIRST}(?:{_NEXT}|_)*")
_HALVES = re.compile("[\ud800-\udfff]")
_SPACED_ASCII = re.compile(r"\w+")
_BLANKLESS = regex.compile(rf"(?V1)[{_WITHOUT_BLANKS}][{_WITHOUT_BLANKS}\p{{M}}\u200c\u200d]*")
_IDEOGRAMS_OR_LETTERS = regex.compile(rf"(?V1)(?P<ideograms>[{_IDEOGRAMS}]+)|[^{_IDEOGRAMS}]+")
_SYLLABLES = regex.compile(r"\p{Hangul}{2,}")
# Names begin with a letter and have two characters or more; underscores part words, as in names of programs.
_NAMING = regex.compile(rf"(?V1)(?<!{_NEXT}){_LETTER}(?:{_NEXT}|['’-])*{_NEXT}(?!{_NEXT})")
_NAMING_ASCII = re.compile(r"(?<![^\W_])[^\W\d_](?:[^\W_]|['-])*[^\W_](?![^\W_])")
# Japanese writes words in Han or Katakana, and what joins them in Hiragana.
_ONE_SCRIPT = regex.compile(r"\p{Han}+|[\p{Katakana}ー]+|\p{Hiragana}+|[^\p{Han}\p{Hiragana}\p{Katakana}ー]+")
_HIRAGANA = regex.compile(r"\p{Hiragana}+")
_CHARACTER = regex.compile(r"\X")  # what a reader calls one: a letter with its marks
# The commonest Chinese characters that only join words; no name needs them.
_PARTICLES = regex.compile("[的了是在我你他她它们这那就也都很吗吧呢啊]+")

_GROUP_OF_IDEOGRAMS = 2  # most words of Chinese have two characters
_GROUP_OF_LETTERS = 3  # of Thai and its kin one letter or two say too little
_LONGEST_IDEOGRAMS = 4
_LONGEST_LETTERS = 8
_DIFFERENT_NEIGHBOURS = 2  # always the same neighbour on a side: part of a longer word
_LEARNED_FROM = 100_000
"""Characters that the words of a script without blanks are learned from: about a second, enough for names."""

# Full-width Latin and half-width Katakana are the ordinary letters in another width.
_WIDTHS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFFEF)}
_WIDTHS |= {0xFF9E: "\u3099", 0xFF9F: "\u309a"}  # as combining marks, so that NFC joins them to their Kana
# Vowel signs that Arabic and Hebrew may leave out, the stretching of Arabic, joiners and soft hyphens.
_OPTIONAL = dict.fromkeys(
    (*range(0x064B, 0x0653), 0x0670, 0x0640, *range(0x0591, 0x05BE), 0x05BF, 0x05C1, 0x05C2, 0x05C4, 0x05C5)
)
_OPTIONAL |= dict.fromkeys((0x05C7, 0x200C, 0x200D, 0x00AD))
_FOLDED = {**_WIDTHS, **_OPTIONAL}
_DOTTED = "i\u0307"  # what Unicode makes of the capital İ of Turkish, which others write as I


def readable(text: str) -> str:
    """The text with U+FFFD in place of halves of characters (lone surrogates), which no tokenizer takes."""
    if not _HALVES.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def normal(text: str) -> str:
    """The text as it is counted and shown: composed (NFC), letters in their ordinary width."""
    return text if text.isascii() else unicodedata.normalize("NFC", text.translate(_WIDTHS))


def search_key(text: str) -> str:
    """The text as search compares it: ``normal``, without case and without vowel signs that are optional."""
    if text.isascii():
        return text.lower()
    # Twice: letters of Hebrew that have their signs in them come apart when they are composed.
    folded = unicodedata.normalize("NFC", text.translate(_FOLDED)).translate(_FOLDED).casefold()
    return unicodedata.normalize("NFC", folded.replace(_DOTTED, "i"))


def is_blankless(word: str) -> bool:
    """Whether a word is of a script that puts no blanks between words."""
    return not word.isascii() and _BLANKLESS.fullmatch(word) is not None


def document_terms(text: str) -> list[str]:
    """What a text can be found by: its words, and every group of characters where nothing parts words."""
    return list(_terms(text, whole=False))


def query_terms(text: str) -> list[str]:
    """What a query asks for: its words, and where nothing parts words the longest groups that are indexed."""
    return list(_terms(text, whole=True))


def _terms(text: str, *, whole: bool) -> Iterator[str]:
    key = search_key(text)
    if key.isascii():
        yield from _SPACED_ASCII.findall(key)
        return
    for word in _SPACED.findall(key):
        yield word
        # Korean has blanks, but joins particles to its words.
        for syllables in _SYLLABLES.findall(word):
            yield from (group for group in _groups(syllables, _GROUP_OF_IDEOGRAMS, whole) if group != word)
    for run in _BLANKLESS.findall(key):
        for part in _IDEOGRAMS_OR_LETTERS.finditer(run):
            size = _GROUP_OF_IDEOGRAMS if part["ideograms"] else _GROUP_OF_LETTERS
            yield from _groups(part[0], size, whole)


def _groups(run: str, size: int, whole: bool) -> Iterator[str]:
    """Neighbouring characters joined: of exactly ``size`` (or all there are), or of every size up to it."""
    characters = _characters(run)
    size = min(size, len(characters))
    for length in range(size if whole else 1, size + 1):
        for start in range(len(characters) - length + 1):
            yield "".join(characters[start : start + length])


def _characters(run: str) -> list[str]:
    """The characters of a run as readers count them: letters with their marks."""
    # Ideograms and Kana without marks, the usual case, are one code point each.
    return list(run) if run[0] >= "\u2e80" and run.isalpha() else _CHARACTER.findall(run)


@dataclass(frozen=True)
class Namer:
    """Cuts texts into words that can name a group of them; ``known`` are words of scripts without blanks."""

    known: frozenset[str]

    def words(self, text: str) -> list[str]:
        """The words in their order, all in lower case."""
        text = normal(text.lower())
        if text.isascii():
            return _NAMING_ASCII.findall(text)
        found = [(match.start(), [match[0]]) for match in _NAMING.finditer(text)]
        found += [(match.start(), list(self._cut(match[0]))) for match in _BLANKLESS.finditer(text)]
        return [word for _, words in sorted(found) for word in words]

    def _cut(self, run: str) -> Iterator[str]:
        """Known words, the longest first, and what lies between them; single characters are no names."""
        for part in _named_parts(run):
            characters, longest = _characters(part), _longest(part)
            start = between = 0
            while start < len(characters):
                size = self._known_at(characters, start, longest)
                if size:
                    yield from _name(characters[between:start])
                    yield "".join(characters[start : start + size])
                    between = start + size
                start += size or 1
            yield from _name(characters[between:])

    def _known_at(self, characters: list[str], start: int, longest: int) -> int:
        """Length of the longest known word that begins here, or 0."""
        for stop in range(min(start + longest, len(characters)), start + 1, -1):
            if "".join(characters[start:stop]) in self.known:
                return stop - start
        return 0


def learn_words(texts: Sequence[str]) -> Namer:
    """A namer that knows which groups of characters these texts use as words, where nothing parts words.

    A group is one when it occurs with at least two different neighbours on either side; the ends of a run
    count as different every time.
    """
    seen = _Neighbours()
    foreign = [text for text in texts if not text.isascii()]
    step = -(-sum(map(len, foreign)) // _LEARNED_FROM) or 1
    for text in foreign[::step]:
        for run in _BLANKLESS.findall(normal(text.lower())):
            for part in _named_parts(run):
                seen.note(_characters(part), _longest(part))
    return Namer(seen.words())


class _Neighbours:
    """What stands left and right of every group of characters."""

    def __init__(self) -> None:
        self._sides: dict[str, tuple[set[object], set[object]]] = {}

    def note(self, characters: list[str], longest: int) -> None:
        for start in range(len(characters)):
            for stop in range(start + 2, min(start + longest, len(characters)) + 1):
                left, right = self._sides.setdefault("".join(characters[start:stop]), (set(), set()))
                # A number that no other end has: every end of a run is another neighbour.
                left.add(characters[start - 1] if start else len(left))
                right.add(characters[stop] if stop < len(characters) else len(right))

    def words(self) -> frozenset[str]:
        return frozenset(
            word for word, sides in self._sides.items() if min(map(len, sides)) >= _DIFFERENT_NEIGHBOURS
        )


def _named_parts(run: str) -> list[str]:
    """Parts of a run in one script, without what joins words: Hiragana, Chinese particles."""
    parts = [part for part in _ONE_SCRIPT.findall(run) if not _HIRAGANA.fullmatch(part)]
    return [piece for part in parts for piece in _PARTICLES.split(part) if piece]


def _longest(part: str) -> int:
    """How many characters a word of this part may have."""
    ideograms = _IDEOGRAMS_OR_LETTERS.match(part)["ideograms"]
    return _LONGEST_IDEOGRAMS if ideograms else _LONGEST_LETTERS


def _name(characters: list[str]) -> Iterator[str]:
    """The characters as one word, unless there is only one of them or none."""
    if len(characters) > 1:
        yield "".join(characters)
