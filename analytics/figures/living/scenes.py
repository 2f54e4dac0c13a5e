"""Play: what is said and lit at every stage from words to the vector, with the trace's own numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analytics.figures import theme
from analytics.figures.living.encoder_flow import EncoderFlow, encoder_flow
from analytics.transformer.encoder.trace import EncoderTrace
from analytics.words import count

SECONDS = 60
"""How long a whole walk takes: as long as a newcomer watches, and each sentence can be read."""


@dataclass(frozen=True)
class Scene:
    """One stage: the ``parts`` of the picture to light, one sentence, and the ``place`` called ``name``."""

    parts: tuple[str, ...]
    said: str
    place: str
    name: str


def encoder_scenes(trace: EncoderTrace) -> tuple[Scene, ...]:
    """The walk through an encoder, one sentence a stage."""
    flow = encoder_flow(trace)
    return (*_beginning(trace), *_blocks(trace, flow), *_end(trace, flow))


def _beginning(trace: EncoderTrace) -> Iterator[Scene]:
    added = int(trace.special.sum())
    yield Scene(
        ("tokens",),
        f"The text is cut into {count(len(trace.tokens), 'piece')}, {added} of them the model's own marks.",
        "tokens",
        "the tokens",
    )
    width = trace.token_embeddings.shape[1]
    yield Scene(
        ("embedding_sum",),
        f"Each piece becomes {count(width, 'number')}: a row of a learned table, plus one for its position.",
        "embedding_sum",
        "the embeddings",
    )
    yield Scene(
        ("embedding_output",),
        "Each of these vectors is brought to one scale: the first block was trained on vectors like that.",
        "embedding_output",
        "the norm",
    )


def _blocks(trace: EncoderTrace, flow: EncoderFlow) -> Iterator[Scene]:
    blocks = len(trace.hidden_states) - 1
    if trace.layers:
        heads = count(len(flow.focus[0]), "head")
        yield Scene(
            ("heads 1",),
            f"A block begins with attention: {heads} decide, each for itself, where every token looks.",
            "attention/1",
            "the heads of block 1",
        )
        yield Scene(
            ("mixing 1",),
            _strongest_look(flow, trace, 0) + " What it finds there is added to its own vector.",
            "block/1",
            "block 1",
        )
        yield Scene(
            ("feed-forward 1",),
            "Then a feed-forward part works on each token alone, its result is added, and the sum is normed.",
            "feed_forward_output/1",
            "the feed-forward part",
        )
    for block in range(1 if trace.layers else 0, blocks):
        said = (
            _strongest_look(flow, trace, block) if trace.layers else "The block's inside is not known to us."
        )
        yield Scene((f"block {block + 1}",), said, f"block/{block + 1}", f"block {block + 1}")


def _strongest_look(flow: EncoderFlow, trace: EncoderTrace, block: int) -> str:
    """The strongest mean weight between different tokens of the text itself, or of all where it has one."""
    own = ~trace.special
    weights = flow.mixing[block] * ~np.eye(len(trace.tokens), dtype=bool)
    if own.sum() > 1:
        weights = weights * np.outer(own, own)
    looks, at = np.unravel_index(int(weights.argmax()), weights.shape)
    names = [theme.shortened(trace.tokens[place], width=20) for place in (looks, at)]
    if names[0] == names[1]:
        names = [f"{name} (token {place + 1})" for name, place in zip(names, (looks, at), strict=True)]
    return (
        f"In block {block + 1}, the strongest look from one token to another goes from {names[0]} to "
        f"{names[1]}: weight {weights[looks, at]:.2f}, the mean of the heads."
    )


def _end(trace: EncoderTrace, flow: EncoderFlow) -> Iterator[Scene]:
    most = int(np.abs(flow.shares).argmax())
    yield Scene(
        ("pooled",),
        f"Pooling ({trace.ledger_mode}) makes one vector of all: the largest share is that of "
        f"{theme.shortened(trace.tokens[most], width=20)}, {100 * flow.shares[most]:.0f}%.",
        "ledger",
        "what each token gives",
    )
    yield Scene(
        ("vector",),
        f"These {count(len(trace.vector), 'number')} are the text's vector: texts that mean the same have "
        "vectors that point the same way.",
        "vector",
        "the vector",
    )
