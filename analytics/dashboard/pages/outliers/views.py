"""The Outliers page's views: strips, fences, a pair of columns, a heat map, time, and methods compared."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import streamlit as st

from analytics.dashboard.pages.outliers.over_time import draw_over_time
from analytics.dashboard.pages.outliers.rows import focus_on_number, focused_row, shown_columns
from analytics.dashboard.pages.outliers.search import Found
from analytics.dashboard.pages.outliers.which_method import draw_which_method
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.drawings import download_svg, draw_svg
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.glossary import hover
from analytics.figures.outliers import plots as figures
from analytics.figures.outliers.shading import Shades, pair_shades, strip_shades
from analytics.figures.outliers.strips import BEYOND_DOTS, strip_plot, strip_rows
from analytics.numbers import OutlierReport
from analytics.numbers.outliers.robust_ellipse import robust_ellipse

_HEAT_ROWS = 30


def draw_views(found: Found, focus: int) -> list[int]:
    """A tab for each view; only the open one is drawn. Gives the rows (positions) selected there."""
    if not found.report.columns:
        return []
    chosen: list[int] = []
    tabs = st.tabs(list(_VIEWS), on_change="rerun", key="outliers_view")
    for tab, draw_view in zip(tabs, _VIEWS.values(), strict=True):
        if tab.open:
            with tab:
                chosen += draw_view(found, focus) or []
    return chosen


def _draw_strips(found: Found, focus: int) -> None:
    """Every column on the z axis."""
    report = found.report
    columns = shown_columns(report, report.flagged_rows())
    rows = strip_rows(report, columns, focus=focus)
    _told_if_fewer(report, columns)
    shades = _strip_shades(found.scores_key, tuple(columns), found) if rows.shaded else None
    drawn = _strips(found.key, focus, found, rows, columns, shades)
    draw_svg(drawn, key="outliers_strips", on_pick=lambda number: focus_on_number(found, int(number)))
    _told_if_shaded(report, rows, f"up to {BEYOND_DOTS:,} values beyond a threshold of ", "values")
    download_svg(
        "Strips as SVG",
        drawn,
        file_name=f"{stem_of(found.dataset.name)}_strips.svg",
        key="outliers_strips_svg",
    )


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _strips(
    key: tuple[object, ...],
    focus: int,
    _found: Found,
    _rows: figures.DrawnRows,
    _columns: Sequence[int],
    _shades: Shades | None,
) -> str:
    alt = "One strip of dots per column on a common axis of standard scores; flagged rows in full colour"
    return strip_plot(_found.report, _rows, _columns, shades=_shades, alt=alt)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _strip_shades(scores_key: tuple[object, ...], columns: tuple[int, ...], _found: Found) -> Shades:
    return strip_shades(_found.report, columns)


def _draw_fences(found: Found, _focus: int) -> None:
    """One column's histogram with the fences of the column-wise methods."""
    report = found.report
    left, right = st.columns(2)
    with left:
        name = widgets.choose_one(
            "Column", list(report.columns), key="outliers_fence_column", help=hover("fence")
        )
    group = 0
    if report.data.by:
        with right:
            label = widgets.choose_one("Group", list(report.data.groups), key="outliers_fence_group")
            group = report.data.groups.index(label)
    widgets.chart(
        figures.fence_histogram(report, report.columns.index(name), group),
        key="outliers_fences",
        alt=f"Histogram of {name} with the fences of each column-wise method",
    )


def _draw_pair(found: Found, focus: int) -> None:
    """Two columns against each other, with the robust ellipse."""
    report = found.report
    if len(report.columns) < 2:
        st.info("A pair needs two number columns.", icon=":material/info:")
        return
    first, second = _telling_pair(report, focus)
    names = [str(name) for name in report.columns]
    left, right = st.columns(2)
    with left:
        x = names.index(widgets.choose_one("Across", names, key="outliers_x", index=first))
    with right:
        y = names.index(widgets.choose_one("Up", names, key="outliers_y", index=second))
    rows = figures.drawn_rows(report, focus=focus)
    outline = _ellipse(found.scores_key, x, y, found) if x != y else None
    shades = _pair_shades(found.scores_key, x, y, found) if rows.shaded else None
    state = widgets.chart(
        figures.pair_scatter(report, rows, x, y, outline=outline, shades=shades),
        key="outliers_pair",
        alt=f"Scatter of {names[y]} against {names[x]}; "
        "the dotted ellipse holds 99% of further clean normal rows",
        select="points",
    )
    _take_click(found, state)
    _told_if_shaded(report, rows, "", "rows")


def _draw_heat_map(found: Found, _focus: int) -> None:
    """Standard scores of the most unusual rows."""
    report = found.report
    rows = report.flagged_rows()[:_HEAT_ROWS]
    if not len(rows):
        st.info("No row is flagged.", icon=":material/check:")
        return
    columns = shown_columns(report, rows)
    _told_if_fewer(report, columns)
    widgets.chart(
        figures.z_heat_map(report, rows, columns),
        key="outliers_heat_map",
        alt=f"Standard scores of the {len(rows)} most unusual rows, blue below and orange above the mean",
    )


def _take_click(found: Found, state: object) -> None:
    points = getattr(getattr(state, "selection", None), "points", None) or []
    for point in points:
        data = point.get("customdata")
        number = data[0] if isinstance(data, list) else data
        if number is not None and found.dataset.place_of(int(number)) != focused_row(found):
            focus_on_number(found, int(number))
            st.rerun()


def _told_if_shaded(report: OutlierReport, rows: figures.DrawnRows, what: str, counted: str) -> None:
    told = "Click a dot to see its row."
    if rows.shaded:
        told = (
            f"Dots: {what}the {len(rows.flagged):,} most unusual rows. The shade counts all {counted}. {told}"
        )
    elif len(rows.flagged) < len(report.flagged_rows()):
        told = f"Dots: {what}the {len(rows.flagged):,} most unusual rows and all ordinary ones. {told}"
    st.caption(told)


def _told_if_fewer(report: OutlierReport, columns: Sequence[int]) -> None:
    if len(columns) < len(report.columns):
        st.caption(f"The {len(columns)} columns in which rows are most extreme, of {len(report.columns)}.")


def _telling_pair(report: OutlierReport, focus: int) -> tuple[int, int]:
    parts = report.parts.get("mahalanobis")
    place = np.flatnonzero(parts.rows == focus) if parts is not None else np.empty(0, dtype=np.intp)
    if parts is not None and len(place) and len(parts.columns) > 1:
        first, second = parts.columns[np.argsort(-parts.values[place[0]], kind="stable")[:2]].tolist()
        return int(first), int(second)
    return 0, 1


@st.cache_resource(scope="session", max_entries=16, show_spinner=False)
def _ellipse(scores_key: tuple[object, ...], x: int, y: int, _found: Found) -> np.ndarray | None:
    return robust_ellipse(_found.report, x, y)


@st.cache_resource(scope="session", max_entries=16, show_spinner=False)
def _pair_shades(scores_key: tuple[object, ...], x: int, y: int, _found: Found) -> Shades:
    return pair_shades(_found.report, x, y)


_VIEWS: Mapping[str, Callable[[Found, int], list[int] | None]] = {
    "Strips": _draw_strips,
    "Fences": _draw_fences,
    "Pair": _draw_pair,
    "Heat map": _draw_heat_map,
    "Over time": draw_over_time,
    "Which method": draw_which_method,
}
