"""One step of the decoder: the sentence so far, where it looked, what it could have written, another path."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.decoder_walk import walk
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.drawings import draw_svg
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import plain
from analytics.figures.walks import decoder_walk as figures
from analytics.transformer.decoder.export import steps_frame
from analytics.transformer.decoder.trace import Step, TranslationTrace, alignment

SHOWN = 10
_OFFERED = 6


def draw_step(trace: TranslationTrace, step: int, *, model: str) -> None:
    """Candidates on the left, the source on the right."""
    left, right = walk.side_by_side()
    with left:
        _draw_candidates(trace, step, model=model)
    with right:
        _draw_looking(trace, step)


def _draw_candidates(trace: TranslationTrace, step: int, *, model: str) -> None:
    now = trace.steps[step]
    st.subheader(f"What comes after {plain(now.input_text)}", anchor=False)
    st.caption(
        "It depends on the English sentence and on all that is written so far, not on this piece alone."
    )
    best, names = _best_pieces(trace, step, model=model)
    draw_svg(candidates_picture(trace, step, model=model), key="decoder_walk_candidates")
    st.markdown(_chosen_in_words(now, trace.logits.shape[1]))
    _offer_paths(trace, step, best, names, model=model)


def candidates_picture(trace: TranslationTrace, step: int, *, model: str) -> str:
    """The most probable pieces of a step as bars: SVG."""
    best, names = _best_pieces(trace, step, model=model)
    chances = trace.next_word(step).probabilities
    places = [place for place, one in enumerate(best) if one == trace.steps[step].id]
    return figures.candidates(
        chances[best].tolist(),
        names,
        rest=float(1 - chances[best].sum()),
        others=len(chances) - len(best),
        chosen=places[0] if places else None,
        alt=f"The {len(best)} most probable next pieces, {names[0]} first, and the mass of all others",
    )


def _best_pieces(trace: TranslationTrace, step: int, *, model: str) -> tuple[np.ndarray, list[str]]:
    best = trace.next_word(step).ranked(SHOWN)
    return best, [walk.piece(model, int(one)) for one in best]


def _chosen_in_words(now: Step, vocabulary: int) -> str:
    reason = {"": "", "path": ", put there by you", "limit": ", put there because the limit was reached"}
    return (
        f"Written: **{plain(now.text)}**{reason[now.forced]}, probability {100 * now.probability:.2f} "
        f"%, rank {now.rank:,} of {vocabulary:,}. Entropy {now.entropy:.2f} bits: as uncertain as an "
        f"even choice among {2**now.entropy:,.1f}."
    )


def _offer_paths(
    trace: TranslationTrace, step: int, best: np.ndarray, names: list[str], *, model: str
) -> None:
    st.markdown("**Take another path**: put a different piece here and let the model go on from it.")
    end = walk.translator(model).end_id
    barred = {end, trace.steps[step].id}
    others = [name for one, name in zip(best, names, strict=True) if int(one) not in barred]
    with st.container(horizontal=True):
        for place, name in enumerate(others[:_OFFERED]):
            st.button(
                plain(name),
                key=f"decoder_walk_take_{step}_{place}",  # the next step has pieces of its own
                on_click=walk.take_path,
                args=((*trace.tokens[:step], name),),
            )
        if trace.settings.prefix:
            st.button(
                "Back to the model's own",
                key="decoder_walk_own",
                icon=":material/undo:",
                on_click=walk.forget_path,
            )


def _draw_looking(trace: TranslationTrace, step: int) -> None:
    layer = len(trace.layers) - 1
    st.subheader("Where the decoder looked", anchor=False, help=hover("attention head"))
    tokens = [token.text for token in trace.source.tokens]
    shown = {
        "weight": alignment(trace, layer=layer)[step],
        "what it adds": alignment(trace, layer=layer, added=True)[step],
    }
    alt = f"Cross-attention while writing {trace.steps[step].text}: weight and added vector per source piece"
    draw_svg(figures.looked(shown, tokens, alt=alt), key="decoder_walk_looking")
    most = {name: tokens[int(values.argmax())] for name, values in shown.items()}
    st.markdown(
        f"Most weight: **{plain(most['weight'])}**; most added: **{plain(most['what it adds'])}**. Last "
        "layer, mean of its heads. The weight is what share of a source vector is taken; what it adds "
        "is how long that part is after the projection, and follows the alignment of words better."
    )


def draw_steps_table(trace: TranslationTrace) -> None:
    """All steps as numbers."""
    with st.expander("All steps as a table", icon=":material/table:"):
        frame: pd.DataFrame = steps_frame(trace)
        widgets.table(frame, key="decoder_walk_steps", alt="Every step with its piece, probability and rank")
