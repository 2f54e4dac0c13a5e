"""Long texts are read whole: nothing is lost, nothing is too long, sentences stay whole where they can."""

import numpy as np
import pytest

from analytics.text import encode_passages
from analytics.text.reading.passages import Passages, packed


def count(texts: list[str]) -> np.ndarray:
    """A token a word, and two at the ends."""
    return np.array([len(text.split()) + 2 for text in texts])


SENTENCES = " ".join(f"Sentence number {i} has exactly seven words." for i in range(40))


def test_passages_hold_whole_sentences_up_to_the_limit() -> None:
    passages = packed(SENTENCES, count, room=50)
    assert all(len(passage.split()) <= 50 for passage in passages)
    assert all(passage.startswith("Sentence") and passage.endswith("words.") for passage in passages)
    said = [line for passage in passages for line in passage.split("words.") if line]
    numbers = [int(line.split()[2]) for line in said]
    assert sorted(set(numbers)) == list(range(40))
    # Each passage but the first begins with the last sentence of the one before.
    assert len(numbers) == 40 + len(passages) - 1


@pytest.mark.parametrize(
    "text", ["word " * 300, "x" * 5_000, "a. " * 200, "no end " * 99 + "!", "東京。" * 50, "\n\n\n", "one"]
)
def test_no_word_is_lost_and_nothing_is_too_long(text: str) -> None:
    def by_character(texts: list[str]) -> np.ndarray:
        return np.array([len("".join(one.split())) + 2 for one in texts])

    passages = packed(text, by_character, room=20)
    assert all(by_character([passage])[0] - 2 <= 20 for passage in passages)
    bare = "".join(text.split())
    assert len("".join("".join(passages).split())) >= len(bare)
    assert set(bare) <= set("".join(passages)) or not bare


def test_a_vector_is_the_mean_of_its_passages(encoder) -> None:
    passages = Passages(("a", "b1", "b2", "b3", "c"), np.array([0, 1, 1, 1, 2]), 3)
    vectors = encode_passages(encoder, passages, store=None).vectors
    mean = np.mean([encoder.vector(text) for text in ("b1", "b2", "b3")], axis=0)
    np.testing.assert_allclose(vectors[1], mean / np.linalg.norm(mean), atol=1e-6)
    np.testing.assert_array_equal(vectors[[0, 2]], [encoder.vector("a"), encoder.vector("c")])
    assert passages.sizes.tolist() == [1, 3, 1]
