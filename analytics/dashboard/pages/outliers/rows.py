"""The flagged rows with their reasons, the row that is looked at, and its card."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.outliers.search import Found
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.drawings import draw_svg
from analytics.dashboard.parts.markdown import count, named, plain
from analytics.dashboard.server.datasets import DataSet
from analytics.figures.outliers.row_profile import row_profile
from analytics.numbers import OutlierReport
from analytics.numbers.outliers.cells import standard_scores
from analytics.numbers.outliers.methods import OUTLIER_METHODS
from analytics.numbers.outliers.reasons import explain_rows
from analytics.text.words import search_key

_EXPLAINED = 1_000
_COLUMNS_SHOWN = 16
_FOCUS = "zetascope_outliers_focus"
_CHOSEN = "zetascope_outliers_chosen"


def draw_rows(found: Found) -> list[int]:
    """The flagged rows with votes and reasons, filtered and searched; gives the selected positions."""
    rows = found.report.flagged_rows()
    if not len(rows):
        st.info("No row is beyond any threshold; lower one to see the most unusual.", icon=":material/check:")
        return []
    shown = _filtered(found.dataset, _listed(found.key, found))
    if shown.empty:
        of = f" of the {_EXPLAINED:,} most voted of {len(rows):,}" if len(rows) > _EXPLAINED else ""
        st.info(f"No flagged row{of} fits the filter.", icon=":material/filter_alt_off:")
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
            "Line": st.column_config.NumberColumn(
                format="%d", width=60, help="Where the row stands in the file."
            ),
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
    chosen = [int(shown["Row"].iloc[place]) for place in state.selection.rows if place < len(shown)]
    chosen = [row for number in chosen if (row := found.dataset.place_of(number)) is not None]
    if chosen and chosen != st.session_state.get(_CHOSEN):
        focus_on(found, chosen[-1])
    st.session_state[_CHOSEN] = chosen
    return chosen


def focus_of(found: Found) -> int:
    """The row that is looked at: the one clicked last, at first the most unusual one."""
    row = focused_row(found)
    if row is not None and row < found.report.data.rows:
        return row
    flagged = found.report.flagged_rows()
    return int(flagged[0]) if len(flagged) else int(found.report.vote_scores.to_numpy().argmax())


def focused_row(found: Found) -> int | None:
    """The row of this data set that was clicked last."""
    key, row = st.session_state.get(_FOCUS, (None, 0))
    return int(row) if key == found.dataset.key else None


def draw_card(found: Found, row: int) -> None:
    """One row: the sentence, its profile, and every method's score with threshold and rank."""
    report = found.report
    (explained,) = explain_rows(report, [row])
    name, number = _name_of(found.dataset, row), int(report.data.row_numbers[row])
    lines = found.dataset.table.lines
    line = "" if lines is None else f", line {lines[row]:,} of the file"
    st.markdown(f"**Row {number:,}{line}{': ' + plain(name, width=60) if name else ''}**")
    st.markdown(plain(explained.sentence, width=800))
    columns = shown_columns(report, np.array([row]))
    with st.container(horizontal=True, gap="small"):  # side by side in a window of 820 pixels
        with st.container(width=360):
            alt = f"Standard scores of row {number}: {explained.sentence}"
            draw_svg(row_profile(report, row, columns, alt=alt), key="outliers_profile")
        with st.container(width=350):
            st.dataframe(
                _scores_of(report, row),
                hide_index=True,
                key="outliers_card_scores",
                alt=f"Score, threshold and rank of row {number} by every method",
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
    """The most voted flagged rows with their reasons; shared between reruns, so never changed in place."""
    report, dataset = _found.report, _found.dataset
    explained = explain_rows(report, report.flagged_rows()[:_EXPLAINED])
    rows = [reasons.row for reasons in explained]
    listed = pd.DataFrame({"Row": report.data.row_numbers[rows]})
    if dataset.table.lines is not None:
        listed["Line"] = dataset.table.lines[rows]
    naming = _naming_column(dataset)
    if naming is not None:
        listed[naming] = dataset.frame[naming].iloc[rows].astype("string").to_numpy()
    listed["Votes"] = report.votes.to_numpy()[rows]
    listed["Why"] = [reasons.sentence for reasons in explained]
    listed["Flagged by"] = [_labels(reasons.methods) for reasons in explained]
    listed["Vote score"] = report.vote_scores.to_numpy()[rows]
    return listed


def _filtered(dataset: DataSet, listed: pd.DataFrame) -> pd.DataFrame:
    most = int(listed["Votes"].max())
    left, middle, right = st.columns(3)
    with left:
        votes = widgets.choose_one(
            "At least", list(range(1, most + 1)), key="outliers_votes", format_func=_votes
        )
    with middle:
        labels = dict.fromkeys(", ".join(listed["Flagged by"]).split(", "))
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
    texts = listed["Why"].astype(str)
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


def _naming_column(dataset: DataSet) -> str | None:
    return next(iter(dataset.columns("identifier", "text", "time")), None)


def _name_of(dataset: DataSet, row: int) -> str:
    column = _naming_column(dataset)
    return "" if column is None else named(dataset.frame[column].iloc[row])


def _labels(methods: Sequence[str]) -> str:
    return ", ".join(OUTLIER_METHODS[method].label for method in methods)


def _votes(number: int) -> str:
    return count(number, "vote")
