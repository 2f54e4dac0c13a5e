"""A text box of one line that grows with its text, and whose hints never lie on it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

_STYLE = """<style>.st-key-{key} textarea {{field-sizing: content; min-height: 2.75rem; max-height: 16rem;
height: auto; padding-bottom: 0.6rem}} .st-key-{key} textarea:focus {{padding-bottom: 1.9rem}}</style>"""
"""The hint on how to apply lies in the lower right corner of a box in focus: it gets a line there."""


def draw_growing_text(
    label: str,
    *,
    key: str,
    longest: int,
    placeholder: str,
    about: str,
    on_change: Callable[[], None] | None = None,
) -> str:
    """What was typed, at most ``longest`` characters of it; what is cut is told.

    Without ``max_chars``: its counter would lie on the text.
    """
    st.html(_STYLE.format(key=key))
    typed = st.text_area(
        label,
        key=key,
        bind="query-params",
        height="content",
        placeholder=placeholder,
        help=about,
        on_change=on_change or "rerun",
    )
    text = typed or ""
    if len(text) > longest:
        st.warning(
            f"Only the first {longest:,} of {len(text):,} characters are taken.",
            icon=":material/content_cut:",
        )
    return text[:longest]
