"""The Returns page: assets of a price file on one scale."""

import streamlit as st

from analytics.dashboard.pages.returns import choices, decisions, tables, views
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server.datasets import DataSet
from analytics.errors import ZetascopeError
from analytics.numbers.returns.headline import headline
from analytics.numbers.returns.price_checks import repeated_words
from analytics.numbers.returns.price_nature import adjusted_words
from analytics.numbers.returns.study import ReturnStudy

_MANY_REPEATED = 0.5
"""Rows left out for each date from which the table may be one of several assets below each other."""


def draw(dataset: DataSet) -> None:
    """The whole page below its question."""
    guess = choices.guessed(dataset.key, dataset)
    if isinstance(guess, str):
        choices.draw_no_prices(plain(guess, width=400))
        return

    answer = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = choices.choose_kind()
        scale = choices.choose_scale(dataset.frame[guess.date].nunique() - 1)
        with st.popover("Prices", icon=":material/tune:"):
            layout = choices.choose_layout(dataset, guess)
            assets = choices.choose_assets(dataset, layout)
            dividends = choices.choose_dividends(dataset, layout)
            currency = choices.choose_currency(layout)
        first, last = choices.choose_time(dataset, layout.date)
        measures = choices.choose_measures(list(assets or map(str, layout.prices)))
    file = dataset.table.sha256
    decided = decisions.decisions_of(file)
    wanted = choices.Wanted(layout, assets, kind, scale, decided, first, last, dividends)

    study = None
    with answer, widgets.errors_told():
        try:
            study = choices.compared(dataset.key, wanted, dataset.frame)
        except ZetascopeError as error:
            if not decided:
                raise
            decisions.draw_way_back(file, error)
        else:
            _draw_answer(study, currency)

    if study is not None:
        decisions.draw_findings(study, file)
        views.draw_left_out(choices.not_taken(dataset, guess, wanted))
        views.draw_views(study)
        st.subheader("Assets side by side", anchor=False)
        tables.draw_assets(study, measures, dataset.name)
        tables.draw_benchmark(study, measures)
        st.subheader("Losses to expect", anchor=False)
        tables.draw_losses(study, measures)
        st.subheader("Best and worst", anchor=False)
        tables.draw_best_and_worst(study)
        with st.expander("How this is computed", icon=":material/functions:"):
            views.draw_method(study)
            st.code(choices.script(dataset, wanted, measures), language="python")


def _draw_answer(study: ReturnStudy, currency: str) -> None:
    """The headline, and what it takes for granted."""
    st.subheader(plain(headline(study), width=900), anchor=False)
    if study.no_prices and study.kind != "difference":
        _draw_ways_out(study)
    told = [study.scale.sentence(study.table.frequency.period)]
    if study.table.repeated:
        told.insert(0, _repeated(study))
    if study.open:
        told.insert(0, "Until you decide below, all figures are as the file has them.")
    if study.kind != "difference" and len(study.no_prices) < len(study.layout.prices):
        told.append(f"Prices in {currency}." if currency else "No currency is named.")
        if study.dividends is None:
            told.append(adjusted_words(study.layout.prices))
        else:
            told.append(f"Dividends of {study.dividends.column} are bought in again.")
    st.caption(plain(" ".join(told), width=600))
    if study.left_out:
        left = ", ".join(f"{one.name} ({one.reason})" for one in study.left_out)
        st.caption(plain(f"Without returns: {left}.", width=400))


def _repeated(study: ReturnStudy) -> str:
    """Rows that are not in the returns, and what they may be instead."""
    words = repeated_words(study.table)
    if study.layout.form == "long" or study.table.repeated < _MANY_REPEATED * len(study.table.prices):
        return words
    return (
        f"{words} If each date has a row for each asset, choose the column that names the asset under Prices."
    )


def _draw_ways_out(study: ReturnStudy) -> None:
    """With columns that are no prices: leave them out, or take differences of all."""
    rest = [name for name in study.layout.prices if name not in study.no_prices]
    with st.container(horizontal=True):
        if rest and study.layout.form == "wide":
            st.button(
                f"Leave out {count(len(study.no_prices), 'column')}",
                key="returns_leave_out",
                icon=":material/filter_alt:",
                on_click=_take_prices,
                args=(rest,),
                help=plain(", ".join(f"{name} {why}" for name, why in study.no_prices.items()), width=300),
            )
        st.button(
            "Take differences instead",
            key="returns_take_differences",
            icon=":material/difference:",
            on_click=_take_differences,
        )


def _take_prices(names: list[str]) -> None:
    """Callback: these columns and no others."""
    st.session_state["returns_prices"] = names


def _take_differences() -> None:
    """Callback: from values that are no prices, differences."""
    st.session_state["returns_kind"] = next(
        name for name, kind in choices.KINDS.items() if kind == "difference"
    )
