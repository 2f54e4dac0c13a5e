"""Pictures of the decoder walk: the whole in one strip, candidates, masks, sampling, the mask lab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from analytics.figures import theme
from analytics.figures.attention import token_axis

SMALL_MASK = 18
_FAINT = "rgba(128, 128, 128, 0.55)"
_LIT = "rgba(22, 105, 122, 0.28)"


@dataclass(frozen=True)
class Box:
    """One box of the strip; ``text`` may hold <br> of our own."""

    key: str
    x: float
    y: float
    text: str
    width: float = 14.0


def picture(here: str, *, source: str, written: str, following: str, sizes: Mapping[str, int]) -> go.Figure:
    """The whole Transformer in one strip, the part called ``here`` lit.

    Parts: encoder, self_attention, cross_attention, feed_forward, next_word. ``sizes`` has source (tokens),
    width, vocabulary, encoder_layers, decoder_layers. Texts are cut and made harmless here.
    """
    boxes = _boxes(source, written, following, sizes)
    figure = theme.base_figure(height=190, legend=False)
    for box in boxes:
        _draw_box(figure, box, lit=box.key == here)
    for start, end in ((0, 1), (1, 2), (3, 4), (4, 5), (5, 6), (6, 7), (7, 8)):
        _arrow(figure, boxes[start].x + boxes[start].width, boxes[start].y, boxes[end].x, boxes[end].y)
    _arrow(figure, boxes[2].x + 7, boxes[2].y - 5, boxes[5].x + 7, boxes[5].y + 5)
    figure.add_annotation(
        x=42, y=1, text=f"{sizes['decoder_layers']} layers of these three", showarrow=False, font={"size": 11}
    )
    figure.add_shape(type="line", x0=17, x1=65, y0=3.5, y1=3.5, line={"color": _FAINT, "width": 1})
    figure.update_xaxes(visible=False, range=[-0.5, 100.5], fixedrange=True)
    figure.update_yaxes(visible=False, range=[-1, 34], fixedrange=True)
    figure.update_layout(margin={"l": 0, "r": 0, "t": 4, "b": 4})
    return figure


def _boxes(source: str, written: str, following: str, sizes: Mapping[str, int]) -> tuple[Box, ...]:
    vectors = f"{sizes['source']} vectors<br>of {sizes['width']}"
    return (
        Box("source", 0, 27, _short(source)),
        Box("encoder", 17, 27, f"encoder<br>{sizes['encoder_layers']} layers"),
        Box("memory", 34, 27, vectors),
        Box("written", 0, 11, _short(written)),
        Box("self_attention", 17, 11, "masked self-<br>attention"),
        Box("cross_attention", 34, 11, "cross-<br>attention"),
        Box("feed_forward", 51, 11, "feed-<br>forward"),
        Box("next_word", 68, 11, f"softmax over<br>{sizes['vocabulary']:,} pieces"),
        Box("following", 86, 11, _short(following)),
    )


def _short(text: str) -> str:
    """At most two lines of a box, parted at the space nearest to the middle."""
    words = theme.label(text, width=20)
    spaces = [place for place, sign in enumerate(words) if sign == " "]
    if len(words) < 13 or not spaces:
        return words
    middle = min(spaces, key=lambda place: abs(place - len(words) / 2))
    return f"{words[:middle]}<br>{words[middle + 1 :]}"


def _draw_box(figure: go.Figure, box: Box, *, lit: bool) -> None:
    figure.add_shape(
        type="rect",
        x0=box.x,
        x1=box.x + box.width,
        y0=box.y - 5,
        y1=box.y + 5,
        line={"color": theme.ACCENT if lit else _FAINT, "width": 2.5 if lit else 1},
        fillcolor=_LIT if lit else "rgba(0,0,0,0)",
    )
    text = f"<b>{box.text}</b>" if lit else box.text
    figure.add_annotation(
        x=box.x + box.width / 2, y=box.y, text=text, showarrow=False, font={"size": 10}, name=box.key
    )


def _arrow(figure: go.Figure, x0: float, y0: float, x1: float, y1: float) -> None:
    figure.add_annotation(
        x=x1, y=y1, ax=x0, ay=y0, xref="x", yref="y", axref="x", ayref="y", text="", showarrow=True,
        arrowhead=2, arrowsize=1, arrowwidth=1, arrowcolor="rgba(128, 128, 128, 0.9)",
    )  # fmt: skip


def candidates(
    probabilities: Sequence[float], names: Sequence[str], *, rest: float, others: int, chosen: int | None
) -> go.Figure:
    """The most probable next pieces and, in grey, all the others together; the chosen one is solid."""
    figure = theme.base_figure(height=int(70 + 27 * (len(names) + 1)), legend=False)
    shown = [100 * float(one) for one in probabilities]
    opacity = [1.0 if place == chosen else 0.45 for place in range(len(names))]
    figure.add_bar(
        y=list(range(len(names) + 1)),
        x=[*shown, 100 * rest],
        orientation="h",
        marker={
            "color": [theme.ACCENT] * len(names) + [theme.UNSELECTED],
            "opacity": [*opacity, 0.45],
        },
        text=[f"{value:.1f} %" if value >= 0.05 else "<0.1 %" for value in (*shown, 100 * rest)],
        textposition="outside",
        cliponaxis=False,
        customdata=[*(theme.label(name) for name in names), f"all {others:,} others"],
        hovertemplate="%{customdata}: %{x:.4g} %<extra></extra>",
    )
    ticks = [*names, f"{others:,} others"]
    figure.update_yaxes(**token_axis(ticks), autorange="reversed")
    figure.update_xaxes(title="probability, %", range=[0, min(118, 1.25 * max(*shown, 100 * rest))])
    return figure


def mask(values: np.ndarray, tokens: Sequence[str]) -> go.Figure:
    """The numbers that are added to the scores: 0 where a place may look, hugely negative where not."""
    blocked = (values < -1e4).astype(float)
    figure = theme.base_figure(height=_side(len(values)), legend=False)
    written = np.where(blocked > 0, [[f"{value:.1e}" for value in row] for row in values], "0")
    labelled = len(values) <= SMALL_MASK
    figure.add_heatmap(
        z=blocked,
        text=np.where(blocked > 0, "−∞", "0") if labelled else None,
        texttemplate="%{text}" if labelled else None,
        customdata=written,
        colorscale=[(0, "rgba(128, 128, 128, 0.08)"), (1, "rgba(213, 94, 0, 0.55)")],
        zmin=0,
        zmax=1,
        showscale=False,
        xgap=1,
        ygap=1,
        hovertemplate="row %{y}, column %{x}: %{customdata} is added<extra></extra>",
    )
    figure.update_xaxes(**token_axis(tokens, title="may be seen"), side="top", tickangle=-60)
    figure.update_yaxes(**token_axis(tokens, title="sees"), autorange="reversed")
    return figure


def _side(rows: int) -> int:
    return int(np.clip(160 + 26 * rows, 300, 720))


def sampling_stages(
    stages: Mapping[str, np.ndarray], names: Sequence[str], *, drawn: int | None
) -> go.Figure:
    """The same pieces under every stage of sampling, bars side by side; ``drawn`` marks one by a star."""
    figure = theme.base_figure(height=int(120 + (10 + 8 * len(stages)) * len(names)))
    for index, (stage, values) in enumerate(stages.items()):
        figure.add_bar(
            y=list(range(len(names))),
            x=100 * np.asarray(values),
            orientation="h",
            name=theme.label(stage),
            marker={"color": theme.colour_of(index)},
            customdata=[theme.label(name) for name in names],
            hovertemplate=f"%{{customdata}}<br>{theme.label(stage)}: %{{x:.4g}} %<extra></extra>",
        )
    ticks = [f"★ {name}" if place == drawn else name for place, name in enumerate(names)]
    figure.update_layout(barmode="group", bargap=0.25)
    figure.update_xaxes(title="probability, %")
    figure.update_yaxes(**token_axis(ticks), autorange="reversed")
    return figure


def draw_line(final: np.ndarray, names: Mapping[int, str], *, point: float) -> go.Figure:
    """The kept pieces end to end in falling order, as wide as probable, and the drawn point on the line."""
    order = np.argsort(-final, kind="stable")
    order = order[final[order] > 0]
    figure = theme.base_figure(height=120, legend=False)
    shown = [int(one) for one in order if int(one) in names][:30]
    for place, one in enumerate(shown):
        figure.add_bar(
            y=[0],
            x=[float(final[one])],
            orientation="h",
            marker={"color": theme.colour_of(place), "opacity": 0.75},
            text=[theme.label(names[one], width=14)],
            textposition="inside",
            insidetextanchor="middle",
            hovertemplate=f"{theme.label(names[one])}: %{{x:.4f}}<extra></extra>",
        )
    rest = 1 - float(final[shown].sum())
    if rest > 1e-6:
        figure.add_bar(
            y=[0], x=[rest], orientation="h", marker={"color": theme.UNSELECTED, "opacity": 0.4},
            hovertemplate="all others kept: %{x:.4f}<extra></extra>",
        )  # fmt: skip
    figure.add_vline(x=point, line={"color": "#d55e00", "width": 3})
    figure.update_layout(barmode="stack")
    figure.update_yaxes(visible=False)
    figure.update_xaxes(range=[0, 1], title="the kept pieces end to end; the line is the drawn point")
    return figure


def mask_lab(masked: np.ndarray, opened: np.ndarray, tokens: Sequence[str]) -> go.Figure:
    """Probability of every written piece with the causal mask and without it."""
    figure = theme.base_figure(height=340, y_title="probability of the written piece, %")
    for name, values, colour in (
        ("with the mask", masked, theme.ACCENT),
        ("mask removed", opened, "#d55e00"),
    ):
        figure.add_bar(
            x=list(range(len(tokens))),
            y=100 * values,
            name=name,
            marker={"color": colour},
            customdata=[theme.label(token) for token in tokens],
            hovertemplate=f"%{{customdata}}<br>{name}: %{{y:.4g}} %<extra></extra>",
        )
    figure.update_layout(barmode="group")
    figure.update_xaxes(**token_axis(tokens))
    figure.update_yaxes(range=[0, 100])
    return figure


def leak(masked: np.ndarray, opened: np.ndarray, tokens: Sequence[str]) -> go.Figure:
    """How far any probability of each earlier place moves when the last input word is changed."""
    figure = theme.base_figure(height=300, y_title="largest change of a probability, points")
    for name, values, colour in (
        ("with the mask", masked, theme.ACCENT),
        ("mask removed", opened, "#d55e00"),
    ):
        figure.add_scatter(
            x=list(range(len(values))),
            y=100 * values,
            mode="lines+markers",
            name=name,
            line={"color": colour},
            customdata=[theme.label(token) for token in tokens[: len(values)]],
            hovertemplate=f"when writing %{{customdata}}<br>{name}: %{{y:.4g}} points<extra></extra>",
        )
    figure.update_xaxes(**token_axis(tokens[: len(masked)]))
    figure.update_yaxes(rangemode="tozero")
    return figure
