"""Each asset is followed on its own calendar: frequency, factor, returns across days without trade."""

import numpy as np
import pandas as pd
import pytest

from analytics.numbers.returns.comparison import compare_returns
from analytics.numbers.returns.price_calendar import frequencies_of, frequency_of, own_calendar
from analytics.numbers.returns.price_checks import check_prices
from analytics.numbers.returns.price_tables import price_table
from analytics.numbers.returns.returns import returns_table
from analytics.numbers.returns.study import study_returns

DAILY_SD = 0.01
YEARS = (((0, 2, 4), 156.5), ((1, 3), 104.4), ((0, 1, 2, 3, 4), 252), ((0, 1, 2, 3, 6), 252))


def walk(dates: pd.DatetimeIndex, seed: int) -> pd.Series:
    moves = np.random.default_rng(seed).normal(0, DAILY_SD, len(dates))
    return pd.Series(100 * np.exp(moves.cumsum()), index=dates)


def stock_and_coin(years: int = 6) -> pd.DataFrame:
    days = pd.date_range("2015-01-01", periods=365 * years, freq="D")
    frame = pd.DataFrame({"coin": walk(days, 1), "stock": walk(days[days.dayofweek < 5], 2)}, index=days)
    return frame.rename_axis("date").reset_index()


def test_a_stock_beside_a_coin_keeps_its_mondays_and_its_own_year() -> None:
    study = study_returns(stock_and_coin())
    stock = study.returns["stock"].dropna()
    assert {date.dayofweek for date in stock.index} == {0, 1, 2, 3, 4}
    alone = study_returns(stock_and_coin().dropna()[["date", "stock"]])
    pd.testing.assert_series_equal(stock, alone.returns["stock"].dropna(), check_freq=False)
    assert {name: f.per_year for name, f in study.table.frequencies.items()} == {"coin": 365, "stock": 252}
    assert study.summary.loc["stock", "volatility"] == pytest.approx(alone.summary.loc["stock", "volatility"])
    assert study.summary.loc["stock", "volatility"] == pytest.approx(DAILY_SD * np.sqrt(252), rel=0.05)
    assert "coin √365, stock √252" in study.factor
    assert not [finding for finding in study.findings if finding.kind == "missing"]


def test_correlations_of_different_calendars_are_over_common_spans() -> None:
    frame = stock_and_coin()
    days = pd.DatetimeIndex(frame["date"])
    frame["twin"] = frame["coin"].where(days.dayofweek < 5)
    pairs = study_returns(frame[["date", "coin", "twin"]]).correlations.iloc[0]
    assert pairs["returns"] == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(("days", "per_year"), YEARS)
def test_prices_a_year_are_counted_where_they_come_on_some_days_only(
    days: tuple[int, ...], per_year: float
) -> None:
    dates = pd.date_range("2012-01-01", periods=3650, freq="D")
    found = frequency_of(dates[dates.dayofweek.isin(days)])
    assert found.per_year == pytest.approx(per_year, rel=0.005)


def test_every_second_day_is_half_a_year() -> None:
    found = frequency_of(pd.date_range("2020-01-01", periods=400, freq="2D"))
    assert found.per_year == pytest.approx(182.6, rel=0.01)


def test_a_weekly_fund_among_daily_prices_has_weekly_returns() -> None:
    frame = stock_and_coin()
    fridays = frame["date"].dt.dayofweek == 4
    frame["fund"] = frame["coin"].where(fridays)
    study = study_returns(frame)
    assert study.table.frequencies["fund"].name == "weekly"
    expected = np.log(frame.loc[fridays, "coin"]).diff().dropna().to_numpy()
    np.testing.assert_allclose(study.returns["fund"].dropna(), expected)


def test_a_hole_on_its_own_calendar_is_a_hole() -> None:
    frame = stock_and_coin()
    gone = frame.index[frame["stock"].notna()][100:105]
    frame.loc[gone, "stock"] = np.nan
    study = study_returns(frame)
    (hole,) = [finding for finding in check_prices(price_table(frame)) if finding.kind == "missing"]
    assert hole.message.startswith("5 values are missing inside")
    assert study.returns["stock"].notna().sum() == frame["stock"].notna().sum() - 2


def test_few_or_full_prices_say_nothing_about_a_calendar() -> None:
    dates = pd.date_range("2024-01-01", periods=6, freq="D")
    assert own_calendar(pd.Series([1, np.nan, 2, 3, 4, 5.0], index=dates)).all()
    assert own_calendar(pd.Series(np.nan, index=dates)).all()
    prices = pd.DataFrame({"a": [1, np.nan, 2, 4.0]}, index=dates[:4])
    assert returns_table(prices)["a"].isna().tolist() == [True, True, False]


def test_four_weeks_tell_that_a_stock_has_no_weekends() -> None:
    dates = pd.date_range("2024-01-01", periods=28, freq="D")
    coin = pd.Series(np.arange(100.0, 128), index=dates)
    stock = coin.where(dates.day_of_week < 5)
    returns = returns_table(pd.DataFrame({"coin": coin, "stock": stock}))
    assert returns["stock"].notna().sum() == stock.notna().sum() - 1
    mondays_missing = coin.where(~dates.isin(dates[[7, 14]]))
    assert own_calendar(mondays_missing).all()


def _priced(dates: pd.DatetimeIndex, *, seed: int = 0) -> pd.Series:
    """Prices of 16 % a year by calendar time, so that a return over three days counts thrice."""
    days = np.diff(dates.to_numpy(), prepend=dates.to_numpy()[0]) / np.timedelta64(1, "D")
    moves = np.random.default_rng(seed).standard_normal(len(dates)) * 0.16 * np.sqrt(days / 365.25)
    return pd.Series(100 * np.exp(np.cumsum(moves)), index=dates)


_DAYS = pd.date_range("2010-01-01", "2019-12-31")
_WEEKDAYS = _DAYS[_DAYS.day_of_week < 5]
_HALF = pd.Timestamp("2015-01-01")
_MANY = np.random.default_rng(1).random(len(_DAYS)) > 0.25


@pytest.mark.parametrize(
    ("dates", "per_year"),
    [
        (_WEEKDAYS[_WEEKDAYS < _HALF].append(_WEEKDAYS[_WEEKDAYS >= _HALF][::5]), 156.5),
        (_DAYS[_DAYS < _HALF][::30].append(_WEEKDAYS[_WEEKDAYS >= _HALF]), 136.5),
        (_WEEKDAYS[_WEEKDAYS < _HALF].append(_DAYS[_DAYS >= _HALF]), 313.0),
        (_DAYS[_DAYS < _HALF][::7].append(_DAYS[_DAYS >= _HALF][::30]), 32.1),
        (_DAYS[_MANY], 274.5),
    ],
)
def test_prices_whose_rhythm_changes_are_counted(dates: pd.DatetimeIndex, per_year: float) -> None:
    prices = _priced(dates).to_frame("a")
    own = frequencies_of(prices)[1]["a"]
    assert own.per_year == pytest.approx(per_year, rel=0.02)
    assert "counted" in own.why
    found = compare_returns(returns_table(prices), per_year={"a": own.per_year})
    assert found.loc["a", "volatility"] == pytest.approx(0.16, rel=0.06)


@pytest.mark.parametrize("usual", [252, 365])
def test_holes_and_missing_cells_are_no_change_of_rhythm(usual: int) -> None:
    dates = _WEEKDAYS if usual == 252 else _DAYS
    holed = dates[(dates < "2012-03-01") | (dates > "2013-07-01")]
    missing = pd.Series(1.0, index=dates).mask(np.random.default_rng(0).random(len(dates)) < 0.3)
    for prices in (pd.Series(1.0, index=holed), missing):
        assert frequencies_of(prices.to_frame("a"))[1]["a"].per_year == usual
