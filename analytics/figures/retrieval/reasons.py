"""What a passage was found for, drawn."""

from collections.abc import Sequence

import plotly.graph_objects as go

from analytics.figures import theme
from analytics.retrieval.lexical import WordPart

_MOST_WORDS = 20  # of one question: longer bars than a screen shows nobody compares
_BAR, _AROUND = 26, 104  # pixels; the second for margins, ticks and the title below them


def word_parts(parts: Sequence[WordPart]) -> go.Figure:
    """What each word of the question gives to a passage's BM25, the most on top."""
    shown = list(parts[:_MOST_WORDS])
    figure = theme.base_figure(
        height=_AROUND + _BAR * len(shown), x_title="part of the BM25 score", legend=False
    )
    names = [theme.label(part.word) for part in shown]
    scores = [part.score for part in shown]
    figure.add_bar(
        x=scores,
        y=names,
        orientation="h",
        marker={"color": theme.ACCENT},
        text=[f"{score:.2f}" for score in scores],
        hovertemplate="%{y}: %{x:.4f}<extra></extra>",
    )
    return figure.update_yaxes(autorange="reversed", type="category")
