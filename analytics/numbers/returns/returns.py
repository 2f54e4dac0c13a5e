"""Returns from prices, and returns on one scale: over the full sample, a past window, or past volatility."""

import warnings
from collections.abc import Callable
from typing import Literal

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from analytics.arguments import is_real, is_whole, require_frame
from analytics.errors import ZetascopeError
from analytics.numbers.basics.parameters import Label
from analytics.numbers.basics.selection import float_values
from analytics.numbers.basics.statistics import Floats, row_spreads
from analytics.numbers.returns.price_calendar import PerYear, of_asset, own_calendar
from analytics.words import count

ReturnKind = Literal["log", "simple", "difference"]
BLOCK_CELLS = 1_000_000
_LONGEST_HALFLIFE = 1e9  # periods; beyond, all weights are alike to nine digits


def returns_table(prices: pd.DataFrame, *, kind: ReturnKind = "log") -> pd.DataFrame:
    """Period returns (T - 1, assets): log(p_t / p_{t-1}), or p_t / p_{t-1} - 1 for ``kind="simple"``.

    ``kind="difference"`` gives p_t - p_{t-1}, in the units of the column, for what is no price: it may be
    zero or negative.

    A return is missing where either of its two prices is, on the asset's own calendar (``own_calendar``): a
    stock's Monday is measured from Friday though a coin beside it has prices on Sunday. Rows that are not in
    the order of their index are sorted, of rows with the same index the last one counts, and infinite prices
    count as missing; each is told as a warning.

    Raises:
        ZetascopeError: for a column that holds no numbers, a price that is zero or negative (a return from it
            means nothing), and fewer than two prices.
    """
    if kind not in ("log", "simple", "difference"):
        raise ZetascopeError(
            f"Returns of kind {kind!r} are unknown: use 'log' or 'simple', or 'difference' for no prices."
        )
    values = _without_infinite(_one_per_date(_in_order(_as_floats(prices, "prices"))))
    if len(values) < 2:
        raise ZetascopeError(f"{count(len(values), 'price')} cannot give a return: at least two are needed.")
    if kind != "difference":
        _refuse_what_is_no_price(values)
    found = np.full(values.shape, np.nan)
    for place in range(values.shape[1]):
        column = values.iloc[:, place]
        dated = isinstance(values.index, pd.DatetimeIndex)
        own = np.flatnonzero(own_calendar(column)) if dated else np.arange(len(values))
        found[own[1:], place] = _returns(column.to_numpy()[own], kind)
    return pd.DataFrame(found, index=values.index, columns=values.columns).iloc[1:]


def _returns(prices: Floats, kind: ReturnKind) -> Floats:
    before, after = prices[:-1], prices[1:]
    if kind == "difference":
        return after - before
    with np.errstate(over="ignore", under="ignore"):
        ratio = after / before
        if kind == "simple":
            return ratio - 1
        returns = np.log(ratio, where=ratio > 0, out=np.full(ratio.shape, np.nan))
        beyond = np.isinf(ratio) | (ratio == 0)
        returns[beyond] = np.log(after[beyond]) - np.log(before[beyond])
    return returns


def _as_floats(frame: pd.DataFrame, what: str) -> pd.DataFrame:
    """Every column as float64, missing as NaN; refuses a frame without columns and what holds no numbers."""
    require_frame(frame)
    if not frame.shape[1]:
        raise ZetascopeError(f"The table has no columns: give one of {what} for each asset.")
    columns = [float_values(frame.iloc[:, place], name) for place, name in enumerate(frame.columns)]
    return pd.DataFrame(np.column_stack(columns), index=frame.index, columns=frame.columns)


def _in_order(prices: pd.DataFrame) -> pd.DataFrame:
    if prices.index.is_monotonic_increasing:
        return prices
    if prices.index.hasnans:
        raise ZetascopeError("A row of prices has no date: leave it out.")
    _tell("the rows were not in the order of their dates and have been sorted")
    try:
        return prices.sort_index(kind="stable")
    except TypeError as error:
        raise ZetascopeError("The index mixes kinds that have no common order: use dates.") from error


def _one_per_date(prices: pd.DataFrame) -> pd.DataFrame:
    again = prices.index.duplicated(keep="last")
    if again.any():
        _tell(f"{count(int(again.sum()), 'row')} with a date that comes again later did not count")
    return prices[~again]


def _without_infinite(prices: pd.DataFrame) -> pd.DataFrame:
    infinite = int(np.isinf(prices.to_numpy()).sum())
    if infinite:
        _tell(f"{count(infinite, 'infinite price counts', 'infinite prices count')} as missing")
    return prices.where(~np.isinf(prices)) if infinite else prices


def _refuse_what_is_no_price(prices: pd.DataFrame) -> None:
    for name, column in zip(prices.columns, prices.to_numpy().T, strict=True):
        wrong = np.flatnonzero(column <= 0)
        if wrong.size:
            prices_are = count(wrong.size, "zero or negative price")
            raise ZetascopeError(
                f"{name} has {prices_are}, the first at {prices.index[wrong[0]]}: "
                "leave the column out, or make placeholder zeros missing."
            )


def _tell(what: str) -> None:
    warnings.warn(f"Returns: {what}.", UserWarning, stacklevel=3)


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

    The last two use past returns of the same asset only, in the order of the index; missing and infinite
    returns are skipped, not filled. A spread of zero gives no value.

    Raises ZetascopeError for a column without numbers and a window or half-life that cannot be.
    """
    if window is not None and halflife is not None:
        raise ZetascopeError("Choose a window or a half-life, not both.")
    _check_past(window, halflife)
    if not isinstance(center, bool | np.bool_):
        raise ZetascopeError(f"center is {center!r}: say True or False.")
    return _each_in_order(returns, lambda r, _name: _standardize(r, window, halflife, center))


def _check_past(window: int | None, halflife: float | None) -> None:
    if window is not None and (not is_whole(window) or window < 2):
        raise ZetascopeError(f"A window of {window!r} returns has no spread: use at least 2, a whole number.")
    if halflife is not None and not (is_real(halflife) and 0 < halflife <= _LONGEST_HALFLIFE):
        raise ZetascopeError(f"A half-life of {halflife!r} periods is impossible: use a number above 0.")


def volatility_table(
    returns: pd.DataFrame, *, per_year: PerYear, window: int | None = None, halflife: float | None = None
) -> pd.DataFrame:
    """Annualized volatility at each date from the returns up to it, times sqrt(``per_year``); shape as given.

    ``per_year`` may be of each asset by its name.

    ``window``: SD (n - 1) of the last ``window`` returns. ``halflife``: root of the mean of squared returns,
    weighted by half every ``halflife`` periods and taken about zero (RiskMetrics, 1996). The return of the
    date itself is among them, unlike in :func:`standardize_returns`. Missing returns are skipped; where the
    price stands still there is no value.
    """
    if (window is None) == (halflife is None):
        raise ZetascopeError("Volatility over time needs a window or a half-life, and not both.")
    _check_past(window, halflife)
    return _each_in_order(
        returns,
        lambda r, name: _volatility(r, window, halflife) * np.sqrt(of_asset(per_year, str(name))),
    )


def _each_in_order(returns: pd.DataFrame, measure: Callable[[Floats, Label], Floats]) -> pd.DataFrame:
    """``measure`` of the known returns of each asset in the order of the index; given back as they stood.

    Infinite returns count as missing.
    """
    floats = _as_floats(returns, "returns")
    try:
        order = np.arange(len(floats)) if floats.index.is_monotonic_increasing else floats.index.argsort()
    except TypeError as error:
        raise ZetascopeError("The index mixes kinds that have no common order: use dates.") from error
    found = np.full(floats.shape, np.nan)
    for place, column in enumerate(floats.to_numpy().T):
        known = order[np.isfinite(column[order])]
        found[known, place] = measure(column[known], floats.columns[place])
    return pd.DataFrame(found, index=returns.index, columns=returns.columns)


def _volatility(r: Floats, window: int | None, halflife: float | None) -> Floats:
    """The spread before a date that does not exist yet knows the last one too."""
    one_more = np.append(r, np.nan)
    if halflife is not None:
        spread = _past_volatility(one_more, halflife)
    else:
        spread = _past_mean_and_sd(one_more, window or 0)[1]
    return spread[1:]


def _standardize(values: Floats, window: int | None, halflife: float | None, center: bool) -> Floats:
    if halflife is not None:
        mean, spread = np.zeros(values.size), _past_volatility(values, halflife)
    elif window is not None:
        mean, spread = _past_mean_and_sd(values, window)
    else:
        mean, spread = (np.repeat(m, values.size) for m in _mean_and_sd(values[np.newaxis]))
    with np.errstate(over="ignore"):
        return (values - mean * center) / spread


def _past_volatility(values: Floats, halflife: float) -> Floats:
    largest = float(np.nanmax(np.abs(values), initial=0.0))
    # Squares of such values would leave the range of float64; others keep their own scale, and their digits.
    exponent = 0 if 1e-140 < largest < 1e140 else int(np.frexp(largest)[1])
    squares = pd.Series(np.square(np.ldexp(values, -exponent))).shift(1)
    enough = int(min(max(2.0, np.ceil(float(halflife))), values.size + 1))
    spread = np.sqrt(squares.ewm(halflife=halflife, min_periods=enough).mean().to_numpy())
    return np.ldexp(np.where(spread > 0, spread, np.nan), exponent)


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
    found = row_spreads(past, ddof=1)
    resolution = 1e-12 * np.abs(past).max(axis=1)
    return found.mean, np.where(found.sd > resolution, found.sd, np.nan)
