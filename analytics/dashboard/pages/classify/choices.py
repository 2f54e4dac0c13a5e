"""What is classified and how it is compared: the columns, the ways, the draws."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from analytics.dashboard.parts import widgets
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet
from analytics.retrieval.tuning.columns import likely_label_columns, likely_text_columns
from analytics.retrieval.tuning.labelled import LabelledTexts, labelled_texts
from analytics.retrieval.tuning.splits import ALL, SHOTS
from analytics.retrieval.tuning.study import Outside
from analytics.retrieval.tuning.ways import TUNED, UNTUNED, WAYS

FIRST_WAYS = ("retrieval", "head")
FIRST_SHOTS, FIRST_DRAWS = (8, ALL), 1
"""A first answer: on 10,000 short texts of 77 classes two seconds of one core, once the vectors are kept. A
second draw would double that and still leave an interval of ten points."""


@dataclass(frozen=True)
class Request:
    """One comparison: hashable, so that it names its result."""

    data_key: str
    text: str
    label: str
    ways: tuple[str, ...] = UNTUNED
    shots: tuple[int, ...] = SHOTS
    draws: int = 5
    seed: int = 0
    outside: str = ""
    """Name of another file of this session, measured on as well; "" for none."""
    outside_key: str = ""

    @property
    def columns(self) -> tuple[str, str, str]:
        """What was read: the file and its two columns."""
        return self.data_key, self.text, self.label


def choose_columns(dataset: DataSet) -> Request | None:
    """Draw the choice of columns, the likeliest first; None where the table has no texts."""
    kinds = {name: role.kind for name, role in dataset.roles.items()}
    texts = likely_text_columns(dataset.frame, kinds)
    if not texts or len(dataset.frame.columns) < 2:
        return None
    text = str(widgets.choose_one("Text column", texts, key="classify_text", width=220))
    labels = likely_label_columns(dataset.frame, kinds, text=text)
    label = str(
        widgets.choose_one(
            "Label column",
            labels,
            key="classify_label",
            width=220,
            help="The likeliest stands first: few values that repeat. Rows without one are guessed below.",
        )
    )
    outside, outside_key = _choose_outside(dataset, text, label)
    with st.popover("Settings", icon=":material/tune:"):
        draws = st.number_input(
            "Draws",
            2,
            20,
            5,
            key="classify_draws",
            bind="query-params",
            help="How often labels to learn from and texts to measure with are drawn anew.",
        )
        seed = st.number_input(
            "Seed", 0, 9999, 0, key="classify_seed", bind="query-params", help="The draws follow from it."
        )
    return Request(
        dataset.key,
        text,
        label,
        draws=int(draws),
        seed=int(seed),
        outside=outside,
        outside_key=outside_key,
    )


def _choose_outside(dataset: DataSet, text: str, label: str) -> tuple[str, str]:
    """Draw the choice of a second file that has the same columns, where there is one: its name and key."""
    others = {name: datasets.dataset_of(name) for name in datasets.uploads() if name != dataset.name}
    fitting = [name for name, other in others.items() if {text, label} <= set(other.frame.columns)]
    if not fitting:
        return "", ""
    chosen = widgets.choose_one(
        "Measure elsewhere too",
        ["", *fitting],
        key="classify_outside",
        width=220,
        format_func=lambda name: name or "no other file",
        help="Another file with the same two columns, from another place or time: how ways do on what they "
        "were not made for.",
    )
    return (str(chosen), others[str(chosen)].key) if chosen else ("", "")


def outside_of(request: Request) -> Outside | None:
    """The texts and labels of the second file, or None."""
    if not request.outside or request.outside not in datasets.uploads():
        return None
    frame = datasets.dataset_of(request.outside).frame
    return Outside(frame[request.text].tolist(), frame[request.label].tolist())


def choose_tuning() -> tuple[tuple[str, ...], tuple[int, ...], int]:
    """Draw the choice of fine-tuning: the ways, the numbers of labels a class, and the draws."""
    names = {WAYS[way].label: way for way in TUNED}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        ways = st.multiselect(
            "Ways of fine-tuning",
            list(names),
            default=list(names)[:2],
            key="classify_tuned",
            bind="query-params",
        )
        most = widgets.choose_one(
            "With up to so many labels a class",
            ["4", "8", "16", "32", "64", "all"],
            key="classify_tuned_shots",
            index=1,
        )
        draws = st.number_input("Draws of each", 1, 10, 2, key="classify_tuned_draws", bind="query-params")
    shots = SHOTS if most == "all" else tuple(shot for shot in SHOTS if 2 <= shot <= int(most))
    return tuple(names[label] for label in ways), shots, int(draws)


@st.cache_resource(scope="session", max_entries=4, show_spinner="Looking at texts and labels")
def labelled(columns: tuple[str, str, str], _dataset: DataSet) -> LabelledTexts:
    """The texts that can be compared; raises ZetascopeError where there are none."""
    _, text, label = columns
    return labelled_texts(_dataset.frame[text].tolist(), _dataset.frame[label].tolist())
