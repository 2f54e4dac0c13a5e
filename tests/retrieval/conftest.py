"""An encoder that reads words as directions: texts that share words are alike, and no model is needed."""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from analytics.text.words import document_terms


class WordEncoder:
    """The sum of a random direction per word, as a unit vector; a token is a word."""

    name, revision, backend, dimension, max_tokens, has_chosen = "words", "1", "none", 64, 40, True

    def __init__(self) -> None:
        self.encoded: list[str] = []

    @property
    def space(self) -> str:
        return self.revision

    def prompt(self, role: str = "text") -> str:
        return ""

    def count_prompt(self, role: str = "document") -> int:
        return 0

    def count_tokens(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([len(document_terms(text)) + 2 for text in texts], dtype=np.int64)

    def read_share(self, texts: Sequence[str]) -> np.ndarray:
        return np.minimum(1.0, self.max_tokens / np.maximum(self.count_tokens(texts), 1))

    def encode(self, texts: Sequence[str], *, role: str = "text", progress: object = None) -> np.ndarray:
        self.encoded += texts
        return np.stack([_vector(text) for text in texts]) if len(texts) else np.zeros((0, self.dimension))

    def stream(self, texts: Sequence[str], *, role: str = "text") -> Iterator[tuple[np.ndarray, np.ndarray]]:
        yield np.arange(len(texts)), self.encode(texts)


def _vector(text: str) -> np.ndarray:
    total = np.zeros(WordEncoder.dimension)
    for word in document_terms(text) or [text]:
        seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
        total += np.random.default_rng(seed).normal(size=WordEncoder.dimension)
    return (total / np.linalg.norm(total)).astype(np.float32)


@pytest.fixture
def encoder() -> WordEncoder:
    return WordEncoder()
