"""Walks through an encoder and a decoder as scripts that trace them again and check every stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analytics.reproduce.writer import script

if TYPE_CHECKING:
    from analytics.transformer.decoder.trace import TranslationTrace
    from analytics.transformer.encoder.trace import EncoderTrace


def trace_script(trace: EncoderTrace) -> str:
    """A script that traces the text again, prints whether every check passes and saves the arrays."""
    scale = trace.head_scale
    off = [] if scale is None else [(int(layer), int(head)) for layer, head in np.argwhere(scale == 0)]
    return script("encoder_walk", TEXT=trace.source.text, MODEL=trace.model_name, HEADS_OFF=off)


def translation_script(trace: TranslationTrace) -> str:
    """A script that translates again, prints every step and check and saves the arrays."""
    return script("decoder_walk", TEXT=trace.source.text, MODEL=trace.model_name, DECODING=trace.settings)
