"""What the comparison found, drawn: the curve, its costs, what was left out, how it is computed."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import plain
from analytics.figures.tuning import FIGURES, classes_figure, curve_figure
from analytics.retrieval.tuning.curve import LearningCurve
from analytics.retrieval.tuning.generality import rated_pairs
from analytics.retrieval.tuning.labelled import LabelledTexts
from analytics.retrieval.tuning.pairs import MOST_PAIRS
from analytics.retrieval.tuning.tuned import RANK
from analytics.retrieval.tuning.votes import NEAREST
from analytics.retrieval.tuning.ways import WAYS
from analytics.words import count

_CONFLICTS_SHOWN = 1000


def draw_before(data: LabelledTexts) -> None:
    """What will be compared, before anything is."""
    st.subheader(
        f"{count(len(data.texts), 'labelled text')} of {count(len(data.names), 'class', 'classes')}, and "
        f"{count(len(data.unlabelled), 'text')} without a label",
        anchor=False,
    )
    draw_notes(data.notes)
    largest, smallest = int(data.sizes.max()), int(data.sizes.min())
    widgets.chart(
        classes_figure(data),
        key="classify_classes",
        alt=f"Different texts of each label: from {smallest:,} to {largest:,}.",
    )


def draw_curve(curve: LearningCurve) -> None:
    """The figure that is chosen, against the number of labels."""
    offered = [name for name, (column, _) in FIGURES.items() if curve.points[column].notna().any()]
    chosen = widgets.choose_one("Measured by", offered, key="classify_figure")
    st.caption("Bars are 95% intervals over draws. Dotted: the encoder as it is; drawn through: fine-tuned.")
    best = curve.best(curve.shots[-1], curve.ways) or curve.ways[0]
    widgets.chart(
        curve_figure(curve, chosen),
        key="classify_curve",
        alt=f"{chosen} of {len(curve.ways)} ways by labels a class; with all labels {WAYS[best].label} is "
        "right most often.",
    )
    for one in curve.stopped:
        st.caption(plain(one.sentence(), width=300))


def draw_costs(curve: LearningCurve) -> None:
    """What each way costs, as measured here."""
    costs = curve.costs
    tuned = costs["general neighbours kept"].notna().any()
    shown = costs if tuned else costs.drop(columns=_OF_TUNING)
    widgets.table(
        shown,
        key="classify_costs",
        alt="A row for each way: labels, accuracy, seconds to train and to predict, memory, bytes, numbers.",
        column_config={
            "accuracy": st.column_config.NumberColumn(format="percent"),
            "seconds to train": st.column_config.NumberColumn(format="%.3f"),
            "ms per 1,000 texts": st.column_config.NumberColumn(format="%.1f"),
            "more memory to train": st.column_config.NumberColumn(format="bytes"),
            "bytes kept": st.column_config.NumberColumn(format="bytes"),
            "general neighbours kept": st.column_config.NumberColumn(format="percent"),
            "agreement with people": st.column_config.NumberColumn(format="%.3f"),
            "agreement before": st.column_config.NumberColumn(format="%.3f"),
        },
    )
    st.caption(
        "Measured here by the clock, with whatever else this machine did, with the most labels each way "
        "was given. **More memory to train**: what this process held more, at most, while it learnt, other "
        "visitors' work included; empty where learning was over before it could be seen (0.2 s). Bytes "
        "beside the encoder and the texts that all share; reading new texts comes on top for the ways that "
        "leave the encoder as it is."
    )
    widgets.download_table(
        lambda: curve.points.drop(columns="name"),
        stem=widgets.of_data("ways"),
        key="classify_points",
        label="Curve",
    )


_OF_TUNING = ["general neighbours kept", "agreement with people", "agreement before", "note"]


def draw_notes(notes: tuple[str, ...]) -> None:
    """What was left out or taken for granted."""
    for note in notes:
        st.caption(plain(note, width=400))


def draw_conflicts(data: LabelledTexts) -> None:
    """Identical texts with different labels, listed."""
    if not data.conflicts:
        return
    title = f"{count(len(data.conflicts), 'text')} with different labels"
    with st.expander(title, icon=":material/call_split:"):
        listed = pd.DataFrame(
            [
                {
                    "text": one.text,
                    "labels": " | ".join(one.labels),
                    "rows": ", ".join(f"{row + 1}" for row in one.rows),
                }
                for one in data.conflicts[:_CONFLICTS_SHOWN]
            ]
        )
        widgets.table(listed, key="classify_conflicts", alt="Texts, their labels and the rows they stand in.")


def draw_method(curve: LearningCurve) -> None:
    """What was done, and what the figures mean."""
    lines = "\n".join(f"- **{WAYS[way].label}**: {plain(WAYS[way].about)}" for way in curve.ways)
    st.markdown(
        f"{lines}\n\nEvery draw keeps a quarter of each class (at most 2,000 texts) to measure with; the "
        "rest is learnt from, the first 1, 2, 4 ... of each class and all, the same for every way. Texts "
        "that differ only in case, spaces and punctuation count as one, so none is on both sides.\n\n"
        f"At most {NEAREST} texts vote. Fine-tuning takes a copy of the encoder through the trainer of "
        f"sentence-transformers: pairs as SetFit draws them, at most {MOST_PAIRS:,}; LoRA (peft) of rank "
        f"{RANK}; full fine-tuning begins from the frozen head.\n\n"
        "Intervals are Wilson's for shares, within 0 and 1, as wide as draws vary (Student's t), widened for "
        "the texts that draws share (Nadeau and Bengio, 2003). **Calibration** is the expected calibration "
        "error: how far, over ten bins, sureness is from the share that is right. A way is stopped when it "
        "was clearly behind at two numbers of labels and its course does not lead to the best by the end."
        "\n\n"
        "**General neighbours kept**: of 400 opinions and everyday sentences, the share of the 10 nearest "
        "neighbours that fine-tuning left. **Agreement with people**: Spearman's rank correlation on "
        f"{len(rated_pairs())} sentence pairs written and rated for Zetascope, one person's ratings: to see "
        "a loss, not to rank encoders."
    )
