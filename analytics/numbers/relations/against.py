"""What every other column tells about one column, curves and steps included, corrected for many tests."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy import special
from scipy.stats import rankdata

from analytics.arguments import names_of
from analytics.contingency import chi_squared, independence_p
from analytics.errors import ZetascopeError
from analytics.numbers.basics.corrections import holm
from analytics.numbers.basics.statistics import Floats
from analytics.numbers.relations.category_pairs import counts_of
from analytics.numbers.relations.columns import SAMPLE_ROWS, Columns, compared_columns
from analytics.numbers.relations.relations import Relations, find_relations, sample_sentence
from analytics.numbers.relations.words import p_text, told_share
from analytics.tables import Role

_FEWEST_BINS, _MOST_BINS = 3, 12
_FEWEST_ROWS = 8
_SIGNIFICANT = 0.05
_UNSEEN = 0.02  # of the variance: groups of chance tell as much in a few hundred rows


@dataclass(frozen=True)
class Against:
    """The other columns, those that tell most about ``target`` first.

    ``ranking`` has a row for each: ``column``, ``told``, the share of the target's variance that groups of
    the column explain, corrected for their number, and its ``told_p``; the straight ``measure`` with
    ``value``, ``low``, ``high`` and ``p`` as in ``Relations.pairs``; ``p_adjusted``, twice the smaller of the
    two, corrected for the number of columns by Holm (1979); ``bent``, whether the groups tell what the
    straight measure does not see.
    """

    target: Hashable
    columns: Columns
    ranking: pd.DataFrame = field(repr=False)

    def sentences(self, most: int = 3) -> tuple[str, ...]:
        """What tells most, in words."""
        clear = self.ranking[self.ranking["p_adjusted"] < _SIGNIFICANT]
        said = [self._sentence(row) for row in clear.head(most).itertuples()]
        if not said:
            said.append(f"No column tells more about {self.target} than chance explains.")
        if self.columns.sampled:
            said.append(sample_sentence(self.columns))
        return tuple(said)

    def _sentence(self, row: Any) -> str:
        bent = ", by a curve that no line shows" if row.bent else ""
        explained = f"{row.column} explains {told_share(row.told)} of how {self.target} varies"
        return f"{explained}{bent} ({p_text(row.p_adjusted)}, corrected)."


def against(
    frame: pd.DataFrame,
    target: Hashable,
    *,
    roles: Mapping[Hashable, Role] | None = None,
    sample: int = SAMPLE_ROWS,
    seed: int = 0,
) -> Against:
    """Rank all other columns by what they tell about ``target``.

    A column of numbers is cut into groups of about equally many rows, so that U-shapes are seen: for a target
    of numbers the share of the variance of its ranks between groups (Kruskal and Wallis 1952); for a category
    Goodman and Kruskal's tau (1954), the share of its variety that the groups explain. Both are 0 for what
    tells nothing and 1 for what tells all.

    Raises:
        ZetascopeError: as ``find_relations``, and for a target that cannot be compared.
    """
    taken = compared_columns(frame, roles=roles, sample=sample, seed=seed)
    asked = names_of(target, "column")
    if len(asked) != 1 or asked[0] not in taken.names:
        why = taken.left_out.get(asked[0], "the table has no such column") if len(asked) == 1 else "name one"
        raise ZetascopeError(f"Nothing can be told about {target!r}: {why}. Choose another column.")
    return against_in(find_relations(frame, roles=roles, sample=sample, seed=seed), asked[0])


def against_in(relations: Relations, target: Hashable) -> Against:
    """The same where all pairs are known already."""
    taken = relations.columns
    rows = []
    for name in taken.names:
        if name != target:
            told, told_p = _told(taken, name, target)
            pair = relations.pair(name, target)
            rows.append((name, told, told_p, *pair[["measure", "n", "value", "low", "high", "p"]]))
    names = ["column", "told", "told_p", "measure", "n", "value", "low", "high", "p"]
    ranking = pd.DataFrame(rows, columns=names)
    either = np.fmin(ranking["told_p"].to_numpy(dtype=np.float64), ranking["p"].to_numpy(dtype=np.float64))
    ranking["p_adjusted"] = holm(np.nan_to_num(np.minimum(2 * either, 1.0), nan=1.0).tolist())
    straight = np.square(ranking["value"].fillna(0))
    numbers = ranking["measure"] == "spearman"
    clear = ranking["p_adjusted"] < _SIGNIFICANT
    ranking["bent"] = numbers & clear & (ranking["told"] > 2 * straight + _UNSEEN)
    order = np.lexsort((-ranking["told"].fillna(-1), ~clear))
    return Against(target, taken, ranking.iloc[order].reset_index(drop=True))


def groups_of(values: Floats) -> np.ndarray:
    """Codes (n,) of groups of about equally many values, -1 where missing; equal values stay together.

    As many groups as the cube root of the rows: fewer blur a curve, more drown it.
    """
    known = ~np.isnan(values)
    n = int(np.count_nonzero(known))
    codes = np.full(len(values), -1)
    if not n:
        return codes
    bins = int(np.clip(round(n ** (1 / 3)), _FEWEST_BINS, _MOST_BINS))
    ranks = rankdata(values[known], method="min") - 1
    codes[known] = np.unique(np.floor(ranks * bins / n).astype(np.intp), return_inverse=True)[1]
    return codes


def _told(taken: Columns, name: Hashable, target: Hashable) -> tuple[float, float]:
    """The share of the target that groups of a column explain, and its p."""
    if name in taken.levels:
        groups = taken.levels[name].codes
    else:
        present = taken.numbers[name]
        if target in taken.levels:
            present = np.where(taken.levels[target].codes >= 0, present, np.nan)
        else:
            present = np.where(np.isnan(taken.numbers[target]), np.nan, present)
        groups = groups_of(present)
    if target in taken.levels:
        return _tau(counts_of(groups, taken.levels[target].codes))
    return _share_of_ranks(taken.numbers[target], groups)


def _share_of_ranks(values: Floats, groups: np.ndarray) -> tuple[float, float]:
    """Epsilon squared of ranks and Kruskal and Wallis' p."""
    both = (groups >= 0) & ~np.isnan(values)
    n = int(np.count_nonzero(both))
    codes = np.unique(groups[both], return_inverse=True)[1]
    counts = np.bincount(codes)
    k = len(counts)
    if n < _FEWEST_ROWS or k < 2 or n <= k:
        return np.nan, np.nan
    ranks = rankdata(values[both])
    ranks -= ranks.mean()
    total = float(ranks @ ranks)
    if not total > 0:
        return np.nan, np.nan
    share = float(np.square(np.bincount(codes, ranks)) @ (1 / counts)) / total
    return max(0.0, 1 - (1 - share) * (n - 1) / (n - k)), float(special.chdtrc(k - 1, (n - 1) * share))


def _tau(table: np.ndarray) -> tuple[float, float]:
    """Goodman and Kruskal's tau of the columns by the rows, corrected for their number, and its p."""
    n, k = int(table.sum()), len(table)
    if n < _FEWEST_ROWS or min(table.shape) < 2 or n <= k:
        return np.nan, np.nan
    across = table.sum(axis=0) / n
    within = float((np.square(table) / table.sum(axis=1, keepdims=True)).sum()) / n
    variety = float(np.square(across).sum())
    share = (within - variety) / (1 - variety)
    corrected = max(0.0, 1 - (1 - share) * (n - 1) / (n - k))
    return corrected, independence_p(table, chi_squared(table))
