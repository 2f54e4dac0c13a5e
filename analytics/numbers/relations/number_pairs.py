"""Pearson's and Spearman's correlation of all pairs of number columns at once, each pair by its own rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from scipy import special
from scipy.stats import rankdata

from analytics.numbers.basics.statistics import Floats
from analytics.numbers.relations.intervals import fisher_interval

FEWEST_ROWS = 4  # with three, Fisher's z has no standard error
_EXACT_ROWS = 8  # 40,320 orders of the ranks; with more rows Student's law is within 0.005

_FLAT = 1e-20  # a variance within a pair, of columns whose own is 1: rounding of a constant


@dataclass(frozen=True)
class Correlations:
    """Of d columns with each other: all (d, d); ``n`` counts the rows that have both values.

    NaN where fewer than ``FEWEST_ROWS`` rows have both, or one of them does not vary there.
    """

    value: Floats
    low: Floats
    high: Floats
    p: Floats
    n: Floats


@dataclass(frozen=True)
class _Sorted:
    """A column's known rows (m,) by rising value, and which of its ties each belongs to, from 0."""

    size: int
    rows: np.ndarray
    ties: np.ndarray

    @classmethod
    def of(cls, column: Floats) -> "_Sorted":
        rows = np.argsort(column, kind="stable")[: int(np.count_nonzero(~np.isnan(column)))]
        values = column[rows]
        return cls(len(column), rows, np.cumsum(np.diff(values, prepend=values[:1]) > 0))

    def ranks(self, kept: np.ndarray) -> Floats:
        """Mean ranks (n,) among the ``kept`` rows (n,) bool, without sorting them anew; NaN elsewhere."""
        there = kept[self.rows]
        ties = self.ties[there]
        counts = np.bincount(ties)
        made = np.full(self.size, np.nan)
        made[self.rows[there]] = (np.cumsum(counts) - (counts - 1) / 2)[ties]
        return made


def pearson(values: Floats) -> Correlations:
    """Of columns (n, d) with NaN where missing.

    The interval is Fisher's, made wider where the fourth moments say that the correlation varies more than a
    normal law's; p is Student's, or that of the wider interval where it is larger.
    """
    r, n, influence = _with_influence(values)
    error = np.sqrt(np.fmax(influence, 1)) * _normal_error(n)
    low, high = fisher_interval(r, error)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_error = 2 * special.ndtr(-np.abs(np.arctanh(r)) / error)
    return Correlations(r, low, high, np.fmax(_student_p(r, n), by_error), n)


def spearman(values: Floats) -> Correlations:
    """The same for ranks, ties sharing their mean rank.

    The error of Fisher's z is Bonett and Wright's (2000), or larger where the fourth moments of the ranks say
    so, as where many are tied; p is exact for up to ``_EXACT_ROWS`` rows.
    """
    known = ~np.isnan(values)
    rows = known.T.astype(np.float64) @ known
    sorted_columns = [_Sorted.of(column) for column in values.T]
    ranks = np.column_stack([column.ranks(np.ones(len(values), dtype=bool)) for column in sorted_columns])
    rho = _pearson_only(ranks)
    for first, second in _pairs_with_other_gaps(known):
        both = known[:, first] & known[:, second]
        pair = (sorted_columns[place].ranks(both)[both] for place in (first, second))
        rho[first, second] = rho[second, first] = _correlation(*pair)
    rho = np.where(rows < FEWEST_ROWS, np.nan, rho)
    most = _most_but_whole(rows)
    # Where ranks agree wholly, what single rows add to the error is rounding over rounding.
    influence = np.where(np.abs(rho) > most, 1.0, _with_influence(ranks)[2])
    error = np.sqrt(np.fmax(1 + rho * rho / 2, influence)) * _normal_error(rows)
    low, high = _rank_interval(rho, error, most)
    p = _student_p(rho, rows)
    for first, second in zip(*np.nonzero(np.triu(rows <= _EXACT_ROWS, 1) & ~np.isnan(rho)), strict=True):
        both = known[:, first] & known[:, second]
        p[first, second] = p[second, first] = _exact_p(values[both, first], values[both, second])
    return Correlations(rho, low, high, p, rows)


def _most_but_whole(n: Floats) -> Floats:
    """Half a step below ranks that agree wholly in n rows; a step is two neighbours changing places."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.maximum(1 - 6 / (n * (n * n - 1)), 0)


def _rank_interval(rho: Floats, error: Floats, most: Floats) -> tuple[Floats, Floats]:
    """Fisher's, but where ranks agree wholly it starts at ``most``: five rows do by chance, one time in 120
    where there is no relation at all.
    """
    low, high = fisher_interval(np.clip(rho, -most, most), error)
    return np.where(rho < -most, -1.0, low), np.where(rho > most, 1.0, high)


def _with_influence(values: Floats) -> tuple[Floats, Floats, Floats]:
    """The correlation, the rows, and n times the variance of Fisher's z by the influence of each row, all
    (d, d); it is 1 for a normal law."""
    n, moments = _moments(values)
    c20, c02, c11 = moments[2, 0], moments[0, 2], moments[1, 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(c20 * c02)
        flat = (c20 < _FLAT) | (c02 < _FLAT) | (n < FEWEST_ROWS)
        r = np.where(flat, np.nan, np.clip(c11 / spread, -1, 1))
        influence = (
            moments[2, 2] / spread**2
            - r * (moments[3, 1] / c20 + moments[1, 3] / c02) / spread
            + r * r / 4 * (moments[4, 0] / c20**2 + 2 * moments[2, 2] / spread**2 + moments[0, 4] / c02**2)
        )
        return r, n, influence / (1 - r * r) ** 2


def centred_columns(values: Floats) -> tuple[Floats, np.ndarray]:
    """Columns (n, d) about their means, 0 where missing, and where they are known.

    Each is divided by a power of two first, after which its largest value is below 1: neither its sum nor its
    squares then leave the range of float64.
    """
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    exponents = np.frexp(np.abs(filled).max(axis=0, initial=0.0))[1]
    filled = np.ldexp(filled, -exponents)
    return np.where(known, filled - filled.sum(axis=0) / np.maximum(known.sum(axis=0), 1), 0.0), known


def _pearson_only(values: Floats) -> Floats:
    """Pearson's correlation alone (d, d), of columns whose gaps are at the same places; others are wrong."""
    centred = centred_columns(values)[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        centred /= np.sqrt(np.square(centred).sum(axis=0))
    return np.clip(centred.T @ centred, -1, 1)


def _moments(values: Floats) -> tuple[Floats, dict[tuple[int, int], Floats]]:
    """Rows (d, d) with both values, and the central moments of each pair by these, of columns brought to one
    scale first."""
    z, known = centred_columns(values)
    n_each = np.maximum(known.sum(axis=0), 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.nan_to_num(z / np.sqrt(np.square(z).sum(axis=0) / n_each))
    power = [known.astype(np.float64), z, z * z]
    power += [z * power[2], power[2] * power[2]]
    n = power[0].T @ power[0]
    raw = {}
    for a, b in ((1, 0), (2, 0), (3, 0), (4, 0), (1, 1), (2, 1), (3, 1), (2, 2)):
        raw[a, b] = power[a].T @ power[b] / np.maximum(n, 1)
        raw[b, a] = raw[a, b].T
    return n, _central(raw)


def _central(raw: dict[tuple[int, int], Floats]) -> dict[tuple[int, int], Floats]:
    a, b = raw[1, 0], raw[0, 1]
    made = {
        (2, 0): raw[2, 0] - a * a,
        (1, 1): raw[1, 1] - a * b,
        (4, 0): raw[4, 0] - 4 * a * raw[3, 0] + 6 * a * a * raw[2, 0] - 3 * a**4,
        (3, 1): raw[3, 1]
        - 3 * a * raw[2, 1]
        + 3 * a * a * raw[1, 1]
        - a**3 * b
        - b * (raw[3, 0] - 3 * a * raw[2, 0] + 2 * a**3),
        (2, 2): raw[2, 2]
        - 2 * b * raw[2, 1]
        - 2 * a * raw[1, 2]
        + b * b * raw[2, 0]
        + a * a * raw[0, 2]
        + 4 * a * b * raw[1, 1]
        - 3 * a * a * b * b,
    }
    return made | {(k, j): moment.T for (j, k), moment in made.items()}


def _normal_error(n: Floats) -> Floats:
    """The standard error of Fisher's z; infinite with three rows or fewer."""
    with np.errstate(divide="ignore"):
        return np.where(n > 3, 1 / np.sqrt(np.maximum(n - 3, 0)), np.inf)


def _student_p(r: Floats, n: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(r) * np.sqrt((n - 2) / (1 - r * r))
        return np.where(np.isnan(r), np.nan, 2 * special.stdtr(n - 2, -t))


def _pairs_with_other_gaps(known: np.ndarray) -> Iterator[tuple[int, int]]:
    """Pairs of columns whose missing rows differ, so that each has ranks of its own."""
    seen: dict[bytes, int] = {}
    columns = np.ascontiguousarray(known.T)
    patterns = np.array([seen.setdefault(column.tobytes(), len(seen)) for column in columns])
    for first in range(known.shape[1]):
        for second in np.flatnonzero(patterns[first + 1 :] != patterns[first]) + first + 1:
            yield first, int(second)


def _correlation(first: Floats, second: Floats) -> float:
    if len(first) < FEWEST_ROWS:
        return np.nan
    first, second = first - first.mean(), second - second.mean()
    size = float(np.sqrt((first @ first) * (second @ second)))
    return float(np.clip(first @ second / size, -1, 1)) if size else np.nan


def _exact_p(first: Floats, second: Floats) -> float:
    """The share of all orders of one column's ranks whose correlation is as far from 0."""
    first, second = (ranks - ranks.mean() for ranks in (rankdata(first), rankdata(second)))
    orders = np.array(list(permutations(range(len(first)))), dtype=np.intp)
    products = second[orders] @ first
    return float(np.mean(np.abs(products) >= abs(float(first @ second)) - 1e-9))
