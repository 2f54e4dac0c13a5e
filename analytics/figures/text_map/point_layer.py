"""The flat map as a layer of points of our own: one script draws it by WebGL, in the page and in saved files.

ECharts draws 100,000 points and loses its zoom with every click; this draws a million and keeps it
(benchmarks/drawing.py). Points go as plain numbers, once; their look goes at every run.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from analytics.figures import theme
from analytics.figures.text_map.hover import wrapped
from analytics.figures.text_map.looks import FAR, LEGEND_FITS, NEAR, PLACED, Colouring, Emphasis, point_size
from analytics.figures.text_map.true_neighbors import joined_neighbors
from analytics.text.projection import Projection
from analytics.text.topics.clusters import Clusters
from analytics.text.topics.names import short_names

_ASSETS = Path(__file__).parent / "assets"
SCRIPT = "\n".join(
    (_ASSETS / f"{name}.js").read_text() for name in ("painter", "places", "marks", "map", "hands")
)
"""``mountMap`` draws a map, ``mountStock`` takes its points, ``mountPointed`` the texts of single ones."""
STYLE = (_ASSETS / "map.css").read_text()
MARKUP = (_ASSETS / "map.html").read_text()
MOST_DRAWN = 1_000_000
"""Points that a map draws; of more, so many evenly spread ones."""
MOST_TEXTS = 30_000
"""Points whose texts go along with them (3 MB); of more, those pointed at are asked for one by one."""
_COLUMNS_A_TEXT = 2  # a column's name and value, of some 50 bytes, are half of a text
_MOST_NAMES = 400
_MOST_PLACES = 5_000  # points that tell where a topic lies, to a hundredth of its width
_LAST = 254
_NO_VALUE = 255


def texts_fit(points: int, columns: int) -> bool:
    """Whether what the pointer shows goes along, with so many columns below the text of every point."""
    return points * (1 + columns / _COLUMNS_A_TEXT) <= MOST_TEXTS


def stock(points: np.ndarray, texts: Sequence[str] | None, *, key: str) -> bytes:
    """The points (m, 2) of the map ``key`` and, where they go along, what the pointer shows over each.

    Length of the header (uint32), the header (JSON, padded to four bytes), x and y of every point (float32);
    then for each text where it ends (uint32) in the bytes that follow, UTF-8. All are little-endian.
    """
    parts = [np.ascontiguousarray(points, dtype="<f4").tobytes()]
    if texts is not None:
        encoded = [text.encode(errors="replace") for text in texts]  # a half character is no reason to fail
        parts += [np.cumsum([len(one) for one in encoded], dtype="<u4").tobytes(), *encoded]
    return _packed({"id": key, "n": len(points), "texts": texts is not None}, parts)


def look(
    projection: Projection,
    *,
    key: str,
    colouring: Colouring,
    drawn: np.ndarray,
    alt: str,
    height: int,
    emphasis: Emphasis | None = None,
    levels: Sequence[Clusters] = (),
    sizes: np.ndarray | None = None,
    clearable: bool = False,
    series: str = "",
) -> bytes:
    """All that may change while the points stay; ``drawn`` (m,) are the places of those in the ``stock``.

    ``levels``: the topics whose names stand on the map, from the coarse ones, which are named at first, to
    the fine ones, which are named as one comes nearer. ``clearable``: whether something is selected.
    ``series``: maps of one series, such as of some texts and then of all, are looked at from the same place.
    """
    emphasis = emphasis or Emphasis()
    header = {
        "id": key,
        "series": series or key,
        "n": len(drawn),
        "alt": alt,
        "height": height,
        **_colours(colouring),
        "dimmed": emphasis.rows is not None,
        "sized": sizes is not None,
        "size": point_size(len(drawn)),
        "clearable": clearable,
        **_focus(projection, emphasis.focus),
        "placed": _placed(emphasis),
        "placedColour": PLACED,
        "names": _names(projection, levels),
        "axes": _axes(projection),
    }
    parts = [_numbers(colouring, drawn).tobytes()]
    if emphasis.rows is not None:
        parts.append(emphasis.rows[drawn].astype(np.uint8).tobytes())
    if sizes is not None:
        parts.append(np.rint(sizes[drawn]).astype(np.uint8).tobytes())
    return _packed(header, parts)


def _packed(header: dict[str, Any], parts: list[bytes]) -> bytes:
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + b"".join(parts)


def _numbers(colouring: Colouring, drawn: np.ndarray) -> np.ndarray:
    """The number of each point's colour, (m,) uint8: of a step, or 0 to 254 along a scale."""
    low, high = colouring.limits
    values = colouring.values[drawn]
    share = values if colouring.stepped else (np.clip(values, low, high) - low) / (high - low) * _LAST
    return np.where(np.isfinite(values), np.rint(np.nan_to_num(share)), _NO_VALUE).astype(np.uint8)


def _colours(colouring: Colouring) -> dict[str, Any]:
    """The palette, and what of it is told above the map."""
    colours = [colour for _, colour in (colouring.scale[::2] if colouring.stepped else colouring.scale)]
    legend: dict[str, Any] = {}
    if not colouring.stepped:
        low, high = colouring.limits
        legend = {"low": f"{low:,.4g}", "high": f"{high:,.4g}", "colours": colours}
    elif 0 < len(colouring.names) <= LEGEND_FITS:
        shown = [theme.shortened(name, width=28) for name in colouring.names]
        legend = {"items": list(zip(colours, shown, strict=True))}
    return {
        "colours": colours,
        "stepped": colouring.stepped,
        "missing": theme.MISSING,
        "legend": legend,
        "ringed": FAR,
    }


def _focus(projection: Projection, focus: int | None) -> dict[str, Any]:
    """The open text, and lines to its true neighbours: teal where they are near, orange where torn off."""
    if focus is None:
        return {"focus": None, "lines": []}
    lines = [
        {
            "name": joined.name,
            "colour": FAR if joined.torn else NEAR,
            "ends": projection.points[joined.places].tolist(),
        }
        for joined in joined_neighbors(projection, focus)
    ]
    return {"focus": projection.points[focus].tolist(), "lines": lines}


def _placed(emphasis: Emphasis) -> list[dict[str, Any]]:
    if emphasis.placed is None:
        return []
    return [
        {"at": point.tolist(), "text": wrapped(text, 160)}
        for point, text in zip(emphasis.placed, emphasis.placed_labels, strict=True)
    ]


def _names(projection: Projection, levels: Sequence[Clusters]) -> list[dict[str, Any]]:
    """Names of topics, each at the middle of its points, with the box that most of them lie in.

    The coarse ones first, of each level the largest; a name that a coarser level has stands once.
    """
    found: list[dict[str, Any]] = []
    seen: set[str] = set()
    for level, clusters in enumerate(levels):
        names = [theme.shortened(name, width=28) for name in short_names(clusters.names)]
        # Numbers of two bytes are sorted by counting: of a million in a hundredth of the time.
        order = np.argsort(
            clusters.labels.astype(np.int16 if len(names) < 2**15 else np.int64), kind="stable"
        )
        ends = np.cumsum(np.bincount(clusters.labels + 1, minlength=len(names) + 1))
        for label, name in enumerate(names[:_MOST_NAMES]):
            if name in seen:
                continue
            own = order[ends[label] : ends[label + 1]]
            if not len(own):
                continue
            points = projection.points[own[:: -(-len(own) // _MOST_PLACES)]]
            box = np.quantile(points, [0.02, 0.98], axis=0)
            middle = np.median(points, axis=0).tolist()
            found.append({"name": name, "at": middle, "box": box.ravel().tolist(), "level": level})
        seen.update(names)
    return found


def _axes(projection: Projection) -> list[str]:
    """A UMAP axis has no meaning of its own; a principal one says what it explains."""
    if projection.parameters.method != "pca":
        return []
    ways = ("from left to right", "upwards")
    shares = projection.axes.variance_share
    return [
        f"{way}: component {number} ({share:.0%} of the variance)"
        for number, (way, share) in enumerate(zip(ways, shares, strict=False), start=1)
    ]
