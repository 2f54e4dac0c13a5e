"""Value at risk and expected shortfall, as seen and by a normal law, each with an interval.

Losses of a market come in clusters, so that n returns say less than n independent ones. Historical intervals
therefore count fewer: n over the long-run variance of falls beyond the quantile. How often the intervals
hold is simulated by the tests.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from analytics.errors import ZetascopeError

_Floats = NDArray[np.float64]
FEWEST_TAIL = 10
"""Losses beyond the quantile without which nothing is said of their mean: the fewest (1 % of 1,000 returns)
with which intervals were simulated; they held for 91 to 93 % of independent series."""
_FEWEST = 10  # returns, as for all statistics of a series
_CONFIDENCE = 0.95
_BLOCKS = 8
"""Stretches: so few that each outlasts a month of memory where there are a year of days or more."""
_T_OF_BLOCKS = float((stats.t.ppf(0.975, _BLOCKS - 1) / stats.norm.ppf(0.975)) ** 2)


@dataclass(frozen=True)
class Estimate:
    """A loss with the ends of its 95 % interval; NaN where these data can't tell."""

    value: float
    low: float
    high: float


_UNKNOWN = Estimate(np.nan, np.nan, np.nan)


def tail_risk(returns: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """One row per asset and method (``historical``, ``normal``); losses are positive, per period.

    ``var``: the loss that a share 1 - ``level`` of periods exceeds; ``es``: the mean loss of those periods
    (Acerbi and Tasche 2002, the last one counted in part). Each with ``_low`` and ``_high``, a 95 % interval.
    ``tail``: how many independent losses beyond the quantile these data are worth.

    Historical value at risk is numpy's quantile with its interval from order statistics, and expected
    shortfall has one from its influence function on a logarithmic scale. Normal ones are mean - k SD, whose
    exact interval for independent normal returns comes from the noncentral t law (Owen 1968). An interval
    that would need losses beyond the worst one seen is left open (NaN).

    empyrical's ``conditional_value_at_risk`` averages the worst ``int((n - 1) * share) + 1`` returns, where
    this takes exactly n * share of them; the two agree as n grows.
    """
    if not 0.5 <= level < 1:
        raise ZetascopeError(f"A level of {level!r} is impossible: choose from 0.5 up to less than 1.")
    rows = []
    for name, column in returns.items():
        r = column.dropna().to_numpy(dtype=np.float64)
        enough = r.size >= _FEWEST and r.std() > 0
        tail = r.size * (1 - level) / _clustering(r, 1 - level) if enough else 0.0
        for method, estimate in (("historical", _historical), ("normal", _normal)):
            var, es = estimate(r, 1 - level) if enough else (_UNKNOWN, _UNKNOWN)
            rows.append(
                {"asset": str(name), "method": method}
                | {"var": var.value, "var_low": var.low, "var_high": var.high}
                | {"es": es.value, "es_low": es.low, "es_high": es.high, "returns": r.size, "tail": tail}
            )
    return pd.DataFrame(rows)


def _historical(r: _Floats, share: float) -> tuple[Estimate, Estimate]:
    ordered = np.sort(r)
    clustering = _clustering(r, share)
    quantile = float(np.quantile(r, share))
    low, high = _order_limits(ordered, share, clustering)
    var = Estimate(-quantile, -high, -low)
    expected = _shortfall(ordered, share)
    low, high = _shortfall_limits(r, quantile, expected, share)
    # A calm or a wild stretch scales both losses: no limit is relatively nearer than that of the quantile.
    if quantile < 0 and not np.isnan(low):
        low, high = min(low, expected * var.low / var.value), max(high, expected * var.high / var.value)
    return var, Estimate(expected, low, high)


def _order_limits(ordered: _Floats, share: float, clustering: float) -> tuple[float, float]:
    """Returns between which the quantile lies: how many of the independent ones fall below it is binomial."""
    n = ordered.size
    worth = n / clustering
    outside = (1 - _CONFIDENCE) / 2
    fewest, most = (float(stats.binom.ppf(q, round(worth), share)) for q in (outside, 1 - outside))
    lowest, highest = int(np.floor(fewest * clustering)), int(np.ceil((most + 1) * clustering))
    return (
        float(ordered[lowest - 1]) if fewest >= 1 else np.nan,
        float(ordered[highest - 1]) if highest <= n else np.nan,
    )


def _shortfall(ordered: _Floats, share: float) -> float:
    """Mean loss of the worst n * share returns, the last one in part."""
    n_share = ordered.size * share
    whole = int(np.floor(n_share))
    rest = (n_share - whole) * ordered[min(whole, ordered.size - 1)]
    return -float(ordered[:whole].sum() + rest) / n_share


def _shortfall_limits(r: _Floats, quantile: float, expected: float, share: float) -> tuple[float, float]:
    if r.size * share < FEWEST_TAIL or expected <= 0:
        return np.nan, np.nan
    influence = np.maximum(quantile - r, 0) / share
    ratio = max(1.0, _long_run_ratio(influence), _clustering(r, share))
    error = float(np.sqrt(influence.var(ddof=1) * ratio / r.size))
    reach = float(stats.norm.ppf((1 + _CONFIDENCE) / 2)) * error / expected
    return expected * float(np.exp(-reach)), expected * float(np.exp(reach))


def _clustering(r: _Floats, share: float) -> float:
    """How many returns count as one independent one where falls beyond the quantile come together."""
    return max(1.0, _long_run_ratio((r < np.quantile(r, share)).astype(np.float64)))


def _long_run_ratio(values: _Floats) -> float:
    """Long-run variance over variance, from the means of ``_BLOCKS`` stretches in order of time.

    It holds what Student's t of so few means adds to a normal law (Ibragimov and Mueller 2010).
    """
    variance = float(values.var(ddof=1))
    size = values.size // _BLOCKS
    if variance == 0 or size < 2:
        return 1.0
    means = values[values.size - size * _BLOCKS :].reshape(_BLOCKS, size).mean(axis=1)
    return size * float(means.var(ddof=1)) / variance * _T_OF_BLOCKS


def _normal(r: _Floats, share: float) -> tuple[Estimate, Estimate]:
    z = float(stats.norm.ppf(share))
    return _mean_less_sds(r, -z), _mean_less_sds(r, float(stats.norm.pdf(z)) / share)


def _mean_less_sds(r: _Floats, k: float) -> Estimate:
    """-(mean - k SD): sqrt(n) (m - theta) / s follows the noncentral t law with noncentrality k sqrt(n)."""
    n = r.size
    mean, sd, root = float(r.mean()), float(r.std(ddof=1)), np.sqrt(n)
    low, high = (
        float(stats.nct.ppf(q, n - 1, k * root)) for q in ((1 - _CONFIDENCE) / 2, (1 + _CONFIDENCE) / 2)
    )
    return Estimate(k * sd - mean, low * sd / root - mean, high * sd / root - mean)
