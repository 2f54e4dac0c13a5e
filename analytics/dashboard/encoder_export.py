"""Take the walk away, and how it was checked."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analytics.dashboard import encoder_walk as walk
from analytics.dashboard import widgets
from analytics.figures.encoder_walk_html import walk_html
from analytics.transformer.encoder_trace import EncoderTrace
from analytics.transformer.export import to_npz, trace_script


def draw_export(trace: EncoderTrace) -> None:
    """Downloads, made when they are clicked."""
    layer = min(int(st.session_state.get(walk.LAYER, 1)), max(len(trace.layers), 1)) - 1
    head = max(int(st.session_state.get(walk.HEAD, 1)) - 1, 0)
    with st.container(horizontal=True):
        widgets.download(
            "All arrays",
            lambda: to_npz(trace),
            file_name="encoder_walk.npz",
            mime="application/octet-stream",
            key="encoder_walk_npz",
        )
        widgets.download(
            "Page for offline reading",
            lambda: walk_html(trace, layer=layer, head=head),
            file_name="encoder_walk.html",
            mime="text/html",
            key="encoder_walk_html",
        )
        widgets.download(
            "Script",
            lambda: trace_script(trace),
            file_name="encoder_walk.py",
            mime="text/x-python",
            key="encoder_walk_script",
        )
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
        frame = pd.DataFrame(
            {
                "stage": [one.name for one in trace.checks],
                "agrees": [one.passed for one in trace.checks],
                "largest difference": [f"{one.max_abs_error:.1e}" for one in trace.checks],
                "allowed": [f"{one.tolerance:.1e}" for one in trace.checks],
            }
        )
        widgets.table(frame, key="encoder_walk_checks", alt="Checks of every stage with largest differences")
