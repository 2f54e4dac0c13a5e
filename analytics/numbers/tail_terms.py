"""How far out in its column's tails a value stands, by ranks alone."""

import numpy as np


def tail_terms(values: np.ndarray) -> np.ndarray:
    """-ln of the smaller of P(X <= x) and P(X >= x), both as shares of the column (n,): what ECOD sums.

    Li et al. (2022), "ECOD: Unsupervised outlier detection using empirical cumulative distribution
    functions", by the larger tail of each column, as PyOD has it. Equal values have equal terms.
    """
    order = np.argsort(values)
    ordered = values[order]
    ends = np.append(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1, len(values))
    sizes = np.diff(ends, prepend=0)
    rarer = np.minimum(ends, len(values) - ends + sizes)
    terms = np.empty(len(values))
    terms[order] = np.repeat(np.log(len(values) / rarer), sizes)
    return terms
