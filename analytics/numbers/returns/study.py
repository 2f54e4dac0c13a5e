"""From a price file to assets on one scale, in one call: what the Returns page shows."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError
from analytics.numbers.returns.comparison import (
    FEWEST,
    compare_returns,
    correlation_pairs,
    deepest_drawdowns,
    drawdown_table,
    tail_counts,
)
from analytics.numbers.returns.price_checks import PriceFinding, check_prices, usable_prices
from analytics.numbers.returns.price_layout import LeftOut, PriceLayout
from analytics.numbers.returns.price_tables import PriceTable, price_table
from analytics.numbers.returns.returns import ReturnKind, returns_table, standardize_returns, volatility_table
from analytics.numbers.returns.score_laws import ScoreLaw


@dataclass(frozen=True)
class Scale:
    """How returns are standardized: over the full sample where neither is given."""

    window: int | None = None
    halflife: float | None = None

    @property
    def recent(self) -> bool:
        """Whether it measures by the recent past."""
        return self.window is not None or self.halflife is not None

    @property
    def law(self) -> ScoreLaw:
        """How scores of independent normal returns are spread on this scale."""
        return ScoreLaw(self.window, self.halflife, own=not self.recent)

    def sentence(self, period: str) -> str:
        """What the scale takes for granted."""
        if self.window is not None:
            return (
                f"Each return is measured by the mean and SD of the {self.window} {period}s before it, "
                "which takes the recent past as the yardstick of the present."
            )
        if self.halflife is not None:
            return (
                f"Each return is divided by the volatility of earlier {period}s, whose squares count half "
                f"as much every {self.halflife:g} {period}s; the mean is taken as zero (RiskMetrics, 1996)."
            )
        return (
            "Each return is measured by the mean and SD of its whole series, which takes both as constant "
            "and lets every value know the future."
        )


def _usual_window(per_year: float, returns: int) -> int:
    """Returns over which volatility is measured where nobody says: a quarter, but 12 or more if there are."""
    return max(2, min(max(12, round(per_year / 4)), returns // 3))


@dataclass(frozen=True)
class ReturnStudy:
    """All that is compared. Tables by date have a column per asset; ``left_out`` columns have no returns.

    ``cumulative``: running sums of returns over their spread with the mean left in, so that drift shows.
    ``volatility``: annualized, over time, measured by ``volatility_scale``.

    ``summary``: one row per asset (index), the columns of :func:`compare_returns` and of
    :func:`deepest_drawdowns`, and moves beyond three spreads: ``seen``, and ``expected`` by a normal law.
    """

    table: PriceTable
    findings: tuple[PriceFinding, ...]
    left_out: tuple[LeftOut, ...]
    prices: pd.DataFrame
    returns: pd.DataFrame
    standardized: pd.DataFrame
    cumulative: pd.DataFrame
    volatility: pd.DataFrame
    scale: Scale
    volatility_scale: Scale
    drawdowns: pd.DataFrame
    summary: pd.DataFrame
    tails: pd.DataFrame
    correlations: pd.DataFrame

    @property
    def factor(self) -> str:
        """What volatility of one period is multiplied by, in words, with the reason."""
        mine = {name: self.table.frequencies[name] for name in self.prices.columns}
        kinds = {frequency.why: f"√{frequency.per_year:.4g}" for frequency in mine.values()}
        if len(kinds) == 1:
            return "".join(f"{root} ({why})" for why, root in kinds.items())
        each = ", ".join(f"{name} √{frequency.per_year:.4g}" for name, frequency in mine.items())
        return f"the root of the periods a year of each asset's own calendar ({each})"


def study_returns(
    frame: pd.DataFrame,
    layout: PriceLayout | None = None,
    *,
    assets: tuple[str, ...] | None = None,
    kind: ReturnKind = "log",
    scale: Scale | None = None,
) -> ReturnStudy:
    """Read prices (see :func:`price_table`), check them, and compare the assets (default: all) on one scale.

    Zeros count as missing and series with negative values are left out; the findings say so. Raises
    ZetascopeError where no asset is left, or the window or half-life leaves no standardized return.
    """
    scale = scale or Scale()
    table = price_table(frame, layout)
    chosen = _chosen(table.prices, assets)
    prices, unusable = usable_prices(chosen)
    if prices.empty or not prices.shape[1]:
        raise ZetascopeError("No series has at least three positive prices: choose other columns.")
    returns = returns_table(prices, kind=kind)
    _, standardized = _scored(returns, scale)
    if standardized.notna().sum().max() == 0:
        raise ZetascopeError(
            f"{len(returns):,} returns are too few: the scale needs more before its first value, "
            "so choose a shorter window or half-life."
        )
    recent = scale if scale.recent else Scale(window=_usual_window(table.frequency.per_year, len(returns)))
    uncentred = standardize_returns(returns, window=scale.window, halflife=scale.halflife, center=False)
    per_year = {name: frequency.per_year for name, frequency in table.frequencies.items()}
    comparison = compare_returns(returns, per_year=per_year)
    tails = tail_counts(standardized, law=scale.law)
    three = tails[tails["threshold"] == 3].set_index("asset")[["seen", "expected"]]
    return ReturnStudy(
        table,
        tuple(f for f in check_prices(table) if f.asset is None or assets is None or f.asset in assets),
        tuple(LeftOut(name, _why_unusable(chosen[name])) for name in unusable),
        prices,
        returns,
        standardized,
        uncentred.cumsum(),
        volatility_table(returns, per_year=per_year, window=recent.window, halflife=recent.halflife),
        scale,
        recent,
        drawdown_table(prices),
        comparison.join(deepest_drawdowns(prices)).join(three),
        tails,
        correlation_pairs(
            prices, returns, standardized, again=lambda pair: _scored(returns_table(pair, kind=kind), scale)
        ),
    )


def _scored(returns: pd.DataFrame, scale: Scale) -> tuple[pd.DataFrame, pd.DataFrame]:
    return returns, standardize_returns(returns, window=scale.window, halflife=scale.halflife)


def _why_unusable(prices: pd.Series) -> str:
    return "has negative values" if (prices < 0).any() else "has fewer than three prices"


def _chosen(prices: pd.DataFrame, assets: tuple[str, ...] | None) -> pd.DataFrame:
    if assets is None:
        return prices
    for name in assets:
        if name not in prices.columns:
            names = ", ".join(prices.columns[:12])
            raise ZetascopeError(f"There is no asset {name!r}: choose from {names}.")
    return prices[list(assets)]


def headline(study: ReturnStudy) -> str:
    """The comparison in one or two sentences."""
    volatility = study.summary["volatility"].dropna().sort_values()
    if volatility.empty:
        return f"Every series has fewer than {FEWEST} returns: too few to compare."
    period, most = study.table.frequency.period, volatility.index[-1]
    first = f"{most} moves most, by {_share(volatility.iloc[-1])} a year"
    if len(volatility) > 1:
        first += f", and {volatility.index[0]} least, by {_share(volatility.iloc[0])}"
    deepest = study.summary.iloc[int(np.nanargmin(study.summary["depth"].to_numpy()))]
    date = study.table.frequency.date
    second = f"The deepest fall was {deepest.name}'s {_share(-deepest['depth'])}, {date(deepest['peak'])} to "
    second += date(deepest["trough"])
    seen, expected = study.summary["seen"].sum(), study.summary["expected"].sum()
    third = (
        f"Moves beyond three spreads: {seen:,.0f} {period}s seen, {expected:,.1f} expected of normal returns"
    )
    return f"{first}. {second}. {third}."


def _share(value: float) -> str:
    """A share in percent, with a decimal where a whole number would say too little."""
    return f"{value:.0%}" if value >= 0.1 else f"{value:.1%}"
