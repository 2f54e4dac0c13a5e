"""Nominal against realised for the Returns page: far scores, bands and intervals of independent returns."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.numbers.returns.comparison import tail_counts
from analytics.numbers.returns.performance import benchmark_table
from analytics.numbers.returns.returns import standardize_returns
from analytics.numbers.returns.study import Scale
from analytics.numbers.returns.tail_risk import tail_risk
from benchmarks.statistics_rows import SIZES, Realised, share

_FAR, _LEVEL, _ALPHA = 3.0, 0.05, 0.05
_SCALES = {
    "window 12": Scale(window=12),
    "window 60": Scale(window=60),
    "window 250": Scale(window=250),
    "half-life 11": Scale(halflife=11.0),
    "full sample": Scale(),
}
_BETA = 0.8
_ASSETS = 50
"""Assets of one simulated table, against one benchmark each table."""


def returns(tables: int) -> Iterator[Realised]:
    """The share of scores beyond 3, and of series whose count has a chance below 5 %."""
    for label, scale in _SCALES.items():
        for rows in SIZES:
            scored = standardize_returns(
                _normal(rows + _past(scale), tables), window=scale.window, halflife=scale.halflife
            )
            found = tail_counts(scored, law=scale.law, thresholds=(_FAR,))
            shares = (found["seen"] / found["returns"]).to_numpy()
            error = float(shares.std(ddof=1) / np.sqrt(tables))
            nominal = scale.law.beyond(_FAR, int(found["returns"].iloc[0]))
            yield Realised(
                f"returns, |score| > 3, {label}", rows, 1, nominal, float(shares.mean()), error,
                tolerance=2e-4,
            )  # fmt: skip
            heavy = (found["probability"] < _LEVEL).to_numpy()
            yield share(f"returns, tails called heavy, {label}", rows, 1, _LEVEL, heavy, at_most=True)


def sums(tables: int) -> Iterator[Realised]:
    """The share of running sums without drift that leave their band at the last date."""
    for label, scale in _SCALES.items():
        for rows in SIZES:
            scored = standardize_returns(
                _normal(rows + _past(scale), tables),
                window=scale.window,
                halflife=scale.halflife,
                center=False,
            )
            last = scored.sum().abs().to_numpy() / np.sqrt(scored.notna().sum().to_numpy())
            left = last > scale.law.reach_of_sums(rows)
            yield share(f"sums outside the band, {label}", rows, 1, _ALPHA, left, at_most=True)


def betas(tables: int) -> Iterator[Realised]:
    """How often the 95 % interval misses the true beta, of normal returns and of Student's with 4 degrees."""
    for label, degrees in (("normal", 1e9), ("Student's with 4 degrees", 4.0)):
        for rows in (10, *SIZES):
            missed = []
            for seed in range(max(tables // 5, 4)):
                rng = np.random.default_rng([rows, seed])
                own = rng.standard_t(degrees, (rows, _ASSETS))
                other = rng.standard_t(degrees, rows)
                frame = pd.DataFrame(0.01 * (own + _BETA * other[:, None])).add_prefix("a")
                frame["index"] = 0.01 * other
                found = benchmark_table(1 + frame.cumsum(), frame, benchmark="index", per_year=252)
                missed.append(((found["beta_low"] > _BETA) | (found["beta_high"] < _BETA)).mean())
            error = float(
                np.std(missed, ddof=1) / np.sqrt(len(missed))
            )  # assets of a table share its benchmark
            what = f"beta's interval misses, {label}"
            yield Realised(what, rows, 2, _ALPHA, float(np.mean(missed)), error, at_most=True)


def losses(tables: int) -> Iterator[Realised]:
    """How often 95 % intervals of the loss that one return in twenty exceeds miss it."""
    truth = 1.6448536269514722
    for rows in SIZES[1:]:  # of 20 returns one is expected beyond
        found = tail_risk(_normal(rows, tables), level=0.95)
        for method, part in found.groupby("method"):
            missed = ((part["var_low"] > truth) | (part["var_high"] < truth)).to_numpy()
            yield share(f"value at risk's interval misses, {method}", rows, 1, _ALPHA, missed, at_most=True)


def _past(scale: Scale) -> int:
    return scale.window or int(np.ceil(scale.halflife or 0))


def _normal(rows: int, tables: int) -> pd.DataFrame:
    """Independent series (rows, tables)."""
    values = np.random.default_rng([rows, tables]).standard_normal((rows, tables))
    return pd.DataFrame(values).rename(columns=str)
