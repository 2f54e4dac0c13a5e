"""How often prices come: the frequency, the factor that annualizes it, and what counts as a gap."""

from dataclasses import dataclass

import numpy as np
import pandas as pd


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


# Markets were closed for seven days in September 2001; weekends and holidays together reach five.
_TRADING_DAYS = Frequency("daily", "day", 252, 7, "252 trading days a year, as weekends are left out")
_CALENDAR_DAYS = Frequency("daily", "day", 365, 1.5, "365 days a year, as weekends are included")
_LONGER = (
    (5.5, 8.5, Frequency("weekly", "week", 52, 10.5, "52 weeks a year")),
    (27, 32, Frequency("monthly", "month", 12, 45, "12 months a year")),
    (88, 93, Frequency("quarterly", "quarter", 4, 135, "4 quarters a year")),
    (360, 370, Frequency("yearly", "year", 1, 550, "one price a year")),
)


def frequency_of(dates: pd.DatetimeIndex) -> Frequency:
    """Frequency of ascending dates, from the median step between them."""
    steps = np.diff(dates.to_numpy()) / np.timedelta64(1, "D")
    median = float(np.median(steps))
    if 0.9 <= median <= 3.5:
        weekend = float(np.mean(dates.dayofweek >= 5))
        return _CALENDAR_DAYS if weekend > 0.2 else _TRADING_DAYS
    for low, high, frequency in _LONGER:
        if low <= median <= high:
            return frequency
    per_year = (len(dates) - 1) / max(float(steps.sum()) / 365.25, 1e-9)
    why = f"{per_year:,.1f} prices a year, counted, as the dates follow no usual calendar"
    return Frequency("irregular", "period", per_year, 5 * median, why)


def gaps(dates: pd.DatetimeIndex, frequency: Frequency) -> pd.DataFrame:
    """Steps longer than the frequency allows: ``after``, ``before`` (dates), ``days``; longest first."""
    days = np.diff(dates.to_numpy()) / np.timedelta64(1, "D")
    long = np.flatnonzero(days > frequency.gap_days)
    found = pd.DataFrame({"after": dates[long], "before": dates[long + 1], "days": days[long]})
    return found.sort_values("days", ascending=False, ignore_index=True)
