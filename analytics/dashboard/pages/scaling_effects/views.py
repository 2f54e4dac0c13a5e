"""The views of the Scaling effects page: which figure, what it shows in words, and how to read it."""

from collections.abc import Callable
from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import count
from analytics.figures import scaling_effects as figures
from analytics.numbers.scaling.effects import ScalingStudy
from analytics.numbers.scaling.learners import SCALERS, learners_for
from analytics.numbers.scaling.one_scale import ONE_SCALE
from analytics.numbers.scaling.plan import HALVES


@dataclass(frozen=True)
class View:
    """One figure; ``alt`` says what it shows, ``caption`` how to read it, ``there`` if it has any."""

    name: str
    figure: Callable[[ScalingStudy], go.Figure]
    alt: str
    caption: str
    there: Callable[[ScalingStudy], bool]


VIEWS = (
    View(
        "Scores",
        figures.score_figure,
        "Score of every model on held-out rows, by scaler.",
        "A dot is one fold, a diamond the mean. Further right is better.",
        lambda study: len(study.folds) > 0,
    ),
    View(
        "Differences",
        figures.gain_figure,
        "Difference of every scaler from raw values, with 95% intervals.",
        "Right of the line is better than raw values; an interval across the line may be chance.",
        lambda study: bool(study.summary["gain_low"].notna().any()),
    ),
    View(
        "Iterations",
        figures.effort_figure,
        "Iterations until each solver stopped, by scaler, on a logarithmic axis.",
        "Further left is quicker. A hollow mark met the solver's limit before it converged.",
        lambda study: bool(study.summary["iterations"].notna().any()),
    ),
    View(
        "Clusters",
        figures.cluster_figure,
        "Adjusted Rand index of k-means by scaler, with known classes and between random starts.",
        "1 means the same clusters, 0 what chance would give. Stable is not the same as true.",
        lambda study: bool(study.clusterings),
    ),
    View(
        "First component",
        figures.component_figure,
        "Share of the first principal component owned by each column, by scaler.",
        "Squared loadings, which add up to 100% for each scaler. Where one column owns nearly all, "
        "k-means and neighbours see little but that column.",
        lambda study: bool(study.components),
    ),
)


def draw_views(study: ScalingStudy) -> None:
    """A switch between the figures that have content, and the chosen one."""
    offered = {view.name: view for view in VIEWS if view.there(study)}
    if not offered:
        return
    key = "scaling_effects_view"
    if st.session_state.get(key, next(iter(offered))) not in offered:
        del st.session_state[key]
    name = st.segmented_control(
        "View", list(offered), default=next(iter(offered)), key=key, bind="query-params", required=True
    )
    view = offered[name or next(iter(offered))]
    widgets.chart(view.figure(study), key=f"scaling_effects_chart_{view.name}", alt=view.alt)
    st.caption(view.caption)


def draw_method(study: ScalingStudy, *, folds: int, repeats: int, margin: float) -> None:
    """What was fitted on which rows, and how chance is kept out of the verdicts."""
    if len(study.folds):
        st.markdown(
            f"{count(len(study.data.X), 'row')} are dealt into {folds} folds, {repeats} times, "
            "the same for every model and scaler. Medians for missing cells and the scaler are fitted on the "
            "training rows of a fold only, so no test row leaks into them. A number target is standardized "
            "alike for every scaler.\n\n"
            "Training rows of different folds overlap, so a plain t-test would call noise a gain. The "
            "interval uses the corrected resampled t-test of Nadeau and Bengio (2003), with $J$ folds in all:"
        )
        st.latex(
            r"t = \frac{\bar d}{\sqrt{\left(\frac{1}{J} + "
            r"\frac{n_\mathrm{test}}{n_\mathrm{train}}\right) s_d^2}}\,, \qquad "
            r"J - 1 \text{ degrees of freedom}"
        )
    st.markdown(
        "**Helps** or **hurts** needs a test of no difference below 5%, with Holm's correction for "
        "comparing several scalers. Where the columns have **one scale** already (spreads within a factor of "
        f"{ONE_SCALE:g}), such a difference in k-means or nearest neighbours is no matter of units: scaling "
        "evens out the columns that tell the classes apart, too. **No difference** needs two one-sided "
        "tests below 5% (Schuirmann, "
        f"1987) for every scaler: none is larger than {margin:g}, the margin you set. Everything else is "
        "**can't tell**, with the rows that would be needed for 80% power, if errors shrink with the root "
        f"of the rows. For k-means the standard error comes from {HALVES} random halves of the rows, each "
        "scaled and clustered anew (delete-half jackknife; Shao and Wu, 1989). k-means and the component "
        "see all rows."
    )
    learners = learners_for(study.data.task).values()
    st.dataframe(
        [{"model": learner.label, "settings": learner.settings} for learner in learners]
        + [{"model": "k-means", "settings": "best of 10 k-means++ starts"}],
        hide_index=True,
        alt="Models and their settings",
    )
    st.dataframe(
        [{"scaler": scaler.label, "formula": scaler.formula} for scaler in SCALERS.values()],
        hide_index=True,
        alt="Scalers and their formulas",
    )
