"""Matrices as heat maps, drawn by our own script: every cell can be pointed at and clicked, however many.

plotly draws a quarter of a million cells as quickly, but reports no clicks on them, and it draws a written
number as an element of its own, which makes a small matrix slower than a large one.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from analytics.figures import theme

_SHORTEST, _TALLEST = 24, 560
_LONGEST_NAME = 40
SMALL_SIDE = 48

_PLACE = Path(__file__).parent
SCRIPT = (_PLACE / "matrix_view.js").read_text()
"""A module whose only export draws one heat map; it is a component of the page, and part of saved files."""
STYLE = (_PLACE / "matrix_view.css").read_text()
MARKUP = """
<div class="matrix">
  <canvas class="cells" role="img" tabindex="0"></canvas>
  <div class="chosen" hidden></div>
  <div class="here" hidden></div>
  <div class="tip" role="status" hidden></div>
  <button class="save" type="button" title="Save as PNG" aria-label="Save as PNG">
    <svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5">
      <path d="M8 2v8M4.5 7L8 10.5L11.5 7M2.5 13.5h11"/>
    </svg>
  </button>
</div>
"""


@dataclass(frozen=True)
class HeatMap:
    """One heat map.

    Attributes:
        values: (r, c) float32; NaN stays empty.
        rows: names of the rows, none for a bare strip. With fewer names than rows, each names as many rows.
        columns: names of the columns, or one word for what a column is, such as ``number``.
        name: what a value is.
        limits: values of the first and last colour.
        colours: hexadecimal colours, evenly spaced between the limits.
        hover: lines with {row}, {column}, {name} and {value}.
        digits: places after the point where cells have room for their numbers; None writes none.
        words: by value written as JavaScript does, what is written in its cell and what the pointer says.
    """

    values: np.ndarray
    rows: tuple[str, ...]
    columns: tuple[str, ...] | str
    name: str
    limits: tuple[float, float]
    colours: tuple[str, ...]
    hover: str = "{row} → {column}\n{name} {value}"
    row_title: str = ""
    column_title: str = ""
    digits: int | None = 2
    words: dict[str, tuple[str, str]] = field(default_factory=dict)
    bar: bool = True
    row_height: int = 26

    def packed(self, **settings: object) -> bytes:
        """Length of the header (uint32), the header (JSON), the values (float32), all little-endian.

        ``settings`` are added to the header: ``alt``, ``clickable``, ``chosen``, ``file``.
        """
        header = {key: value for key, value in asdict(self).items() if key not in {"values", "words"}}
        header |= {
            "shape": self.values.shape,
            "rows": [_name(one) for one in self.rows],
            "columns": self.columns
            if isinstance(self.columns, str)
            else [_name(one) for one in self.columns],
            "height": int(
                np.clip(self.row_height * (len(self.rows) or len(self.values)), _SHORTEST, _TALLEST)
            ),
            "rowTitle": header.pop("row_title"),
            "columnTitle": header.pop("column_title"),
            "words": self.words or None,
            **settings,
        }
        text = json.dumps(header).encode()
        return struct.pack("<I", len(text)) + text + self.values.astype("<f4").tobytes()


def _name(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST_NAME else f"{words[: _LONGEST_NAME - 1]}…"


def token_matrix(
    values: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    name: str,
    limits: tuple[float, float] | None = None,
    row_title: str = "looks",
    column_title: str = "is looked at",
) -> HeatMap:
    """A (rows, columns) matrix between tokens; ``limits`` fix the colour scale, else it is centred at 0."""
    largest = float(np.abs(values[np.isfinite(values)]).max(initial=0.0))
    return HeatMap(
        values=values,
        rows=tuple(rows),
        columns=tuple(columns),
        name=name,
        limits=limits or _centred(values),
        colours=theme.SEQUENTIAL if limits else theme.DIVERGING,
        row_title=row_title,
        column_title=column_title,
        digits=3 if 0 < largest < 0.1 else 2,
    )


def _centred(values: np.ndarray) -> tuple[float, float]:
    limit = signed_limit(values)
    return -limit, limit


def vector_matrix(values: np.ndarray, rows: Sequence[str], *, name: str, unit: str) -> HeatMap:
    """One row per token and one column per number of its vector, on a scale centred at 0."""
    return HeatMap(
        values=values,
        rows=tuple(rows),
        columns=unit,
        name=name,
        limits=_centred(values),
        colours=theme.DIVERGING,
        hover="{row}, {column}\n{name} {value}",
        column_title=unit,
        digits=None,
    )


def vector_strip(vector: np.ndarray, *, name: str = "value") -> HeatMap:
    """A vector as one strip of coloured cells."""
    return HeatMap(
        values=vector[None],
        rows=(),
        columns="number",
        name=name,
        limits=_centred(vector),
        colours=theme.DIVERGING,
        hover="{column}\n{name} {value}",
        digits=None,
        bar=False,
    )


def any_matrix(
    values: np.ndarray,
    rows: Sequence[str],
    columns: tuple[str, ...] | str,
    *,
    name: str,
    limits: tuple[float, float] | None = None,
) -> HeatMap:
    """A stage of a walk: between tokens where ``columns`` are tokens, else vectors, one alone as a strip."""
    if not isinstance(columns, str):
        return token_matrix(values, rows, columns, name=name, limits=limits)
    if len(values) == 1:
        return vector_strip(values[0], name=name)
    return vector_matrix(values, rows, name=name, unit=columns)


def all_heads(attention: np.ndarray) -> HeatMap:
    """Every layer (rows) and head (columns) as a small picture, weights 0 to 1 on one fixed scale.

    ``attention`` (L, H, T, T); texts beyond SMALL_SIDE tokens are shrunk by averaging blocks of cells.
    """
    layers, heads = attention.shape[:2]
    small = shrink(attention, SMALL_SIDE)
    framed = np.pad(small, ((0, 0), (0, 0), (0, 1), (0, 1)), constant_values=np.nan)
    side = framed.shape[-1]
    return HeatMap(
        values=framed.transpose(0, 2, 1, 3).reshape(layers * side, heads * side),
        rows=tuple(str(layer + 1) for layer in range(layers)),
        columns=tuple(str(head + 1) for head in range(heads)),
        name="weight",
        limits=(0.0, 1.0),
        colours=theme.SEQUENTIAL,
        hover="layer {row}, head {column}\nclick to open",
        row_title="layer",
        column_title="head",
        digits=None,
        row_height=80,
    )


def shrink(attention: np.ndarray, side: int) -> np.ndarray:
    """(L, H, T, T) with blocks of cells averaged so that T is at most ``side``."""
    count = attention.shape[-1]
    if count <= side:
        return attention
    edges = np.linspace(0, count, side + 1).astype(int)
    sizes = np.diff(edges)
    rows = np.add.reduceat(attention, edges[:-1], axis=-2) / sizes[:, None]
    return np.add.reduceat(rows, edges[:-1], axis=-1) / sizes


def signed_limit(values: np.ndarray) -> float:
    """Half width of a scale centred at 0: the 99th percentile of sizes, so that one giant hides nothing."""
    finite = np.abs(values[np.isfinite(values)])
    return float(np.quantile(finite, 0.99)) or 1.0 if finite.size else 1.0


def mask(values: np.ndarray, tokens: Sequence[str]) -> HeatMap:
    """The numbers that are added to the scores: 0 where a place may look, hugely negative where not."""
    lowest = float(values.min())
    return HeatMap(
        values=(values < -1e4).astype(np.float32),
        rows=tuple(tokens),
        columns=tuple(tokens),
        name="added",
        limits=(0.0, 1.0),
        colours=("#ececec", "#e39a66"),
        hover="{row} → {column}\n{value}",
        row_title="sees",
        column_title="may be seen",
        words={"0": ("0", "0 is added"), "1": ("−∞", f"{lowest:.4g} is added")},
        bar=False,
    )
