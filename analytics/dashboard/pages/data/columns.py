"""The Data page's table of columns: what each is used as, and what it holds."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from analytics.dashboard.pages.data import look
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import named
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet
from analytics.figures import theme
from analytics.recipe import Suggestion
from analytics.tables import ColumnProfile, Role, TableProfile, profile_table
from analytics.words import whole_value_text

_TEXT_SHOWN = 18
"""Characters of a text as typical: as wide as a date with its time, so that the largest stays in view."""
_GRID_FONT, _CELL_PADDING = 0.85, 20
"""The width of the grid's letters, measured, to that of ``theme.text_width``; and the room beside them."""
_WITHOUT_CSV = """<style>[data-testid="stElementToolbarButton"]:has([aria-label^="Download as CSV"])
{display: none}</style>"""
"""``client.disableDataExport`` leaves an editor its own CSV, in which a name like ``=1+1`` is live."""


@st.cache_resource(scope="session", max_entries=4, show_spinner="Looking at every column")
def profile(key: str, _frame: pd.DataFrame, _roles: Mapping[str, Role]) -> TableProfile:
    """Profile of the open data set."""
    return profile_table(_frame, roles={name: _roles[str(name)] for name in _frame.columns})


def columns_frame(profiled: TableProfile) -> pd.DataFrame:
    """One row per column of the file, for people."""
    rows = [
        {
            "column": str(column.name),
            "used as": column.role.kind,
            "distribution": _bars(column),
            "missing": column.missing / max(1, profiled.rows),
            "distinct": column.distinct,
            "smallest": _shown(_end(column.minimum)),
            "typical": _shown(_most_common(column) if column.median is None else column.median),
            "largest": _shown(_end(column.maximum)),
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
    value = column.top[0][0] if column.top else None
    return theme.shortened(value, width=_TEXT_SHOWN) if isinstance(value, str) else value


def _end(value: object) -> object:
    """The end of a column's range; a time, which is an ISO text there, as people write it."""
    return value.removesuffix("T00:00:00").replace("T", " ") if isinstance(value, str) else value


def _shown(value: object) -> str:
    """A value in a cell; numbers are never shortened."""
    if value is None or value is pd.NaT:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return whole_value_text(value)
    return named(value)


def _wide_enough(frame: pd.DataFrame, name: str) -> int:
    """Pixels that a column of texts takes: Streamlit's own choice cuts figures without a mark."""
    longest = max(theme.text_width(text) for text in [name, *frame[name]])
    return round(longest * _GRID_FONT) + _CELL_PADDING


def draw_columns(dataset: DataSet, profiled: TableProfile, suggested: tuple[Suggestion, ...]) -> None:
    """The table of columns; a click on one opens it below."""
    frame = columns_frame(profiled)
    names = frame["column"].tolist()
    key = f"data_columns_{dataset.key}"
    st.dataframe(
        frame,
        key=key,
        hide_index=True,
        alt="Columns with what each is used as and what it holds",
        on_select=lambda: _look_at_clicked(key, look.look_key(dataset), names),
        selection_mode="single-cell",
        column_config={
            **{
                name: st.column_config.TextColumn(width=_wide_enough(frame, name))
                for name in ("smallest", "largest", "because")
            },
            "typical": st.column_config.TextColumn(
                width=_wide_enough(frame, "typical"), help=hover("median")
            ),
            "missing": st.column_config.NumberColumn(format="percent"),
            "distinct": st.column_config.NumberColumn(format="localized"),
            "distribution": st.column_config.BarChartColumn(
                width=110,
                help="Numbers and dates: how often each range occurs. Others: the most common values.",
                y_min=0,
            ),
        },
    )
    look.draw_look(dataset, {str(name): about for name, about in profiled.columns.items()}, suggested)
    box = st.expander(
        "Change what columns are used as", icon=":material/edit:", on_change="rerun", key="data_uses"
    )
    if box.open:
        with box:
            _draw_uses(dataset, frame[["column", "used as", "because"]])


def _look_at_clicked(key: str, look_key: str, names: list[str]) -> None:
    """Callback: look at the column whose row was clicked."""
    cells = st.session_state[key]["selection"]["cells"]
    if cells:
        st.session_state[look_key] = names[cells[0][0]]


def _draw_uses(dataset: DataSet, frame: pd.DataFrame) -> None:
    """What all columns are used as, to be changed in place."""
    st.html(_WITHOUT_CSV)
    shown = st.data_editor(
        frame,
        key=f"data_uses_{dataset.key}",
        hide_index=True,
        disabled=["column", "because"],
        alt="What each column is used as",
        column_config={
            "used as": st.column_config.SelectboxColumn(options=look.KINDS, required=True),
            "because": st.column_config.TextColumn(width=_wide_enough(frame, "because")),
        },
    )
    changed = frame.index[frame["used as"] != shown["used as"]]
    for row in changed:
        datasets.choose_role(dataset, str(frame.at[row, "column"]), str(shown.at[row, "used as"]))
    if len(changed):
        st.rerun()


def kinds_of(dataset: DataSet) -> list[tuple[int, str]]:
    """How many columns of each kind, in a fixed order: ``[(3, "numbers"), (1, "text")]``."""
    plural = {"category": "categories", "empty": "empty"}
    found = [(len(dataset.columns(kind)), kind) for kind in look.KINDS]
    return [(n, plural.get(kind, f"{kind}s") if n != 1 else kind) for n, kind in found if n]
