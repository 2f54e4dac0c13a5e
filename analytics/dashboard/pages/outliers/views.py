"""The Outliers page's views: the flagged rows with their reasons, one row's card, and the charts."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.outliers.search import Search, thresholds_of
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.drawings import download_svg, draw_svg
from analytics.dashboard.parts.markdown import count, named, plain
from analytics.dashboard.server.datasets import DataSet
from analytics.figures.outliers import plots as figures
from analytics.figures.outliers.row_profile import row_profile
from analytics.figures.outliers.shading import Shades, pair_shades, strip_shades
from analytics.figures.outliers.strips import BEYOND_DOTS, strip_plot, strip_rows
from analytics.numbers import OutlierReport
from analytics.numbers.outliers.cells import standard_scores
from analytics.numbers.outliers.methods import OUTLIER_METHODS
from analytics.numbers.outliers.reasons import explain_rows
from analytics.numbers.outliers.robust_ellipse import robust_ellipse

_EXPLAINED = 1_000
_COLUMNS_SHOWN = 16
_HEAT_ROWS = 30
_FOCUS = "zetascope_outliers_focus"


def draw_rows(dataset: DataSet, search: Search, report: OutlierReport) -> list[int]:
    """The flagged rows with votes and reasons, filtered and searched; gives the selected positions."""
    rows = report.flagged_rows()
    if not len(rows):
        st.info("No row is beyond any threshold; lower one to see the most unusual.", icon=":material/check:")
        return []
    shown = _filtered(dataset, _listed(_key(dataset, search, report), dataset, report))
    if shown.empty:
        st.info("No flagged row fits the filter.", icon=":material/filter_alt_off:")
        return []
    state = st.dataframe(
        shown.head(widgets.ROWS_SHOWN),
        key=f"outliers_rows_{hash(tuple(shown['Row'].head(widgets.ROWS_SHOWN)))}",
        hide_index=True,
        height=min(420, 40 + 35 * len(shown)),
        on_select="rerun",
        selection_mode="multi-row",
        alt="Flagged rows with their votes, the methods that flag them and the reasons",
        column_config={
            "Row": st.column_config.NumberColumn(format="%d", width=60),
            "Votes": st.column_config.NumberColumn(format="%d", width=60),
            "Vote score": st.column_config.NumberColumn(
                format="%.2f", width=80, help="All methods in one number, without any threshold."
            ),
            "Why": st.column_config.TextColumn(width=520),
        },
    )
    left = f" Of {len(rows):,} flagged rows the {_EXPLAINED:,} most voted are listed." * (
        len(rows) > _EXPLAINED
    )
    st.caption(
        f"{count(len(shown), 'row')}. Select rows to see one in detail, or to decide about them.{left}"
    )
    chosen = [int(shown["Row"].iloc[place]) - 1 for place in state.selection.rows if place < len(shown)]
    if chosen and chosen != st.session_state.get("zetascope_outliers_chosen"):
        _focus_on(dataset, chosen[-1])
    st.session_state["zetascope_outliers_chosen"] = chosen
    return chosen


def focus_of(dataset: DataSet, report: OutlierReport) -> int:
    """The row that is looked at: the one clicked last, at first the most unusual one."""
    key, row = st.session_state.get(_FOCUS, (None, 0))
    if key == dataset.key and row < report.data.rows:
        return int(row)
    flagged = report.flagged_rows()
    return int(flagged[0]) if len(flagged) else int(report.vote_scores.to_numpy().argmax())


def draw_card(dataset: DataSet, report: OutlierReport, row: int) -> None:
    """One row: the sentence, its profile, and every method's score with threshold and rank."""
    (explained,) = explain_rows(report, [row])
    name = _name_of(dataset, row)
    st.markdown(f"**Row {row + 1:,}{': ' + plain(name, width=60) if name else ''}**")
    st.markdown(plain(explained.sentence, width=800))
    columns = _shown_columns(report, np.array([row]))
    with st.container(horizontal=True, gap="small"):  # side by side in a window of 820 pixels
        with st.container(width=360):
            alt = f"Standard scores of row {row + 1}: {explained.sentence}"
            draw_svg(row_profile(report, row, columns, alt=alt), key="outliers_profile")
        with st.container(width=350):
            st.dataframe(
                _scores_of(report, row),
                hide_index=True,
                key="outliers_card_scores",
                alt=f"Score, threshold and rank of row {row + 1} by every method",
                column_config={
                    "Method": st.column_config.TextColumn(width=140),
                    "Score": st.column_config.NumberColumn(format="%.2f", width=60),
                    "Cut": st.column_config.NumberColumn(format="%.2f", width=60, help="The threshold."),
                    "Rank": st.column_config.NumberColumn(format="%d", width=50),
                },
            )


def draw_strips(dataset: DataSet, search: Search, report: OutlierReport, focus: int) -> None:
    """Every column on the z axis."""
    columns = _shown_columns(report, report.flagged_rows())
    rows = strip_rows(report, columns, focus=focus)
    _told_if_fewer(report, columns)
    shades = _strip_shades(search.place(dataset), tuple(columns), report) if rows.shaded else None
    drawn = _strips(_key(dataset, search, report), focus, report, rows, columns, shades)
    draw_svg(drawn, key="outliers_strips", on_pick=lambda number: _focus_on(dataset, int(number) - 1))
    _told_if_shaded(report, rows, f"up to {BEYOND_DOTS:,} values beyond a threshold of ", "values")
    download_svg("Strips as SVG", drawn, file_name=f"{dataset.stem}_strips.svg", key="outliers_strips_svg")


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _strips(
    key: tuple[object, ...],
    focus: int,
    _report: OutlierReport,
    _rows: figures.DrawnRows,
    _columns: Sequence[int],
    _shades: Shades | None,
) -> str:
    alt = "One strip of dots per column on a common axis of standard scores; flagged rows in full colour"
    return strip_plot(_report, _rows, _columns, shades=_shades, alt=alt)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _strip_shades(place: tuple[object, ...], columns: tuple[int, ...], _report: OutlierReport) -> Shades:
    return strip_shades(_report, columns)


def draw_fences(report: OutlierReport) -> None:
    """One column's histogram with the fences of the column-wise methods."""
    left, right = st.columns(2)
    with left:
        name = widgets.choose_one("Column", list(report.columns), key="outliers_fence_column")
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


def draw_pair(dataset: DataSet, search: Search, report: OutlierReport, focus: int) -> None:
    """Two columns against each other, with the robust ellipse."""
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
    outline = _ellipse(search.place(dataset), x, y, report) if x != y else None
    shades = _pair_shades(search.place(dataset), x, y, report) if rows.shaded else None
    state = widgets.chart(
        figures.pair_scatter(report, rows, x, y, outline=outline, shades=shades),
        key="outliers_pair",
        alt=f"Scatter of {names[y]} against {names[x]}; the dotted ellipse holds 99 % of clean normal data",
        select="points",
    )
    _take_click(dataset, state)
    _told_if_shaded(report, rows, "", "rows")


def draw_heat_map(report: OutlierReport) -> None:
    """Standard scores of the most unusual rows."""
    rows = report.flagged_rows()[:_HEAT_ROWS]
    if not len(rows):
        st.info("No row is flagged.", icon=":material/check:")
        return
    columns = _shown_columns(report, rows)
    _told_if_fewer(report, columns)
    widgets.chart(
        figures.z_heat_map(report, rows, columns),
        key="outliers_heat_map",
        alt=f"Standard scores of the {len(rows)} most unusual rows, blue below and orange above the mean",
    )


def _shown_columns(report: OutlierReport, rows: np.ndarray) -> list[int]:
    """Positions of the columns to draw, in file order: the 16 in which these rows are most extreme."""
    if len(report.columns) <= _COLUMNS_SHOWN:
        return list(range(len(report.columns)))
    extremes = np.abs(np.nan_to_num(standard_scores(report, rows[:200]))).max(axis=0, initial=0.0)
    return sorted(np.argsort(-extremes, kind="stable")[:_COLUMNS_SHOWN].tolist())


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _listed(key: tuple[object, ...], _dataset: DataSet, _report: OutlierReport) -> pd.DataFrame:
    """The most voted flagged rows with their reasons; shared between reruns, so never changed in place."""
    explained = explain_rows(_report, _report.flagged_rows()[:_EXPLAINED])
    rows = [reasons.row for reasons in explained]
    listed = pd.DataFrame({"Row": [row + 1 for row in rows]})
    naming = _naming_column(_dataset)
    if naming is not None:
        listed[naming] = _dataset.frame[naming].iloc[rows].astype("string").to_numpy()
    listed["Votes"] = _report.votes.to_numpy()[rows]
    listed["Why"] = [reasons.sentence for reasons in explained]
    listed["Flagged by"] = [_labels(reasons.methods) for reasons in explained]
    listed["Vote score"] = _report.vote_scores.to_numpy()[rows]
    return listed


def _key(dataset: DataSet, search: Search, report: OutlierReport) -> tuple[object, ...]:
    """Names what the flagged rows and their reasons depend on."""
    return (*search.place(dataset), thresholds_of(report))


def _filtered(dataset: DataSet, listed: pd.DataFrame) -> pd.DataFrame:
    most = int(listed["Votes"].max())
    left, middle, right = st.columns(3)
    with left:
        votes = widgets.choose_one(
            "At least", list(range(1, most + 1)), key="outliers_votes", format_func=_votes
        )
    with middle:
        labels = ["any method", *dict.fromkeys(", ".join(listed["Flagged by"]).split(", "))]
        method = widgets.choose_one("Flagged by", labels, key="outliers_filter")
    with right:
        words = st.text_input(
            "Search",
            key="outliers_search",
            bind="query-params",
            placeholder="a word of the row or its reason",
        )
    kept = listed["Votes"] >= votes
    if method != "any method":
        kept &= listed["Flagged by"].str.split(", ").map(lambda names: method in names)
    if words.strip():
        kept &= _mentions(dataset, listed, words.strip())
    return listed[kept]


def _mentions(dataset: DataSet, listed: pd.DataFrame, words: str) -> pd.Series:
    rows = dataset.frame.iloc[(listed["Row"] - 1).to_numpy()]
    texts = listed["Why"].astype(str)
    for name in dataset.columns("text", "category", "identifier"):
        texts = texts + " " + rows[name].astype("string").fillna("").to_numpy()
    return texts.str.contains(words, case=False, regex=False)


def _scores_of(report: OutlierReport, row: int) -> pd.DataFrame:
    scores = report.scores.iloc[row]
    lines = []
    for method in report.methods:
        column = report.scores[method].to_numpy()
        lines.append(
            {
                "Method": OUTLIER_METHODS[method].label,
                "Score": float(scores[method]),
                "Cut": report.thresholds[method],
                "Rank": int((column > scores[method]).sum()) + 1,
            }
        )
    return pd.DataFrame(lines)


def _take_click(dataset: DataSet, state: object) -> None:
    points = getattr(getattr(state, "selection", None), "points", None) or []
    for point in points:
        data = point.get("customdata")
        number = data[0] if isinstance(data, list) else data
        if number is not None and (dataset.key, int(number) - 1) != st.session_state.get(_FOCUS):
            _focus_on(dataset, int(number) - 1)
            st.rerun()


def _focus_on(dataset: DataSet, row: int) -> None:
    st.session_state[_FOCUS] = (dataset.key, row)


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
def _ellipse(place: tuple[object, ...], x: int, y: int, _report: OutlierReport) -> np.ndarray | None:
    return robust_ellipse(_report, x, y)


@st.cache_resource(scope="session", max_entries=16, show_spinner=False)
def _pair_shades(place: tuple[object, ...], x: int, y: int, _report: OutlierReport) -> Shades:
    return pair_shades(_report, x, y)


def _naming_column(dataset: DataSet) -> str | None:
    return next(iter(dataset.columns("identifier", "text", "time")), None)


def _name_of(dataset: DataSet, row: int) -> str:
    column = _naming_column(dataset)
    return "" if column is None else named(dataset.frame[column].iloc[row])


def _labels(methods: Sequence[str]) -> str:
    return ", ".join(OUTLIER_METHODS[method].label for method in methods)


def _votes(number: int) -> str:
    return count(number, "vote")
