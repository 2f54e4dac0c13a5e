"""Whether the sentences of a written answer rest on the passages they cite."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.retrieval.lexical import asked_terms, form_of
from analytics.retrieval.sentences import sentence_spans
from analytics.text import TextEncoder
from analytics.text.words import document_terms

_CITED = re.compile(r"\[(\d{1,3})\]")
_BEHIND = re.compile(r"([.!?…])((?:\s*\[\d{1,3}\])+)")
_LIKE, _SHARED = 0.5, 0.5
"""A sentence is supported from this cosine and this share of its words on. Questions about other things
reach 0.39 on the CISI abstracts and 0.52 on the opinions that ship (``answer_floor``); half of the words is a
choice."""


@dataclass(frozen=True)
class CheckedSentence:
    """A written sentence, the passages it cites (from 1), and how far they say the same.

    ``cosine`` is the best with a sentence of theirs, ``overlap`` the share of its words that one passage has.
    """

    text: str
    cited: tuple[int, ...]
    cosine: float
    overlap: float

    @property
    def supported(self) -> bool:
        """Whether what it cites is there and says so, by meaning and by words."""
        return bool(self.cited) and self.cosine >= _LIKE and self.overlap >= _SHARED


def check_support(
    answer: str, passages: Sequence[str], *, encoder: TextEncoder
) -> tuple[CheckedSentence, ...]:
    """Every sentence of an answer held against what it cites; numbers of no passage count as not cited."""
    moved = _BEHIND.sub(r"\2\1", answer)
    return tuple(_checked(moved[start:end], passages, encoder) for start, end in sentence_spans(moved))


def _checked(sentence: str, passages: Sequence[str], encoder: TextEncoder) -> CheckedSentence:
    numbers = dict.fromkeys(int(number) for number in _CITED.findall(sentence))
    cited = tuple(number for number in numbers if 1 <= number <= len(passages))
    bare = _CITED.sub("", sentence).strip()
    if not cited or not document_terms(bare):
        return CheckedSentence(sentence, cited, 0.0, 0.0)
    named = [passages[number - 1] for number in cited]
    parts = [text[start:end] for text in named for start, end in sentence_spans(text)]
    vectors = encoder.encode([bare, *named, *parts])
    wanted = {form_of(term) for term in asked_terms(bare)}
    shared = max(len(wanted & {form_of(term) for term in document_terms(text)}) for text in named)
    return CheckedSentence(sentence, cited, float((vectors[1:] @ vectors[0]).max()), shared / len(wanted))
