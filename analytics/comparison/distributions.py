"""How the values of one column are spread in two tables: PSI, Kolmogorov-Smirnov, shares of categories."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special, stats

from analytics.contingency import FEW_EXPECTED, chi_squared, expected_counts, independence_p
from analytics.tables.quantities import Quantity, quantity, said
from analytics.words import number_text

BINS = 10
"""Tenths of the old values, as PSI is usually taken."""
_MOST_LEVELS = 50
SMALL_PSI, LARGE_PSI = 0.1, 0.25
"""Siddiqi (2006): below 0.1 nothing to speak of, above 0.25 a large change."""
_TAIL = 0.05
_TIED_VALUES = 100  # different ones; deals of more take a tenth of a second and more
_DEALS = 4_999  # p-values down to 0.0002, so that one column of 100 can be certain after Holm
_EXACT_ROWS = 1_000  # scipy counts paths through a square of them, in some milliseconds


@dataclass(frozen=True)
class Spread:
    """One column, before and now.

    ``psi`` is the population stability index with half a row added to every bin, ``psi_chance`` what it stays
    below in at least 95 of 100 pairs of such samples of one law (Yurdakul 2018; in more of few rows);
    ``ks`` the largest difference of the shares up to a value (for categories: half the sum of the
    differences of shares), ``place`` what that means in words; ``p`` is of the Kolmogorov-Smirnov test, for
    categories of the table of counts.
    """

    column: Hashable
    kind: str
    n_before: int
    n_now: int
    psi: float
    psi_chance: float
    ks: float
    p: float
    place: str

    @property
    def too_few(self) -> bool:
        """Whether what counts as a large change may be chance among so few rows."""
        return not self.psi_chance < LARGE_PSI

    @property
    def psi_words(self) -> str:
        """What PSI means."""
        if np.isnan(self.psi):
            return "not known"
        if self.psi < self.psi_chance:
            return "within chance"
        return "small" if self.psi < SMALL_PSI else "moderate" if self.psi < LARGE_PSI else "large"


def spread_of(old: pd.Series, new: pd.Series, *, kind: str) -> Spread:
    """Compare two columns of one kind (``number``, ``time`` or ``category``)."""
    if kind == "category":
        return _of_levels(old, new)
    before, now = quantity(old), quantity(new)
    if before.kind != now.kind or not len(before.values) or not len(now.values):
        return _unknown(old.name, kind, len(before.values), len(now.values))
    return _of_values(old.name, kind, before, now)


def level_shares(old: pd.Series, new: pd.Series) -> pd.DataFrame:
    """Shares of every level before and now, the largest change first; a level may be new or gone."""
    counts = pd.DataFrame({"before": _counted(old), "now": _counted(new)}).fillna(0).astype("int64")
    totals = counts.sum().clip(lower=1)
    made = pd.DataFrame(
        {
            "level": counts.index.astype(str),
            "rows_before": counts["before"].to_numpy(),
            "rows_now": counts["now"].to_numpy(),
            "share_before": (counts["before"] / totals["before"]).to_numpy(),
            "share_now": (counts["now"] / totals["now"]).to_numpy(),
        }
    )
    made["difference"] = made["share_now"] - made["share_before"]
    order = np.argsort(-made["difference"].abs().to_numpy(), kind="stable")
    return made.iloc[order].reset_index(drop=True)


def _counted(column: pd.Series) -> pd.Series:
    known = column.dropna()
    return known.astype(object).map(_level).value_counts()


def _level(value: object) -> str:
    """A category's name; whole floats as whole, so that a column that gained a gap keeps its levels."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def psi_of(before: np.ndarray, now: np.ndarray) -> tuple[float, float]:
    """PSI of counts (b,) in the same bins, and what it stays below by chance in at least 95 of 100."""
    n, m, bins = before.sum(), now.sum(), len(before)
    if not n or not m or bins < 2:
        return np.nan, np.nan
    p, q = ((counts + 0.5) / (counts.sum() + 0.5 * bins) for counts in (before, now))
    chance = float(special.chdtri(bins - 1, _TAIL)) * (1 / n + 1 / m)
    return float(((q - p) * np.log(q / p)).sum()), float(chance)


def _of_values(name: Hashable, kind: str, before: Quantity, now: Quantity) -> Spread:
    old, new = np.sort(_numbers(before.values)), np.sort(_numbers(now.values))
    edges = np.unique(old[np.round(np.arange(1, BINS) / BINS * (len(old) - 1)).astype(np.intp)])
    # A bin ends with its edge, so that a value that fills a tenth by itself is a bin.
    counts = [
        np.bincount(np.searchsorted(edges, side, "left"), minlength=len(edges) + 1) for side in (old, new)
    ]
    used = (counts[0] + counts[1]) > 0
    psi, chance = psi_of(*(side[used] for side in counts))
    both = np.unique(np.concatenate([old, new]))
    shares = [np.searchsorted(side, both, "right") / len(side) for side in (old, new)]
    widest = int(np.abs(shares[1] - shares[0]).argmax())
    ks = float(abs(shares[1][widest] - shares[0][widest]))
    value = _back(both[widest], before.values.dtype)
    place = f"up to {value} lie {shares[0][widest]:.1%} before and {shares[1][widest]:.1%} now"
    return Spread(name, kind, len(old), len(new), psi, chance, ks, _ks_p(old, new), place)


def _ks_p(old: np.ndarray, new: np.ndarray) -> float:
    """Exact for few rows, else by Kolmogorov's law. Both are for values without ties, and call a difference
    of counts far too seldom; where few values stand for many rows, rows are dealt out anew instead."""
    if len(np.unique(np.concatenate([old, new]))) <= min((len(old) + len(new)) / 2, _TIED_VALUES):
        return _dealt_p(old, new)
    exact = max(len(old), len(new)) <= _EXACT_ROWS
    return float(stats.ks_2samp(old, new, method="exact" if exact else "asymp").pvalue)


def _dealt_p(old: np.ndarray, new: np.ndarray) -> float:
    """The share of ways to deal out all rows in which the shares up to a value differ as much."""
    values = np.unique(np.concatenate([old, new]))
    held = [np.bincount(np.searchsorted(values, side), minlength=len(values)) for side in (old, new)]
    expected = np.cumsum(held[0] + held[1]) * (len(new) / (len(old) + len(new)))
    return _p_of_deals(held[0], held[1], lambda now: np.abs(np.cumsum(now, axis=-1) - expected).max(axis=-1))


def _p_of_deals(before: np.ndarray, now: np.ndarray, distance: Callable[[np.ndarray], np.ndarray]) -> float:
    """How often rows dealt out anew between counts (b,) lie as far apart by ``distance`` of (..., b)."""
    rng = np.random.default_rng(0)
    deals = rng.multivariate_hypergeometric(before + now, int(now.sum()), size=_DEALS, method="marginals")
    seen = distance(now)
    return float((1 + (distance(deals) >= seen - 1e-9 * (1 + seen)).sum()) / (1 + _DEALS))


def _numbers(values: np.ndarray) -> np.ndarray:
    return values.astype(np.int64) if values.dtype.kind in "mM" else values


def _back(value: np.generic, dtype: np.dtype) -> str:
    return said(np.int64(value).astype(dtype)) if dtype.kind in "mM" else number_text(float(value))


def _of_levels(old: pd.Series, new: pd.Series) -> Spread:
    shares = level_shares(old, new)
    n, m = int(shares["rows_before"].sum()), int(shares["rows_now"].sum())
    if not n or not m:
        return _unknown(old.name, "category", n, m)
    total = (shares["rows_before"] + shares["rows_now"]).to_numpy()
    kept = np.argsort(-total, kind="stable")[:_MOST_LEVELS]
    table = shares[["rows_before", "rows_now"]].to_numpy()
    counts = table[kept]
    rest = table.sum(axis=0) - counts.sum(axis=0)
    counts = np.vstack([counts, rest]) if rest.any() else counts
    top = shares.iloc[0]
    place = f"{top['level']}: {top['share_before']:.1%} before and {top['share_now']:.1%} now"
    if len(counts) < 2:
        return Spread(old.name, "category", n, m, 0.0, 0.0, 0.0, 1.0, place)
    distance = float(shares["difference"].abs().sum()) / 2
    p = _independence_p(counts)
    return Spread(old.name, "category", n, m, *psi_of(counts[:, 0], counts[:, 1]), distance, p, place)


def _independence_p(counts: np.ndarray) -> float:
    """Of counts (b, 2) before and now; by deals where a level is rare and they are more than two."""
    expected = expected_counts(counts)
    if expected.min() >= FEW_EXPECTED or len(counts) == 2:
        return independence_p(counts, chi_squared(counts))
    weights = 1 / counts.sum(axis=1)  # what the statistic is in the new counts, but for a factor
    return _p_of_deals(counts[:, 0], counts[:, 1], lambda now: np.square(now - expected[:, 1]) @ weights)


def _unknown(name: Hashable, kind: str, n: int, m: int) -> Spread:
    return Spread(name, kind, n, m, np.nan, np.nan, np.nan, np.nan, "a side has no values of this kind")
