"""Controls and cached results of the decoder page; the views are in the modules beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.parts.texts import models
from analytics.dashboard.parts.walks.growing_text import draw_growing_text
from analytics.dashboard.server.hub import fetched_model
from analytics.dashboard.server.linked_values import linked
from analytics.dashboard.server.loading import is_loaded
from analytics.dashboard.server.memory import give_back_soon
from analytics.transformer.checks import Check, all_passed
from analytics.transformer.decoder.beginnings import prefix_of, written_pieces
from analytics.transformer.decoder.decoding import Decoding
from analytics.transformer.decoder.mask_lab import MaskLab, open_the_mask
from analytics.transformer.decoder.source_notes import source_notes
from analytics.transformer.decoder.trace import TranslationTrace
from analytics.transformer.decoder.walk import trace_path, trace_translation
from analytics.transformer.tokens import TraceError
from analytics.transformer.translator.loading import PACKAGED_NAME, Translator, load_translator
from analytics.transformer.translator.vocabulary import PAGE_EXAMPLE

NAME = "decoder_walk"
TEXT, STRATEGY, STEP = f"{NAME}_text", f"{NAME}_strategy", f"{NAME}_step"
LAYER, HEAD, SEED = f"{NAME}_layer", f"{NAME}_head", f"{NAME}_seed"
PATH, _BEGUN = f"{NAME}_path", f"{NAME}_begun"
LONGEST_TEXT = 600
MEAN = "mean of all"
_HALF = 395
BEAMS, SAMPLING = "Beam search", "Sampling"
_AUTHOR = (
    "English to French, written by a small model that learned from everyday sentences: it makes mistakes, "
    "and this page shows them as they are."
)


@st.cache_resource(max_entries=2, show_spinner="Opening the translator")
def translator(name: str) -> Translator:
    """The model of this name, shared by all sessions; it is never changed."""
    if name == PACKAGED_NAME:
        return load_translator(name)
    fetched = fetched_model(name)
    return replace(load_translator(fetched.folder), name=name, revision=fetched.commit)


def is_ready(name: str) -> bool:
    """Whether the model can translate without waiting; says so where it can't yet."""
    return is_loaded(f"translator {name}", lambda: translator(name))


@st.cache_resource(scope="session", max_entries=12, show_spinner="Translating", on_release=give_back_soon)
def traced(model: str, text: str, settings: Decoding) -> TranslationTrace:
    """The trace of a sentence under these settings."""
    return trace_translation(text, model=translator(model), settings=settings)


@st.cache_resource(scope="session", max_entries=12, show_spinner=False)
def path_traced(model: str, text: str, ids: tuple[int, ...], _trace: TranslationTrace) -> TranslationTrace:
    """The sentence with this output, for a node of a beam tree."""
    return trace_path(_trace, ids, model=translator(model))


@st.cache_resource(scope="session", max_entries=8, show_spinner="Removing the mask")
def mask_removed(model: str, text: str, ids: tuple[int, ...], _trace: TranslationTrace) -> MaskLab:
    """The mask lab of a trace."""
    return open_the_mask(_trace, model=translator(model))


def piece(model: str, token_id: int) -> str:
    """One piece of the vocabulary as it is written there."""
    return translator(model).vocabulary.piece(token_id)


def ask_for_sentence() -> str:
    """The English sentence; the example stands there at first."""
    st.session_state.setdefault(TEXT, PAGE_EXAMPLE)
    return draw_growing_text(
        "English sentence",
        key=TEXT,
        longest=LONGEST_TEXT,
        placeholder="Type an English sentence",
        about="Any English sentence of up to about 100 word pieces.",
        on_change=forget_path,
    )


def ask_for_model() -> str:
    """The packaged model, or another Marian model where the owner allows the Hub."""
    return models.ask_for_model(
        PACKAGED_NAME,
        key=f"{NAME}_model",
        about="The packaged model, or a Marian model of the Hub such as Helsinki-NLP/opus-mt-en-fr.",
        use="translator",
        on_change=forget_path,
    )


def ask_for_decoding() -> Decoding:
    """The strategy with its own settings beside it, and the reader's own beginning."""
    strategies: dict[str, Callable[[], Decoding]] = {
        "Greedy": Decoding,
        BEAMS: _ask_for_beams,
        SAMPLING: ask_for_sampling,
    }
    first = next(iter(strategies))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.segmented_control(
            "Choose the next piece by",
            list(strategies),
            key=STRATEGY,
            default=first,
            required=True,
            bind="query-params",
            help="Greedy takes the most probable piece. Beam search keeps several outputs and takes the best "
            "in the end. Sampling draws at random.",
        )
        settings = strategies[name or first]()
        _ask_for_path()
    return settings


def _ask_for_path() -> None:
    st.text_input(
        "Begin the output with",
        key=PATH,
        bind="query-params",
        max_chars=LONGEST_TEXT,
        width=260,
        placeholder="the model's own choice",
        help="French that is written first, whatever the model thinks of it, such as J'ai; it is cut into "
        "the model's pieces. The buttons further down fill in pieces, where ▁ marks the start of a word.",
    )


def _slider(name: str, label: str, bounds: tuple[float, float, float, float | None], about: str) -> float:
    """A slider that stands in the link; ``bounds`` are its ends, its first value and its step."""
    return st.slider(label, *bounds, key=f"{NAME}_{name}", bind="query-params", width=170, help=about)


def _ask_for_beams() -> Decoding:
    beams = _slider("beams", "Beams", (2, 8, 4, None), "How many outputs are kept at every step.")
    penalty = _slider(
        "penalty",
        "Length penalty",
        (0.0, 2.0, 1.0, 0.1),
        "A finished output's sum of log-probabilities is divided by its length to this power; more favours "
        "longer outputs.",
    )
    return Decoding("beam", num_beams=int(beams), length_penalty=float(penalty))


def ask_for_sampling() -> Decoding:
    """Temperature, top-k, top-p and the seed; drawn once per run, wherever they are needed."""
    temperature = _slider(
        "temperature",
        "Temperature",
        (0.1, 2.0, 1.0, 0.05),
        "Logits are divided by it: below 1 sharpens, above 1 flattens.",
    )
    top_k = st.number_input(
        "Top-k",
        0,
        1000,
        0,
        key=f"{NAME}_top_k",
        bind="query-params",
        width=120,
        help="Only the k most probable pieces may be drawn; 0 is off.",
    )
    top_p = _slider(
        "top_p",
        "Top-p",
        (0.05, 1.0, 0.9, 0.05),
        "Only the most probable pieces that together reach this mass may be drawn; 1 is off.",
    )
    st.session_state.setdefault(SEED, 0)
    seed = st.number_input(
        "Seed", 0, 10_000, key=SEED, bind="query-params", width=110, help="The same seed draws the same text."
    )
    return Decoding(
        "sample", temperature=float(temperature), top_k=int(top_k), top_p=float(top_p), seed=int(seed)
    )


def along_the_path(settings: Decoding, model: str, text: str) -> Decoding:
    """The settings with the reader's own beginning.

    One that cannot be is told, and the page stays with the last one that could, for this sentence.
    """
    opened = translator(model)
    try:
        prefix = prefix_of(st.session_state.get(PATH, ""), opened)
        Decoding(prefix=prefix).within(opened)
        st.session_state[_BEGUN] = (model, text, prefix)
    except TraceError as refusal:
        st.error(f"{plain(refusal, width=600)} The page below is as it was before.", icon=":material/error:")
        begun = st.session_state.get(_BEGUN)
        prefix = begun[2] if begun and begun[:2] == (model, text) else ()
    return replace(settings, prefix=prefix)


def take_path(pieces: Sequence[str]) -> None:
    """Callback: write these pieces first from now on and go to the one after them."""
    st.session_state[PATH] = written_pieces(pieces)
    st.session_state[STEP] = len(pieces) + 1


def forget_path() -> None:
    """Callback: give the choice back to the model."""
    st.session_state[PATH] = ""


def draw_summary(trace: TranslationTrace) -> None:
    """The translation, what to know about it, and how the checks went."""
    said = plain(trace.translation, width=600) or "nothing"
    st.markdown(f"### {said}")
    if not trace.ended:
        st.warning(
            f"The end token did not come within {count(len(trace.steps), 'piece')}, so the output was "
            "cut off there.",
            icon=":material/content_cut:",
        )
    for note in source_notes(trace.source):
        st.warning(plain(note, width=400), icon=":material/translate:")
    author = _AUTHOR if trace.model_name == PACKAGED_NAME else f"Written by {plain(trace.model_name)}."
    st.caption(f"{author} {len(trace.checks)} stages recomputed, {agreement_in_words(trace.checks)}")


def agreement_in_words(checks: Sequence[Check]) -> str:
    """What recomputed stages say, and what they do not: a wrong translation is computed rightly, too."""
    largest = max((one.max_abs_error for one in checks), default=0.0)
    size = f"(largest difference {largest:.0e})"
    if all_passed(tuple(checks)):
        return f"all agree {size}: the arithmetic is right; the translation may not be."
    return f"**some do not agree** {size}: do not trust the numbers of this page."


def ask_for_step(trace: TranslationTrace) -> int:
    """Which output piece, from 0; buttons and a slider that move together."""
    count = len(trace.steps)
    if STEP in st.session_state:
        st.session_state[STEP] = max(1, min(int(st.session_state[STEP]), count))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        # The slider comes first: a step that stands in the link is in the session only after it.
        step = 1
        if count > 1:
            step = st.slider(f"Step, 1 to {count}", 1, count, key=STEP, bind="query-params", width=420)
        st.button(
            "Back",
            key=f"{NAME}_back",
            icon=":material/arrow_back:",
            disabled=step <= 1,
            on_click=_move,
            args=(-1,),
        )
        st.button(
            "Next",
            key=f"{NAME}_next",
            icon=":material/arrow_forward:",
            disabled=step >= count,
            on_click=_move,
            args=(1,),
        )
    return int(step) - 1


def _move(by: int) -> None:
    """Callback; beyond either end, and without a slider by now, the page shows the nearest step there is."""
    st.session_state[STEP] = int(st.session_state.get(STEP, 1)) + by


def side_by_side() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two places beside each other that move below each other where the screen is narrow."""
    row = st.container(horizontal=True, gap="small")
    return row.container(width=_HALF), row.container(width=_HALF)


def ask_for_place(layers: int, heads: int) -> tuple[int, int | None]:
    """Layer and head from 0; None for the mean of all heads. The last layer at first."""
    options = list(range(1, layers + 1))
    layer = widgets.choose_one("Layer", options, key=LAYER, index=layers - 1, width=120)
    offered = _heads(heads)
    return int(layer) - 1, offered[widgets.choose_one("Head", list(offered), key=HEAD, width=170)]


def ask_for_layer(layers: int) -> int:
    """A layer from 0; the last one at first."""
    return (
        int(widgets.choose_one("Layer", list(range(1, layers + 1)), key=LAYER, index=layers - 1, width=120))
        - 1
    )


def ask_for_head(heads: int) -> int:
    """One head from 0, for numbers that each head has of its own; the first one at first."""
    return int(widgets.choose_one("Head", [str(one + 1) for one in range(heads)], key=HEAD, width=110)) - 1


def _heads(count: int) -> dict[str, int | None]:
    """What is offered as a head, and its number from 0; None for the mean of all."""
    return {MEAN: None, **{str(one + 1): one for one in range(count)}}


def chosen_place(trace: TranslationTrace) -> tuple[int | None, int | None]:
    """The layer and head chosen last, from 0; None for the last layer and for the mean of all heads."""
    layer = st.session_state.get(LAYER)
    heads = _heads(len(trace.layers[0].self_attention.weights))
    return (int(layer) - 1 if layer else None), heads.get(st.session_state.get(HEAD, ""))


def linked_place(trace: TranslationTrace) -> tuple[int, int | None]:
    """Layer and head from 0 before their widgets are drawn, where only the link may have them."""
    layer, head = linked(LAYER), linked(HEAD)
    heads = _heads(len(trace.layers[0].self_attention.weights))
    layers = {str(one + 1): one for one in range(len(trace.layers))}
    return layers.get(str(layer), len(trace.layers) - 1), heads.get(str(head))
