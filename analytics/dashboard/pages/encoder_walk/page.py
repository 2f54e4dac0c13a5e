"""The Encoder page, from the text to the vector; torch is imported with it, which takes seconds."""

from collections.abc import Callable
from dataclasses import dataclass

# The model imports it when it loads; here it loads beside the page.
import sentence_transformers  # noqa: F401
import streamlit as st

from analytics.dashboard.pages.encoder_walk import overview, places, walk
from analytics.dashboard.pages.encoder_walk.attention import draw_attention
from analytics.dashboard.pages.encoder_walk.by_hand import draw_by_hand
from analytics.dashboard.pages.encoder_walk.contributions import (
    draw_heads,
    draw_importance,
    draw_pair,
    draw_pooling,
)
from analytics.dashboard.pages.encoder_walk.export import draw_checks, draw_export
from analytics.dashboard.pages.encoder_walk.neighbors import draw_layers
from analytics.dashboard.pages.encoder_walk.stages import draw_steps
from analytics.dashboard.parts.texts.encoder_links import FIRST_VIEW, PAIR_VIEW
from analytics.dashboard.parts.widgets import errors_told
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.loading import shared_encoder
from analytics.text.model_files import PACKAGED_NAME
from analytics.transformer.encoder.trace import EncoderTrace
from analytics.transformer.encoder.walk import trace_encoder


@dataclass(frozen=True)
class View:
    """One view of a walk; ``inside`` ones need the numbers of the model's layers."""

    draw: Callable[[EncoderTrace, DataSet, str], None]
    inside: bool = False


VIEWS = {
    places.WHOLE: View(lambda trace, _dataset, _model: overview.draw_whole(trace)),
    FIRST_VIEW: View(lambda trace, _dataset, _model: draw_steps(trace)),
    places.BLOCK: View(lambda trace, _dataset, _model: overview.draw_block(trace), inside=True),
    places.ATTENTION: View(lambda trace, _dataset, model: draw_attention(trace, model), inside=True),
    places.IMPORTANCE: View(lambda trace, _dataset, model: draw_importance(trace, model)),
    places.LEDGER: View(draw_pooling),
    places.HEADS_OFF: View(draw_heads, inside=True),
    PAIR_VIEW: View(lambda trace, _dataset, model: draw_pair(trace, model)),
    places.LAYERS: View(draw_layers),
    places.BY_HAND: View(lambda _trace, _dataset, _model: draw_by_hand()),
}


def draw(dataset: DataSet) -> None:
    """The whole page below its question."""
    walk.take_choices()
    text = walk.ask_for_text(dataset)
    model = walk.ask_for_model()

    with errors_told():
        if not walk.is_ready(model):
            return
        trace = walk.trace_of(model, text)
        summary, picture = st.container(), st.container()
        view = walk.choose_view([name for name, one in VIEWS.items() if trace.layers or not one.inside])
        with picture:
            overview.draw_picture(trace, view)
        with summary:
            walk.draw_summary(trace)
        VIEWS[view].draw(trace, dataset, model)
        st.divider()
        draw_checks(trace)
        draw_export(trace)


def prepare() -> None:
    """Load the packaged model and walk through the example once."""
    trace_encoder(walk.EXAMPLE, encoder=shared_encoder(PACKAGED_NAME))
