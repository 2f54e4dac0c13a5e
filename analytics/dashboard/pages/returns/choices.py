"""The Returns page's own pieces: where the prices are, how they are scaled, and the cached comparison."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from analytics.dashboard.pages.returns.tables import NO_MEASURES, Measures
from analytics.dashboard.parts import widgets
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet
from analytics.errors import ZetascopeError
from analytics.numbers.returns.dividends import Dividends
from analytics.numbers.returns.price_dates import read_dates
from analytics.numbers.returns.price_decisions import Decision
from analytics.numbers.returns.price_layout import (
    LeftOut,
    PriceLayout,
    asset_columns,
    date_columns,
    guess_layout,
    left_out,
    number_choices,
)
from analytics.numbers.returns.price_nature import currency_of, is_dividend
from analytics.numbers.returns.returns import ReturnKind
from analytics.numbers.returns.study import ReturnStudy, Scale, study_returns
from analytics.reproduce import cleaning, returns_script

_ASSETS_AT_FIRST = 12
KINDS: dict[str, ReturnKind] = {"simple": "simple", "log": "log", "differences": "difference"}
_WIDTH = 165  # pixels: six controls stand in two lines beside the sidebar at 820


@st.cache_resource(scope="session", max_entries=8, show_spinner=False)
def guessed(key: str, _dataset: DataSet) -> PriceLayout | str:
    """The layout, or the sentence that says why there is none."""
    try:
        return guess_layout(_dataset.frame, _dataset.uses)
    except ZetascopeError as error:
        return str(error)


@dataclass(frozen=True)
class Wanted:
    """What is compared: where the prices are, which assets (None: all), which returns, on which scale, after
    which decisions, from when until when (ISO dates), with which dividends."""

    layout: PriceLayout
    assets: tuple[str, ...] | None
    kind: ReturnKind
    scale: Scale
    decisions: tuple[Decision, ...] = ()
    first: str | None = None
    last: str | None = None
    dividends: Dividends | None = None


@st.cache_resource(scope="session", max_entries=8, show_spinner="Comparing returns")
def compared(key: str, wanted: Wanted, _frame: pd.DataFrame) -> ReturnStudy:
    """The comparison of the open data set."""
    return study_returns(
        _frame,
        wanted.layout,
        assets=wanted.assets,
        kind=wanted.kind,
        scale=wanted.scale,
        decisions=wanted.decisions,
        first=wanted.first,
        last=wanted.last,
        dividends=wanted.dividends,
    )


def draw_no_prices(reason: str) -> None:
    """Why this table has no returns, and where some are."""
    st.info(f"{reason} The Stocks sample shows what this page does.", icon=":material/show_chart:")
    st.button(
        "Open the Stocks sample", key="returns_open_stocks", on_click=datasets.open_next, args=("stocks",)
    )


def choose_layout(dataset: DataSet, guess: PriceLayout) -> PriceLayout:
    """Draw where dates and prices are; the guess is the default of each control."""
    frame, uses = dataset.frame, dataset.uses
    dates = date_columns(frame, uses)
    date = widgets.choose_one("Dates", dates, key="returns_date", index=dates.index(guess.date))
    names = asset_columns(frame, date=date, uses=uses)
    forms = ["wide", "long"] if names else ["wide"]
    form = widgets.choose_one(
        "Form",
        forms,
        key="returns_form",
        index=forms.index(guess.form),
        help="Wide: a price column per asset. Long: a row per date and asset.",
    )
    prices = number_choices(frame, date=date, uses=uses) or list(guess.prices)
    if form == "wide":
        default = [name for name in guess.prices if name in prices][:_ASSETS_AT_FIRST]
        chosen = widgets.choose_columns("Prices", prices, key="returns_prices", default=default)
        return PriceLayout("wide", date, tuple(chosen))
    asset = guess.asset_column if guess.asset_column in names else names[0]
    by = widgets.choose_one("Asset named by", names, key="returns_asset_column", index=names.index(asset))
    first = guess.prices[0] if guess.prices[0] in prices else prices[0]
    price = widgets.choose_one("Price", prices, key="returns_price", index=prices.index(first))
    return PriceLayout("long", date, (price,), by)


def not_taken(dataset: DataSet, guess: PriceLayout, wanted: Wanted) -> tuple[LeftOut, ...]:
    """What this page left out by its own judgement and the visitor has not taken in."""
    layout = wanted.layout
    found = [
        left
        for left in left_out(dataset.frame, guess, dataset.uses)
        if left.name not in layout.prices and left.name != layout.date
    ]
    offered = _asset_names(dataset, layout) if layout.asset_column else list(guess.prices)
    taken = layout.prices if wanted.assets is None else wanted.assets
    reason = f"only the first {_ASSETS_AT_FIRST} of {len(offered):,} are shown at first"
    later = [name for name in offered[_ASSETS_AT_FIRST:] if name not in taken]
    return (*found, *(LeftOut(name, reason) for name in later))


def choose_assets(dataset: DataSet, layout: PriceLayout) -> tuple[str, ...] | None:
    """Which assets of a long file; None for all columns of a wide one."""
    if layout.asset_column is None:
        return None
    names = _asset_names(dataset, layout)
    chosen = widgets.choose_columns("Assets", names, key="returns_assets", default=names[:_ASSETS_AT_FIRST])
    return tuple(chosen)


def _asset_names(dataset: DataSet, layout: PriceLayout) -> list[str]:
    return sorted(dataset.frame[layout.asset_column].dropna().astype(str).unique())


def choose_kind() -> ReturnKind:
    """Log or simple returns."""
    chosen = widgets.choose_one(
        "Returns",
        list(KINDS),
        key="returns_kind",
        width=_WIDTH,
        help="Simple returns are what an account shows; log returns add up over time; differences are for "
        "what is no price. Every table and figure is in the chosen kind.",
    )
    return KINDS[chosen]


def choose_scale(periods: int) -> Scale:
    """How returns are standardized; the last two know the past only."""
    ways: dict[str, Callable[[int], Scale]] = {
        "full sample": lambda _periods: Scale(),
        "past window": _past_window,
        "past volatility": _past_volatility,
    }
    way = widgets.choose_one(
        "Measured by",
        list(ways),
        key="returns_scale",
        width=_WIDTH,
        help="The full sample knows the future; a window and past volatility use earlier returns only.",
    )
    return ways[way](periods)


def _past_window(periods: int) -> Scale:
    return Scale(window=_length("Window", default=min(60, periods // 4), low=2, high=periods - 1))


def _past_volatility(periods: int) -> Scale:
    return Scale(halflife=_length("Half-life", default=min(20, periods // 8), low=1, high=periods - 1))


def _length(label: str, *, default: int, low: int, high: int) -> int:
    key = f"returns_{label.lower().replace('-', '_')}"
    high = max(low, high)
    if not low <= st.session_state.get(key, low) <= high:
        del st.session_state[key]
    value = st.number_input(
        f"{label} (returns)",
        min_value=low,
        max_value=high,
        value=max(low, default),
        step=1,
        key=key,
        width=_WIDTH,
        bind="query-params",
    )
    return int(value)


def choose_time(dataset: DataSet, date: str) -> tuple[str | None, str | None]:
    """From which day until which day; None for all there are."""
    found = read_dates(dataset.frame[date])
    if found is None or found.dropna().empty:
        return None, None
    low, high = found.min().date(), found.max().date()
    first = _day("From", key="returns_from", low=low, high=high, value=low)
    last = _day("Until", key="returns_until", low=low, high=high, value=high)
    return (
        None if first is None or first <= low else first.isoformat(),
        None if last is None or last >= high else last.isoformat(),
    )


def _day(label: str, *, key: str, low: dt.date, high: dt.date, value: dt.date) -> dt.date | None:
    kept = st.session_state.get(key)
    if isinstance(kept, dt.date) and not low <= kept <= high:
        st.session_state[key] = value
    return st.date_input(
        label,
        value=value,
        min_value=low,
        max_value=high,
        key=key,
        format="YYYY-MM-DD",
        width=_WIDTH,
        bind="query-params",
    )


def choose_measures(names: list[str]) -> Measures:
    """The benchmark, the riskless rate and the level of losses."""
    none = "none"
    chosen = widgets.choose_one(
        "Benchmark",
        [none, *names],
        key="returns_benchmark",
        width=_WIDTH,
        help="Beta, alpha, tracking error and correlation over time are against it.",
    )
    rate = st.number_input(
        "Riskless rate, % a year",
        value=0.0,
        min_value=-10.0,
        max_value=100.0,
        step=0.5,
        key="returns_rate",
        width=_WIDTH,
        bind="query-params",
        help="What an account without risk would have paid: Sharpe, Sortino and alpha are over it.",
    )
    level = widgets.choose_one("Level of losses", ["95%", "99%"], key="returns_level", width=_WIDTH)
    return Measures(None if chosen == none else chosen, rate / 100, int(level.rstrip("%")) / 100)


def choose_dividends(dataset: DataSet, layout: PriceLayout) -> Dividends | None:
    """The column of dividends, if one is chosen, and whether it says what is paid a year."""
    numbers = number_choices(dataset.frame, date=layout.date, uses=dataset.uses)
    columns = [name for name in numbers if name not in layout.prices or is_dividend(name)]
    columns = [name for name in columns if name != layout.prices[0]] if layout.prices else columns
    if not columns or not layout.prices:
        return None
    none = "not counted"
    named = sorted(columns, key=lambda name: not is_dividend(name))
    column = widgets.choose_one("Dividends", [none, *named], key="returns_dividends")
    if column == none:
        return None
    asset = None
    if layout.asset_column is None:
        asset = widgets.choose_one("Paid on", list(layout.prices), key="returns_dividends_of")
    yearly = widgets.choose_one(
        "Its values are",
        ["paid on the date", "a year, at the pace of the date"],
        key="returns_dividends_are",
    )
    return Dividends(column, asset, yearly != "paid on the date")


def choose_currency(layout: PriceLayout) -> str:
    """The currency that prices are named in: found in names, and the visitor's to say."""
    return st.text_input(
        "Currency",
        value=currency_of([*layout.prices, layout.asset_column or ""]),
        key="returns_currency",
        placeholder="not named in the file",
        bind="query-params",
        help="Nothing is converted: assets in different currencies do not compare.",
    )


def script(dataset: DataSet, wanted: Wanted, measures: Measures = NO_MEASURES) -> str:
    """Python that repeats the comparison from the file."""
    return returns_script(
        wanted.layout,
        file_name=dataset.name,
        assets=wanted.assets,
        kind=wanted.kind,
        scale=wanted.scale,
        decisions=wanted.decisions,
        first=wanted.first,
        last=wanted.last,
        dividends=wanted.dividends,
        benchmark=measures.benchmark,
        rate=measures.rate,
        level=measures.level,
        options=dataset.options,
        steps=cleaning(dataset.recipe, dataset.read_table),
    )
