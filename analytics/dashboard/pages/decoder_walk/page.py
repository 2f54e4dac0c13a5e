"""The Decoder page, from the sentence to its translation; torch is imported with it, which takes seconds."""

import streamlit as st

# The model imports it when it loads; here it loads beside the page.
from transformers import MarianMTModel  # noqa: F401

from analytics.dashboard.pages.decoder_walk import choices, numbers, views, walk
from analytics.dashboard.pages.decoder_walk import step as one_step
from analytics.dashboard.parts.widgets import errors_told
from analytics.dashboard.server.datasets import DataSet
from analytics.transformer.translator.loading import PACKAGED_NAME

VIEWS = {
    "Alignment": "cross_attention",
    "Self-attention": "self_attention",
    "Encoder": "encoder",
    "Layers": "feed_forward",
    "Numbers": "",
    "Sampling": "next_word",
    "Beam tree": "next_word",
    "Mask lab": "self_attention",
    "By hand": "",
    "Checks": "",
}

HOW_IT_WORKS = r"""
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
        trace = walk.traced(model, text, walk.along_the_path(settings, model))
        walk.draw_summary(trace)
        step = walk.ask_for_step(trace)
        one_step.draw_sentence(trace, step)
        one_step.draw_step(trace, step, model=model)
        one_step.draw_steps_table(trace)

        st.subheader("Look closer", anchor=False)
        view = st.segmented_control(
            "Look closer",
            list(VIEWS),
            key="decoder_walk_view",
            default="Alignment",
            required=True,
            bind="query-params",
            label_visibility="collapsed",
        )
        part, key = numbers.ask_for_stage() if view == "Numbers" else (VIEWS[view or "Alignment"], "")
        walk.draw_picture(trace, step, part)
        match view:
            case "Self-attention":
                views.draw_self_attention(trace, step)
            case "Encoder":
                views.draw_encoder(trace)
            case "Layers":
                views.draw_layers(trace, step, model=model)
            case "Numbers":
                numbers.draw_numbers(trace, step, part, key, model=model)
            case "Sampling":
                choices.draw_sampling(trace, step, model=model)
            case "Beam tree":
                choices.draw_beams(trace, model=model, text=text)
            case "Mask lab":
                views.draw_mask_lab(trace, model=model, text=text)
            case "By hand":
                choices.draw_by_hand()
            case "Checks":
                choices.draw_checks(trace)
            case _:
                views.draw_alignment(trace)
        st.divider()
        choices.draw_downloads(trace, step, model=model)

    with st.expander("How this works", icon=":material/info:"):
        st.markdown(HOW_IT_WORKS)


def prepare() -> None:
    """Open the packaged translator."""
    walk.translator(PACKAGED_NAME)
