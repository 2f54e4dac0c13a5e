"""The Returns page: assets of a price file on one scale."""

import streamlit as st

from analytics.dashboard.pages.returns import choices, views
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server.datasets import DataSet
from analytics.numbers.returns.study import headline


def draw(dataset: DataSet) -> None:
    """The whole page below its question."""
    guess = choices.guessed(dataset.key, dataset)
    if isinstance(guess, str):
        choices.draw_no_prices(plain(guess, width=400))
        return

    answer, controls = st.columns([7, 3], gap="medium")
    with controls:
        kind = choices.choose_kind()
        scale = choices.choose_scale(dataset.frame[guess.date].nunique() - 1)
        with st.popover("Prices", icon=":material/tune:", width="stretch"):
            layout = choices.choose_layout(dataset, guess)
            assets = choices.choose_assets(dataset, layout)
    wanted = choices.Wanted(layout, assets, kind, scale)

    study = None
    with answer, widgets.errors_told():
        study = choices.compared(dataset.key, wanted, dataset.frame)
        st.subheader(plain(headline(study), width=600), anchor=False)
        st.caption(plain(scale.sentence(study.table.frequency.period), width=400))
        if study.left_out:
            told = ", ".join(f"{left.name} ({left.reason})" for left in study.left_out)
            st.caption(plain(f"Without returns: {told}.", width=400))

    if study is not None:
        views.draw_findings(study)
        views.draw_left_out(choices.not_taken(dataset, guess, wanted))
        views.draw_views(study)
        st.subheader("Assets side by side", anchor=False)
        views.draw_assets(study)
        with st.expander("How this is computed", icon=":material/functions:"):
            views.draw_method(study)
            st.code(choices.script(dataset, wanted), language="python")
