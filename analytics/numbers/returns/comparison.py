"""Assets on one scale: volatility, drawdowns, tails against the normal law, correlations before and after."""

from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.typing import NaTType
from scipy import stats

FEWEST = 10
"""Statistics of fewer returns than this are left empty."""
_THRESHOLDS = (2.0, 3.0, 4.0, 5.0)


def compare_returns(returns: pd.DataFrame, *, per_year: float) -> pd.DataFrame:
    """One row per asset; index: the asset.

    ``returns`` (count), ``mean`` and ``sd`` per period, ``volatility`` = sd * sqrt(per_year), which assumes
    uncorrelated returns; ``worst``, ``best``; ``skewness`` and ``excess_kurtosis`` (0 for a normal law;
    moment estimators), ``autocorrelation`` between neighbouring returns and ``smoothed``, whether it
    exceeds 0.1 and three standard errors: averaged or stale prices, whose volatility the square-root rule
    understates.
    """
    rows = {str(name): _describe(column.dropna(), per_year) for name, column in returns.items()}
    return pd.DataFrame(list(rows.values()), index=pd.Index(list(rows)))


def _describe(r: pd.Series, per_year: float) -> dict[str, float | int | bool]:
    n, few = len(r), len(r) < FEWEST
    sd = np.nan if few else float(r.std(ddof=1))
    flat = few or sd == 0
    auto = np.nan if flat else float(r.autocorr(1))
    return {
        "returns": n,
        "mean": np.nan if few else float(r.mean()),
        "sd": sd,
        "volatility": sd * np.sqrt(per_year),
        "worst": float(r.min()) if n else np.nan,
        "best": float(r.max()) if n else np.nan,
        "skewness": np.nan if flat else float(stats.skew(r)),
        "excess_kurtosis": np.nan if flat else float(stats.kurtosis(r)),
        "autocorrelation": auto,
        "smoothed": bool(auto > max(0.1, 3 / np.sqrt(max(n, 1)))),
    }


def drawdown_table(prices: pd.DataFrame) -> pd.DataFrame:
    """p_t / highest price so far - 1: 0 at a high, -0.5 at half of it; missing where the price is."""
    return prices / prices.cummax() - 1


def deepest_drawdowns(prices: pd.DataFrame) -> pd.DataFrame:
    """One row per asset: ``depth`` (negative), ``peak``, ``trough``, ``recovered`` (NaT while under water).

    ``recovered`` is the first date at or above the peak's price again. Assets without prices have no row.
    """
    rows = {str(name): _deepest(column.dropna()) for name, column in prices.items() if column.notna().any()}
    columns = ["depth", "peak", "trough", "recovered"]
    return pd.DataFrame(list(rows.values()), index=pd.Index(list(rows)), columns=columns)


def _deepest(p: pd.Series) -> tuple[float, pd.Timestamp, pd.Timestamp, pd.Timestamp | NaTType]:
    dates, values = pd.DatetimeIndex(p.index), p.to_numpy(dtype=np.float64)
    fall = values / np.maximum.accumulate(values) - 1
    trough = int(np.argmin(fall))
    peak = int(np.argmax(values[: trough + 1]))
    back = trough + np.flatnonzero(values[trough:] >= values[peak])
    return float(fall[trough]), dates[peak], dates[trough], dates[back[0]] if back.size else pd.NaT


def tail_counts(standardized: pd.DataFrame, *, thresholds: tuple[float, ...] = _THRESHOLDS) -> pd.DataFrame:
    """Moves beyond k spreads, seen and expected: one row per asset and threshold.

    ``below``, ``above``, ``seen`` = both; ``expected`` = n * 2 * Phi(-k) under a normal law; ``probability``
    that a normal law gives at least as many as seen (binomial, independent moves).
    """
    rows = []
    for name, column in standardized.items():
        z = column.dropna().to_numpy()
        for k in thresholds:
            below, above, share = int((z < -k).sum()), int((z > k).sum()), float(2 * stats.norm.sf(k))
            chance = float(stats.binom.sf(below + above - 1, z.size, share)) if z.size else np.nan
            rows.append(
                {
                    "asset": name,
                    "threshold": k,
                    "returns": z.size,
                    "below": below,
                    "above": above,
                    "seen": below + above,
                    "expected": z.size * share,
                    "probability": chance,
                }
            )
    return pd.DataFrame(rows)


def normal_quantiles(z: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(expected, seen), both (n,) ascending: normal quantiles at Blom's (i - 3/8) / (n + 1/4), and ``z``."""
    seen = np.sort(z[~np.isnan(z)])
    ranks = np.arange(1, seen.size + 1)
    return stats.norm.ppf((ranks - 0.375) / (seen.size + 0.25)), seen


def correlation_pairs(
    prices: pd.DataFrame, returns: pd.DataFrame, standardized: pd.DataFrame
) -> pd.DataFrame:
    """Pearson correlation of each pair of assets in ``prices``, ``returns``, ``standardized`` returns.

    All three are taken over the dates on which both standardized returns are there (``dates``), so that they
    differ by scale only; empty with fewer than ten. Standardizing over the full sample changes nothing by
    construction; dividing by a volatility that moves does.
    """
    rows = []
    for a, b in combinations(standardized.columns, 2):
        common = standardized[[a, b]].dropna().index
        values = {
            label: _correlation(table.loc[common, a], table.loc[common, b])
            for label, table in (("prices", prices), ("returns", returns), ("standardized", standardized))
        }
        rows.append({"first": a, "second": b, "dates": len(common)} | values)
    return pd.DataFrame(rows, columns=["first", "second", "dates", "prices", "returns", "standardized"])


def _correlation(a: pd.Series, b: pd.Series) -> float:
    if len(a) < FEWEST or a.nunique() < 2 or b.nunique() < 2:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])
