"""Texts of known classes, and an encoder of random weights that can be tuned in a second."""

import numpy as np
import pytest

from tests.retrieval.tuning.tiny import tiny_encoder_in

THINGS = {"red": "rose tomato blood ruby", "blue": "sky sea sapphire jeans", "green": "grass leaf moss lime"}


@pytest.fixture
def texts_and_labels() -> tuple[list[str], list[str]]:
    """48 texts of three classes, which share words within a class."""
    texts, labels = [], []
    for label, words in THINGS.items():
        for number in range(16):
            first, second = words.split()[number % 4], words.split()[(number // 4) % 4]
            texts.append(f"a {first} beside the {second} number {number}")
            labels.append(label)
    return texts, labels


@pytest.fixture
def vectors(texts_and_labels: tuple[list[str], list[str]]) -> np.ndarray:
    """(48, 8) unit vectors: the class in the first three numbers, and noise."""
    chance = np.random.default_rng(0)
    codes = np.repeat(np.arange(3), 16)
    made = np.hstack([np.eye(3)[codes], np.zeros((48, 5))]) + chance.normal(0, 0.25, (48, 8))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory):
    return tiny_encoder_in(tmp_path_factory.mktemp("tiny"))
