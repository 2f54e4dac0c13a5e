"""Long texts are read whole: nothing is lost, nothing is too long, sentences stay whole where they can."""

import numpy as np
import pandas as pd
import pytest

from analytics.errors import ZetascopeError
from analytics.text import encode_passages
from analytics.text.map_table import text_column
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


def test_passages_are_lines_of_the_table_with_their_rows() -> None:
    frame = pd.DataFrame({"t": ["a", None, "b", "c"], "passage": [9, 8, 7, 6]}, index=[5, 6, 7, 8])
    column = text_column(frame["t"])
    assert column.lines(frame)[0] is frame
    cut = column.cut(Passages(("a", "b1", "b2", "b3", "c"), np.array([0, 1, 1, 1, 2]), 3))
    assert cut.rows.tolist() == [0, 2, 2, 2, 3] and cut.missing == 1
    lines, places = cut.lines(frame)
    assert lines.index.tolist() == [5, 6, 7, 7, 7, 8] and places.tolist() == [0, 2, 3, 4, 5]
    assert lines["text_row"].tolist() == [1, 2, 3, 3, 3, 4]
    assert lines["passage_"].fillna(0).tolist() == [1, 0, 1, 2, 3, 1]
    assert lines["passages"].fillna(0).tolist() == [1, 0, 3, 3, 3, 1]
    assert lines["passage_text"].fillna("").tolist() == ["a", "", "b1", "b2", "b3", "c"]
    some, at = cut.only(np.array([0, 3])).lines(frame)
    assert at.tolist() == [0, 2] and some["passage_"].fillna(0).tolist() == [1, 0, 3, 0]
    with pytest.raises(ZetascopeError, match="cut these texts"):
        column.cut(Passages(("a",), np.array([0]), 1))
