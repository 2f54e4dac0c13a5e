"""What the file does not prove: asked once, each answer tried on real cells before it is used."""

import streamlit as st

from analytics.dashboard.pages.data import reading
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server.datasets import DataSet
from analytics.tables import Alternative, Doubt
from analytics.words import shortened

_AT_FIRST = 3
"""Doubts that stand open above the columns: with more, nobody sees the columns any more."""


def draw_doubts(dataset: DataSet) -> None:
    """Every doubt of the reading as a choice that previews and applies; nothing where there is none."""
    doubts = dataset.report.doubts
    if not doubts:
        return
    st.subheader(f"{count(len(doubts), 'reading')} in doubt", anchor=False)
    st.caption(
        "The file itself does not prove these. The first choice is how it is read now; try another, or keep "
        "it. Your answer goes into every script and transform."
    )
    for doubt in doubts[:_AT_FIRST]:
        _draw_doubt(dataset, doubt)
    if doubts[_AT_FIRST:]:
        with st.expander(f"{count(len(doubts) - _AT_FIRST, 'more doubt')}", icon=":material/help:"):
            for doubt in doubts[_AT_FIRST:]:
                _draw_doubt(dataset, doubt)


def _draw_doubt(dataset: DataSet, doubt: Doubt) -> None:
    readings = (doubt.taken, *doubt.alternatives)
    key = reading.key_for(dataset, f"doubt_{doubt.column or ''}_{doubt.question}")
    with st.container(border=True):
        st.markdown(f"**{plain(doubt.question, width=300)}**")
        st.caption(plain(doubt.evidence, width=600))
        place = st.radio(
            shortened(doubt.question, width=300),  # read aloud, not drawn: no Markdown
            range(len(readings)),
            format_func=lambda place: plain(readings[place].label, width=120),
            captions=[cells_in_words(one) for one in readings],
            key=key,
            persist_state="page",
            label_visibility="collapsed",
        )
        chosen = readings[int(place)]
        options = chosen.chosen(dataset.options)
        if place:
            reading.draw_preview(dataset, options, key=f"{key}_use")
        elif options != dataset.options:
            st.button(
                "Keep this reading",
                key=f"{key}_keep",
                icon=":material/check:",
                on_click=reading.use_reading,
                args=(dataset, options),
            )


def cells_in_words(reading: Alternative) -> str:
    """What a reading makes of real cells: ``12,5 → 12.5 · 3,4 → 3.4``; Markdown with everything escaped."""
    pairs = (f"{_cell(text)} → {_cell(made)}" for text, made in reading.cells)
    return " · ".join(pairs)


def _cell(text: str) -> str:
    return plain(text, width=60) or "(empty)"
