"""An order of columns in which neighbours hang together."""

from collections.abc import Hashable

import numpy as np
import pandas as pd


def clustered_order(matrix: pd.DataFrame) -> tuple[Hashable, ...]:
    """Names of a square (d, d) by average linkage of 1 - |value|, leaves ordered best (Bar-Joseph 2001)."""
    names = tuple(matrix.columns)
    if len(names) < 3:
        return names
    from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering

    distance = 1 - np.abs(np.nan_to_num(matrix.to_numpy()))
    upper = np.clip(distance[np.triu_indices(len(names), 1)], 0, 1)
    tree = optimal_leaf_ordering(linkage(upper, "average"), upper)
    return tuple(names[place] for place in leaves_list(tree))
