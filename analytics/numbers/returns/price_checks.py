"""Prices that cannot be meant: placeholder zeros, gaps, jumps like splits, spikes, runs that stand still."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.numbers.basics.statistics import NORMAL_MAD, median_deviation, median_of
from analytics.numbers.returns.price_calendar import Frequency, duration, gaps, own_calendar
from analytics.numbers.returns.price_tables import PriceTable
from analytics.words import count

Kind = Literal["zero", "negative", "missing", "gap", "split", "spike", "stale", "date"]

_SPLITS = (1.5, 2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 50, 100)
_SMALLEST_JUMP = float(np.log(1.4))
_STALE_RUN = 10


@dataclass(frozen=True)
class PriceFinding:
    """Something to look at before trusting returns: the asset (None: the whole table), where, a sentence."""

    kind: Kind
    asset: str | None
    dates: pd.DatetimeIndex
    message: str


def check_prices(table: PriceTable) -> tuple[PriceFinding, ...]:
    """Everything questionable in a price table, whole-table findings first; nothing is changed."""
    found = _check_dates(table)
    for name in table.prices.columns:
        series = table.prices[name]
        checks = (_zeros, _negatives, _holes, _jumps, _stale)
        found += [finding for check in checks for finding in check(series, table.frequencies[name])]
    return tuple(found)


def usable_prices(prices: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """(prices that returns can be taken of, names of the columns left out); zeros become missing.

    Left out are columns with negative values and those with fewer than three prices.
    """
    cleaned = prices.mask(prices == 0)
    usable = ~(cleaned < 0).any() & (cleaned.notna().sum() >= 3)
    return cleaned.loc[:, usable], tuple(map(str, prices.columns[~usable.to_numpy()]))


def repeated_words(table: PriceTable) -> str:
    """What is told of rows whose date comes again: they are not in the returns."""
    if not table.repeated:
        return ""
    repeat = "repeats" if table.repeated == 1 else "repeat"
    return f"{count(table.repeated, 'row')} {repeat} a date; the last row of each date counts."


def _check_dates(table: PriceTable) -> list[PriceFinding]:
    found = []
    nowhere = pd.DatetimeIndex([])
    if table.undated:
        one = table.undated == 1
        text = f"{count(table.undated, 'row')} {'has' if one else 'have'} no readable date and "
        text += "is left out." if one else "are left out."
        found.append(PriceFinding("date", None, nowhere, text))
    if table.repeated:
        found.append(PriceFinding("date", None, nowhere, repeated_words(table)))
    if not table.sorted_by_date and not table.prices.empty:
        found.append(PriceFinding("date", None, nowhere, "The rows were not in order of date; they are now."))
    holes = gaps(pd.DatetimeIndex(table.prices.index), table.frequency)
    if len(holes):
        longest, date = holes.iloc[0], table.frequency.date
        text = (
            f"{count(len(holes), 'gap')} of more than {duration(table.frequency.gap_days)} between dates, "
            f"the longest {duration(longest['days'])} from {date(longest['after'])} to "
            f"{date(longest['before'])}; the return across a gap covers all of it."
        )
        found.append(PriceFinding("gap", None, pd.DatetimeIndex(holes["before"]), text))
    return found


def _zeros(series: pd.Series, frequency: Frequency) -> list[PriceFinding]:
    zero = series == 0
    if not zero.any() or (series < 0).any():
        return []
    spans = _few([_span(run, frequency) for run in _runs(zero)])
    text = f"{int(zero.sum()):,} zeros in an otherwise positive series ({spans}): placeholders, it seems."
    return [PriceFinding("zero", str(series.name), pd.DatetimeIndex(series.index[zero]), text)]


def _negatives(series: pd.Series, frequency: Frequency) -> list[PriceFinding]:
    negative = series < 0
    if not negative.any():
        return []
    dates = pd.DatetimeIndex(series.index[negative])
    first = frequency.date(dates[0])
    text = f"{count(len(dates), 'negative value')}, the first on {first}: not prices, so it has no returns."
    return [PriceFinding("negative", str(series.name), dates, text)]


def _holes(series: pd.Series, frequency: Frequency) -> list[PriceFinding]:
    first, last = series.first_valid_index(), series.last_valid_index()
    if first is None:
        return [PriceFinding("missing", str(series.name), pd.DatetimeIndex([]), "No values at all.")]
    inside = series.loc[first:last]
    inside = inside[own_calendar(inside)]
    dates = pd.DatetimeIndex(inside.index[inside.isna()])
    if not len(dates):
        return []
    missing = count(len(dates), "value is", "values are")
    text = f"{missing} missing inside the series, the first on {frequency.date(dates[0])}."
    return [PriceFinding("missing", str(series.name), dates, text)]


def _jumps(series: pd.Series, frequency: Frequency) -> list[PriceFinding]:
    """Moves far outside the usual: back the next period (a spike), or close to the ratio of a split."""
    prices = series[series > 0]
    if len(prices) < _STALE_RUN:
        return []
    moves = np.diff(np.log(prices.to_numpy()), prepend=np.nan)
    known = moves[~np.isnan(moves)]
    scale = NORMAL_MAD * median_deviation(known, median=median_of(known))
    large = np.abs(moves) > max(_SMALLEST_JUMP, 6 * scale)
    spikes = large & (np.abs(moves + np.append(moves[1:], np.nan)) < 0.25 * np.abs(moves))
    after_spike = np.append(False, spikes[:-1])
    tolerance = float(np.clip(3 * scale, 0.03, 0.14))
    ratios = {
        int(i): _split_ratio(moves[i], tolerance) for i in np.flatnonzero(large & ~spikes & ~after_spike)
    }
    return [
        *_spikes(series, prices, np.flatnonzero(spikes), frequency),
        *_splits(series, prices, {i: ratio for i, ratio in ratios.items() if ratio}, frequency),
    ]


def nearest_split(move: float) -> float:
    """New shares for an old one of the usual split nearest to a log move."""
    factor = min(_SPLITS, key=lambda factor: abs(abs(move) - np.log(factor)))
    return float(factor if move < 0 else 1 / factor)


def _split_ratio(move: float, tolerance: float) -> str:
    """``1/2`` or ``2 times`` where a log move is about that of a split or reverse split, else nothing."""
    nearest = min(_SPLITS, key=lambda factor: abs(abs(move) - np.log(factor)))
    if abs(abs(move) - np.log(nearest)) > tolerance or (move > 0 and nearest == 1.5):
        return ""
    if move > 0:
        return f"{nearest:g} times"
    return "2/3" if nearest == 1.5 else f"1/{nearest:g}"


def _spikes(
    series: pd.Series, prices: pd.Series, places: NDArray[np.int64], frequency: Frequency
) -> list[PriceFinding]:
    if not places.size:
        return []
    text = (
        f"{_few([_move(prices, int(i), frequency) for i in places])}, and back one {frequency.period} later, "
        "as a mistyped value would be."
    )
    return [PriceFinding("spike", str(series.name), pd.DatetimeIndex(prices.index[places]), text)]


def _splits(
    series: pd.Series, prices: pd.Series, ratios: dict[int, str], frequency: Frequency
) -> list[PriceFinding]:
    if not ratios:
        return []
    moves = _few([f"{_move(prices, i, frequency)} (about {ratio})" for i, ratio in ratios.items()])
    text = f"{moves}: looks like a split in unadjusted prices; a real move of that size looks the same."
    return [PriceFinding("split", str(series.name), pd.DatetimeIndex(prices.index[list(ratios)]), text)]


def _move(prices: pd.Series, place: int, frequency: Frequency) -> str:
    before, there = prices.iloc[place - 1], prices.iloc[place]
    return f"{before:g} to {there:g} on {frequency.date(pd.DatetimeIndex(prices.index)[place])}"


def _few(parts: list[str], limit: int = 3) -> str:
    shown = ", ".join(parts[:limit])
    return f"{shown} and {len(parts) - limit:,} more" if len(parts) > limit else shown


def _stale(series: pd.Series, frequency: Frequency) -> list[PriceFinding]:
    runs = still_runs(series)
    if not runs:
        return []
    longest = max(runs, key=len)
    text = (
        f"{count(len(runs), 'time')} it stands still for {_STALE_RUN} {frequency.period}s or more, "
        f"at most {_span(longest, frequency)}: carried forward or interpolated, it seems."
    )
    return [PriceFinding("stale", str(series.name), longest, text)]


def still_runs(series: pd.Series) -> list[pd.DatetimeIndex]:
    """Dates of each long run of prices that are the one before."""
    prices = series[series > 0].dropna()
    return [run for run in _runs(prices.diff() == 0) if len(run) >= _STALE_RUN - 1]


def _runs(flags: pd.Series) -> list[pd.DatetimeIndex]:
    """Dates of each unbroken run of True."""
    number = (flags != flags.shift()).cumsum()[flags]
    return [pd.DatetimeIndex(run.index) for _, run in number.groupby(number)]


def _span(run: pd.DatetimeIndex, frequency: Frequency) -> str:
    first, last = frequency.date(run[0]), frequency.date(run[-1])
    return f"{len(run):,} from {first} to {last}" if len(run) > 1 else f"1 on {first}"
