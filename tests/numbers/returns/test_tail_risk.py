"""Value at risk and expected shortfall: the definitions, and intervals that hold as often as they say."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.errors import ZetascopeError
from analytics.numbers.returns.tail_risk import tail_risk


def losses(r: np.ndarray, method: str, *, level: float = 0.95) -> pd.Series:
    found = tail_risk(pd.DataFrame({"a": r}), level=level)
    return found.set_index("method").loc[method]


def test_the_definitions_by_hand() -> None:
    r = np.arange(-10.0, 30.0) / 100  # 40 returns, two of them are 5 %
    found = losses(np.random.default_rng(0).permutation(r), "historical")
    assert found["es"] == pytest.approx((0.10 + 0.09) / 2)
    assert found["var"] == pytest.approx(-np.quantile(r, 0.05))
    half = losses(np.random.default_rng(0).permutation(r), "historical", level=1 - 2.5 / 40)
    assert half["es"] == pytest.approx((0.10 + 0.09 + 0.08 / 2) / 2.5)
    normal = losses(r, "normal")
    assert normal["var"] == pytest.approx(1.6448536 * r.std(ddof=1) - r.mean())
    assert normal["es"] == pytest.approx(2.0627128 * r.std(ddof=1) - r.mean())


def held(draw, truth: tuple[float, float], method: str, n: int, *, series: int) -> tuple[float, float]:
    rng = np.random.default_rng(n)
    found = [losses(draw(rng, n), method) for _ in range(series)]
    return tuple(
        np.mean([not (true < one[f"{name}_low"] or true > one[f"{name}_high"]) for one in found])
        for name, true in zip(("var", "es"), truth, strict=True)
    )  # type: ignore[return-value]


@pytest.mark.slow
@pytest.mark.parametrize("n", [250, 1000])
def test_intervals_hold_without_any_law(n: int) -> None:
    cut = stats.t.ppf(0.05, 4)
    truth = (-cut, stats.t.pdf(cut, 4) / 0.05 * (4 + cut**2) / 3)
    var, es = held(lambda rng, n: rng.standard_t(4, n), truth, "historical", n, series=300)
    assert var > 0.93 and es > 0.92


@pytest.mark.slow
def test_intervals_hold_where_volatility_comes_in_waves() -> None:
    """GARCH(1,1) with a half-life of a month; its quantile is that of a very long series."""

    def waves(rng: np.random.Generator, n: int) -> np.ndarray:
        shocks, variance, out = rng.standard_normal(n + 300), 1.0, np.empty(n + 300)
        for i, shock in enumerate(shocks):
            out[i] = np.sqrt(variance) * shock
            variance = 0.02 + 0.08 * out[i] ** 2 + 0.9 * variance
        return out[300:]

    long = waves(np.random.default_rng(0), 400_000)
    cut = np.quantile(long, 0.05)
    var, es = held(waves, (-cut, -long[long <= cut].mean()), "historical", 1000, series=200)
    assert var > 0.8 and es > 0.76
    naive = np.mean(
        [abs(np.quantile(waves(np.random.default_rng(i), 1000), 0.05) - cut) > 0.13 for i in range(60)]
    )
    assert naive > 0.2, "intervals for independent returns, some 0.13 wide, would miss far more often"


@pytest.mark.slow
def test_normal_intervals_hold_for_normal_returns_and_miss_heavy_tails() -> None:
    truth = (1.6448536, 2.0627128)
    var, es = held(lambda rng, n: rng.standard_normal(n), truth, "normal", 60, series=400)
    assert 0.92 < var < 0.98 and 0.92 < es < 0.98
    cut = stats.t.ppf(0.05, 4)
    heavy = (-cut, stats.t.pdf(cut, 4) / 0.05 * (4 + cut**2) / 3)
    assert held(lambda rng, n: rng.standard_t(4, n), heavy, "normal", 1000, series=100)[1] < 0.5


def test_what_these_data_cannot_tell_is_left_open() -> None:
    r = np.random.default_rng(1).normal(0, 0.01, 60)
    rare = losses(r, "historical", level=0.99)
    assert np.isnan(rare["var_high"]) and np.isnan(rare["es_high"]) and rare["var"] > 0
    few = tail_risk(pd.DataFrame({"a": r[:5], "still": 0.0}, index=range(5)))
    assert few[["var", "es"]].isna().all(axis=None)


def test_an_impossible_level_is_refused() -> None:
    with pytest.raises(ZetascopeError, match=r"level of 1\.5"):
        tail_risk(pd.DataFrame({"a": np.zeros(20)}), level=1.5)
