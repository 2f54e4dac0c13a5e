"""How sure the model was: its pieces coloured by probability, and signs that a sentence is not its kind."""

from __future__ import annotations

import numpy as np
import streamlit as st

from analytics.dashboard.pages.decoder_walk import walk
from analytics.dashboard.parts import links
from analytics.dashboard.parts.drawings import draw_svg
from analytics.dashboard.parts.markdown import plain
from analytics.figures.walks.confidence import coloured_pieces
from analytics.transformer.decoder.confidence import Confidence, confidence, packaged_reference
from analytics.transformer.decoder.trace import TranslationTrace


def draw_confidence(trace: TranslationTrace, step: int) -> None:
    """The written pieces, how sure the model was on the whole, and what speaks against believing it.

    The piece of ``step``, from 0, is framed.
    """
    found = confidence(trace)
    drawn = coloured_pieces(
        [step.text for step in trace.steps],
        [step.probability for step in trace.steps],
        [bool(step.forced) for step in trace.steps],
        alt="The written pieces, coloured by the probability that the model gave each",
        now=step,
        foreign=found.copied.steps,
    )
    draw_svg(drawn, key=f"{walk.NAME}_sure", on_pick=_go_to_step)
    st.caption(
        f"{_in_words(found, trace)} The framed piece is written in this step, after those before it; what "
        "follows is hidden from it by the mask. ▁ starts a word, </s> ends the sentence."
    )
    if found.doubts:
        st.warning(
            "**This may be outside what the model knows.** " + plain(" ".join(found.doubts), width=900),
            icon=":material/explore_off:",
        )


def _go_to_step(place: str) -> None:
    if place.isdecimal():
        links.hold({walk.STEP: int(place) + 1})


def _in_words(found: Confidence, trace: TranslationTrace) -> str:
    if found.weakest is None or not np.isfinite(found.probability):
        return "All pieces were put there, so nothing says how sure the model was."
    weakest = trace.steps[found.weakest]
    said = (
        f"Mean probability of the pieces it chose: {100 * found.probability:.0f}%; the least sure is "
        f"“{plain(weakest.text)}” with {100 * weakest.probability:.2g}%."
    )
    known = packaged_reference()
    if found.less_sure is None or known is None:
        return said
    return (
        f"{said} The model was less sure of {100 * found.less_sure:.0f} of 100 held-out sentences, "
        f"{known.sentences:,} everyday ones that it never read in training."
    )
