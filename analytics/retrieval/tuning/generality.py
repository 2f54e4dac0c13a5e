"""What fine-tuning costs elsewhere: how the encoder orders texts that have nothing to do with the task."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analytics.app_files import app_folder
from analytics.text import TextEncoder

NEAREST = 10
_PAIRS = Path(__file__).parent / "assets" / "rated_pairs.csv"
_SAMPLE = app_folder() / "sample_data" / "opinions.csv"
_FROM_SAMPLE = 280  # with the pairs' sentences 360: a second or two to read on two cores


@dataclass(frozen=True)
class Generality:
    """Shares in [0, 1], and Spearman's rank correlation in [-1, 1]."""

    neighbours: float
    agreement: float
    agreement_before: float


@lru_cache(maxsize=1)
def rated_pairs() -> pd.DataFrame:
    """Pairs of everyday sentences with how alike they are, 0 to 5: written and rated for Zetascope."""
    return pd.read_csv(_PAIRS)


@lru_cache(maxsize=1)
def general_texts() -> tuple[str, ...]:
    """Opinions from the sample that ships, evenly spread, and the sentences of the pairs."""
    opinions, pairs = pd.read_csv(_SAMPLE)["text"], rated_pairs()
    some = opinions.iloc[np.linspace(0, len(opinions) - 1, _FROM_SAMPLE).astype(int)]
    return tuple(dict.fromkeys([*some, *pairs["first"], *pairs["second"]]))


def generality_of(tuned: Any, encoder: TextEncoder | None) -> Generality:
    """How the tuned SentenceTransformer compares with the ``encoder`` it was made from."""
    assert encoder is not None  # there is none to tune else
    before, after = _untouched(encoder.revision, encoder), _encoded(tuned)
    return Generality(kept_neighbours(before, after), agreement(after), agreement(before))


_UNTOUCHED: dict[str, np.ndarray] = {}
"""The vectors of the last encoder that was tuned, by its revision."""


def _untouched(revision: str, encoder: TextEncoder) -> np.ndarray:
    found = _UNTOUCHED.get(revision)
    if found is None:
        with encoder.lock:
            found = _encoded(encoder.model)
        _UNTOUCHED.clear()
        _UNTOUCHED[revision] = found
    return found


def _encoded(model: Any) -> np.ndarray:
    from analytics.retrieval.tuning.tuned import encode_with

    return encode_with(model, list(general_texts()))


def kept_neighbours(before: np.ndarray, after: np.ndarray, *, k: int = NEAREST) -> float:
    """The share of every text's ``k`` nearest others that are still among them."""
    from analytics.text import neighbor_graph

    one, two = (neighbor_graph(vectors, k=k).indices for vectors in (before, after))
    return float(np.mean([len(np.intersect1d(a, b)) / len(a) for a, b in zip(one, two, strict=True)]))


def agreement(vectors: np.ndarray) -> float:
    """Spearman's correlation of the pairs' cosines with their ratings; ``vectors`` of ``general_texts``."""
    from scipy.stats import spearmanr

    place = {text: row for row, text in enumerate(general_texts())}
    pairs = rated_pairs()
    first, second = ([place[text] for text in pairs[side]] for side in ("first", "second"))
    cosines = (vectors[first] * vectors[second]).sum(axis=1)
    return float(spearmanr(cosines, pairs["rating"]).statistic)
