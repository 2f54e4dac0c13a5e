"""Categories that differ only in case, blanks, accents or one letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

import pandas as pd

from analytics.recipe.steps.values import Replace
from analytics.recipe.suggestions.suggestion import Suggestion
from analytics.tables.columns import Role

_MOST_VALUES = 1_000
_SHORTEST, _LONGEST = 5, 80
"""Letters of a word of which one may be a mistake: cat and car are two things, and a text is no word. Each is
held once for every letter, so that the work is the square of its length."""
_INNER_DASH = re.compile(r"(?<=\w)[-_]+(?=\w)")
_LAST_ACCENTED = "\u03ff"
"""Latin and Greek letters have accents; marks of other scripts make another letter."""
_AS_TWO = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})
"""How keyboards without them write these: München and Muenchen are one."""
_RARER = 10
"""How many times as often the right spelling stands in the column as the one with another letter."""


def spellings(frame: pd.DataFrame, roles: Mapping[str, Role]) -> Iterator[Suggestion]:
    """One suggestion for each set of spellings, which all become the commonest of them."""
    for name, role in roles.items():
        if role.kind != "category" or not _holds_words(frame[name]):
            continue
        counts = {str(word): int(n) for word, n in frame[name].value_counts().items() if n}
        if len(counts) > _MOST_VALUES:
            continue
        alike = _by_looks(counts)
        left = {group[0]: sum(counts[word] for word in group) for group in alike}
        for group in alike:
            if len(group) > 1:
                yield _suggestion("spelling", name, group, counts)
        for group in _one_letter(left):
            yield _suggestion("one letter", name, group, left)


def _holds_words(column: pd.Series) -> bool:
    dtype = column.dtype
    categories = dtype.categories.dtype if isinstance(dtype, pd.CategoricalDtype) else dtype
    return bool(pd.api.types.is_string_dtype(categories))


def _suggestion(kind: str, name: str, group: list[str], counts: Mapping[str, int]) -> Suggestion:
    first, *others = group
    shown = ", ".join(f"{word!r} ({counts[word]:,})" for word in group[:6])
    how = "case, blanks or accents" if kind == "spelling" else "one letter"
    return Suggestion(
        kind,
        f"{shown} in {name!r} differ only by {how}.",
        sum(counts[word] for word in others),
        (name,),
        (Replace(name, tuple(others), first),),
    )


def _by_looks(counts: Mapping[str, int]) -> list[list[str]]:
    """Words that are one once case, blanks and accents are gone, the commonest first."""
    groups: dict[str, list[str]] = {}
    written_out = {out: _bare(word) for word in counts if (out := _bare(_written_out(word))) != _bare(word)}
    for word in sorted(counts, key=lambda word: (-counts[word], word)):
        bare = _bare(word)
        groups.setdefault(written_out.get(bare, bare), []).append(word)
    return list(groups.values())


def _written_out(word: str) -> str:
    return unicodedata.normalize("NFC", word.casefold()).translate(_AS_TWO)


def _bare(word: str) -> str:
    """Without case, blanks and accents; signs stay (-0.6, A-), and a raised 2 is no 2."""
    numbered = any(unicodedata.category(mark) == "No" for mark in word)
    parts = unicodedata.normalize("NFD" if numbered else "NFKD", word.casefold())
    base, kept = "", []
    for mark in parts:
        if not unicodedata.combining(mark):
            base = mark
        if mark == base or base > _LAST_ACCENTED:
            kept.append(mark)
    return " ".join(_INNER_DASH.sub(" ", "".join(kept)).split())


def _one_letter(counts: Mapping[str, int]) -> Iterator[list[str]]:
    """A common word with rare ones beside it from which one letter is away, added or another."""
    common = [word for word in counts if _SHORTEST <= len(word) <= _LONGEST and not _has_digit(word)]
    holed: dict[str, list[str]] = {}
    for word in common:
        for key in _with_holes(word):
            holed.setdefault(key, []).append(word)
    taken: set[str] = set()
    for word in sorted(common, key=lambda word: -counts[word]):
        near = {other for key in _with_holes(word) for other in holed[key] if other != word}
        rare = sorted(other for other in near - taken if counts[word] >= _RARER * counts[other])
        if rare and word not in taken:
            taken |= {word, *rare}
            yield [word, *rare]


def _with_holes(word: str) -> set[str]:
    """Keys that two words share if one letter makes the difference."""
    bare = _bare(word)
    return {bare, *(bare[:place] + bare[place + 1 :] for place in range(len(bare)))}


def _has_digit(word: str) -> bool:
    return any(mark.isdigit() for mark in word)
