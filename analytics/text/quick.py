"""How far quick vectors agree with exact ones, on the reader's own texts."""

from dataclasses import dataclass

import numpy as np

from analytics.errors import ZetascopeError
from analytics.text.arguments import as_vectors

_NEAREST = 10


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


def _nearest(vectors: np.ndarray, k: int) -> np.ndarray:
    similarity = vectors @ vectors.T
    np.fill_diagonal(similarity, -np.inf)
    return np.argpartition(-similarity, k - 1, axis=1)[:, :k]
