"""One column over time: what was found, the picture, the reasons, and rows taken from there to a decision."""

import numpy as np
import streamlit as st

from analytics.dashboard.pages.outliers.search import Found
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.parts.scoring import measuring_nothing
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.jobs import job_result
from analytics.figures.outliers.over_time import over_time, told_in_words
from analytics.numbers import TimeOutliers, find_in_time

_QUICK_ROWS = 5_000  # whose season is found in a moment
_OPENED = "zetascope_outliers_over_time"


def times_of(dataset: DataSet) -> list[str]:
    """Columns that can be an axis of time: dates and times, and years."""
    named, numbers = measuring_nothing(dataset), dataset.columns("number")
    return [
        *dataset.columns("time"),
        *(name for name in numbers if named.get(name) in ("years", "points in time")),
    ]


def draw_over_time(found: Found, _focus: int) -> list[int]:
    """The view; gives the rows (positions) that are selected in its table."""
    dataset = found.dataset
    times = times_of(dataset)
    if not times:
        st.info("No column of this file holds dates, times or years.", icon=":material/info:")
        return []
    left, middle, right = st.columns(3)
    with left:
        column = widgets.choose_one(
            "Column over time", [str(name) for name in found.report.columns], key="outliers_time_column"
        )
    with middle:
        time = widgets.choose_one("Time", times, key="outliers_time")
    with right:
        period = st.number_input(
            "Season, in steps",
            min_value=0,
            value=0,
            key="outliers_time_period",
            bind="query-params",
            help="Steps after which the season repeats: 24 for hours of a day. 0: found by itself; 1: none.",
        )
    chosen = (str(column), str(time), int(period) or None)
    st.session_state[_OPENED] = (dataset.key, chosen)
    with widgets.errors_told():
        series = job_result(
            "outliers_time",
            (dataset.key, *chosen),
            lambda _: find_in_time(dataset.frame, chosen[0], time=chosen[1], period=chosen[2]),
            label="Looking along the time",
            quick=len(dataset.frame) <= _QUICK_ROWS,
        )
        if series is not None:
            return _draw_found(found, series)
    return []


def opened_series(dataset: DataSet) -> list[tuple[str, str, int | None]]:
    """The column over time that was looked at last in this data set, with its season; for the script."""
    key, chosen = st.session_state.get(_OPENED, ("", None))
    return [chosen] if chosen and key == dataset.key else []


def _draw_found(found: Found, series: TimeOutliers) -> list[int]:
    dataset = found.dataset
    st.markdown(f"**{plain(series.sentence(), width=200)}**")
    for note in series.notes:
        st.caption(plain(note, width=300))
    widgets.chart(over_time(series), key="outliers_over_time", alt=told_in_words(series))
    if not series.found:
        return []
    table = series.table(dataset.row_numbers)
    if found.report.data.row_names is not None:
        table.insert(3, "name", found.report.data.row_names[[one.row for one in series.found]])
    state = widgets.table(
        table,
        key="outliers_time_found",
        alt=f"Spikes and level shifts of {series.clock.column}: when, what, row, value, expected and why",
        on_select="rerun",
        selection_mode="multi-row",
        height=min(300, 40 + 35 * len(table)),
        column_config={
            "robust_sd": st.column_config.NumberColumn("robust SD", format="%.1f"),
            "value": st.column_config.NumberColumn(format="%.4g"),
            "expected": st.column_config.NumberColumn(format="%.4g"),
        },
    )
    st.caption("Rows selected here can be decided about below, like those of the list.")
    widgets.download(
        "Findings over time",
        lambda: table,
        file_name=f"{stem_of(dataset.name)}_over_time.csv",
        key="outliers_download_over_time",
    )
    selected = [place for place in state.selection.rows if place < len(series.found)]
    return list(dict.fromkeys(int(series.found[place].row) for place in np.array(selected, dtype=int)))
