"""Words that only join others, such as "the": by the language of each text, as far as there are lists."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from analytics.text.arguments import as_texts
from analytics.text.projection import spread
from analytics.text.reading.languages import UNKNOWN, languages_of

_FILE = Path(__file__).with_name("stop_words.txt")
_LOOKED_AT = 2_000  # texts, 0.1 s: enough to see a language that two texts in a hundred have
_ALONE = 0.99  # of the texts whose language is clear: the rest are mistakes about short ones
_APOSTROPHE = re.compile("['’‘ʼ]")
_ENGLISH_ENDS = frozenset({"s", "d", "m", "ll", "re", "ve"})
# What people write and no list has: speech as it is reported, and contractions without their apostrophe.
_ENGLISH_MORE = frozenset(
    "did does doing got just let said says shall use using won ain dont didnt doesnt cant couldnt wouldnt "
    "shouldnt wont isnt arent wasnt werent hasnt havent hadnt aint im ive youre youve youll theyre theyve "
    "thats whats theres heres".split()
)


def stop_words_for(texts: Sequence[str]) -> list[frozenset[str]]:
    """For each text the words that say nothing of it: those of its language and of the one most texts are in.

    Both, because the language of a short text is easily mistaken. Languages without a list add none.
    """
    texts = list(as_texts(texts))
    main = _main_language(texts)
    if main is not None:
        return [listed(main)] * len(texts)
    codes = languages_of(texts)
    main = _commonest(codes.counts)
    return [_both(main, code) for code in codes.codes]


def common_stop_words(texts: Sequence[str]) -> frozenset[str]:
    """The words that say nothing in English or in the language that most of the texts are in."""
    texts = list(as_texts(texts))
    return _both("en", _main_language(texts) or _commonest(languages_of(_some(texts)).counts))


def stop_words_of(text: str) -> frozenset[str]:
    """The words that say nothing in English or in the language of this text."""
    return _both("en", languages_of([text]).codes[0])


def bare(word: str, stop: frozenset[str]) -> str:
    """A word in lower case without what is elided ("l'hôtel", "customer's"); "" where it says nothing.

    ``stop`` are words that say nothing; with an apostrophe at their end they stand before others.
    """
    if word in stop:
        return ""
    head, *tail = _APOSTROPHE.split(word, maxsplit=1)
    if not tail:
        return word
    if word.endswith("t") and tail[0] == "t" and head.endswith("n"):  # don't, won't, ain't
        return ""
    ends = tail[0] in _ENGLISH_ENDS
    if head in stop or f"{head}'" in stop:
        return "" if ends or len(tail[0]) < 2 else bare(tail[0], stop)
    return head if ends else word


@cache
def listed(code: str) -> frozenset[str]:
    """The words of a language by its ISO 639 code; none where there is no list."""
    return _lists().get(code, frozenset())


@cache
def _lists() -> dict[str, frozenset[str]]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    found: dict[str, frozenset[str]] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            codes, words = line.split(": ", 1)
            found |= dict.fromkeys(codes.split(), frozenset(words.split()))
    return found | {"en": found["en"] | ENGLISH_STOP_WORDS | _ENGLISH_MORE}


@cache
def _both(one: str, other: str) -> frozenset[str]:
    return listed(one) if one == other else listed(one) | listed(other)


def _main_language(texts: Sequence[str]) -> str | None:
    """The language that the texts are in, where as good as all of them are in one."""
    counts = languages_of(_some(texts)).counts
    main, clear = _commonest(counts), sum(counts.values()) - counts.get(UNKNOWN, 0)
    return main if not clear or counts.get(main, 0) >= _ALONE * clear else None


def _some(texts: Sequence[str]) -> list[str]:
    return [texts[place] for place in spread(len(texts), _LOOKED_AT).tolist()] if len(texts) else []


def _commonest(counts: dict[str, int]) -> str:
    """The language that most texts have; English where none is clear."""
    return next((code for code in counts if code != UNKNOWN), "en")
