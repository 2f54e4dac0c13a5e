"""What two columns look like against each other: a straight fit, a middle for each group, counts."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from analytics.numbers.basics.statistics import Floats
from analytics.numbers.relations.against import groups_of
from analytics.numbers.relations.columns import Levels
from analytics.numbers.relations.intervals import CONFIDENCE

_GRID = 60


@dataclass(frozen=True)
class Fit:
    """A straight line by least squares: ``middle`` (g,) at the places ``x`` (g,), and the ends of the 95 %
    band of the mean there; ``slope`` is per unit of x, with its interval."""

    x: Floats
    middle: Floats
    low: Floats
    high: Floats
    slope: float
    slope_low: float
    slope_high: float


@dataclass(frozen=True)
class Box:
    """One level: its rows, quartiles, and the outermost values within 1.5 interquartile ranges of them."""

    name: str
    n: int
    quartiles: tuple[float, float, float]
    whiskers: tuple[float, float]
    mean: float


def straight_fit(x: Floats, y: Floats) -> Fit | None:
    """The line through points (n,), NaN where missing; ``None`` with fewer than three or no spread of x."""
    known = ~np.isnan(x) & ~np.isnan(y)
    x, y = x[known], y[known]
    n = len(x)
    if n < 3 or not np.ptp(x / 2) > 0:
        return None
    unit, size = (float(2.0 ** np.frexp(np.abs(side).max())[1]) for side in (x, y))
    x, y = x / unit, y / size  # so that no square leaves the range of float64
    centre, dx = float(x.mean()), x - x.mean()
    squares = float(dx @ dx)
    slope = float(dx @ (y - y.mean())) / squares
    residual = y - y.mean() - slope * dx
    error = float(np.sqrt(residual @ residual / (n - 2)))
    grid = np.linspace(x.min(), x.max(), _GRID)
    quantile = float(stats.t.ppf(0.5 + CONFIDENCE / 2, n - 2))
    half = quantile * error * np.sqrt(1 / n + np.square(grid - centre) / squares)
    middle = y.mean() + slope * (grid - centre)
    reach = quantile * error / float(np.sqrt(squares))
    ends = (middle * size, (middle - half) * size, (middle + half) * size)
    slopes = (one * (size / unit) for one in (slope, slope - reach, slope + reach))
    return Fit(grid * unit, *ends, *slopes)


def group_middles(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Medians of x and y (k,) in groups of about equally many values of x: a curve shows in them."""
    codes = groups_of(np.where(np.isnan(y), np.nan, x))
    found = [codes == code for code in range(int(codes.max(initial=-1)) + 1)]
    middles = np.array([(np.median(x[rows]), np.median(y[rows])) for rows in found]).reshape(-1, 2)
    return middles[:, 0], middles[:, 1]


def boxes(values: Floats, levels: Levels) -> list[Box]:
    """A box for each level that has values, the commonest level first."""
    made = []
    for code, name in enumerate(levels.names):
        part = values[(levels.codes == code) & ~np.isnan(values)]
        if not len(part):
            continue
        first, middle, third = (float(one) for one in np.quantile(part, (0.25, 0.5, 0.75)))
        reach = 1.5 * (third - first)
        inside = part[(part >= first - reach) & (part <= third + reach)]
        ends = (float(inside.min()), float(inside.max())) if len(inside) else (first, third)
        made.append(Box(name, len(part), (first, middle, third), ends, float(part.mean())))
    return made


def counts_by_level(first: Levels, second: Levels) -> np.ndarray:
    """Counts (r, c) of all levels of two categories."""
    both = (first.codes >= 0) & (second.codes >= 0)
    shape = len(first.names), len(second.names)
    places = first.codes[both] * shape[1] + second.codes[both]
    return np.bincount(places, minlength=shape[0] * shape[1]).reshape(shape)
