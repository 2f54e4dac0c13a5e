"""Which method suits: all eight against a label column with intervals, or against each other without one."""

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.outliers.search import Found, Search, searches_of
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.jobs import job_result
from analytics.numbers import MethodComparison, OutlierReport, compare_methods
from analytics.numbers.outliers.judging.against_labels import MEASURES, agreement, shared_top
from analytics.numbers.outliers.methods import MIXED, NUMBER_METHODS
from analytics.progress import Progress

_NONE = ""  # no column has this name: reading gives each one without a name a name
_MOST_VALUES = 20  # of a column whose values can label rows
_STARTED = "zetascope_outliers_which"


def draw_which_method(found: Found, _focus: int) -> list[int]:
    """The view: its controls, and all methods side by side once they were asked for."""
    dataset = found.dataset
    label, unusual = _choose_labels(dataset)
    search = _search_of_all(found, label)
    key = (dataset.key, search)
    if st.session_state.get(_STARTED) != key:
        st.caption(
            "All eight methods score the rows, and mixed rows where there is more than numbers: some seconds."
        )
        st.button(
            "Compare all methods",
            key="outliers_which_start",
            icon=":material/leaderboard:",
            on_click=lambda: st.session_state.update({_STARTED: key}),
        )
        return []
    with widgets.errors_told():
        searches = searches_of(dataset)
        report = job_result(
            "outliers_which",
            key,
            lambda progress: _run(search, searches, progress),
            label="Running all methods",
        )
        if report is None:
            return []
        if label == _NONE:
            _draw_agreement(report, dataset)
        else:
            truth = (dataset.frame[label].astype("string") == unusual).fillna(False).to_numpy(dtype=bool)
            _draw_comparison(_compared(key, label, unusual, report, truth), dataset, label, unusual)
    return []


def _run(search: Search, searches: object, progress: Progress) -> OutlierReport:
    return search.run(searches, progress)  # type: ignore[arg-type]


def _choose_labels(dataset: DataSet) -> tuple[str, str]:
    """A column that says which rows are unusual, and the value that does; none without one."""
    columns = [
        name for name in dataset.columns("category") if 2 <= dataset.frame[name].nunique() <= _MOST_VALUES
    ]
    left, right = st.columns(2)
    with left:
        label = widgets.choose_one(
            "Labels",
            [_NONE, *columns],
            key="outliers_labels",
            format_func=lambda name: name or "no labels: how far methods agree",
            help="A column of your own that says which rows are unusual. No method sees it.",
        )
    if not label:
        return _NONE, ""
    values = dataset.frame[label].dropna().astype("string").value_counts()
    with right:
        # The rarest first: it is likeliest the one that means unusual.
        options = values.index[::-1].tolist()
        unusual = widgets.choose_one("Unusual are rows with", options, key="outliers_labels_value")
    return str(label), str(unusual)


def _search_of_all(found: Found, label: str) -> Search:
    """All methods on the columns of the page's search, without the labels."""
    search = found.search
    others = tuple(name for name in search.others if name != label)
    methods = (*NUMBER_METHODS, MIXED) if others else NUMBER_METHODS
    return Search(search.columns, methods, None if search.by == label else search.by, search.seed, others)


@st.cache_resource(scope="session", max_entries=8, show_spinner=False)
def _compared(
    key: tuple[object, ...], label: str, unusual: str, _report: OutlierReport, _truth: np.ndarray
) -> MethodComparison:
    return compare_methods(_report, _truth)


def _draw_comparison(compared: MethodComparison, dataset: DataSet, label: str, unusual: str) -> None:
    st.markdown(f"**{plain(compared.sentence(), width=400)}**")
    told = (
        f"{compared.unusual:,} of {count(compared.rows, 'row')} have {label} {unusual!r}. A method that "
        f"knows nothing has AUROC 0.50 and average precision {compared.unusual / compared.rows:.2f}. k is "
        f"{compared.unusual:,}. In brackets 95% intervals from rows drawn again, the same for all methods."
    )
    st.caption(plain(told, width=500))
    shown = pd.DataFrame({"Method": compared.table["method"]})
    for measure in MEASURES:
        shown[measure] = [
            f"{line[measure]:.2f} ({line[f'{measure}, low']:.2f} to {line[f'{measure}, high']:.2f})"
            for _, line in compared.table.iterrows()
        ]
    widgets.table(
        shown,
        key="outliers_which_table",
        alt=f"Each method's AUROC, average precision and precision at k against {label}, with 95% intervals",
    )
    widgets.download(
        "Comparison",
        lambda: compared.table,
        file_name=f"{stem_of(dataset.name)}_methods.csv",
        key="outliers_download_which",
    )


def _draw_agreement(report: OutlierReport, dataset: DataSet) -> None:
    """Rank correlations, and how many of the first rows are the same."""
    first = max(10, round(0.01 * report.data.rows))
    shared = shared_top(report, first=first)
    apart = shared.to_numpy() + np.diag([first] * len(shared))
    one, other = (
        str(shared.index[int(place)]) for place in np.unravel_index(int(apart.argmin()), apart.shape)
    )
    told = (
        f"Without labels nothing says which method is right. {one} and {other} "
        f"agree least: they share {int(apart.min())} of their first {first} rows."
    )
    st.markdown(f"**{plain(told, width=300)}**")
    st.caption(f"How many of the {first} most unusual rows each two methods share:")
    shown = shared.rename_axis("Method").reset_index()
    widgets.table(shown, key="outliers_shared", alt=f"First {first} rows that two methods share")
    st.caption("Rank correlation of all scores: 1 where two methods put all rows in the same order.")
    widgets.table(
        agreement(report).round(2).rename_axis("Method").reset_index(),
        key="outliers_agreement",
        alt="Rank correlations of the scores of each two methods",
    )
    widgets.download(
        "Agreement",
        lambda: agreement(report).rename_axis("method").reset_index(),
        file_name=f"{stem_of(dataset.name)}_agreement.csv",
        key="outliers_download_agreement",
    )
