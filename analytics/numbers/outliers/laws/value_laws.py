"""How the column-wise scores of the values of a clean normal sample are spread, in samples of every size.

Thompson's law of |z| is exact. Modified z and the fences measure by a spread that small samples estimate
badly; their laws were simulated (``python -m benchmarks.value_laws``) and stand in ``value_laws.npz``.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from scipy import special, stats

from analytics.numbers.outliers.methods import OUTLIER_METHODS

QUARTILE = 0.6744897501960817
"""Phi^-1(3/4)."""
EXACT_SIZES = 40
FURTHER_SIZES = (60, 80, 120, 180, 280, 440, 720, 1_200, 2_400, 5_000)
"""Between these, and 0 to 3 more, since quartiles and medians depend on n modulo 4, rates are interpolated;
beyond, what is left of the difference to the normal law fades as 1/n."""
FIRST_FAR = {"modified_zscore": 2 * QUARTILE, "iqr": 0.5}
"""From these scores on a value has no part in the median, the MAD or the quartiles it is measured by."""
REACH = np.geomspace(1, 2_000, 160)
"""Scores of the tail law, in units of the one it begins at."""
SHARES = np.linspace(0, 1, 201)


def value_rates(method: str, thresholds: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """The chance (t, s) that one value of a normal sample exceeds each threshold (t,), for every size (s,).

    ``method`` is zscore, modified_zscore or iqr; samples with fewer values than it needs are never judged.
    """
    if method == "zscore":
        return zscore_rates(thresholds[:, None], sizes)
    rates = np.zeros((len(thresholds), len(sizes)))
    for place, size in enumerate(sizes.tolist()):
        if size >= OUTLIER_METHODS[method].min_rows:
            rates[:, place] = _rates(method, thresholds, size)
    return rates


def zscore_rates(thresholds: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """P(|z| > threshold) for a value of a normal sample, z with the sample's own mean and SD (ddof 0).

    W. R. Thompson (1935): z sqrt((n - 2) / (n - 1 - z^2)) has Student's law with n - 2 degrees of freedom; no
    |z| can exceed sqrt(n - 1). The arguments broadcast against each other.
    """
    thresholds, sizes = np.broadcast_arrays(np.maximum(thresholds, 0.0), sizes)
    room = sizes - 1 - np.square(thresholds)
    possible = (room > 0) & (sizes >= 3)
    rates = np.zeros(sizes.shape)
    n, z = sizes[possible], thresholds[possible]
    rates[possible] = 2 * stats.t.sf(z * np.sqrt((n - 2) / room[possible]), n - 2)
    return rates


@dataclass(frozen=True)
class _ValueLaw:
    """The law at one size: ``near`` (k,) are the scores below which ``SHARES`` lie, ``log_rate`` (m,) is the
    logarithm of the share beyond ``far`` (m,)."""

    near: np.ndarray
    far: np.ndarray
    log_rate: np.ndarray

    def log_rates(self, thresholds: np.ndarray) -> np.ndarray:
        near = np.log(np.maximum(1 - np.interp(thresholds, self.near, SHARES), 1e-300))
        beyond = thresholds >= self.far[0]
        rates = np.maximum(near, self.log_rate[0])
        rates[beyond] = np.interp(np.log(thresholds[beyond]), np.log(self.far), self.log_rate)
        return rates


def _rates(method: str, thresholds: np.ndarray, size: int) -> np.ndarray:
    below, above, share = _neighbours(size)
    rates = _law(method, below).log_rates(thresholds)
    if share:
        upper = _law(method, above).log_rates(thresholds) if above else _normal_log_rates(method, thresholds)
        rates = (1 - share) * rates + share * upper
    return np.exp(rates)


def _neighbours(size: int) -> tuple[int, int | None, float]:
    """The simulated sizes below and above, None for infinite, and how far ``size`` is on the way, in 1/n."""
    if size <= EXACT_SIZES:
        return size, size, 0.0
    sizes = [other + (size - other) % 4 for other in (EXACT_SIZES - 3, *FURTHER_SIZES)]
    below = max(other for other in sizes if other <= size)
    above = min((other for other in sizes if other > size), default=None)
    return below, above, (1 / below - 1 / size) / (1 / below - (1 / above if above else 0.0))


def _normal_log_rates(method: str, thresholds: np.ndarray) -> np.ndarray:
    """The logarithm of the rates of a normal law whose median and quartiles are known."""
    bounds = thresholds if method == "modified_zscore" else QUARTILE * (1 + 2 * thresholds)
    return np.minimum(np.log(2) + special.log_ndtr(-bounds), 0.0)


@lru_cache(maxsize=512)
def _law(method: str, size: int) -> _ValueLaw:
    near, log_rate = _simulated()
    key = f"{method}_{size}"
    return _ValueLaw(near[key], FIRST_FAR[method] * REACH, log_rate[key])


@lru_cache(maxsize=1)
def _simulated() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    with resources.files("analytics.numbers.outliers.laws").joinpath("value_laws.npz").open("rb") as file:
        stored = np.load(file)
        names, tables = (
            stored["names"].tolist(),
            [stored[part].astype(float) for part in ("near", "log_rate")],
        )
    near, log_rate = (dict(zip(names, table, strict=True)) for table in tables)
    return near, log_rate
