"""How often prices come: the frequency, the factor that annualizes it, and what counts as a gap."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.words import count, number_text

_DAY = 86_400  # seconds
_YEAR = 365.25  # days


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
        if moment != moment.normalize():
            return f"{moment:%Y-%m-%d %H:%M:%S}" if moment.second else f"{moment:%Y-%m-%d %H:%M}"
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


# A weekday (nearly) without prices among so many dates is one without trade and not a row of holes. In
# shorter tables one without any is, if holes as rare as on the other weekdays would seldom leave it empty.
_DATES_TO_TELL = 8
_NEVER = 0.05
_BY_CHANCE = 1e-3
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
    holes = _holes_by_weekday(filled, inside, weekday)
    for day in range(7):
        there = inside & (weekday == day)
        many = there.sum() >= _DATES_TO_TELL and filled[there].mean() < _NEVER
        own[weekday == day] = not (many or (not filled[there].any() and holes ** there.sum() < _BY_CHANCE))
    kept = own & inside
    return filled if kept.sum() >= _DATES_TO_TELL and filled[kept].mean() < _SLOWER else own | filled


def _holes_by_weekday(
    filled: NDArray[np.bool_], inside: NDArray[np.bool_], weekday: NDArray[np.intp]
) -> float:
    """The share of dates without a price on weekdays that have any, with one more hole than was seen."""
    open_days = np.unique(weekday[filled])
    dates = inside & np.isin(weekday, open_days)
    return float((np.sum(dates & ~filled) + 1) / (dates.sum() + 1))


# A year has 252 to 262 weekdays, and 252 less 5 % still are 239; with fewer than this share of the usual
# number the rhythm has changed within the series, or many days are left out. 60 steps are 12 weeks of days.
_USUAL, _STEPS_TO_COUNT = 0.93, 60
_HOLES = 0.005
"""The longest steps, one at least, are holes and no change of rhythm."""


def frequency_of(dates: pd.DatetimeIndex) -> Frequency:
    """Frequency of ascending dates, from the median step between them; counted where they follow no usual
    calendar all the time."""
    return _frequency(dates, _days_between(dates))


def _days_between(dates: pd.DatetimeIndex) -> NDArray[np.float64]:
    return np.asarray(np.diff(dates.to_numpy()) / np.timedelta64(1, "D"), dtype=np.float64)


def _frequency(dates: pd.DatetimeIndex, spans: NDArray[np.float64]) -> Frequency:
    """``spans`` are the days that returns run over: a missing price ends one, a date left out does not."""
    steps = _days_between(dates)
    median = float(np.median(steps))
    usual = _usual(dates, median)
    if usual is not None and not _thinner(spans, usual):
        return usual
    counted = steps if usual is None else spans
    per_year = len(counted) / max(float(counted.sum()) / 365.25, 1e-9)
    if usual is None:
        why = f"{per_year:,.1f} prices a year, counted, as the dates follow no usual calendar"
        return Frequency("irregular", _period(median), per_year, 5 * median, why)
    why = f"{per_year:,.1f} prices a year, counted, as they are not {usual.name} all the time"
    gap_days = max(usual.gap_days, float(np.quantile(spans, 0.95)))
    return replace(usual, per_year=per_year, gap_days=gap_days, why=why)


def _usual(dates: pd.DatetimeIndex, median: float) -> Frequency | None:
    """The calendar with this median step, if there is one."""
    # Every second day, or Mondays, Wednesdays and Fridays, is no daily calendar: those prices are counted.
    if 0.9 <= median <= 1.5:
        days = _weekdays(dates)
        if days != 6:
            return _TRADING_DAYS if days <= 5 else _CALENDAR_DAYS
    return next((frequency for low, high, frequency in _LONGER if low <= median <= high), None)


def _thinner(spans: NDArray[np.float64], usual: Frequency) -> bool:
    """Whether prices come clearly more rarely than usual, a few holes aside."""
    if len(spans) < _STEPS_TO_COUNT:
        return False
    kept = np.sort(spans)[: -max(1, int(_HOLES * len(spans)))]
    return 365.25 * len(kept) / float(kept.sum()) < _USUAL * usual.per_year


def _period(days: float) -> str:
    """What one step is called: hour and minute have a word, other steps have none."""
    seconds = round(days * _DAY)
    return {3600: "hour", 60: "minute", 1: "second"}.get(seconds, "period")


def duration(days: float) -> str:
    """A length of time in the largest unit that says it well: ``9 hours``, ``25 minutes``, ``3 days``."""
    years = days / _YEAR
    if years > 1.5 and abs(years - round(years)) < 0.01:  # dates a year apart: 1,826 days are five
        return count(round(years), "year")
    seconds = round(days * _DAY, 3)
    for size, name in ((_DAY, "day"), (3600, "hour"), (60, "minute")):
        amount = seconds / size
        # Two units, as 36 hours or 90 minutes, read better than 1.5 of the larger one.
        if amount >= 2 or amount == 1:
            rounded = round(amount, 1) if amount < 10 else round(amount)
            return count(int(rounded), name) if rounded == int(rounded) else f"{number_text(rounded)} {name}s"
    return "1 second" if seconds == 1 else f"{number_text(seconds)} seconds"


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
    filled = prices.notna().to_numpy()
    dates = pd.DatetimeIndex(prices.index)
    if filled.sum() < 3:
        return table
    own = own_calendar(prices)
    ends = filled[own][1:] & filled[own][:-1]
    return _frequency(dates[filled], _days_between(dates[own])[ends])


def gaps(dates: pd.DatetimeIndex, frequency: Frequency) -> pd.DataFrame:
    """Steps longer than the frequency allows: ``after``, ``before`` (dates), ``days``; longest first."""
    days = np.diff(dates.to_numpy()) / np.timedelta64(1, "D")
    long = np.flatnonzero(days > frequency.gap_days)
    found = pd.DataFrame({"after": dates[long], "before": dates[long + 1], "days": days[long]})
    return found.sort_values("days", ascending=False, ignore_index=True)
