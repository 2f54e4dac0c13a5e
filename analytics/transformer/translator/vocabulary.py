"""Text to piece ids and back, for the packaged SentencePiece model and for Marian's tokenizer files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from analytics.transformer.tokens import Token

_WORD_START = "▁"
# In no training pair: the page shows it, so the model must get it right without having read it.
PAGE_EXAMPLE = "I love machine learning"


class Vocabulary(Protocol):
    """What a walk needs of a tokenizer."""

    unknown_id: int

    def encode(self, text: str) -> tuple[Token, ...]:
        """The source tokens, the closing ``</s>`` included."""
        ...

    def target_ids(self, text: str) -> tuple[int, ...]:
        """The ids of a translation, the closing ``</s>`` included."""
        ...

    def piece(self, token_id: int) -> str:
        """One id as the vocabulary writes it; ``▁`` marks the start of a word."""
        ...

    def id_of(self, piece: str) -> int:
        """The id of a piece as ``piece`` writes it; ``unknown_id`` for one the vocabulary does not have."""
        ...

    def decode(self, ids: Sequence[int]) -> str:
        """The text that ids stand for, special tokens left out."""
        ...

    def save(self, folder: Path) -> None:
        """Write the files that it was opened from beside a model's weights."""
        ...


class SharedPieces:
    """One SentencePiece model for both languages, whose piece ids are the model's ids."""

    def __init__(self, path: Path) -> None:
        import sentencepiece

        self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(path))
        self._count: int = self._pieces.get_piece_size()
        self.unknown_id: int = self._pieces.unk_id()

    def encode(self, text: str) -> tuple[Token, ...]:
        found: Any = self._pieces.encode(text, return_type="offset_mapping")
        rows = zip(
            found["pieces"], found["ids"], found["offsets"], _word_numbers(found["pieces"]), strict=True
        )
        tokens = [
            Token(piece, one, start + text[start:end].startswith(" "), end, special=False, word=word)
            for piece, one, (start, end), word in rows
        ]
        return (*tokens, Token("</s>", self._pieces.eos_id(), 0, 0, special=True, word=None))

    def target_ids(self, text: str) -> tuple[int, ...]:
        return (*self._pieces.encode(text), self._pieces.eos_id())

    def piece(self, token_id: int) -> str:
        # A model's table may have more rows than there are pieces, to round its size.
        return self._pieces.id_to_piece(int(token_id)) if token_id < self._count else f"<{token_id}>"

    def id_of(self, piece: str) -> int:
        return self._pieces.piece_to_id(piece)

    def decode(self, ids: Sequence[int]) -> str:
        known = [int(one) for one in ids if one < self._count]
        return self._pieces.decode([one for one in known if not self._pieces.is_control(one)])

    def save(self, folder: Path) -> None:
        (folder / "sp.model").write_bytes(self._pieces.serialized_model_proto())


class MarianFiles:
    """``source.spm``, ``target.spm`` and ``vocab.json`` as ``Helsinki-NLP/opus-mt-*`` models have them."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._count: int = tokenizer.vocab_size
        self._specials = set(tokenizer.all_special_ids)
        self.unknown_id: int = tokenizer.unk_token_id

    def encode(self, text: str) -> tuple[Token, ...]:
        ids = self._tokenizer(text)["input_ids"]
        names = [self.piece(one) for one in ids]
        special = [one in self._specials and one != self.unknown_id for one in ids]
        words = _word_numbers(names)
        return tuple(
            Token(name, one, 0, 0, special=closing, word=None if closing else word)
            for name, one, closing, word in zip(names, ids, special, words, strict=True)
        )

    def target_ids(self, text: str) -> tuple[int, ...]:
        return tuple(self._tokenizer(text_target=text)["input_ids"])

    def piece(self, token_id: int) -> str:
        if token_id >= self._count:
            return f"<{token_id}>"
        return self._tokenizer.convert_ids_to_tokens(int(token_id))

    def id_of(self, piece: str) -> int:
        return int(self._tokenizer.convert_tokens_to_ids(piece))

    def decode(self, ids: Sequence[int]) -> str:
        # Marian joins both vocabularies; without this switch target pieces are joined by the source model.
        kept = [int(one) for one in ids if one < self._count]
        return self._tokenizer.decode(kept, skip_special_tokens=True, use_source_tokenizer=False)

    def save(self, folder: Path) -> None:
        self._tokenizer.save_pretrained(str(folder))


def _word_numbers(names: Sequence[str]) -> list[int]:
    """Running word number of each piece; the first piece starts a word whatever it looks like."""
    numbers: list[int] = []
    current = 0
    for place, name in enumerate(names):
        if place and name.startswith(_WORD_START):
            current += 1
        numbers.append(current)
    return numbers
