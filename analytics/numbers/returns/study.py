"""From a price file to assets on one scale, in one call: what the Returns page shows."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analytics.errors import ZetascopeError
from analytics.numbers.returns.comparison import (
    compare_returns,
    correlation_pairs,
    deepest_drawdowns,
    drawdown_table,
    tail_counts,
)
from analytics.numbers.returns.dividends import Dividends, dividend_table, with_dividends
from analytics.numbers.returns.price_calendar import Frequency
from analytics.numbers.returns.price_checks import PriceFinding, check_prices, usable_prices
from analytics.numbers.returns.price_decisions import (
    Decision,
    decided_prices,
    idle,
    keeps_zeros,
    split_adjusted,
    without_gaps,
)
from analytics.numbers.returns.price_layout import LeftOut, PriceLayout, guess_layout
from analytics.numbers.returns.price_names import is_adjusted
from analytics.numbers.returns.price_nature import why_no_price
from analytics.numbers.returns.price_suggestions import Suggestion, open_ones, suggestions_of
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
class Reading:
    """What volatility and falls are if open suggestions are taken (``taken``) or refused.

    ``summary``: ``volatility``, ``depth``, ``peak``, ``trough`` of each asset (index).
    """

    taken: bool
    summary: pd.DataFrame


@dataclass(frozen=True)
class ReturnStudy:
    """All that is compared. Tables by date have a column per asset; ``left_out`` columns have no returns.

    ``prices`` are those after the decisions, with dividends if there are any, from the first to the last date
    that was asked for; all returns are of ``kind``, falls too. ``no_prices``: columns that are none, and why.
    ``open``: suggestions that nobody has decided
    and that would change figures; ``readings`` say what they would be with and without them. ``idle``:
    decisions about assets or dates that are not there.

    ``cumulative``: running sums of returns over their spread with the mean left in, so that drift shows.
    ``volatility``: annualized, over time, measured by ``volatility_scale``.

    ``summary``: one row per asset (index), the columns of :func:`compare_returns` and of
    :func:`deepest_drawdowns`, and moves beyond three spreads: ``seen``, and ``expected`` by a normal law.
    """

    layout: PriceLayout
    table: PriceTable
    no_prices: Mapping[str, str]
    kind: ReturnKind
    findings: tuple[PriceFinding, ...]
    suggestions: tuple[Suggestion, ...]
    decisions: tuple[Decision, ...]
    idle: tuple[Decision, ...]
    open: tuple[Suggestion, ...]
    readings: tuple[Reading, ...]
    dividends: Dividends | None
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
    def frequency(self) -> Frequency:
        """How often prices come, in most of the series."""
        return self.table.frequency

    @property
    def per_year(self) -> dict[str, float]:
        """Periods a year on each asset's own calendar."""
        return _per_year(self.table)

    @property
    def factor(self) -> str:
        """What volatility of one period is multiplied by, in words, with the reason."""
        mine = {name: self.table.frequencies[name] for name in self.prices.columns}
        kinds = {frequency.why: f"√{frequency.per_year:.4g}" for frequency in mine.values()}
        if len(kinds) == 1:
            return "".join(f"{root} ({why})" for why, root in kinds.items())
        each = ", ".join(f"{name} √{frequency.per_year:.4g}" for name, frequency in mine.items())
        return f"the root of the periods a year of each asset's own calendar ({each})"


@dataclass(frozen=True)
class _Source:
    """The chosen prices as the file has them, and all that makes others of them once it is decided."""

    prices: pd.DataFrame
    kind: ReturnKind
    per_year: Mapping[str, float]
    paid: tuple[Dividends, pd.DataFrame] | None
    first: str | None
    last: str | None

    def after(self, decisions: tuple[Decision, ...]) -> pd.DataFrame:
        """Prices that returns are taken of."""
        made = decided_prices(self.prices, decisions, zeros_are_values=self.kind == "difference")
        usable = _usable(made, self.kind)
        if self.paid is not None:
            dividends, payments = self.paid
            payments = split_adjusted(payments, decisions)
            usable = with_dividends(usable, payments, per_year=self.per_year, yearly=dividends.yearly)
        return _within(usable, self.first, self.last)

    def returns(self, prices: pd.DataFrame, decisions: tuple[Decision, ...]) -> pd.DataFrame:
        """Their returns, but for those across gaps that shall not count."""
        return without_gaps(returns_table(prices, kind=self.kind), decisions)

    def summary(self, decisions: tuple[Decision, ...]) -> pd.DataFrame:
        """What :func:`compare_returns` and :func:`deepest_drawdowns` say of them."""
        prices = self.after(decisions)
        compared = compare_returns(self.returns(prices, decisions), per_year=self.per_year)
        return compared.join(deepest_drawdowns(prices, kind=self.kind))


def study_returns(
    frame: pd.DataFrame,
    layout: PriceLayout | None = None,
    *,
    assets: tuple[str, ...] | None = None,
    kind: ReturnKind = "log",
    scale: Scale | None = None,
    decisions: tuple[Decision, ...] = (),
    first: str | None = None,
    last: str | None = None,
    dividends: Dividends | None = None,
) -> ReturnStudy:
    """Read prices (see :func:`price_table`), check them, and compare the assets (default: all) on one scale.

    Zeros count as missing and series with negative values are left out, but for differences; the findings say
    so. ``decisions`` about what was found are carried out, and nothing else is. ``first`` and ``last`` are
    dates (ISO) within which returns are compared. Raises ZetascopeError where no asset is left, or the window
    or half-life leaves no standardized return.
    """
    scale = scale or Scale()
    layout = layout or guess_layout(frame)
    table = price_table(frame, layout)
    chosen = _chosen(table.prices, assets)
    odd = _no_prices(table, layout)
    findings = tuple(
        found
        for found in check_prices(table)
        if (found.asset is None or found.asset in chosen.columns)
        and not (kind == "difference" and found.kind in ("zero", "negative", "split"))
        and not (found.kind == "split" and (found.asset in odd or (odd and layout.form == "long")))
    )
    per_year = _per_year(table)
    paid = (dividends, dividend_table(frame, layout, dividends)) if dividends else None
    source = _Source(chosen, kind, per_year, paid, first, last)
    prices = source.after(decisions)
    suggestions = suggestions_of(table, findings, adjusted=all(is_adjusted(name) for name in layout.prices))
    # A gap is one long return and a placeholder is missing, whatever is decided later.
    undecided = tuple(
        one
        for one in open_ones(suggestions, decisions)
        if one.advised and one.kind in ("split", "spike", "stale") and one.asset in prices.columns
    )
    returns = source.returns(prices, decisions)
    _, standardized = _scored(returns, scale)
    if standardized.notna().sum().max() == 0:
        raise ZetascopeError(
            f"{len(returns):,} returns are too few: the scale needs more before its first value, "
            "so choose a shorter window or half-life."
        )
    recent = scale if scale.recent else Scale(window=_usual_window(table.frequency.per_year, len(returns)))
    uncentred = standardize_returns(returns, window=scale.window, halflife=scale.halflife, center=False)
    tails = tail_counts(standardized, law=scale.law)
    three = tails[tails["threshold"] == 3].set_index("asset")[["seen", "expected"]]
    summary = source.summary(decisions)
    readings: tuple[Reading, ...] = ()
    if undecided:
        other = source.summary((*decisions, *(one.taken for one in undecided)))
        readings = (Reading(True, other), Reading(False, summary))
    return ReturnStudy(
        layout,
        table,
        odd,
        kind,
        findings,
        suggestions,
        decisions,
        idle(decisions, table.prices),
        undecided,
        readings,
        dividends,
        tuple(
            LeftOut(name, _why_unusable(chosen[name], keeps_zeros(decisions, name)))
            for name in chosen.columns
            if name not in prices.columns
        ),
        prices,
        returns,
        standardized,
        uncentred.cumsum(),
        volatility_table(returns, per_year=per_year, window=recent.window, halflife=recent.halflife),
        scale,
        recent,
        drawdown_table(prices, kind=kind),
        summary.join(three),
        tails,
        correlation_pairs(
            prices, returns, standardized, again=lambda pair: _scored(returns_table(pair, kind=kind), scale)
        ),
    )


def _no_prices(table: PriceTable, layout: PriceLayout) -> dict[str, str]:
    """Columns of ``layout`` that are no prices, each with the reason in words that follow its name."""
    found = {}
    for name in layout.prices:
        values = (
            table.prices[str(name)]
            if layout.form == "wide"
            else pd.Series(table.prices.to_numpy().ravel(order="F"))
        )
        why = why_no_price(name, values, asset_column=layout.asset_column)
        if why:
            found[str(name)] = why
    return found


def _per_year(table: PriceTable) -> dict[str, float]:
    return {name: frequency.per_year for name, frequency in table.frequencies.items()}


def _usable(prices: pd.DataFrame, kind: ReturnKind) -> pd.DataFrame:
    """What returns can be taken of; zeros that are left are prices, which have no returns."""
    if kind == "difference":
        enough = prices.notna().sum() >= 3
        usable = prices.loc[:, enough]
    else:
        usable = usable_prices(prices.loc[:, ~(prices == 0).any()])[0]
    if usable.empty or not usable.shape[1]:
        raise ZetascopeError(
            "No series has at least three positive prices and no zero among them: take zeros as missing, "
            "compare differences, or choose other columns."
        )
    return usable


def _within(prices: pd.DataFrame, first: str | None, last: str | None) -> pd.DataFrame:
    """Prices from ``first`` to ``last``, both included, of assets that have three there."""
    if first is None and last is None:
        return prices
    end = pd.Timestamp(last) if last else None
    # A day includes all its hours.
    if end is not None and end == end.normalize():
        end += pd.Timedelta(days=1) - pd.Timedelta(microseconds=1)
    inside = prices.loc[pd.Timestamp(first) if first else None : end]
    enough = inside.notna().sum() >= 3
    if not enough.any():
        raise ZetascopeError("No series has three values between these dates: choose a longer time.")
    return inside.loc[:, enough]


def _scored(returns: pd.DataFrame, scale: Scale) -> tuple[pd.DataFrame, pd.DataFrame]:
    return returns, standardize_returns(returns, window=scale.window, halflife=scale.halflife)


def _why_unusable(prices: pd.Series, zeros_kept: bool) -> str:
    if (prices < 0).any():
        return "has negative values"
    if zeros_kept and (prices == 0).any():
        return "has zeros that you called real values, from which no return can be taken"
    return (
        "has fewer than three values in this time"
        if prices.notna().sum() >= 3
        else "has fewer than three values"
    )


def _chosen(prices: pd.DataFrame, assets: tuple[str, ...] | None) -> pd.DataFrame:
    if assets is None:
        return prices
    for name in assets:
        if name not in prices.columns:
            names = ", ".join(prices.columns[:12])
            raise ZetascopeError(f"There is no asset {name!r}: choose from {names}.")
    return prices[list(assets)]
