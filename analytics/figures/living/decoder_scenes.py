"""Play through a translation's step: what is said and lit at every stage, with the trace's own numbers."""

from __future__ import annotations

from analytics.figures import theme
from analytics.figures.living.decoder_flow import DecoderFlow, decoder_flow
from analytics.figures.living.scenes import Scene
from analytics.transformer.decoder.trace import TranslationTrace
from analytics.words import count


def decoder_scenes(trace: TranslationTrace, step: int) -> tuple[Scene, ...]:
    """The walk from the sentence to the piece that is written at ``step``, from 0."""
    flow, now = decoder_flow(trace, step), trace.steps[step]
    source, width = trace.source, trace.source.output.shape[1]
    scenes = [
        Scene(
            ("encoder",),
            f"The encoder reads all {count(len(source.tokens), 'piece')} of the sentence at once and turns "
            f"each into {count(width, 'number')} that know the others.",
            "encoder",
            "the encoder",
        ),
        Scene(
            ("written",),
            f"The decoder starts from what is written so far, {count(step + 1, 'piece')} the start sign "
            f"among them; the last is {_name(now.input_text)}.",
            "embedding",
            "the embeddings",
        ),
    ]
    for block in range(len(trace.layers)):
        scenes += _block(trace, flow, block)
    best = theme.shortened(now.text, width=20)
    scenes += [
        Scene(
            ("softmax",),
            f"The last vector is compared with all {trace.logits.shape[1]:,} pieces, and softmax makes "
            "probabilities of it.",
            "next_word",
            "softmax",
        ),
        Scene(
            ("softmax",),
            f"{best} is written, with probability {now.probability:.2f}: the model was as unsure as in an "
            f"even choice among {2**now.entropy:,.1f} pieces.",
            "sampling",
            "the choice",
        ),
        Scene(
            (),
            "What was written is read in the next step, and all of it begins again until the end sign.",
            "model",
            "the whole model",
        ),
    ]
    return tuple(scenes)


def _block(trace: TranslationTrace, flow: DecoderFlow, block: int) -> list[Scene]:
    number, step = block + 1, flow.step
    back, across = flow.written[block, step], flow.looked[block, step]
    said_back = f"Block {number} first looks back, with a mask that hides what is not written yet: "
    said_back += f"most at {_name(trace.steps[int(back.argmax())].input_text)}, weight {back.max():.2f}."
    source = _name(trace.source.tokens[int(across.argmax())].text)
    return [
        Scene((f"self {number}",), said_back, f"self_attention/{number}", f"self-attention, block {number}"),
        Scene(
            (f"cross {number}",),
            f"Then it looks across at the sentence: most at {source}, weight {across.max():.2f}, the mean of "
            "its heads.",
            f"cross_attention/{number}",
            f"cross-attention, block {number}",
        ),
        Scene(
            (f"feed-forward {number}",),
            f"A feed-forward part works on the place alone and adds a vector of length "
            f"{flow.feed_forward[block, step]:.1f}.",
            f"feed_forward/{number}",
            f"feed-forward, block {number}",
        ),
    ]


def _name(text: str) -> str:
    return theme.shortened(text, width=20)
