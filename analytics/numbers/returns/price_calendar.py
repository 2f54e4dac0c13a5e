"""How often prices come: the frequency, the factor that annualizes it, and what counts as a gap."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True)
class Frequency:
    """``per_year`` periods make a year; a step of more than ``gap_days`` days is a gap.

    ``why`` is a sentence on where the factor comes from.
    """

    name: str
    period: str
    per_year: float
    gap_days: float
    why: str

    def date(self, moment: pd.Timestamp) -> str:
        """The date with the digits that matter at this frequency."""
        if self.name in ("monthly", "quarterly"):
            return f"{moment:%Y-%m}"
        return f"{moment:%Y}" if self.name == "yearly" else f"{moment:%Y-%m-%d}"


PerYear = float | Mapping[str, float]
"""Periods a year: one number, or of each asset by its name."""

# Markets were closed for seven days in September 2001; weekends and holidays together reach five.
_TRADING_DAYS = Frequency("daily", "day", 252, 7, "252 trading days a year, as weekends are left out")
_CALENDAR_DAYS = Frequency("daily", "day", 365, 1.5, "365 days a year, as weekends are included")
_LONGER = (
    (5.5, 8.5, Frequency("weekly", "week", 52, 10.5, "52 weeks a year")),
    (27, 32, Frequency("monthly", "month", 12, 45, "12 months a year")),
    (88, 93, Frequency("quarterly", "quarter", 4, 135, "4 quarters a year")),
    (360, 370, Frequency("yearly", "year", 1, 550, "one price a year")),
)


# A weekday without prices among so many dates is one without trade and not a row of holes.
_DATES_TO_TELL = 8
_NEVER = 0.05
# Below this share of the table's dates an asset has a slower calendar (weekly among daily: 0.2).
_SLOWER = 0.6


def own_calendar(prices: pd.Series) -> NDArray[np.bool_]:
    """Which dates (n,) of a table are on the asset's own calendar: all but weekdays on which it never has a
    price, and only those with a price where it comes more rarely than the table's dates."""
    filled = prices.notna().to_numpy()
    if filled.all() or not filled.any():
        return np.ones(len(prices), bool)
    first, last = np.flatnonzero(filled)[[0, -1]]
    weekday = pd.DatetimeIndex(prices.index).day_of_week.to_numpy()
    own = np.ones(len(prices), bool)
    inside = np.zeros(len(prices), bool)
    inside[first : last + 1] = True
    for day in range(7):
        there = inside & (weekday == day)
        if there.sum() >= _DATES_TO_TELL and filled[there].mean() < _NEVER:
            own[weekday == day] = False
    kept = own & inside
    return filled if kept.sum() >= _DATES_TO_TELL and filled[kept].mean() < _SLOWER else own | filled


def frequency_of(dates: pd.DatetimeIndex) -> Frequency:
    """Frequency of ascending dates, from the median step between them."""
    steps = np.diff(dates.to_numpy()) / np.timedelta64(1, "D")
    median = float(np.median(steps))
    # Every second day, or Mondays, Wednesdays and Fridays, is no daily calendar: those prices are counted.
    if 0.9 <= median <= 1.5:
        days = _weekdays(dates)
        if days != 6:
            return _TRADING_DAYS if days <= 5 else _CALENDAR_DAYS
    for low, high, frequency in _LONGER:
        if low <= median <= high:
            return frequency
    per_year = (len(dates) - 1) / max(float(steps.sum()) / 365.25, 1e-9)
    why = f"{per_year:,.1f} prices a year, counted, as the dates follow no usual calendar"
    return Frequency("irregular", "period", per_year, 5 * median, why)


def of_asset(per_year: PerYear, name: str) -> float:
    """The factor of one asset, where all share one or each has its own."""
    return per_year[name] if isinstance(per_year, Mapping) else per_year


def _weekdays(dates: pd.DatetimeIndex) -> int:
    """On how many weekdays there are prices, a rare session on a closed day aside: Saturdays and Sundays are
    closed in New York, Fridays and Saturdays in Tel Aviv."""
    shares = np.bincount(dates.day_of_week, minlength=7) / len(dates)
    return int((shares > 0.02).sum())


def frequencies_of(prices: pd.DataFrame) -> tuple[Frequency, dict[str, Frequency]]:
    """(the commonest frequency, that of each asset by its own dates); of equally common ones the first."""
    table = frequency_of(pd.DatetimeIndex(prices.index))
    own = {str(name): _own_frequency(prices.iloc[:, i], table) for i, name in enumerate(prices.columns)}
    names = Counter(frequency.name for frequency in own.values())
    return max(own.values(), key=lambda frequency: names[frequency.name], default=table), own


def _own_frequency(prices: pd.Series, table: Frequency) -> Frequency:
    dates = pd.DatetimeIndex(prices.dropna().index)
    return frequency_of(dates) if len(dates) >= 3 else table


def gaps(dates: pd.DatetimeIndex, frequency: Frequency) -> pd.DataFrame:
    """Steps longer than the frequency allows: ``after``, ``before`` (dates), ``days``; longest first."""
    days = np.diff(dates.to_numpy()) / np.timedelta64(1, "D")
    long = np.flatnonzero(days > frequency.gap_days)
    found = pd.DataFrame({"after": dates[long], "before": dates[long + 1], "days": days[long]})
    return found.sort_values("days", ascending=False, ignore_index=True)
