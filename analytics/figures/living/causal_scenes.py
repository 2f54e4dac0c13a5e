"""Play through a step of a decoder-only model: what is said and lit at every stage, with its own numbers."""

from __future__ import annotations

from analytics.figures import theme
from analytics.figures.living.causal_flow import CausalFlow, causal_flow
from analytics.figures.living.scenes import Scene
from analytics.transformer.causal.trace import CausalTrace
from analytics.words import count


def causal_scenes(trace: CausalTrace, step: int) -> tuple[Scene, ...]:
    """The walk from the tokens read to the one that is written at ``step``, from 0."""
    flow = causal_flow(trace, step)
    blocks = [scene for block in range(len(trace.layers)) for scene in _block(trace, flow, block)]
    return (_beginning(trace, flow, step), *blocks, *_end(trace, step))


def _beginning(trace: CausalTrace, flow: CausalFlow, step: int) -> Scene:
    read, width = len(flow.looked), trace.token_embeddings.shape[1]
    own = f" ({step} written by the model itself)" if step else ""
    return Scene(
        ("read",),
        f"{count(read, 'token')}{own} {'is' if read == 1 else 'are'} there to read. Each starts as "
        f"{count(width, 'number')}, a row of a learned table.",
        "embedding_sum",
        "the embeddings",
    )


def _block(trace: CausalTrace, flow: CausalFlow, block: int) -> list[Scene]:
    number, looks = block + 1, flow.mixing[block][-1]
    most = int(looks.argmax())
    name = theme.shortened(trace.tokens[most], width=20)
    at = f"itself, {name}" if most == len(looks) - 1 else f"{name} (token {most + 1})"
    return [
        Scene(
            (f"mixing {number}",),
            f"In block {number} every token looks at itself and those before it, none at what follows. The "
            f"last looks most at {at}: weight {looks[most]:.2f}, the mean of the heads.",
            f"attention/{number}",
            f"attention, block {number}",
        ),
        Scene(
            (f"feed-forward {number}",),
            "Then a feed-forward part works on each token alone, and adds to the last a vector of length "
            f"{flow.feed_forward[block][-1]:.1f}.",
            f"feed_forward_output/{number}",
            f"feed-forward, block {number}",
        ),
    ]


def _end(trace: CausalTrace, step: int) -> tuple[Scene, ...]:
    now, kept = trace.steps[step], trace.kept[step]
    return (
        Scene(
            ("last_hidden",),
            "Only the last token's vector goes on, normed once more. Keys and values of "
            f"{count(kept.found, 'token')} were kept from before; {kept.computed:,} were computed now.",
            "kept",
            "what is kept",
        ),
        Scene(
            ("softmax",),
            f"That vector is compared with all {trace.logits.shape[1]:,} pieces of the vocabulary, and "
            "softmax makes probabilities of it.",
            "next_word",
            "softmax",
        ),
        Scene(
            ("softmax",),
            f"{theme.shortened(now.text, width=20)} is written, with probability {now.probability:.2f}: the "
            f"model was as unsure as in an even choice among {2**now.entropy:,.1f} pieces.",
            "sampling",
            "the choice",
        ),
        Scene((), "It is set behind the others, and the next step begins.", "model", "the whole model"),
    )
