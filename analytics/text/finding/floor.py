"""What a query that means nothing reaches among these texts: below it, a hit is no hit."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from analytics.errors import ZetascopeError
from analytics.text.arguments import as_texts, as_vector, as_vectors, check_whole

_QUERIES = 60
_PERCENTILE = 98  # hand-typed nonsense stayed below it on four corpora, and real questions above
_READ_CHARACTERS = 100_000
_LONGEST_WORD = 8
_MOST_WORDS = 3
_LETTERS_USED = 60  # the commonest: rare letters of other scripts are no part of what a visitor types
_DIGITS = "0123456789"


def similarity_floor(
    encode: Callable[[Sequence[str]], np.ndarray], vectors: np.ndarray, texts: Sequence[str], *, seed: int = 0
) -> float:
    """The cosine that the best hit of a nonsense query reaches among unit ``vectors`` (n, d), in [-1, 1].

    60 queries of one to three words are put together at random from the letters of the ``texts``, and a few
    from digits; ``encode`` makes vectors of them as of any query. The floor is the 98th percentile of their
    best similarities, so it grows with the number of texts as the best of many does; 3 to 5 of 100 further
    ones reach more.

    Raises:
        ZetascopeError: no texts.
    """
    check_whole(seed, name="seed", least=0)
    if not len(as_texts(texts)) or not len(vectors):
        raise ZetascopeError("There is no text to search: choose a column with at least one text.")
    vectors = as_vectors(vectors)
    queries = as_vectors(encode(nonsense(texts, count=_QUERIES, seed=seed)), what="vectors of the queries")
    if not len(queries):
        raise ZetascopeError("The encoder made no vectors of the queries: give one that encodes texts.")
    best = [(vectors @ as_vector(query, size=vectors.shape[1])).max() for query in queries]
    return float(np.percentile(best, _PERCENTILE))


def nonsense(texts: Sequence[str], *, count: int, seed: int = 0) -> list[str]:
    """Random words of the letters in these texts; some repeat themselves, some are digits.

    Letters are as frequent as there, or all alike. Hands on a keyboard repeat themselves
    ("jjjj", "sdfsdf"), and models take that for something.
    """
    read = "".join(text[:1_000] for text in texts[:: max(1, len(texts) * 1_000 // _READ_CHARACTERS)])
    counts = Counter(letter for letter in read.lower() if letter.isalpha()).most_common(_LETTERS_USED)
    letters = [letter for letter, _ in counts] or list(_DIGITS)
    often = np.array([times for _, times in counts] or [1] * len(_DIGITS), dtype=float)
    rng = np.random.default_rng(seed)

    def word(letters: list[str], shares: np.ndarray | None, repeats: bool) -> str:
        made = "".join(rng.choice(letters, rng.integers(2, _LONGEST_WORD + 1), p=shares))
        return made[: len(made) // 3 + 1] * 3 if repeats else made

    kinds = (
        (letters, often / often.sum(), False),
        (letters, None, False),
        (letters, often / often.sum(), False),
        (letters, None, True),
        (list(_DIGITS), None, False),
    )
    return [
        " ".join(word(*kinds[number % len(kinds)]) for _ in range(rng.integers(1, _MOST_WORDS + 1)))
        for number in range(count)
    ]
