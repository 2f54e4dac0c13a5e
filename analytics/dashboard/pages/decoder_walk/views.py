"""Closer views of the decoder: alignment, masked self-attention, encoder, layer by layer, the mask lab."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.decoder_walk import walk
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.parts.matrix_view import draw_heat_map
from analytics.figures.matrix import mask, token_matrix, vector_matrix
from analytics.transformer.arithmetic import softmax
from analytics.transformer.decoder.trace import AttentionBlock, TranslationTrace, alignment


def source_names(trace: TranslationTrace) -> tuple[str, ...]:
    return tuple(token.text for token in trace.source.tokens)


def draw_alignment(trace: TranslationTrace) -> None:
    """Every output piece against every source piece: weight and added vector side by side."""
    block = trace.layers[0].cross_attention
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer, head = walk.ask_for_place(len(trace.layers), len(block.weights))
    st.markdown(
        "Each row is an output piece at the moment it is written, each column a source piece; rows sum "
        "to 1. The queries come from the decoder, keys and values from the encoder's output. A high "
        "**weight** on a short vector counts for little, so the right picture shows the length of what "
        "is **added**."
    )
    left, right = walk.side_by_side()
    for place, added, name in ((left, False, "weight"), (right, True, "added")):
        with place:
            values = alignment(trace, layer=layer, head=head, added=added)
            picture = token_matrix(
                values, trace.tokens, source_names(trace), name=name, limits=(0.0, 1.0),
                row_title="writes", column_title="looks at",
            )  # fmt: skip
            alt = f"Cross-attention of layer {layer + 1}, {name}, for every output and source piece"
            draw_heat_map(picture, key=f"decoder_walk_alignment_{int(added)}", alt=alt)


def draw_self_attention(trace: TranslationTrace, step: int) -> None:
    """The mask as the numbers added, and the weights that follow."""
    block = trace.layers[0].self_attention
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer, head = walk.ask_for_place(len(trace.layers), len(block.weights))
    block = trace.layers[layer].self_attention
    read = tuple(one.input_text for one in trace.steps)
    st.markdown(
        "While it writes, the decoder sees only what is there already. In training all places are "
        "computed at once, so a **mask** is added to the scores: 0 where a place may look, the most "
        "negative number there is where not. After softmax those weights are exactly 0."
    )
    left, right = walk.side_by_side()
    with left:
        draw_heat_map(
            mask(block.mask, read),
            key="decoder_walk_mask",
            alt="The causal mask: 0 on and below the diagonal, minus infinity above",
        )
        lowest = float(block.mask.min())
        st.caption(f"The number written −∞ is {lowest:.4g}, the lowest float32." if lowest < 0 else "")
    with right:
        weights = block.weights.mean(0) if head is None else block.weights[head]
        picture = token_matrix(weights, read, read, name="weight", limits=(0.0, 1.0), row_title="sees")
        alt = f"Masked self-attention weights of layer {layer + 1}"
        draw_heat_map(picture, key="decoder_walk_self", alt=alt)
    _draw_one_row(block, read, step, head)


def _draw_one_row(block: AttentionBlock, read: tuple[str, ...], step: int, head: int | None) -> None:
    """A row of one head, or the means of all heads' rows, which do not follow from each other."""
    heads = slice(None) if head is None else slice(head, head + 1)
    of = "mean of all heads" if head is None else f"head {head + 1}"
    st.markdown(f"**From scores to weights**, the row of {plain(read[step])}, {of}")
    frame = pd.DataFrame(
        {
            "piece": [f"{place + 1} {name}" for place, name in enumerate(read)],
            "score": block.scores[heads, step].mean(0),
            "+ mask": ["0" if value > -1e4 else "−∞" for value in block.mask[step]],
            "weight": block.weights[heads, step].mean(0),
        }
    )
    widgets.table(
        frame,
        key="decoder_walk_self_row",
        alt="Scores, mask and weights of one row",
        column_config={
            "score": st.column_config.NumberColumn(format="%.4f"),
            "weight": st.column_config.NumberColumn(format="%.4f"),
        },
    )
    if head is None:
        st.caption(
            "Each head makes its own weights from its own scores, so the mean weights do not follow from the "
            "mean scores. Choose one head to see them follow."
        )


def draw_encoder(trace: TranslationTrace) -> None:
    """The source: pieces, embeddings with positions, and the encoder's self-attention."""
    source = trace.source
    tokens = source_names(trace)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer, head = walk.ask_for_place(len(source.layers), len(source.layers[0].attention.weights))
    weights = source.layers[layer].attention.weights
    st.markdown(
        "The encoder reads the whole sentence at once, without a mask: every piece sees every other. "
        "Word vectors "
        rf"are multiplied by $\sqrt{{d}}$ = {trace.weights.scale:g} and a position is added: sines in "
        r"the first "
        "half, cosines in the second."
    )
    left, right = walk.side_by_side()
    with left:
        shown = weights.mean(0) if head is None else weights[head]
        picture = token_matrix(shown, tokens, tokens, name="weight", limits=(0.0, 1.0))
        draw_heat_map(picture, key="decoder_walk_encoder", alt=f"Encoder attention of layer {layer + 1}")
    with right:
        parts = {
            "word vectors": source.token_embeddings,
            "positions": source.position_embeddings,
            "their sum, what the first layer reads": source.embedding_output,
            "encoder output, what the decoder sees": source.output,
        }
        chosen = st.selectbox("Vectors", list(parts), key="decoder_walk_encoder_part")
        picture = vector_matrix(parts[chosen], tokens, name="value", unit="number")
        draw_heat_map(picture, key="decoder_walk_encoder_vectors", alt=f"{chosen} as colours")


def draw_layers(trace: TranslationTrace, step: int, *, model: str) -> None:
    """One place through the decoder: its vector after every block, and the word it points to by then."""
    now = trace.steps[step]
    st.markdown(
        f"The vector at this place, from {plain(now.input_text)} to the piece it predicts. Each block "
        "adds to it and normalises the sum. The table asks after each block: if the model stopped "
        "here, which piece would the vector be closest to? Only the last row was trained to answer "
        "that."
    )
    word = trace.token_embeddings[step] * trace.weights.scale
    parts = {"word": word, "position": trace.position_embeddings[step]}
    stages = {"word + position": trace.embedding_output[step]}
    for index, layer in enumerate(trace.layers):
        stages[f"layer {index + 1} self"] = layer.self_attention.output[step]
        stages[f"layer {index + 1} cross"] = layer.cross_attention.output[step]
        stages[f"layer {index + 1} forward"] = layer.feed_forward.output[step]
    values = np.stack(list(stages.values()))
    shown = np.stack([*parts.values(), *values])
    picture = vector_matrix(shown, [*parts, *stages], name="value", unit="number")
    alt = "The vector of this place after every block, as colours"
    draw_heat_map(picture, key="decoder_walk_layers", alt=alt)
    chances = softmax((values @ trace.weights.head.T + trace.weights.bias).astype(np.float64))
    frame = pd.DataFrame(
        {
            "after": list(stages),
            "closest piece": [walk.piece(model, int(row.argmax())) for row in chances],
            "its probability": chances.max(1),
            f"probability of {now.text}": chances[:, now.id],
            "length of the vector": np.linalg.norm(values, axis=1),
        }
    )
    widgets.table(
        frame,
        key="decoder_walk_layers_table",
        alt="The closest piece after every block",
        column_config={name: st.column_config.NumberColumn(format="%.4f") for name in frame.columns[2:]},
    )


def draw_mask_lab(trace: TranslationTrace, *, model: str, text: str) -> None:
    """The training-time pass with the causal mask taken away."""
    st.markdown(
        "In training the decoder reads the whole right answer at once. The mask keeps each place from "
        "seeing the pieces it is asked to predict. **Take it away** and run the same pass again:"
    )
    lab = walk.mask_removed(model, text, trace.ids, trace)
    _draw_both(
        (lab.masked, lab.open),
        trace.tokens,
        name="probability",
        key="decoder_walk_lab",
        alt="Probability of every written piece with the causal mask and without it",
    )
    changed, other = (plain(walk.piece(model, one)) for one in (lab.changed_input, lab.replaced_by))
    st.markdown(
        f"**The leak, proven.** Change only the last input piece, **{changed}**, to **{other}**, and look at "
        "every place before it. With the mask their probabilities move by "
        f"{100 * lab.moved_masked.max():.1g} points: the past cannot know. Without it they move by up "
        f"to **{100 * lab.moved_open.max():.1f} points**."
    )
    _draw_both(
        (lab.moved_masked, lab.moved_open),
        trace.tokens[:-1],
        name="largest change",
        key="decoder_walk_leak",
        alt="Largest change of a probability at each place when the last input piece is changed",
    )
    st.caption(
        "This model was trained with the mask, so what it sees too early confuses it rather than "
        "helps. A model trained without one would learn to copy the next word, and could not write."
    )


def _draw_both(
    values: tuple[np.ndarray, np.ndarray], tokens: tuple[str, ...], *, name: str, key: str, alt: str
) -> None:
    """A number per piece, with the mask in the upper row and without it in the lower."""
    picture = token_matrix(
        np.stack(values), ("with the mask", "mask removed"), tokens, name=name, limits=(0.0, 1.0),
        row_title="", column_title="when writing",
    )  # fmt: skip
    draw_heat_map(replace(picture, bar=False, row_height=32), key=key, alt=alt)
