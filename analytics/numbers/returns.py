"""Returns from prices, and returns on one scale: over the full sample, a past window, or past volatility."""

from typing import Literal

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError

ReturnKind = Literal["log", "simple"]


def returns_table(prices: pd.DataFrame, *, kind: ReturnKind = "log") -> pd.DataFrame:
    """Period returns (T - 1, assets): log(p_t / p_{t-1}), or p_t / p_{t-1} - 1 for ``kind="simple"``.

    A return is missing where either of its two prices is. Raises ZetascopeError when a price is zero or
    negative: a return from it means nothing.
    """
    if kind not in ("log", "simple"):
        raise ZetascopeError(f"Returns of kind {kind!r} are unknown: use 'log' or 'simple'.")
    if len(prices) < 2:
        raise ZetascopeError(f"{len(prices)} price(s) give no return: at least two are needed.")
    for name, wrong in (prices <= 0).items():
        if wrong.any():
            first = wrong.index[wrong.to_numpy()][0]
            raise ZetascopeError(
                f"{name} has {int(wrong.sum()):,} zero or negative prices, the first at {first}: "
                "leave the column out, or make placeholder zeros missing."
            )
    values = prices.astype(np.float64)
    ratio = values / values.shift(1)
    return (ratio.apply(np.log) if kind == "log" else ratio - 1).iloc[1:]


def standardize_returns(
    returns: pd.DataFrame,
    *,
    window: int | None = None,
    halflife: float | None = None,
    center: bool = True,
) -> pd.DataFrame:
    """Returns in units of their own spread, missing where there is none yet; shape as given.

    Neither argument: (r - mean) / SD (n - 1) over the full sample, so every value also knows the future.
    ``window``: mean and SD (n - 1) of the ``window`` returns before, the present one excluded.
    ``halflife``: r_t / sigma_t, sigma_t² the mean of earlier squared returns, weighted by half every
    ``halflife`` periods and taken about zero (RiskMetrics, 1996); it starts after ``halflife`` returns.
    ``center=False`` leaves the mean in, so that a drift stays visible: r / SD.

    The last two use past returns of the same asset only; missing returns are skipped, not filled. A spread of
    zero gives no value.
    """
    if window is not None and halflife is not None:
        raise ZetascopeError("Choose a window or a half-life, not both.")
    if window is not None and window < 2:
        raise ZetascopeError(f"A window of {window} return(s) has no spread: use at least 2.")
    if halflife is not None and not halflife > 0:
        raise ZetascopeError(f"A half-life of {halflife:g} periods is impossible: use a number above 0.")
    columns = [_standardize(returns[name].dropna(), window, halflife, center) for name in returns.columns]
    standardized = pd.concat(columns, axis=1) if columns else returns.copy()
    return standardized.reindex(returns.index)


def _standardize(observed: pd.Series, window: int | None, halflife: float | None, center: bool) -> pd.Series:
    observed = observed.astype(np.float64)
    if window is not None:
        past = observed.shift(1).rolling(window, min_periods=window)
        return _scaled(observed - past.mean() * center, past.std(ddof=1), observed)
    if halflife is not None:
        squares = (observed**2).shift(1)
        enough = max(2, int(np.ceil(halflife)))
        variance = squares.ewm(halflife=halflife, min_periods=enough).mean()
        return _scaled(observed, np.sqrt(variance), observed)
    spread = pd.Series(observed.std(ddof=1), index=observed.index, name=observed.name)
    return _scaled(observed - observed.mean() * center, spread, observed)


def _scaled(deviation: pd.Series, spread: pd.Series, observed: pd.Series) -> pd.Series:
    """Deviation over spread; a spread that is only rounding of the values so far counts as none."""
    resolution = 1e-12 * observed.abs().cummax()
    return deviation / spread.where(spread > resolution)
