"""Pages to take away: one HTML file with its figures, formulas and tables, which opens without a network."""

from __future__ import annotations

import html
from base64 import b64encode
from collections.abc import Iterable, Sequence

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from analytics.figures import matrix, theme
from analytics.figures.mathml import mathml
from analytics.transformer.checks import Check

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 2rem auto; padding: 0 1rem; }
math { font-size: 1.15em; margin: 0.6rem 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
td, th { padding: 0.15rem 0.7rem; text-align: left; border-bottom: 1px solid #8884; }
td math { display: inline-block; font-size: 1em; margin: 0; }
.token { padding: 0.1rem 0.35rem; border-radius: 0.3rem; background: #16697a22; margin-right: 0.2rem; }
.special { background: #8c6bb133; }
"""


_PLOTLY, _MATRIX = "made-by-plotly", "heat-map"
"""Classes by which a page knows which scripts its parts need."""
_DRAW_MATRICES = """
for (const one of document.querySelectorAll('.heat-map')) {
  const data = Uint8Array.from(atob(one.dataset.matrix), (sign) => sign.charCodeAt(0))
  mount({ data, parentElement: one, setTriggerValue() {} })
}
"""
_MATRIX_SCRIPT = matrix.SCRIPT.replace("export default ", "") + _DRAW_MATRICES


def page(title: str, parts: Iterable[str]) -> str:
    """The whole file; ``title`` is escaped here, ``parts`` are HTML made by the functions below.

    Our own script for matrices and plotly's (some 5 MB) are inside once, where a part needs them.
    """
    body = "\n".join(parts)
    plotly = f"<script>{get_plotlyjs()}</script>" if _PLOTLY in body else ""
    matrices = f"<script type='module'>{_MATRIX_SCRIPT}</script>" if _MATRIX in body else ""
    return (
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        f"<meta name='viewport' content='width=device-width'><title>{html.escape(title)}</title>"
        f"<style>{_STYLE}{matrix.STYLE}</style></head><body>{plotly}{body}{matrices}</body></html>\n"
    )


def heading(text: str, level: int = 2) -> str:
    return f"<h{level}>{html.escape(text)}</h{level}>"


def paragraph(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"


def formula(latex: str) -> str:
    """One of the package's own formulas."""
    return f"<div>{mathml(latex)}</div>"


def tokens(names: Sequence[str], special: Sequence[bool]) -> str:
    """Tokens in boxes, those the model adds in another colour."""
    boxes = (
        f"<span class='token{' special' if added else ''}'>{html.escape(name)}</span>"
        for name, added in zip(names, special, strict=True)
    )
    return f"<p>{' '.join(boxes)}</p>"


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of plain values."""
    return _table(headers, ([html.escape(str(cell)) for cell in row] for row in rows))


def checks(found: Sequence[Check]) -> str:
    """Every check with its difference, what is allowed, and its formula."""
    headers = ("stage", "", "largest difference", "allowed", "formula")
    rows = (
        (
            html.escape(one.name),
            "agrees" if one.passed else "FAILED",
            f"{one.max_abs_error:.1e}",
            f"{one.tolerance:.1e}",
            mathml(one.formula),
        )
        for one in found
    )
    return _table(headers, rows)


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{html.escape(name)}</th>" for name in headers)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def drawn(figure: go.Figure) -> str:
    """A figure; its grey text is read on light and on dark."""
    figure.update_layout(font={"color": theme.UNSELECTED})
    inside = figure.to_html(full_html=False, include_plotlyjs=False, config={"displaylogo": False})
    return f"<div class='{_PLOTLY}'>{inside}</div>"


def heat_map(picture: matrix.HeatMap, *, file: str, alt: str) -> str:
    """A matrix whose cells can be pointed at; ``file`` names the picture when it is saved."""
    packed = picture.packed(alt=alt, clickable=False, chosen=None, file=file)
    return f"<div class='{_MATRIX}' data-matrix='{b64encode(packed).decode()}'>{matrix.MARKUP}</div>"
