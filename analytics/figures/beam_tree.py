"""The beam search as a lattice: one column per output token, one row per rank of the candidates."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import plotly.graph_objects as go

from analytics.figures import theme
from analytics.transformer.beams import BeamNode, BeamTree, Fate

COLUMN = 62
_SYMBOLS: dict[Fate, str] = {"kept": "circle", "finished": "square", "pruned": "x-thin"}
_NAMES: dict[Fate, str] = {"kept": "lives on", "finished": "finished", "pruned": "pruned"}


def lattice(
    tree: BeamTree, name: Callable[[int], str], *, selected: int, greedy: Sequence[int] = ()
) -> go.Figure:
    """Every candidate by step and rank, lines to what it continues; customdata is the node's index.

    The best output is drawn thick, the path greedy decoding takes dashed, the selected node ringed.
    """
    columns = max(node.step for node in tree.nodes) + 1
    figure = theme.base_figure(height=int(110 + 44 * 2 * tree.num_beams))
    best = {node.index for node in tree.path(tree.best.node)}
    _edges(figure, tree, [node for node in tree.nodes if node.fate != "pruned"], _FAINT)
    _edges(figure, tree, [node for node in tree.nodes if node.index in best], _THICK)
    walked = greedy_nodes(tree, greedy)
    if walked:
        _edges(figure, tree, walked, _DASHED, name="greedy")
    for fate in ("finished", "kept", "pruned"):
        _marks(figure, tree, fate, name, best)
    ring = tree.nodes[selected]
    figure.add_scatter(
        x=[ring.step + 1], y=[ring.rank + 1], mode="markers", hoverinfo="skip", showlegend=False,
        marker={"size": 30, "symbol": "circle-open", "color": "#d55e00", "line": {"width": 2.5}},
    )  # fmt: skip
    figure.update_xaxes(title="output token", dtick=1, showgrid=False, range=[0.3, columns + 0.7])
    figure.update_yaxes(title="rank among the candidates", dtick=1, showgrid=False, autorange="reversed")
    return figure


def greedy_nodes(tree: BeamTree, ids: Sequence[int]) -> list[BeamNode]:
    """The nodes that spell ``ids`` from the start, as far as the tree has them."""
    found: list[BeamNode] = []
    parent = -1
    for step, wanted in enumerate(ids):
        match = next(
            (n for n in tree.nodes if n.step == step and n.parent == parent and n.token == wanted), None
        )
        if match is None:
            break
        found.append(match)
        parent = match.index
    return found


_FAINT = {"color": "rgba(128, 128, 128, 0.45)", "width": 1}
_THICK = {"color": theme.ACCENT, "width": 4}
_DASHED = {"color": "#d55e00", "width": 2, "dash": "dash"}


def _edges(
    figure: go.Figure, tree: BeamTree, nodes: Sequence[BeamNode], line: dict[str, object], *, name: str = ""
) -> None:
    x: list[float | None] = []
    y: list[float | None] = []
    for node in nodes:
        if node.parent >= 0:
            parent = tree.nodes[node.parent]
            x += [parent.step + 1, node.step + 1, None]
            y += [parent.rank + 1, node.rank + 1, None]
    figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", name=name, showlegend=bool(name))


def _marks(figure: go.Figure, tree: BeamTree, fate: Fate, name: Callable[[int], str], best: set[int]) -> None:
    nodes = [node for node in tree.nodes if node.fate == fate]
    figure.add_scatter(
        x=[node.step + 1 for node in nodes],
        y=[node.rank + 1 for node in nodes],
        mode="markers+text",
        name=_NAMES[fate],
        text=[theme.label(name(node.token), width=9) for node in nodes],
        textposition="top center",
        textfont={"size": 11, "color": theme.UNSELECTED if fate == "pruned" else None},
        marker={
            "size": 11,
            "symbol": _SYMBOLS[fate],
            "color": [
                theme.ACCENT if node.index in best else theme.UNSELECTED if fate == "pruned" else "#56b4e9"
                for node in nodes
            ],
            "line": {"width": 1.5, "color": theme.UNSELECTED if fate == "pruned" else theme.ACCENT},
        },
        customdata=[
            [node.index, theme.label(name(node.token)), node.log_probability, node.score] for node in nodes
        ],
        hovertemplate=(
            "%{customdata[1]}<br>log-probability %{customdata[2]:.3f}, sum %{customdata[3]:.3f}"
            f"<br>{_NAMES[fate]}<extra></extra>"
        ),
    )
