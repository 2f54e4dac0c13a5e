"""Assets on one scale: volatility, drawdowns, tails against the normal law, correlations before and after."""

from collections.abc import Callable
from itertools import combinations
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.typing import NaTType
from scipy import stats

from analytics.numbers.returns.price_calendar import PerYear, of_asset, own_calendar
from analytics.numbers.returns.returns import ReturnKind, returns_table
from analytics.numbers.returns.score_laws import NORMAL, ScoreLaw

Values = TypeVar("Values", NDArray[np.float64], pd.DataFrame)
FEWEST = 10
"""Statistics of fewer returns than this are left empty."""
THRESHOLDS = (2.0, 3.0, 4.0, 5.0)


def compare_returns(returns: pd.DataFrame, *, per_year: PerYear) -> pd.DataFrame:
    """One row per asset; index: the asset. ``per_year`` may be of each asset by its name.

    ``returns`` (count), ``mean`` and ``sd`` per period, ``volatility`` = sd * sqrt(per_year), which assumes
    uncorrelated returns; ``worst``, ``best``; ``skewness`` and ``excess_kurtosis`` (0 for a normal law;
    moment estimators), ``autocorrelation`` between neighbouring returns and ``smoothed``, whether it
    exceeds 0.1 and three standard errors: averaged or stale prices, whose volatility the square-root rule
    understates.
    """
    rows = {
        str(name): _describe(column.dropna(), of_asset(per_year, str(name)))
        for name, column in returns.items()
    }
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


def change(before: Values, after: Values, kind: ReturnKind) -> Values:
    """The returns from some prices to others, in the measure of ``kind``."""
    if kind == "difference":
        return after - before
    ratio = after / before
    return np.log(ratio) if kind == "log" else ratio - 1  # type: ignore[return-value]


def drawdown_table(prices: pd.DataFrame, *, kind: ReturnKind = "simple") -> pd.DataFrame:
    """The return since the highest price so far: 0 at a high, as a simple return -0.5 at half of it.

    Missing where the price is.
    """
    return change(prices.cummax(), prices, kind)


def deepest_drawdowns(prices: pd.DataFrame, *, kind: ReturnKind = "simple") -> pd.DataFrame:
    """One row per asset: ``depth`` (negative), ``peak``, ``trough``, ``recovered`` (NaT while under water).

    ``depth`` is a return of ``kind``. ``recovered`` is the first date at or above the peak's price again.
    Assets without prices have no row.
    """
    rows = {
        str(name): _deepest(column.dropna(), kind) for name, column in prices.items() if column.notna().any()
    }
    columns = ["depth", "peak", "trough", "recovered"]
    return pd.DataFrame(list(rows.values()), index=pd.Index(list(rows)), columns=columns)


def _deepest(
    p: pd.Series, kind: ReturnKind
) -> tuple[float, pd.Timestamp, pd.Timestamp, pd.Timestamp | NaTType]:
    dates, values = pd.DatetimeIndex(p.index), p.to_numpy(dtype=np.float64)
    fall = change(np.maximum.accumulate(values), values, kind)
    trough = int(np.argmin(fall))
    peak = int(np.argmax(values[: trough + 1]))
    back = trough + np.flatnonzero(values[trough:] >= values[peak])
    return float(fall[trough]), dates[peak], dates[trough], dates[back[0]] if back.size else pd.NaT


def tail_counts(
    standardized: pd.DataFrame, *, law: ScoreLaw = NORMAL, thresholds: tuple[float, ...] = THRESHOLDS
) -> pd.DataFrame:
    """Moves beyond k spreads, seen and expected of independent normal returns that are scored alike.

    One row per asset and threshold: ``below``, ``above``, ``seen`` = both; ``expected`` = n times the share
    that ``law`` has beyond k; ``probability`` that at least as many would be seen.
    """
    rows = []
    for name, column in standardized.items():
        z = column.dropna().to_numpy()
        for k in thresholds:
            below, above = int((z < -k).sum()), int((z > k).sum())
            rows.append(
                {
                    "asset": name,
                    "threshold": k,
                    "returns": z.size,
                    "below": below,
                    "above": above,
                    "seen": below + above,
                    "expected": z.size * law.beyond(k, z.size),
                    "probability": law.chance(below + above, k, z.size) if z.size else np.nan,
                }
            )
    return pd.DataFrame(rows)


def normal_quantiles(
    z: NDArray[np.float64], law: ScoreLaw = NORMAL
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(expected, seen), both (n,) ascending: quantiles of ``law`` at Blom's (i - 3/8) / (n + 1/4); ``z``."""
    seen = np.sort(z[~np.isnan(z)])
    ranks = np.arange(1, seen.size + 1, dtype=np.float64)
    return law.quantiles((ranks - 0.375) / (seen.size + 0.25)), seen


def correlation_pairs(
    prices: pd.DataFrame,
    returns: pd.DataFrame,
    standardized: pd.DataFrame,
    *,
    again: Callable[[pd.DataFrame], tuple[pd.DataFrame, pd.DataFrame]] | None = None,
) -> pd.DataFrame:
    """Pearson correlation of each pair of assets in ``prices``, ``returns``, ``standardized`` returns.

    All three are taken over the dates on which both standardized returns are there (``dates``), so that they
    differ by scale only; empty with fewer than ten. Standardizing over the full sample changes nothing by
    construction; dividing by a volatility that moves does.

    ``again`` gives (returns, standardized) of the prices of a pair on its common dates: where two assets
    follow different calendars, a return over a weekend would else stand beside one over a day.
    """
    names = list(standardized.columns)
    tables = {"prices": prices, "returns": returns, "standardized": standardized}
    tables = {label: table.reindex(standardized.index)[names] for label, table in tables.items()}
    # As arrays: 142 assets are 10,011 pairs, and of each a selection by label took 20 ms.
    whole = {label: table.to_numpy(dtype=np.float64, na_value=np.nan) for label, table in tables.items()}
    owns = [own_calendar(prices[name]) for name in names] if again is not None else []
    rows = []
    for i, j in combinations(range(len(names)), 2):
        first, second = ({label: array[:, place] for label, array in whole.items()} for place in (i, j))
        if again is not None and bool((owns[i] != owns[j]).any()):
            first, second = _on_common_dates(prices[[names[i], names[j]]], again) or (first, second)
        common = ~np.isnan(first["standardized"]) & ~np.isnan(second["standardized"])
        values = {label: _correlation(first[label][common], second[label][common]) for label in tables}
        rows.append({"first": names[i], "second": names[j], "dates": int(common.sum())} | values)
    return pd.DataFrame(rows, columns=["first", "second", "dates", *tables])


_Columns = dict[str, NDArray[np.float64]]


def _on_common_dates(
    pair: pd.DataFrame, again: Callable[[pd.DataFrame], tuple[pd.DataFrame, pd.DataFrame]]
) -> tuple[_Columns, _Columns] | None:
    """Prices, returns and scores of either asset on the dates both have; None where these are too few."""
    pair = pair.dropna()
    if len(pair) <= FEWEST:
        return None
    moves, scores = again(pair)
    tables = {"prices": pair, "returns": moves, "standardized": scores}
    arrays = {
        label: table.reindex(scores.index).to_numpy(dtype=np.float64, na_value=np.nan)
        for label, table in tables.items()
    }
    first, second = ({label: array[:, place] for label, array in arrays.items()} for place in (0, 1))
    return first, second


def paired_returns(prices: pd.DataFrame, returns: pd.DataFrame, *, kind: ReturnKind) -> pd.DataFrame:
    """Returns (t, 2) of a pair of assets over the same spans of time, without dates on which one is missing.

    Where the two follow different calendars, returns are taken again between their common dates.
    """
    pair = prices.dropna()
    if _calendars_differ(prices) and len(pair) > FEWEST:
        returns = returns_table(pair, kind=kind)
    return returns[list(prices.columns)].dropna()


def _calendars_differ(pair: pd.DataFrame) -> bool:
    owns = [own_calendar(pair.iloc[:, i]) for i in (0, 1)]
    return bool((owns[0] != owns[1]).any())


def _correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    if len(a) < FEWEST or not (a != a[0]).any() or not (b != b[0]).any():
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])
