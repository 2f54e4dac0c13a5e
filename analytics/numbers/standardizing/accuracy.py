"""How many digits a column's scores can carry, and the check against NIST's certified values.

Data and certified values: NIST Statistical Reference Datasets, univariate summary statistics
(public domain). NumAcc1 to NumAcc4 are generated from their definitions (Simon and Lesage 1989).
"""

import math
from dataclasses import dataclass
from importlib import resources

import numpy as np

from analytics.numbers.basics.parameters import ColumnFit
from analytics.numbers.basics.statistics import Floats, split_finite
from analytics.words import number_text

_DOUBLE_DIGITS = -math.log10(np.finfo(np.float64).eps / 2)  # 15.95
_MEASURED = ("Lew", "Lottery", "Mavro", "Michelso")


def condition(fit: ColumnFit) -> float | None:
    """|mean| / sd: by how much an error in the values is magnified in their spread."""
    if not fit.usable or not fit.sd or fit.mean is None:
        return None
    return abs(fit.mean) / fit.sd


def digits_left(fit: ColumnFit) -> float | None:
    """Significant digits a score of this column carries: 15.95 less log10 of the condition."""
    ratio = condition(fit)
    return None if ratio is None else max(0.0, _DOUBLE_DIGITS - math.log10(max(ratio, 1.0)))


def accuracy_note(fit: ColumnFit) -> str:
    """The digits in a sentence, empty where there is no spread to speak of."""
    ratio, digits = condition(fit), digits_left(fit)
    if ratio is None or digits is None:
        return ""
    if ratio < 1_000:
        return f"full accuracy: {digits:.1f} of 16 digits"
    return f"the mean is {number_text(ratio)} times the spread: {digits:.1f} of 16 digits are left"


@dataclass(frozen=True)
class CertifiedResult:
    """One data set: certified and computed figures with their log relative errors (correct digits)."""

    name: str
    n: int
    certified_mean: float
    mean: float
    mean_digits: float
    certified_sd: float
    sd: float
    sd_digits: float


def log_relative_error(computed: float, certified: float) -> float:
    """Correct digits: ``-log10(|computed - certified| / |certified|)``, at most 15.95."""
    error = abs(computed - certified) / abs(certified)
    return _DOUBLE_DIGITS if error == 0 else min(_DOUBLE_DIGITS, -math.log10(error))


def self_test() -> tuple[CertifiedResult, ...]:
    """Mean and standard deviation (n - 1) of the eight NIST sets against the certified values."""
    return tuple(_compare(*one) for one in certified_sets())


def certified_sets() -> list[tuple[str, Floats, float, float]]:
    """Name, values, certified mean and certified standard deviation (n - 1) of each."""
    return [(name, *_read_certified(name)) for name in _MEASURED] + _generated()


def _compare(name: str, values: Floats, certified_mean: float, certified_sd: float) -> CertifiedResult:
    mean, sd = split_finite(values).mean_and_sd(ddof=1)  # as the Standardizer measures
    return CertifiedResult(
        name=name,
        n=values.size,
        certified_mean=certified_mean,
        mean=mean,
        mean_digits=log_relative_error(mean, certified_mean),
        certified_sd=certified_sd,
        sd=sd,
        sd_digits=log_relative_error(sd, certified_sd),
    )


def _read_certified(name: str) -> tuple[Floats, float, float]:
    """Values, certified mean and certified sd of a NIST file as it is published."""
    text = resources.files("analytics.numbers").joinpath("nist", f"{name}.dat").read_text("ascii")
    head, _, body = text.partition("Data: Y")
    figures = {line.split(":")[0].strip(): line.split(":")[1] for line in head.splitlines() if ":" in line}
    values = np.array(body.split("-\n", 1)[1].split(), dtype=np.float64)
    mean = figures["Sample Mean                                ybar"]
    sd = figures["Sample Standard Deviation (denom. = n-1)      s"]
    return values, float(mean.split()[0]), float(sd.split()[0])


def _generated() -> list[tuple[str, Floats, float, float]]:
    """NumAcc1 to NumAcc4: a first value, then pairs either side of the mean."""
    return [
        ("NumAcc1", np.array([10000001.0, 10000003.0, 10000002.0]), 10000002.0, 1.0),
        ("NumAcc2", _alternating("1.2", "1.1", "1.3"), 1.2, 0.1),
        ("NumAcc3", _alternating("1000000.2", "1000000.1", "1000000.3"), 1000000.2, 0.1),
        ("NumAcc4", _alternating("10000000.2", "10000000.1", "10000000.3"), 10000000.2, 0.1),
    ]


def _alternating(first: str, low: str, high: str) -> Floats:
    return np.array([first, *[low, high] * 500], dtype=np.float64)
