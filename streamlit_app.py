"""Entry of the dashboard: ``streamlit run streamlit_app.py``."""

from analytics.dashboard.app.shell import run_app

run_app()
