"""Columns beside the map: their values in bins, and bars of all texts with those that are left."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analytics.figures import theme
from analytics.tables.quantities import quantity
from analytics.words import number_text

_MOST_BINS = 24  # bars that can be hit beside a map
_MOST_BARS = 12  # values; the others are chosen from the list below them
_MISSING = "(missing)"
_BAR = 22
_HEIGHT = 150
_EVERY = (
    "rgba(138, 138, 138, 0.4)"  # behind the others in the light and in the dark, where a plain grey shines
)


@dataclass(frozen=True)
class Bins:
    """The values of n rows, sorted into bins.

    Attributes:
        codes: (n,) int64, the bin of each row; -1 where it has no value and that is no bin.
        labels: what each bin holds, in words.
        ordered: whether the bins lie one after the other, as those of numbers and dates.
    """

    codes: np.ndarray
    labels: tuple[str, ...]
    ordered: bool

    def holds(self, chosen: tuple[int, ...]) -> np.ndarray:
        """(n,) bool: rows in the chosen bins; of ordered ones the first and the last are named."""
        if self.ordered:
            return (self.codes >= chosen[0]) & (self.codes <= chosen[1])
        return np.isin(self.codes, chosen)

    def counts(self, rows: np.ndarray) -> np.ndarray:
        """(bins,) int64, how many of these rows (n,) bool are in each."""
        codes = self.codes[rows]
        return np.bincount(codes[codes >= 0], minlength=len(self.labels))


def bins_of(column: pd.Series, *, kind: str) -> Bins:
    """The bins of a column: its values, the most frequent first, or ranges of its numbers or dates."""
    if kind == "category":
        named = column.astype("string").fillna(_MISSING)
        words = named.value_counts().index
        return Bins(pd.Categorical(named, categories=words).codes.astype(np.int64), tuple(words), False)
    found = quantity(column)
    numbers = found.floats()
    known = np.isfinite(numbers)
    codes = np.full(len(numbers), -1, dtype=np.int64)
    values, place = np.unique(numbers[known], return_inverse=True)
    if len(values) <= _MOST_BINS:
        codes[known] = place
        return Bins(codes, tuple(_word(value, found.kind, fine=True) for value in values), True)
    edges = np.linspace(values[0], values[-1], _MOST_BINS + 1)
    codes[known] = np.clip(np.searchsorted(edges, numbers[known], side="right") - 1, 0, _MOST_BINS - 1)
    ends = [_word(edge, found.kind, fine=edges[1] - edges[0] < 1) for edge in edges]
    return Bins(codes, tuple(f"{low} to {high}" for low, high in pairwise(ends)), True)


def _word(value: float, kind: str, *, fine: bool) -> str:
    """A value in words; ``fine`` where less than a day, or than the fourth digit, tells values apart."""
    if kind != "time":
        return number_text(value if fine else float(f"{value:.4g}"))
    if fine and value % 1:
        return str(np.datetime64(round(value * 1440), "m")).replace("T", " ")
    return str(np.datetime64(int(value // 1), "D"))


def linked_figure(bins: Bins, left: np.ndarray, chosen: tuple[int, ...]) -> go.Figure:
    """Bars of all rows in grey, before them those that are ``left`` (n,) bool; the chosen bins are dark."""
    every, some = bins.counts(np.ones(len(bins.codes), dtype=bool)), bins.counts(left)
    shown = np.arange(len(bins.labels)) if bins.ordered else np.arange(min(len(bins.labels), _MOST_BARS))
    inside = np.isin(np.arange(len(bins.labels)), _spelled(bins, chosen))
    names = theme.labels(bins.labels, width=24)
    height = _HEIGHT if bins.ordered else 60 + _BAR * len(shown)
    figure = theme.base_figure(height=height, legend=False)
    for counts, colours in (
        (every, [_EVERY] * len(names)),
        (some, [theme.ACCENT if one or not chosen else theme.UNSELECTED for one in inside]),
    ):
        along, across = ("y", "x") if bins.ordered else ("x", "y")
        figure.add_bar(
            **{along: counts[shown], across: shown},
            orientation="v" if bins.ordered else "h",
            marker={"color": [colours[place] for place in shown]},
            customdata=[[int(place), names[place], int(every[place]), int(some[place])] for place in shown],
            hovertemplate="%{customdata[1]}: %{customdata[3]:,} of %{customdata[2]:,}<extra></extra>",
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    ticks = shown[:: max(1, len(shown) // 4)] if bins.ordered else shown
    axis = {"tickvals": ticks, "ticktext": [names[place].split(" to ")[0] for place in ticks]}
    if not bins.ordered:
        axis = {"tickvals": shown, "ticktext": [names[place] for place in shown], "autorange": "reversed"}
    (figure.update_xaxes if bins.ordered else figure.update_yaxes)(**axis)
    return figure.update_layout(
        barmode="overlay",
        bargap=0.08,
        dragmode="select" if bins.ordered else False,
        selectdirection="h",
        margin={"t": 8, "b": 30},
    )


def _spelled(bins: Bins, chosen: tuple[int, ...]) -> tuple[int, ...]:
    """All chosen bins."""
    return tuple(range(chosen[0], chosen[1] + 1)) if bins.ordered and chosen else chosen
