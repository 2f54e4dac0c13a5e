"""What an investment brought, against figures of an independent library and formulas written again here.

``EMPYRICAL``: empyrical-reloaded 0.7.1 on Apple's and IBM's adjusted closes of the stock sample, 2000-03-01
to 2013-02-28, as simple returns with a riskless rate of 2 % a year: ``cum_returns_final``, ``annual_return``
and ``calmar_ratio`` (annualization = returns / years of the calendar), ``annual_volatility``,
``sharpe_ratio``, ``sortino_ratio``, ``beta``, ``alpha`` (annualization = 252), ``value_at_risk``,
``max_drawdown``. The library itself is no requirement: it brings bottleneck, which changes pandas' sums.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.errors import ZetascopeError
from analytics.numbers.returns.comparison import deepest_drawdowns
from analytics.numbers.returns.performance import benchmark_table, performance_table, rate_per_period
from analytics.numbers.returns.returns import returns_table
from analytics.numbers.returns.tail_risk import tail_risk

ROOT = Path(__file__).parents[3]
EMPYRICAL = {
    "total": 12.408507894045355,
    "annual": 0.22102945177561106,
    "volatility": 0.4596343828362137,
    "sharpe": 0.6353191073772011,
    "sortino": 0.8927738192578141,
    "calmar": 0.27020478646145835,
}
EMPYRICAL_BETA, EMPYRICAL_ALPHA = 0.6994656568745257, 0.2607021002088512
EMPYRICAL_VAR, EMPYRICAL_DEPTH = 0.04159062033025636, -0.8180071666019078


def closes() -> pd.DataFrame:
    stocks = pd.read_csv(ROOT / "sample_data" / "stocks.csv", parse_dates=["date"])
    return stocks.pivot(index="date", columns="ticker", values="adjusted_close")[["AAPL", "IBM"]]


def test_an_independent_library_says_the_same() -> None:
    prices = closes()
    returns = returns_table(prices, kind="simple")
    found = performance_table(prices, returns, per_year=252, rate=0.02).loc["AAPL"]
    for name, value in EMPYRICAL.items():
        assert found[name] == pytest.approx(value, rel=1e-10), name
    against = benchmark_table(prices, returns, benchmark="IBM", per_year=252, rate=0.02).loc["AAPL"]
    assert against["beta"] == pytest.approx(EMPYRICAL_BETA, rel=1e-10)
    assert (1 + against["alpha"] / 252) ** 252 - 1 == pytest.approx(EMPYRICAL_ALPHA, rel=1e-10)
    losses = tail_risk(returns).set_index(["asset", "method"]).loc[("AAPL", "historical")]
    assert losses["var"] == pytest.approx(EMPYRICAL_VAR, rel=1e-10)
    assert deepest_drawdowns(prices).loc["AAPL", "depth"] == pytest.approx(EMPYRICAL_DEPTH, rel=1e-10)


def test_against_a_benchmark_is_least_squares() -> None:
    returns = returns_table(prices := closes(), kind="simple")
    found = benchmark_table(prices, returns, benchmark="IBM", per_year=252).loc["AAPL"]
    line = stats.linregress(returns["IBM"], returns["AAPL"])
    assert found["beta"] == pytest.approx(line.slope)
    assert found["alpha"] == pytest.approx(252 * line.intercept)
    assert found["correlation"] == pytest.approx(line.rvalue)
    gap = returns["AAPL"] - returns["IBM"]
    assert found["tracking_error"] == pytest.approx(np.sqrt(252) * gap.std())
    assert found["information"] == pytest.approx(np.sqrt(252) * gap.mean() / gap.std())


@pytest.mark.slow
def test_the_interval_of_beta_is_for_few_returns_and_unequal_variances() -> None:
    from statsmodels.api import OLS, add_constant

    returns = returns_table(prices := closes(), kind="simple")[:20]
    found = benchmark_table(prices, returns, benchmark="IBM", per_year=252).loc["AAPL"]
    fit = OLS(returns["AAPL"], add_constant(returns["IBM"])).fit(cov_type="HC3", use_t=True)
    assert (found["beta_low"], found["beta_high"]) == pytest.approx(tuple(fit.conf_int().loc["IBM"]))


def test_one_return_that_tells_the_slope_alone_tells_no_interval() -> None:
    dates = pd.date_range("2024-01-01", periods=12)
    own = np.random.default_rng(0).normal(0, 0.01, 12)
    returns = pd.DataFrame({"a": own, "b": [0.0] * 11 + [0.05]}, index=dates)
    found = benchmark_table(100 * (1 + returns).cumprod(), returns, benchmark="b", per_year=252).loc["a"]
    assert np.isnan(found["beta_low"])
    assert np.isfinite(found["beta"])


@pytest.mark.slow
def test_the_interval_of_beta_holds_for_ten_returns() -> None:
    rng, tables = np.random.default_rng(10), 200
    held = []
    for _ in range(tables):
        other, noise = rng.normal(0, 0.01, (2, 10))
        returns = pd.DataFrame({"a": 0.8 * other + noise, "b": other})
        found = benchmark_table(1 + returns.cumsum(), returns, benchmark="b", per_year=252).loc["a"]
        held.append(found["beta_low"] <= 0.8 <= found["beta_high"])
    assert np.mean(held) > 0.95 - 2 * np.sqrt(0.95 * 0.05 / tables)


def test_log_returns_have_their_own_figures_throughout() -> None:
    prices = closes()
    simple = performance_table(prices, returns_table(prices, kind="simple"), per_year=252)
    log = performance_table(prices, returns_table(prices), per_year=252, kind="log")
    np.testing.assert_allclose(log["total"], np.log1p(simple["total"]))
    np.testing.assert_allclose(log["annual"], np.log1p(simple["annual"]))
    depths = deepest_drawdowns(prices)["depth"]
    np.testing.assert_allclose(log["calmar"], log["annual"] / -np.log1p(depths))
    assert rate_per_period(0.02, 252, "log") * 252 == pytest.approx(np.log(1.02))


def test_the_calendar_makes_a_year_whatever_is_missing() -> None:
    prices = pd.DataFrame(
        {"a": 100 * 1.1 ** np.linspace(0, 4, 1462)}, pd.date_range("2020-01-01", periods=1462)
    )
    thinned = prices.iloc[np.sort(np.random.default_rng(0).permutation(1460)[:300])]
    thinned = pd.concat([prices.iloc[:1], thinned, prices.iloc[-1:]]).drop_duplicates()
    found = performance_table(thinned, returns_table(thinned, kind="simple"), per_year=252)
    assert found.loc["a", "annual"] == pytest.approx(0.1, abs=2e-4)


def test_a_few_weeks_have_no_annual_return_and_differences_no_ratio() -> None:
    prices = closes().head(40)
    short = performance_table(prices, returns_table(prices, kind="simple"), per_year=252)
    assert short["annual"].isna().all() and short["total"].notna().all() and short["calmar"].isna().all()
    differences = returns_table(prices, kind="difference")
    made = performance_table(prices, differences, per_year=252, kind="difference")
    np.testing.assert_allclose(made["total"], prices.iloc[-1] - prices.iloc[0])
    assert made[["sharpe", "sortino", "calmar"]].isna().all(axis=None)


@pytest.mark.parametrize("rate", [-1.0, float("nan"), float("inf")])
def test_an_impossible_rate_is_refused(rate: float) -> None:
    prices = closes().head(30)
    with pytest.raises(ZetascopeError, match="a year is impossible"):
        performance_table(prices, returns_table(prices), per_year=252, rate=rate)


def test_an_unknown_benchmark_is_refused_by_name() -> None:
    prices = closes().head(30)
    with pytest.raises(ZetascopeError, match="no asset 'DAX': choose a benchmark from AAPL, IBM"):
        benchmark_table(prices, returns_table(prices), benchmark="DAX", per_year=252)
