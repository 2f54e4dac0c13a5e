"""Prices by date, in wide or long form, brought to one shape: a row per date, a column per asset."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from pandas.api import types

from analytics.errors import ZetascopeError
from analytics.numbers.returns.price_calendar import Frequency, frequency_of

_NO_PRICE = re.compile(r"vol(ume)?\b|turnover|shares|open.?interest|^(index|id|no|nr|row)$", re.IGNORECASE)
_PRICE_NAMES = (r"^adj(usted)?[\W_]*close", r"close", r"^price$", r"price", r"last|settle", r"value")
_OPEN_HIGH_LOW = ("open", "high", "low")
_DATE_FORMATS = (
    *("ISO8601", "%Y/%m/%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%b-%Y", "%d %b %Y"),
    *("%b %d, %Y", "%b %Y", "%B %Y", "%b-%y", "%m/%Y"),
)
_PARSED_SHARE = 0.95
"""A column counts as dates when at least this share of its filled cells reads as a date."""

Uses = Mapping[str, str]
NO_USES: Uses = {}
_NAMING = ("category", "text", "identifier")


@dataclass(frozen=True)
class PriceLayout:
    """Where dates and prices are. Wide: a price column per asset; long: ``asset_column`` names the asset."""

    form: Literal["wide", "long"]
    date: str
    prices: tuple[str, ...]
    asset_column: str | None = None


@dataclass(frozen=True)
class PriceTable:
    """``prices``: float64, ascending unique DatetimeIndex, a column per asset, NaN where there is none.

    ``undated`` rows had no readable date, ``repeated`` rows a date that came again later (the last one
    counts).
    """

    prices: pd.DataFrame
    frequency: Frequency
    undated: int
    repeated: int
    sorted_by_date: bool


def read_dates(column: pd.Series) -> pd.Series | None:
    """Dates, without zone, of a column of dates, texts, or numbers like 20240131, 202401, 2024; else None.

    Unreadable cells become NaT; with more than one in twenty of them the column does not count as dates.
    """
    if types.is_bool_dtype(column.dtype):
        return None
    if types.is_datetime64_any_dtype(column.dtype):
        return _without_zone(column)
    filled = int(column.notna().sum())
    if not filled:
        return None
    numeric = types.is_numeric_dtype(column.dtype)
    text = _whole_numbers(column) if numeric else column.astype("string").str.strip()
    if text is None:
        return None
    for pattern in ("%Y%m%d", "%Y%m", "%Y") if numeric else _DATE_FORMATS:
        dates = pd.to_datetime(text, format=pattern, errors="coerce", utc=pattern == "ISO8601")
        if dates.notna().sum() >= _PARSED_SHARE * filled:
            return _without_zone(dates)
    return None


def _whole_numbers(column: pd.Series) -> pd.Series | None:
    """Numbers of a width that dates have, as text; None where any other number is among them."""
    seen = column.dropna().to_numpy(dtype=np.float64)
    ranges = ((18000101, 21001231), (180001, 210012), (1800, 2100))
    if not any(((seen == np.round(seen)) & (low <= seen) & (seen <= high)).all() for low, high in ranges):
        return None
    return column.astype("Int64").astype("string")


def _without_zone(dates: pd.Series) -> pd.Series:
    dates = dates.astype("datetime64[us]") if isinstance(dates.dtype, pd.ArrowDtype) else dates
    return dates.dt.tz_localize(None) if getattr(dates.dtype, "tz", None) is not None else dates


def date_columns(frame: pd.DataFrame, uses: Uses = NO_USES) -> list[str]:
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
    return read_dates(column.head(sample)) is not None


def _date_rank(column: pd.Series) -> int:
    if types.is_datetime64_any_dtype(column.dtype):
        return 0
    return 2 if types.is_numeric_dtype(column.dtype) else 1


def price_columns(frame: pd.DataFrame, *, date: str, uses: Uses = NO_USES) -> list[str]:
    """Number columns other than the date and those that count shares or rows, unless ``uses`` wants them."""
    numbers = [name for name in frame.columns if name != date and _is_number(frame[name])]
    return [
        name
        for name in numbers
        if uses.get(name, "" if _NO_PRICE.search(str(name)) else "number") == "number"
    ]


def _is_number(column: pd.Series) -> bool:
    return types.is_numeric_dtype(column.dtype) and not types.is_bool_dtype(column.dtype)


def guess_layout(frame: pd.DataFrame, uses: Uses = NO_USES) -> PriceLayout:
    """Find dates, assets and prices by type, name and repetition; raises where there is no date or no price.

    Long form is recognised by dates that repeat while (date, text column) does not. Of several price columns
    in long form, and of open, high, low and close, the adjusted close counts, then the close.
    """
    dates = date_columns(frame, uses)
    if not dates:
        raise ZetascopeError("No column reads as dates: returns need a row per date, or per date and asset.")
    date = dates[0]
    prices = price_columns(frame, date=date, uses=uses)
    if not prices:
        raise ZetascopeError(
            f"Beside {date!r} no number column looks like a price: choose a table with prices."
        )
    asset = _asset_column(frame, date, uses)
    if asset is not None:
        return PriceLayout("long", date, (_best_price(prices),), asset)
    lower = {str(name).lower() for name in frame.columns}
    if all(name in lower for name in _OPEN_HIGH_LOW):
        return PriceLayout("wide", date, (_best_price(prices),))
    return PriceLayout("wide", date, tuple(prices))


def _best_price(names: list[str]) -> str:
    for pattern in _PRICE_NAMES:
        for name in names:
            if re.search(pattern, str(name), re.IGNORECASE):
                return name
    return names[0]


def asset_columns(frame: pd.DataFrame, *, date: str, uses: Uses = NO_USES) -> list[str]:
    """Columns that could name the asset: neither numbers nor dates, unless ``uses`` wants them as names."""
    return [name for name in frame.columns if name != date and _could_name(frame[name], uses.get(name, ""))]


def _could_name(column: pd.Series, use: str) -> bool:
    if use:
        return use in _NAMING
    return not _is_number(column) and not types.is_datetime64_any_dtype(column.dtype)


def _asset_column(frame: pd.DataFrame, date: str, uses: Uses) -> str | None:
    if frame[date].nunique() >= _PARSED_SHARE * len(frame):
        return None
    fitting = [
        name
        for name in asset_columns(frame, date=date, uses=uses)
        if frame[name].nunique() > 1 and frame.duplicated([date, name]).mean() <= 1 - _PARSED_SHARE
    ]
    return min(fitting, key=lambda name: frame[name].nunique(), default=None)


def price_table(frame: pd.DataFrame, layout: PriceLayout | None = None) -> PriceTable:
    """Bring ``frame`` to one row per date and one column per asset.

    Rows without a readable date are left out; where a date (and asset) comes again, the last row counts.
    Raises ZetascopeError for unknown columns, unreadable dates, and fewer than three dates.
    """
    layout = layout or guess_layout(frame)
    _check_columns(frame, layout)
    dates = read_dates(frame[layout.date])
    if dates is None:
        raise ZetascopeError(f"Column {layout.date!r} does not read as dates: choose another date column.")
    keys = [dates] if layout.asset_column is None else [dates, frame[layout.asset_column].astype("string")]
    values = frame[list(layout.prices)].astype("Float64").astype(np.float64)
    usable = pd.concat(keys, axis=1).notna().all(axis=1).to_numpy(dtype=bool)
    values.index = (
        pd.MultiIndex.from_arrays(keys) if len(keys) > 1 else pd.DatetimeIndex(dates, name=layout.date)
    )
    values = values[usable]
    repeated = values.index.duplicated(keep="last")
    prices = values[~repeated]
    if layout.asset_column is not None:
        prices = prices[layout.prices[0]].unstack()
    ordered = prices.sort_index()
    ordered.index.name, ordered.columns.name = layout.date, None
    ordered.columns = [str(name) for name in ordered.columns]
    if len(ordered) < 3:
        raise ZetascopeError(f"Only {len(ordered)} dates: returns need at least three prices.")
    return PriceTable(
        ordered.replace([np.inf, -np.inf], np.nan),
        frequency_of(pd.DatetimeIndex(ordered.index)),
        int((~usable).sum()),
        int(repeated.sum()),
        _in_order(dates[usable], keys[-1][usable] if len(keys) > 1 else None),
    )


def _in_order(dates: pd.Series, assets: pd.Series | None) -> bool:
    """Whether dates never go back, within each asset where there are several."""
    steps = dates.diff() if assets is None else dates.groupby(assets.to_numpy()).diff()
    return bool((steps.dropna() >= pd.Timedelta(0)).all())


def _check_columns(frame: pd.DataFrame, layout: PriceLayout) -> None:
    asked = [layout.date, *layout.prices, *([layout.asset_column] if layout.asset_column else [])]
    for name in asked:
        if name not in frame.columns:
            raise ZetascopeError(
                f"There is no column {name!r}: choose from {', '.join(map(str, frame.columns))}."
            )
    if not layout.prices:
        raise ZetascopeError("No price column is chosen: choose at least one.")
    if layout.form == "long" and (layout.asset_column is None or len(layout.prices) != 1):
        raise ZetascopeError("Long form needs the column that names the asset, and one price column.")
    for name in layout.prices:
        if not _is_number(frame[name]):
            raise ZetascopeError(f"Column {name!r} holds no numbers: choose another price column.")
