"""The living picture of the Decoder page, and what stands below it where no single part is in view."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.decoder_walk import places, walk
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.walks.living import LivingPicture, draw_living
from analytics.figures.living import decoder_inside, decoder_model, heads
from analytics.figures.living.decoder_scenes import decoder_scenes
from analytics.figures.svg import Markup
from analytics.transformer.decoder.trace import TranslationTrace


def draw_picture(trace: TranslationTrace, step: int, here: places.Here, *, model: str) -> None:
    """Where the visitor is, drawn: the model while one piece is written, one of its blocks or heads."""
    name = partial(walk.piece, model)
    drawn, legend = _drawn(trace, step, here, model)
    picture = LivingPicture(
        drawn, decoder_model.model_picture(trace, step, name), here.crumbs(), decoder_scenes(trace, step)
    )
    draw_living(picture, key="decoder_walk_living", on_pick=places.take)
    st.caption(f"{legend} Click a part, or reach it with Tab and the arrow keys; Esc leads back out.")


def _drawn(trace: TranslationTrace, step: int, here: places.Here, model: str) -> tuple[Markup, str]:
    if here.layer is None:
        drawn = decoder_model.model_picture(trace, step, partial(walk.piece, model), here=here.place)
        return drawn, decoder_model.legend(trace, step)
    if here.head is None:
        drawn = decoder_inside.block_picture(trace, step, here.layer, here=here.place)
        return drawn, decoder_inside.BLOCK_LEGEND
    drawn = decoder_inside.head_picture(trace, step, here.part, here.layer, here.head, here=here.place)
    return drawn, heads.LEGEND


def draw_block(trace: TranslationTrace) -> None:
    """The lengths of a block's picture as a table."""
    layer = walk.ask_for_layer(len(trace.layers))
    block = trace.layers[layer]
    names = {
        "self-attention adds": block.self_attention.projected,
        "cross-attention adds": block.cross_attention.projected,
        "feed-forward adds": block.feed_forward.projected,
        "after the block": block.output,
    }
    st.markdown(
        "A block changes the vector of each place three times: **masked self-attention** adds what was "
        "found in the pieces read so far, **cross-attention** what was found in the sentence, "
        "**feed-forward** what the block knows about the place alone."
    )
    lengths = {f"length: {name}": np.linalg.norm(one, axis=-1) for name, one in names.items()}
    frame = pd.DataFrame(lengths)
    frame.insert(0, "piece", [f"{one.index + 1} {one.input_text}" for one in trace.steps])
    widgets.table(frame, key="decoder_walk_block", alt=f"What block {layer + 1} adds to each place")
