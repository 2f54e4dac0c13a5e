"""Which method suits which column: told by its shape, its tails, its zeros and its bounds.

Shape and tails are ratios of L-moments, which a few far values move little: J. R. M. Hosking (1990),
L-moments: analysis and estimation of distributions using linear combinations of order statistics, JRSS B 52,
105-124. Their standard errors are those of normal samples there and in A. Harri and K. H. Coble (2011),
Normality testing: two new tests using L-moments, Journal of Applied Statistics 38, 1369-1379.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.numbers.basics.parallel import map_columns
from analytics.numbers.basics.parameters import Label
from analytics.numbers.basics.selection import choose_columns, float_values
from analytics.numbers.basics.statistics import Floats, is_constant, median_of, robust_sd, split_finite
from analytics.numbers.standardizing.power import fit_yeo_johnson, power_forward

_LOOKED_AT = 20_000  # values: the error of an L-skewness is then 0.003, and twenty columns take 0.1 s
_FEWEST = 20  # below it shapes are noise: their error is above 0.1
_SKEWED = 0.17  # L-skewness; a gamma law whose skewness is 1, which textbooks call strong, has 0.165
_STRAIGHT = 0.1  # what may be left after a power: a gamma law of skewness 0.6 has it
_NORMAL_TAILS = 0.1226
_HEAVY = 0.18  # L-kurtosis: 0.12 normal, 0.17 logistic, 0.24 Laplace, 0.26 Student t of 3
_FLAT = 0.06  # halfway from a normal law (0.12) to a uniform one (0)
_FAR = 8.0  # robust standard deviations: no sample of a normal law has one in 10^15 values
_FEW_VALUES = 8  # with fewer, as in marks and answers, a power or a rank only moves the same few steps
_MOSTLY = 0.5  # with as many zeros the median and the MAD are 0
_BOUNDS = ((0.0, 1.0), (0.0, 100.0), (-1.0, 1.0), (-100.0, 100.0))  # shares, percent, correlations
_NEAR = 0.02  # of the span: so close to both bounds a sample of a few dozen flat values comes


@dataclass(frozen=True)
class Advice:
    """The method that suits a column, and what in its values says so.

    ``leave_out`` is True where no method makes anything of it: the ``method`` then stands for scores of 0.
    ``skew`` and ``tails`` are L-skewness (0 where symmetric) and L-kurtosis (0.12 where normal), of all but
    the outermost hundredth at either end; None where there are too few values to tell.
    """

    column: Label
    method: str
    reason: str
    leave_out: bool = False
    skew: float | None = None
    tails: float | None = None


def advise_methods(
    frame: pd.DataFrame, *, columns: Label | Sequence[Label] | None = None
) -> tuple[Advice, ...]:
    """A method for each column of ``frame``, by default all numbers but booleans and identifiers.

    Of long columns 20,000 evenly spaced values are looked at. Raises what ``Standardizer`` raises.
    """
    chosen = choose_columns(frame, columns=columns)
    step = max(1, len(frame) // _LOOKED_AT)

    def advice(name: Label) -> Advice:
        return _advice(name, float_values(frame[name].iloc[::step], name))

    return tuple(map_columns(advice, chosen, cells=len(frame) // step * len(chosen)))


def advised_methods(
    frame: pd.DataFrame, *, columns: Label | Sequence[Label] | None = None
) -> dict[Label, str]:
    """What ``Standardizer(methods=...)`` takes, by the advice; columns that can be left out are z-scores."""
    return {one.column: one.method for one in advise_methods(frame, columns=columns)}


def _advice(name: Label, values: Floats) -> Advice:
    part = split_finite(values)
    if part.size == 0:
        return Advice(name, "zscore", "it has no values", leave_out=True)
    finite = np.sort(part.values)
    mean, sd = part.mean_and_sd()
    if is_constant(finite, mean=mean, sd=sd):
        return Advice(name, "zscore", "all values are equal", leave_out=True)
    found = _by_values(finite)
    return Advice(name, *found) if found else _by_shape(name, finite)


def _by_values(finite: Floats) -> tuple[str, str] | None:
    """Method and reason where which values there are decides; ``finite`` (n,) are sorted."""
    distinct = int(np.count_nonzero(np.diff(finite))) + 1
    zeros = float(np.mean(finite == 0))
    if distinct == 2:
        ends = f"{finite[0]:g} and {finite[-1]:g}"
        return "minmax", f"only two values, {ends}: as 0 and 1 they keep their meaning"
    if zeros > _MOSTLY:
        return "maxabs", f"{zeros:.0%} are 0: zero stays zero, and no middle is subtracted"
    if finite.size < _FEWEST:
        return "zscore", f"{finite.size} values are too few to tell a shape"
    if distinct < _FEW_VALUES and not _far(finite):
        return "zscore", f"only {distinct} different values: there is no curve to make even"
    return None


def _by_shape(name: Label, finite: Floats) -> Advice:
    """By skew, far values, tails and bounds, in this order; ``finite`` (n,) are sorted."""
    cut, n = max(1, finite.size // 100), finite.size
    middle = finite[cut:-cut]
    if middle[0] == middle[-1]:
        return Advice(name, "robust", "nearly all values are equal, and the others lie far out")
    skew, tails = l_ratios(middle)
    unsure_skew = 2 * float(np.sqrt(0.1866 / n + 0.8 / n**2))
    unsure_tails = 2 * float(np.sqrt(0.0883 / n + 0.68 / n**2))
    far, bounds = _far(finite), _bounds(finite)
    if abs(skew) > max(_SKEWED, unsure_skew):
        found = _against_skew(skew, _left_after_power(middle))
    elif far:
        found = "robust", f"{far:,} of {n:,} values lie far from all others: a median hardly moves with them"
    elif tails > max(_HEAVY, _NORMAL_TAILS + unsure_tails):
        found = "robust", "heavy tails on both sides: a median hardly moves with them"
    elif bounds and tails < _FLAT:
        found = "minmax", f"spread evenly between {bounds[0]:g} and {bounds[1]:g}, its bounds"
    else:
        found = "zscore", "fairly symmetric, without far values"
    return Advice(name, *found, skew=skew, tails=tails)


def _against_skew(skew: float, left: float) -> tuple[str, str]:
    """A power where it helps, as ``left`` is the skew after it; ranks elsewhere."""
    side = "to the right, towards large values" if skew > 0 else "to the left, towards small values"
    if abs(left) < _STRAIGHT:
        return "yeo_johnson", f"skewed {side}: a power makes it even"
    return "rank_gauss", f"skewed {side}, and no power makes it even: ranks do"


def l_ratios(values: Floats) -> tuple[float, float]:
    """L-skewness and L-kurtosis of sorted, finite values (n,) that are not all equal, n >= 4."""
    n = values.size
    scaled = (
        (values - values[0]) / (values[-1] - values[0]) if np.isfinite(values[-1] - values[0]) else values
    )
    place = np.arange(n, dtype=np.float64)
    weight = np.full(n, 1.0)
    b = [float(np.mean(scaled))]
    for k in range(1, 4):
        weight = weight * (place - (k - 1)) / (n - k)
        b.append(float(np.mean(weight * scaled)))
    second = 2 * b[1] - b[0]
    third = 6 * b[2] - 6 * b[1] + b[0]
    fourth = 20 * b[3] - 30 * b[2] + 12 * b[1] - b[0]
    return third / second, fourth / second


def _left_after_power(middle: Floats) -> float:
    """L-skewness after the power that Yeo-Johnson would take."""
    shape = fit_yeo_johnson(middle[:: max(1, middle.size // 2_000)], ddof=0)
    if not shape.scale:
        return 1.0
    bent = np.empty_like(middle)
    power_forward(middle, shape, bent)
    bent = bent[np.isfinite(bent)]
    return l_ratios(bent)[0] if bent.size > _FEWEST // 2 and bent[0] < bent[-1] else 1.0


def _far(finite: Floats) -> int:
    """How many values lie farther out than any of a normal law; 0 where few differ from the median."""
    centre = median_of(finite)
    spread, fell_back = robust_sd(finite, median=centre)
    if fell_back or not spread:
        return 0
    return int(np.count_nonzero(np.abs(finite - centre) > _FAR * spread))


def _bounds(finite: Floats) -> tuple[float, float] | None:
    """The usual bounds that the values fill; None where they come near none."""
    for low, high in _BOUNDS:
        near = _NEAR * (high - low)
        if low <= finite[0] <= low + near and high - near <= finite[-1] <= high:
            return low, high
    return None
