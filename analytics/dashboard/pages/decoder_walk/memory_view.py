"""Translation with a memory: the model's distribution, what was found, and their mixture, step by step."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.decoder_walk import memory_compare, memory_pairs, walk
from analytics.dashboard.parts import checks, widgets
from analytics.dashboard.parts.drawings import draw_svg
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server.memory import give_back_soon
from analytics.figures.walks import decoder_walk as figures
from analytics.transformer.arithmetic import softmax
from analytics.transformer.decoder.decoding import Decoding
from analytics.transformer.decoder.recalling import ADAPTIVE, Recalled, Weight
from analytics.transformer.decoder.sampling import top_ids
from analytics.transformer.decoder.trace import TranslationTrace
from analytics.transformer.decoder.walk import trace_translation
from analytics.transformer.memory.files import to_bytes
from analytics.transformer.memory.store import MOST_NEIGHBOURS, NEIGHBOURS, TEMPERATURE, Memory

_STEP = "decoder_walk_memory_step"
_SHOWN = 6
_WAYS = ("Adaptive", "Fixed")
_ABOUT = (
    "A memory holds, for every place in a file of sentence pairs, the vector the decoder had there and the "
    "piece that came **next**. While it writes, the decoder looks up the nearest vectors, and their next "
    "pieces get a **say** beside its own. Nothing is trained: correct a pair and the next answer is another."
)


@st.cache_resource(scope="session", max_entries=8, show_spinner="Translating", on_release=give_back_soon)
def _traced(
    model: str, text: str, settings: Decoding, memory_key: tuple, weight: Weight, _memory: Memory
) -> TranslationTrace:
    return trace_translation(
        text, model=walk.translator(model), settings=settings, memory=_memory, weight=weight
    )


def draw_memory(trace: TranslationTrace, *, model: str, text: str) -> None:
    """The whole view, from the pairs to their corrections."""
    st.markdown(_ABOUT)
    pairs = memory_pairs.ask_for_pairs()
    base = None if pairs is None else memory_pairs.remembered(pairs, model=model)
    if pairs is None or base is None:
        return
    edits = memory_pairs.edits_of(pairs)
    memory = memory_pairs.edited((model, *pairs.key), edits, model, base)
    _tell_memory(memory)
    weight, neighbours, temperature = _ask_how()
    memory = memory.asked(neighbours=neighbours, temperature=temperature)
    settings = trace.settings
    if settings.strategy == "beam":
        st.info("Beam search has no memory here; the pieces below are chosen greedily.")
        settings = replace(settings, strategy="greedy")
    key = (pairs.key, edits, neighbours, temperature)
    beside = _traced(model, text, settings, key, weight, memory)
    _tell_answers(trace, beside)
    step = _ask_for_step(beside)
    _draw_step(beside, step, memory, model=model)
    rows = list(dict.fromkeys(beside.recalled[step].rows.tolist()))
    memory_pairs.ask_for_corrections(pairs, memory, rows, base=base, model=model)
    _draw_rest(beside, memory)
    memory_compare.draw_comparison(pairs, model=model)


def _tell_memory(memory: Memory) -> None:
    st.caption(
        f"{count(len(memory.pairs), 'pair')}, {count(len(memory), 'entry', 'entries')}, "
        f"{memory.bytes / 1e6:,.1f} MB, searched one by one."
        + (f" Left out: {count(len(memory.left_out), 'pair')}, listed below." if memory.left_out else "")
    )
    for note in memory.notes:
        st.warning(note, icon=":material/translate:")
    st.button(
        f"Try “{memory_pairs.SAMPLE_SENTENCE}”",
        key="decoder_walk_memory_try",
        on_click=_take_sentence,
        help="A sentence about sewing, which the packaged model has hardly read about.",
    )


def _take_sentence() -> None:
    st.session_state[walk.TEXT] = memory_pairs.SAMPLE_SENTENCE
    walk.forget_path()


def _ask_how() -> tuple[Weight, int, float]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        way = st.segmented_control(
            "The memory's say",
            _WAYS,
            default=_WAYS[0],
            required=True,
            key="decoder_walk_memory_way",
            bind="query-params",
            help="Adaptive: decided at each step from how near the entries are and how sure the model is; "
            "with nothing near it says nothing.",
        )
        weight: Weight = ADAPTIVE
        if way == _WAYS[1]:
            weight = st.slider(
                "Weight", 0.0, 1.0, 0.3, 0.05, key="decoder_walk_memory_weight", bind="query-params",
                width=200, help="0: the model alone. 1: the memory alone.",
            )  # fmt: skip
        neighbours = st.slider(
            "Neighbours", 1, MOST_NEIGHBOURS, NEIGHBOURS, key="decoder_walk_memory_neighbours",
            bind="query-params", width=200, help="How many of the nearest entries are asked.",
        )  # fmt: skip
        temperature = st.slider(
            "Temperature", 1.0, 200.0, TEMPERATURE, 1.0, key="decoder_walk_memory_temperature",
            bind="query-params", width=200,
            help="High: far entries count nearly as much as near ones. Low: the nearest one decides.",
        )  # fmt: skip
    return weight, neighbours, temperature


def _tell_answers(alone: TranslationTrace, beside: TranslationTrace) -> None:
    says = [one.weight for one in beside.recalled]
    st.markdown(
        f"The model alone: {plain(alone.translation, width=600) or 'nothing'}  \n"
        f"With the memory: **{plain(beside.translation, width=600) or 'nothing'}**"
    )
    own = [one for one in beside.checks if one.name.startswith("Memory")]
    st.caption(
        f"The memory's say was {min(says):.2f} to {max(says):.2f}. "
        f"{count(len(own), 'stage')} of the memory recomputed, {walk.agreement_in_words(own)}"
    )


def _ask_for_step(beside: TranslationTrace) -> int:
    steps = len(beside.steps)
    if _STEP in st.session_state:
        st.session_state[_STEP] = max(1, min(int(st.session_state[_STEP]), steps))
    if steps == 1:
        return 0
    label = f"Piece written with the memory, 1 to {steps}"
    return int(st.slider(label, 1, steps, key=_STEP, bind="query-params", width=420)) - 1


def _draw_step(beside: TranslationTrace, step: int, memory: Memory, *, model: str) -> None:
    recalled = beside.recalled[step]
    own = softmax(beside.logits[step].astype(np.float64))
    theirs, mixed = recalled.distribution(len(own)), recalled.mixed(own)
    best = [int(one) for one in top_ids(np.maximum(mixed, np.maximum(own, theirs)), _SHOWN)]
    written = beside.steps[step].id
    best = best if written in best else [*best[:-1], written]
    stages = {"the model": own[best], "the memory": theirs[best], "their mixture": mixed[best]}
    so_far = " ".join(one.text for one in beside.steps[:step]) or "nothing yet"
    st.markdown(
        f"Written so far: {plain(so_far, width=600)}. Now: **{plain(beside.steps[step].text)}** = "
        f"{recalled.weight:.3f} × {theirs[written]:.3f} + {1 - recalled.weight:.3f} × {own[written]:.3f} = "
        f"**{mixed[written]:.3f}** (the memory's say times its share, plus the rest times the model's)."
    )
    names = [walk.piece(model, one) for one in best]
    alt = "The likeliest pieces of the model, of the memory and of their mixture; the written one is starred"
    drawn = figures.sampling_stages(stages, names, drawn=best.index(written), alt=alt)
    draw_svg(drawn, key="decoder_walk_memory_stages")
    widgets.table(
        _found_frame(recalled, memory, model=model),
        key="decoder_walk_memory_found",
        alt="The entries that were found, nearest first",
        column_config={
            "distance": st.column_config.NumberColumn(
                format="%.2f", help="Squared, between the vectors of that place and of this one."
            ),
            "weight": st.column_config.ProgressColumn(format="%.3f", min_value=0.0, max_value=1.0),
        },
    )


def _found_frame(recalled: Recalled, memory: Memory, *, model: str) -> pd.DataFrame:
    """The entries with their sentence and the place in it, which stands in brackets."""
    translator = walk.translator(model)
    pieces = {row: memory.pieces_of(row, translator=translator) for row in set(recalled.rows.tolist())}
    places = zip(recalled.rows.tolist(), recalled.places.tolist(), strict=True)
    return pd.DataFrame(
        {
            "next piece": [walk.piece(model, int(one)) for one in recalled.ids],
            "weight": recalled.shares,
            "distance": recalled.distances,
            "row": recalled.rows,
            "English": [memory.pair(row).source for row in recalled.rows.tolist()],
            "French, the place in brackets": [_marked(pieces[row], place) for row, place in places],
            "place": recalled.places + 1,
        }
    )


def _marked(pieces: tuple[str, ...], place: int) -> str:
    """The sentence with one piece in brackets; ▁ is a space again."""
    words = [piece.replace("▁", " ") for piece in pieces]
    piece = words[place]
    space = " " * (len(piece) - len(piece.lstrip()))
    return "".join([*words[:place], space, f"[{piece.strip() or '▁'}]", *words[place + 1 :]]).strip()


def _draw_rest(beside: TranslationTrace, memory: Memory) -> None:
    if memory.left_out:
        with st.expander(f"Left out: {count(len(memory.left_out), 'pair')}"):
            widgets.table(_left_out_frame(memory), key="decoder_walk_memory_left_out", alt="Pairs left out")
    with st.expander("Checks of the memory", icon=":material/check:"):
        own = tuple(one for one in beside.checks if one.name.startswith("Memory"))
        checks.draw_checks(own, key="decoder_walk_memory_checks")
    with st.container(horizontal=True):
        widgets.download(
            "Pairs", partial(_pairs_frame, memory), file_name="pairs.csv", key="decoder_walk_memory_pairs_csv"
        )
        widgets.download(
            "Memory",
            partial(to_bytes, memory),
            file_name="memory.safetensors",
            key="decoder_walk_memory_save",
        )
    st.caption(
        "The memory comes as one safetensors file, vectors in half precision, pairs in its header; "
        "`analytics.transformer.memory.files.from_bytes` reads it."
    )


def _left_out_frame(memory: Memory) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "row": [one.pair.row for one in memory.left_out],
            "why": [one.reason for one in memory.left_out],
            "English": [one.pair.source for one in memory.left_out],
            "French": [one.pair.target for one in memory.left_out],
        }
    )


def _pairs_frame(memory: Memory) -> pd.DataFrame:
    return pd.DataFrame(
        {"English": [pair.source for pair in memory.pairs], "French": [pair.target for pair in memory.pairs]}
    )
