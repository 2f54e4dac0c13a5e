"""What the pointer shows over a point of the map."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.figures import theme
from analytics.figures.text_map.looks import Colouring
from analytics.text.projection import Projection
from analytics.text.topics.clusters import Clusters
from analytics.words import neutral, whole_value_text

_LINE = 55


def hover_texts(
    projection: Projection, texts: Sequence[str], rows: np.ndarray, clusters: Clusters | None = None
) -> np.ndarray:
    """Plain text with line breaks for every point, (n,) object; shorter where there are many points."""
    width = 220 if len(texts) <= 5_000 else 110 if len(texts) <= 30_000 else 60
    return _described(projection, texts, rows, clusters, np.arange(len(texts)), width)


def hover_text(
    projection: Projection, texts: Sequence[str], rows: np.ndarray, clusters: Clusters | None, place: int
) -> str:
    """The same for one point alone, where all of them would be too many."""
    return str(_described(projection, texts, rows, clusters, np.array([place]), 220)[0])


def with_values(hover: np.ndarray, colouring: Colouring, places: np.ndarray | None = None) -> np.ndarray:
    """What the pointer shows over ``places``, or all, with the value that the colour stands for."""
    if colouring.words is None:
        return hover
    words = colouring.words if places is None else colouring.words[places]
    title = theme.shortened(colouring.title, width=24)
    short = {word: f"\n{title}: {theme.shortened(word, width=40)}" for word in set(words) - {""}}
    said = [text + short.get(word, "") for text, word in zip(hover, words, strict=True)]
    return np.array(said, dtype=object)


def with_columns(hover: np.ndarray, columns: pd.DataFrame) -> np.ndarray:
    """What the pointer shows over m points, with the value of each of these ``columns`` (m rows) below it."""
    said = hover.tolist()
    for name, values in columns.items():
        title = theme.shortened(name, width=24)
        places, known = pd.factorize(values)
        worded = [*map(_worded, known), "missing"]  # which is at the end, as place -1
        said = [
            f"{text}\n{title}: {worded[place]}" for text, place in zip(said, places.tolist(), strict=True)
        ]
    return np.array(said, dtype=object)


def _worded(value: object) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return whole_value_text(value)
    return theme.shortened(str(value).removesuffix(" 00:00:00"), width=40)  # a day, not its midnight


def _described(
    projection: Projection,
    texts: Sequence[str],
    rows: np.ndarray,
    clusters: Clusters | None,
    places: np.ndarray,
    width: int,
) -> np.ndarray:
    trust = np.rint(projection.trust[places] * 100).astype(int).tolist()
    labels = [-1] * len(places) if clusters is None else clusters.labels[places].tolist()
    names = [""] if clusters is None else _names(clusters)
    lines = [
        f"{wrapped(texts[place], width)}\nrow {row + 1:,}, trust {share}%{names[label + 1]}"
        for place, row, share, label in zip(
            places.tolist(), rows[places].tolist(), trust, labels, strict=True
        )
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
    """What is said of noise, then of every cluster."""
    return [f", {theme.shortened(name, width=40)}" for name in ("noise", *clusters.names)]
