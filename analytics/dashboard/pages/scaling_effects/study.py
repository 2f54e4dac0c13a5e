"""The Scaling effects page's own pieces: what to compare, the picture, the table and its script."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server.datasets import DataSet
from analytics.figures.scaling_effects import picture_figure
from analytics.numbers.scaling.data import guess_task
from analytics.numbers.scaling.effects import ScalingStudy, study_scaling
from analytics.numbers.scaling.learners import SCALERS, Task, learners_for, model_names
from analytics.numbers.scaling.pictures import BoundaryPicture, boundary_picture, telling_columns
from analytics.numbers.scaling.plan import ScalingPlan
from analytics.numbers.scaling.targets import LikelyTarget, likely_targets
from analytics.numbers.scaling.verdicts import Outcome, Verdict, model_label
from analytics.progress import Progress
from analytics.recipe.steps.outliers import MARKS
from analytics.reproduce import cleaning, scaling_script

TARGET = "scaling_effects_target"
_PLAINLY = 5.0  # the points of a column whose name and place both say that it is what is predicted
_OFFERED = 3  # a click each; all others stand in the list
_FIRST_ROWS = 300
_SLOW_MODELS = ("forest", "kmeans")
"""What takes half a second each on 300 rows, where the others take a tenth."""
_NO_TARGET = ""  # no column has this name: reading gives each one without a name a name
_BADGES: dict[Outcome, str] = {
    "helps": ":green-badge[helps]",
    "hurts": ":red-badge[hurts]",
    "depends": ":orange-badge[depends]",
    "weighs": ":blue-badge[one scale]",
    "unclear": ":orange-badge[can't tell]",
    "same": ":gray-badge[no difference]",
    "described": ":blue-badge[look]",
}


@dataclass(frozen=True)
class Request:
    """One comparison: hashable, so that it names its result."""

    columns: tuple[str, ...]
    target: str | None
    plan: ScalingPlan

    @property
    def used(self) -> list[str]:
        """The columns that are looked at, the target among them."""
        return [*self.columns, *([] if self.target is None else [self.target])]

    def run(
        self,
        frame: pd.DataFrame,
        progress: Progress | None = None,
        so_far: Callable[[ScalingStudy], None] | None = None,
    ) -> ScalingStudy:
        """Compare; ``progress`` may raise to cancel, ``so_far`` hears of every model but the last."""
        return study_scaling(frame[self.used], self.target, plan=self.plan, progress=progress, so_far=so_far)

    @property
    def first_look(self) -> "Request":
        """The quickest models on few rows, raw and standardized: an answer within three seconds."""
        plan = self.plan
        quick = tuple(name for name in plan.models or () if name not in _SLOW_MODELS) or plan.models
        scalers = tuple(name for name in plan.scalers if name in ("raw", "zscore"))
        return replace(
            self,
            plan=replace(
                plan,
                models=quick,
                scalers=scalers if len(scalers) > 1 else plan.scalers[:2],
                max_rows=min(plan.max_rows, _FIRST_ROWS),
                folds=min(plan.folds, 3),
                repeats=1,
            ),
        )


def choose_request(dataset: DataSet) -> Request:
    """Draw the controls and give what they ask for."""
    target = _choose_target(dataset)
    task = _choose_task(dataset, target)
    numbers = [name for name in dataset.columns("number") if name != target]
    with st.popover("Columns and settings", icon=":material/tune:", width="stretch"):
        columns = widgets.choose_columns("Columns to scale", numbers, key="scaling_effects_columns")
        models = widgets.choose_columns(
            "Models",
            [model_label(name, task) for name in model_names(task)],
            key=f"scaling_effects_models_{task}",
        )
        scalers = widgets.choose_columns(
            "Compared with raw values",
            [scaler.label for scaler in SCALERS.values() if scaler.name != "raw"],
            key="scaling_effects_scalers",
        )
        settings = _choose_numbers(task)
        margin = _choose_margin()
    plan = ScalingPlan(
        task=None if task == "none" else task,
        models=tuple(name for name in model_names(task) if model_label(name, task) in models),
        scalers=("raw", *(name for name, scaler in SCALERS.items() if scaler.label in scalers)),
        margin=margin,
        **settings,
    )
    return Request(tuple(columns), target, plan)


def _choose_target(dataset: DataSet) -> str | None:
    classes = dataset.columns("category")
    likely = targets_of(dataset.key, dataset)
    named = [one.column for one in likely if one.column in classes]
    if named and likely[0].points >= _PLAINLY:
        named = [likely[0].column]
    options = [_NO_TARGET, *classes, *dataset.columns("number")]
    chosen = widgets.choose_one(
        "Predict",
        options,
        key=TARGET,
        format_func=lambda name: name or "nothing",
        index=options.index(named[0]) if named else 0,
        help="A class or a number. With nothing to predict, k-means and the first component are compared.",
    )
    reasons = {one.column: one.reason for one in likely}
    if chosen in reasons:
        st.caption(plain(f"{chosen}: {reasons[chosen]}.", width=200))
    return str(chosen) or None


@st.cache_data(scope="session", max_entries=8, show_spinner=False)
def targets_of(key: str, _dataset: DataSet) -> tuple[LikelyTarget, ...]:
    """What one would most likely predict of this table, the likeliest first."""
    kinds = {name: role.kind for name, role in _dataset.roles.items()}
    if MARKS not in _dataset.read_table.frame.columns:
        kinds.pop(MARKS, None)  # it says what was found unusual here, and nothing that was measured
    return likely_targets(_dataset.frame[list(kinds)], kinds)


def draw_offer(dataset: DataSet, request: Request) -> None:
    """With nothing to predict: the likeliest target, with the reason, for one click."""
    likely = targets_of(dataset.key, dataset)
    if request.target is not None or not likely:
        return
    best = likely[0]
    st.info(
        plain(
            f"Nothing is predicted yet, so only clusters and components can be compared. Likeliest target: "
            f"{best.column}, because {best.reason}.",
            width=300,
        ),
        icon=":material/target:",
    )
    with st.container(horizontal=True):
        for one in likely[:_OFFERED]:
            st.button(
                f"Predict {plain(one.column, width=40)}",
                key=f"scaling_effects_predict_{one.column}",
                on_click=_predict,
                args=(one.column,),
                help=plain(one.reason, width=200),
            )


def _predict(column: str) -> None:
    """Callback."""
    st.session_state[TARGET] = column


def _choose_task(dataset: DataSet, target: str | None) -> Task:
    if target is None:
        return "none"
    if target not in dataset.columns("number"):
        return "class"
    guessed = guess_task(dataset.frame[target])
    chosen = widgets.choose_one(
        "as a", ["class", "number"], key="scaling_effects_task", index=0 if guessed == "class" else 1
    )
    return "number" if chosen == "number" else "class"


def _choose_numbers(task: Task) -> dict[str, int]:
    left, right = st.columns(2)
    chosen = {}
    if task != "none":
        chosen["folds"] = _number(left, "Folds", 5, 2, 10, "Each is predicted from the others.")
        chosen["repeats"] = _number(right, "Repeats", 2, 1, 20, "How often rows are dealt into folds anew.")
    if task != "class":
        chosen["clusters"] = _number(left, "Clusters", 3, 2, 30, "The k of k-means.")
    chosen["max_rows"] = _number(right, "Most rows", 2000, 100, 20_000, "Of longer files a sample is used.")
    chosen["seed"] = _number(left, "Seed", 0, 0, 9999, "Folds, samples and random starts follow from it.")
    return chosen


def _choose_margin() -> float:
    chosen = st.number_input(
        "Smallest difference that matters",
        min_value=0.001,
        max_value=0.5,
        value=0.02,
        step=0.005,
        format="%.3f",
        key="scaling_effects_margin",
        bind="query-params",
        help="Of accuracy, R² or adjusted Rand index. A verdict of no difference says that none is larger.",
    )
    return float(chosen)


def _number(place: DeltaGenerator, label: str, value: int, low: int, high: int, why: str) -> int:
    key = f"scaling_effects_{label.lower().replace(' ', '_')}"
    chosen = place.number_input(
        label,
        min_value=low,
        max_value=high,
        value=value,
        step=1,
        key=key,
        bind="query-params",
        help=why,
    )
    return int(chosen)


def draw_verdicts(verdicts: list[Verdict]) -> None:
    """One line per model, with what happened to it in front."""
    lines = [f"- {_BADGES[v.outcome]} **{plain(v.label)}**: {plain(v.text, width=1_000)}" for v in verdicts]
    st.markdown("\n".join(lines))


@st.cache_resource(scope="session", max_entries=8, show_spinner=False)
def picture(
    key: str,
    request: Request,
    columns: tuple[str, str],
    model: str,
    scaler: str,
    _study: ScalingStudy,
) -> BoundaryPicture:
    """The same model on two columns, raw and scaled."""
    return boundary_picture(
        _study.data,
        columns,
        model=model,
        scalers=("raw", scaler),
        clusters=request.plan.clusters,
        seed=request.plan.seed,
    )


def draw_picture(dataset: DataSet, request: Request, study: ScalingStudy) -> None:
    """Two columns and a model to choose, and what the model says over them, raw and scaled."""
    names, task = list(study.data.columns), study.data.task
    first, second = telling_columns(study.data)
    models = {model_label(name, task): name for name in (*learners_for(task), "kmeans")}
    scalers = {scaler.label: name for name, scaler in SCALERS.items() if name != "raw"}
    places = st.columns(4)
    with places[0]:
        x = widgets.choose_one("Across", names, key="scaling_effects_x", index=names.index(first))
    with places[1]:
        others = [name for name in names if name != x]
        usual = others.index(second if second != x else first)
        y = widgets.choose_one("Up", others, key="scaling_effects_y", index=usual)
    with places[2]:
        model = widgets.choose_one("Model", list(models), key=f"scaling_effects_model_{task}")
    with places[3]:
        scaler = widgets.choose_one("Scaled by", list(scalers), key="scaling_effects_scaler")
    with widgets.errors_told():
        drawn = picture(dataset.key, request, (x, y), models[model], scalers[scaler], study)
        widgets.chart(
            picture_figure(drawn),
            key="scaling_effects_picture",
            alt=f"{model} on {x} and {y}: regions on raw values at the left, scaled at the right.",
        )
        st.caption(
            "Both panels keep the columns' own units. Background: what the model says; points: the rows it "
            "was fitted on, so this is a picture, not a score."
        )


def draw_table(dataset: DataSet, request: Request, study: ScalingStudy) -> None:
    """Every figure behind the charts, its download, and the script that makes it again."""
    shown = _shown_summary(study)
    widgets.table(shown, key="scaling_effects_table", alt="Every model and scaler with its figures")
    widgets.download(
        "Table as CSV",
        lambda: shown,
        file_name=f"{stem_of(dataset.name)}_scaling_effects.csv",
        key="scaling_effects_download",
    )
    st.code(script(dataset, request), language="python")


def _shown_summary(study: ScalingStudy) -> pd.DataFrame:
    """The summary with the labels people see."""
    labels = {name: model_label(name, study.data.task) for name in study.summary["model"].unique()}
    shown = study.summary.assign(
        model=study.summary["model"].map(labels),
        scaler=[SCALERS[name].label for name in study.summary["scaler"]],
        fit_ms=study.summary["fit_seconds"] * 1000,
    )
    return shown.drop(columns="fit_seconds").dropna(axis=1, how="all")


def script(dataset: DataSet, request: Request) -> str:
    """Python that repeats the comparison from the file."""
    return scaling_script(
        request.columns,
        request.target,
        file_name=dataset.name,
        settings={name: value for name, value in asdict(request.plan).items() if value is not None},
        options=dataset.options,
        steps=cleaning(dataset.recipe, dataset.read_table),
    )
