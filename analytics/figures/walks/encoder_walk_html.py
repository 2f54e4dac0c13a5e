"""The encoder walk as one HTML file that opens without a network."""

from __future__ import annotations

from collections.abc import Iterator

from analytics.figures import matrix
from analytics.figures import offline_page as offline
from analytics.figures.walks import encoder_walk as figures
from analytics.figures.walks.attention_lines import lines
from analytics.transformer.encoder.stages import formula_of, stage_array, stages_of
from analytics.transformer.encoder.trace import EncoderTrace
from analytics.transformer.stages import Stage
from analytics.words import count


def walk_html(trace: EncoderTrace, *, layer: int = 0, head: int = 0) -> str:
    """A self-contained page: tokens, every stage of one layer and head, all heads, ledger and checks.

    Formulas are MathML and plotly's script is inside once, so the file has some 5 MB.
    """
    parts = [*_head(trace), *_stages(trace, layer, head), *_end(trace)]
    return offline.page(f"How a text became a vector: {trace.source.text[:80]}", parts)


def _head(trace: EncoderTrace) -> Iterator[str]:
    yield offline.heading("How did this text become a vector?", 1)
    yield offline.paragraph(trace.source.text)
    yield offline.paragraph(f"Model: {trace.model_name}, pooling: {trace.pooling}. Made with Zetascope.")
    yield offline.tokens(trace.tokens, trace.special.tolist())
    if trace.source.cut:
        were = "was" if trace.source.cut == 1 else "were"
        yield offline.paragraph(f"{count(trace.source.cut, 'token')} {were} cut off at the model's limit.")
    yield offline.heat_map(matrix.vector_strip(trace.vector), file="vector", alt="The vector")


def _stages(trace: EncoderTrace, layer: int, head: int) -> Iterator[str]:
    for stage in stages_of(trace):
        yield offline.heading(stage.title + stage.place(layer, head))
        yield offline.paragraph(stage.explanation)
        yield offline.formula(formula_of(stage, trace))
        if stage.key != "tokens":
            picture = _picture(trace, stage, layer, head)
            yield offline.heat_map(picture, file=stage.key, alt=stage.title)
        if stage.key == "weights":
            yield offline.paragraph("The same weights as lines: point at a token to follow it.")
            yield lines(trace.layers[layer].weights[head], trace.tokens)


def _picture(trace: EncoderTrace, stage: Stage, layer: int, head: int) -> matrix.HeatMap:
    values = stage_array(trace, stage.key, layer=layer, head=head)
    columns: dict[str, tuple[str, ...] | str] = {"keys": trace.tokens, "hidden": "unit"}
    limits = (0.0, 1.0) if stage.key == "weights" else None
    return matrix.any_matrix(
        values, trace.tokens, columns.get(stage.columns, "number"), name=stage.title, limits=limits
    )


def _end(trace: EncoderTrace) -> Iterator[str]:
    if trace.layers:
        yield offline.heading("All layers and heads")
        heads = matrix.all_heads(trace.attention)
        yield offline.heat_map(heads, file="heads", alt="Every head of every layer")
    yield offline.heading("What each token gave")
    ledger = {"share of the vector": trace.ledger.shares}
    yield offline.drawn(figures.shares(ledger, trace.tokens, title="share of the vector, %"))
    yield offline.heading("Every stage recomputed")
    yield offline.checks(trace.checks)
