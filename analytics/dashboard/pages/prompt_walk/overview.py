"""The living picture of the Prompt page, and what stands below it where no single part is in view."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.prompt_walk import places, walk
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.walks.living import LivingPicture, draw_living
from analytics.dashboard.server.causal_models import shared_causal
from analytics.figures.living import causal_model, encoder_inside, heads
from analytics.figures.living.causal_flow import causal_flow
from analytics.figures.living.causal_scenes import causal_scenes
from analytics.figures.svg import Markup
from analytics.transformer.causal.trace import CausalTrace


def draw_picture(trace: CausalTrace, step: int, model: str, view: str) -> None:
    """Where the visitor is, drawn: the model while one token is written, one of its blocks or heads."""
    here = places.here(trace, view)
    drawn, legend = _drawn(trace, step, here, model)
    whole = causal_model.model_picture(trace, step, shared_causal(model).piece)
    picture = LivingPicture(drawn, whole, here.crumbs(), causal_scenes(trace, step))
    draw_living(picture, key=f"{walk.NAME}_living", on_pick=partial(places.take, trace=trace))
    st.caption(f"{legend} Click a part, or reach it with Tab and the arrow keys; Esc leads back out.")


def _drawn(trace: CausalTrace, step: int, here: places.Here, model: str) -> tuple[Markup, str]:
    if here.layer is None:
        drawn = causal_model.model_picture(trace, step, shared_causal(model).piece, here=here.place)
        return drawn, causal_model.legend(trace, step)
    if here.head is None:
        drawn = causal_model.block_picture(trace, step, here.layer, here=here.place)
        return drawn, encoder_inside.BLOCK_LEGEND
    drawn = causal_model.head_picture(trace, step, here.layer, here.head, here=here.place)
    return drawn, heads.LEGEND


def draw_whole(trace: CausalTrace, step: int, _model: str) -> None:
    """The picture's numbers for those who read rather than look."""
    flow = causal_flow(trace, step)
    frame = _numbered(trace, {f"length: {name}": sizes for name, sizes in flow.lengths.items()})
    frame["the last token looks, %"] = 100 * flow.looked
    with st.expander("The picture as a table", icon=":material/table:"):
        widgets.table(
            frame,
            key=f"{walk.NAME}_flow",
            alt="Length of each token's vector at every place, and how much the last token looks at it",
        )


def draw_block(trace: CausalTrace, step: int, _model: str) -> None:
    """The lengths of a block's picture as a table."""
    layer, read = walk.ask_for_layer(trace), trace.row(step) + 1
    block = trace.layers[layer]
    names = {
        "attention adds": block.attention_output,
        "after the first sum": block.attention_residual,
        "feed-forward adds": block.feed_forward_output,
        "after the second sum": block.feed_forward_residual,
    }
    st.markdown(
        "A block changes each token's vector twice: **attention** adds what the token found in itself and "
        "those before it, **feed-forward** adds what the block knows about the token alone. Both read a "
        "normed copy; the sums go on as they are."
    )
    lengths = {f"length: {name}": np.linalg.norm(one[:read], axis=-1) for name, one in names.items()}
    frame = _numbered(trace, lengths)
    widgets.table(frame, key=f"{walk.NAME}_block", alt=f"What block {layer + 1} adds to each token")


def _numbered(trace: CausalTrace, columns: dict[str, np.ndarray]) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    frame.insert(0, "token", [f"{place + 1} {trace.tokens[place]}" for place in range(len(frame))])
    return frame
