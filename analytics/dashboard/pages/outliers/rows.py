"""The rows in order with their reasons, the row that is looked at, and its card."""

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.outliers.search import Found
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.drawings import draw_svg
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server.datasets import DataSet
from analytics.figures.outliers.row_profile import row_profile
from analytics.numbers import OutlierReport
from analytics.numbers.outliers.cells import standard_scores
from analytics.numbers.outliers.judging.ranking import ranking, rows_in_order
from analytics.numbers.outliers.methods import OUTLIER_METHODS
from analytics.numbers.outliers.reasons import explain_rows
from analytics.text.words import search_key

_EXPLAINED = 1_000
_LEAST_LISTED = 20  # rows, where fewer have a vote: the least ordinary ones are of interest too
_IN_WORDS = 5
_ROW_HEIGHT = 52  # pixels: two lines, so that reasons can be read without opening a row
_HEADS = {
    "row": "Row",
    "name": "Name",
    "why": "Why",
    "votes": "Votes",
    "combined": "Combined",
    "flagged_by": "Flagged by",
    "place": "Place",
    "line": "Line",
    "reason": "Sentence",
}
"""Columns of the list; the first are seen in a narrow window too."""
_COLUMNS_SHOWN = 16
_FOCUS = "zetascope_outliers_focus"
_CHOSEN = "zetascope_outliers_chosen"


def draw_rows(found: Found) -> list[int]:
    """The most unusual rows in order with votes and reasons, filtered and searched; gives the selected
    positions."""
    flagged = len(found.report.flagged_rows())
    listed = _listed(found.key, found)
    shown = _filtered(found.dataset, listed)
    if shown.empty:
        of = f" of the {len(listed):,} most unusual of {found.report.data.rows:,}"
        st.info(f"No row{of} fits the filter.", icon=":material/filter_alt_off:")
        return []
    state = st.dataframe(
        shown.head(widgets.ROWS_SHOWN),
        key=f"outliers_rows_{hash(tuple(shown['Row'].head(widgets.ROWS_SHOWN)))}",
        hide_index=True,
        height=min(460, 44 + _ROW_HEIGHT * len(shown)),
        row_height=_ROW_HEIGHT,
        on_select="rerun",
        selection_mode="multi-row",
        alt="The most unusual rows in order: name, votes, combined score, why, and methods that flag them",
        column_config={
            "Place": st.column_config.NumberColumn(
                format="%d", width=50, help="By votes, then by the combined score."
            ),
            "Row": st.column_config.NumberColumn(format="%d", width=55),
            "Line": st.column_config.NumberColumn(
                format="%d", width=55, help="Where the row stands in the file."
            ),
            "Name": st.column_config.TextColumn(width=140),
            "Votes": st.column_config.NumberColumn(
                format=f"%d of {len(found.report.methods)}", width=60, help="Methods that flag the row."
            ),
            "Combined": st.column_config.ProgressColumn(
                format="%.2f",
                width=90,
                min_value=0.0,
                max_value=float(listed["Combined"].max()) or 1.0,
                help="All methods in one number, without any threshold: the mean of −ln of the share of rows "
                "at least as unusual.",
            ),
            "Why": st.column_config.TextColumn(width=300),
        },
    )
    left = f" Of {flagged:,} flagged rows the first {_EXPLAINED:,} are listed." * (flagged > _EXPLAINED)
    none = " No row is beyond a threshold; these are the least ordinary." * (not flagged)
    st.caption(
        f"{count(len(shown), 'row')}, the most unusual first: by votes, then by the combined score. Select "
        f"rows to see one in detail, or to decide about them.{left}{none}"
    )
    widgets.download(
        "All flagged rows in order",
        lambda: ranking(found.report, lines=found.dataset.table.lines),
        file_name=f"{stem_of(found.dataset.name)}_outliers.csv",
        key="outliers_download_ranking",
    )
    chosen = [int(shown["Row"].iloc[place]) for place in state.selection.rows if place < len(shown)]
    chosen = [row for number in chosen if (row := found.dataset.place_of(number)) is not None]
    if chosen and chosen != st.session_state.get(_CHOSEN):
        focus_on(found, chosen[-1])
    st.session_state[_CHOSEN] = chosen
    return chosen


def draw_first(found: Found) -> None:
    """The first rows in words, which a window of any width shows whole."""
    report, listed = found.report, _listed(found.key, found)
    lines: list[str] = []
    for _, line in listed[listed["Votes"] > 0].head(_IN_WORDS).iterrows():
        place = found.dataset.place_of(int(line["Row"]))
        if place is not None:
            votes = f"{line['Votes']} of {count(len(report.methods), 'vote')}"
            told = (
                f"**{plain(report.data.called(place), width=90)}**, {votes}: {plain(line['Why'], width=240)}"
            )
            lines.append(f"{len(lines) + 1}. {told}")
    st.markdown("\n".join(lines))


def focus_of(found: Found) -> int:
    """The row that is looked at: the one clicked last, at first the most unusual one."""
    row = focused_row(found)
    if row is not None and row < found.report.data.rows:
        return row
    return int(rows_in_order(found.report, first=1)[0])


def focused_row(found: Found) -> int | None:
    """The row of this data set that was clicked last."""
    key, row = st.session_state.get(_FOCUS, (None, 0))
    return int(row) if key == found.dataset.key else None


def draw_card(found: Found, row: int) -> None:
    """One row: the sentence, its profile, and every method's score with threshold and rank."""
    report = found.report
    (explained,) = explain_rows(report, [row])
    called = report.data.called(row)
    lines = found.dataset.table.lines
    line = "" if lines is None else f" · line {lines[row]:,} of the file"
    votes = f" · {int(report.votes.iloc[row])} of {count(len(report.methods), 'vote')}"
    told = called if report.data.row_names is not None and report.data.row_names[row] else called.capitalize()
    st.markdown(f"**{plain(told, width=90)}**{line}{votes}")
    st.markdown(plain(explained.sentence, width=800))
    columns = shown_columns(report, np.array([row]))
    with st.container(horizontal=True, gap="small"):  # side by side in a window of 820 pixels
        with st.container(width=360):
            alt = f"Standard scores of {called}: {explained.sentence}"
            if columns:
                draw_svg(row_profile(report, row, columns, alt=alt), key="outliers_profile")
        with st.container(width=350):
            st.dataframe(
                _scores_of(report, row),
                hide_index=True,
                key="outliers_card_scores",
                alt=f"Score, threshold and rank of {called} by every method",
                column_config={
                    "Method": st.column_config.TextColumn(width=140),
                    "Score": st.column_config.NumberColumn(format="%.2f", width=60),
                    "Cut": st.column_config.NumberColumn(format="%.2f", width=60, help="The threshold."),
                    "Rank": st.column_config.NumberColumn(format="%d", width=50),
                },
            )


def shown_columns(report: OutlierReport, rows: np.ndarray) -> list[int]:
    """Positions of the columns to draw, in file order: the 16 in which these rows are most extreme."""
    if len(report.columns) <= _COLUMNS_SHOWN:
        return list(range(len(report.columns)))
    extremes = np.abs(np.nan_to_num(standard_scores(report, rows[:200]))).max(axis=0, initial=0.0)
    return sorted(np.argsort(-extremes, kind="stable")[:_COLUMNS_SHOWN].tolist())


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _listed(key: tuple[object, ...], _found: Found) -> pd.DataFrame:
    """The first rows with their reasons; shared between reruns, so never changed in place."""
    report = _found.report
    first = min(max(len(report.flagged_rows()), _LEAST_LISTED), _EXPLAINED, report.data.rows)
    listed = ranking(report, first=first, lines=_found.dataset.table.lines).rename(columns=_HEADS)
    return listed[[name for name in _HEADS.values() if name in listed]]


def _filtered(dataset: DataSet, listed: pd.DataFrame) -> pd.DataFrame:
    least, most = int(listed["Votes"].min()), int(listed["Votes"].max())
    left, middle, right = st.columns(3)
    with left:
        votes = widgets.choose_one(
            "At least", list(range(min(least, 1), most + 1)), key="outliers_votes", format_func=_votes
        )
    with middle:
        labels = dict.fromkeys(filter(None, ", ".join(listed["Flagged by"]).split(", ")))
        method = widgets.choose_one(
            "Flagged by",
            ["", *labels],
            key="outliers_filter",
            format_func=lambda label: label or "any method",
        )
    with right:
        words = st.text_input(
            "Search",
            key="outliers_search",
            bind="query-params",
            placeholder="a word of the row or its reason",
        )
    kept = listed["Votes"] >= votes
    if method:
        kept &= listed["Flagged by"].str.split(", ").map(lambda names: method in names)
    if words.strip():
        kept &= _mentions(dataset, listed, words.strip())
    return listed[kept]


def _mentions(dataset: DataSet, listed: pd.DataFrame, words: str) -> pd.Series:
    rows = dataset.frame.loc[listed["Row"].to_numpy() - 1]
    texts = listed["Why"].astype(str) + " " + listed["Sentence"].astype(str)
    if "Name" in listed:
        texts = texts + " " + listed["Name"].astype(str)
    for name in dataset.columns("text", "category", "identifier"):
        texts = texts + " " + rows[name].astype("string").fillna("").to_numpy()
    return texts.map(search_key).str.contains(search_key(words), regex=False)


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


def focus_on(found: Found, row: int) -> None:
    """Look at this row from now on."""
    st.session_state[_FOCUS] = (found.dataset.key, row)


def focus_on_number(found: Found, number: int) -> None:
    """Look at the row of this number from now on."""
    row = found.dataset.place_of(number)
    if row is not None:
        focus_on(found, row)


def _votes(number: int) -> str:
    return count(number, "vote")
