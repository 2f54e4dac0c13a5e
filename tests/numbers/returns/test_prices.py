"""Price files of every shape become one table, and what cannot be meant is noticed.

``shiller.csv``: monthly S&P 500 data of Robert Shiller (datasets/s-and-p-500, PDDL), four of its columns.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.errors import ZetascopeError
from analytics.numbers.returns.price_calendar import frequency_of
from analytics.numbers.returns.price_checks import check_prices, usable_prices
from analytics.numbers.returns.price_dates import read_dates
from analytics.numbers.returns.price_layout import LeftOut, PriceLayout, guess_layout, left_out
from analytics.numbers.returns.price_tables import price_table
from analytics.numbers.returns.returns import returns_table

SHILLER = pd.read_csv(Path(__file__).parent / "shiller.csv")
STOCKS = pd.read_csv(Path(__file__).parents[3] / "sample_data" / "stocks.csv")


def walk(n: int = 300, seed: int = 0, freq: str = "B", **columns: float) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"date": pd.date_range("2020-01-01", periods=n, freq=freq)})
    for name, start in (columns or {"a": 100.0}).items():
        frame[name] = start * np.exp(rng.normal(0, 0.01, n).cumsum())
    return frame


def messages(frame: pd.DataFrame, kind: str) -> list[str]:
    return [found.message for found in check_prices(price_table(frame)) if found.kind == kind]


def test_placeholder_zeros_of_the_shiller_file_are_noticed() -> None:
    table = price_table(SHILLER, PriceLayout("wide", SHILLER.columns[0], tuple(SHILLER.columns[1:])))
    zeros = {f.asset: f for f in check_prices(table) if f.kind == "zero"}
    assert {name: len(f.dates) for name, f in zeros.items()} == {"Dividend": 36, "PE10": 153}
    assert "36 from 2023-07 to 2026-06" in zeros["Dividend"].message
    assert "120 from 1871-01 to 1880-12, 33 from 2023-10 to 2026-06" in zeros["PE10"].message
    prices, left_out = usable_prices(table.prices)
    assert left_out == () and int(prices["PE10"].isna().sum()) == 153
    assert np.isfinite(returns_table(prices)["PE10"].dropna()).all()


def test_the_splits_of_the_stock_sample_are_noticed_and_adjusted_prices_have_none() -> None:
    def dates(price: str) -> dict[str, list[str]]:
        table = price_table(STOCKS, PriceLayout("long", "date", (price,), "ticker"))
        found = [finding for finding in check_prices(table) if finding.kind == "split"]
        return {str(f.asset): f.dates.strftime("%Y-%m-%d").tolist() for f in found}

    close = dates("close")
    assert "2005-02-28" in close["AAPL"] and "2003-02-18" in close["MSFT"] and set(close) == {"AAPL", "MSFT"}
    assert dates("adjusted_close") == {"AAPL": ["2000-09-29"]}, "Apple's profit warning: a real halving"


def test_long_stock_sample_is_recognised() -> None:
    layout = guess_layout(STOCKS)
    assert layout == PriceLayout("long", "date", ("adjusted_close",), "ticker")
    table = price_table(STOCKS, layout)
    assert list(table.prices.columns) == ["AAPL", "FB", "GOOG", "IBM", "MSFT"]
    assert table.frequency.name == "daily" and table.frequency.per_year == 252
    row = STOCKS.query("ticker == 'IBM' and date == '2005-03-01'")["adjusted_close"].item()
    assert table.prices.loc["2005-03-01", "IBM"] == row
    assert table.sorted_by_date and not table.repeated and not table.undated


def test_wide_and_long_give_the_same_prices_in_any_order() -> None:
    wide = walk(a=10.0, b=20.0)
    long = wide.melt("date", var_name="name", value_name="price").assign(
        name=lambda d: d["name"].astype("category")
    )
    expected = price_table(wide).prices
    shuffled = price_table(long.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(shuffled.prices, expected, check_freq=False)
    assert not shuffled.sorted_by_date
    assert price_table(wide[::-1]).prices.index.is_monotonic_increasing


def test_of_open_high_low_close_the_adjusted_close_counts_and_volume_is_no_price() -> None:
    frame = walk(Open=9.0, High=11.0, Low=8.0, Close=10.0).rename(columns={"date": "Date"})
    frame["Volume"] = 1000
    assert guess_layout(frame).prices == ("Close",)
    frame["Adj Close"] = frame["Close"] / 2
    assert guess_layout(frame).prices == ("Adj Close",)


@pytest.mark.parametrize(
    "cells",
    [
        ["2024-01-31", "2024-02-29", "2024-03-31"],
        ["2024-01-31T16:00:00+02:00", "2024-02-29T16:00:00+02:00", "2024-03-31T16:00:00+02:00"],
        ["31.01.2024", "29.02.2024", "31.03.2024"],
        ["01/31/2024", "02/29/2024", "03/31/2024"],
        ["31/01/2024", "29/02/2024", "31/03/2024"],
        ["31-Jan-2024", "29-Feb-2024", "31-Mar-2024"],
        ["Jan 31, 2024", "Feb 29, 2024", "Mar 31, 2024"],
        pd.array([20240131, 20240229, 20240331], dtype="Int64"),
        pd.array(["2024-01-31", "2024-02-29", "2024-03-31"], dtype="string[pyarrow]"),
        pd.array(pd.to_datetime(["2024-01-31", "2024-02-29", "2024-03-31"]).date, dtype="date32[pyarrow]"),
        pd.to_datetime(["2024-01-31", "2024-02-29", "2024-03-31"]).tz_localize("Asia/Tokyo"),
    ],
    ids=lambda cells: str(cells[0]),
)
def test_dates_in_every_dress(cells: object) -> None:
    dates = read_dates(pd.Series(cells))
    assert dates is not None and dates.dt.tz is None
    assert dates.dt.strftime("%Y-%m-%d").tolist() == ["2024-01-31", "2024-02-29", "2024-03-31"]


def test_nobody_guesses_whether_day_or_month_comes_first() -> None:
    months = [f"01/{month:02}/2023" for month in range(1, 12)]
    assert read_dates(pd.Series(months)) is None
    with pytest.raises(ZetascopeError, match="'day' such as 01/01/2023 may have the day or the month first"):
        guess_layout(pd.DataFrame({"day": months, "a": np.arange(11.0)}))
    assert read_dates(pd.Series(months).str.replace("/", ".")) is None
    proved = read_dates(pd.Series([*months, "13/01/2024"]))
    assert proved is not None and proved.dt.strftime("%m").tolist()[:11] == [f"{m:02}" for m in range(1, 12)]


def test_twelve_months_in_a_row_are_months_and_no_days() -> None:
    months = pd.Series([f"01/{month:02}/2023" for month in range(1, 13)])
    table = price_table(pd.DataFrame({"day": months, "a": np.arange(1.0, 13)}))
    assert (table.frequency.name, table.sorted_by_date) == ("monthly", True)


def test_a_column_of_which_the_reader_asks_is_named_and_not_used() -> None:
    cells = [f"2024-01-0{day}" for day in range(1, 9)]
    frame = pd.DataFrame({"day": [*cells, "2024-02-30"], "a": 1.0})
    with pytest.raises(ZetascopeError, match="2024-01-01 are dates in most rows but not in all"):
        guess_layout(frame)


@pytest.mark.parametrize(
    "cells",
    [
        ["15. März 2020", "16. April 2020", "1. Mai 2020"],
        ["2010-Q1", "2010-Q2", "2010-Q3"],
        ["2024年1月5日", "2024年2月6日", "2024年12月7日"],
        ["19-Sep-03", "20-Sep-03", "21-Oct-03"],
        ["2024-W05", "2024-W06", "2024-W07"],
        ["5 января 2020", "6 февраля 2020", "7 мая 2020"],
    ],
    ids=lambda cells: str(cells[0]),
)
def test_whatever_the_reader_takes_as_dates_has_returns(cells: list[str]) -> None:
    dates = read_dates(pd.Series(cells))
    assert dates is not None and dates.is_monotonic_increasing and dates.notna().all()


def test_a_proof_below_the_first_thousand_rows_counts() -> None:
    frame = pd.DataFrame({"day": ["01/02/2023"] * 1500 + ["31/01/2024"], "a": 1.0})
    assert guess_layout(frame).date == "day"


def test_local_days_stay_where_the_offset_changes_with_the_season() -> None:
    cells = ["2024-03-29T00:00:00+01:00", "2024-04-02T00:00:00+02:00", "2024-04-03T00:00:00Z"]
    dates = read_dates(pd.Series(cells))
    assert dates is not None
    assert dates.dt.strftime("%Y-%m-%d %H").tolist() == ["2024-03-29 00", "2024-04-02 00", "2024-04-03 00"]


BAR = {"Open": 9.0, "High": 11.0, "Low": 8.0}


@pytest.mark.parametrize(
    ("names", "price"),
    [
        (("Prev Close", "Open", "High", "Low", "Close"), "Close"),
        (("Close", "Previous close", "Open", "High", "Low"), "Close"),
        (("Close", "Adj Close", "Open", "High", "Low"), "Adj Close"),
        (("close_price", "adjclose", "open", "high", "low"), "adjclose"),
        (("Adjusted Factor", "Close", "Open", "High", "Low"), "Close"),
        (("Open", "High", "Low", "Closeness", "Last Price"), "Last Price"),
        (("Vortag", "Schlusskurs", "Open", "High", "Low"), "Schlusskurs"),
        (
            ("Prev. Close", "Open Price", "High Price", "Low Price", "Last Price", "Close Price"),
            "Close Price",
        ),
        (("Offen", "Hoch", "Tief", "Schluss"), "Schluss"),
        (("Dernier", "Ouv.", "Plus Haut", "Plus Bas", "Variation %"), "Dernier"),
        (("前日終値", "始値", "高値", "安値", "終値"), "終値"),
        (("Apertura", "Máximo", "Mínimo", "Cierre"), "Cierre"),
        (("Open", "High", "Low", "Price"), "Price"),
    ],
)
def test_the_price_is_chosen_by_whole_words(names: tuple[str, ...], price: str) -> None:
    assert guess_layout(walk(**dict.fromkeys(names, 10.0))).prices == (price,)


def test_what_finance_calls_otherwise_is_no_price_at_first() -> None:
    names = ("SP500", "Dividend", "Earnings", "PE10", "Consumer Price Index")
    frame = walk(**dict.fromkeys(names, 10.0))
    assert guess_layout(frame).prices == ("SP500",)
    assert "is what is paid to holders" in left_out(frame, guess_layout(frame))[0].reason
    assert guess_layout(frame, {"PE10": "number"}).prices == ("SP500", "PE10")
    assert guess_layout(walk(Earnings=10.0, PE10=9.0)).prices == ("Earnings", "PE10")


def test_measurements_are_left_out_beside_a_price_only() -> None:
    frame = walk(price=10.0, humidity=50.0).assign(drawn=np.random.default_rng(0).uniform(1, 9, 300))
    assert guess_layout(frame).prices == ("price",)
    told = {one.name: one.reason for one in left_out(frame, guess_layout(frame))}
    assert told["drawn"] == "has values that do not follow from the ones before"
    assert guess_layout(frame.drop(columns="price")).prices == ("humidity", "drawn")
    assert guess_layout(frame.sample(frac=1, random_state=0)).prices == ("price",)


def test_assets_with_names_like_counts_are_kept() -> None:
    names = (
        "Index",
        "VOL",
        "NO",
        "iShares Core",
        "Volvo",
        "Turnovera",
        "No 7",
        "Open",
        "High Yield",
        "Low Vol",
    )
    assert guess_layout(walk(**dict.fromkeys(names, 10.0))).prices == names


def test_what_counts_shares_or_rows_is_left_out_with_the_reason() -> None:
    frame = walk(**BAR, Close=10.0).assign(vol=1000, Volume=1e6 + 0.5, no=np.arange(300) + 7, share="x")
    frame["SHROUT"] = 5e6
    frame["Year"] = pd.to_datetime(frame.iloc[:, 0]).dt.year
    reasons = {left.name: left.reason for left in left_out(frame, guess_layout(frame))}
    assert reasons == {
        **dict.fromkeys(BAR, "Close is taken as the price"),
        "vol": "whole numbers beside open, high and low, so it counts shares",
        "Volume": "its name says that it counts shares or trades",
        "SHROUT": "its name says that it counts shares or trades",
        "no": "it counts the rows",
        "Year": "it holds years",
    }
    wanted = {"Volume": "number"}
    assert LeftOut("Volume", "Close is taken as the price") in left_out(
        frame, guess_layout(frame, wanted), wanted
    )


@pytest.mark.parametrize("cells", [[202401, 202402, 202403], [2001.0, 2002.0], ["Jan 2024", "Feb 2024"]])
def test_months_and_years_are_dates(cells: list[object]) -> None:
    dates = read_dates(pd.Series(cells))
    assert dates is not None and (dates.dt.day == 1).all()


@pytest.mark.parametrize("cells", [[1.5, 2.5], [1, 2], ["x", "y"], [True, False], [None, None], [20241399.0]])
def test_other_columns_are_no_dates(cells: list[object]) -> None:
    assert read_dates(pd.Series(cells)) is None


def test_undated_and_repeated_rows_are_counted_and_the_last_one_counts() -> None:
    frame = walk(60)
    frame["date"] = frame["date"].dt.strftime("%Y-%m-%d")
    frame.loc[3, "date"], frame.loc[10, "date"] = "n/a", frame.loc[9, "date"]
    table = price_table(frame)
    assert (table.undated, table.repeated, len(table.prices)) == (1, 1, 58)
    assert table.prices.loc[frame.loc[9, "date"], "a"] == frame.loc[10, "a"]
    assert len(messages(frame, "date")) == 2


@pytest.mark.parametrize(
    ("freq", "name", "per_year"),
    [
        ("B", "daily", 252),
        ("D", "daily", 365),
        ("W", "weekly", 52),
        ("ME", "monthly", 12),
        ("QE", "quarterly", 4),
    ],
)
def test_frequency_and_its_factor(freq: str, name: str, per_year: int) -> None:
    found = frequency_of(pd.date_range("2010-01-01", periods=60, freq=freq))
    assert (found.name, found.per_year) == (name, per_year)
    hourly = frequency_of(pd.date_range("2020-01-01", periods=24 * 365, freq="h"))
    assert hourly.name == "irregular" and hourly.per_year == pytest.approx(24 * 365.25, rel=0.01)


def test_gaps_are_found_but_not_weekends_and_holidays() -> None:
    frame = walk(300)
    assert messages(frame, "gap") == []
    assert [m[:6] for m in messages(frame.drop(index=range(100, 120)), "gap")] == ["1 gap "]
    september = price_table(STOCKS).prices.loc["2001-09-01":"2001-09-30"]
    assert september.index.to_series().diff().max() == pd.Timedelta(days=7)
    assert messages(STOCKS, "gap") == []


def test_a_mistyped_price_is_a_spike_not_two_splits() -> None:
    frame = walk(300)
    frame.loc[150, "a"] *= 100
    assert messages(frame, "split") == []
    (found,) = messages(frame, "spike")
    assert frame.loc[150, "date"].strftime("%Y-%m-%d") in found


@pytest.mark.parametrize(
    ("factor", "words"), [(1 / 4, "about 1/4"), (2 / 3, "about 2/3"), (10, "about 10 times")]
)
def test_a_split_is_named_by_its_ratio(factor: float, words: str) -> None:
    frame = walk(300)
    frame.loc[150:, "a"] *= factor
    (found,) = messages(frame, "split")
    assert words in found and "a real move" in found


def test_a_random_walk_has_nothing_to_report() -> None:
    for seed in range(20):
        assert check_prices(price_table(walk(500, seed=seed))) == ()


def test_prices_standing_still_and_holes_are_found() -> None:
    frame = walk(300)
    frame.loc[50:70, "a"] = frame.loc[50, "a"]
    frame.loc[100:104, "a"] = np.nan
    assert "stands still" in messages(frame, "stale")[0]
    assert messages(frame, "missing")[0].startswith("5 values are missing inside")


def test_negative_series_are_left_out_of_returns_and_said() -> None:
    frame = walk(a=10.0).assign(spread=lambda d: d["a"] - d["a"].mean())
    prices, left_out = usable_prices(price_table(frame).prices)
    assert left_out == ("spread",) and list(prices.columns) == ["a"]
    assert "not prices" in messages(frame, "negative")[0]
    assert messages(frame, "zero") == []


@pytest.mark.parametrize(
    ("frame", "layout", "words"),
    [
        (pd.DataFrame({"a": [1.5, 2.5, 3.5]}), None, "No column reads as dates"),
        (walk()[["date"]].assign(volume=1.0), None, "no number column looks like a price"),
        (walk(2), None, "Only 2 dates"),
        (walk(), PriceLayout("wide", "date", ("b",)), "no column 'b'"),
        (walk().assign(t="x"), PriceLayout("wide", "date", ("t",)), "'t' holds no numbers"),
        (walk().assign(t="x"), PriceLayout("wide", "t", ("a",)), "'t' does not read as dates"),
        (walk(), PriceLayout("wide", "date", ()), "at least one"),
        (walk(), PriceLayout("long", "date", ("a",)), "names the asset"),
    ],
)
def test_bad_input_is_one_clear_sentence(frame: pd.DataFrame, layout: PriceLayout | None, words: str) -> None:
    with pytest.raises(ZetascopeError, match=words):
        price_table(frame, layout)


@pytest.mark.parametrize(
    ("columns", "prices"),
    [
        (("PX_LAST", "PX_OPEN", "PX_HIGH", "PX_LOW", "PX_CLOSE_1D"), ("PX_LAST",)),
        (("始値(円)", "高値(円)", "安値(円)", "終値(円)"), ("終値(円)",)),
        (("始値", "高値", "安値", "終値", "調整後終値"), ("調整後終値",)),
        (("1. open", "2. high", "3. low", "4. close", "5. adjusted close"), ("5. adjusted close",)),
        (("Otwarcie", "Najwyzszy", "Najnizszy", "Zamkniecie"), ("Zamkniecie",)),
        (("Eroeffnung", "Eröffnung", "Schluss"), ("Schluss",)),
        (("Open", "High", "Low", "Last", "Settle"), ("Settle",)),
        (("A_Close", "A_Open", "A_High", "A_Low", "B_Close", "B_Open"), ("A_Close", "B_Close")),
        (("Open A", "Close A", "Adj Close A", "Open B", "Close B", "SPY"), ("Adj Close A", "Close B", "SPY")),
        (("X.Open", "X.High", "X.Low", "X.Close", "X.Adjusted"), ("X.Adjusted",)),
        (("Close", "Dividends", "Stock Splits"), ("Close",)),
        (("NAV", "Total Net Assets"), ("NAV",)),
        (("Zuletzt", "Eröffn.", "Hoch", "Tief"), ("Zuletzt",)),
        (("收市价", "开市价", "最高价", "最低价"), ("收市价",)),
        (("close", "closeadj", "open", "high", "low"), ("closeadj",)),
        (("price", "market_cap"), ("price",)),
        (("Low Carbon ETF", "High Yield ETF", "Open Door Fund"), None),
    ],
)
def test_one_price_of_each_asset_whatever_stands_beside_the_words(
    columns: tuple[str, ...], prices: tuple[str, ...] | None
) -> None:
    frame = walk(**{name: 100.0 + place for place, name in enumerate(columns)})
    layout = guess_layout(frame)
    assert layout.prices == (columns if prices is None else prices)
    taken = {found.name for found in left_out(frame, layout)}
    assert taken | set(layout.prices) == set(columns)


def test_the_reason_names_the_price_that_is_taken_instead() -> None:
    frame = walk(**{"A Open": 1.0, "A Close": 2.0, "B Open": 3.0, "B Close": 4.0})
    assert left_out(frame, guess_layout(frame)) == (
        LeftOut("A Open", "A Close is taken as the price"),
        LeftOut("B Open", "B Close is taken as the price"),
    )


def test_numbers_that_are_codes_name_assets() -> None:
    frame = pd.concat([walk(close=1.0, seed=code).assign(code=code) for code in (7203, 9984)])
    assert guess_layout(frame) == PriceLayout("long", "date", ("close",), "code")


@pytest.mark.parametrize(
    "months", [range(1, 13), ("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split())]
)
def test_dates_in_two_columns_are_no_prices_and_no_assets(months: object) -> None:
    frame = pd.DataFrame({"Year": np.repeat(range(2018, 2023), 12), "Month": [*months] * 5})  # type: ignore[misc]
    with pytest.raises(ZetascopeError, match="'Year' and 'Month': make one column"):
        guess_layout(frame.assign(Close=np.linspace(100, 130, 60)))
