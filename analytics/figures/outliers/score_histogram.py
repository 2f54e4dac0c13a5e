"""A method's scores as our own small SVG: four of them are drawn again whenever the thresholds change."""

from dataclasses import dataclass

import numpy as np

from analytics.figures import theme
from analytics.figures.axis import round_ticks
from analytics.figures.svg import Markup, element, picture
from analytics.numbers.outliers.chance import expected_counts
from analytics.numbers.outliers.methods import OUTLIER_METHODS
from analytics.numbers.outliers.report import OutlierReport
from analytics.words import count, number_text

_BINS = 48
_WIDTH, _HEIGHT = 184, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 38, 4, 8, 40
_MOST_TICKS = 4
_STYLE = f"""
.score-histogram {{ display: block; }}
.score-histogram text {{ fill: currentColor; font: 12px sans-serif; opacity: .75; }}
.score-histogram .up {{ text-anchor: end; dominant-baseline: central; }}
.score-histogram .across {{ text-anchor: middle; }}
.score-histogram .grid {{ stroke: currentColor; opacity: .15; }}
.score-histogram .bar {{ {theme.ACCENT_FILL} opacity: .45; }}
.score-histogram .beyond .bar {{ opacity: 1; }}
.score-histogram .hit {{ fill: transparent; }}
.score-histogram [data-pick] {{ cursor: pointer; }}
.score-histogram g:hover .hit, .score-histogram g:focus-visible .hit {{ fill: currentColor; opacity: .12; }}
.score-histogram g:focus-visible {{ outline: none; }}
.score-histogram .clean {{ fill: none; stroke: {theme.UNSELECTED}; stroke-width: 2; stroke-dasharray: 2 3; }}
.score-histogram .cut {{ stroke: {theme.CATEGORICAL[5]}; stroke-width: 2; pointer-events: none; }}
"""


@dataclass(frozen=True)
class ScoreCounts:
    """The scores of one method as a histogram, whatever the threshold is.

    ``edges`` (b + 1,), ``counts`` (b,) of rows, and how many rows of clean normal data would stand in all but
    the last bar, ``clean`` (b - 1,).
    """

    edges: np.ndarray
    counts: np.ndarray
    clean: np.ndarray


def count_scores(report: OutlierReport, method: str, *, bins: int = _BINS) -> ScoreCounts:
    """Count the scores of one method; those beyond the range stand in the last bar."""
    scores = report.scores[method].dropna().to_numpy()
    low, high = score_range(report, method)
    edges = np.linspace(low, high, bins + 1)
    counts, _ = np.histogram(np.clip(scores, low, high), edges)
    return ScoreCounts(edges, counts, -np.diff(expected_counts(report, method, edges[:-1])))


def score_range(report: OutlierReport, method: str) -> tuple[float, float]:
    """Where the histogram and the slider of a method begin and end; scores beyond stand in the last bar."""
    scores = report.scores[method].dropna().to_numpy()
    usual = OUTLIER_METHODS[method].threshold or 0.0
    clean = report.clean_scores.get(method)
    typical = usual if clean is None else float(np.quantile(clean, 0.99))
    low = 0.0 if method in ("zscore", "modified_zscore", "esd", "mahalanobis") else float(scores.min())
    high = max(float(np.quantile(scores, 0.995)), 2.5 * typical if low == 0 else low + 2 * (typical - low))
    return low, max(min(high, max(float(scores.max()), typical * 1.1)), low + 1e-6)


def score_histogram(scores: ScoreCounts, method: str, threshold: float, *, alt: str) -> Markup:
    """The bars beyond the threshold in full colour, dotted what clean data would give, on a log axis."""
    top = np.log10(max(int(scores.counts.max(initial=1)), 2)) + 0.2
    drawn = _axes(scores, method, top)
    drawn += [_bar(scores, place, threshold, top) for place in range(len(scores.counts))]
    middles = (scores.edges[:-1] + scores.edges[1:])[:-1] / 2
    line = " ".join(
        f"{_across(scores, middle):.1f},{_up(clean, top):.1f}"
        for middle, clean in zip(middles, scores.clean, strict=True)
    )
    drawn.append(element("polyline", class_="clean", points=line))
    if np.isfinite(threshold):
        x = f"{_across(scores, threshold):.1f}"
        drawn.append(element("line", class_="cut", x1=x, x2=x, y1=_TOP, y2=_HEIGHT - _BOTTOM))
    return picture("score-histogram", (_WIDTH, _HEIGHT), _STYLE, *drawn, alt=alt, role="group")


def _bar(scores: ScoreCounts, place: int, threshold: float, top: float) -> Markup:
    low, high = scores.edges[place], scores.edges[place + 1]
    left, right = _across(scores, low), _across(scores, high)
    last = place == len(scores.counts) - 1
    told = f"{number_text(float(low))} {'and above' if last else 'to ' + number_text(float(high))}: "
    told += count(int(scores.counts[place]), "row")
    if not last:
        told += f"; clean normal data: {scores.clean[place]:,.3g}"
    y, bottom = _up(scores.counts[place], top), _HEIGHT - _BOTTOM
    across = {"x": f"{left:.1f}", "width": f"{right - left:.1f}"}
    return element(
        "g",
        element("title", told),
        element("rect", class_="hit", **across, y=_TOP, height=bottom - _TOP),
        element("rect", class_="bar", **across, y=f"{y:.1f}", height=f"{bottom - y:.1f}"),
        class_="beyond" if (low + high) / 2 > threshold else "within",
        data_pick=number_text(float(low)).replace(",", "").replace("−", "-"),
        role="button",
    )


def _axes(scores: ScoreCounts, method: str, top: float) -> list[Markup]:
    drawn = []
    for power in range(int(top) + 1):
        y = f"{_up(10**power, top):.1f}"
        drawn.append(element("line", class_="grid", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y))
        drawn.append(element("text", _short(power), class_="up", x=_LEFT - 4, y=y))
    low, high = float(scores.edges[0]), float(scores.edges[-1])
    # None so near the end that its text would be cut.
    for tick in round_ticks(low, high - 0.04 * (high - low), most=_MOST_TICKS):
        x, below = f"{_across(scores, tick):.1f}", _HEIGHT - _BOTTOM + 15
        drawn.append(element("text", number_text(tick), class_="across", x=x, y=below))
    unit = OUTLIER_METHODS[method].unit
    drawn.append(element("text", unit, class_="across", x=_WIDTH / 2, y=_HEIGHT - 6))
    return drawn


def _short(power: int) -> str:
    return str(10**power) if power < 4 else f"{10 ** (power - 3)}k" if power < 6 else f"{10 ** (power - 6)}M"


def _across(scores: ScoreCounts, score: float) -> float:
    low, high = float(scores.edges[0]), float(scores.edges[-1])
    share = min(max((float(score) - low) / (high - low), 0.0), 1.0)
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _up(count: float, top: float) -> float:
    """Half a step of the logarithmic axis lies below one row, so that one row has a bar."""
    share = (np.log10(max(float(count), 10**-0.5)) + 0.5) / (top + 0.5)
    return float(_HEIGHT - _BOTTOM - min(share, 1.0) * (_HEIGHT - _TOP - _BOTTOM))
