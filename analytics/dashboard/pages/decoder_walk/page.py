"""The Decoder page, from the sentence to its translation; torch is imported with it, which takes seconds."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

# The model imports it when it loads; here it loads beside the page.
from transformers import MarianMTModel  # noqa: F401

from analytics.dashboard.pages.decoder_walk import (
    choices,
    memory_view,
    numbers,
    overview,
    places,
    views,
    walk,
)
from analytics.dashboard.pages.decoder_walk import step as one_step
from analytics.dashboard.pages.decoder_walk.sure import draw_confidence
from analytics.dashboard.pages.decoder_walk.why import draw_why
from analytics.dashboard.parts.widgets import errors_told
from analytics.dashboard.server.datasets import DataSet
from analytics.transformer.decoder.trace import TranslationTrace
from analytics.transformer.translator.loading import PACKAGED_NAME


@dataclass(frozen=True)
class _Walked:
    """What the views look at: a trace, one of its steps, the part and stage in view, and what made it."""

    trace: TranslationTrace
    step: int
    part: str
    stage: str
    model: str
    text: str


def _lit(part: str) -> Callable[[], tuple[str, str]]:
    return lambda: (part, "")


@dataclass(frozen=True)
class View:
    """One view; ``place`` gives the part of the model it is in, and its stage."""

    draw: Callable[[_Walked], None]
    place: Callable[[], tuple[str, str]]


def _draw_whole(it: _Walked) -> None:
    one_step.draw_step(it.trace, it.step, model=it.model)
    one_step.draw_steps_table(it.trace)


VIEWS = {
    places.WHOLE: View(_draw_whole, _lit("")),
    places.BLOCK: View(lambda it: overview.draw_block(it.trace), _lit("")),
    "Alignment": View(lambda it: views.draw_alignment(it.trace), _lit("cross_attention")),
    "Self-attention": View(lambda it: views.draw_self_attention(it.trace, it.step), _lit("self_attention")),
    "Encoder": View(lambda it: views.draw_encoder(it.trace), _lit("encoder")),
    "Layers": View(lambda it: views.draw_layers(it.trace, it.step, model=it.model), _lit("feed_forward")),
    places.NUMBERS: View(
        lambda it: numbers.draw_numbers(it.trace, it.step, it.part, it.stage, model=it.model),
        numbers.ask_for_stage,
    ),
    "Why this piece": View(
        lambda it: draw_why(it.trace, it.step, model=it.model, text=it.text), _lit("next_word")
    ),
    "Sampling": View(lambda it: choices.draw_sampling(it.trace, it.step, model=it.model), _lit("next_word")),
    "Beam tree": View(
        lambda it: choices.draw_beams(it.trace, model=it.model, text=it.text), _lit("next_word")
    ),
    "Mask lab": View(
        lambda it: views.draw_mask_lab(it.trace, model=it.model, text=it.text), _lit("self_attention")
    ),
    "Memory": View(
        lambda it: memory_view.draw_memory(it.trace, model=it.model, text=it.text), _lit("next_word")
    ),
    "By hand": View(lambda _it: choices.draw_by_hand(), _lit("")),
    "Checks": View(lambda it: choices.draw_checks(it.trace), _lit("")),
}

_HOW_IT_WORKS = r"""
The **encoder** turns the English pieces into vectors that know their whole sentence. The **decoder**
begins with a start token and repeats one step: look at what is written so far (masked self-attention),
look at the English vectors (cross-attention), work on each place alone (feed-forward), and give every
piece of the vocabulary a probability (softmax). One piece is chosen, written down and read in the next
step, until the end token is chosen.

**GPT** is a decoder alone: it has no cross-attention, and the prompt stands where the written words
stand here. **BERT** is an encoder alone: it reads a whole text without a mask and writes nothing.

Habits of Marian models that other Transformers do not share: decoding begins with the padding token;
word vectors are multiplied by $\sqrt{d}$; positions have all sines in the first half and all cosines in
the second; a fixed bias per piece is added to the logits (0 everywhere in the packaged model).

Model: `MarianMTModel`, 3 + 3 layers, 256 numbers per vector, 8 heads, 6,000 word pieces for both
languages, trained for Zetascope on sentence pairs of tatoeba.org (CC BY 2.0 FR, selected by
manythings.org) and a small technical glossary. The example sentence itself was never in its training.
"""


def draw(_dataset: DataSet) -> None:
    """The whole page below its question."""
    text = walk.ask_for_sentence()
    settings = walk.ask_for_decoding()
    with errors_told():
        model = walk.ask_for_model()
        if not walk.is_ready(model):
            return
        trace = walk.traced(model, text, walk.along_the_path(settings, model, text))
        walk.draw_summary(trace)
        pieces = st.container()
        step = walk.ask_for_step(trace)
        with pieces:
            draw_confidence(trace, step)
        picture = st.container()
        if st.session_state.get(places.VIEW) not in VIEWS:
            st.session_state[places.VIEW] = places.WHOLE
        chosen = st.selectbox(
            "Place in the model", list(VIEWS), key=places.VIEW, bind="query-params", width=260
        )
        view = VIEWS[chosen]
        part, stage = view.place()
        with picture:
            overview.draw_picture(trace, step, places.here(trace, chosen, part, stage), model=model)
        view.draw(_Walked(trace, step, part, stage, model, text))
        st.divider()
        choices.draw_downloads(trace, step, model=model)

    with st.expander("How this works", icon=":material/info:"):
        st.markdown(_HOW_IT_WORKS)


def prepare() -> None:
    """Open the packaged translator."""
    walk.translator(PACKAGED_NAME)
