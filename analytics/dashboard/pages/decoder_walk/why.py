"""Why this piece and not that one: what was read, held against a candidate that was not written."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.decoder_walk import walk
from analytics.dashboard.parts import checks, widgets
from analytics.dashboard.parts.drawings import download_svg, draw_svg
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server.jobs import job_result
from analytics.figures.walks.contrast import contrast_bars
from analytics.transformer.decoder.contrast import Contrast, contrast
from analytics.transformer.decoder.trace import TranslationTrace

_OTHER, _MEASURE = f"{walk.NAME}_other", f"{walk.NAME}_measure"
_OFFERED = 10
_NAMED = 3
_MEASURES = {
    "Share": (
        "All pieces are taken away and put back one after the other, in many random orders; a share is the "
        "mean of what the piece changed at its turn. **The shares sum exactly** to the whole."
    ),
    "Taken away": (
        "What really changes when this one piece is taken away and all others stay. These do **not** sum: "
        "two pieces that say the same stand in for each other."
    ),
    "Gradient": (
        "Gradient times input: how steeply the difference rises with a piece's vector. One pass and quick, "
        "but only a first estimate; these do **not** sum."
    ),
}


def draw_why(trace: TranslationTrace, step: int, *, model: str, text: str) -> None:
    """The written piece of this step against another candidate."""
    now = trace.steps[step]
    best = [int(one) for one in trace.next_word(step).ranked(_OFFERED + 1)]
    offered = {walk.piece(model, one): one for one in best if one != now.id}
    st.markdown(
        f"Step {step + 1} wrote **{plain(now.text)}**. Choose another candidate and see which pieces of the "
        "sentence, and of what was written before, speak for the one and which for the other."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = widgets.choose_one("Rather than", list(offered), key=_OTHER, width=190)
        measure = st.segmented_control(
            "Measured by", list(_MEASURES), key=_MEASURE, default="Share", required=True, bind="query-params"
        )
    other = offered[name]
    found = job_result(
        f"{walk.NAME}_contrast",
        (model, text, trace.ids, step, other),
        lambda progress: contrast(trace, step, other, model=walk.translator(model), progress=progress),
        label="Taking pieces away and putting them back",
        quick=True,
    )
    if found is not None:
        _draw_found(found, trace, written=now.text, other=name, measure=measure or "Share")


def _draw_found(found: Contrast, trace: TranslationTrace, *, written: str, other: str, measure: str) -> None:
    values = {"Share": found.shares, "Taken away": found.taken_away, "Gradient": found.gradient}
    chances = trace.next_word(found.step).probabilities
    st.markdown(
        f"**{plain(written)}** has {100 * chances[found.written]:.2f}%, **{plain(other)}** "
        f"{100 * chances[found.other]:.2f}%. Their logits differ by **{found.difference:+.2f}**: "
        f"{_as_odds(found.difference, written, other)}.",
        help=hover("logit"),
    )
    st.markdown(_in_words(found, values[measure], written, other))
    split = found.sources
    groups = [
        (title, found.names[part], values[measure][part])
        for title, part in (("English sentence", slice(split)), ("Written so far", slice(split, None)))
    ]
    errors = [found.uncertainty[:split], found.uncertainty[split:]] if measure == "Share" else []
    drawn = contrast_bars(
        groups,
        written=written,
        other=other,
        uncertainty=errors,
        alt=f"How much each piece speaks for {written} and how much for {other}, in logits",
    )
    draw_svg(drawn, key=f"{walk.NAME}_contrast_bars")
    st.caption(_MEASURES[measure] + " " + _sum_in_words(found, measure))
    st.markdown(_hiding_in_words(found, written, other))
    with st.expander("All three measures as a table, and the checks", icon=":material/table:"):
        widgets.table(
            _frame(found), key=f"{walk.NAME}_contrast_table", alt="Every piece by all three measures"
        )
        st.caption(
            f"Order of the pieces, held against what taking each away changes (rank correlation): share "
            f"{found.agreement(found.shares):.2f}, gradient {found.agreement(found.gradient):.2f}. 1 is the "
            "same order, 0 none in common."
        )
        checks.draw_checks(found.checks, key=f"{walk.NAME}_contrast_checks")
    download_svg(
        "Contrast as SVG", drawn, file_name="why_this_piece.svg", key=f"{walk.NAME}_contrast_download"
    )


def _as_odds(difference: float, written: str, other: str) -> str:
    more, less = (written, other) if difference >= 0 else (other, written)
    return f"{plain(more)} is {np.exp(min(abs(difference), 50.0)):,.1f} times as probable as {plain(less)}"


def _in_words(found: Contrast, values: np.ndarray, written: str, other: str) -> str:
    order = np.argsort(-values, kind="stable")
    ahead = [int(one) for one in order[:_NAMED] if values[one] > 0]
    behind = [int(one) for one in order[::-1][:_NAMED] if values[one] < 0]
    sides = ((written, ahead), (other, behind))
    said = [
        f"For **{plain(name)}** speak most: {_named(found, values, places)}." if places else
        f"Nothing speaks for **{plain(name)}**."
        for name, places in sides
    ]  # fmt: skip
    return " ".join(said)


def _named(found: Contrast, values: np.ndarray, places: Sequence[int]) -> str:
    return ", ".join(f"{plain(found.names[one])} ({values[one]:+.2f})" for one in places)


def _sum_in_words(found: Contrast, measure: str) -> str:
    if measure != "Share":
        values = found.taken_away if measure == "Taken away" else found.gradient
        return (
            f"Together they give {values.sum():+.2f}; the difference to explain is {found.difference:+.2f}."
        )
    return (
        f"Here {found.shares.sum():+.2f}, which with {found.blank:+.2f} of the places alone, all words taken "
        f"away, makes the difference of {found.difference:+.2f}. {found.orders} orders of a fixed seed; "
        "the thin lines are standard errors."
    )


def _hiding_in_words(found: Contrast, written: str, other: str) -> str:
    hiding = found.hiding
    lines = [f"**Checked by hiding.** With everything read the difference is {found.difference:+.2f}."]
    for taken, left, name in (
        (hiding.taken_for, hiding.without_for, written),
        (hiding.taken_against, hiding.without_against, other),
    ):
        if taken:
            pieces = ", ".join(plain(found.names[one]) for one in taken)
            ahead = plain(written if left > 0 else other)
            turned = f"; then {ahead} is ahead" if left * found.difference < 0 else ""
            lines.append(f"Without {pieces}, which speak for {plain(name)}: **{left:+.2f}**{turned}.")
    if hiding.taken_for:
        lines.append(
            f"Without as many random pieces: {hiding.without_random.mean():+.2f} on average of "
            f"{len(hiding.without_random)} draws."
        )
    return " ".join(lines)


def _frame(found: Contrast) -> pd.DataFrame:
    where = ["English"] * found.sources + ["written"] * (len(found.names) - found.sources)
    return pd.DataFrame(
        {
            "piece": [f"{place + 1} {name}" for place, name in enumerate(found.names)],
            "where": where,
            "share": found.shares,
            "standard error": found.uncertainty,
            "taken away": found.taken_away,
            "gradient": found.gradient,
        }
    )
