"""Returns of calendar months and years, the best and the worst periods, and correlation over time."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analytics.numbers.returns.comparison import change, paired_returns
from analytics.numbers.returns.price_calendar import Frequency
from analytics.numbers.returns.returns import ReturnKind

Span = Literal["price", "month", "year"]
_CODES: dict[str, Literal["M", "Y"]] = {"month": "M", "year": "Y"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class MonthCalendar:
    """``table``: a row per year (index, whole numbers), columns of ``MONTHS`` and ``year``: returns.

    ``since`` and ``until`` are the first and the last price: the first month and year are measured from the
    one, the last ones up to the other. A month after months without prices has their return too.
    """

    table: pd.DataFrame
    since: pd.Timestamp
    until: pd.Timestamp


def month_calendar(prices: pd.Series, *, kind: ReturnKind) -> MonthCalendar:
    """Returns of ``kind`` from the last price of each month to that of the next, and of each year."""
    known = prices.dropna()
    months = _span_returns(known, "month", kind)
    table = pd.DataFrame(
        np.nan,
        index=pd.Index(range(known.index[0].year, known.index[-1].year + 1), name="year"),
        columns=[*MONTHS, "year"],
    )
    for end, value in zip(months["to"], months["return"], strict=True):
        table.loc[end.year, MONTHS[end.month - 1]] = value
    years = _span_returns(known, "year", kind)
    for end, value in zip(years["to"], years["return"], strict=True):
        table.loc[end.year, "year"] = value
    return MonthCalendar(table, pd.Timestamp(known.index[0]), pd.Timestamp(known.index[-1]))


def _span_returns(prices: pd.Series, span: Span, kind: ReturnKind) -> pd.DataFrame:
    """``return``, ``from`` and ``to`` of each calendar span with a price."""
    dates = pd.DatetimeIndex(prices.index)
    if span == "price":
        ends = np.arange(1, len(prices))
        starts = ends - 1
    else:
        periods = dates.to_period(_CODES[span])
        ends = np.flatnonzero(np.append(periods[1:] != periods[:-1], True))
        starts = np.append(0, ends[:-1])
    values = prices.to_numpy(dtype=np.float64)
    moved = change(values[starts], values[ends], kind)
    return pd.DataFrame({"return": moved, "from": dates[starts], "to": dates[ends]})


def best_and_worst(
    prices: pd.DataFrame, *, kind: ReturnKind, span: Span = "price", most: int = 5
) -> pd.DataFrame:
    """The ``most`` best and worst spans of each asset: ``asset``, ``rank`` (1 the best, -1 the worst),
    ``return``, ``from``, ``to``; best first. With few spans none is listed twice."""
    rows = []
    for name, column in prices.items():
        known = column.dropna()
        if len(known) < 2:
            continue
        found = _span_returns(known, span, kind).sort_values("return", ascending=False, kind="stable")
        half = len(found) // 2
        best, worst = found.head(min(most, len(found) - half)), found.tail(min(most, half))
        ranks = [*range(1, len(best) + 1), *range(-len(worst), 0)]
        rows.append(pd.concat([best, worst]).assign(asset=str(name), rank=ranks))
    columns = ["asset", "rank", "return", "from", "to"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else pd.DataFrame(columns=columns)


def rolling_correlation(
    prices: pd.DataFrame, returns: pd.DataFrame, *, benchmark: str, window: int, kind: ReturnKind
) -> pd.DataFrame:
    """Pearson correlation of each other asset with ``benchmark`` over the last ``window`` common returns;
    rows by date, missing where one of the two stood still."""
    found = {}
    for name in prices.columns:
        if name != benchmark:
            pair = paired_returns(prices[[name, benchmark]], returns, kind=kind)
            with np.errstate(invalid="ignore", divide="ignore"):
                found[str(name)] = pair[name].rolling(window).corr(pair[benchmark]).clip(-1, 1)
    return pd.DataFrame(found).sort_index()


def spans_of(frequency: Frequency) -> tuple[Span, ...]:
    """Which spans say something at a frequency: no longer one than a price stands for."""
    longer: tuple[Span, ...] = ("month", "year") if frequency.per_year > 12 else ("year",)
    return ("price", *longer) if frequency.per_year > 1 else ("price",)
