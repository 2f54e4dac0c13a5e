"""Vectors with known structure, and a stand-in for an encoder that needs no model."""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np
import pytest


class FakeEncoder:
    """Hashes texts to unit vectors; counts what it was asked to encode."""

    name, revision, backend, dimension, max_tokens = "fake", "1", "none", 16, 8

    def __init__(self) -> None:
        self.encoded: list[str] = []

    @property
    def space(self) -> str:
        return self.revision

    def prompt(self, role: str = "text") -> str:
        return "query: " if role == "query" else ""

    def vector(self, text: str) -> np.ndarray:
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
        vector = np.random.default_rng(seed).normal(size=self.dimension).astype(np.float32)
        return vector / np.linalg.norm(vector)

    def stream(self, texts: Sequence[str], *, role: str = "text") -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for start in range(0, len(texts), 4):
            rows = np.arange(start, min(start + 4, len(texts)))
            self.encoded += [texts[row] for row in rows]
            yield rows, np.stack([self.vector(texts[row]) for row in rows])


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


def blobs(sizes: Sequence[int], *, dimension: int = 24, spread: float = 0.15, seed: int = 0) -> np.ndarray:
    """Unit vectors around one random direction per size, group after group."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(len(sizes), dimension))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    points = np.repeat(centres, sizes, axis=0) + rng.normal(size=(sum(sizes), dimension)) * spread
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def three_blobs() -> np.ndarray:
    """120 vectors: 60, 40 and 20 around three directions."""
    return blobs([60, 40, 20])


@pytest.fixture
def make_blobs():
    return blobs
