"""Spikes and level shifts of one column over time."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import ndimage

from analytics.errors import ZetascopeError
from analytics.numbers.basics.parameters import Label
from analytics.numbers.outliers.series.clock import Clocked, clocked, moment_words
from analytics.numbers.outliers.series.season import period_of, seasonal_part
from analytics.numbers.outliers.series.series_laws import (
    persistence,
    shift_scores,
    spike_scores,
    spread_of,
    thresholds,
)
from analytics.words import count, number_text

_WINDOW, _WIDEST = 11, 49
"""Values that tell a level, at least and at most: more would round off what lasts only days."""
_NOTABLE = 1.5  # standard deviations around the level; less is no shift that anybody would see
_WINDOWS = 6  # a level shift needs as many windows on the whole, so that most of the series tells its noise


@dataclass(frozen=True)
class TimeFinding:
    """One spike or shift: the row (position), what was expected there, and how far off, in robust SD."""

    kind: str
    row: int
    at: float
    value: float
    expected: float
    score: float
    sentence: str


@dataclass(frozen=True)
class TimeOutliers:
    """What stands out of a column over time.

    ``expected`` (m,) is season and level at each time of ``clock``; ``found`` are spikes and shifts in order
    of time; ``period`` the steps of the season, None without one. ``spike_from`` and ``shift_from`` are
    thresholds in robust standard deviations.
    """

    clock: Clocked = field(repr=False)
    expected: np.ndarray = field(repr=False)
    found: tuple[TimeFinding, ...]
    period: int | None
    spike_from: float
    shift_from: float
    notes: tuple[str, ...]

    @property
    def spikes(self) -> tuple[TimeFinding, ...]:
        """Single values, or a few, far from the level around them."""
        return tuple(one for one in self.found if one.kind == "spike")

    @property
    def shifts(self) -> tuple[TimeFinding, ...]:
        """Where the level changes and stays changed."""
        return tuple(one for one in self.found if one.kind == "level shift")

    def sentence(self) -> str:
        """The answer in one line."""
        spikes, shifts = count(len(self.spikes), "spike"), count(len(self.shifts), "level shift")
        if not self.found:
            return f"{self.clock.column} has neither spikes nor level shifts over {self.clock.time}."
        return f"{self.clock.column} has {spikes} and {shifts} over {self.clock.time}."

    def table(self, row_numbers: np.ndarray) -> pd.DataFrame:
        """One line per finding: when, kind, row, value, expected, score and the sentence."""
        return pd.DataFrame(
            [
                {
                    "when": moment_words(one.at) if self.clock.dates else number_text(one.at),
                    "what": one.kind,
                    "row": int(row_numbers[one.row]),
                    "value": one.value,
                    "expected": one.expected,
                    "robust_sd": one.score,
                    "why": one.sentence,
                }
                for one in self.found
            ],
            columns=["when", "what", "row", "value", "expected", "robust_sd", "why"],
        )


def find_in_time(
    frame: pd.DataFrame,
    column: Label,
    *,
    time: Label,
    period: int | None = None,
    spike_from: float | None = None,
) -> TimeOutliers:
    """Find spikes and level shifts of a number column in order of a column of times.

    The season is taken out by STL. A spike is far from the running median around it, a level shift a change
    of the median from the values before to those after. Both are measured in robust standard deviations of
    their own, and thresholds are such that about one clean series in twenty has one (see ``series_laws``).

    Args:
        frame: the table (n rows), in any order.
        column: the number column.
        time: dates, times or years.
        period: steps after which the season repeats; by default found, 1 for none.
        spike_from: robust standard deviations from which a value is a spike.

    Raises:
        ZetascopeError: for columns that don't fit, fewer than 12 different times, or too long a period.
    """
    clock = clocked(frame, column, time)
    even, places = _even(clock)
    season, period, notes = _season(clock, even, period)
    level_of = even - season
    window = _window(len(even), period)
    level = ndimage.median_filter(level_of, size=window, mode="nearest")
    scores = spike_scores((level_of - level)[places])
    usual = thresholds(len(even), period, window, persistence(level_of))
    spike_from = usual.spike if spike_from is None else float(spike_from)
    expected = (level + season)[places]
    found = [
        _spike(clock, int(place), float(expected[place]), float(scores[place]))
        for place in np.flatnonzero(scores > spike_from)
    ]
    if len(even) >= _WINDOWS * window:
        found += _shifts(clock, level_of, places, window, usual.shift)
    else:
        notes = (*notes, f"Level shifts are looked for from {_WINDOWS * window} values on.")
    found.sort(key=lambda one: one.at)
    return TimeOutliers(
        clock, expected, tuple(found), period, spike_from, usual.shift, (*clock.notes, *notes)
    )


def _even(clock: Clocked) -> tuple[np.ndarray, np.ndarray]:
    """The series without gaps, filled in straight lines (n,), and where each value stands in it (m,)."""
    if clock.places is None:
        return clock.values, np.arange(len(clock.values))
    grid = np.arange(int(clock.places[-1]) + 1)
    return np.interp(grid, clock.places, clock.values), clock.places


def _season(
    clock: Clocked, even: np.ndarray, period: int | None
) -> tuple[np.ndarray, int | None, tuple[str, ...]]:
    if period is not None and (period < 1 or period * 2 > len(even)):
        raise ZetascopeError(
            f"A period of {period} steps does not fit into {count(len(even), 'value')}: "
            f"give one from 2 to {len(even) // 2}, or 1 for none."
        )
    if period is None and clock.places is not None:
        period = period_of(even, clock.step_words)
    if period is None or period == 1:
        return np.zeros(len(even)), None, ()
    told = f"The season repeats after {period:,} steps of {clock.step_words}."
    season = seasonal_part(even, period)
    if clock.places is not None and len(clock.places) < len(even):
        # Straight lines have no season: those that fill gaps get it, or their ends would look like shifts.
        grid = np.arange(len(even))
        phase = grid % period
        usual = np.array([np.median(season[phase == own]) for own in range(period)])
        filled = np.interp(grid, clock.places, clock.values - usual[phase[clock.places]]) + usual[phase]
        even[:] = filled
        season = seasonal_part(even, period)
    return season, period, (told,)


def _window(values: int, period: int | None) -> int:
    """Odd, as long as a period where that is sensible, and no more than a sixth of the series."""
    wanted = min(max(period or 0, _WINDOW), _WIDEST, max(values // _WINDOWS, 5))
    return wanted | 1


def _spike(clock: Clocked, place: int, expected: float, score: float) -> TimeFinding:
    value = float(clock.values[place])
    side = "above" if value > expected else "below"
    sentence = (
        f"{_when(clock, place)}: {clock.column} {number_text(value)}, where about {number_text(expected)} "
        f"was expected ({score:.1f} robust SD {side})"
    )
    return TimeFinding(
        "spike", int(clock.rows[place]), float(clock.at[place]), value, expected, score, sentence
    )


def _shifts(
    clock: Clocked, level_of: np.ndarray, places: np.ndarray, window: int, shift_from: float
) -> list[TimeFinding]:
    """Where the median of a window of values differs most from that of the window before."""
    middles = ndimage.median_filter(level_of, size=window, mode="nearest")
    half = window // 2
    score = shift_scores(middles, window)
    least = _NOTABLE * spread_of(level_of - middles)
    found = []
    left = score.copy()
    while left.size and (best := int(np.argmax(left))) >= 0 and left[best] > shift_from:
        start = best + window
        left[max(0, best - window) : best + window + 1] = 0.0
        place = int(np.searchsorted(places, start))
        before, after = float(middles[start - half - 1]), float(middles[start + half])
        if abs(after - before) < least:
            continue
        sentence = (
            f"{_when(clock, place)}: the level of {clock.column} {'rises' if after > before else 'falls'} "
            f"from about {number_text(before)} to {number_text(after)} ({score[best]:.1f} usual changes)"
        )
        found.append(
            TimeFinding(
                "level shift",
                int(clock.rows[place]),
                float(clock.at[place]),
                float(clock.values[place]),
                before,
                float(score[best]),
                sentence,
            )
        )
    return found


def _when(clock: Clocked, place: int) -> str:
    at = float(clock.at[place])
    return moment_words(at) if clock.dates else f"{clock.time} {number_text(at)}"
