"""Whether measures of which tokens matter agree on a text, and what they say of the model's own marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

_AGREE = (
    0.7  # rank correlation; deletion against the layer-exact share had 0.88 on 24 sentences, rollout 0.17
)
_LARGE = 0.25  # a quarter of a measure on marks that are no word of the text is worth a sentence


@dataclass(frozen=True)
class Agreement:
    """How far measures (M of them) agree on the text's own tokens.

    ``strongest`` are the places of each measure's strongest own token, by size; ``correlations`` (M, M) are
    Spearman's between sizes of own tokens, NaN where a measure is the same for all or there is one token.
    ``special_shares`` (M,) are the shares of each measure's total size on tokens the tokenizer added.
    """

    names: tuple[str, ...]
    strongest: tuple[int, ...]
    correlations: np.ndarray
    special_shares: np.ndarray

    @property
    def agrees(self) -> bool:
        """All measures name one strongest token and order the tokens alike."""
        pairs = self.correlations[np.triu_indices(len(self.names), 1)]
        return len(set(self.strongest)) == 1 and not bool((pairs < _AGREE).any())

    @property
    def lowest(self) -> tuple[str, str, float] | None:
        """The two measures that agree least, with their rank correlation; None where none is defined."""
        rows, columns = np.triu_indices(len(self.names), 1)
        pairs = self.correlations[rows, columns]
        if not np.isfinite(pairs).any():
            return None
        least = int(np.nanargmin(pairs))
        return self.names[rows[least]], self.names[columns[least]], float(pairs[least])

    @property
    def on_marks(self) -> dict[str, float]:
        """Measures with a large share on the tokens that the tokenizer added, and that share."""
        pairs = zip(self.names, self.special_shares.tolist(), strict=True)
        return {name: share for name, share in pairs if share >= _LARGE}


def agreement(measures: Mapping[str, np.ndarray], special: np.ndarray) -> Agreement | None:
    """Hold measures (T,) of one text against each other; None where the text has no token of its own.

    ``special`` (T,) says which tokens the tokenizer added. Sizes are compared: a token that pulls strongly
    against the others matters as much as one that pulls for them.
    """
    own = np.flatnonzero(~special)
    if not len(own) or not measures:
        return None
    sizes = np.stack([np.abs(np.nan_to_num(values)) for values in measures.values()]).astype(np.float64)
    totals = np.maximum(sizes.sum(1), np.finfo(np.float64).tiny)
    return Agreement(
        tuple(measures),
        tuple(int(own[row.argmax()]) for row in sizes[:, own]),
        _rank_correlations(sizes[:, own]),
        sizes[:, special].sum(1) / totals,
    )


def _rank_correlations(sizes: np.ndarray) -> np.ndarray:
    """Spearman's between rows (M, n): Pearson's of the ranks, equals sharing theirs."""
    ranks = rankdata(sizes, axis=1)
    centred = ranks - ranks.mean(1, keepdims=True)
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        directions = centred / lengths
    return directions @ directions.T
