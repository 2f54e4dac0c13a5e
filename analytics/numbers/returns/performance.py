"""What an investment brought, for its risk, and against a benchmark.

Checked against empyrical-reloaded 0.7.1; where the two differ, the docstrings say why.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from analytics.errors import ZetascopeError
from analytics.numbers.returns.comparison import FEWEST, change, deepest_drawdowns, paired_returns
from analytics.numbers.returns.price_calendar import PerYear, of_asset
from analytics.numbers.returns.returns import ReturnKind

_Floats = NDArray[np.float64]
_DAYS_A_YEAR = 365.25
_SHORTEST_YEARS = 0.25
"""Years below which nothing is called annual: three good weeks to the power of 17 say nothing."""
_LEAST_FREE = 1e-9
"""Where one return alone tells the slope, nothing of it is left free, and its residual says nothing."""


def performance_table(
    prices: pd.DataFrame,
    returns: pd.DataFrame,
    *,
    per_year: PerYear,
    kind: ReturnKind = "simple",
    rate: float = 0.0,
) -> pd.DataFrame:
    """One row per asset (index), all returns of ``kind``; ``rate`` is the riskless rate a year.

    ``years`` from the first to the last price; ``total`` return; ``annual``: the return of each year if all
    had been alike, empty below a quarter of a year; ``volatility`` = SD (n - 1) * sqrt(per_year); ``sharpe``
    = mean excess over SD (Sharpe 1994) and ``sortino`` = mean excess over the root mean square of shortfalls
    below the rate (Sortino and Price 1994), both times sqrt(per_year); ``calmar`` = annual over the deepest
    fall of the whole series (Young 1991 takes the last three years).

    Differences have no riskless rate, so for them the ratios are empty, and ``total`` and ``annual`` have the
    column's unit.

    empyrical counts a year as 252 returns where ``annual`` takes the calendar, so that holidays and missing
    prices change nothing; given as many periods a year as there were, the two agree, as do all others.
    """
    if not np.isfinite(rate) or rate <= -1:
        raise ZetascopeError(f"A rate of {rate!r} a year is impossible: use a number above -1, 0.02 for 2%.")
    depths = deepest_drawdowns(prices, kind=kind)["depth"]
    rows = {
        str(name): _performance(
            prices[name].dropna(),
            returns[name].dropna().to_numpy(dtype=np.float64),
            kind=kind,
            depth=float(depths.get(str(name), np.nan)),
            per_year=of_asset(per_year, str(name)),
            rate=rate,
        )
        for name in prices.columns
    }
    return pd.DataFrame(list(rows.values()), index=pd.Index(list(rows)))


def rate_per_period(rate: float, per_year: float, kind: ReturnKind) -> float:
    """The rate of one period that makes ``rate`` in a year, as a return of ``kind``; 0 for differences."""
    if kind == "difference":
        return 0.0
    return float(np.log1p(rate)) / per_year if kind == "log" else float((1 + rate) ** (1 / per_year) - 1)


def _performance(
    p: pd.Series, r: _Floats, *, kind: ReturnKind, depth: float, per_year: float, rate: float
) -> dict[str, float]:
    dates = pd.DatetimeIndex(p.index)
    years = (dates[-1] - dates[0]) / pd.Timedelta(days=_DAYS_A_YEAR)
    total = float(change(p.to_numpy()[:1], p.to_numpy()[-1:], kind)[0])
    annual = np.nan if years < _SHORTEST_YEARS else _annual(total, years, kind)
    excess = r - rate_per_period(rate, per_year, kind)
    enough = r.size >= FEWEST
    sd = float(r.std(ddof=1)) if enough else np.nan
    below = float(np.sqrt(np.mean(np.minimum(excess, 0) ** 2))) if enough else np.nan
    ratios = kind != "difference"
    return {
        "years": years,
        "total": total,
        "annual": annual,
        "volatility": sd * np.sqrt(per_year),
        "sharpe": _ratio(float(excess.mean()), sd) * np.sqrt(per_year) if enough and ratios else np.nan,
        "sortino": _ratio(float(excess.mean()), below) * np.sqrt(per_year) if enough and ratios else np.nan,
        "calmar": _ratio(annual, -depth) if ratios else np.nan,
    }


def _annual(total: float, years: float, kind: ReturnKind) -> float:
    return float((1 + total) ** (1 / years) - 1) if kind == "simple" else total / years


def _ratio(reward: float, risk: float) -> float:
    return reward / risk if risk > 0 else np.nan


def benchmark_table(
    prices: pd.DataFrame,
    returns: pd.DataFrame,
    *,
    benchmark: str,
    per_year: PerYear,
    kind: ReturnKind = "simple",
    rate: float = 0.0,
) -> pd.DataFrame:
    """One row per other asset (index): its returns against the benchmark's over the spans both have.

    ``returns`` (count); ``beta``: slope of excess returns (least squares), with ``beta_low`` and
    ``beta_high``, a 95 % interval that allows for unequal variances and for few returns (MacKinnon and White
    1985, HC3, with Student's n - 2 degrees); ``alpha``: mean excess return less beta times the benchmark's,
    times ``per_year`` (Jensen 1968); ``correlation``; ``tracking_error``: SD of the difference of returns,
    times sqrt(per_year); ``information``: mean difference over that SD, times the same root.

    empyrical compounds alpha, (1 + a) ** per_year - 1 of the alpha a of one period, where this multiplies, as
    beta times the benchmark's part adds up then; the other figures agree.
    """
    if benchmark not in prices.columns:
        raise ZetascopeError(
            f"There is no asset {benchmark!r}: choose a benchmark from {', '.join(prices.columns[:12])}."
        )
    rows = {
        str(name): _against(
            paired_returns(prices[[name, benchmark]], returns, kind=kind).to_numpy(dtype=np.float64),
            kind=kind,
            per_year=min(of_asset(per_year, str(name)), of_asset(per_year, benchmark)),
            rate=rate,
        )
        for name in prices.columns
        if name != benchmark
    }
    return pd.DataFrame(list(rows.values()), index=pd.Index(list(rows)), columns=list(_AGAINST))


_AGAINST = (
    "returns",
    "beta",
    "beta_low",
    "beta_high",
    "alpha",
    "correlation",
    "tracking_error",
    "information",
)


def _against(pair: _Floats, *, kind: ReturnKind, per_year: float, rate: float) -> dict[str, float]:
    n = len(pair)
    if n < FEWEST or (pair.std(axis=0) == 0).any():
        return dict.fromkeys(_AGAINST, np.nan) | {"returns": n}
    own, other = (pair - rate_per_period(rate, per_year, kind)).T
    centred = other - other.mean()
    beta = float(centred @ own / (centred @ centred))
    reach = float(stats.t.ppf(0.975, n - 2)) * _slope_error(centred, own - own.mean() - beta * centred)
    gap = own - other
    spread = float(gap.std(ddof=1))
    return {
        "returns": n,
        "beta": beta,
        "beta_low": beta - reach,
        "beta_high": beta + reach,
        "alpha": float(own.mean() - beta * other.mean()) * per_year,
        "correlation": float(np.corrcoef(own, other)[0, 1]),
        "tracking_error": spread * np.sqrt(per_year),
        "information": _ratio(float(gap.mean()), spread) * np.sqrt(per_year),
    }


def _slope_error(centred: _Floats, residuals: _Floats) -> float:
    """The standard error of a slope, HC3: a return that pulls the line to itself has too small a residual.

    Simulated, HC1 with a normal law misses the truth in 14 % of tables of 10 returns and 10 % of 20. NaN
    where one return alone tells the slope.
    """
    squares = float(centred @ centred)
    free = 1 - 1 / len(centred) - centred**2 / squares
    if free.min() < _LEAST_FREE:
        return np.nan
    return float(np.sqrt(np.sum((centred * residuals / free) ** 2))) / squares
