"""The Compare page's own pieces: two results, a row's profile, and the order of the rows."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.parts import rows, widgets
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.parts.rows import name_of_row, row_names
from analytics.dashboard.parts.scoring import (
    Choice,
    Scored,
    choose_groups,
    measuring_nothing,
    usual_columns,
)
from analytics.dashboard.server.datasets import DataSet
from analytics.errors import ZetascopeError
from analytics.figures.compare import profile, shown_name, turned_name, two_results
from analytics.numbers.basics.selection import float_values
from analytics.numbers.standardizing.comparing import (
    Comparison,
    Result,
    compare_results,
    peer_rows,
    rank_rows,
    result_of,
    shares,
)
from analytics.numbers.standardizing.methods import METHODS
from analytics.numbers.standardizing.one_kind import two_of_one_kind
from analytics.numbers.standardizing.words import LIKE_NORMAL, percent

HIGHER, LOWER = "compare_higher", "compare_lower"
RANKED, _USUAL = "compare_ranked", "compare_ranked_usual"
ROW, TABLE, _SHOWN = "compare_row", "compare_ranking", "compare_ranking_rows"
_RANKED = 500
_LARGE_IS_GOOD = re.compile(
    r"(?:^|[_\W])(?:scores?|points|marks|rating|stars|wins|accuracy|r2|auc|(?:out_?)?of_\d+)(?:[_\W]|$)", re.I
)
_SMALL_IS_GOOD = re.compile(
    r"(?:^|[_\W])(?:seconds|minutes|duration|errors|defects|penalt(?:y|ies))(?:[_\W]|$)", re.I
)


@dataclass(frozen=True)
class Sides:
    """Of which columns more, and of which less is better; of the others nobody said it."""

    more: tuple[str, ...]
    less: tuple[str, ...]

    @property
    def said(self) -> tuple[str, ...]:
        """The columns that have a good side."""
        return (*self.more, *self.less)


def choose(dataset: DataSet) -> tuple[Choice, Sides]:
    """Draw the controls that all three parts share: which side is good, scale, and groups."""
    by = tuple(st.session_state.get("compare_by") or ())
    columns = [name for name in usual_columns(dataset) if name not in by]
    more = widgets.choose_columns(
        "More is better for",
        columns,
        key=HIGHER,
        default=[name for name in columns if _LARGE_IS_GOOD.search(name)],
    )
    rest = [name for name in columns if name not in more]
    less = widgets.choose_columns(
        "Less is better for",
        columns,
        key=LOWER,
        default=[name for name in rest if _SMALL_IS_GOOD.search(name)],
    )
    both = [name for name in less if name in more]
    if both:
        st.caption(plain(f"{', '.join(both)}: chosen for both, so less counts as better.", width=200))
    elif not (more or less):
        st.caption("Choose them, and the page says which result is better and which rows did best.")
    sides = Sides(tuple(name for name in more if name not in less), tuple(less))
    method = widgets.choose_one(
        "Scale", list(LIKE_NORMAL), key="compare_method", format_func=lambda name: METHODS[name].title
    )
    st.caption(METHODS[method].advice)
    by = choose_groups(dataset, "compare")
    columns = [name for name in columns if name not in by]
    return Choice(method, 0, tuple(columns), by), sides


def choose_row(dataset: DataSet) -> int:
    """The row whose results are compared, with the name it goes by."""
    row = rows.choose_row(dataset, key=ROW)
    if row_names(dataset).called_by:
        st.caption(plain(name_of_row(dataset, row), width=80))
    return row


def choose_results(
    dataset: DataSet, choice: Choice, scored: Scored, sides: Sides, row: int
) -> Comparison | None:
    """Two columns with a value each, by default those of the row; None until both are chosen."""
    if len(choice.columns) < 2:
        raise ZetascopeError("Comparing takes two columns of numbers: open a data set with more of them.")
    results: list[Result] = []
    defaults = _first_two(dataset, choice.columns, scored.scores.iloc[row], sides)
    for place, (cell, name) in enumerate(zip(st.columns(2, gap="medium"), ("First", "Second"), strict=True)):
        with cell:
            column = widgets.choose_one(
                f"{name} result",
                list(choice.columns),
                key=f"compare_{name.lower()}",
                index=defaults[place],
                placeholder="choose a column",
            )
            if column is None:
                continue
            _ask_side(column, sides, key=f"compare_side_{name}")
            value = float(float_values(dataset.frame[column].iloc[[row]], column)[0])
            typed = st.number_input(
                f"Value in {plain(column)}",
                value=None if np.isnan(value) else value,
                key=f"compare_value_{name}_{dataset.name}_{column}_{row}",
                format="%.12g",
                persist_state="page",
                help="Starts as the row's own value; type any other to compare it.",
            )
            results.append(
                result_of(
                    scored.parameters,
                    dataset.frame,
                    column,
                    np.nan if typed is None else float(typed),
                    row=row,
                    lower_is_better=column in sides.less,
                    judged=column in sides.said,
                )
            )
    return compare_results(*results, method=choice.method) if len(results) == 2 else None


def _ask_side(column: str, sides: Sides, *, key: str) -> None:
    """Ask whether more or less of the column is better; the answer joins those of the other columns."""
    st.session_state[key] = "less" if column in sides.less else "more" if column in sides.more else None

    def keep() -> None:
        said = st.session_state[key]
        for side, where in (("more", HIGHER), ("less", LOWER)):
            others = [name for name in st.session_state.get(where) or [] if name != column]
            st.session_state[where] = [*others, column] if said == side else others

    st.segmented_control(f"Better in {plain(column)} is", ["more", "less"], key=key, on_change=keep)


def _first_two(
    dataset: DataSet, columns: tuple[str, ...], scores: pd.Series, sides: Sides
) -> list[int] | list[None]:
    """Positions of the columns that the page opens with: two that have a good side, those with a score of the
    row first and more before less; else, of the columns that measure something and in which the row has a
    score, the only two or two of one kind; else none, so it is asked."""

    def late(place: int) -> tuple[bool, bool]:
        return not np.isfinite(scores[columns[place]]), columns[place] in sides.less

    said = sorted((place for place, name in enumerate(columns) if name in sides.said), key=late)
    if len(said) >= 2:
        return said[:2]
    idle = measuring_nothing(dataset)
    known = tuple(name for name in columns if name not in idle and np.isfinite(scores[name]))
    pair = known if len(known) == 2 else _of_one_kind(dataset.key, known, dataset)
    return [columns.index(name) for name in pair] if pair else [None, None]


@st.cache_data(scope="session", max_entries=8, show_spinner=False)
def _of_one_kind(key: str, columns: tuple[str, ...], _dataset: DataSet) -> tuple[str, str] | None:
    return two_of_one_kind(_dataset.frame, columns)


def draw_comparison(
    dataset: DataSet, choice: Choice, scored: Scored, comparison: Comparison, row: int
) -> None:
    """Both results in z and percentile, and where they stand among the others; more is better everywhere."""
    for cell, result in zip(st.columns(2, gap="medium"), (comparison.first, comparison.second), strict=True):
        with cell:
            st.metric(
                plain(shown_name(result)),
                f"{result.merit:+.2f}" if np.isfinite(result.merit) else "missing",
                delta=_beaten(result) if np.isfinite(result.merit) else None,
                delta_color="off",
                delta_arrow="off",
                help=hover("z-score"),
            )
            st.caption(plain(result.sentence(choice.method), width=300))
    peers = peer_rows(scored.parameters, dataset.frame, row)
    first, second = (
        scored.scores[one.column].to_numpy()[peers] for one in (comparison.first, comparison.second)
    )
    widgets.chart(
        two_results(comparison, first, second),
        key="compare_two",
        alt=f"Scores of {shown_name(comparison.first)} and {shown_name(comparison.second)}, "
        "one result marked in each",
    )


def _beaten(result: Result) -> str:
    return f"{'better' if result.judged else 'higher'} than {percent(result.beaten)}"


def draw_profile(dataset: DataSet, choice: Choice, scored: Scored, sides: Sides, row: int) -> None:
    """One row across all columns, scores turned where less is better."""
    peers = peer_rows(scored.parameters, dataset.frame, row)
    columns = [float_values(dataset.frame[name], name) for name in choice.columns]
    values = [float(column[row]) for column in columns]
    below = [shares(column[peers], value)[0] for column, value in zip(columns, values, strict=True)]
    widgets.chart(
        profile(
            [turned_name(name) if name in sides.less else name for name in choice.columns],
            values,
            [-score if name in sides.less else score for name, score in scored.scores.iloc[row].items()],
            below,
        ),
        key="compare_profile",
        alt=f"Scores of {name_of_row(dataset, row)} in {count(len(choice.columns), 'column')}, as bars "
        "from 0",
    )


def ranking_title(sides: Sides) -> str:
    """What the order of the rows says: who did best, or who is highest where nobody said what is good."""
    return "Which rows did best over all" if sides.said else "Which rows are highest over all"


def draw_ranking(dataset: DataSet, choice: Choice, scored: Scored, sides: Sides) -> None:
    """Rows in order of the mean of chosen scores; a click on one compares its results above."""
    idle = measuring_nothing(dataset)
    measuring = [name for name in choice.columns if name not in idle] or list(choice.columns)
    usual = [name for name in choice.columns if name in sides.said] or measuring
    if _USUAL in st.session_state and st.session_state.get(RANKED) == st.session_state[_USUAL]:
        st.session_state[RANKED] = usual  # until a visitor chooses others
    st.session_state[_USUAL] = usual
    left, right = st.columns([3, 2], gap="medium")
    with left:
        columns = widgets.choose_columns(
            "Columns that count", list(choice.columns), key=RANKED, default=usual
        )
    left_out = [
        f"{plain(name)} ({what})"
        for name, what in idle.items()
        if name in choice.columns and name not in columns
    ]
    if left_out:
        st.caption(f"Not counted, as they measure nothing: {', '.join(left_out)}.")
    if not columns:
        raise ZetascopeError("No column counts yet: choose at least one.")
    with right:
        gaps = st.toggle(
            "Rank rows with gaps too",
            key="compare_gaps",
            bind="query-params",
            help="Their mean is taken over the scores they have, at least half of the columns.",
        )
    least = (len(columns) + 1) // 2 if gaps else None
    turned = [name for name in columns if name in sides.less]
    ranked = rank_rows(scored.scores[columns], lower_is_better=turned, least=least)
    names = [name for name in row_names(dataset).called_by if name not in ranked]
    table = ranked.drop(columns=[] if gaps else ["used"])
    table = table.rename(columns={name: turned_name(name) for name in turned})
    for place, name in enumerate(names, start=1):
        table.insert(place, name, dataset.frame[name].loc[table.index])
    table.index = table.index + 1
    st.session_state[_SHOWN] = table.index[:_RANKED].tolist()
    with st.container(height="content"):
        st.dataframe(
            table.head(_RANKED),
            key=TABLE,
            alt="Rows by rank of their mean score; choosing one compares its results",
            height=320,
            on_select=_take_row,
            selection_mode="single-row",
            placeholder="–",
            column_config={
                "_index": st.column_config.Column("row"),
                **widgets.days_as_days(table.head(_RANKED)),
                **{
                    name: st.column_config.NumberColumn(
                        "mean score" if name == "mean_score" else None, format="%.2f"
                    )
                    for name in table.columns[table.dtypes == np.float64]
                },
            },
        )
    st.caption("Choose a row, and its two results and its profile are shown above.")
    if not sides.said:
        st.caption("Nobody said whether more or less is better, so this order is no order of merit.")
    unranked = len(dataset.frame) - len(ranked)
    said = [widgets.first_rows_words(_RANKED, len(ranked)) if len(ranked) > _RANKED else ""]
    said.append(f"{count(unranked, 'row')} without rank: a score is missing." if unranked else "")
    said.append(
        f"Turned round because less is better, here and in the file: {', '.join(turned)}." if turned else ""
    )
    if any(said):
        st.caption(plain(" ".join(part for part in said if part), width=400))
    widgets.download(
        "Ranking (CSV)",
        lambda: table.rename_axis("row"),
        file_name=f"{stem_of(dataset.name)}_ranking.csv",
        key="compare_download",
    )


def _take_row() -> None:
    """Copy the chosen row of the ranking into the choice above."""
    chosen, shown = st.session_state[TABLE]["selection"]["rows"], st.session_state.get(_SHOWN, [])
    if chosen and chosen[0] < len(shown):
        st.session_state[ROW] = int(shown[chosen[0]])


def draw_method(choice: Choice) -> None:
    """How results of different units become comparable."""
    st.latex(METHODS[choice.method].formula)
    st.markdown(
        "- Each value becomes its distance from what is typical in its own column, in units of that column's "
        "own spread; then mathematics out of 100 and reading out of 800 can be compared.\n"
        "- The percentile says how many rows a result is better than; it asks only for the order, the score "
        "also for the distance. Where the two disagree, the page says so.\n"
        "- The ranking takes the plain mean of the chosen scores, each column with the same weight."
    )
