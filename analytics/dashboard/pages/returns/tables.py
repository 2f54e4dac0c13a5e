"""The tables of the Returns page: assets, a benchmark, losses, best and worst periods."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.glossary import hover_of
from analytics.dashboard.parts.markdown import plain
from analytics.numbers.returns.headline import KIND_MARKS, KIND_WORDS
from analytics.numbers.returns.performance import benchmark_table, performance_table
from analytics.numbers.returns.periods import Span, best_and_worst, spans_of
from analytics.numbers.returns.study import ReturnStudy
from analytics.numbers.returns.tail_risk import tail_risk

_RETURNS = {
    "total": "total return",
    "annual": "annual return",
    "volatility": "volatility a year",
    "depth": "deepest fall",
    "worst": "worst",
    "best": "best",
    "mean": "mean",
    "sd": "SD",
}
_RATIOS = {
    "sharpe": "Sharpe",
    "sortino": "Sortino",
    "calmar": "Calmar",
    "skewness": "skewness",
    "excess_kurtosis": "excess kurtosis",
    "autocorrelation": "autocorrelation",
}
_ORDER = (
    "total annual volatility depth peak trough recovered sharpe sortino calmar worst best seen expected"
    " skewness excess_kurtosis autocorrelation returns mean sd"
).split()
_OTHERS = {"seen": "beyond 3 spreads", "expected": "of normal returns"}
_AGAINST_RETURNS = {"alpha": "alpha a year", "tracking_error": "tracking error a year"}
_AGAINST_RATIOS = {
    "beta": "beta",
    "beta_low": "beta from",
    "beta_high": "beta to",
    "correlation": "correlation",
    "information": "information ratio",
}
_LOSSES = {
    "var": "value at risk",
    "var_low": "from",
    "var_high": "to",
    "es": "expected shortfall",
    "es_low": "shortfall from",
    "es_high": "shortfall to",
}


@dataclass(frozen=True)
class Measures:
    """Against which asset, with which riskless rate a year, and at which level losses are told."""

    benchmark: str | None = None
    rate: float = 0.0
    level: float = 0.95


NO_MEASURES = Measures()


def performance(study: ReturnStudy, measures: Measures) -> pd.DataFrame:
    """What every asset brought; index: the asset."""
    return performance_table(
        study.prices, study.returns, per_year=study.per_year, kind=study.kind, rate=measures.rate
    )


def draw_assets(study: ReturnStudy, measures: Measures, file_name: str) -> None:
    """Every asset with its figures, and the downloads."""
    made = performance(study, measures)
    whole = study.summary.join(made.drop(columns="volatility")).rename_axis("asset")
    names = [name for name in _ORDER if name in whole.columns and whole[name].notna().any()]
    shown = whole[names].reset_index()
    date = study.table.frequency.date
    for name in ("peak", "trough", "recovered"):
        if name in shown:
            shown[name] = [date(value) if pd.notna(value) else "" for value in shown[name]]
    shown, columns = _named(shown, study, _RETURNS, _RATIOS | _OTHERS)
    columns["of normal returns"] = st.column_config.NumberColumn(format="%.1f")
    columns["beyond 3 spreads"] = st.column_config.NumberColumn(format="%d")
    widgets.table(
        shown,
        key="returns_table",
        alt="Every asset with its return, volatility, ratios, extremes, drawdown and tail counts",
        column_config=columns,
    )
    if study.kind != "difference":
        st.caption(
            f"Sharpe and Sortino over a riskless rate of {measures.rate:.2%} a year, Calmar over the deepest "
            f"fall. All are {KIND_MARKS[study.kind]} returns: {_explained(study)}"
        )
    tables = {
        "Returns": study.returns,
        "Standardized returns": study.standardized,
        "Assets": whole,
    }
    with st.container(horizontal=True):
        for name, table in tables.items():
            stem = name.lower().replace(" ", "_")
            widgets.download(
                f"{name} as CSV",
                table.copy,
                file_name=f"{stem_of(file_name)}_{stem}_{KIND_MARKS[study.kind]}.csv",
                key=f"returns_download_{stem}",
            )


def _explained(study: ReturnStudy) -> str:
    if study.kind == "log":
        return "they add up over time; a price that halves is -69%."
    return "what an account shows; they multiply over time."


def draw_benchmark(study: ReturnStudy, measures: Measures) -> None:
    """Every other asset against the chosen one."""
    benchmark = measures.benchmark
    if benchmark is None or benchmark not in study.prices.columns or study.prices.shape[1] < 2:
        return
    st.subheader(plain(f"Against {benchmark}", width=200), anchor=False)
    made = benchmark_table(
        study.prices,
        study.returns,
        benchmark=benchmark,
        per_year=study.per_year,
        kind=study.kind,
        rate=measures.rate,
    )
    shown, columns = _named(made.rename_axis("asset").reset_index(), study, _AGAINST_RETURNS, _AGAINST_RATIOS)
    widgets.table(
        shown,
        key="returns_benchmark_table",
        alt=f"Beta, alpha, correlation and tracking error of every other asset against {benchmark}",
        column_config=columns,
    )
    st.caption(
        plain(
            f"Beta: by how much an asset moves where {benchmark} moves by one, with a 95% interval. "
            f"Alpha: what it brought a year beyond that, over a riskless rate of {measures.rate:.2%}. "
            "Tracking error: the SD of the difference of the two. Over the dates that both have.",
            width=500,
        )
    )


def draw_losses(study: ReturnStudy, measures: Measures) -> None:
    """Value at risk and expected shortfall, with their intervals."""
    made = tail_risk(study.returns, level=measures.level)
    returns = {
        name: f"{words} a {study.frequency.period}" if name in ("var", "es") else words
        for name, words in _LOSSES.items()
    }
    shown, columns = _named(made, study, returns, {"tail": "independent losses"})
    columns["independent losses"] = st.column_config.NumberColumn(format="%.1f")
    widgets.table(
        shown,
        key="returns_losses_table",
        alt="Value at risk and expected shortfall of every asset, historical and normal, with intervals",
        column_config=columns,
    )
    share = 1 - measures.level
    st.caption(
        f"One {study.frequency.period} in {1 / share:,.0f} is expected to lose more than the value at risk, "
        "and on average the expected shortfall. Intervals of 95%: historical ones count losses that come in "
        "clusters as fewer. In simulations they held for 95% and more of independent series, and of series "
        "with long waves of volatility for 85 to 90% with 1,000 returns and 80 to 85% with 250. Normal "
        "ones hold for independent normal returns only, and are too low where tails are heavy. An empty end "
        "is beyond the worst loss seen; below 10 losses nothing is said of their mean."
    )


def draw_best_and_worst(study: ReturnStudy) -> None:
    """The best and the worst prices, months or years of each asset."""
    spans = {study.frequency.period if span == "price" else span: span for span in spans_of(study.frequency)}
    words = widgets.choose_one("Of every", list(spans), key="returns_span", width=200)
    span: Span = spans[words]
    made = best_and_worst(study.prices, kind=study.kind, span=span)
    date = study.table.frequency.date
    for name in ("from", "to"):
        made[name] = [date(value) for value in made[name]]
    made["rank"] = [f"best {rank}" if rank > 0 else f"worst {-rank}" for rank in made["rank"]]
    shown, columns = _named(made, study, {"return": "return"}, {})
    widgets.table(
        shown,
        key="returns_best_table",
        alt=f"The best and the worst {words}s of every asset",
        column_config=columns,
    )


def _named(
    frame: pd.DataFrame, study: ReturnStudy, returns: Mapping[str, str], ratios: Mapping[str, str]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The table with headings that people read, each return marked with its kind, and their formats."""
    mark = KIND_MARKS[study.kind]
    named = {name: f"{words} ({mark})" for name, words in returns.items() if name in frame}
    shown = frame.rename(columns={**named, **{k: v for k, v in ratios.items() if k in frame}})
    percent = study.kind != "difference"
    if percent:
        shown[list(named.values())] *= 100
    columns = {
        head: st.column_config.NumberColumn(
            format="%.2f%%" if percent else "%.4g", help=hover_of(returns[name])
        )
        for name, head in named.items()
    }
    return shown, columns | {
        head: st.column_config.NumberColumn(format="%.2f", help=hover_of(head)) for head in ratios.values()
    }


def calendar_words(study: ReturnStudy, asset: str) -> str:
    """Where the calendar of an asset begins and ends."""
    prices = study.prices[asset].dropna()
    date = study.table.frequency.date
    return (
        f"From the last price of each month to that of the next; the first ones begin on "
        f"{date(prices.index[0])}, the last ones end on {date(prices.index[-1])}. "
        f"All are {KIND_WORDS[study.kind]}."
    )
