"""Long texts read whole: cut into passages that the model can read, a text's vector being their mean."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analytics.progress import Progress
from analytics.text.encoders import TextEncoder, unit_rows
from analytics.text.vector_cache import Encoded, VectorStore, encode_cached

_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|(?<=[。！？])|\n+")
_WORD = re.compile(r"\S+\s*")
_SPECIAL = 2  # tokens at a passage's ends
_OVERLAP = 0.2  # of a passage: the sentence before is repeated where it is not longer
_TOLD_EVERY = 20  # texts; a long one takes some 5 ms to cut
LONGEST = 400_000  # characters of one text: some 400 passages

Count = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class Passages:
    """The passages of n texts: ``texts`` (m,), and ``owners`` (m,) int64, which text each is of."""

    texts: tuple[str, ...]
    owners: np.ndarray
    count: int

    @property
    def sizes(self) -> np.ndarray:
        """How many passages each text has, (n,) int64."""
        return np.bincount(self.owners, minlength=self.count)

    @property
    def numbers(self) -> np.ndarray:
        """Which passage of its text each is, counted from 1, (m,) int64."""
        return np.arange(len(self.owners)) - np.searchsorted(self.owners, self.owners) + 1

    def means(self, vectors: np.ndarray) -> np.ndarray:
        """The mean of its passages' vectors (m, d) for every text, as unit vectors (n, d) float32."""
        total = np.zeros((self.count, vectors.shape[1]), dtype=np.float64)
        np.add.at(total, self.owners, vectors)
        means = unit_rows(total.astype(np.float32))
        # What the model reads whole keeps every bit of its vector.
        alone = np.flatnonzero(self.sizes == 1)
        means[alone] = vectors[np.searchsorted(self.owners, alone)]
        return means


def cut_passages(
    texts: Sequence[str],
    encoder: TextEncoder,
    *,
    tokens: int | None = None,
    progress: Progress | None = None,
) -> Passages:
    """Every text as the passages that the model can read; one that it reads whole is its own passage.

    ``tokens``: the most a passage may have where that is less than the model reads, special ones included.

    Sentences are packed up to the model's limit; a passage begins with the last sentence of the one before,
    where that takes no more than a fifth of it. A sentence that is too long is cut between words, a word
    that is too long between characters. ``progress`` gets (texts done, texts) and may raise to cancel.
    """
    room = encoder.max_tokens - _SPECIAL - encoder.count_prompt()
    if tokens is None or tokens - _SPECIAL >= room:
        long = set(np.flatnonzero(encoder.read_share(texts) < 1).tolist())
    else:
        room = tokens - _SPECIAL
        long = set(np.flatnonzero(encoder.count_tokens(texts) - _SPECIAL > room).tolist())
    parts: list[str] = []
    owners: list[int] = []
    for place, text in enumerate(texts):
        if progress and place % _TOLD_EVERY == 0:
            progress(place, len(texts))
        cut = packed(text[:LONGEST], encoder.count_tokens, room=room) if place in long else [text]
        parts += cut
        owners += [place] * len(cut)
    return Passages(tuple(parts), np.array(owners, dtype=np.int64), len(texts))


def packed(text: str, count: Count, *, room: int) -> list[str]:
    """A text's sentences packed into passages of at most ``room`` tokens."""
    sized = _sized(sentences(text), count)
    fitting = [one for sentence in sized for one in _short_enough(*sentence, count, room)]
    passages: list[str] = []
    now: list[tuple[str, int]] = []
    for piece in fitting:
        if now and sum(size for _, size in now) + piece[1] > room:
            passages.append("".join(part for part, _ in now).strip())
            last = now[-1]
            repeated = last[1] <= _OVERLAP * room and last[1] + piece[1] <= room and len(now) > 1
            now = [last] if repeated else []
        now.append(piece)
    if now:
        passages.append("".join(part for part, _ in now).strip())
    return [passage for passage in passages if passage] or [text]


def encode_passages(
    encoder: TextEncoder,
    passages: Passages,
    *,
    store: VectorStore | None,
    role: str = "document",
    progress: Progress | None = None,
) -> Encoded:
    """The mean of its passages' vectors for every text, as unit vectors (n, d)."""
    encoded = encode_cached(encoder, passages.texts, store=store, role=role, progress=progress)
    return Encoded(passages.means(encoded.vectors), encoded.encoded, encoded.known)


def sentences(text: str) -> list[str]:
    """The text cut behind every end of a sentence and of a line, blanks included: joined, they are it."""
    return _pieces(text, _SENTENCE)


def _pieces(text: str, ends: re.Pattern[str]) -> list[str]:
    """The text cut behind every match, nothing left out."""
    cuts = [0, *(match.end() for match in ends.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(cuts) if end > start]


def _sized(pieces: list[str], count: Count) -> list[tuple[str, int]]:
    sizes = (count(pieces) - _SPECIAL).tolist() if pieces else []
    return list(zip(pieces, sizes, strict=True))


def _short_enough(piece: str, size: int, count: Count, room: int) -> list[tuple[str, int]]:
    """A piece as it is, or cut between words or characters until each part fits."""
    if size <= room or len(piece) < 2:
        return [(piece, size)]
    words = _WORD.findall(piece)
    middle = len(piece) // 2 if len(words) < 2 else len("".join(words[: len(words) // 2]))
    halves = _sized([piece[:middle], piece[middle:]], count)
    return [part for half in halves for part in _short_enough(*half, count, room)]
