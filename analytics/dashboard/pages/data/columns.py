"""The Data page's table of columns: what each is used as, and what it holds."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet
from analytics.tables import ColumnProfile, Role, TableProfile, profile_table

_ROLE_KINDS = ["number", "category", "text", "time", "identifier", "constant", "empty"]


@st.cache_resource(scope="session", max_entries=4, show_spinner="Looking at every column")
def profile(key: str, _frame: pd.DataFrame, _roles: Mapping[str, Role]) -> TableProfile:
    """Profile of the open data set."""
    return profile_table(_frame, roles={name: _roles[str(name)] for name in _frame.columns})


def _columns_frame(profiled: TableProfile) -> pd.DataFrame:
    """One row per column of the file, for people."""
    rows = [
        {
            "column": str(column.name),
            "used as": column.role.kind,
            "distribution": _bars(column),
            "missing": column.missing / max(1, profiled.rows),
            "distinct": column.distinct,
            "smallest": _shown(column.minimum),
            "typical": _shown(_most_common(column) if column.median is None else column.median),
            "largest": _shown(column.maximum),
            "because": column.role.reason,
        }
        for column in profiled.columns.values()
    ]
    return pd.DataFrame(rows)


def _bars(column: ColumnProfile) -> list[int]:
    if column.histogram is not None:
        return [int(n) for n in column.histogram.counts]
    return [n for _, n in column.top]


def _most_common(column: ColumnProfile) -> object:
    return column.top[0][0] if column.top else None


def _shown(value: object) -> str:
    if value is None or value is pd.NaT:
        return ""
    if isinstance(value, float):
        return f"{value:,.6g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)[:40]


def draw_columns(dataset: DataSet, profiled: TableProfile) -> None:
    """The table of columns, with roles that can be changed in place."""
    frame = _columns_frame(profiled)
    key = f"data_columns_{dataset.key}"
    shown = st.data_editor(
        frame,
        key=key,
        hide_index=True,
        disabled=[name for name in frame.columns if name != "used as"],
        column_config={
            "used as": st.column_config.SelectboxColumn(options=_ROLE_KINDS, required=True),
            "missing": st.column_config.NumberColumn(format="percent"),
            "distinct": st.column_config.NumberColumn(format="localized"),
            "distribution": st.column_config.BarChartColumn(
                help="Numbers and dates: how often each range occurs. Others: the most common values.",
                y_min=0,
            ),
        },
    )
    changed = frame.index[frame["used as"] != shown["used as"]]
    for row in changed:
        datasets.choose_role(dataset, str(frame.at[row, "column"]), str(shown.at[row, "used as"]))
    if len(changed):
        st.rerun()


def kinds_of(dataset: DataSet) -> list[tuple[int, str]]:
    """How many columns of each kind, in a fixed order: ``[(3, "numbers"), (1, "text")]``."""
    plural = {"number": "numbers", "category": "categories", "identifier": "identifiers", "time": "times"}
    found = [(len(dataset.columns(kind)), kind) for kind in _ROLE_KINDS]
    return [(n, plural.get(kind, kind) if n != 1 else kind) for n, kind in found if n]
