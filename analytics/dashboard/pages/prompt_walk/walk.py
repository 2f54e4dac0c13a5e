"""Controls and cached results of the Prompt page; the views are in the module beside it."""

from __future__ import annotations

import streamlit as st

from analytics.dashboard.parts import links, widgets
from analytics.dashboard.parts.drawings import draw_svg
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.parts.texts import models
from analytics.dashboard.parts.walks.growing_text import draw_growing_text
from analytics.dashboard.server.causal_models import local_models, shared_causal
from analytics.dashboard.server.linked_values import linked
from analytics.dashboard.server.loading import is_loaded
from analytics.dashboard.server.memory import give_back_soon
from analytics.figures.walks.confidence import coloured_pieces
from analytics.transformer.causal.trace import CausalTrace
from analytics.transformer.causal.walk import trace_prompt
from analytics.transformer.causal.writing import Writing
from analytics.transformer.checks import all_passed

NAME = "prompt_walk"
TEXT, STRATEGY, STEP = f"{NAME}_text", f"{NAME}_strategy", f"{NAME}_step"
LAYER, HEAD, SEED = f"{NAME}_layer", f"{NAME}_head", f"{NAME}_seed"
EXAMPLE = "The cat sat on the"
LONGEST_TEXT = 600
MEAN = "mean of all"
SAMPLING = "Sampling"


def ask_for_prompt() -> str:
    """The prompt; an example stands there at first."""
    st.session_state.setdefault(TEXT, EXAMPLE)
    return draw_growing_text(
        "Prompt",
        key=TEXT,
        longest=LONGEST_TEXT,
        placeholder="Type the beginning of a text",
        about="What the model writes on from. An empty one starts with the model's own mark, if it has one.",
    )


def ask_for_model() -> str:
    """One of the owner's models, or one of the Hub where the owner allows it; "" where none is at hand."""
    local = list(local_models())
    return models.ask_for_model(
        local[0] if local else "",
        key=f"{NAME}_model",
        about="A decoder-only model: GPT-2, Llama, Mistral or Qwen2.",
        use="causal",
        local=local[1:],
    )


def is_ready(name: str) -> bool:
    """Whether the model can write without waiting; says so where it can't yet."""
    return is_loaded(f"causal {name}", lambda: shared_causal(name))


@st.cache_resource(scope="session", max_entries=4, show_spinner="Writing", on_release=give_back_soon)
def traced(model: str, prompt: str, settings: Writing) -> CausalTrace:
    """The trace of a prompt under these settings."""
    return trace_prompt(prompt, model=shared_causal(model), settings=settings)


def ask_for_writing() -> Writing:
    """How the next token is chosen, and how many are written."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        strategy = st.segmented_control(
            "Choose the next token by",
            ["Greedy", SAMPLING],
            key=STRATEGY,
            default="Greedy",
            required=True,
            bind="query-params",
            help="Greedy takes the most probable token. Sampling draws at random.",
        )
        longest = st.number_input(
            "Write at most", 1, 40, 12, key=f"{NAME}_longest", bind="query-params", width=120
        )
        return (
            ask_for_sampling(int(longest)) if strategy == SAMPLING else Writing(max_new_tokens=int(longest))
        )


def ask_for_sampling(longest: int) -> Writing:
    """Temperature, top-k, top-p and the seed; drawn once per run, wherever they are needed."""
    temperature = st.slider(
        "Temperature", 0.1, 2.0, 1.0, 0.05, key=f"{NAME}_temperature", bind="query-params", width=170,
        help="Logits are divided by it: below 1 sharpens, above 1 flattens.",
    )  # fmt: skip
    top_k = st.number_input(
        "Top-k", 0, 1000, 50, key=f"{NAME}_top_k", bind="query-params", width=120,
        help="Only the k most probable tokens may be drawn; 0 is off.",
    )  # fmt: skip
    top_p = st.slider(
        "Top-p", 0.05, 1.0, 0.9, 0.05, key=f"{NAME}_top_p", bind="query-params", width=170,
        help="Only the most probable tokens that together reach this mass may be drawn; 1 is off.",
    )  # fmt: skip
    st.session_state.setdefault(SEED, 0)
    seed = st.number_input(
        "Seed", 0, 10_000, key=SEED, bind="query-params", width=110, help="The same seed draws the same text."
    )
    return Writing(
        "sample",
        temperature=float(temperature),
        top_k=int(top_k),
        top_p=float(top_p),
        seed=int(seed),
        max_new_tokens=longest,
    )


def draw_summary(trace: CausalTrace, step: int) -> None:
    """Prompt and output in pieces coloured by probability, that of ``step`` framed, and how checks went."""
    prompt = len(trace.prompt_tokens)
    drawn = coloured_pieces(
        [*trace.prompt_tokens, *(step.text for step in trace.steps)],
        [*[float("nan")] * prompt, *(step.probability for step in trace.steps)],
        [*[True] * prompt, *[False] * len(trace.steps)],
        alt="The prompt in grey, and the tokens written after it, coloured by their probability",
        put_there="the prompt",
        now=prompt + step,
    )
    draw_svg(drawn, key=f"{NAME}_written", on_pick=lambda place: _go_to(place, prompt, len(trace.steps)))
    checks = trace.checks
    largest = max(one.max_abs_error for one in checks)
    state = "all agree" if all_passed(checks) else "**some do not agree**"
    end = "It ended by itself." if trace.ended else "It was stopped after as many as you allow."
    st.caption(
        f"{count(len(trace.steps), 'token')} written by {plain(trace.model_name)}. {end} "
        f"{len(checks)} stages recomputed, {state} (largest difference {largest:.0e}): that the arithmetic "
        "is right does not make the text true."
    )


def _go_to(place: str, prompt: int, steps: int) -> None:
    if place.isdecimal() and prompt <= int(place) < prompt + steps:
        links.hold({STEP: int(place) - prompt + 1})


def ask_for_step(trace: CausalTrace) -> int:
    """Which written token, from 0."""
    steps = len(trace.steps)
    if STEP in st.session_state:
        st.session_state[STEP] = max(1, min(int(st.session_state[STEP]), steps))
    if steps == 1:
        return 0
    step = st.slider(f"Written token, 1 to {steps}", 1, steps, key=STEP, bind="query-params", width=420)
    return int(step) - 1


def ask_for_place(trace: CausalTrace) -> tuple[int, int | None]:
    """Layer and head from 0; None for the mean of all heads. The last layer at first."""
    offered = _heads(trace)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer = ask_for_layer(trace)
        head = widgets.choose_one("Head", list(offered), key=HEAD, width=170)
    return layer, offered[head]


def ask_for_layer(trace: CausalTrace) -> int:
    """A layer from 0; the last one at first."""
    layers = list(range(1, len(trace.layers) + 1))
    return int(widgets.choose_one("Layer", layers, key=LAYER, index=len(layers) - 1, width=120)) - 1


def ask_for_head(trace: CausalTrace) -> int:
    """One head from 0, for numbers that each head has of its own; the first one at first."""
    heads = [str(one + 1) for one in range(len(trace.layers[0].weights))]
    return int(widgets.choose_one("Head", heads, key=HEAD, width=110)) - 1


def _heads(trace: CausalTrace) -> dict[str, int | None]:
    """What is offered as a head, and its number from 0; None for the mean of all."""
    return {MEAN: None, **{str(one + 1): one for one in range(len(trace.layers[0].weights))}}


def linked_place(trace: CausalTrace) -> tuple[int, int | None]:
    """Layer and head from 0 before their widgets are drawn, where only the link may have them."""
    layers = {str(one + 1): one for one in range(len(trace.layers))}
    layer = layers.get(str(linked(LAYER)), len(trace.layers) - 1)
    return layer, _heads(trace).get(str(linked(HEAD)))
