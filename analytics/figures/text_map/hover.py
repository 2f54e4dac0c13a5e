"""What the pointer shows over a point of the map."""

from collections.abc import Sequence

import numpy as np

from analytics.figures import theme
from analytics.text.projection import Projection
from analytics.text.topics.clusters import Clusters
from analytics.words import neutral

_LINE = 55


def hover_texts(
    projection: Projection, texts: Sequence[str], rows: np.ndarray, clusters: Clusters | None = None
) -> np.ndarray:
    """Plain text with line breaks for every point, (n,) object; shorter where there are many points."""
    width = 220 if len(texts) <= 5_000 else 110 if len(texts) <= 30_000 else 60
    trust = np.rint(projection.trust * 100).astype(int).tolist()
    names = [""] * len(texts) if clusters is None else _names(clusters)
    lines = [
        f"{wrapped(text, width)}\nrow {row + 1:,}, trust {share}%{name}"
        for text, row, share, name in zip(texts, rows.tolist(), trust, names, strict=True)
    ]
    return np.array(lines, dtype=object)


def wrapped(text: str, width: int) -> str:
    """At most ``width`` characters of a text on lines of about 55, also where no blanks part its words."""
    words, lines, line = " ".join(text[: 2 * width].split())[:width].split(" "), [], ""
    pieces = (word[start : start + _LINE] for word in words for start in range(0, len(word) or 1, _LINE))
    for piece in pieces:
        if line and len(line) + len(piece) > _LINE:
            lines.append(line)
            line = ""
        line = f"{line} {piece}".strip()
    more = "…" if len(text) > width else ""
    return neutral("\n".join([*lines, line + more]))


def _names(clusters: Clusters) -> list[str]:
    kinds = ["noise", *clusters.names]
    said = [f", {theme.shortened(name, width=40)}" for name in kinds]
    return [said[label + 1] for label in clusters.labels.tolist()]
