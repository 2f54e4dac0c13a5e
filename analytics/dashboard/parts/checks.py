"""How a walk was checked: every stage recomputed, as a table with its formulas drawn."""

from pathlib import Path

import streamlit as st

from analytics.figures import offline_page
from analytics.transformer.checks import Check

_STYLE = (Path(__file__).parent / "assets" / "checks.css").read_text()
_SCRIPT = """
export default ({ data, parentElement }) => {
  const place = parentElement.querySelector('.checks')
  if (place.innerHTML !== data) place.innerHTML = data
}
"""
_PLACE = "<div class='checks' role='region' tabindex='0' aria-label='Checks of every stage'></div>"


def draw_checks(checks: tuple[Check, ...], *, key: str) -> None:
    """One row per stage: whether it agrees, its largest difference beside what is allowed, its formula.

    Streamlit's own tables show LaTeX as it is typed, and its HTML drops MathML; hence a place of our own.
    """
    # Registered at every run, because a new server, or a test's, starts with an empty register.
    place = st.components.v2.component("zetascope_checks", html=_PLACE, css=_STYLE, js=_SCRIPT)
    place(data=offline_page.checks(checks), key=key, height="content")
