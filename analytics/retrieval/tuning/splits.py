"""Who learns from which texts: the same splits for every way of classifying."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.arguments import LARGEST_SEED, is_whole, require_whole
from analytics.errors import ZetascopeError
from analytics.retrieval.tuning.labelled import LabelledTexts

ALL = 0
"""The number of labels a class that stands for all there are."""
SHOTS = (1, 2, 4, 8, 16, 32, 64, ALL)
TEST_SHARE = 0.25
MOST_TESTED = 2_000
"""Texts measured with: an accuracy of 2,000 is known to about 2 points, and more would only take longer."""


@dataclass(frozen=True)
class Split:
    """One draw: who may be learnt from, in the order in which classes take their first texts, and the test.

    Attributes:
        seed: of the draw.
        pool: (p,) places of the texts to learn from, shuffled.
        test: (t,) places of the texts to measure with.
    """

    seed: int
    pool: np.ndarray
    test: np.ndarray

    @property
    def overlap(self) -> float:
        """Test texts over texts to learn from: what two draws share makes their results alike
        (Nadeau and Bengio, Machine Learning 52, 2003)."""
        return len(self.test) / max(len(self.pool), 1)


def split_texts(data: LabelledTexts, *, seed: int, most_tested: int = MOST_TESTED) -> Split:
    """A quarter of every class to measure with, at least one text and never all of them."""
    chance = np.random.default_rng(seed)
    pool, test = [], []
    for code in range(len(data.names)):
        members = chance.permutation(np.flatnonzero(data.codes == code))
        tested = min(max(1, round(TEST_SHARE * len(members))), len(members) - 1)
        test.append(members[:tested])
        pool.append(members[tested:])
    measured = np.concatenate(test)
    if len(measured) > most_tested:
        measured = chance.permutation(measured)[:most_tested]
    return Split(seed, chance.permutation(np.concatenate(pool)), np.sort(measured))


def first_of_each(pool: np.ndarray, codes: np.ndarray, shot: int) -> np.ndarray:
    """The first ``shot`` texts of each class in the pool, or all of them: larger draws hold the smaller."""
    if shot == ALL:
        return pool
    order = np.argsort(codes[pool], kind="stable")
    ordered = codes[pool][order]
    nth = np.arange(len(pool)) - np.searchsorted(ordered, ordered)
    return pool[np.sort(order[nth < shot])]


def possible_shots(sizes: np.ndarray, shots: Sequence[int]) -> tuple[int, ...]:
    """Those numbers of labels that at least half the classes have, smallest first; ``ALL`` is always one.

    ``sizes``: texts to learn from, of each class.
    """
    most = float(np.median(sizes))
    # As many as every class has is what ALL measures already.
    counted = [shot for shot in sorted(set(shots)) if shot != ALL and shot <= most and shot < sizes.max()]
    return (*counted, ALL) if ALL in shots or not counted else tuple(counted)


def check_shots(shots: Any) -> tuple[int, ...]:
    """The numbers of labels a class, in order.

    Raises:
        ZetascopeError: none, or something else than whole numbers of 0 (all) or more.
    """
    if isinstance(shots, str) or not isinstance(shots, Sequence | np.ndarray) or not len(shots):
        raise ZetascopeError("Name the numbers of labels a class to learn from, such as (1, 8, 64).")
    wrong = next((shot for shot in shots if not is_whole(shot) or shot < 0), None)
    if wrong is not None:
        raise ZetascopeError(f"{wrong!r} is no number of labels a class: use 1 or more, or {ALL} for all.")
    return tuple(int(shot) for shot in shots)


def check_seeds(seeds: Any) -> int:
    """How many draws are made.

    Raises:
        ZetascopeError: no whole number from 1 to 100.
    """
    require_whole(seeds, "The number of draws", least=1, most=100)
    return int(seeds)


def check_seed(seed: Any) -> int:
    """Where the draws start from.

    Raises:
        ZetascopeError: no whole number that random numbers start from.
    """
    require_whole(seed, "The seed", least=0, most=LARGEST_SEED)
    return int(seed)
