"""How all columns of a table hang together: every pair by one measure with its interval, n and p."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, islice

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from analytics.numbers.relations.category_pairs import Association, association, counts_of, intervals_of
from analytics.numbers.relations.columns import MOST_COLUMNS, SAMPLE_ROWS, Columns, compared_columns
from analytics.numbers.relations.group_pairs import correlation_ratios
from analytics.numbers.relations.number_pairs import Correlations, pearson, spearman
from analytics.numbers.relations.ordering import clustered_order
from analytics.numbers.relations.words import relation_sentence
from analytics.progress import Progress, silent
from analytics.tables import Role
from analytics.words import count

PAIR_COLUMNS = ("first", "second", "measure", "n", "value", "low", "high", "p", "p_adjusted", "pearson",
                "pearson_low", "pearson_high", "pearson_p", "note")  # fmt: skip
_SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Relations:
    """All pairs of the compared columns.

    ``pairs`` has a row for each pair, the strongest first: ``measure`` is ``spearman`` for two numbers or
    dates (beside it stand Pearson's figures), ``correlation_ratio`` for a number by a category,
    ``cramers_v`` for two categories. ``low`` and ``high`` are the 95 % interval, ``p_adjusted`` is corrected
    for the number of pairs (Benjamini and Hochberg 1995). ``missing`` has a row for each pair of columns with
    gaps: phi of which rows lack a value. Columns left out, with the reason, are in ``columns.left_out``.
    """

    columns: Columns
    pairs: pd.DataFrame = field(repr=False)
    missing: pd.DataFrame = field(repr=False)

    @cached_property
    def matrix(self) -> pd.DataFrame:
        """The measure of every pair (d, d), in the order of the file, 1 on the diagonal; NaN is not known."""
        return square_of(self.pairs, self.columns.names)

    @cached_property
    def order(self) -> tuple[Hashable, ...]:
        """The columns so that what hangs together stands together."""
        return clustered_order(self.matrix)

    @cached_property
    def missing_matrix(self) -> pd.DataFrame:
        """Phi of the gaps of every two columns (g, g)."""
        names = dict.fromkeys([*self.missing["first"], *self.missing["second"]])
        return square_of(self.missing, tuple(names))

    def pair(self, first: Hashable, second: Hashable) -> pd.Series:
        """The row of one pair, in either order; raises KeyError where it is not compared."""
        table = self.pairs
        found = table[
            ((table["first"] == first) & (table["second"] == second))
            | ((table["first"] == second) & (table["second"] == first))
        ]
        if found.empty:
            raise KeyError((first, second))
        return found.iloc[0]

    def sentences(self, most: int = 5) -> tuple[str, ...]:
        """The strongest pairs that chance does not explain, what was sampled and what was left out."""
        clear = self.pairs[self.pairs["p_adjusted"] < _SIGNIFICANT]
        said = [relation_sentence(row) for row in clear.head(most).itertuples()]
        if not said:
            said.append("No two columns hang together more than chance explains.")
        if self.columns.sampled:
            said.append(sample_sentence(self.columns))
        if self.columns.left_out:
            told = "; ".join(f"{name}: {why}" for name, why in self.columns.left_out.items())
            said.append(f"Left out: {told}.")
        return tuple(said)


def sample_sentence(columns: Columns) -> str:
    """Which rows were compared where they are not all."""
    rows = count(len(columns.rows), "row")
    return f"Compared are {rows} of {columns.total:,}, drawn at random with seed {columns.seed}."


def find_relations(
    frame: pd.DataFrame,
    *,
    columns: Hashable | Sequence[Hashable] | None = None,
    roles: Mapping[Hashable, Role] | None = None,
    sample: int = SAMPLE_ROWS,
    seed: int = 0,
    progress: Progress = silent,
) -> Relations:
    """Compare every two columns; identifiers, texts and constants are left out and listed.

    Args:
        columns: those to compare; by default all that can be.
        roles: as ``column_roles`` gives them.
        sample: beyond so many rows, that many are drawn at random with ``seed``.

    Raises:
        ZetascopeError: no table, two columns of one name, a column it does not have, or a wrong argument.
    """
    taken = compared_columns(frame, columns=columns, roles=roles, sample=sample, seed=seed)
    rows = [*_number_rows(taken), *_group_rows(taken, progress), *_category_rows(taken, progress)]
    return Relations(taken, _sorted(rows), missing_together(frame, taken.rows))


def missing_together(frame: pd.DataFrame, rows: np.ndarray) -> pd.DataFrame:
    """Phi of the gaps of every two columns that have some, among the rows at these positions.

    Of more than ``MOST_COLUMNS`` the first ones.
    """
    gaps = {name: frame[name].isna().to_numpy(dtype=bool)[rows] for name in frame.columns}
    gapped = (name for name, mask in gaps.items() if mask.any() and not mask.all())
    some = {name: gaps[name].astype(np.float64) for name in islice(gapped, MOST_COLUMNS)}
    if len(some) < 2:
        return _sorted([]).drop(columns=["pearson", "pearson_low", "pearson_high", "pearson_p"])
    found = pearson(np.column_stack(list(some.values())))
    made = [
        (first, second, "phi", *figures, *[np.nan] * 4, "")
        for (first, second), figures in zip(combinations(some, 2), _of_pairs(found), strict=True)
    ]
    table = _sorted(made).drop(columns=["pearson", "pearson_low", "pearson_high", "pearson_p"])
    together = [int((gaps[a] & gaps[b]).sum()) for a, b in zip(table["first"], table["second"], strict=True)]
    return table.assign(both_missing=together)


def _number_rows(taken: Columns) -> list[tuple]:
    names = list(taken.numbers)
    if len(names) < 2:
        return []
    values = np.column_stack([taken.numbers[name] for name in names])
    ranks, line = spearman(values), pearson(values)
    figures = zip(combinations(names, 2), _of_pairs(ranks), _of_pairs(line), strict=True)
    return [(*pair, "spearman", *of_ranks, *of_line[1:], "") for pair, of_ranks, of_line in figures]


def _of_pairs(found: Correlations) -> list[tuple]:
    """n, value, low, high and p of every two columns, in the order of ``combinations``."""
    upper = np.triu_indices(len(found.n), 1)
    arrays = (found.n, found.value, found.low, found.high, found.p)
    return list(zip(*(one[upper].tolist() for one in arrays), strict=True))


def _group_rows(taken: Columns, progress: Progress) -> list[tuple]:
    names = list(taken.numbers)
    if not names:
        return []
    values = np.column_stack([taken.numbers[name] for name in names])
    made = []
    for place, (category, levels) in enumerate(taken.levels.items()):
        progress(place, len(taken.levels))
        found = correlation_ratios(values, levels.codes)
        figures = zip(found.n.astype(int), found.value, found.low, found.high, found.p, strict=True)
        for name, figure in zip(names, figures, strict=True):
            made.append((name, category, "correlation_ratio", *figure, *[np.nan] * 4, ""))
    return made


def _category_rows(taken: Columns, progress: Progress) -> list[tuple]:
    pairs = list(combinations(taken.levels, 2))
    found: dict[tuple, Association] = {}
    sizes: dict[tuple, int] = {}
    for place, (first, second) in enumerate(pairs):
        if place % 200 == 0:
            progress(place, len(pairs))
        table = counts_of(taken.levels[first].codes, taken.levels[second].codes)
        sizes[first, second] = int(table.sum())
        made = association(table)
        if made is not None:
            found[first, second] = made
    ends = (
        dict(zip(found, zip(*intervals_of(list(found.values())), strict=True), strict=True)) if found else {}
    )
    rows = []
    for pair in pairs:
        one = found.get(pair)
        figures = (one.v, *ends[pair], one.p) if one else (np.nan,) * 4
        note = "too few rows per cell for an interval" if one and one.sparse else ""
        rows.append((*pair, "cramers_v", sizes[pair], *figures, *[np.nan] * 4, note))
    return rows


def _sorted(rows: list[tuple]) -> pd.DataFrame:
    """The strongest first; what is not known last."""
    names = [name for name in PAIR_COLUMNS if name != "p_adjusted"]
    table = pd.DataFrame(rows, columns=names).astype({"n": "int64"})
    floats = [name for name in names if name not in ("first", "second", "measure", "n", "note")]
    table[floats] = table[floats].astype(np.float64)
    adjusted = np.full(len(table), np.nan)
    known = table["p"].notna().to_numpy()
    if known.any():
        adjusted[known] = false_discovery_control(np.clip(table["p"][known], 0, 1))
    table["p_adjusted"] = adjusted
    order = np.argsort(-table["value"].abs().fillna(-1).to_numpy(), kind="stable")
    return table.iloc[order][list(PAIR_COLUMNS)].reset_index(drop=True)


def square_of(pairs: pd.DataFrame, names: tuple[Hashable, ...]) -> pd.DataFrame:
    """The values of pairs as a square (d, d) by the names of both columns, 1 on the diagonal."""
    place = {name: i for i, name in enumerate(names)}
    square = np.full((len(names), len(names)), np.nan)
    np.fill_diagonal(square, 1.0)
    i, j = (pairs[side].map(place.__getitem__).to_numpy(dtype=np.intp) for side in ("first", "second"))
    square[i, j] = square[j, i] = pairs["value"].to_numpy()
    return pd.DataFrame(
        square, index=pd.Index(names, tupleize_cols=False), columns=pd.Index(names, tupleize_cols=False)
    )
