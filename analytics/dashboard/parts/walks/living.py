"""The living picture in the page: a place of a model, the way to it, and Play."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from analytics.dashboard.parts import drawings
from analytics.figures.living.scenes import SECONDS, Scene

_ASSETS = Path(__file__).parents[1] / "assets"
_SCRIPT = drawings.REACHING + (_ASSETS / "living.js").read_text()
_STYLE = drawings.STYLE + (_ASSETS / "living.css").read_text()
_MARKUP = """
<div class="living-place">
  <nav aria-label="You are here"><ol class="crumbs"></ol></nav>
  <div class="pane"></div>
  <p class="said" aria-live="polite"></p>
  <div class="tools">
    <button class="play" type="button"></button>
    <input class="seek" type="range" min="0" value="0" aria-label="Stage of the walk">
    <span class="count"></span>
    <button class="open" type="button"></button>
    <button class="stop" type="button">Back to where I was</button>
  </div>
</div>
"""


@dataclass(frozen=True)
class LivingPicture:
    """One place of a model, drawn. ``model`` is the whole, through which Play walks by ``scenes``.

    ``crumbs`` are labels with their places, from the whole model to where the visitor is.
    """

    here: str
    model: str
    crumbs: Sequence[tuple[str, str]]
    scenes: Sequence[Scene]


def draw_living(picture: LivingPicture, *, key: str, on_pick: Callable[[str], None]) -> None:
    """Draw it; ``on_pick`` gets the place that was chosen before the page runs again."""
    # Registered at every run, because a new server, or a test's, starts with an empty register.
    place = st.components.v2.component("zetascope_living", html=_MARKUP, css=_STYLE, js=_SCRIPT)

    def picked() -> None:
        pick = st.session_state[key].get("pick")
        if pick is not None:
            on_pick(str(pick))

    data = {
        "here": picture.here,
        "model": picture.model,
        "crumbs": [list(one) for one in picture.crumbs],
        "scenes": [asdict(one) for one in picture.scenes],
        "seconds": SECONDS / max(len(picture.scenes), 1),
    }
    place(data=data, key=key, height="content", on_pick_change=picked)
