"""Views of how the next piece is chosen: sampling, the beam tree, the steps by hand, checks, downloads."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.decoder_walk import walk
from analytics.dashboard.pages.decoder_walk.step import candidates_picture
from analytics.dashboard.pages.decoder_walk.views import source_names
from analytics.dashboard.parts import checks, widgets
from analytics.dashboard.parts.drawings import download_svg, draw_svg
from analytics.dashboard.parts.files import Content
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.parts.matrix_view import draw_heat_map
from analytics.figures.matrix import token_matrix
from analytics.figures.svg import standing_alone
from analytics.figures.walks import beam_tree
from analytics.figures.walks import decoder_walk as figures
from analytics.figures.walks.decoder_walk_html import translation_html
from analytics.reproduce import translation_script
from analytics.transformer.decoder.beams import BeamNode, BeamTree
from analytics.transformer.decoder.decoding import Decoding
from analytics.transformer.decoder.export import steps_frame, to_npz
from analytics.transformer.decoder.sampling import draw, top_ids
from analytics.transformer.decoder.trace import TranslationTrace, alignment
from analytics.transformer.worked_example import (
    HandDecoderStep,
    decoder_step,
    work_through,
    written_product,
)

_NODE = "decoder_walk_node"
SHOWN = 10


def _switch_to(strategy: str) -> None:
    st.session_state[walk.STRATEGY] = strategy


def draw_sampling(trace: TranslationTrace, step: int, *, model: str) -> None:
    """The distribution of this step under temperature, top-k and top-p, and the draw."""
    if trace.settings.strategy == "sample":
        settings = trace.settings
    else:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            settings = walk.ask_for_sampling()
    logits = trace.logits[step]
    word = settings.next_word(logits, trace.suppressed)
    own = trace.steps[step].point
    point = own if np.isfinite(own) else float(np.random.default_rng((settings.seed, step)).random())
    drawn = draw(word.final, point)
    best = [int(one) for one in top_ids(word.probabilities, SHOWN)]
    best = best if drawn in best else [*best[:-1], drawn]
    _tell_stages(settings, word.mass_kept, int(word.kept.sum()), len(logits), word.entropy)
    names = [walk.piece(model, one) for one in best]
    stages = {
        "the model's own": word.probabilities[best],
        f"temperature {settings.temperature:g}": word.tempered[best],
        "kept and renormalised": word.final[best],
    }
    alt = "The most probable pieces at every stage of sampling"
    bars = figures.sampling_stages(stages, names, drawn=best.index(drawn), alt=alt)
    draw_svg(bars, key="decoder_walk_stages")
    kept_best = [int(one) for one in top_ids(word.final, 30)]
    alt = f"The drawn point {point:.3f} falls on its piece"
    kept = {one: walk.piece(model, one) for one in kept_best}
    draw_svg(figures.draw_line(word.final, kept, point=point, alt=alt), key="decoder_walk_draw")
    st.markdown(
        f"Point {point:.4f} of seed {settings.seed} falls on **{plain(walk.piece(model, drawn))}** (starred)."
    )
    if trace.settings.strategy == "sample":
        st.button("Draw again with the next seed", key="decoder_walk_redraw", on_click=_next_seed)
    else:
        st.button(
            "Write the whole sentence by sampling",
            key="decoder_walk_to_sampling",
            on_click=_switch_to,
            args=(walk.SAMPLING,),
        )


def _next_seed() -> None:
    st.session_state[walk.SEED] = int(st.session_state.get(walk.SEED, 0)) + 1


def _tell_stages(settings: Decoding, mass: float, kept: int, vocabulary: int, entropy: float) -> None:
    st.markdown(
        f"Full vocabulary: {vocabulary:,} pieces, {entropy:.2f} bits. Logits divided by temperature "
        f"{settings.temperature:g}, then {_or_off('top-k', settings.top_k or None)} and "
        f"{_or_off('top-p', settings.top_p if settings.top_p < 1 else None)} keep "
        f"**{count(kept, 'piece')}** with **{100 * mass:.1f}%** of the mass, "
        "divided by it to sum to 1 again."
    )


def _or_off(name: str, value: float | None) -> str:
    return f"{name} {value:g}" if value else f"{name} (off)"


def draw_beams(trace: TranslationTrace, *, model: str, text: str) -> None:
    """The tree of the search, a node's own output and alignment, and where greedy would have gone."""
    tree = trace.beams
    if tree is None:
        st.info("The tree is drawn when the next piece is chosen by beam search.")
        st.button("Use beam search", key="decoder_walk_to_beams", on_click=_switch_to, args=(walk.BEAMS,))
        return
    greedy = walk.traced(model, text, Decoding(prefix=trace.settings.prefix))
    search = (model, text, trace.settings)
    selected = _selected(tree, search)
    drawn = beam_tree.lattice(
        tree,
        partial(walk.piece, model),
        selected=selected,
        greedy=greedy.ids,
        alt=f"{len(tree.nodes)} candidates by step and rank; the best output is drawn thick",
        clickable=True,
    )
    draw_svg(drawn, key="decoder_walk_tree", on_pick=partial(_take_node, search))
    st.caption(
        "Click a mark, or reach it with the arrow keys. Thick: the best output. Dashed: where greedy "
        "decoding goes, as long as it is in the tree. Squares are finished; crosses were pruned: "
        "better-scoring candidates of other beams took their place."
    )
    download_svg("Tree as SVG", drawn, file_name="beam_tree.svg", key="decoder_walk_tree_svg")
    st.markdown(_greedy_in_words(trace, greedy))
    _draw_node(trace, tree, tree.nodes[selected], model=model, text=text)
    frame = _hypotheses_frame(tree, model)
    widgets.table(frame, key="decoder_walk_hypotheses", alt="Finished outputs with their scores, best first")


def _selected(tree: BeamTree, search: object) -> int:
    kept = st.session_state.get(_NODE)
    return kept[1] if kept and kept[0] == search and kept[1] < len(tree.nodes) else tree.best.node


def _take_node(search: object, node: str) -> None:
    if node.isdecimal():
        st.session_state[_NODE] = (search, int(node))


def _greedy_in_words(trace: TranslationTrace, greedy: TranslationTrace) -> str:
    if greedy.ids == trace.ids:
        return f"Greedy decoding writes the same: {plain(greedy.translation)}"
    pairs = zip(greedy.ids, trace.ids, strict=False)
    place = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(greedy.ids), len(trace.ids)))
    return (
        f"Greedy decoding leaves this path at piece {place + 1} and writes: **{plain(greedy.translation)}** "
        f"(sum of log-probabilities {greedy.score:.2f}, here {trace.score:.2f})."
    )


def _draw_node(trace: TranslationTrace, tree: BeamTree, node: BeamNode, *, model: str, text: str) -> None:
    path = tree.path(node.index)
    ids = tuple(one.token for one in path)
    said = plain(walk.translator(model).vocabulary.decode(ids)) or "nothing yet"
    fates = {"kept": "lived on", "finished": "finished", "pruned": "was pruned"}
    st.markdown(
        f"**{said}** {fates[node.fate]} at piece {node.step + 1}: log-probability "
        f"{node.log_probability:.3f}, sum {node.score:.3f}, divided by {len(path)} to the power "
        f"{tree.length_penalty:g}: {node.score / len(path) ** tree.length_penalty:.3f}. Its pieces were "
        f"computed in beams {', '.join(str(row + 1) for row in tree.beam_rows(node.index))}."
    )
    walked = trace if ids == trace.ids else walk.path_traced(model, text, ids, trace)
    picture = token_matrix(
        alignment(walked, layer=len(walked.layers) - 1),
        walked.tokens,
        source_names(trace),
        name="weight",
        limits=(0.0, 1.0),
        row_title="writes",
        column_title="looks at",
    )
    draw_heat_map(picture, key="decoder_walk_node_alignment", alt="Where the chosen output looked")


def _hypotheses_frame(tree: BeamTree, model: str) -> pd.DataFrame:
    """The finished outputs, best first."""
    decode = walk.translator(model).vocabulary.decode
    return pd.DataFrame(
        {
            "output": [decode(one.ids) for one in tree.hypotheses],
            "sum of log-probabilities": [one.score for one in tree.hypotheses],
            "pieces": [len(one.ids) for one in tree.hypotheses],
            "score": [one.final_score for one in tree.hypotheses],
            "ended": [one.ended for one in tree.hypotheses],
        }
    )


def draw_by_hand() -> None:
    """The encoder page's toy numbers, one decoder step further."""
    walked = work_through()
    step = decoder_step(walked)
    target = step.target
    st.markdown(
        "The small example of the encoder page goes on: four English words of three numbers each, one "
        "head, the same matrices, sums in place of norms. Written so far: "
        f"**{plain(' '.join(target.tokens))}**. Every table follows from the one before it."
    )
    left, right = walk.side_by_side()
    with left:
        _hand_table("1. Words so far plus positions", step.sums, target.tokens)
        st.latex(r"S = \frac{QK^\top}{\sqrt{3}} + M")
        _hand_table("2. Scores with the mask", step.self_scores + step.mask, target.tokens, target.tokens)
        q, k = step.sums[-1] @ walked.numbers.w_q, step.sums[1] @ walked.numbers.w_k
        st.markdown(f"{_looking(target.tokens[-1], target.tokens[1], q, k)}. The mask adds 0 or −∞.")
        _hand_table("3. Softmax: self-attention weights", step.self_weights, target.tokens, target.tokens)
        _hand_table("4. State: words plus weighted values", step.state, target.tokens)
    with right:
        names = walked.numbers.tokens
        _hand_table("5. Encoder output, seen by the decoder", walked.output, names)
        last = (f"{target.tokens[-1]} looks",)
        _hand_table("6. Cross-attention scores", step.cross_scores[None], last, names)
        q, k = step.state[-1] @ walked.numbers.w_q, walked.output[1] @ walked.numbers.w_k
        st.markdown(_looking(target.tokens[-1], names[1], q, k))
        _hand_table("7. Cross-attention weights", step.cross_weights[None], last, names)
        _hand_table("8. Context: weighted encoder output", step.context[None], last)
        st.latex(r"z_v = e_v \cdot (s + c), \quad p_v = \frac{e^{z_v}}{\sum_u e^{z_u}}")
        best = int(step.probabilities.argmax())
        product = written_product(target.output_embeddings[best], step.state[-1] + step.context)
        st.markdown(f"Logit of {plain(step.chosen)}: {product}")
        _draw_hand_choice(step)
    st.markdown(f"The most probable next piece is **{plain(step.chosen)}**.")


def _looking(looks: str, at: str, query: np.ndarray, key: np.ndarray) -> str:
    """One score with its numbers put in."""
    score = float(query @ key) / np.sqrt(len(query))
    product = written_product(query, key)
    return f"{plain(looks)} looks at {plain(at)}: {product}, divided by √{len(query)} = **{score:.4f}**"


def _hand_table(title: str, values: np.ndarray, rows: tuple[str, ...], columns: tuple[str, ...] = ()) -> None:
    names = list(columns) or [str(number + 1) for number in range(values.shape[1])]
    cells = [[_hand_number(value) for value in row] for row in values]
    frame = pd.DataFrame(
        cells, columns=[f"{i + 1} {name}" if columns else name for i, name in enumerate(names)]
    )
    frame.insert(0, "word", list(rows))
    st.markdown(f"**{title}**")
    st.dataframe(frame, hide_index=True, alt=title)


def _hand_number(value: float) -> str:
    return "−∞" if np.isneginf(value) else f"{value:.4f}"


def _draw_hand_choice(step: HandDecoderStep) -> None:
    st.markdown("**9. Logits and probabilities**", help=hover("logit"))
    frame = pd.DataFrame(
        {
            "piece": step.target.vocabulary,
            "logit": [f"{value:.4f}" for value in step.logits],
            "probability": [f"{value:.4f}" for value in step.probabilities],
        }
    )
    st.dataframe(frame, hide_index=True, alt="Logits and probabilities of the toy vocabulary")


def draw_checks(trace: TranslationTrace) -> None:
    """Every check with its formula and error."""
    st.markdown(
        "Every stage is recomputed from the one before it, in plain numpy, and held against what the "
        "model computed. The sentence was written piece by piece with a cache; one pass over the whole "
        "of it must give the same logits."
    )
    checks.draw_checks(trace.checks, key="decoder_walk_checks")


def draw_downloads(trace: TranslationTrace, step: int, *, model: str) -> None:
    """The arrays, the page, the candidates of this step, all steps and the script."""
    layer, head = walk.chosen_place(trace)
    files: tuple[tuple[str, Callable[[], Content], str], ...] = (
        ("All arrays", partial(to_npz, trace), "translation.npz"),
        (
            "Page for offline reading",
            lambda: translation_html(trace, partial(walk.piece, model), layer=layer, head=head),
            "translation.html",
        ),
        (
            "Candidates as SVG",
            lambda: standing_alone(candidates_picture(trace, step, model=model)),
            "candidates.svg",
        ),
        ("Steps", partial(steps_frame, trace), "steps.csv"),
        ("Script", partial(translation_script, trace), "translate.py"),
    )
    with st.container(horizontal=True):
        for label, make, name in files:
            widgets.download(label, make, file_name=name, key=f"decoder_walk_{name}")
    st.caption(
        "The arrays come as NPZ, which opens with numpy alone, with a readme of every name, shape and check. "
        "The address of this page holds sentence, strategy, path, step, view, layer and head."
    )
