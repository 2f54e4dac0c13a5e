"""Views of what the vector is made of: tokens that matter, the pooling ledger, heads off, two texts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.encoder_walk import walk
from analytics.dashboard.pages.encoder_walk.neighbors import draw_neighbors, open_texts
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.parts.matrix_view import draw_heat_map
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.jobs import job_result
from analytics.dashboard.server.loading import shared_encoder
from analytics.figures.matrix import token_matrix, vector_strip
from analytics.figures.walks import encoder_walk as figures
from analytics.progress import Progress
from analytics.transformer.arithmetic import cosine
from analytics.transformer.encoder.agreement import agreement
from analytics.transformer.encoder.attribution import Attribution, hiding_effects, integrated_gradients
from analytics.transformer.encoder.contributions import TokenShares, alti, rollout
from analytics.transformer.encoder.head_switch import HeadSwitch, switch_heads
from analytics.transformer.encoder.pooling import pooled_unit, pooling_ledger
from analytics.transformer.encoder.similarity import SimilarityTrace, attribute_similarity, pair_traces
from analytics.transformer.encoder.trace import EncoderTrace

_RANDOM_SETS = 16


def draw_importance(trace: EncoderTrace, model: str) -> None:
    """Which tokens matter: two attributions beside what hiding each token really changes."""
    found = job_result(
        "encoder_walk_importance",
        (model, trace.source.text),
        lambda progress: _importance(trace, model, progress),
        label="Hiding each token in turn",
    )
    if found is None:
        return
    effects, gradients, shares = found
    measures = {"hiding it changes": _share(effects), "integrated gradients": _share(gradients.scores)}
    if shares is not None:
        measures["layer-exact share (ALTI)"] = shares.tokens
    if st.toggle("Show attention rollout too", key="encoder_walk_rollout"):
        st.warning(
            "Rollout multiplies mean weights through the layers. On 24 sentences with this model it did not "
            "track what deleting a token changes: Spearman 0.17, against 0.88 for the layer-exact share.",
            icon=":material/warning:",
        )
        measures["attention rollout"] = rollout(trace)
    _draw_conclusion(measures, trace)
    figure = figures.shares(measures, trace.tokens, title="share of each measure's total size, %")
    widgets.chart(figure, key="encoder_walk_shares", alt="Share of each token by each measure")
    exact = (
        f" Its parts sum to the layer norms' outputs within {shares.identity_error:.0e}." if shares else ""
    )
    st.markdown(
        "- **Hiding it changes**: the token is masked everywhere and left out of the pooling; 1 - cosine to "
        "the vector. This is an effect, not an estimate.\n"
        "- **Integrated gradients**: the cosine to the vector is followed from a text of mask tokens to this "
        f"one, in which the tokenizer's marks stay and get 0; completeness gap "
        f"{gradients.gap:.0e} of {gradients.end - gradients.start:.3f}.\n"
        f"- **Layer-exact share**: each attention block split into what every token gives.{exact} "
        "Feed-forward parts mix no tokens and are left out."
    )


def _draw_conclusion(measures: dict[str, np.ndarray], trace: EncoderTrace) -> None:
    """Which token matters most, as far as the measures agree, and what shares of the model's marks mean."""
    found = agreement(measures, trace.special)
    if found is None:
        st.markdown("This text has no token of its own, so there is none that could matter most.")
        return
    if (~trace.special).sum() == 1:
        only = _token(trace, found.strongest[0])
        st.markdown(f"{only} is the text's only token of its own, so there is none to compare it with.")
        _tell_marks(found.on_marks, trace)
        return
    named = {name: _token(trace, place) for name, place in zip(found.names, found.strongest, strict=True)}
    alike = ""
    if found.lowest is not None:
        one, other, value = found.lowest
        alike = f" Least alike are “{one}” and “{other}”: rank correlation {value:.2f} over the tokens."
    if found.agrees:
        st.markdown(
            f"**The measures agree: {named[found.names[0]]} matters most** of the text's own tokens.{alike}"
        )
    elif len(set(named.values())) == 1:
        st.markdown(
            f"**All name {named[found.names[0]]} as the strongest** of the text's own tokens, but they order "
            f"the others differently.{alike}"
        )
    else:
        said = "; ".join(f"“{name}” names **{token}**" for name, token in named.items())
        st.markdown(
            f"**The measures do not agree** on the token that matters most. {said}.{alike} Trust what hiding "
            "changes: it is an effect of the model, the others are estimates."
        )
    _tell_marks(found.on_marks, trace)


def _token(trace: EncoderTrace, place: int) -> str:
    return f"{plain(trace.tokens[place])} (token {place + 1})"


def _tell_marks(shares: dict[str, float], trace: EncoderTrace) -> None:
    if not shares:
        return
    marks = " and ".join(dict.fromkeys(plain(one.text) for one in trace.source.tokens if one.special))
    said = ", ".join(f"“{name}” puts {100 * share:.0f}%" for name, share in shares.items())
    st.caption(
        f"{said} on {marks}, which the tokenizer adds to every text. They are no words of yours: their "
        "vectors start the same in every text, and attention fills them with what it found in the others. A "
        "large share says that the vector takes much from these gathering places, not that a mark means "
        "something by itself."
    )


def _importance(
    trace: EncoderTrace, model: str, progress: Progress
) -> tuple[np.ndarray, Attribution, TokenShares | None]:
    encoder, text = shared_encoder(model), trace.source.text
    effects = hiding_effects(text, encoder=encoder, progress=progress)
    gradients = integrated_gradients(text, encoder=encoder)
    shares = alti(trace) if trace.weights is not None and not trace.weights.norm_first else None
    return effects, gradients, shares


def _share(values: np.ndarray) -> np.ndarray:
    return np.nan_to_num(values) / (np.abs(np.nan_to_num(values)).sum() or 1.0)


def draw_pooling(trace: EncoderTrace, dataset: DataSet, model: str) -> None:
    """The ledger, and what another pooling would have given."""
    ledger = trace.ledger
    st.markdown(
        f"The vector is the exact sum of {len(trace.tokens)} parts, one per token (**{ledger.mode}** "
        f"pooling). A part's share is its product with the vector; the shares sum to "
        f"{ledger.shares.sum():.3f}. Tokens the tokenizer added carry **{100 * ledger.special_share:.0f}%**."
    )
    figure = figures.shares(
        {"share of the vector": ledger.shares}, trace.tokens, title="share of the vector, %"
    )
    widgets.chart(figure, key="encoder_walk_ledger", alt="Share of the vector that each token gives")
    st.subheader("Another pooling", anchor=False, help=hover("pooling"))
    others = [mode for mode in ("mean", "cls", "max") if mode != ledger.mode]
    mode = st.segmented_control(
        "Pool by", others, key="encoder_walk_pooling", default=others[0], required=True
    )
    assert mode is not None
    other = pooled_unit(trace.last_hidden, trace.counted, mode)
    special = pooling_ledger(trace.last_hidden, trace.counted, trace.special, mode=mode).special_share
    st.markdown(
        f"**{mode}** would give a vector with cosine **{cosine(ledger.vector, other):.3f}** to this one; "
        f"added tokens would carry {100 * special:.0f}%. The model was trained with {ledger.mode}."
    )
    found = open_texts(dataset, model)
    if found is not None and found.vectors.shape[1] == len(other):
        names = (f"by {ledger.mode}, as trained", f"this text by {mode}")
        draw_neighbors(found, ledger.vector.astype(np.float32), other, names=names)


def draw_heads(trace: EncoderTrace, dataset: DataSet, model: str) -> None:
    """Heads switched off, beside as many random ones."""
    layers, heads = trace.attention.shape[:2]
    options = [f"{layer + 1}.{head + 1}" for layer in range(layers) for head in range(heads)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = widgets.choose_columns(
            "Heads to switch off (layer.head)", options, key="encoder_walk_heads_off", default=options[:1]
        )
        seed = st.number_input("Seed", 0, 10_000, 0, key="encoder_walk_heads_seed", width=110)
    if not chosen:
        st.info("Choose at least one head.")
        return
    pairs = tuple((int(name.split(".")[0]) - 1, int(name.split(".")[1]) - 1) for name in chosen)
    result = _switched(model, trace.source.text, pairs, int(seed))
    st.markdown(
        f"With {len(pairs)} of {layers * heads} heads off, the vector keeps a cosine of "
        f"**{result.cosine:.4f}** to itself. {_rank_in_words(result)}"
    )
    if len(result.random_cosines):
        figure = figures.head_effects(result.cosine, result.random_cosines)
        widgets.chart(figure, key="encoder_walk_head_effects", alt="Change by your heads and by random heads")
    st.caption("What changed in the vector: its numbers with these heads off, minus those with all heads on.")
    strip = vector_strip(result.after - result.before, name="change")
    draw_heat_map(strip, key="encoder_walk_head_change", alt="Change of each number of the vector")
    found = open_texts(dataset, model)
    if found is not None:
        before, after = (vector.astype(np.float32) for vector in (result.before, result.after))
        draw_neighbors(found, before, after, names=("all heads on", "your heads off"))


@st.cache_data(scope="session", max_entries=16, show_spinner="Switching heads off")
def _switched(model: str, text: str, pairs: tuple[tuple[int, int], ...], seed: int) -> HeadSwitch:
    encoder = shared_encoder(model)
    return switch_heads(text, pairs, encoder=encoder, random_sets=_RANDOM_SETS, seed=seed)


def _rank_in_words(result: HeadSwitch) -> str:
    drawn = len(result.random_cosines)
    if not drawn:
        return "There are not as many other heads left to compare with."
    fewer = round(result.rank * drawn)
    return f"{fewer} of {drawn} random sets of as many heads changed it less (seed {result.seed})."


def draw_pair(trace: EncoderTrace, model: str) -> None:
    """Why two texts are similar."""
    st.session_state.setdefault(walk.OTHER, walk.OTHER_EXAMPLE)
    other = st.text_input("The other text", key=walk.OTHER, bind="query-params", max_chars=walk.LONGEST_TEXT)
    pair = pair_traces(trace, walk.trace_of(model, other))
    apart = st.toggle(
        "Set pairs with added tokens apart",
        key="encoder_walk_special_apart",
        help="The tokenizer's own marks stand in every text, so their pairs say little about these two.",
    )
    matrix = np.where(pair.touches_special, np.nan, pair.matrix) if apart else pair.matrix
    kept = float(np.nansum(matrix))
    st.markdown(
        f"Cosine **{pair.cosine:.4f}** = sum of all {matrix.size} pairs"
        + (f"; pairs of the texts' own tokens give **{kept:.4f}**, " if apart else "; ")
        + f"{pair.special_sentence()}."
    )
    picture = token_matrix(
        matrix,
        pair.tokens_a,
        pair.tokens_b,
        name="part of the cosine",
        row_title="this text",
        column_title="the other",
    )
    alt = "Part of the cosine that each pair of tokens gives"
    draw_heat_map(picture, key="encoder_walk_pairs", alt=alt)
    with st.expander("Strongest pairs as a table", icon=":material/table:"):
        widgets.table(
            _pairs_frame(pair), key="encoder_walk_pairs_table", alt="Pairs by their part of the cosine"
        )
    _draw_pair_gradients(pair, model)


def _pairs_frame(pair: SimilarityTrace, *, most: int = 1000) -> pd.DataFrame:
    """The pairs by size, strongest first."""
    order = np.argsort(-np.abs(pair.matrix), axis=None)[:most]
    rows, columns = np.unravel_index(order, pair.matrix.shape)
    found = pd.DataFrame(
        {
            "this text": [f"{row + 1} {pair.tokens_a[row]}" for row in rows],
            "the other": [f"{column + 1} {pair.tokens_b[column]}" for column in columns],
            "part of the cosine": pair.matrix[rows, columns],
        }
    )
    return (
        found.assign(**{"share, %": 100 * found["part of the cosine"] / pair.cosine})
        if pair.has_shares
        else found
    )


def _draw_pair_gradients(pair: SimilarityTrace, model: str) -> None:
    st.subheader("Which words matter for it", anchor=False)
    st.markdown(
        "The matrix says how the score adds up, and its tokens have already mixed in all layers. Integrated "
        "gradients follow the cosine from a text of mask tokens to the text itself, the other one held fixed."
    )
    found = job_result(
        "encoder_walk_pair",
        (model, pair.a.source.text, pair.b.source.text),
        lambda progress: _pair_gradients(pair, model, progress),
        label="Following the cosine",
    )
    if found is None:
        return
    sides = st.columns(2)
    named = zip(sides, ("this text", "the other"), (pair.a, pair.b), found, strict=True)
    for place, name, trace, result in named:
        with place:
            figure = figures.shares({name: result.scores}, trace.tokens, title="hundredths of the cosine")
            widgets.chart(figure, key=f"encoder_walk_pair_{name}", alt=f"Integrated gradients of {name}")
            st.caption(
                f"{plain(name)}: from {result.start:.3f} with every token masked to {result.end:.3f}, "
                f"completeness gap {result.gap:.0e}."
            )


def _pair_gradients(pair: SimilarityTrace, model: str, progress: Progress) -> tuple[Attribution, ...]:
    progress(0, 2)
    return attribute_similarity(pair, encoder=shared_encoder(model))
