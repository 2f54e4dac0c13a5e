"""Where unusual begins: for each method a histogram to click in, a slider, a number and two counts."""

from dataclasses import dataclass
from math import floor, inf, log10

import streamlit as st

from analytics.dashboard.pages.outliers.search import Found
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.drawings import draw_svg
from analytics.dashboard.parts.markdown import about, count, digits, plain
from analytics.figures.outliers.score_histogram import ScoreCounts, count_scores, score_histogram
from analytics.numbers.outliers.chance import expected_by_chance
from analytics.numbers.outliers.judging.scale import threshold_scale
from analytics.numbers.outliers.methods import MIXED, OUTLIER_METHODS
from analytics.numbers.outliers.thresholds import FDR_METHODS, count_flagged, fdr_threshold
from analytics.words import number_text

_BY_HAND = "by hand"
_RATES = {"1% false": 0.01, "5% false": 0.05, "10% false": 0.10}
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
            with st.container(width=_HISTOGRAM_WIDTH, key=f"halving_outliers_cut_{method}"):
                chosen[method] = _set_threshold(found, method, rule)
    return found.at(chosen)


def _forget_other_data(found: Found) -> None:
    """Thresholds that depend on the data start anew where the data are others."""
    searched = (found.dataset.key, found.search.columns, found.search.others, found.search.by)
    before = st.session_state.get(_SEARCHED)
    if before is not None and before != searched:
        for method in found.report.methods:
            if OUTLIER_METHODS[method].threshold is None:
                # Said, because the browser keeps what is only forgotten here.
                st.session_state[_cut_key(method)] = float(found.report.thresholds[method])
    st.session_state[_SEARCHED] = searched


def _cut_key(method: str) -> str:
    return f"outliers_cut_{method}"


def _set_threshold(found: Found, method: str, rule: str) -> float:
    kind = OUTLIER_METHODS[method]
    st.markdown(f"**{plain(kind.label)}**", help=plain(kind.meaning, width=500))
    above = st.container()
    by_hand = not (rule in _RATES and method in FDR_METHODS)
    if rule in _RATES and method in FDR_METHODS:
        threshold = _fdr_threshold(found.scores_key, method, _RATES[rule], found)
        told = "no row stands out enough" if threshold == inf else f"threshold {digits(threshold)}"
        st.caption(f"At most {rule} discoveries: {told}")
    else:
        threshold = _chosen_threshold(found, method)
    with above:
        histogram = _histogram(_judged(found, method), method, threshold, found)
        draw_svg(
            histogram.svg,
            key=f"outliers_histogram_{method}",
            on_pick=(lambda low: _keep(method, float(low))) if by_hand else None,
        )
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
def _scale(scores_key: tuple[object, ...], method: str, _found: Found) -> tuple[float, ...]:
    return threshold_scale(_found.report, method)


@st.cache_data(scope="session", max_entries=32, show_spinner=False)
def _fdr_threshold(scores_key: tuple[object, ...], method: str, rate: float, _found: Found) -> float:
    return fdr_threshold(_found.report, method, rate)


def _judged(found: Found, method: str) -> tuple[object, ...]:
    """Names what the scores of a method depend on."""
    return (*found.scores_key, found.search.others) if method == MIXED else found.scores_key


def _keep(method: str, threshold: float) -> None:
    """Callback: the threshold that was set in the histogram or on the slider."""
    st.session_state[_cut_key(method)] = threshold


def _chosen_threshold(found: Found, method: str) -> float:
    """The threshold that was typed, or set on a scale that runs over the scores that occur."""
    label, key = OUTLIER_METHODS[method].label, _cut_key(method)
    usual = float(found.report.thresholds[method])
    slider = st.container()
    threshold = float(
        st.number_input(
            f"Threshold of {label}",
            value=usual,
            step=_step(usual),
            format="%.6g",
            key=key,
            bind="query-params",
            label_visibility="collapsed",
        )
    )
    scale = _scale(_judged(found, method), method, found)
    options = sorted({*scale, threshold})
    scale_key = f"outliers_scale_{method}"
    st.session_state[scale_key] = threshold
    with slider:
        st.select_slider(
            f"Threshold of {label} among the scores that occur",
            options,
            key=scale_key,
            format_func=number_text,
            on_change=lambda: _keep(method, float(st.session_state[scale_key])),
            label_visibility="collapsed",
        )
    return threshold


def _step(value: float) -> float:
    """What one click changes: about a twentieth, in a round number."""
    return 10.0 ** (floor(log10(max(abs(value), 1e-6))) - 1)
