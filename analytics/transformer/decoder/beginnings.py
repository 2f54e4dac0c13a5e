"""The beginning of an output as a reader types it: plain text, or the vocabulary's own pieces."""

from __future__ import annotations

from collections.abc import Iterable

from analytics.text.words import readable
from analytics.transformer.tokens import TraceError
from analytics.transformer.translator.loading import Translator

_WORD_START = "▁"
_AS_PIECES = "|"
"""Begins pieces of which none starts a word, which could not be told from text otherwise."""
_PLAIN_SIGNS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-"})
"""What a keyboard's helper puts in for signs that a vocabulary has, for one that lacks the finer ones."""


def written_pieces(pieces: Iterable[str]) -> str:
    """Pieces as ``prefix_of`` reads them back: with spaces between them."""
    listed = list(pieces)
    starts_a_word = any(_WORD_START in piece for piece in listed)
    told_apart = not listed or (starts_a_word and not listed[0].startswith(_AS_PIECES))
    return " ".join(listed if told_apart else [_AS_PIECES, *listed])


def prefix_of(beginning: str, translator: Translator) -> tuple[int, ...]:
    """Ids of a beginning for an output: text such as ``"J'ai mangé"``, or pieces such as ``"▁J ' ai"``.

    Text is cut by the model's own tokenizer. Where there is a ``▁``, or a ``|`` at the start, the parts
    between spaces are taken as pieces. Raises TraceError that names the first word the vocabulary has no
    piece for, or the first part that is no piece.
    """
    text = " ".join(readable(beginning).split())
    if not text:
        return ()
    if text.startswith(_AS_PIECES) or _WORD_START in text:
        return _exact_ids(text.removeprefix(_AS_PIECES).split(), translator)
    with translator.lock:
        return _cut(text, translator)


def _exact_ids(pieces: list[str], translator: Translator) -> tuple[int, ...]:
    vocabulary = translator.vocabulary
    ids: list[int] = []
    for piece in pieces:
        ids.append(vocabulary.id_of(piece))
        if vocabulary.piece(ids[-1]) != piece:
            raise TraceError(
                f"The output cannot begin with {piece!r}: it is no piece of this model. Pieces are written "
                "as on the buttons, with ▁ where a word starts, and a space between them; without any ▁ it "
                "is read as plain text."
            )
    return tuple(ids)


def _cut(text: str, translator: Translator) -> tuple[int, ...]:
    """The ids of a text without the closing token."""
    vocabulary = translator.vocabulary
    for written in (text, text.translate(_PLAIN_SIGNS)):
        ids = vocabulary.target_ids(written)
        ids = ids[:-1] if ids and ids[-1] == translator.end_id else ids
        if vocabulary.unknown_id not in ids:
            return ids
    unknown = next((one for one in text.split() if vocabulary.unknown_id in vocabulary.target_ids(one)), text)
    raise TraceError(
        f"The output cannot begin with {unknown!r}: the model's vocabulary has no piece for a part of it. "
        "Leave that out."
    )
