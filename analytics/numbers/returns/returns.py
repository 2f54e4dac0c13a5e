"""Returns from prices, and returns on one scale: over the full sample, a past window, or past volatility."""

from typing import Literal

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from analytics.errors import ZetascopeError

ReturnKind = Literal["log", "simple"]
Floats = NDArray[np.float64]
BLOCK_CELLS = 1_000_000


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


def volatility_table(
    returns: pd.DataFrame, *, per_year: float, window: int | None = None, halflife: float | None = None
) -> pd.DataFrame:
    """Annualized volatility at each date from the returns up to it, times sqrt(``per_year``); shape as given.

    ``window``: SD (n - 1) of the last ``window`` returns. ``halflife``: root of the mean of squared returns,
    weighted by half every ``halflife`` periods and taken about zero (RiskMetrics, 1996). The return of the
    date itself is among them, unlike in :func:`standardize_returns`. Missing returns are skipped; where the
    price stands still there is no value.
    """
    if (window is None) == (halflife is None):
        raise ZetascopeError("Volatility over time needs a window or a half-life, and not both.")
    columns = [
        _volatility(returns[name].dropna(), window, halflife) * np.sqrt(per_year) for name in returns.columns
    ]
    return pd.concat(columns, axis=1).reindex(returns.index) if columns else returns.copy()


def _volatility(r: pd.Series, window: int | None, halflife: float | None) -> pd.Series:
    """The spread before a date that does not exist yet knows the last one too."""
    one_more = np.append(r.to_numpy(dtype=np.float64), np.nan)
    if halflife is not None:
        spread = _past_volatility(one_more, halflife)
    else:
        spread = _past_mean_and_sd(one_more, window or 0)[1]
    return pd.Series(spread[1:], index=r.index, name=r.name)


def _standardize(r: pd.Series, window: int | None, halflife: float | None, center: bool) -> pd.Series:
    values = r.to_numpy(dtype=np.float64)
    if halflife is not None:
        mean, spread = np.zeros(values.size), _past_volatility(values, halflife)
    elif window is not None:
        mean, spread = _past_mean_and_sd(values, window)
    else:
        mean, spread = (np.repeat(m, values.size) for m in _mean_and_sd(values[np.newaxis]))
    return pd.Series((values - mean * center) / spread, index=r.index, name=r.name)


def _past_volatility(values: Floats, halflife: float) -> Floats:
    squares = pd.Series(values**2).shift(1)
    enough = max(2, int(np.ceil(halflife)))
    spread = np.sqrt(squares.ewm(halflife=halflife, min_periods=enough).mean().to_numpy())
    return np.where(spread > 0, spread, np.nan)


def _past_mean_and_sd(values: Floats, window: int) -> tuple[Floats, Floats]:
    """Mean and SD of the ``window`` values before each, from two passes over every window.

    Running sums would be quicker, and leave rounding of an earlier shock in the windows after it.
    """
    found = np.full((2, values.size), np.nan)
    for start in range(window, values.size, step := max(1, BLOCK_CELLS // window)):
        end = min(start + step, values.size)
        past = sliding_window_view(values, window)[start - window : end - window]
        found[:, start:end] = _mean_and_sd(past)
    return found[0], found[1]


def _mean_and_sd(past: Floats) -> tuple[Floats, Floats]:
    """Mean and SD (n - 1) along the rows of (t, n); an SD that is only rounding is missing."""
    if past.shape[1] < 2:
        return np.full(len(past), np.nan), np.full(len(past), np.nan)
    spread = past.std(axis=1, ddof=1)
    resolution = 1e-12 * np.abs(past).max(axis=1)
    return past.mean(axis=1), np.where(spread > resolution, spread, np.nan)
