"""Where a text has the words of a query, so that a reader sees them."""

from collections.abc import Callable, Iterable, Iterator

import regex

from analytics.text.arguments import as_texts
from analytics.text.finding.search import quoted
from analytics.text.reading.stop_words import stop_words_of
from analytics.text.words import is_blankless, query_terms, search_key

_CHARACTER = regex.compile(r"\X")
_WORD = regex.compile(r"[\w\p{M}]")
_WORDS = regex.compile(r"[\w\p{M}\u200c\u200d]+")
_SYLLABLES = regex.compile(r"\p{Hangul}+")  # found inside a word too, which ends in particles
_MOST_MARKED = 20_000  # characters: no reader looks for words beyond


def marked_spans(text: str, query: str) -> tuple[tuple[int, int], ...]:
    """Start and end of what ``text`` has of the words and quoted phrases of ``query``; none overlap.

    Compared as search compares: whatever the case, the width of letters, and the spelling of accents. Words
    of one character, or that say nothing in English or the text's language, are marked only where they are
    quoted.
    """
    as_texts([text, query])
    phrases = [search_key(phrase).strip() for phrase in quoted(query)]
    stop = stop_words_of(text)
    words = [word for word in query_terms(query.replace('"', " ")) if word not in stop]
    key, starts = _folded(text[:_MOST_MARKED])
    found = [span for phrase in phrases if phrase for span in _all_of(phrase, key)]
    for word in dict.fromkeys(words):
        if is_blankless(word) or len(word) > 1:
            found += [span for span in _all_of(word, key) if is_blankless(word) or _stands_alone(key, *span)]
    return tuple((starts[start], starts[end]) for start, end in _joined(sorted(found)))


def term_spans(text: str, terms: Iterable[str], *, form: Callable[[str], str]) -> tuple[tuple[int, int], ...]:
    """Start and end of every word of ``text`` that counts for one of the ``terms``; none overlap.

    Words count for each other where ``form`` makes the same of both; terms as ``query_terms`` gives them.
    """
    as_texts([text])
    key, starts = _folded(text[:_MOST_MARKED])
    asked = list(dict.fromkeys(terms))
    forms = {form(term) for term in asked}
    found = [word.span() for word in _WORDS.finditer(key) if form(word[0]) in forms]
    for term in asked:
        if is_blankless(term) or _SYLLABLES.fullmatch(term):
            found += _all_of(term, key)
    return tuple((starts[start], starts[end]) for start, end in _joined(sorted(found)))


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for every place in it the one in the text; one more for the end."""
    parts: list[str] = []
    starts: list[int] = []
    for character in _CHARACTER.finditer(text):
        part = search_key(character[0])
        parts.append(part)
        starts += [character.start()] * len(part)
    return "".join(parts), [*starts, len(text)]


def _all_of(term: str, key: str) -> Iterator[tuple[int, int]]:
    start = key.find(term)
    while start >= 0:
        yield start, start + len(term)
        start = key.find(term, start + len(term))


def _stands_alone(key: str, start: int, end: int) -> bool:
    """Whether no letter touches it; the words of scripts without blanks touch everything."""
    before, after = key[start - 1 : start], key[end : end + 1]
    return not any(_WORD.match(one) and not is_blankless(one) for one in (before, after) if one)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    made: list[tuple[int, int]] = []
    for start, end in spans:
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made
