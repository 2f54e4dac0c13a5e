"""Take the walk away, and how it was checked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from analytics.dashboard.pages.encoder_walk import walk
from analytics.dashboard.parts import checks, widgets
from analytics.figures.walks.encoder_walk_html import walk_html
from analytics.reproduce import trace_script
from analytics.transformer.encoder.export import to_npz
from analytics.transformer.encoder.trace import EncoderTrace


def draw_export(trace: EncoderTrace) -> None:
    """Downloads, made when they are clicked."""
    layer = max(min(int(st.session_state.get(walk.LAYER, 1)), len(trace.layers)) - 1, 0)
    head = max(int(st.session_state.get(walk.HEAD, 1)) - 1, 0)
    files: tuple[tuple[str, Callable[[], bytes | str], str], ...] = (
        ("All arrays", partial(to_npz, trace), "npz"),
        ("Page for offline reading", partial(walk_html, trace, layer=layer, head=head), "html"),
        ("Script", partial(trace_script, trace), "py"),
    )
    with st.container(horizontal=True):
        for label, make, end in files:
            name = f"encoder_walk.{end}"
            widgets.download(label, make, file_name=name, key=f"encoder_walk_download_{end}")
    st.caption(
        f"The arrays come as NPZ with a readme of names and shapes ({trace.nbytes / 1e6:.0f} MB before "
        "compression). The address of this page holds text, model, view, stage, layer and head."
    )


def draw_checks(trace: EncoderTrace) -> None:
    """The method: every stage recomputed, and its largest difference."""
    with st.expander("How it was checked", icon=":material/fact_check:"):
        st.markdown(
            "One forward pass is recorded inside the model itself. Then each stage is computed again in "
            "numpy from the recorded stage before it and the model's weights, and compared with what the "
            "model had. Differences are absolute; float32 carries about seven digits, and some sums here "
            "are large."
        )
        checks.draw_checks(trace.checks, key="encoder_walk_checks")
