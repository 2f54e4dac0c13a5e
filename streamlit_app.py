"""Entry of the dashboard: ``zetascope serve``, or ``streamlit run streamlit_app.py``."""

from analytics.dashboard.app.shell import run_app

run_app()
