"""One score for rows of any kind, its parts, and what clean data of the same columns would score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.numbers.basics.parameters import Label
from analytics.numbers.basics.selection import require_columns
from analytics.numbers.outliers.mixed.features import Feature, features_of, seconds_of
from analytics.numbers.outliers.mixed.order import MOST_ROWS, OutOfOrder, out_of_order
from analytics.numbers.outliers.mixed.pairs import MOST_PAIRS, pairs_of, rarest_pairs
from analytics.progress import Progress, silent
from analytics.tables.columns import Role, column_roles

USUAL = np.log(20.0)
"""Surprise that counts: what one row in twenty has is usual, however many columns have it."""
_CLEAN_ROWS = 20_000
"""Rows of clean data that are scored: the share that exceeds a threshold of 1 % is known to 7 %."""
OTHERS = ("category", "time", "text", "identifier")
"""Roles of the columns that are no numbers and have something to look at."""
_NUMBER = Role("number", "searched as one")
_ROUNDS = 3  # of ordering levels by each other: more change nothing that the simulation would show
_TABLE_ROWS = 20_000  # of a larger table a part of this size stands for the whole


@dataclass(frozen=True)
class MixedScores:
    """What rows of any kind were scored by.

    ``scores`` (n,) add up what exceeds the usual surprise of each feature, the rarest combination of two
    features (``pair_terms`` (n,), of which ``pair_of`` (n,) tells the place in ``pairs``) and dates out of
    order. ``clean`` (c,) are the scores of rows whose features go together as ranks do here and have nothing
    else to do with each other. ``notes`` say what was not looked at.
    """

    features: tuple[Feature, ...] = field(repr=False)
    orders: tuple[OutOfOrder, ...] = field(repr=False)
    pairs: tuple[tuple[int, int], ...] = field(repr=False)
    pair_terms: np.ndarray = field(repr=False)
    pair_of: np.ndarray = field(repr=False)
    scores: np.ndarray = field(repr=False)
    clean: np.ndarray = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[Label, ...]:
        """The columns that were looked at."""
        return tuple(dict.fromkeys(feature.column for feature in self.features))

    @property
    def nbytes(self) -> int:
        """The memory of all arrays."""
        arrays = (self.pair_terms, self.pair_of, self.scores, self.clean)
        return sum(array.nbytes for array in arrays) + sum(feature.nbytes for feature in self.features)


def mixed_scores(
    frame: pd.DataFrame,
    *,
    columns: Sequence[Label],
    roles: Mapping[str, Role] | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> MixedScores | None:
    """Score every row of a table by ``columns`` of any kind; None where none of them varies.

    ``roles`` say what columns are used as, by name; by default what their values say.
    """
    tell = progress or silent
    known = roles or {str(name): role for name, role in column_roles(frame[list(columns)]).items()}
    known = {str(name): known.get(str(name), _NUMBER) for name in columns}
    features = features_of(frame, known, columns)
    if not features:
        return None
    tell(1, 4)
    dates = {
        feature.column: seconds
        for feature in features
        if feature.kind == "date" and (seconds := seconds_of(frame[feature.column])) is not None
    }
    orders = out_of_order(dates)
    sizes = [_cells(feature) for feature in features]
    possible = pairs_of(sizes, [feature.kind != "value" for feature in features])
    pairs = possible[:MOST_PAIRS]
    notes = _notes(len(possible), len(frame) if dates else 0)
    codes = [feature.codes for feature in features]
    scores, pair_terms, pair_of = _scores(features, codes, sizes, pairs)
    for order in orders:
        scores[order.rows] += order.term
    tell(2, 4)
    clean = _clean_scores(features, sizes, pairs, seed=seed)
    tell(4, 4)
    return MixedScores(features, orders, tuple(pairs), pair_terms, pair_of, scores, clean, notes)


def _notes(pairs: int, dated_rows: int) -> tuple[str, ...]:
    notes: list[str] = []
    if pairs > MOST_PAIRS:
        notes.append(
            f"Mixed rows: rare combinations are looked for in the first {MOST_PAIRS} of {pairs:,} pairs of "
            "columns."
        )
    if dated_rows > MOST_ROWS:
        notes.append(
            f"Mixed rows: of more than {MOST_ROWS:,} dates it is not told whether they are in order."
        )
    return tuple(notes)


def mixed_columns(
    frame: pd.DataFrame,
    numbers: Sequence[Label],
    others: Sequence[Label] | None,
    *,
    leave_out: Sequence[Label] = (),
    roles: Mapping[str, Role] | None = None,
) -> tuple[Label, ...]:
    """The columns to look at, in the table's order: ``numbers`` and ``others``, by default all categories,
    dates and texts but those to leave out.

    Raises:
        ZetascopeError: for a column that is not there.
    """
    if others is None:
        known = roles or {str(name): role for name, role in column_roles(frame).items()}
        others = [name for name in frame.columns if known[str(name)].kind in OTHERS and name not in leave_out]
    require_columns(frame, others)
    wanted = {*numbers, *others}
    return tuple(name for name in frame.columns if name in wanted)


def _cells(feature: Feature) -> int:
    return 0 if feature.cells is None else int(feature.cells.max()) + 1


def _scores(
    features: Sequence[Feature],
    codes: Sequence[np.ndarray],
    sizes: Sequence[int],
    pairs: Sequence[tuple[int, int]],
    *,
    tables: int = 1,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The scores (n,) of the rows of so many tables with these levels, without dates out of order, and their
    rarest pairs."""
    total = np.zeros(len(codes[0]))
    for feature, own in zip(features, codes, strict=True):
        beyond = np.append(np.maximum(feature.terms - USUAL, 0.0), 0.0)  # the last for missing values, at -1
        total += beyond[own]
    if not pairs:
        return total, np.zeros(len(total)), np.full(len(total), -1, dtype=np.int32)
    cells = [
        None if feature.cells is None else np.append(feature.cells, -1)[own]
        for feature, own in zip(features, codes, strict=True)
    ]
    terms, which = rarest_pairs(cells, sizes, pairs, tables=tables)
    return total + np.maximum(terms - USUAL, 0.0), terms, which


def _clean_scores(
    features: Sequence[Feature], sizes: Sequence[int], pairs: Sequence[tuple[int, int]], *, seed: int
) -> np.ndarray:
    """Scores (c,) of tables whose columns have the same levels as often and go together as their ranks do."""
    rng = np.random.default_rng(seed)
    rows = len(features[0].codes)
    ours = [feature.codes for feature in features]
    if rows > _TABLE_ROWS:
        chosen = rng.choice(rows, _TABLE_ROWS, replace=False)
        ours = [codes[chosen] for codes in ours]
    root, orders = _together(features, ours)
    size = len(ours[0])
    tables = -(-_CLEAN_ROWS // size)
    drawn = [np.empty(tables * size, dtype=np.int32) for _ in features]
    for table in range(tables):
        normal = rng.standard_normal((size, len(features))) @ root.T
        rows_of = slice(table * size, (table + 1) * size)
        for all_codes, codes, order, along in zip(drawn, ours, orders, normal.T, strict=True):
            all_codes[rows_of] = _with_levels(codes, order, along)
    return _scores(features, drawn, sizes, pairs, tables=tables)[0]


def _with_levels(codes: np.ndarray, order: np.ndarray, along: np.ndarray) -> np.ndarray:
    """The levels of ``codes`` (n,) again, in the order of ``along`` (n,); ``order`` (k + 1,) ranks levels,
    missing ones last."""
    levels = codes[np.argsort(order[codes], kind="stable")]
    placed = np.empty_like(codes)
    placed[np.argsort(along)] = levels
    return placed


def _together(
    features: Sequence[Feature], codes: Sequence[np.ndarray]
) -> tuple[np.ndarray, list[np.ndarray]]:
    """What (d, d) makes independent normal columns go together as these features do, and how the levels of
    each are ranked (k + 1,).

    Values without an order get the one in which they go best with the other columns: by the mean of the rows'
    first principal component, as in optimal scaling (Gifi 1990).
    """
    orders = [np.arange(len(feature.counts) + 1) for feature in features]
    unordered = [place for place, feature in enumerate(features) if feature.kind in ("value", "characters")]
    for _ in range(_ROUNDS if len(features) > 1 else 0):
        scores = _normal_scores(codes, orders)
        _, vectors = np.linalg.eigh(_correlation(scores))
        for place in unordered:
            others = np.arange(len(features)) != place
            component = scores[:, others] @ vectors[others, -1]
            levels = len(features[place].counts)
            known = codes[place] >= 0
            sums = np.bincount(codes[place][known], component[known], minlength=levels)
            held = np.bincount(codes[place][known], minlength=levels)
            means = sums / np.maximum(held, 1)
            orders[place] = np.append(np.argsort(np.argsort(means, kind="stable")), levels)
    values, vectors = np.linalg.eigh(_correlation(_normal_scores(codes, orders)))
    return vectors * np.sqrt(np.clip(values, 0.0, None)), orders


def _normal_scores(codes: Sequence[np.ndarray], orders: Sequence[np.ndarray]) -> np.ndarray:
    """Centred and scaled ranks (n, d) of levels, missing ones in the middle."""
    made = []
    for own, order in zip(codes, orders, strict=True):
        ranked = order[own]
        counts = np.bincount(ranked, minlength=len(order))
        middle = np.cumsum(counts) - counts / 2
        ranks = np.where(own >= 0, middle[ranked], np.nan)
        ranks = np.where(np.isnan(ranks), np.nanmean(ranks) if (own >= 0).any() else 0.0, ranks)
        ranks -= ranks.mean()
        made.append(ranks / max(float(np.sqrt(np.mean(ranks**2))), 1e-12))
    return np.column_stack(made)


def _correlation(scores: np.ndarray) -> np.ndarray:
    """Rank correlations (d, d) less what chance adds to them, as those of a normal law (Pearson 1907)."""
    raw = scores.T @ scores / len(scores)
    square = np.square(raw)
    chance = np.square(1 - np.minimum(square, 1.0)) / max(len(scores) - 1, 1)
    less = np.sign(raw) * np.sqrt(np.maximum(square - chance, 0.0))
    correlation = 2 * np.sin(np.pi * np.clip(less, -1, 1) / 6)
    np.fill_diagonal(correlation, 1.0)
    return correlation
