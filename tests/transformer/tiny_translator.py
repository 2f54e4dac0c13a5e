"""A tiny random translator with a vocabulary of numbered words: no download, seeded weights."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sentencepiece
import torch

from analytics.transformer.tokens import Token
from analytics.transformer.translator.loading import Translator
from analytics.transformer.translator.vocabulary import SharedPieces
from tests.transformer.tiny_models import tiny_marian

SENTENCE = "five six seven eight"
_WORDS = ["<pad>", "</s>", "<unk>", "three", "four", "five", "six", "seven", "eight", "nine"]
WORDS = [*_WORDS, *(f"w{number}" for number in range(len(_WORDS), 60))]


class NumberedWords:
    """Words of a fixed list; a word's place is its id."""

    unknown_id = 2

    def encode(self, text: str) -> tuple[Token, ...]:
        ids = [WORDS.index(word) if word in WORDS else self.unknown_id for word in text.split()]
        tokens = [Token(WORDS[one], one, 0, 0, special=False, word=i) for i, one in enumerate(ids)]
        return (*tokens, Token("</s>", 1, 0, 0, special=True, word=None))

    def target_ids(self, text: str) -> tuple[int, ...]:
        return tuple(token.id for token in self.encode(text))

    def piece(self, token_id: int) -> str:
        return WORDS[token_id]

    def decode(self, ids: Sequence[int]) -> str:
        return " ".join(WORDS[one] for one in ids if one > 1)

    def save(self, folder: Path) -> None:
        raise AssertionError("a list of words is no file")


def tiny_translator(*, seed: int = 0, end_bias: float = 4.0) -> Translator:
    """``end_bias`` is added to the end token's logit, so that outputs end after a few words."""
    model = tiny_marian(seed=seed)
    # Output words of their own: with tied random vectors a model repeats what it has just read.
    model.lm_head.weight = torch.nn.Parameter(torch.randn(60, 24) * 0.5)
    with torch.no_grad():
        model.final_logits_bias[0, 1] = end_bias
    _place(model)
    model.generation_config.max_length = None
    model.generation_config.forced_eos_token_id = None
    return Translator(f"tiny-{seed}", "0" * 64, model, NumberedWords())


_SENTENCES = [
    "The cat sleeps.",
    "A dog runs in the park.",
    "We read books.",
    "Le chat dort.",
    "Un chien court.",
]


def tiny_pieces(target: Path) -> Path:
    """A SentencePiece model of 60 pieces with the packaged model's special ids, written to ``target``."""
    writer = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(_SENTENCES * 20),
        model_writer=writer,
        vocab_size=60,
        hard_vocab_limit=False,
        pad_id=0,
        eos_id=1,
        unk_id=2,
        bos_id=-1,
        minloglevel=2,
    )
    target.write_bytes(writer.getvalue())
    return target


def tiny_shared() -> Translator:
    """A tiny random model with a SentencePiece vocabulary, as the packaged one has it."""
    with tempfile.TemporaryDirectory() as folder:
        vocabulary = SharedPieces(tiny_pieces(Path(folder) / "sp.model"))
    model = tiny_marian()
    _place(model)
    return Translator("tiny", "0" * 64, model, vocabulary)


def _place(model: Any) -> None:
    """Sines and cosines as positions, which are computed anew wherever a model is opened."""
    with torch.no_grad():
        for side in (model.model.encoder, model.model.decoder):
            side.embed_positions.weight.copy_(side.embed_positions.create_weight())
