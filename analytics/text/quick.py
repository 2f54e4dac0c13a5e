"""How far quick vectors agree with exact ones, on the reader's own texts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.errors import ZetascopeError
from analytics.progress import Progress, silent
from analytics.text.arguments import as_vectors
from analytics.text.encoders import TextEncoder
from analytics.text.projection import spread

_NEAREST = 10
AGREEMENT_TEXTS = 300
"""Texts read both ways: two to four seconds, and shares to a few tenths of a percent."""


@dataclass(frozen=True)
class QuickAgreement:
    """Of n texts read both ways: the worst cosine, and the share of each one's nearest that stay the same."""

    texts: int
    worst: float
    kept: float
    k: int

    def sentence(self) -> str:
        return (
            f"Measured on {self.texts:,} of these texts: quick and exact vectors have a cosine of at least "
            f"{self.worst:.4f}, and {self.kept:.1%} of each text's {self.k} nearest among them stay the same."
        )


def quick_agreement(exact: np.ndarray, quick: np.ndarray) -> QuickAgreement:
    """Compare unit vectors (n, d) of the same texts. Raises ZetascopeError for other shapes or too few."""
    exact, quick = as_vectors(exact), as_vectors(quick)
    if exact.shape != quick.shape or len(exact) < 3:
        raise ZetascopeError(
            "Three texts or more are needed, read both ways: give vectors of the same texts."
        )
    k = min(_NEAREST, len(exact) - 1)
    near, again = (_nearest(vectors, k) for vectors in (exact, quick))
    kept = (near[:, :, None] == again[:, None, :]).any(axis=2).mean()
    return QuickAgreement(len(exact), float((exact * quick).sum(axis=1).min()), float(kept), k)


def measured_agreement(
    exact: TextEncoder, quick: TextEncoder, texts: Sequence[str], *, progress: Progress = silent
) -> QuickAgreement:
    """Read up to 300 of the ``texts``, evenly spread, both ways.

    Of fewer than three nothing can be said: they count as agreeing. ``progress`` gets (readings done, all).
    """
    some = [texts[place] for place in spread(len(texts), AGREEMENT_TEXTS).tolist()] if len(texts) else []
    if len(some) < 3:
        return QuickAgreement(len(some), 1.0, 1.0, 0)
    half = len(set(some))
    made = exact.encode(some, role="document", progress=lambda done, _: progress(done, 2 * half))
    again = quick.encode(some, role="document", progress=lambda done, _: progress(half + done, 2 * half))
    return quick_agreement(made, again)


def _nearest(vectors: np.ndarray, k: int) -> np.ndarray:
    similarity = vectors @ vectors.T
    np.fill_diagonal(similarity, -np.inf)
    return np.argpartition(-similarity, k - 1, axis=1)[:, :k]
