"""The Yeo-Johnson power transform, kept invertible in double precision.

I.-K. Yeo and R. A. Johnson (2000), A new family of power transformations to improve normality or
symmetry, Biometrika 87, 954-959.
"""

import warnings

import numpy as np

from analytics.numbers.basics.parameters import Shape
from analytics.numbers.basics.statistics import Floats, mean_and_sd

_NEAR_ZERO = 1e-12
_MAX_LOSS = 200.0  # units of rounding an inverse may lose: 4e-14 of the column's magnitude


def yeo_johnson(x: Floats, exponent: float) -> Floats:
    """The transform psi of every value; NaN stays NaN."""
    y = np.empty_like(x)
    high = x >= 0
    low = ~high
    up, down = np.log1p(x[high]), np.log1p(-x[low])
    y[high] = up if abs(exponent) < _NEAR_ZERO else np.expm1(exponent * up) / exponent
    mirrored = 2.0 - exponent
    y[low] = -down if abs(mirrored) < _NEAR_ZERO else -np.expm1(mirrored * down) / mirrored
    return y


def _yeo_johnson_inverse(y: Floats, exponent: float) -> Floats:
    """The value each transformed value came from; beyond the transform's range, infinite."""
    x = np.empty_like(y)
    high = y >= 0
    low = ~high
    mirrored = 2.0 - exponent
    up, down = y[high], -y[low]
    if abs(exponent) >= _NEAR_ZERO:
        up = np.log1p(np.maximum(exponent * up, -1.0)) / exponent
    if abs(mirrored) >= _NEAR_ZERO:
        down = np.log1p(np.maximum(mirrored * down, -1.0)) / mirrored
    x[high], x[low] = np.expm1(up), -np.expm1(down)
    return x


def _rounding_loss(exponent: float, low: float, high: float) -> float:
    """How many units of rounding of the column's magnitude the inverse loses at either end.

    One unit of rounding of the largest |psi| moves x by ``|psi| / psi'(x)``.
    """
    ends = np.array([low, high])
    with np.errstate(over="ignore", invalid="ignore"):
        largest = float(np.max(np.abs(yeo_johnson(ends, exponent))))
        steepness = np.exp((exponent - 1.0) * np.sign(ends) * np.log1p(np.abs(ends)))
        loss = float(np.max(largest / (steepness * np.max(np.abs(ends)))))
    return loss if np.isfinite(loss) else np.inf


def _invertible(exponent: float, low: float, high: float) -> float:
    """The exponent nearest to ``exponent`` on the way to 1 (no transform) that can be inverted."""
    if _rounding_loss(exponent, low, high) <= _MAX_LOSS:
        return exponent
    good, bad = 1.0, exponent
    for _ in range(60):
        middle = (good + bad) / 2
        good, bad = (middle, bad) if _rounding_loss(middle, low, high) <= _MAX_LOSS else (good, middle)
    return good


def _likeliest_exponent(values: Floats) -> float:
    """The exponent of greatest normal likelihood; 1 where the search finds no bounds to look between."""
    from scipy.stats import yeojohnson_normmax

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            exponent = float(yeojohnson_normmax(values))
        except ValueError:  # values near the limits of float64
            return 1.0
    return exponent if np.isfinite(exponent) else 1.0


def fit_yeo_johnson(values: Floats, *, ddof: int) -> Shape:
    """The exponent of greatest normal likelihood, then mean and sd of the transformed values.

    Where that exponent would flatten the column so far that digits are lost for good, it is held
    at the nearest one that keeps them, and the note says so.
    """
    likeliest = _likeliest_exponent(values)
    exponent = _invertible(likeliest, float(np.min(values)), float(np.max(values)))
    held = f"lambda held at {exponent:.3g}, not {likeliest:.3g}, to keep every digit"
    mean, sd = mean_and_sd(yeo_johnson(values, exponent), ddof=ddof)
    return Shape(mean, sd, exponent=exponent, note="" if exponent == likeliest else held)


def _exponent(shape: Shape) -> float:
    return 1.0 if shape.exponent is None else shape.exponent


def power_forward(values: Floats, shape: Shape, out: Floats) -> None:
    """``(psi(values) - center) / scale``."""
    center, scale = shape.line
    with np.errstate(over="ignore", invalid="ignore"):
        out[...] = (yeo_johnson(values, _exponent(shape)) - center) / scale


def power_inverse(values: Floats, shape: Shape, out: Floats) -> None:
    """The inverse of ``power_forward``."""
    center, scale = shape.line
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        out[...] = _yeo_johnson_inverse(values * scale + center, _exponent(shape))
