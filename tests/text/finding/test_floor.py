"""What nonsense reaches: made of a file's own letters, and above it what means something."""

import numpy as np
import pandas as pd
import pytest

from analytics.text import load_encoder, similarity_floor
from analytics.text.finding.floor import nonsense
from analytics.text.model_files import PACKAGED_NAME

NONSENSE = (
    "qwertz zzz",
    "asdf jkl",
    "blorf snark",
    "kjhgf",
    "1234 5678",
    "aaaaaa",
    "wqrtp mnbvc lkjh",
    "fnord",
)
OPINIONS = ("the battery does not last", "the food was cold", "bad acting", "a rude waiter", "great sound")


def test_nonsense_is_made_of_the_letters_of_the_texts() -> None:
    made = nonsense(["карта утеряна", "карта"], count=20)
    assert len(set(made)) > 15
    assert {letter for words in made for letter in words if letter.isalpha()} <= set("картаутеряна")
    assert all(1 <= len(words.split()) <= 3 for words in made)
    assert made == nonsense(["карта утеряна", "карта"], count=20)
    assert all(words.replace(" ", "").isdigit() for words in nonsense(["?", "!"], count=5))
    assert nonsense([], count=2)


def test_the_floor_is_near_the_best_of_all_queries() -> None:
    rng = np.random.default_rng(0)
    vectors, queries = (rng.normal(size=(n, 32)).astype(np.float32) for n in (500, 60))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    floor = similarity_floor(lambda _: queries, vectors, ["some text"] * 500)
    best = (queries @ vectors.T).max(axis=1)
    assert 0 < (best > floor).mean() <= 0.04
    assert similarity_floor(lambda _: queries, vectors[:20], ["some text"] * 20) < floor


@pytest.mark.slow
def test_real_nonsense_stays_below_and_real_questions_above() -> None:
    texts = pd.read_csv("sample_data/opinions.csv")["text"].astype(str).tolist()[::5]
    encoder = load_encoder(PACKAGED_NAME)
    vectors = encoder.encode(texts, role="document")
    floor = similarity_floor(lambda queries: encoder.encode(queries, role="query"), vectors, texts)
    reached = (encoder.encode(NONSENSE, role="query") @ vectors.T).max(axis=1)
    assert (reached < floor).all(), dict(zip(NONSENSE, reached, strict=True))
    found = (encoder.encode(OPINIONS, role="query") @ vectors.T).max(axis=1)
    assert (found > floor).all(), dict(zip(OPINIONS, found, strict=True))
