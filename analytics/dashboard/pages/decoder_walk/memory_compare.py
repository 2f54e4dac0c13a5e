"""Remember or fine-tune: the job that compares both on the same pairs, and its table."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analytics.dashboard.pages.decoder_walk import walk
from analytics.dashboard.pages.decoder_walk.memory_pairs import Pairs
from analytics.dashboard.pages.decoder_walk.tuned_translator import draw_tuned
from analytics.dashboard.parts import widgets
from analytics.dashboard.server.jobs import job_result
from analytics.progress import Progress
from analytics.transformer.memory.comparing import Comparison, compare
from analytics.transformer.memory.tuning import LORA_RATE, RANK, Tuning
from analytics.words import count

_ASKED = "decoder_walk_memory_compare_asked"
_LEAST, _MOST_EPOCHS = 1, 10
_RANKS = {"All weights": 0, f"LoRA, rank {RANK}": RANK}
_PER_PAIR = 0.05  # seconds an epoch: 5,000 captions took 815 s for three on two busy cores


def draw_comparison(pairs: Pairs, *, model: str) -> None:
    """Ask, run beside the page, and show what each way gains, costs and spoils."""
    st.subheader("Or fine-tune on the same pairs", anchor=False)
    st.markdown(
        "Fine-tuning changes the model's weights until it writes such sentences itself. It learns more from "
        "many pairs and **forgets** some of what it knew. Compared on pairs kept aside, which nothing "
        "learned from, and on everyday sentences."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        epochs = st.slider(
            "Times through the pairs", _LEAST, _MOST_EPOCHS, 3, key="decoder_walk_memory_epochs",
            bind="query-params", width=200,
        )  # fmt: skip
        keep = st.slider(
            "Kept of the old weights", 0.0, 0.9, Tuning().keep, 0.1, key="decoder_walk_memory_keep",
            bind="query-params", width=200,
            help="Every weight becomes a mean of the old and the new one: more of the old forgets less and "
            "learns less.",
        )  # fmt: skip
        what = widgets.choose_one(
            "What learns", list(_RANKS), key="decoder_walk_memory_rank", width=200,
            help="LoRA: the weights stay, and small matrices beside them learn less and forget less.",
        )  # fmt: skip
        asked = (model, *pairs.key, epochs, keep, _RANKS[what])
        st.button("Compare", key="decoder_walk_memory_compare", type="primary", on_click=_ask, args=(asked,))
    if st.session_state.get(_ASKED) != asked:
        minutes = max(1, round(_PER_PAIR * epochs * len(pairs.sources) / 60))
        st.caption(
            f"Takes about {count(minutes, 'minute')} beside the page. It can be cancelled; the same choice "
            "goes on where it was ended, after a restart of the server too."
        )
        return
    translator = walk.translator(model)

    def work(progress: Progress) -> Comparison:
        return compare(
            pairs.sources,
            pairs.targets,
            translator=translator,
            tuning=_tuning(epochs, keep, _RANKS[what]),
            progress=progress,
        )

    made = job_result("decoder_walk_memory_tuning", asked, work, label="Fine-tuning on these pairs")
    if made is not None:
        _draw_table(made)
        draw_tuned(made, pairs, model=model, tuning=_tuning(epochs, keep, _RANKS[what]))


def _tuning(epochs: int, keep: float, rank: int) -> Tuning:
    return Tuning(epochs=epochs, keep=keep, rank=rank, rate=LORA_RATE if rank else Tuning().rate)


def _ask(asked: tuple) -> None:
    st.session_state[_ASKED] = asked


def _draw_table(made: Comparison) -> None:
    frame = pd.DataFrame(
        {
            "way": [way.name for way in made.ways],
            "own BLEU": [way.own.bleu for way in made.ways],
            "own chrF": [way.own.chrf for way in made.ways],
            "everyday BLEU": [way.everyday.bleu for way in made.ways],
            "everyday chrF": [way.everyday.chrf for way in made.ways],
            "seconds": [way.seconds for way in made.ways],
            "MB to keep": [way.bytes / 1e6 for way in made.ways],
            "MB at most": [way.peak_bytes / 1e6 for way in made.ways],
            "numbers trained": [way.trained for way in made.ways],
        }
    )
    numbers = {name: st.column_config.NumberColumn(format="%.1f") for name in frame.columns[1:-1]}
    widgets.table(
        frame,
        key="decoder_walk_memory_ways",
        alt="Every way with its scores and costs",
        column_config=numbers,
    )
    st.caption(
        f"Learned from {count(made.learned, 'pair')}; scored on {made.aside:,} others of the file (own) and "
        f"{made.everyday:,} everyday sentences. So few sentences tell a score to some points only. Seconds "
        "and the most memory beside what was there were measured here, with whatever else this server did. "
        "BLEU and chrF by sacrebleu."
    )
