"""The living picture of the Encoder page, and what stands below it where no single stage is in view."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.encoder_walk import places, walk
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.matrix_view import draw_heat_map
from analytics.dashboard.parts.walks.living import LivingPicture, draw_living
from analytics.figures.living import encoder_inside, encoder_model, heads
from analytics.figures.living.encoder_flow import encoder_flow
from analytics.figures.living.scenes import encoder_scenes
from analytics.figures.matrix import vector_strip
from analytics.figures.svg import Markup
from analytics.transformer.encoder.trace import EncoderTrace


def draw_picture(trace: EncoderTrace, view: str) -> None:
    """Where the visitor is, drawn: the model, one of its blocks or one of its heads."""
    here = places.here(trace, view)
    drawn, legend = _drawn(trace, here)
    picture = LivingPicture(
        drawn,
        encoder_model.model_picture(trace),
        here.crumbs(places.cell(trace, here)),
        encoder_scenes(trace),
    )
    draw_living(picture, key="encoder_walk_living", on_pick=places.take)
    st.caption(f"{legend} Click a part, or reach it with Tab and the arrow keys; Esc leads back out.")


def _drawn(trace: EncoderTrace, here: places.Here) -> tuple[Markup, str]:
    if here.layer is None:
        return encoder_model.model_picture(trace, here=here.place), encoder_model.legend(trace)
    if here.head is None:
        drawn = encoder_inside.block_picture(trace, here.layer, here=here.place)
        return drawn, encoder_inside.BLOCK_LEGEND
    drawn = encoder_inside.head_picture(trace, here.layer, here.head, here=here.place)
    return drawn, heads.LEGEND


def draw_whole(trace: EncoderTrace) -> None:
    """The vector, and the picture's numbers for those who read rather than look."""
    alt = "The text's vector as a strip of colours"
    draw_heat_map(vector_strip(trace.vector), key="encoder_walk_vector", alt=alt)
    flow = encoder_flow(trace)
    with st.expander("The picture as a table", icon=":material/table:"):
        frame = _numbered(trace, {f"length: {name}": sizes for name, sizes in flow.lengths.items()})
        frame["share of the vector, %"] = 100 * flow.shares
        widgets.table(
            frame, key="encoder_walk_flow", alt="Length of each token's vector at every place, and its share"
        )


def draw_block(trace: EncoderTrace) -> None:
    """The lengths of a block's picture as a table."""
    layer, _ = walk.ask_for_place(trace, head=False)
    block = trace.layers[layer]
    names = {
        "attention adds": block.attention_output,
        "after the first norm": block.attention_norm,
        "feed-forward adds": block.feed_forward_output,
        "after the second norm": block.output,
    }
    st.markdown(
        "A block changes each token's vector twice: **attention** adds what the token found in the others, "
        "**feed-forward** adds what the block knows about the token alone. The longer what is added, the "
        "more it turns the vector."
    )
    frame = _numbered(trace, {f"length: {name}": np.linalg.norm(one, axis=-1) for name, one in names.items()})
    widgets.table(frame, key="encoder_walk_block", alt=f"What block {layer + 1} adds to each token")


def _numbered(trace: EncoderTrace, columns: dict[str, np.ndarray]) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    frame.insert(0, "token", [f"{place + 1} {name}" for place, name in enumerate(trace.tokens)])
    return frame
