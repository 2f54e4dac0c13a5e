"""One column over time with what was expected, its spikes and its level shifts."""

import numpy as np
import plotly.graph_objects as go

from analytics.figures import theme
from analytics.numbers.outliers.series.findings import TimeOutliers
from analytics.words import number_text

_MOST_POINTS = 4_000
"""Of a longer series the lowest and the highest value of each stretch are drawn, and all that was found."""


def over_time(found: TimeOutliers) -> go.Figure:
    """The series as a line, what season and level lead to expect as a dotted one, and the findings."""
    clock = found.clock
    times = _times(found)
    shown = _drawn(clock.values)
    name = theme.label(clock.column, width=40)
    figure = theme.base_figure(height=380, x_title=str(clock.time), y_title=str(clock.column))
    figure.add_scatter(
        x=times[shown], y=_broken(found, clock.values)[shown], mode="lines", name=name,
        line={"color": theme.ACCENT, "width": 1.2}, hovertemplate="%{x}: %{y:,.6~g}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=times[shown], y=found.expected[shown], mode="lines", name="expected: season and level",
        line={"color": theme.UNSELECTED, "width": 1.2, "dash": "dot"}, hoverinfo="skip",
    )  # fmt: skip
    places = {int(row): place for place, row in enumerate(clock.rows.tolist())}
    spikes = [places[one.row] for one in found.spikes]
    figure.add_scatter(
        x=times[spikes], y=clock.values[spikes], mode="markers", name="spikes",
        marker={"color": theme.CATEGORICAL[5], "size": 9, "symbol": "circle-open", "line": {"width": 2.5}},
        text=[theme.label(one.sentence, width=160) for one in found.spikes],
        hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip
    low, high = float(clock.values.min()), float(clock.values.max())
    x: list[object] = []
    y: list[float | None] = []
    for one in found.shifts:
        at = times[places[one.row]]
        x += [at, at, None]
        y += [low, high, None]
    if x:
        figure.add_scatter(
            x=x, y=y, mode="lines", name="level shifts",
            line={"color": theme.CATEGORICAL[5], "width": 2, "dash": "dash"}, hoverinfo="skip",
        )  # fmt: skip
    return figure


def told_in_words(found: TimeOutliers) -> str:
    """What the picture shows, for those who do not see it."""
    clock = found.clock
    low, high = number_text(float(clock.values.min())), number_text(float(clock.values.max()))
    return f"{clock.column} over {clock.time}, from {low} to {high}. {found.sentence()}"


def _times(found: TimeOutliers) -> np.ndarray:
    if not found.clock.dates:
        return found.clock.at
    return (found.clock.at * 1e3).astype("datetime64[ms]")


def _broken(found: TimeOutliers, values: np.ndarray) -> np.ndarray:
    """The values, with a hole before what follows a gap, so that no line crosses it."""
    if found.clock.places is None:
        return values
    broken = values.copy()
    broken[np.flatnonzero(np.diff(found.clock.places) > 1)] = np.nan
    return broken


def _drawn(values: np.ndarray) -> np.ndarray:
    """The places of the values to draw, ascending."""
    if len(values) <= _MOST_POINTS:
        return np.arange(len(values))
    stretches = np.array_split(np.arange(len(values)), _MOST_POINTS // 2)
    ends = [place for own in stretches for place in (own[values[own].argmin()], own[values[own].argmax()])]
    return np.unique(ends)
