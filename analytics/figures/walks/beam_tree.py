"""The beam search as a lattice: one column per output token, one row per rank of the candidates; an SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from analytics.figures import theme
from analytics.figures.svg import Markup, element, picture
from analytics.transformer.decoder.beams import BeamNode, BeamTree, Fate

_COLUMN, _ROW = 76, 46
_LEFT, _TOP, _BOTTOM = 34, 18, 44
_NAMES: dict[Fate, str] = {"kept": "lives on", "finished": "finished", "pruned": "pruned"}
_OTHER = "#d55e00"
_STYLE = f"""
.lattice {{ display: block; }}
.lattice text {{ fill: currentColor; font: 12px sans-serif; text-anchor: middle; }}
.lattice .axis {{ opacity: .75; }}
.lattice path {{ fill: none; stroke: rgba(128, 128, 128, .5); }}
.lattice .best-path {{ stroke: {theme.ACCENT}; stroke-width: 4; }}
.lattice .greedy {{ stroke: {_OTHER}; stroke-width: 2; stroke-dasharray: 6 5; }}
.lattice .mark {{ fill: #56b4e9; stroke: {theme.ACCENT}; stroke-width: 1.5; }}
.lattice .best .mark {{ {theme.ACCENT_FILL} }}
.lattice .pruned text {{ opacity: .6; }}
.lattice .pruned .mark {{ stroke: {theme.UNSELECTED}; stroke-width: 2; }}
.lattice .ring {{ fill: transparent; stroke: transparent; stroke-width: 2.5; }}
.lattice .selected .ring {{ stroke: {_OTHER}; }}
.lattice [data-pick] {{ cursor: pointer; outline: none; }}
.lattice g:hover > .ring, .lattice g:focus-visible > .ring {{ stroke: currentColor; }}
"""


def lattice(
    tree: BeamTree,
    name: Callable[[int], str],
    *,
    selected: int,
    greedy: Sequence[int] = (),
    alt: str,
    clickable: bool = False,
) -> Markup:
    """Every candidate by step and rank, lines to what it continues; ``data-pick`` is the node's index.

    The best output is drawn thick, the path greedy decoding takes dashed, the selected node ringed. The
    picture has its natural size.
    """
    columns = max(node.step for node in tree.nodes) + 1
    rows = max(node.rank for node in tree.nodes) + 1
    width, height = _LEFT + _COLUMN * columns + 8, _TOP + _ROW * rows + _BOTTOM
    best = {node.index for node in tree.path(tree.best.node)}
    living = [node for node in tree.nodes if node.fate != "pruned"]
    drawn = [
        _lines(tree, living, ""),
        _lines(tree, [node for node in tree.nodes if node.index in best], "best-path"),
        _lines(tree, greedy_nodes(tree, greedy), "greedy"),
        *_axes(columns, rows, height),
    ]
    for node in tree.nodes:
        groups = [node.fate, *(["best"] if node.index in best else [])]
        groups += ["selected"] if node.index == selected else []
        drawn.append(_mark(node, name(node.token), " ".join(groups), clickable))
    role = "group" if clickable else "img"
    return picture("lattice", (width, height), _STYLE, *drawn, alt=alt, role=role, fixed=True)


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


def _place(node: BeamNode) -> tuple[float, float]:
    return _LEFT + _COLUMN * (node.step + 0.5), _TOP + _ROW * (node.rank + 0.5)


def _lines(tree: BeamTree, nodes: Iterable[BeamNode], kind: str) -> Markup:
    moves = []
    for node in nodes:
        if node.parent >= 0:
            (x0, y0), (x1, y1) = _place(tree.nodes[node.parent]), _place(node)
            moves.append(f"M{x0:g} {y0:g}L{x1:g} {y1:g}")
    return element("path", class_=kind, d="".join(moves)) if moves else Markup()


def _axes(columns: int, rows: int, height: float) -> list[Markup]:
    across = [
        element("text", step + 1, class_="axis", x=_LEFT + _COLUMN * (step + 0.5), y=height - 26)
        for step in range(columns)
    ]
    down = [
        element("text", rank + 1, class_="axis", x=12, y=_TOP + _ROW * (rank + 0.5) + 4)
        for rank in range(rows)
    ]
    words = "across: output piece; down: rank among the step's candidates"
    title = element("text", words, class_="axis", x=4, y=height - 8, style="text-anchor: start")
    return [*across, *down, title]


def _mark(node: BeamNode, name: str, groups: str, clickable: bool) -> Markup:
    x, y = _place(node)
    told = (
        f"{theme.shortened(name)}: log-probability {node.log_probability:.3f}, sum {node.score:.3f}, "
        f"{_NAMES[node.fate]}"
    )
    return element(
        "g",
        element("title", told),
        element("circle", class_="ring", cx=x, cy=y, r=12),
        _shape(node.fate, x, y),
        element("text", theme.shortened(name, width=10), x=x, y=y - 13),
        class_=groups,
        data_pick=node.index if clickable else None,
        role="button" if clickable else None,
    )


def _shape(fate: Fate, x: float, y: float) -> Markup:
    if fate == "pruned":
        d = f"M{x - 4:g} {y - 4:g}L{x + 4:g} {y + 4:g}M{x - 4:g} {y + 4:g}L{x + 4:g} {y - 4:g}"
        return element("path", class_="mark", d=d)
    if fate == "finished":
        return element("rect", class_="mark", x=x - 6, y=y - 6, width=12, height=12)
    return element("circle", class_="mark", cx=x, cy=y, r=6)
