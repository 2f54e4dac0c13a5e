"""Prices by date, in wide or long form, brought to one shape: a row per date, a column per asset."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError
from analytics.numbers.returns.price_calendar import Frequency, frequencies_of
from analytics.numbers.returns.price_dates import left_open, read_dates
from analytics.numbers.returns.price_layout import PriceLayout, guess_layout, is_number


@dataclass(frozen=True)
class PriceTable:
    """``prices``: float64, ascending unique DatetimeIndex, a column per asset, NaN where there is none.

    ``frequency`` is the commonest; ``frequencies`` that of each asset's own dates.

    ``undated`` rows had no readable date, ``repeated`` rows a date that came again later (the last one
    counts).
    """

    prices: pd.DataFrame
    frequency: Frequency
    frequencies: Mapping[str, Frequency]
    undated: int
    repeated: int
    sorted_by_date: bool


def price_table(frame: pd.DataFrame, layout: PriceLayout | None = None) -> PriceTable:
    """Bring ``frame`` to one row per date and one column per asset.

    Rows without a readable date are left out; where a date (and asset) comes again, the last row counts.
    Raises ZetascopeError for unknown columns, unreadable dates, and fewer than three dates.
    """
    layout = layout or guess_layout(frame)
    _check_columns(frame, layout)
    dates = read_dates(frame[layout.date])
    if dates is None:
        why = left_open(frame[layout.date])
        cure = f"its cells {why}. Say what they are where the file is read, or " if why else ""
        raise ZetascopeError(
            f"Column {layout.date!r} does not read as dates: {cure}choose another date column."
        )
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
    finite = ordered.replace([np.inf, -np.inf], np.nan)
    return PriceTable(
        finite,
        *frequencies_of(finite),
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
        if not is_number(frame[name]):
            raise ZetascopeError(f"Column {name!r} holds no numbers: choose another price column.")
