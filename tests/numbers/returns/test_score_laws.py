"""Every probability of the Returns page against the share that simulated normal returns realise."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.numbers.returns.comparison import tail_counts
from analytics.numbers.returns.returns import standardize_returns
from analytics.numbers.returns.score_laws import NORMAL, ScoreLaw
from analytics.numbers.returns.study import Scale

SCALES = [Scale(), Scale(window=12), Scale(window=60), Scale(halflife=5.0), Scale(halflife=20.0)]
SERIES = 150


def scored(scale: Scale, n: int, seed: int) -> pd.DataFrame:
    r = np.random.default_rng(seed).normal(0.001, 0.02, (n, SERIES))
    return standardize_returns(pd.DataFrame(r), window=scale.window, halflife=scale.halflife)


LENGTHS = [
    pytest.param(scale, n, id=f"{scale}-{n}", marks=[pytest.mark.slow] * (n > 500))
    for scale in SCALES
    for n in (20, 50, 100, 500, 2500)
    if n >= (scale.window or 0) + 20
]


@pytest.mark.slow
@pytest.mark.parametrize(("scale", "n"), LENGTHS)
def test_normal_returns_are_called_heavy_tailed_no_more_often_than_stated(scale: Scale, n: int) -> None:
    found = tail_counts(scored(scale, n, seed=n), law=scale.law, thresholds=(2.0, 3.0, 4.0))
    for _, rows in found.groupby("threshold"):
        false = int((rows["probability"] <= 0.05).sum())
        assert false <= stats.binom.ppf(0.9999, SERIES, 0.05)


@pytest.mark.slow
@pytest.mark.parametrize("scale", SCALES, ids=str)
def test_expected_counts_are_what_normal_returns_give(scale: Scale) -> None:
    z = scored(scale, 400, seed=1)
    found = (
        tail_counts(z, law=scale.law, thresholds=(2.0, 3.0)).groupby("threshold")[["seen", "expected"]].sum()
    )
    # The counts vary at most as Poisson's do: four of their standard errors.
    assert (np.abs(found["seen"] - found["expected"]) < 4 * np.sqrt(found["expected"])).all()


@pytest.mark.slow
@pytest.mark.parametrize("scale", [*SCALES, Scale(window=4)], ids=str)
def test_the_band_of_sums_holds_for_as_many_as_stated(scale: Scale) -> None:
    n, past = 60, scale.window or int(scale.halflife or 0)
    r = pd.DataFrame(np.random.default_rng(7).normal(0, 0.02, (n + past, 1_000)))
    z = standardize_returns(r, window=scale.window, halflife=scale.halflife, center=False).iloc[past:]
    reach = scale.law.reach_of_sums(n)
    held = (z.cumsum().abs().to_numpy() <= reach * np.sqrt(np.arange(1, n + 1))[:, None])[[19, 59]].mean(
        axis=1
    )
    assert (held > stats.binom.ppf(0.001, 1_000, 0.95) / 1_000).all()
    assert (held < stats.binom.ppf(0.999, 1_000, 0.97) / 1_000).all()


@pytest.mark.parametrize("law", [ScoreLaw(window=2), ScoreLaw(window=3), ScoreLaw(halflife=2.0)])
def test_scores_without_a_variance_have_no_band(law: ScoreLaw) -> None:
    assert np.isnan(law.reach_of_sums(100))


def test_a_window_gives_student_t_wider_by_its_own_mean() -> None:
    law = ScoreLaw(window=12)
    assert law.beyond(3.0, 500) == pytest.approx(2 * stats.t.sf(3 / np.sqrt(1 + 1 / 12), 11))
    assert law.quantiles(np.array([0.1, 0.9]))[1] == pytest.approx(stats.t.ppf(0.9, 11) * np.sqrt(13 / 12))


def test_scores_by_their_own_spread_have_ends() -> None:
    """Thompson (1935); Grubbs (1950): the largest score of n = 5 is (n - 1) / sqrt(n) = 1.789 at most."""
    law = ScoreLaw(own=True)
    assert law.beyond(1.79, 5) == 0.0 < law.beyond(1.78, 5)
    assert law.quantiles(np.linspace(0.001, 0.999, 5)).max() < 4 / np.sqrt(5)
    assert law.beyond(2.0, 2) == 0.0


def test_known_spread_is_the_normal_law_with_binomial_counts() -> None:
    assert NORMAL.beyond(3.0, 1000) == pytest.approx(2 * stats.norm.sf(3))
    share = float(2 * stats.norm.sf(3))
    assert NORMAL.chance(5, 3.0, 1000) == pytest.approx(stats.binom.sf(4, 1000, share), rel=1e-9)
    assert NORMAL.chance(0, 3.0, 1000) == 1.0


@pytest.mark.slow
def test_quantiles_and_shares_of_a_half_life_agree() -> None:
    law = ScoreLaw(halflife=10.0)
    p = (np.arange(1, 2001) - 0.5) / 2000
    far = float((np.abs(law.quantiles(p)) > 2).mean())
    assert far == pytest.approx(law.beyond(2.0, 2000), abs=0.002)


@pytest.mark.parametrize("law", [ScoreLaw(own=True), ScoreLaw(window=100_000), ScoreLaw(halflife=100_000.0)])
def test_a_long_series_takes_no_more_memory_than_a_short_one(law: ScoreLaw) -> None:
    tracemalloc.start()
    share = law.chance(1, 3.0, 300_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert share == pytest.approx(1.0)
    assert peak < 200_000_000  # one array of 400 such series has 960 MB


@pytest.mark.slow
@pytest.mark.parametrize("scale", [Scale(), Scale(window=20), Scale(halflife=20.0)], ids=str)
def test_counts_of_a_long_series_vary_as_those_of_the_series_that_stands_for_it(scale: Scale) -> None:
    r = np.random.default_rng(6).normal(0, 0.01, (10_000, 200))
    scores = standardize_returns(pd.DataFrame(r), window=scale.window, halflife=scale.halflife)
    counts = (scores.abs() > 2).sum()
    # The variance of 200 counts is known to a tenth: within three of its standard errors.
    assert counts.var() / counts.mean() == pytest.approx(scale.law.dispersion(2.0, 10_000), rel=0.3)
