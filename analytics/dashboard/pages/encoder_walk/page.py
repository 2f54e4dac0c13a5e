"""The Encoder page, from the text to the vector; torch is imported with it, which takes seconds."""

# The model imports it when it loads; here it loads beside the page.
import sentence_transformers  # noqa: F401
import streamlit as st

from analytics.dashboard.pages.encoder_walk import walk
from analytics.dashboard.pages.encoder_walk.attention import draw_attention
from analytics.dashboard.pages.encoder_walk.by_hand import draw_by_hand
from analytics.dashboard.pages.encoder_walk.export import draw_checks, draw_export
from analytics.dashboard.pages.encoder_walk.neighbors import draw_layers
from analytics.dashboard.pages.encoder_walk.parts import draw_heads, draw_importance, draw_pair, draw_pooling
from analytics.dashboard.pages.encoder_walk.stages import draw_steps
from analytics.dashboard.parts.matrix_view import draw_heat_map
from analytics.dashboard.parts.widgets import errors_told
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.loading import shared_encoder
from analytics.figures.walks.matrix import vector_strip
from analytics.text.models import PACKAGED_NAME
from analytics.transformer.encoder.walk import trace_encoder


def draw(dataset: DataSet) -> None:
    """The whole page below its question."""
    walk.take_choices()
    text = walk.ask_for_text(dataset)
    model = walk.ask_for_model()

    with errors_told():
        if not walk.is_ready(model):
            return
        trace = walk.trace_of(model, text)
        walk.draw_summary(trace)
        alt = "The text's vector as a strip of colours"
        draw_heat_map(vector_strip(trace.vector), key="encoder_walk_vector", alt=alt)
        view = walk.choose_view(trace)
        if view == "Step by step":
            draw_steps(trace)
        elif view == "Attention":
            draw_attention(trace, model)
        elif view == "Tokens that matter":
            draw_importance(trace, model)
        elif view == "Pooling":
            draw_pooling(trace, dataset, model)
        elif view == "Heads off":
            draw_heads(trace, dataset, model)
        elif view == "Two texts":
            draw_pair(trace, model)
        elif view == "Layers":
            draw_layers(trace, dataset, model)
        else:
            draw_by_hand()
        st.divider()
        draw_checks(trace)
        draw_export(trace)


def prepare() -> None:
    """Load the packaged model and walk through the example once."""
    trace_encoder(walk.EXAMPLE, encoder=shared_encoder(PACKAGED_NAME))
