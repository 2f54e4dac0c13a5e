"""Returns follow their definitions, and nothing standardized by the past knows the future."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics.errors import ZetascopeError
from analytics.numbers.returns.comparison import (
    compare_returns,
    correlation_pairs,
    deepest_drawdowns,
    drawdown_table,
    normal_quantiles,
    tail_counts,
)
from analytics.numbers.returns.returns import returns_table, standardize_returns, volatility_table

PAST_ONLY = [{"window": 5}, {"window": 2}, {"halflife": 3.0}, {"halflife": 0.7}]

some_returns = st.lists(st.floats(-0.5, 0.5).map(lambda v: round(v, 4)), min_size=8, max_size=40)


def series(values: list[float]) -> pd.DataFrame:
    dates = pd.date_range("2020-01-31", periods=len(values), freq="ME")
    return pd.DataFrame({"a": values}, index=dates, dtype=float)


def test_simple_and_log_returns_by_hand() -> None:
    prices = series([100, 110, 55])
    np.testing.assert_allclose(returns_table(prices, kind="simple")["a"], [0.1, -0.5])
    np.testing.assert_allclose(returns_table(prices)["a"], [np.log(1.1), np.log(0.5)])
    assert returns_table(prices).index.equals(prices.index[1:])


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.01, 1e6), min_size=3, max_size=30))
def test_log_returns_add_up_to_the_whole_change(values: list[float]) -> None:
    prices = series(values)
    log, simple = returns_table(prices), returns_table(prices, kind="simple")
    np.testing.assert_allclose(np.log1p(simple), log, atol=1e-9)
    assert log["a"].sum() == pytest.approx(np.log(values[-1] / values[0]), abs=1e-9)


def test_a_missing_price_takes_both_its_returns_with_it() -> None:
    found = returns_table(series([100, np.nan, 110, 121]), kind="simple")["a"]
    assert found.isna().tolist() == [True, True, False]


@pytest.mark.parametrize("value", [0.0, -3.0])
@pytest.mark.parametrize("kind", ["log", "simple"])
def test_prices_that_are_none_are_refused_by_name_and_date(value: float, kind: str) -> None:
    with pytest.raises(ZetascopeError, match=r"a has 1 zero or negative price, the first at 2020-02-29"):
        returns_table(series([1, value, 2]), kind=kind)


def test_the_full_sample_has_mean_zero_and_sd_one() -> None:
    z = standardize_returns(series(np.random.default_rng(0).normal(0.01, 0.05, 300).tolist()))
    assert z["a"].mean() == pytest.approx(0, abs=1e-12)
    assert z["a"].std(ddof=1) == pytest.approx(1)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(some_returns, st.integers(2, 7))
def test_a_window_is_the_plain_computation_on_the_returns_before(values: list[float], window: int) -> None:
    found = standardize_returns(series(values), window=window)["a"].to_numpy()
    for t, value in enumerate(values):
        past = np.array(values[max(0, t - window) : t])
        if t < window or past.std() < 1e-9:
            assert np.isnan(found[t])
        else:
            assert found[t] == pytest.approx((value - past.mean()) / past.std(ddof=1), rel=1e-6, abs=1e-6)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(some_returns, st.floats(0.5, 6))
def test_a_half_life_weighs_earlier_squares(values: list[float], halflife: float) -> None:
    found = standardize_returns(series(values), halflife=halflife)["a"].to_numpy()
    for t in range(len(values)):
        past = np.array(values[:t])[::-1] ** 2
        weights = 0.5 ** (np.arange(t) / halflife)
        sigma = np.sqrt((weights * past).sum() / weights.sum()) if t else 0.0
        if t < max(2, np.ceil(halflife)) or sigma == 0:
            assert np.isnan(found[t])
        elif sigma > 1e-6:
            assert found[t] == pytest.approx(values[t] / sigma, rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("options", PAST_ONLY)
@settings(max_examples=60, deadline=None)
@given(values=some_returns, cut=st.integers(1, 7), shock=st.floats(-100, 100))
def test_no_later_return_changes_an_earlier_value(
    options: dict[str, float], values: list[float], cut: int, shock: float
) -> None:
    changed = [*values[:cut], *(shock + v for v in values[cut:])]
    before = standardize_returns(series(values), **options)
    after = standardize_returns(series(changed), **options)
    pd.testing.assert_frame_equal(before.iloc[:cut], after.iloc[:cut], check_exact=True)
    shorter = standardize_returns(series(values[:cut]), **options)
    pd.testing.assert_frame_equal(before.iloc[:cut], shorter, check_exact=True, check_freq=False)


@pytest.mark.parametrize("options", PAST_ONLY)
def test_the_present_return_is_no_part_of_its_own_spread(options: dict[str, float]) -> None:
    values = np.random.default_rng(2).normal(0, 0.02, 30)
    z = []
    for last in (0.0, 0.1, 5.0):
        values[-1] = last
        z.append(standardize_returns(series(values.tolist()), **options)["a"].iloc[-1])
    assert z[2] - z[0] == pytest.approx(50 * (z[1] - z[0])), (
        "linear in the present return, so not divided by it"
    )


def test_a_shock_leaves_nothing_behind_once_it_is_out_of_the_window() -> None:
    values = [50.0, *np.random.default_rng(1).normal(0, 1e-9, 12)]
    shocked = standardize_returns(series(values), window=5)["a"].to_numpy()
    calm = standardize_returns(series(values[1:]), window=5)["a"].to_numpy()
    np.testing.assert_array_equal(shocked[6:], calm[5:])


def test_full_sample_standardizing_does_know_the_future() -> None:
    values = [0.01, -0.02, 0.015, 0.5]
    assert (
        standardize_returns(series(values))["a"].iloc[0]
        != standardize_returns(series(values[:3]))["a"].iloc[0]
    )


@pytest.mark.parametrize("options", [{}, *PAST_ONLY])
def test_standardized_returns_do_not_depend_on_the_unit(options: dict[str, float]) -> None:
    values = np.random.default_rng(3).normal(0, 0.02, 60)
    one, percent = (standardize_returns(series((values * k).tolist()), **options) for k in (1, 100))
    pd.testing.assert_frame_equal(one, percent, rtol=1e-9)


@pytest.mark.parametrize("options", [{}, {"window": 3}, {"halflife": 2.0}])
def test_missing_returns_are_skipped_not_filled(options: dict[str, float]) -> None:
    values = np.random.default_rng(4).normal(0, 0.02, 20)
    holed = np.insert(values, [5, 5, 12], np.nan)
    plain = standardize_returns(series(values.tolist()), **options)["a"].to_numpy()
    found = standardize_returns(series(holed.tolist()), **options)["a"].to_numpy()
    np.testing.assert_allclose(found[~np.isnan(holed)], plain)
    assert np.isnan(found[np.isnan(holed)]).all()


@pytest.mark.parametrize("options", [{}, {"window": 3}, {"halflife": 2.0}])
def test_returns_without_spread_have_no_score(options: dict[str, float]) -> None:
    assert standardize_returns(series([0.0] * 10), **options)["a"].isna().all()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"window": 3, "halflife": 2.0}, "not both"),
        ({"window": 1}, "use at least 2"),
        ({"halflife": 0.0}, "above 0"),
    ],
)
def test_impossible_settings_are_refused(options: dict[str, float], words: str) -> None:
    with pytest.raises(ZetascopeError, match=words):
        standardize_returns(series([0.1, 0.2, 0.3]), **options)


def test_unknown_kind_and_too_few_prices() -> None:
    with pytest.raises(ZetascopeError, match="'log' or 'simple'"):
        returns_table(series([1, 2]), kind="percent")
    with pytest.raises(ZetascopeError, match="at least two"):
        returns_table(series([1]))


def test_drawdown_from_peak_to_trough_and_back() -> None:
    prices = series([100, 120, 60, 90, 130, 125])
    assert drawdown_table(prices)["a"].tolist() == pytest.approx([0, 0, -0.5, -0.25, 0, -5 / 130])
    deepest = deepest_drawdowns(prices.assign(b=[5, 4, 3, np.nan, 2, 2], c=np.nan))
    assert deepest.loc["a"].tolist() == [-0.5, *prices.index[[1, 2, 4]]]
    assert deepest.loc["b", "trough"] == prices.index[4] and pd.isna(deepest.loc["b", "recovered"])
    assert "c" not in deepest.index


def test_volatility_is_annualized_by_the_root_of_the_factor() -> None:
    returns = series(np.random.default_rng(5).normal(0, 0.04, 240).tolist())
    found = compare_returns(returns, per_year=12).loc["a"]
    assert found["volatility"] == pytest.approx(returns["a"].std(ddof=1) * np.sqrt(12))
    assert found["skewness"] == pytest.approx(stats.skew(returns["a"]))
    assert found["excess_kurtosis"] == pytest.approx(stats.kurtosis(returns["a"]))
    assert not found["smoothed"]
    assert [dtype.kind for dtype in compare_returns(returns, per_year=12).dtypes] == list("iffffffffb")


def test_averaged_prices_are_noticed() -> None:
    """Working (1960): differences of period averages of a random walk are correlated by about 0.25."""
    walk = np.exp(np.random.default_rng(6).normal(0, 0.01, 21 * 600).cumsum()).reshape(600, 21)
    found = compare_returns(returns_table(series(walk.mean(axis=1).tolist())), per_year=12).loc["a"]
    assert found["autocorrelation"] == pytest.approx(0.25, abs=0.1) and found["smoothed"]
    end = compare_returns(returns_table(series(walk[:, -1].tolist())), per_year=12).loc["a"]
    assert not end["smoothed"] and found["volatility"] < end["volatility"]


def test_few_returns_have_no_statistics() -> None:
    found = compare_returns(series([0.1, 0.2, np.nan]), per_year=12).loc["a"]
    assert found["returns"] == 2 and np.isnan(found["volatility"]) and not found["smoothed"]


def test_tails_against_the_normal_law() -> None:
    z = series([0.0] * 995 + [3.5, -3.5, -4.2, 2.5, -6.0])
    found = tail_counts(z).set_index("threshold")
    assert found.loc[3.0, ["below", "above", "seen"]].tolist() == [3, 1, 4]
    assert found.loc[3.0, "expected"] == pytest.approx(2.6998, abs=1e-3)
    assert found.loc[4.0, "probability"] == pytest.approx(stats.binomtest(2, 1000, 6.334e-5).pvalue, rel=0.01)
    assert tail_counts(series([np.nan] * 3))["seen"].sum() == 0


def test_quantiles_of_normal_moves_lie_on_the_diagonal() -> None:
    expected, seen = normal_quantiles(np.append(np.random.default_rng(7).normal(size=4000), np.nan))
    assert len(seen) == 4000 and (np.diff(seen) >= 0).all()
    assert np.abs(expected - seen)[100:-100].max() < 0.1


def test_correlations_before_and_after() -> None:
    rng = np.random.default_rng(8)
    common, scale = rng.normal(size=400), np.where(np.arange(400) < 200, 1, 8)
    returns = pd.DataFrame(
        {"a": 0.01 * common * scale, "b": 0.01 * (common + rng.normal(size=400)) * scale},
        index=pd.date_range("2020-01-01", periods=400),
    )
    prices = np.exp(returns.cumsum())
    full = correlation_pairs(prices, returns, standardize_returns(returns)).iloc[0]
    assert full["standardized"] == pytest.approx(full["returns"], abs=1e-12)
    assert full["returns"] == pytest.approx(np.corrcoef(returns["a"], returns["b"])[0, 1])
    rolling = correlation_pairs(prices, returns, standardize_returns(returns, window=30)).iloc[0]
    assert rolling["dates"] == 370 and rolling["standardized"] != pytest.approx(rolling["returns"], abs=1e-3)
    few = correlation_pairs(prices[:5], returns[:5], standardize_returns(returns[:5])).iloc[0]
    assert np.isnan(few["returns"])


@pytest.mark.parametrize("options", [{}, {"window": 10}, {"halflife": 5.0}])
def test_uncentred_scores_keep_the_drift(options: dict[str, float]) -> None:
    returns = series((0.05 + np.random.default_rng(9).normal(0, 0.02, 80)).tolist())
    centred = standardize_returns(returns, **options)["a"]
    kept = standardize_returns(returns, center=False, **options)["a"]
    assert (kept.dropna() > 0).mean() > 0.9
    if options.get("halflife"):
        pd.testing.assert_series_equal(centred, kept)
    else:
        assert abs(centred.mean()) < 0.3 * kept.mean()
    if not options:
        np.testing.assert_allclose(kept, returns["a"] / returns["a"].std(ddof=1))


@pytest.mark.parametrize("window", [2, 5, 20])
def test_volatility_over_time_is_the_plain_computation_on_the_returns_up_to_the_date(window: int) -> None:
    r = np.random.default_rng(4).normal(0, 0.01, (40, 2))
    table = pd.DataFrame(r, columns=["a", "b"], index=pd.date_range("2024-01-01", periods=40))
    volatility = volatility_table(table, per_year=252, window=window)
    assert volatility.iloc[: window - 1].isna().all(axis=None)
    for t in range(window - 1, 40):
        expected = r[t - window + 1 : t + 1].std(axis=0, ddof=1) * np.sqrt(252)
        np.testing.assert_allclose(volatility.iloc[t], expected, rtol=1e-12)


def test_weighted_volatility_over_time_is_what_the_next_return_is_measured_by() -> None:
    r = pd.Series(np.random.default_rng(5).normal(0, 0.02, 50), index=pd.date_range("2024-01-01", periods=50))
    r.iloc[10] = np.nan
    table = r.to_frame("a")
    volatility = volatility_table(table, per_year=1, halflife=6)["a"].dropna()
    measured = (table["a"] / standardize_returns(table, halflife=6)["a"]).dropna()
    np.testing.assert_allclose(volatility.to_numpy()[:-1], measured.to_numpy(), rtol=1e-12)
    with pytest.raises(ZetascopeError, match="a window or a half-life, and not both"):
        volatility_table(table, per_year=1)


DAYS = pd.date_range("2024-01-01", periods=5)


def test_prices_newest_first_are_sorted_and_it_is_told() -> None:
    prices = pd.DataFrame({"a": [100.0, 110.0, 99.0, 121.0, 130.0]}, index=DAYS)
    with pytest.warns(UserWarning, match="not in the order of their dates and have been sorted"):
        found = returns_table(prices[::-1])
    pd.testing.assert_frame_equal(found, returns_table(prices))


def test_of_rows_with_one_date_the_last_counts_and_it_is_told() -> None:
    prices = pd.DataFrame({"a": [100.0, 7.0, 110.0]}, index=DAYS[[0, 1, 1]])
    with pytest.warns(UserWarning, match="1 row with a date that comes again"):
        assert returns_table(prices, kind="simple")["a"].tolist() == pytest.approx([0.1])


@pytest.mark.parametrize("infinite", [np.inf, -np.inf])
def test_infinite_prices_are_counted_and_missing(infinite: float) -> None:
    prices = pd.DataFrame({"a": [100.0, infinite, 99.0, 121.0, 130.0]}, index=DAYS)
    with pytest.warns(UserWarning, match="1 infinite price counts as missing"):
        found = returns_table(prices)
    assert found["a"].isna().tolist() == [True, True, False, False]


def test_returns_newest_first_are_measured_by_what_was_before_them() -> None:
    returns = pd.DataFrame(
        {"a": np.random.default_rng(0).normal(size=30)}, index=pd.date_range("2024", periods=30)
    )
    for scale in ({"window": 5}, {"halflife": 4.0}, {}):
        found = standardize_returns(returns[::-1], **scale)
        pd.testing.assert_frame_equal(found, standardize_returns(returns, **scale)[::-1])


@pytest.mark.parametrize("unit", [1e-200, 1e200])
def test_the_unit_of_returns_changes_no_score(unit: float) -> None:
    returns = pd.DataFrame({"a": np.random.default_rng(1).normal(size=30)})
    for scale in ({"window": 5}, {"halflife": 4.0}, {}):
        np.testing.assert_allclose(
            standardize_returns(returns * unit, **scale), standardize_returns(returns, **scale), rtol=1e-9
        )
