"""Where unusual begins: a histogram, a slider and two counts for each method."""

from dataclasses import dataclass
from math import floor, inf, log10

import streamlit as st

from analytics.dashboard.pages.outliers.search import Found
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.drawings import draw_svg
from analytics.dashboard.parts.markdown import about, count, digits, plain
from analytics.figures.outliers.score_histogram import ScoreCounts, count_scores, score_histogram, score_range
from analytics.numbers.outliers.chance import expected_by_chance
from analytics.numbers.outliers.methods import OUTLIER_METHODS
from analytics.numbers.outliers.thresholds import FDR_METHODS, count_flagged, fdr_threshold

_BY_HAND = "by hand"
_RATES = {"1 % false": 0.01, "5 % false": 0.05, "10 % false": 0.10}
_HISTOGRAM_WIDTH = 184  # four side by side in windows of 820 and of 1280 pixels
_SEARCHED = "zetascope_outliers_searched"


def choose_rule() -> str:
    """By hand, or a share of false discoveries."""
    return str(
        widgets.choose_one(
            "Thresholds",
            [_BY_HAND, *_RATES],
            key="outliers_rule",
            help="Benjamini and Hochberg's rule, with the laws of samples of this size, sets the thresholds "
            "so that on average at most this share of the flagged rows is false, if ordinary rows are normal "
            "(on skewed columns more are). Methods without a law for clean data keep their thresholds.",
        )
    )


def set_thresholds(found: Found, rule: str) -> Found:
    """Draw each method's histogram with its slider and counts; what is found at the thresholds chosen."""
    _forget_other_data(found)
    chosen = {}
    with st.container(horizontal=True, gap="xsmall"):
        for method in found.report.methods:
            with st.container(width=_HISTOGRAM_WIDTH):
                chosen[method] = _set_threshold(found, method, rule)
    return found.at(chosen)


def _forget_other_data(found: Found) -> None:
    """Thresholds that depend on the data start anew where the data are others."""
    searched = (found.dataset.key, found.search.columns, found.search.by)
    before = st.session_state.get(_SEARCHED)
    if before is not None and before != searched:
        for method in found.report.methods:
            if OUTLIER_METHODS[method].threshold is None:
                st.session_state.pop(_cut_key(method), None)
    st.session_state[_SEARCHED] = searched


def _cut_key(method: str) -> str:
    return f"outliers_cut_{method}"


def _set_threshold(found: Found, method: str, rule: str) -> float:
    kind = OUTLIER_METHODS[method]
    st.markdown(f"**{plain(kind.label)}**", help=plain(kind.meaning, width=400))
    above = st.container()
    if rule in _RATES and method in FDR_METHODS:
        threshold = _fdr_threshold(found.scores_key, method, _RATES[rule], found)
        told = "no row stands out enough" if threshold == inf else f"threshold {digits(threshold)}"
        st.caption(f"At most {rule} discoveries: {told}")
    else:
        threshold = _slider(found, method)
    with above:
        histogram = _histogram(found.scores_key, method, threshold, found)
        draw_svg(histogram.svg, key=f"outliers_histogram_{method}")
        st.caption(
            f"**{count(histogram.flagged, 'row')} flagged** · by chance about {about(histogram.chance)}"
        )
    return threshold


@dataclass(frozen=True)
class _Histogram:
    """One method's scores with a threshold, how many rows it flags, and how many it would by chance."""

    svg: str
    flagged: int
    chance: float


@st.cache_resource(scope="session", max_entries=32, show_spinner=False)
def _histogram(scores_key: tuple[object, ...], method: str, threshold: float, _found: Found) -> _Histogram:
    flagged = count_flagged(_found.report, method, threshold)
    chance = expected_by_chance(_found.report, method, threshold)
    alt = (
        f"Histogram of the scores of {OUTLIER_METHODS[method].label}, counts on a logarithmic scale: "
        f"{count(flagged, 'row lies', 'rows lie')} beyond the threshold {digits(threshold)}; clean data "
        f"would have {digits(chance)}"
    )
    svg = score_histogram(_score_counts(scores_key, method, _found), method, threshold, alt=alt)
    return _Histogram(svg, flagged, chance)


@st.cache_resource(scope="session", max_entries=32, show_spinner=False)
def _score_counts(scores_key: tuple[object, ...], method: str, _found: Found) -> ScoreCounts:
    return count_scores(_found.report, method)


@st.cache_data(scope="session", max_entries=32, show_spinner=False)
def _score_range(scores_key: tuple[object, ...], method: str, _found: Found) -> tuple[float, float]:
    return score_range(_found.report, method)


@st.cache_data(scope="session", max_entries=32, show_spinner=False)
def _fdr_threshold(scores_key: tuple[object, ...], method: str, rate: float, _found: Found) -> float:
    return fdr_threshold(_found.report, method, rate)


def _slider(found: Found, method: str) -> float:
    low, high = _score_range(found.scores_key, method, found)
    step = 10.0 ** _exponent(high - low)
    low, high = step * (low // step), step * (high // step + 1)
    usual = min(max(found.report.thresholds[method], low), high)
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
    return floor(log10(max(span, 1e-9))) - 2
