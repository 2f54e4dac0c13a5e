"""What is no price is said, by its name and its values, and has differences; dividends are paid in."""

import numpy as np
import pandas as pd
import pytest

from analytics.numbers.returns.dividends import Dividends
from analytics.numbers.returns.headline import headline
from analytics.numbers.returns.performance import performance_table
from analytics.numbers.returns.price_layout import PriceLayout
from analytics.numbers.returns.price_nature import adjusted_words, currency_of, is_dividend, why_no_price
from analytics.numbers.returns.study import study_returns

POSITIVE = pd.Series([1.0, 2, 3])


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("life expectancy", "a length of life"),
        ("lifeExp", "a length of life"),
        ("life_exp", "a length of life"),
        ("Lebenserwartung", "a length of life"),
        ("Temperatur", "a measurement"),
        ("temp_out", "a measurement"),
        ("humidity", "a measurement"),
        ("pop", "a count"),
        ("Einwohner", "a count"),
        ("unemployment rate", "a share"),
        ("Long Interest Rate", "a share"),
        ("Wert [°C]", "measured in °C"),
        ("share of women (%)", "measured in %"),
        ("p (hPa)", "measured in hPa"),
        ("Dividend", "paid to holders"),
        ("Real Dividend", "paid to holders"),
        ("Real Earnings", "a company earns"),
        ("EPS", "a company earns"),
        ("Consumer Price Index", "an index of prices"),
        ("CPI", "an index of prices"),
        ("PE10", "a ratio"),
        ("Price/Earnings", "a ratio"),
        ("RET", "a return already"),
        ("RETX", "a return already"),
        ("Daily Return (%)", "a return already"),
        ("Rendite", "a return already"),
    ],
)
def test_names_of_what_is_no_price(name: str, why: str) -> None:
    assert why in why_no_price(name, POSITIVE)


@pytest.mark.parametrize(
    "name",
    [
        "close",
        "Adj Close",
        "SP500",
        "BTC",
        "Kurs",
        "Gold (USD)",
        "MSFT",
        "a",
        "Real Price",
        "NAV",
        "PS",
        "Real Total Return Price",
        "Total Return Index",
        "MSCI World Net Return EUR",
    ],
)
def test_names_of_prices_and_names_that_say_nothing(name: str) -> None:
    assert why_no_price(name, POSITIVE) == ""
    assert why_no_price(name, -POSITIVE) == "has values below zero"


def test_a_column_of_tickers_speaks_for_prices() -> None:
    assert why_no_price("level", POSITIVE) and not why_no_price("level", POSITIVE, asset_column="ticker")


def test_prices_follow_from_the_ones_before_whatever_is_in_them() -> None:
    rng = np.random.default_rng(1)
    steps = np.exp(rng.normal(0, 0.02, (200, 60)).cumsum(axis=1))
    assert not any(why_no_price("A", pd.Series(walk)) for walk in steps)
    spoiled = steps[0].copy()
    spoiled[[3, 20, 41]] = 0, 900, 0
    assert why_no_price("A", pd.Series(spoiled)) == ""
    drawn = pd.Series(rng.uniform(1, 5, 60))
    assert why_no_price("A", drawn) == "has values that do not follow from the ones before"
    assert why_no_price("A", drawn[:59]) == why_no_price("Close", drawn) == ""


def lives() -> pd.DataFrame:
    years = pd.date_range("1952", periods=12, freq="5YS")
    rng = np.random.default_rng(0)
    return pd.concat(
        pd.DataFrame(
            {"country": name, "year": years, "lifeExp": (50 + rng.normal(0.5, 1, 12).cumsum()).round(2)}
        )
        for name in ("Chad", "Cuba", "Peru")
    )


def test_the_headline_names_the_column_and_what_it_is() -> None:
    layout = PriceLayout("long", "year", ("lifeExp",), "country")
    said = headline(study_returns(lives(), layout, kind="simple"))
    assert said.startswith(
        "lifeExp is a length of life or an age, as its name says, and is no price: its returns"
    )
    differences = study_returns(lives(), layout, kind="difference")
    assert headline(differences).startswith("Differences of lifeExp: ")
    wide = lives().pivot(index="year", columns="country", values="lifeExp")
    np.testing.assert_allclose(differences.returns, wide.diff().iloc[1:])
    np.testing.assert_allclose(differences.drawdowns, wide - wide.cummax())


def test_differences_take_zeros_and_negative_values_as_they_are() -> None:
    days = pd.date_range("2024", periods=60)
    values = np.random.default_rng(0).normal(0, 5, 60).round(1)
    values[[7, 30]] = 0
    study = study_returns(pd.DataFrame({"day": days, "°C": values}), kind="difference")
    assert not study.left_out and not study.suggestions
    np.testing.assert_allclose(study.returns["°C"], np.diff(values))


def paid(yearly: bool) -> pd.DataFrame:
    months = pd.date_range("2020-01-31", periods=49, freq="ME")
    return pd.DataFrame(
        {"date": months, "price": 100.0 + np.arange(49) % 2, "dividend": 12.0 if yearly else 1.0}
    )


@pytest.mark.parametrize("yearly", [False, True])
def test_dividends_are_bought_in_again(yearly: bool) -> None:
    frame = paid(yearly)
    layout = PriceLayout("wide", "date", ("price",))
    study = study_returns(frame, layout, kind="simple", dividends=Dividends("dividend", "price", yearly))
    price = frame["price"].to_numpy()
    expected = (price[1:] + 1) / price[:-1] - 1
    np.testing.assert_allclose(study.returns["price"], expected)
    found = performance_table(study.prices, study.returns, per_year=12)
    assert found.loc["price", "total"] == pytest.approx(np.prod(1 + expected) - 1)


def test_dividends_of_a_long_file_belong_to_their_assets_and_follow_a_split() -> None:
    days = pd.bdate_range("2024-01-01", periods=40)
    rows = [
        pd.DataFrame({"day": days, "ticker": name, "close": 100.0, "dividend": np.nan}) for name in ("A", "B")
    ]
    rows[0].loc[10, "dividend"] = 5.0
    rows[0].loc[20:, "close"] = 50.0
    frame = pd.concat(rows)
    layout = PriceLayout("long", "day", ("close",), "ticker")
    frame["close"] *= 1 + np.tile(np.arange(40) % 2, 2) / 1000  # standing still is another matter
    plain = study_returns(frame, layout, kind="simple")
    (split,) = plain.suggestions
    study = study_returns(
        frame, layout, kind="simple", dividends=Dividends("dividend"), decisions=(split.taken,)
    )
    more = (
        study.returns - study_returns(frame, layout, kind="simple", decisions=(split.taken,)).returns
    ).fillna(0)
    assert more["A"].iloc[9] == pytest.approx(0.05, rel=0.01) and more["B"].abs().max() < 1e-12
    assert more["A"].drop(more.index[9]).abs().max() < 1e-12


def test_what_names_say_of_dividends_adjustment_and_currency() -> None:
    assert is_dividend("Dividende je Aktie") and not is_dividend("dividend yield")
    assert "are adjusted" in adjusted_words(["Adj Close"]) and "Nothing in the name" in adjusted_words(
        ["close"]
    )
    assert "do not compare" in adjusted_words(["close", "adj close"])
    assert currency_of(["Kurs in €"]) == "EUR" == currency_of(["Preis EUR", "b"])
    assert currency_of(["BTC_USD"]) == "" and currency_of(["a"]) == ""
