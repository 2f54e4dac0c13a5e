"""The views of the Returns page: which figure, what it shows in words, and what it assumes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from analytics.dashboard.pages.returns import tables
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import plain
from analytics.figures import returns as figures
from analytics.numbers.returns.headline import KIND_WORDS
from analytics.numbers.returns.periods import month_calendar, rolling_correlation, spans_of
from analytics.numbers.returns.price_layout import LeftOut
from analytics.numbers.returns.study import ReturnStudy, Scale

Colours = Mapping[str, str]


@dataclass(frozen=True)
class View:
    """One figure; ``alt`` says what it shows, ``assumes`` what it takes for granted.

    ``beside`` draws what stands at its right; ``pairs`` says that it takes two assets, ``months`` several
    prices a year.
    """

    name: str
    figure: Callable[[ReturnStudy, Colours], go.Figure]
    alt: str
    assumes: Callable[[ReturnStudy], str]
    beside: Callable[[ReturnStudy], None] | None = None
    pairs: bool = False
    months: bool = False


def _sums_assume(study: ReturnStudy) -> str:
    return (
        "Returns over their spread, added up: every asset moves about one unit in an ordinary "
        f"{study.table.frequency.period}, so a steady rise shows reward for its risk. The dotted band is "
        "for the asset with most returns and assumes independent normal moves without drift, measured by "
        "spreads that are estimated alike; it holds at each date alone, not for a whole path."
    )


def _volatility_assumes(study: ReturnStudy) -> str:
    smoothed = [str(name) for name, flag in study.summary["smoothed"].items() if flag]
    said = (
        f"Standard deviation of all returns times {study.factor}, which assumes "
        "that returns of different dates are uncorrelated."
    )
    if not smoothed:
        return said
    return (
        f"{said} Those of {', '.join(smoothed)} are not: neighbours are correlated, as with averaged or "
        "stale prices, and the figure understates their volatility."
    )


def _rolling_assumes(study: ReturnStudy) -> str:
    frequency, scale = study.table.frequency, study.volatility_scale
    if scale.halflife is not None:
        measured = (
            f"Root of the mean of squared returns up to each date, weighted by half every {scale.halflife:g} "
            f"{frequency.period}s and taken about zero"
        )
    else:
        measured = f"Standard deviation of the last {scale.window} returns up to each date"
    return (
        f"{measured}, times {study.factor}. No date knows a later one. Dates close "
        "together share most of their returns, so one large move lifts the curve for as long as it is "
        "remembered, and waves of about that length say little."
    )


def _root(study: ReturnStudy) -> str:
    roots = {f"√{study.table.frequencies[name].per_year:.4g}" for name in study.prices.columns}
    return roots.pop() if len(roots) == 1 else "√ periods a year"


def _tails_assume(study: ReturnStudy) -> str:
    return (
        f"Expected: of independent {study.table.frequency.period}s of a normal law, scored in the same way. "
        f"{_law_in_words(study.scale)} Probability: that such returns give at least as many. Points below "
        "the diagonal on the left and above it on the right are tails heavier than normal."
    )


def _law_in_words(scale: Scale) -> str:
    if scale.window is not None:
        return (
            f"As each is measured by {scale.window} earlier ones, with an uncertain spread, the scores "
            f"follow Student's t with {scale.window - 1} degrees of freedom times √(1 + 1/{scale.window}), "
            "which has more far scores than the normal law; how counts of them vary is simulated."
        )
    if scale.halflife is not None:
        return (
            "As each is measured by a volatility that is itself estimated, their scores have more far ones "
            "than the normal law; both are simulated."
        )
    return "As mean and SD are those of the scores themselves, far scores are a little rarer than normal."


VIEWS = (
    View(
        "Sums",
        lambda study, colours: figures.cumulative_figure(study.cumulative, colours, law=study.scale.law),
        "Running sums of returns over their spread by asset, with the band of sums without drift.",
        _sums_assume,
    ),
    View(
        "Prices",
        lambda study, colours: figures.price_figure(study.prices, study.findings, colours, kind=study.kind),
        "Prices as multiples of the first price, logarithmic, with suspicious moves marked.",
        lambda _study: (
            "Zeros count as missing. Crosses mark moves like those of a split or a mistyped price; the line "
            "is drawn after what you decided about them, and nothing else is corrected."
        ),
    ),
    View(
        "Drawdowns",
        lambda study, colours: figures.drawdown_figure(study.drawdowns, colours, kind=study.kind),
        "Distance of each asset below its highest price so far.",
        lambda study: (
            f"From the highest price so far, as {KIND_WORDS[study.kind]}. Dividends count where prices "
            "include them or a column of them is chosen."
        ),
    ),
    View(
        "Volatility",
        lambda study, colours: figures.volatility_figure(
            study.summary, colours, factor=f"SD × {_root(study)}", kind=study.kind
        ),
        "Annualized volatility by asset.",
        _volatility_assumes,
    ),
    View(
        "Volatility over time",
        lambda study, colours: figures.rolling_volatility_figure(
            study.volatility, colours, factor=f"× {_root(study)}", kind=study.kind
        ),
        "Annualized volatility of each asset over time, from recent returns.",
        _rolling_assumes,
    ),
    View(
        "Tails",
        lambda study, colours: figures.tail_figure(study.standardized, colours, law=study.scale.law),
        "Standardized returns against those of normal returns; points off the diagonal are heavy tails.",
        _tails_assume,
        beside=lambda study: _draw_tail_counts(study),
    ),
    View(
        "Correlations",
        lambda study, _colours: figures.correlation_figure(study.correlations, list(study.prices.columns)),
        "Correlations of prices, returns and standardized returns for each pair of assets.",
        lambda _study: (
            "Pearson's r over the same dates in all three. Prices that trend correlate without any link, "
            "so their panel is a warning, not a finding. Standardizing over the full sample cannot change "
            "a correlation; past windows and past volatility can, as they take out shared calm and turmoil."
        ),
        pairs=True,
    ),
    View(
        "Correlation over time",
        lambda study, colours: _rolling_correlation(study, colours),
        "Correlation of each asset with one of them over recent returns.",
        lambda study: (
            f"Pearson's r of the last {_window(study)} returns that both have. Between the dotted lines lie "
            "95% of values of unrelated normal returns at one date; over a whole course some leave them."
        ),
        pairs=True,
    ),
    View(
        "Calendar",
        lambda study, _colours: figures.calendar_figure(
            month_calendar(study.prices[_asset_of_calendar(study)], kind=study.kind), kind=study.kind
        ),
        "Returns of every month and year of one asset.",
        lambda study: tables.calendar_words(study, _asset_of_calendar(study)),
        months=True,
    ),
)
_BENCHMARK, _CALENDAR = "returns_benchmark", "returns_calendar_asset"


def _asset_of_calendar(study: ReturnStudy) -> str:
    """The asset whose months are drawn: the chosen one, the first at first."""
    chosen = st.session_state.get(_CALENDAR)
    return str(chosen if chosen in study.prices.columns else study.prices.columns[0])


def _window(study: ReturnStudy) -> int:
    """Returns over which correlation is measured: as volatility is, and enough for an r to say something."""
    return max(12, study.volatility_scale.window or round(3 * (study.volatility_scale.halflife or 4)))


def _rolling_correlation(study: ReturnStudy, colours: Colours) -> go.Figure:
    chosen = st.session_state.get(_BENCHMARK)
    benchmark = str(chosen if chosen in study.prices.columns else study.prices.columns[0])
    window = _window(study)
    made = rolling_correlation(
        study.prices, study.returns, benchmark=benchmark, window=window, kind=study.kind
    )
    return figures.rolling_correlation_figure(made, colours, benchmark=benchmark, window=window)


def draw_views(study: ReturnStudy) -> None:
    """A switch between the figures, the chosen one, and what it assumes."""
    names = {
        view.name: view
        for view in VIEWS
        if (not view.pairs or study.prices.shape[1] > 1)
        and (not view.months or "year" in spans_of(study.frequency))
    }
    key, first = "returns_view", next(iter(names))
    if st.session_state.get(key, first) not in names:
        del st.session_state[key]
    name = st.segmented_control(
        "View", list(names), default=first, key=key, bind="query-params", required=True
    )
    view = names[name or first]
    if view.months and study.prices.shape[1] > 1:
        widgets.choose_one("Asset", [str(one) for one in study.prices.columns], key=_CALENDAR, width=220)
    colours = figures.asset_colours(list(study.prices.columns))
    place, beside = st.columns([3, 2]) if view.beside else (st.container(), None)
    with place:
        widgets.chart(view.figure(study, colours), key=f"returns_chart_{view.name}", alt=view.alt)
    if view.beside and beside is not None:
        with beside:
            view.beside(study)
    st.caption(plain(view.assumes(study), width=800))


def _draw_tail_counts(study: ReturnStudy) -> None:
    widgets.table(
        study.tails.rename(columns={"threshold": "spreads"}),
        key="returns_tail_counts",
        alt="Moves beyond 2 to 5 spreads: seen, and expected of normal returns",
        column_config={
            "spreads": st.column_config.NumberColumn(format="%.0f"),
            "expected": st.column_config.NumberColumn(format="%.2f"),
            "probability": st.column_config.NumberColumn(format="%.1e"),
        },
    )


def draw_left_out(found: Sequence[LeftOut], *, most: int = 30) -> None:
    """Number columns and assets that nobody left out but this page, with the reason."""
    if not found:
        return
    names = ", ".join(plain(left.name) for left in found[:3])
    more = f" and {len(found) - 3:,} more" if len(found) > 3 else ""
    with st.expander(f"Left out: {names}{more}", icon=":material/playlist_remove:"):
        st.caption("Take any of them in under Prices.")
        st.markdown("\n".join(f"- {plain(left.sentence(), width=300)}" for left in found[:most]))
        if len(found) > most:
            st.caption(f"The first {most} of {len(found):,}.")


def draw_method(study: ReturnStudy) -> None:
    """Formulas, and what is done about missing prices and dates."""
    frequency = study.table.frequency
    st.markdown(
        f"Prices are mostly {frequency.name}; a year has {plain(study.factor, width=600)}. "
        "Each asset is followed on its own calendar: where it never trades on a weekday, its next return "
        "spans that day. A return is missing where one of its two prices is; where a date is missing from "
        "the file, the return covers the gap. Nothing is corrected but "
        "what you decided, nothing is smoothed, and nothing here is advice."
    )
    st.latex(r"r_t = \log\frac{p_t}{p_{t-1}} \quad\text{or}\quad r_t = \frac{p_t}{p_{t-1}} - 1")
    st.latex(r"\text{past window: } z_t = \frac{r_t - \bar r}{s}\ \text{ of } r_{t-w}, \dots, r_{t-1}")
    st.latex(
        r"\text{past volatility: } z_t = r_t \Big/ \sqrt{\frac{\sum_{i \ge 1} 2^{-i/h}\, r_{t-i}^2}"
        r"{\sum_{i \ge 1} 2^{-i/h}}}"
    )
