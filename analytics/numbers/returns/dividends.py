"""Prices with their dividends paid back in: what a holder who bought more of the same would have."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.numbers.returns.price_calendar import PerYear, of_asset
from analytics.numbers.returns.price_layout import PriceLayout
from analytics.numbers.returns.price_tables import price_table


@dataclass(frozen=True)
class Dividends:
    """A column of payments for each share: of ``asset`` in wide form, of the row's asset in long form.

    ``yearly``: the column says what is paid a year at the pace of each date, as Shiller's does, and not what
    was paid on it.
    """

    column: str
    asset: str | None = None
    yearly: bool = False


def dividend_table(frame: pd.DataFrame, layout: PriceLayout, dividends: Dividends) -> pd.DataFrame:
    """Payments (dates, assets) as the file has them; missing where it has none."""
    table = price_table(
        frame, PriceLayout(layout.form, layout.date, (dividends.column,), layout.asset_column)
    )
    if layout.asset_column is None:
        return table.prices.set_axis([str(dividends.asset or layout.prices[0])], axis=1)
    return table.prices


def with_dividends(
    prices: pd.DataFrame, payments: pd.DataFrame, *, per_year: PerYear, yearly: bool = False
) -> pd.DataFrame:
    """Prices that end as they are and contain reinvested payments: each step is (p_t + d_t) / p_{t-1}.

    Payments at dates without a price count at the next one. Assets without payments stay as they are.
    """
    made = prices.copy()
    for name in prices.columns.intersection(payments.columns):
        p = prices[name].dropna()
        paid = payments[name].dropna()
        paid = paid[paid.index <= p.index[-1]] if len(p) else paid
        if yearly:
            # A pace holds at each date that has one; what was paid since the last date is its share.
            due = paid.reindex(p.index).fillna(0.0) / of_asset(per_year, str(name))
        else:
            due = pd.Series(0.0, index=p.index)
            places = np.searchsorted(p.index.to_numpy(), paid.index.to_numpy())
            np.add.at(array := due.to_numpy().copy(), places, paid.to_numpy())
            due = pd.Series(array, index=p.index)
        steps = ((p + due) / p.shift()).fillna(1.0).to_numpy()
        grown = np.cumprod(steps)
        made.loc[p.index, name] = p.iloc[-1] * grown / grown[-1] if len(p) else p
    return made
