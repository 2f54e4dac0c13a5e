"""What a reader should know about the sentence they typed before they trust its translation."""

from __future__ import annotations

import re
import unicodedata

from analytics.transformer.decoder.trace import SourceTrace

_FRENCH = frozenset(
    "le la les un une des du et est je tu il elle nous vous ils elles ne pas que qui dans pour sur avec "
    "suis es sommes êtes sont ce cette mon ma mes ton ta tes son sa ses au aux très mais où donc".split()
)
_ENGLISH = frozenset(
    "the a an and is are am was were i you he she it we they not that who in for on with this my your his "
    "her its our their to of at do does did have has had be very but where".split()
)
_LONG = 40
_WORD = re.compile(r"[^\W\d_]+")


def source_notes(source: SourceTrace) -> tuple[str, ...]:
    """One sentence for each thing that makes this source hard for an English-French model."""
    notes = []
    text = unicodedata.normalize("NFC", source.text).casefold()
    words = _WORD.findall(text)
    if not words:
        notes.append("There is no word in this text, so there is little to translate.")
    french, english = languages_in(text)
    if french > english and french >= max(1, len(words) // 4):
        notes.append("This looks like French; the model was trained to read English.")
    elif words and not re.search("[a-z]", text):
        notes.append("This does not look like English, the only language the model was trained to read.")
    if len(source.tokens) > _LONG:
        notes.append(
            f"With {len(source.tokens)} pieces this is longer than most sentences the model has read; it may "
            "leave parts out."
        )
    return tuple(notes)


def languages_in(text: str) -> tuple[int, int]:
    """How many words of a text are common in French, and how many in English."""
    words = _WORD.findall(text.casefold())
    return sum(word in _FRENCH for word in words), sum(word in _ENGLISH for word in words)
