"""The seven ways to put a column on a standard scale, as one table of small functions.

``fit`` takes finite values of shape (n,), n >= 1, not constant; ``forward`` and ``inverse`` take
any float64 values, missing and infinite ones included, and write into ``out``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from analytics.numbers.basics.parameters import Shape, StandardizeError
from analytics.numbers.basics.statistics import (
    BY_IQR,
    CHUNK,
    Floats,
    mean_deviation,
    median_of,
    quartiles,
    robust_sd,
)
from analytics.numbers.standardizing.gaussian_ranks import fit_ranks, rank_forward, rank_inverse
from analytics.numbers.standardizing.power import fit_yeo_johnson, power_forward, power_inverse

NO_MAD = "more than half of the values are equal (MAD 0): scale is 1.2533 x mean absolute deviation"
NO_IQR = "the middle half of the values is equal (IQR 0): scale is 1.6907 x mean absolute deviation"


@dataclass(frozen=True)
class MeanAndSd:
    """Mean and standard deviation of the values to fit, with the ``ddof`` of the sd."""

    mean: float
    sd: float
    ddof: int


@dataclass(frozen=True)
class Method:
    """One method: how it is fitted and applied, and how it is told.

    ``center_name`` and ``scale_name`` say in words what is subtracted and divided by.
    """

    name: str
    title: str
    formula: str
    center_name: str
    scale_name: str
    advice: str
    fit: Callable[[Floats, MeanAndSd], Shape]
    forward: Callable[[Floats, Shape, Floats], None]
    inverse: Callable[[Floats, Shape, Floats], None]
    by_mean_and_sd: bool = False
    """Whether ``fit`` looks at mean and sd only, so that the values need not be put together for it."""


def _linear_forward(values: Floats, shape: Shape, out: Floats) -> None:
    """``(values - center) / scale``, in blocks, so that both steps touch the cache only."""
    center, scale = shape.line
    with np.errstate(over="ignore"):  # a score beyond float64 is infinite
        for start in range(0, values.size, CHUNK):
            block = out[start : start + CHUNK]
            np.subtract(values[start : start + CHUNK], center, out=block)
            np.divide(block, scale, out=block)


def _linear_inverse(values: Floats, shape: Shape, out: Floats) -> None:
    """``values * scale + center``."""
    center, scale = shape.line
    with np.errstate(over="ignore"):  # a value beyond float64 is infinite
        for start in range(0, values.size, CHUNK):
            block = out[start : start + CHUNK]
            np.multiply(values[start : start + CHUNK], scale, out=block)
            np.add(block, center, out=block)


def _fit_zscore(_values: Floats, known: MeanAndSd) -> Shape:
    """Mean and standard deviation."""
    return Shape(known.mean, known.sd)


def _fit_robust(values: Floats, _known: MeanAndSd) -> Shape:
    """Median and 1.4826 x MAD; the mean absolute deviation where the MAD is 0."""
    median = median_of(values)
    scale, fell_back = robust_sd(values, median=median)
    return Shape(median, scale, note=NO_MAD if fell_back else "")


def _fit_iqr(values: Floats, _known: MeanAndSd) -> Shape:
    """Median and interquartile range; its normal equivalent from the mean deviation where it is 0."""
    low, median, high = quartiles(values)
    scale, fell_back = BY_IQR.of(high - low, median, lambda: mean_deviation(values, center=median))
    return Shape(median, float(scale), note=NO_IQR if fell_back else "")


def _fit_minmax(values: Floats, _known: MeanAndSd) -> Shape:
    """Minimum and range."""
    low, high = float(np.min(values)), float(np.max(values))
    return Shape(low, high - low)


def _fit_maxabs(values: Floats, _known: MeanAndSd) -> Shape:
    """Zero and the largest magnitude."""
    return Shape(0.0, float(np.max(np.abs(values))))


def _yeo_johnson(values: Floats, known: MeanAndSd) -> Shape:
    return fit_yeo_johnson(values, ddof=known.ddof)


def _ranks(values: Floats, _known: MeanAndSd) -> Shape:
    return fit_ranks(values)


METHODS: Mapping[str, Method] = {
    method.name: method
    for method in (
        Method(
            "zscore",
            "z-score",
            r"z = \frac{x - \bar{x}}{s}",
            "mean",
            "standard deviation",
            "Distance from the mean in standard deviations; the usual choice without extreme outliers.",
            _fit_zscore,
            _linear_forward,
            _linear_inverse,
            by_mean_and_sd=True,
        ),
        Method(
            "robust",
            "robust z-score",
            r"z = \frac{x - \mathrm{median}}{1.4826\,\mathrm{MAD}}",
            "median",
            "1.4826 x median absolute deviation",
            "Distance from the median in robust standard deviations; outliers hardly move it.",
            _fit_robust,
            _linear_forward,
            _linear_inverse,
        ),
        Method(
            "iqr",
            "interquartile range",
            r"z = \frac{x - \mathrm{median}}{Q_3 - Q_1}",
            "median",
            "interquartile range",
            "Distance from the median; the middle half of the values spans one unit.",
            _fit_iqr,
            _linear_forward,
            _linear_inverse,
        ),
        Method(
            "minmax",
            "0 to 1",
            r"z = \frac{x - \min x}{\max x - \min x}",
            "minimum",
            "range",
            "Smallest is 0 and largest is 1; one extreme value squeezes all others.",
            _fit_minmax,
            _linear_forward,
            _linear_inverse,
        ),
        Method(
            "maxabs",
            "-1 to 1",
            r"z = \frac{x}{\max |x|}",
            "zero",
            "largest magnitude",
            "Keeps zero at zero and the sign.",
            _fit_maxabs,
            _linear_forward,
            _linear_inverse,
        ),
        Method(
            "rank_gauss",
            "ranks made normal",
            r"z = \Phi^{-1}\!\left(\frac{r - 3/8}{n + 1/4}\right)",
            "rank",
            "rank",
            "Only the order counts: the scores follow a normal curve whatever the shape was.",
            _ranks,
            rank_forward,
            rank_inverse,
        ),
        Method(
            "yeo_johnson",
            "Yeo-Johnson power",
            r"z = \frac{\psi_\lambda(x) - \overline{\psi}}{s_\psi},\quad "
            r"\psi_\lambda(x) = \frac{(x + 1)^\lambda - 1}{\lambda}\ (x \ge 0)",
            "mean after the power",
            "standard deviation after the power",
            "Bends a skewed column towards a normal curve with one fitted exponent.",
            _yeo_johnson,
            power_forward,
            power_inverse,
        ),
    )
}


def method_named(name: str) -> Method:
    """Look a method up. Raises StandardizeError that lists the methods there are."""
    if not isinstance(name, str) or name not in METHODS:
        raise StandardizeError(f"There is no method {name!r}: choose one of {', '.join(METHODS)}.")
    return METHODS[name]
