"""Phrases of texts that can name a group of them, without markup."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.sparse import csr_array

from analytics.text.reading.stop_words import bare, stop_words_for
from analytics.text.words import Namer, is_blankless, learn_words

_READ_CHARACTERS = 2_000
_LONGEST_PHRASE = 3
_LEAST_STEM = 4
_SAME_STEM = 0.6  # of the longer word: currency and currencies share 0.7, contract and control 0.5
# Left of entities that lost their & or ; on the way, and of addresses.
_MARKUP = frozenset(
    "nbsp quot amp apos lt gt mdash ndash hellip rsquo lsquo rdquo ldquo bull middot raquo laquo href html "
    "http https www com br div span img src".split()
)
_TAG = re.compile(r"<[/!]?[a-zA-Z][^<>]{0,300}>")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|[^\s@]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_BROKEN_ENTITY = re.compile(r"&?#x?[0-9a-fA-F]{2,6};|&?\b[a-zA-Z]{2,6};(?=\S)|\blt;|\bgt;|\bquot;|\bamp;")
_PAUSE = re.compile(r"[.,;:!?()\[\]{}\"“”„«»|/\n\r\t。，、；：！？]+|\s[-–—]+\s|--+|[–—]")


@dataclass(frozen=True)
class PhraseCounts:
    """How often each phrase occurs in each text, (n, phrases), and the phrases: one count for every cut."""

    counts: csr_array
    phrases: np.ndarray


def count_phrases(texts: Sequence[str]) -> PhraseCounts:
    """The phrases of every text (of its first 2,000 characters) that two texts or more have."""
    from sklearn.feature_extraction.text import CountVectorizer

    read = [_plain(text[:_READ_CHARACTERS]) for text in texts]
    namer = learn_words(read)
    counter = CountVectorizer(analyzer=list, min_df=2, dtype=np.int32)
    phrases = (phrases_of(text, namer, stop) for text, stop in zip(read, stop_words_for(read), strict=True))
    try:
        return PhraseCounts(csr_array(counter.fit_transform(phrases)), counter.get_feature_names_out())
    except ValueError:  # no words at all
        return PhraseCounts(csr_array((len(read), 0), dtype=np.int32), np.array([], dtype=object))


def phrases_of(text: str, namer: Namer, stop: frozenset[str]) -> list[str]:
    """All runs of one to three words of a text, without those that a pause or a word of ``stop`` parts.

    What is elided before or behind a word is left out (``bare``).

    Words of scripts without blanks stand alone: what stood between two of them would be missed.
    """
    found: list[str] = []
    for piece in _PAUSE.split(text):
        run: list[str] = []
        for word in [*namer.words(piece), ""]:
            said = bare(word, stop)
            if said in _MARKUP:
                said = ""
            if said and not is_blankless(said):
                run.append(said)
                continue
            found += _runs(run)
            run = []
            if said:
                found.append(said)
    return found


def _runs(words: list[str]) -> list[str]:
    return [
        " ".join(words[start : start + length])
        for length in range(1, _LONGEST_PHRASE + 1)
        for start in range(len(words) - length + 1)
        if not _says_again(words[start : start + length])
    ]


def _plain(text: str) -> str:
    """The text without tags, addresses and entities, whole or broken."""
    text = html.unescape(text) if "&" in text else text
    text = _TAG.sub(" . ", text) if "<" in text else text
    return _ADDRESS.sub(" . ", _BROKEN_ENTITY.sub(" ", text) if ";" in text else text)


def _says_again(words: list[str]) -> bool:
    """Whether a word repeats another: "afp afp" says no more than "afp"."""
    return any(same_stem(word, other) for word, other in combinations(words, 2))


def same_stem(word: str, other: str) -> bool:
    """Whether two words begin alike: currency and currencies, transfer and transferred."""
    if word.removesuffix("s") == other.removesuffix("s"):
        return True
    shared = next(
        (place for place, (a, b) in enumerate(zip(word, other, strict=False)) if a != b),
        min(len(word), len(other)),
    )
    return shared >= max(_LEAST_STEM, _SAME_STEM * max(len(word), len(other)))
