"""Calendar months and years, best and worst spans, correlation over time."""

import numpy as np
import pandas as pd

from analytics.numbers.returns.periods import (
    MONTHS,
    best_and_worst,
    month_calendar,
    rolling_correlation,
    spans_of,
)
from analytics.numbers.returns.price_calendar import frequency_of
from analytics.numbers.returns.returns import returns_table

DAYS = pd.bdate_range("2022-11-15", "2024-03-08")


def prices(seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(100 * np.exp(rng.normal(0, 0.01, (len(DAYS), 2)).cumsum(axis=0)), DAYS, ["a", "b"])


def test_months_and_years_multiply_to_the_whole() -> None:
    a = prices()["a"]
    made = month_calendar(a, kind="simple")
    assert list(made.table.index) == [2022, 2023, 2024] and list(made.table.columns) == [*MONTHS, "year"]
    assert made.table.loc[2022, list(MONTHS[:10])].isna().all()
    january = a["2023-01"].iloc[-1] / a["2022-12"].iloc[-1] - 1
    assert np.isclose(made.table.loc[2023, "Jan"], january)
    assert np.isclose(np.nanprod(1 + made.table[list(MONTHS)].to_numpy()), a.iloc[-1] / a.iloc[0])
    np.testing.assert_allclose(np.prod(1 + made.table["year"]), a.iloc[-1] / a.iloc[0])
    assert (made.since, made.until) == (DAYS[0], DAYS[-1])
    log = month_calendar(a, kind="log").table
    np.testing.assert_allclose(log, np.log1p(made.table))


def test_a_month_without_prices_is_empty_and_the_next_one_covers_it() -> None:
    a = prices()["a"].drop(DAYS[(DAYS >= "2023-05-01") & (DAYS < "2023-06-01")])
    table = month_calendar(a, kind="simple").table
    assert np.isnan(table.loc[2023, "May"])
    assert np.isclose(table.loc[2023, "Jun"], a["2023-06"].iloc[-1] / a["2023-04"].iloc[-1] - 1)


def test_best_and_worst_are_the_ends_of_all_spans() -> None:
    table = prices()
    returns = returns_table(table, kind="simple")
    found = best_and_worst(table, kind="simple", most=3)
    for name in table:
        mine = found[found["asset"] == name]
        ordered = returns[name].sort_values(ascending=False)
        np.testing.assert_allclose(mine["return"], [*ordered.head(3), *ordered.tail(3)])
        assert list(mine["rank"]) == [1, 2, 3, -3, -2, -1]
        assert list(mine["to"]) == [*ordered.index[:3], *ordered.index[-3:]]
    years = best_and_worst(table[["a"]], kind="simple", span="year", most=5)
    assert len(years) == 3 and years["to"].is_unique


def test_correlation_over_time_is_that_of_the_last_returns() -> None:
    table = prices(1)
    returns = returns_table(table)
    found = rolling_correlation(table, returns, benchmark="b", window=40, kind="log")
    assert list(found.columns) == ["a"]
    expected = np.corrcoef(returns["a"].iloc[-40:], returns["b"].iloc[-40:])[0, 1]
    assert np.isclose(found["a"].iloc[-1], expected)
    assert found["a"].iloc[:39].isna().all()


def test_no_span_is_shorter_than_what_a_price_stands_for() -> None:
    def spans(freq: str) -> tuple[str, ...]:
        return spans_of(frequency_of(pd.date_range("2010", periods=40, freq=freq)))

    assert spans("B") == ("price", "month", "year")
    assert spans("MS") == ("price", "year")
    assert spans("YS") == ("price",)
