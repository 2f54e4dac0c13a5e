"""The Outliers page's own pieces: what to search, the long work, and where unusual begins."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.drawings import draw_svg
from analytics.dashboard.parts.markdown import count, digits, plain
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.jobs import job_result
from analytics.figures.outliers.score_histogram import ScoreCounts, count_scores, score_histogram, score_range
from analytics.numbers import OutlierReport, OutlierSearch
from analytics.numbers.outliers.chance import expected_by_chance
from analytics.numbers.outliers.masking import (
    Masking,
    Skew,
    SkewWarning,
    column_skew,
    masked_values,
    skew_warnings,
)
from analytics.numbers.outliers.methods import OUTLIER_METHODS
from analytics.numbers.outliers.thresholds import FDR_METHODS, count_flagged, fdr_threshold, unreachable
from analytics.progress import Progress

_METHOD_OF = {method.label: method.name for method in OUTLIER_METHODS.values()}
AT_FIRST = ("zscore", "modified_zscore", "iqr", "mahalanobis")
_NO_GROUPS = "no groups"
_MOST_GROUPS = 200
_BY_HAND = "by hand"
_RATES = {"1 % false": 0.01, "5 % false": 0.05, "10 % false": 0.10}
_MESSAGES_SHOWN = 3
_HISTOGRAM_WIDTH = 184  # four side by side in windows of 820 and of 1280 pixels
# Cells that are searched in about a second, so that the search need not wait behind long jobs.
_QUICK_CELLS = 4_000_000
_QUICK_CELLS_SLOWLY = {"isolation_forest": 500_000, "lof": 50_000}
_SEARCHED = "zetascope_outliers_searched"


@dataclass(frozen=True)
class Search:
    """One search: hashable, so that it names its result."""

    columns: tuple[str, ...]
    methods: tuple[str, ...]
    by: str | None = None
    seed: int = 0

    def run(self, searches: OutlierSearch, progress: Progress | None = None) -> OutlierReport:
        """Find the outliers and put them in order; ``progress`` may raise to cancel."""
        report = searches.find(
            methods=self.methods, columns=self.columns, by=self.by, seed=self.seed, progress=progress
        )
        report.flagged_rows()
        return report

    def is_quick(self, searches: OutlierSearch, rows: int) -> bool:
        """Whether this takes a moment only, with what is known from the searches before."""
        by = () if self.by is None else (self.by,)
        cells = rows * len(self.columns)
        missing = searches.missing(self.methods, columns=self.columns, by=by, seed=self.seed)
        return all(cells <= _QUICK_CELLS_SLOWLY.get(method, _QUICK_CELLS) for method in missing)

    def place(self, dataset: DataSet) -> tuple[object, ...]:
        """Names what every method's scores depend on, whichever methods are chosen beside it."""
        return (dataset.key, self.columns, self.by, self.seed)


def search_result(dataset: DataSet, search: Search) -> OutlierReport | None:
    """What the search found, or None while its progress is drawn."""
    searches = _searches(dataset.key, dataset.frame)
    return job_result(
        "outliers",
        (dataset.key, search),
        lambda progress: search.run(searches, progress),
        label="Searching for outliers",
        quick=search.is_quick(searches, len(dataset.frame)),
    )


@st.cache_resource(scope="session", max_entries=1, show_spinner=False)
def _searches(key: str, _frame: pd.DataFrame) -> OutlierSearch:
    return OutlierSearch(_frame)


def choose_search(dataset: DataSet) -> Search:
    """Draw the controls and give what they ask for."""
    numbers = dataset.columns("number")
    groups = [name for name in dataset.columns("category") if dataset.frame[name].nunique() <= _MOST_GROUPS]
    labels = widgets.choose_columns(
        "Methods",
        list(_METHOD_OF),
        key="outliers_methods",
        default=[OUTLIER_METHODS[name].label for name in AT_FIRST],
        wrap=True,
    )
    by = widgets.choose_one(
        "Unusual within",
        [_NO_GROUPS, *groups],
        key="outliers_by",
        help="With groups, a value is compared with its own group only.",
    )
    with st.popover("Columns", icon=":material/tune:", width="stretch"):
        columns = widgets.choose_columns("Columns to search", numbers, key="outliers_columns")
        seed = st.number_input(
            "Seed of sampling and trees",
            min_value=0,
            max_value=2**31,
            value=0,
            key="outliers_seed",
            bind="query-params",
        )
    # In the file's order, so that what is taken away and put back is the same search again.
    return Search(
        columns=tuple(name for name in numbers if name in set(columns) - {by}),
        methods=tuple(name for label, name in _METHOD_OF.items() if label in labels),
        by=None if by == _NO_GROUPS else by,
        seed=int(seed),
    )


def choose_rule() -> str:
    """By hand, or a share of false discoveries."""
    return str(
        widgets.choose_one(
            "Thresholds",
            [_BY_HAND, *_RATES],
            key="outliers_rule",
            help="Benjamini and Hochberg's rule sets the thresholds so that about this share of the flagged "
            "rows is false, if clean data are normal. Methods without a law for clean data keep theirs.",
        )
    )


def set_thresholds(dataset: DataSet, search: Search, report: OutlierReport, rule: str) -> OutlierReport:
    """Draw each method's histogram with its slider and counts; the report with the thresholds chosen."""
    _forget_other_data(dataset, search, report)
    place, chosen = search.place(dataset), {}
    with st.container(horizontal=True, gap="xsmall"):
        for method in report.methods:
            with st.container(width=_HISTOGRAM_WIDTH):
                chosen[method] = _set_threshold(place, report, method, rule)
    return _at_thresholds((dataset.key, search), tuple(chosen.items()), report)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _at_thresholds(
    searched: tuple[object, ...], thresholds: tuple[tuple[str, float], ...], _report: OutlierReport
) -> OutlierReport:
    """Kept, so that flags and votes are counted once for each choice of thresholds."""
    return _report.with_thresholds(dict(thresholds))


def draw_answer(report: OutlierReport) -> None:
    """The page's answer in one line, and what the counts are worth."""
    votes = report.votes.to_numpy()
    total, methods = len(votes), len(report.methods)
    flagged = int((votes > 0).sum())
    most = int((votes > methods / 2).sum())
    st.subheader(
        f"{count(flagged, 'row')} of {total:,} {'is' if flagged == 1 else 'are'} unusual by at least one of "
        f"{count(methods, 'method')}; {most:,} by most of them.",
        anchor=False,
    )


def draw_notes(report: OutlierReport) -> None:
    """What was filled, left out or skipped, and thresholds that nothing can reach."""
    for sentence in unreachable(report).values():
        st.warning(plain(sentence, width=400), icon=":material/warning:")
    for sentence in report.skipped.values():
        st.info(plain(f"Skipped: {sentence}.", width=400), icon=":material/info:")
    for note in report.notes[:_MESSAGES_SHOWN]:
        st.caption(plain(note, width=400))
    if len(report.notes) > _MESSAGES_SHOWN:
        with st.expander(count(len(report.notes) - _MESSAGES_SHOWN, "more note")):
            for note in report.notes[_MESSAGES_SHOWN:]:
                st.caption(plain(note, width=400))


def draw_disagreement(dataset: DataSet, search: Search, report: OutlierReport) -> None:
    """Skewed columns and outliers that hide each other."""
    skews = _skews(dataset, report)
    masked, skewed = _disagreement((*search.place(dataset), thresholds_of(report)), report, skews)
    if not masked and not skewed:
        st.caption("No column is skewed enough to mislead |z|, and no outliers hide each other.")
    misleading = [warning for warning in skewed if warning.low_flags + warning.high_flags]
    for masking in masked[:_MESSAGES_SHOWN]:
        st.info(plain(masking.sentence, width=600), icon=":material/visibility_off:")
    for warning in misleading[:_MESSAGES_SHOWN]:
        st.warning(plain(warning.sentence, width=600), icon=":material/show_chart:")
    others = [found.sentence for found in masked[_MESSAGES_SHOWN:]]
    others += [warning.sentence for warning in skewed if warning not in misleading[:_MESSAGES_SHOWN]]
    if others:
        with st.expander(f"{count(len(others), 'more remark')}"):
            for sentence in others:
                st.markdown("- " + plain(sentence, width=600))


def draw_method() -> None:
    """How the methods work, in words and formulas."""
    for method in OUTLIER_METHODS.values():
        st.markdown(f"**{plain(method.label)}**: {plain(method.meaning, width=400)}")
    st.markdown(
        r"""
The column-wise scores of a value $x$ are $|x-\bar x|/s$, $|x-\tilde x|/(1.4826\,\mathrm{MAD})$ and
$\max(q_1-x,\;x-q_3)/\mathrm{IQR}$; a row gets the largest over its columns. The squared Mahalanobis
distance $(x-\mu)^\top\Sigma^{-1}(x-\mu)$ is split as $\sum_j w_j^2$ with $w=C^{-1/2}z$, so that the parts
sum to it exactly. The methods across columns see standard scores (within the group, where there are groups);
a missing value stands at the median, so that it never makes a row unusual by itself. No row is dropped.

**By chance** is the number of rows that the same threshold would flag in clean normal data of this size: by
the exact law of $|z|$, by simulation for the other column-wise methods in small samples, and by running the
methods across columns on normal rows with the same rank correlations. The dotted lines show it bar by bar.

**The vote score** is the mean over the methods of $-\ln(\text{share of rows at least as unusual})$.
"""
    )


def thresholds_of(report: OutlierReport) -> tuple[tuple[str, float], ...]:
    """The thresholds as a hashable part of a cache key."""
    return tuple(report.thresholds.items())


@st.cache_resource(scope="session", max_entries=8, show_spinner=False)
def _disagreement(
    key: tuple[object, ...], _report: OutlierReport, _skewed: dict[int, Skew]
) -> tuple[tuple[Masking, ...], tuple[SkewWarning, ...]]:
    return masked_values(_report), skew_warnings(_report, _skewed)


def _skews(dataset: DataSet, report: OutlierReport) -> dict[int, Skew]:
    found = {
        column: _skew(dataset.key, str(name), report.data.values[column])
        for column, name in enumerate(report.columns)
    }
    return {column: skew for column, skew in found.items() if skew is not None}


@st.cache_data(scope="session", max_entries=1_000, show_spinner=False)
def _skew(key: str, column: str, _values: np.ndarray) -> Skew | None:
    return column_skew(_values)


def _forget_other_data(dataset: DataSet, search: Search, report: OutlierReport) -> None:
    """Thresholds that depend on the data start anew where the data are others."""
    searched = (dataset.key, search.columns, search.by)
    before = st.session_state.get(_SEARCHED)
    if before is not None and before != searched:
        for method in report.methods:
            if OUTLIER_METHODS[method].threshold is None:
                st.session_state.pop(_cut_key(method), None)
    st.session_state[_SEARCHED] = searched


def _cut_key(method: str) -> str:
    return f"outliers_cut_{method}"


def _set_threshold(place: tuple[object, ...], report: OutlierReport, method: str, rule: str) -> float:
    kind = OUTLIER_METHODS[method]
    st.markdown(f"**{plain(kind.label)}**", help=plain(kind.meaning, width=400))
    above = st.container()
    if rule in _RATES and method in FDR_METHODS:
        threshold = _fdr_threshold(place, method, _RATES[rule], report)
        told = "no row stands out enough" if threshold == float("inf") else f"threshold {digits(threshold)}"
        st.caption(f"{rule} discoveries: {told}")
    else:
        threshold = _slider(report, method, *_score_range(place, method, report))
    with above:
        histogram = _histogram(place, method, threshold, report)
        draw_svg(histogram.svg, key=f"outliers_histogram_{method}")
        st.caption(
            f"**{count(histogram.flagged, 'row')} flagged** · by chance about {_rounded(histogram.chance)}"
        )
    return threshold


@dataclass(frozen=True)
class _Histogram:
    """One method's scores with a threshold, how many rows it flags, and how many it would by chance."""

    svg: str
    flagged: int
    chance: float


@st.cache_resource(scope="session", max_entries=32, show_spinner=False)
def _histogram(
    place: tuple[object, ...], method: str, threshold: float, _report: OutlierReport
) -> _Histogram:
    flagged = count_flagged(_report, method, threshold)
    chance = expected_by_chance(_report, method, threshold)
    alt = (
        f"Histogram of the scores of {OUTLIER_METHODS[method].label}, counts on a logarithmic scale: "
        f"{flagged} rows lie beyond the threshold {digits(threshold)}; clean data would have {digits(chance)}"
    )
    svg = score_histogram(_score_counts(place, method, _report), method, threshold, alt=alt)
    return _Histogram(svg, flagged, chance)


@st.cache_resource(scope="session", max_entries=32, show_spinner=False)
def _score_counts(place: tuple[object, ...], method: str, _report: OutlierReport) -> ScoreCounts:
    return count_scores(_report, method)


@st.cache_data(scope="session", max_entries=32, show_spinner=False)
def _score_range(place: tuple[object, ...], method: str, _report: OutlierReport) -> tuple[float, float]:
    return score_range(_report, method)


@st.cache_data(scope="session", max_entries=32, show_spinner=False)
def _fdr_threshold(place: tuple[object, ...], method: str, rate: float, _report: OutlierReport) -> float:
    return fdr_threshold(_report, method, rate)


def _slider(report: OutlierReport, method: str, low: float, high: float) -> float:
    step = 10.0 ** _exponent(high - low)
    low, high = step * (low // step), step * (high // step + 1)
    usual = min(max(report.thresholds[method], low), high)
    key = _cut_key(method)
    if not low <= st.session_state.get(key, usual) <= high:
        del st.session_state[key]
    return float(
        st.slider(
            f"Threshold of {OUTLIER_METHODS[method].label}",
            min_value=float(low),
            max_value=float(high),
            value=float(usual),
            step=step,
            key=key,
            bind="query-params",
            label_visibility="collapsed",
        )
    )


def _exponent(span: float) -> int:
    from math import floor, log10

    return floor(log10(max(span, 1e-9))) - 2


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}" if value >= 0.05 else "0"
