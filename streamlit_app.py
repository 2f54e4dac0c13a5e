"""Entry of the dashboard: ``zetascope serve``, or ``streamlit run streamlit_app.py``.

The server imports it for ``app``, which is Streamlit behind our gate; each run of a page executes it to draw.
"""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

if get_script_run_ctx(suppress_warning=True):
    from analytics.dashboard.app.shell import run_app

    run_app()
else:
    from analytics.dashboard.app.start import layers
    from analytics.dashboard.gate.leaving import freeing_what_left

    app = st.App(__file__, middleware=layers(), lifespan=freeing_what_left)
