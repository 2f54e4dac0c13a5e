"""The whole walk as one HTML file that opens without a network."""

from __future__ import annotations

import html
from collections.abc import Iterator

import plotly.graph_objects as go

from analytics.figures import attention as attention_figures
from analytics.figures import encoder_walk as figures
from analytics.figures import theme
from analytics.transformer.encoder_trace import EncoderTrace
from analytics.transformer.stages import Stage, formula_of, stage_array, stages_of

MOST_CELLS = 40_000

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 2rem auto; padding: 0 1rem; }
code { font-size: 0.95em; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
td, th { padding: 0.15rem 0.7rem; text-align: left; border-bottom: 1px solid #8884; }
.token { padding: 0.1rem 0.35rem; border-radius: 0.3rem; background: #16697a22; margin-right: 0.2rem; }
.special { background: #8c6bb133; }
"""


def walk_html(trace: EncoderTrace, *, layer: int = 0, head: int = 0) -> str:
    """A self-contained page: tokens, every stage of one layer and head, all heads, ledger and checks.

    Formulas stand as LaTeX source; plotly's script is inside once, so the file has some 5 MB.
    """
    parts = [_head(trace), *_stages(trace, layer, head), *_end(trace)]
    return "<!doctype html>\n<html lang='en'>" + "\n".join(parts) + "</html>\n"


def _head(trace: EncoderTrace) -> str:
    title = html.escape(f"How a text became a vector: {trace.source.text[:80]}")
    tokens = " ".join(
        f"<span class='token{' special' if token.special else ''}'>{html.escape(token.text)}</span>"
        for token in trace.source.tokens
    )
    cut = f"<p>{trace.source.cut} tokens were cut off at the model's limit.</p>" if trace.source.cut else ""
    return (
        f"<head><meta charset='utf-8'><title>{title}</title><style>{_STYLE}</style></head><body>"
        f"<h1>How did this text become a vector?</h1><p>{html.escape(trace.source.text)}</p>"
        f"<p>Model: {html.escape(trace.model_name)}, pooling: {html.escape(str(trace.pooling))}. Made with "
        f"Zetascope.</p><p>{tokens}</p>{cut}" + _drawn(figures.vector_strip(trace.vector), first=True)
    )


def _stages(trace: EncoderTrace, layer: int, head: int) -> Iterator[str]:
    for stage in stages_of(trace):
        where = {"text": "", "layer": f", layer {layer + 1}", "head": f", layer {layer + 1}, head {head + 1}"}
        yield (
            f"<h2>{html.escape(stage.title + where[stage.scope])}</h2><p>{html.escape(stage.explanation)}</p>"
            f"<p><code>{html.escape(formula_of(stage, trace))}</code></p>"
        )
        if stage.key != "tokens":
            yield _drawn(_picture(trace, stage, layer, head))


def _picture(trace: EncoderTrace, stage: Stage, layer: int, head: int) -> go.Figure:
    values = stage_array(trace, stage.key, layer=layer, head=head)
    if stage.columns == "keys":
        limits = (0.0, 1.0) if stage.key == "weights" else None
        return attention_figures.square(values, trace.tokens, trace.tokens, name=stage.title, limits=limits)
    if len(values) == 1:
        return figures.vector_strip(values[0], name=stage.title)
    rows = max(1, MOST_CELLS // values.shape[1])
    return figures.stage_matrix(values[:rows], trace.tokens[:rows], name=stage.title, unit="number")


def _end(trace: EncoderTrace) -> Iterator[str]:
    if trace.layers:
        yield "<h2>All layers and heads</h2>" + _drawn(attention_figures.all_heads(trace.attention))
    yield "<h2>What each token gave</h2>"
    ledger = {"share of the vector": trace.ledger.shares}
    yield _drawn(figures.shares(ledger, trace.tokens, title="share of the vector, %"))
    rows = "".join(
        f"<tr><td>{'passed' if one.passed else 'FAILED'}</td><td>{one.max_abs_error:.1e}</td>"
        f"<td>{html.escape(one.name)}</td><td><code>{html.escape(one.formula)}</code></td></tr>"
        for one in trace.checks
    )
    yield (
        "<h2>Every stage recomputed</h2><table><tr><th></th><th>largest difference</th><th>stage</th>"
        f"<th>formula</th></tr>{rows}</table></body>"
    )


def _drawn(figure: go.Figure, *, first: bool = False) -> str:
    figure.update_layout(font={"color": theme.UNSELECTED})
    return figure.to_html(full_html=False, include_plotlyjs=first, config={"displaylogo": False})
