"""Where dates, assets and prices are in a table: found by type, name and repetition, and never silently."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from pandas.api import types

from analytics.errors import ZetascopeError
from analytics.numbers.basics.measurements import not_measured
from analytics.numbers.returns.price_bars import is_bar, one_of_each
from analytics.numbers.returns.price_dates import left_open, read_dates
from analytics.numbers.returns.price_names import (
    ROW_NAMES,
    SHORT_VOLUMES,
    counts_trades,
    names_asset,
    price_rank,
    words_of,
)
from analytics.numbers.returns.price_nature import told_by_finance, why_no_price

_Uses = Mapping[str, str]
_NO_USES: _Uses = {}
_ONE_EACH = 0.95
"""Share of rows that are one per date, or per date and asset: a few come twice in most downloads."""
_YEARS = {"year", "jahr", "annee", "ano", "anno", "rok", "год", "年", "date", "datum"}
_PARTS_OF_YEARS = {
    "month", "monat", "mois", "mes", "mese", "miesiac", "месяц", "月", "quarter", "quartal", "trimestre",
    "week", "woche", "mo", "qtr",
}  # fmt: skip
_NAMING = ("category", "text", "identifier")


@dataclass(frozen=True)
class PriceLayout:
    """Where dates and prices are. Wide: a price column per asset; long: ``asset_column`` names the asset."""

    form: Literal["wide", "long"]
    date: str
    prices: tuple[str, ...]
    asset_column: str | None = None


@dataclass(frozen=True)
class LeftOut:
    """A number column or an asset that nobody asked to leave out, and why it was."""

    name: str
    reason: str

    def sentence(self) -> str:
        """The name with the reason."""
        return f"{self.name}: {self.reason}"


def date_columns(frame: pd.DataFrame, uses: _Uses = _NO_USES) -> list[str]:
    """Columns that read as dates: real dates first, then texts, then numbers.

    ``uses`` says what somebody wants columns used as ("time", "number", "category", ...): a column wanted as
    time comes before all others, one wanted as something else is left out.
    """
    found = [
        name for name in frame.columns if uses.get(name, "time") == "time" and _could_be_dates(frame[name])
    ]
    ranks = {str(name): (name not in uses, _date_rank(frame[name])) for name in found}
    return sorted(found, key=lambda name: ranks[str(name)])


def _could_be_dates(column: pd.Series, sample: int = 1000) -> bool:
    """Whether all of a column reads as dates; the first rows tell of most that do not."""
    head = column.head(sample)
    return (read_dates(head) is not None or bool(left_open(head))) and read_dates(column) is not None


def _date_rank(column: pd.Series) -> int:
    if types.is_datetime64_any_dtype(column.dtype):
        return 0
    return 2 if types.is_numeric_dtype(column.dtype) else 1


def number_choices(frame: pd.DataFrame, *, date: str, uses: _Uses = _NO_USES) -> list[str]:
    """Every number column that may be taken as prices."""
    return [
        name
        for name in frame.columns
        if name != date and is_number(frame[name]) and uses.get(name, "number") == "number"
    ]


def _price_columns(frame: pd.DataFrame, *, date: str, uses: _Uses = _NO_USES) -> list[str]:
    """The choices but for those that count shares or rows, or measure nothing as years do, unless ``uses``
    wants them."""
    return [
        name
        for name in number_choices(frame, date=date, uses=uses)
        if name in uses or not _why_no_price(frame, name)
    ]


def left_out(frame: pd.DataFrame, layout: PriceLayout, uses: _Uses = _NO_USES) -> tuple[LeftOut, ...]:
    """Number columns that ``layout`` does not take as prices, each with the reason."""
    rest = [name for name in frame.columns if name != layout.date and name not in layout.prices]
    numbers = [name for name in rest if is_number(frame[name])]
    return tuple(LeftOut(str(name), _why_not_taken(frame, layout, name, uses)) for name in numbers)


def _why_not_taken(frame: pd.DataFrame, layout: PriceLayout, name: str, uses: _Uses) -> str:
    if uses.get(name, "number") != "number":
        return f"used as {uses[name]}, as chosen on the Data page"
    why = "" if name in uses else _why_no_price(frame, name)
    if why:
        return why
    if name == layout.asset_column:
        return "names the asset"
    if odd := why_no_price(name, frame[name], asset_column=layout.asset_column):
        return odd
    better = [price for price in layout.prices if len(one_of_each([price, name], frame.columns)) == 1]
    if better or len(layout.prices) == 1:
        return f"{(better or layout.prices)[0]} is taken as the price"
    return "not chosen"


def _why_no_price(frame: pd.DataFrame, name: str) -> str:
    """Why a number column holds no prices, or nothing. A name alone is believed where it is a whole word that
    only counts have; short names, which assets have too, only where the values agree."""
    words = words_of(name)
    if counts_trades(name):
        return "its name says that it counts shares or trades"
    values = frame[name].dropna().to_numpy(dtype=np.float64, na_value=np.nan)
    if words in ROW_NAMES and values.size > 2 and (np.diff(values) == 1).all():
        return "it counts the rows"
    with_bar = is_bar(frame.columns)
    if words in SHORT_VOLUMES and with_bar and values.size and (values == np.round(values)).all():
        return "whole numbers beside open, high and low, so it counts shares"
    what = not_measured(frame[[name]], [name]).get(name)
    return f"it holds {what}" if what else ""


def is_number(column: pd.Series) -> bool:
    """Whether a column holds numbers, truth values aside."""
    return types.is_numeric_dtype(column.dtype) and not types.is_bool_dtype(column.dtype)


def guess_layout(frame: pd.DataFrame, uses: _Uses = _NO_USES) -> PriceLayout:
    """Find dates, assets and prices; raises where there is no date or no price.

    Long form is recognised by dates that repeat while (date, text column) does not. Of several price columns
    in long form, and of open, high, low and close, the adjusted close counts, then the close.
    """
    dates = date_columns(frame, uses)
    if not dates:
        raise ZetascopeError(_no_dates(frame))
    date = dates[0]
    _refuse_parts_of_dates(frame, date)
    prices = _price_columns(frame, date=date, uses=uses)
    if not prices:
        raise ZetascopeError(
            f"Beside {date!r} no number column looks like a price: choose a table with prices."
        )
    asset = _asset_column(frame, date, uses)
    prices = [name for name in prices if name != asset] or prices
    prices = _likely_prices(frame, prices, date=date, asset=asset, uses=uses)
    ones = one_of_each(prices, frame.columns)
    if asset is not None:
        return PriceLayout("long", date, (_best_price(ones),), asset)
    return PriceLayout("wide", date, ones)


def _likely_prices(
    frame: pd.DataFrame, names: Sequence[str], *, date: str, asset: str | None, uses: _Uses
) -> list[str]:
    """Those that nothing speaks against, or all where something does against each.

    What finance calls otherwise is left out; what sounds like a measurement only beside a column that is
    called a price, for assets may be called so too (High Yield).
    """
    in_time = frame.assign(**{date: read_dates(frame[date])})
    in_time = in_time.sort_values([date] if asset is None else [asset, date], kind="stable")
    priced = max(price_rank(name)[0] for name in names) >= 2
    told = {
        name: why_no_price(name, in_time[name], asset_column=asset) if priced else told_by_finance(name)
        for name in names
    }
    return [name for name in names if name in uses or not told[name]] or list(names)


def _no_dates(frame: pd.DataFrame) -> str:
    unsure = {name: why for name in frame.columns if (why := left_open(frame[name]))}
    if not unsure:
        return "No column reads as dates: returns need a row per date, or per date and asset."
    name, why = next(iter(unsure.items()))
    cell = frame[name].dropna().iloc[0]
    return (
        f"No column reads as dates: cells of {name!r} such as {cell} {why}. "
        "Say what they are where the file is read."
    )


def _refuse_parts_of_dates(frame: pd.DataFrame, date: str) -> None:
    """Raise where the months of years stand in another column, which would pass for a price or an asset."""
    if frame[date].nunique() >= _ONE_EACH * len(frame):
        return
    parts = [name for name in frame.columns if words_of(name) in _PARTS_OF_YEARS]
    found = next((name for name in parts if frame.duplicated([date, name]).mean() <= 1 - _ONE_EACH), None)
    if found is not None and words_of(date) in _YEARS:
        raise ZetascopeError(
            f"The dates stand in the columns {date!r} and {found!r}: make one column of them, as 2024-01 or "
            "2024-01-31."
        )


def _best_price(names: Sequence[str]) -> str:
    return max(names, key=price_rank)


def asset_columns(frame: pd.DataFrame, *, date: str, uses: _Uses = _NO_USES) -> list[str]:
    """Columns that could name the asset: neither numbers nor dates, unless ``uses`` wants them as names."""
    return [name for name in frame.columns if name != date and _could_name(frame[name], uses.get(name, ""))]


def _could_name(column: pd.Series, use: str) -> bool:
    if use:
        return use in _NAMING
    if is_number(column):
        return types.is_integer_dtype(column.dtype) and names_asset(column.name)
    return not types.is_datetime64_any_dtype(column.dtype)


def _asset_column(frame: pd.DataFrame, date: str, uses: _Uses) -> str | None:
    if frame[date].nunique() >= _ONE_EACH * len(frame):
        return None
    fitting = [
        name
        for name in asset_columns(frame, date=date, uses=uses)
        if frame[name].nunique() > 1 and frame.duplicated([date, name]).mean() <= 1 - _ONE_EACH
    ]
    return min(fitting, key=lambda name: frame[name].nunique(), default=None)
