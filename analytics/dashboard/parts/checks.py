"""How a walk was checked: every stage recomputed, as a table."""

import pandas as pd
import streamlit as st

from analytics.dashboard.parts import widgets
from analytics.transformer.checks import Check


def draw_checks(checks: tuple[Check, ...], *, key: str) -> None:
    """One row per stage: its formula, and its largest difference beside what is allowed."""
    frame = pd.DataFrame(
        {
            "stage": [one.name for one in checks],
            "agrees": [one.passed for one in checks],
            "largest difference": [one.max_abs_error for one in checks],
            "allowed": [one.tolerance for one in checks],
            "formula": [one.formula for one in checks],
        }
    )
    size = st.column_config.NumberColumn(format="%.1e")
    widgets.table(
        frame,
        key=key,
        alt="Checks of every stage with largest differences",
        column_config={"largest difference": size, "allowed": size},
    )
