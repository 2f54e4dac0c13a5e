"""A translation, step by step, as one HTML file that opens without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from analytics.figures import matrix
from analytics.figures import offline_page as offline
from analytics.figures.walks.beam_tree import lattice
from analytics.transformer.decoder.export import steps_frame
from analytics.transformer.decoder.trace import TranslationTrace, alignment

_CANDIDATES = 5


def translation_html(
    trace: TranslationTrace, name: Callable[[int], str], *, layer: int | None = None, head: int | None = None
) -> str:
    """A self-contained page: pieces, encoder, every step with its candidates, alignment, beams and checks.

    ``name`` gives the piece of a token id; ``layer`` from 0 (None: the last), ``head`` from 0 or None for the
    mean of all.
    """
    place = len(trace.layers) - 1 if layer is None else layer
    parts = [
        *_head(trace),
        *_encoder(trace, min(place, len(trace.source.layers) - 1), head),
        *_steps(trace, name),
        *_decoder(trace, place, head),
        *_beams(trace, name),
        offline.heading("Every stage recomputed"),
        offline.paragraph(
            "Where all agree the arithmetic is right. Whether the translation is right is another question."
        ),
        offline.checks(trace.checks),
    ]
    return offline.page(f"How a decoder wrote: {trace.translation[:80]}", parts)


def _head(trace: TranslationTrace) -> Iterator[str]:
    yield offline.heading("How does a decoder write?", 1)
    yield offline.paragraph(f"{trace.source.text} → {trace.translation}")
    chosen = ", ".join(f"{key} {value}" for key, value in vars(trace.settings).items() if value != ())
    yield offline.paragraph(f"Model: {trace.model_name} ({trace.revision}); {chosen}. Made with Zetascope.")
    if not trace.ended:
        yield offline.paragraph("The end token did not come within the limit; the output was cut off there.")
    yield offline.heading("English pieces")
    yield offline.tokens(
        [one.text for one in trace.source.tokens], [one.special for one in trace.source.tokens]
    )
    yield offline.heading("Written pieces")
    yield offline.tokens(trace.tokens, [bool(step.forced) for step in trace.steps])


def _encoder(trace: TranslationTrace, layer: int, head: int | None) -> Iterator[str]:
    names = tuple(one.text for one in trace.source.tokens)
    yield offline.heading("Encoder: words and positions")
    yield offline.paragraph(
        "Each piece starts as its row of a learned table, scaled, plus a fixed pattern of sines and cosines "
        "that says where it stands."
    )
    yield offline.formula(r"x_t = \sqrt{d}\,E_{\mathrm{id}_t} + P_t")
    values = trace.source.embedding_output
    picture = matrix.vector_matrix(values, names, name="sum", unit="number")
    yield offline.heat_map(picture, file="sum", alt="Words plus positions")
    yield offline.heading(f"Encoder: self-attention, layer {layer + 1}, {_head_in_words(head)}")
    yield offline.paragraph("The encoder reads the whole sentence at once: every piece sees every other.")
    yield offline.formula(_ATTENTION.replace(" + M", ""))
    shown = _one_head(trace.source.layers[layer].attention.weights, head)
    picture = matrix.token_matrix(shown, names, names, name="weight", limits=(0.0, 1.0))
    yield offline.heat_map(picture, file="encoder", alt="Attention of the encoder")


_ATTENTION = r"\alpha = \mathrm{softmax}\left(\frac{Q K^\top}{\sqrt{d_{\mathrm{head}}}} + M\right)"


def _one_head(weights: np.ndarray, head: int | None) -> np.ndarray:
    return weights.mean(0) if head is None else weights[head]


def _head_in_words(head: int | None) -> str:
    return "mean of all heads" if head is None else f"head {head + 1}"


def _steps(trace: TranslationTrace, name: Callable[[int], str]) -> Iterator[str]:
    yield offline.heading("Every step")
    yield offline.paragraph(
        "At each step the last vector is compared with every piece of the vocabulary; softmax makes "
        "probabilities of the products, and one piece is chosen, written and read in the next step."
    )
    yield offline.formula(r"p = \mathrm{softmax}(h E^\top + b)")
    chosen = steps_frame(trace)["chosen_by"]
    rows = [
        (
            step.index + 1,
            step.input_text,
            step.text,
            f"{100 * step.probability:.2f}%",
            step.rank,
            f"{step.entropy:.2f}",
            why,
            _best(trace, step.index, name),
        )
        for step, why in zip(trace.steps, chosen, strict=True)
    ]
    headers = ("step", "read", "wrote", "probability", "rank", "entropy, bits", "chosen by", "most probable")
    yield offline.table(headers, rows)


def _best(trace: TranslationTrace, step: int, name: Callable[[int], str]) -> str:
    word = trace.next_word(step)
    pairs = ((name(int(one)), word.probabilities[one]) for one in word.ranked(_CANDIDATES))
    return ", ".join(f"{piece} {100 * chance:.1f}%" for piece, chance in pairs)


def _decoder(trace: TranslationTrace, layer: int, head: int | None) -> Iterator[str]:
    read = tuple(step.input_text for step in trace.steps)
    source = tuple(one.text for one in trace.source.tokens)
    block = trace.layers[layer].self_attention
    said = f"layer {layer + 1}, {_head_in_words(head)}"
    yield offline.heading(f"Decoder: masked self-attention, {said}")
    yield offline.paragraph(
        "0 is added to the scores of what may be seen, the lowest number there is elsewhere."
    )
    yield offline.formula(_ATTENTION)
    yield offline.heat_map(matrix.mask(block.mask, read), file="mask", alt="The causal mask")
    shown = _one_head(block.weights, head)
    picture = matrix.token_matrix(shown, read, read, name="weight", limits=(0.0, 1.0), row_title="sees")
    yield offline.heat_map(picture, file="self_attention", alt="Masked self-attention")
    yield offline.heading(f"Decoder: cross-attention, {said}")
    for added, words in ((False, "weight"), (True, "what it adds")):
        yield offline.paragraph(f"Where each written piece looked in the source: {words}, rows sum to 1.")
        values = alignment(trace, layer=layer, head=head, added=added)
        picture = matrix.token_matrix(
            values, trace.tokens, source, name=words, limits=(0.0, 1.0),
            row_title="writes", column_title="looks at",
        )  # fmt: skip
        yield offline.heat_map(picture, file=f"cross_attention_{int(added)}", alt=f"Cross-attention: {words}")


def _beams(trace: TranslationTrace, name: Callable[[int], str]) -> Iterator[str]:
    if trace.beams is None:
        return
    yield offline.heading("Beam tree")
    yield offline.formula(r"\mathrm{score} = \frac{\sum_t \log p_t}{T^{\alpha}}")
    best = trace.beams.best.node
    drawn = lattice(trace.beams, name, selected=best, alt="Every candidate of the search by step and rank")
    yield f"<div style='overflow-x: auto'>{drawn}</div>"
