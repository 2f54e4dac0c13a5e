"""Views of the Prompt page: one token, attention, sampling, the store of keys and values, the checks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.prompt_walk import walk
from analytics.dashboard.parts import checks, widgets
from analytics.dashboard.parts.drawings import draw_svg
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.parts.matrix_view import draw_heat_map
from analytics.dashboard.server.causal_models import shared_causal
from analytics.figures.matrix import token_matrix
from analytics.figures.walks import decoder_walk as figures
from analytics.figures.walks.kept import store_picture
from analytics.transformer.causal.export import kept_frame, steps_frame
from analytics.transformer.causal.trace import CausalTrace
from analytics.transformer.decoder.sampling import draw, top_ids

SHOWN = 10


def draw_step(trace: CausalTrace, step: int, model: str) -> None:
    """What could have come next, and where the model looked for it."""
    now, opened = trace.steps[step], shared_causal(model)
    chances = trace.next_word(step).probabilities
    best = [int(one) for one in top_ids(chances, SHOWN)]
    names = [opened.piece(one) for one in best]
    left, right = st.columns(2)
    with left:
        st.subheader(f"What comes after “{plain(trace.tokens[trace.row(step)])}”", anchor=False)
        st.caption("It depends on all tokens before, not on this one alone.")
        bars = figures.candidates(
            chances[best].tolist(),
            names,
            rest=float(1 - chances[best].sum()),
            others=len(chances) - len(best),
            chosen=best.index(now.id) if now.id in best else None,
            alt=f"The {len(best)} most probable next tokens, {names[0]} first, and the mass of all others",
        )
        draw_svg(bars, key=f"{walk.NAME}_candidates")
        st.markdown(
            f"Written: **{plain(now.text)}**, probability {100 * now.probability:.2f}%, rank {now.rank:,} "
            f"of {len(chances):,}. Entropy {now.entropy:.2f} bits: as uncertain as an even choice among "
            f"{2**now.entropy:,.1f}."
        )
    with right:
        st.subheader("Where it looked", anchor=False, help=hover("attention head"))
        layer, head = walk.ask_for_place(trace)
        looked = trace.looked(step, layer=layer, head=head)
        tokens = [f"{place + 1} {name}" for place, name in enumerate(trace.tokens[: len(looked)])]
        draw_svg(
            figures.looked({"weight": looked}, tokens, alt="Share of its attention that each token got"),
            key=f"{walk.NAME}_looking",
        )
        st.caption(
            "Weights say what share of each token's value is taken. Many models put much on the first token, "
            "where a head rests that has nothing to look for."
        )


def draw_attention(trace: CausalTrace, _step: int, _model: str) -> None:
    """All tokens against all: one head, or the mean of all."""
    layer, head = walk.ask_for_place(trace)
    weights = trace.layers[layer].weights
    st.markdown(
        "Each row is a token that looks, each column one that is looked at; rows sum to 1. Right of the "
        "diagonal all is 0: nothing that follows is seen."
    )
    picture = token_matrix(
        weights.mean(0) if head is None else weights[head],
        trace.tokens,
        trace.tokens,
        name="weight",
        limits=(0.0, 1.0),
        row_title="looks",
        column_title="is looked at",
    )
    draw_heat_map(picture, key=f"{walk.NAME}_attention", alt=f"Attention of layer {layer + 1}")


def draw_sampling(trace: CausalTrace, step: int, model: str) -> None:
    """The distribution of this step under temperature, top-k and top-p, and the draw."""
    settings = trace.settings
    if settings.strategy != "sample":
        with st.container(horizontal=True, vertical_alignment="bottom"):
            settings = walk.ask_for_sampling(settings.max_new_tokens)
    opened, word = shared_causal(model), settings.next_word(trace.logits[step])
    own = trace.steps[step].point
    point = own if np.isfinite(own) else float(np.random.default_rng((settings.seed, step)).random())
    drawn = draw(word.final, point)
    best = [int(one) for one in top_ids(word.probabilities, SHOWN)]
    best = best if drawn in best else [*best[:-1], drawn]
    st.markdown(
        f"All {len(word.final):,} tokens: {word.entropy:.2f} bits. Logits divided by temperature "
        f"{settings.temperature:g}, then top-k {settings.top_k or '(off)'} and top-p "
        f"{f'{settings.top_p:g}' if settings.top_p < 1 else '(off)'} keep "
        f"**{count(int(word.kept.sum()), 'token')}** with **{100 * word.mass_kept:.1f}%** of the mass."
    )
    stages = {
        "the model's own": word.probabilities[best],
        f"temperature {settings.temperature:g}": word.tempered[best],
        "kept and renormalised": word.final[best],
    }
    names = [opened.piece(one) for one in best]
    alt = "The most probable tokens at every stage of sampling"
    draw_svg(
        figures.sampling_stages(stages, names, drawn=best.index(drawn), alt=alt), key=f"{walk.NAME}_stages"
    )
    kept = {int(one): opened.piece(int(one)) for one in top_ids(word.final, 30)}
    alt = f"The drawn point {point:.3f} falls on its token"
    draw_svg(figures.draw_line(word.final, kept, point=point, alt=alt), key=f"{walk.NAME}_draw")
    st.markdown(
        f"Point {point:.4f} of seed {settings.seed} falls on **{plain(opened.piece(drawn))}** (starred)."
    )


def draw_store(trace: CausalTrace, step: int, _model: str) -> None:
    """What is kept from step to step, and what is computed."""
    now, layers = trace.kept[step], len(trace.layers)
    shared = len(trace.layers[0].q) // len(trace.keys[0])
    heads = f"{len(trace.keys[0])} heads" + (f", each shared by {shared} query heads" if shared > 1 else "")
    st.markdown(
        f"In step {step + 1} the keys and values of **{count(now.found, 'token')}** were found in the store "
        f"and those of **{count(now.computed, 'token')}** computed: {layers} layers of {heads} hold "
        f"{now.numbers:,} numbers after it, {4 * now.numbers / 1000:,.1f} kB as float32. Without the store "
        f"all {count(now.found + now.computed, 'token')} would be computed anew.",
        help=hover("KV cache"),
    )
    drawn = store_picture(
        [(one.found, one.computed) for one in trace.kept],
        trace.tokens,
        chosen=step,
        alt="For each step, the tokens whose keys and values were found, and those that were computed",
    )
    draw_svg(drawn, key=f"{walk.NAME}_store")
    widgets.table(kept_frame(trace), key=f"{walk.NAME}_kept", alt="What was found and computed at each step")
    st.caption(
        "The checks hold the store against one pass over the whole text: a token's keys and values are the "
        "same in both, because it never sees what follows."
    )


def draw_checks(trace: CausalTrace, _step: int, _model: str) -> None:
    """Every check with its formula and error."""
    st.markdown(
        "The text was written token by token with the store, then read once more in one recorded pass. Every "
        "stage is computed again in numpy from the stage before it and the model's weights."
    )
    checks.draw_checks(trace.checks, key=f"{walk.NAME}_checks")


def draw_downloads(trace: CausalTrace) -> None:
    """All steps, and what was kept at each."""

    def frame() -> pd.DataFrame:
        return steps_frame(trace)

    widgets.download("Steps", frame, file_name="prompt_steps.csv", key=f"{walk.NAME}_steps_csv")
    st.caption("The address of this page holds prompt, model, strategy, step, view, layer and head.")
