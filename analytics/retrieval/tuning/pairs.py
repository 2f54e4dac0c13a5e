"""Pairs of texts that belong together or do not, as SetFit draws them (Tunstall et al., arXiv 2209.11055)."""

from dataclasses import dataclass

import numpy as np

MOST_PAIRS = 2_048
"""All pairs of a few thousand texts are millions (setfit #249, #472); these take a minute on two cores."""
_EACH = 20  # SetFit's own number of iterations: so many pairs of both kinds for a text
_PATIENCE = 10  # draws of another class before a text goes without; two classes give one in two


@dataclass(frozen=True)
class Pairs:
    """(p,) places of the first and second text of each pair, and 1 where they share a class, else 0."""

    first: np.ndarray
    second: np.ndarray
    alike: np.ndarray

    def __len__(self) -> int:
        return len(self.first)


def draw_pairs(train: np.ndarray, codes: np.ndarray, *, seed: int, most: int = MOST_PAIRS) -> Pairs:
    """As many alike as different, every text about equally often, ``most`` in all.

    ``train``: places of the texts, ``codes``: the class of every place. A class of one has no pair alike.
    """
    chance = np.random.default_rng(seed)
    members = {code: train[codes[train] == code] for code in np.unique(codes[train]).tolist()}
    made: list[tuple[int, int, int]] = []
    for _ in range(_EACH):
        for row in chance.permutation(train).tolist():
            if len(made) >= most:
                break
            made += _pairs_of(row, train, codes, members[int(codes[row])], chance)
    table = np.array(made[:most], dtype=np.int64).reshape(-1, 3)
    return Pairs(table[:, 0], table[:, 1], table[:, 2].astype(np.float32))


def _pairs_of(
    row: int, train: np.ndarray, codes: np.ndarray, own: np.ndarray, chance: np.random.Generator
) -> list[tuple[int, int, int]]:
    found = []
    if len(own) > 1:
        place = int(chance.integers(len(own) - 1))
        other = int(own[place] if own[place] != row else own[-1])
        found.append((row, other, 1))
    for other in chance.choice(train, _PATIENCE).tolist():
        if codes[other] != codes[row]:
            found.append((row, other, 0))
            break
    return found
