"""The Prompt page, from a prompt to what a decoder-only model writes; torch is imported with it."""

from collections.abc import Callable

import streamlit as st

# The models import it when they load; here it loads beside the page.
from transformers import AutoModelForCausalLM  # noqa: F401

from analytics.dashboard.pages.prompt_walk import numbers, overview, places, views, walk
from analytics.dashboard.parts.widgets import errors_told
from analytics.dashboard.server.datasets import DataSet
from analytics.transformer.causal.trace import CausalTrace

VIEWS: dict[str, Callable[[CausalTrace, int, str], None]] = {
    places.WHOLE: overview.draw_whole,
    places.BLOCK: overview.draw_block,
    places.NEXT: views.draw_step,
    places.ATTENTION: views.draw_attention,
    places.NUMBERS: numbers.draw_numbers,
    places.SAMPLING: views.draw_sampling,
    places.KEPT: views.draw_store,
    places.CHECKS: views.draw_checks,
}

_HOW_IT_WORKS = r"""
A **decoder-only** model reads the prompt and gives every piece of its vocabulary a probability to come next.
One is chosen, set behind the prompt and read in the next step. Nothing else happens: an answer, a summary, a
poem are all written this way.

There is no encoder and no cross-attention, as the Decoder page has. Each token looks at itself and at those
before it; a mask hides what follows. So what a token became does not change when others are set behind it,
and its keys and values can be **kept** (the KV cache): each step computes the newest token alone.

GPT-2 adds a learned vector for each position and normalises to mean 0 and variance 1. Llama and its kind
turn queries and keys by an angle that grows with the position, divide by the root of the mean square only,
gate the feed-forward part, and may let several heads share keys and values.
"""


def draw(_dataset: DataSet) -> None:
    """The whole page below its question."""
    prompt = walk.ask_for_prompt()
    with errors_told():
        model = walk.ask_for_model()
        settings = walk.ask_for_writing()
        if not model:
            st.info(
                "No model is at hand yet: choose one of the Hub under Model, such as a small GPT-2.",
                icon=":material/search:",
            )
        elif walk.is_ready(model):
            _draw_trace(walk.traced(model, prompt, settings), model)
    with st.expander("How this works", icon=":material/info:"):
        st.markdown(_HOW_IT_WORKS)


def _draw_trace(trace: CausalTrace, model: str) -> None:
    summary = st.container()
    step = walk.ask_for_step(trace)
    with summary:
        walk.draw_summary(trace, step)
    picture = st.container()
    view = places.choose_view(list(VIEWS))
    with picture:
        overview.draw_picture(trace, step, model, view)
    VIEWS[view](trace, step, model)
    st.divider()
    views.draw_downloads(trace)
