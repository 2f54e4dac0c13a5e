"""The Compare page's own pieces: two results, a row's profile, and the order of the rows."""

import re

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.parts import rows, widgets
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.parts.rows import name_columns, name_of_row
from analytics.dashboard.parts.scoring import Choice, Scored, choose_groups, usual_columns
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
from analytics.numbers.standardizing.words import LIKE_NORMAL, percent

ROW = "compare_row"
_RANKED = 500
_SMALL_IS_GOOD = re.compile(
    r"(?:^|[_\W])(?:seconds|minutes|duration|errors|defects|penalt(?:y|ies))(?:[_\W]|$)", re.I
)


def choose(dataset: DataSet) -> tuple[Choice, tuple[str, ...]]:
    """Draw the controls that all three parts share: scale, groups, and where less is better."""
    method = widgets.choose_one(
        "Scale", list(LIKE_NORMAL), key="compare_method", format_func=lambda name: METHODS[name].title
    )
    st.caption(METHODS[method].advice)
    by = choose_groups(dataset, "compare")
    columns = [name for name in usual_columns(dataset) if name not in by]
    lower = widgets.choose_columns(
        "Less is better for",
        columns,
        key="compare_lower",
        default=[name for name in columns if _SMALL_IS_GOOD.search(name)],
    )
    st.caption("Times, prices, error counts: there a low score is the good one.")
    return Choice(method, 0, tuple(columns), by), tuple(lower)


def choose_row(dataset: DataSet) -> int:
    """The row whose results are compared, with the name it goes by."""
    row = rows.choose_row(dataset, key=ROW)
    if name_columns(dataset):
        st.caption(plain(name_of_row(dataset, row), width=80))
    return row


def choose_results(
    dataset: DataSet, choice: Choice, scored: Scored, lower: tuple[str, ...], row: int
) -> Comparison:
    """Two columns with a value each, by default those of the row."""
    if len(choice.columns) < 2:
        raise ZetascopeError("Comparing takes two columns of numbers: open a data set with more of them.")
    results: list[Result] = []
    defaults = _filled_first(choice.columns, scored.scores.iloc[row])
    for place, (cell, name) in enumerate(zip(st.columns(2, gap="medium"), ("First", "Second"), strict=True)):
        with cell:
            column = widgets.choose_one(
                f"{name} result", list(choice.columns), key=f"compare_{name.lower()}", index=defaults[place]
            )
            value = float(float_values(dataset.frame[column].iloc[[row]], column)[0])
            typed = st.number_input(
                f"Value in {plain(column)}",
                value=None if np.isnan(value) else value,
                key=f"compare_value_{name}_{dataset.name}_{column}_{row}",
                format="%.6g",
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
                    lower_is_better=column in lower,
                )
            )
    return compare_results(*results, method=choice.method)


def _filled_first(columns: tuple[str, ...], scores: pd.Series) -> list[int]:
    """Positions of the columns, those in which the row has a score first."""
    return sorted(range(len(columns)), key=lambda place: not np.isfinite(scores[columns[place]]))


def draw_comparison(
    dataset: DataSet, choice: Choice, scored: Scored, comparison: Comparison, row: int
) -> None:
    """Both results in z and percentile, and where they stand among the others; more is better everywhere."""
    for cell, result in zip(st.columns(2, gap="medium"), (comparison.first, comparison.second), strict=True):
        with cell:
            st.metric(
                plain(shown_name(result)),
                f"{result.merit:+.2f}" if np.isfinite(result.merit) else "missing",
                delta=f"better than {percent(result.beaten)}" if np.isfinite(result.merit) else None,
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


def draw_profile(dataset: DataSet, choice: Choice, scored: Scored, lower: tuple[str, ...], row: int) -> None:
    """One row across all columns, scores turned where less is better."""
    peers = peer_rows(scored.parameters, dataset.frame, row)
    columns = [float_values(dataset.frame[name], name) for name in choice.columns]
    values = [float(column[row]) for column in columns]
    below = [shares(column[peers], value)[0] for column, value in zip(columns, values, strict=True)]
    widgets.chart(
        profile(
            [turned_name(name) if name in lower else name for name in choice.columns],
            values,
            [-score if name in lower else score for name, score in scored.scores.iloc[row].items()],
            below,
        ),
        key="compare_profile",
        alt=f"Scores of {name_of_row(dataset, row)} in {count(len(choice.columns), 'column')}, as bars "
        "from 0",
    )


def draw_ranking(dataset: DataSet, choice: Choice, scored: Scored, lower: tuple[str, ...]) -> None:
    """Rows in order of the mean of chosen scores."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        columns = widgets.choose_columns(
            "Columns that count", list(choice.columns), key="compare_ranked", default=list(choice.columns)
        )
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
    turned = [name for name in columns if name in lower]
    ranked = rank_rows(scored.scores[columns], lower_is_better=turned, least=least)
    names = [name for name in name_columns(dataset)[:2] if name not in ranked]
    table = ranked.drop(columns=[] if gaps else ["used"])
    table = table.rename(columns={name: turned_name(name) for name in turned})
    for place, name in enumerate(names, start=1):
        table.insert(place, name, dataset.frame[name].loc[table.index])
    table.index = table.index + 1
    with st.container(height="content"):
        st.dataframe(
            table.head(_RANKED),
            alt="Rows by rank of their mean score",
            height=320,
            column_config={
                name: st.column_config.NumberColumn(format="%.2f")
                for name in table.columns[table.dtypes == np.float64]
            },
        )
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
