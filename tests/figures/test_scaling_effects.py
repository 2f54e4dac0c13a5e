"""Figures of scaling effects draw what the study found; axes say what they are, names stay text."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analytics.figures import theme
from analytics.figures.scaling_effects import (
    ROW,
    cluster_figure,
    component_figure,
    effort_figure,
    gain_figure,
    picture_figure,
    scaler_colour,
    score_figure,
)
from analytics.numbers.scaling.effects import ScalingStudy, study_scaling
from analytics.numbers.scaling.learners import SCALERS
from analytics.numbers.scaling.pictures import boundary_picture
from analytics.numbers.scaling.plan import ScalingPlan

HOSTILE, ESCAPED = "<i>salt&", "&lt;i&gt;salt&amp;"
RNG = np.random.default_rng(0)
CLASSES = np.repeat(["<A>", "B"], 40)
FRAME = pd.DataFrame({HOSTILE: RNG.normal(0, 1000, 80), "size": RNG.normal(0, 1, 80) + 2 * (CLASSES == "B")})
SCALED = ("raw", "zscore", "minmax")


@pytest.fixture(scope="module")
def study() -> ScalingStudy:
    plan = ScalingPlan(("knn", "logistic", "kmeans", "pca"), SCALED, folds=3, repeats=1)
    return study_scaling(FRAME, CLASSES, plan=plan)


def named(figure, scaler: str):
    (trace,) = [one for one in figure.data if one.name == SCALERS[scaler].label]
    return trace


def of(table: pd.DataFrame, scaler: str) -> pd.DataFrame:
    return table[table["scaler"] == scaler].set_index("model")


@pytest.mark.slow
def test_every_fold_is_a_dot_and_every_mean_a_diamond_in_its_models_band(study: ScalingStudy) -> None:
    figure = score_figure(study)
    assert figure.layout.xaxis.title.text == "Accuracy on unseen rows"
    assert list(figure.layout.yaxis.ticktext) == ["k-nearest neighbours", "Logistic regression"]
    for place, scaler in zip((-ROW, 0, ROW), SCALED, strict=True):
        folds = study.folds[study.folds["scaler"] == scaler]
        (dots,) = [
            one for one in figure.data if one.marker.color == scaler_colour(scaler) and one.name is None
        ]
        assert sorted(dots.x) == sorted(folds["score"])
        means = [folds.loc[folds["model"] == model, "score"].mean() for model in ("knn", "logistic")]
        np.testing.assert_allclose(named(figure, scaler).x, means)
        np.testing.assert_allclose(named(figure, scaler).y, [place, 1 + place])
    (line,) = [one for one in figure.data if one.name == "always the commonest class"]
    assert set(line.x) == {study.baseline} == {0.5} and tuple(line.y) == (-0.5, 1.5)


def test_gains_carry_the_ends_of_their_intervals(study: ScalingStudy) -> None:
    figure = gain_figure(study)
    assert "Raw" not in [trace.name for trace in figure.data]
    models = [model for model in study.summary["model"].unique() if model != "pca"]
    for scaler in ("zscore", "minmax"):
        part, drawn = of(study.summary, scaler).loc[models], named(figure, scaler)
        np.testing.assert_allclose(drawn.x, part["gain"])
        np.testing.assert_allclose(drawn.x + drawn.error_x.array, part["gain_high"])
        np.testing.assert_allclose(drawn.x - drawn.error_x.arrayminus, part["gain_low"])
        np.testing.assert_allclose(drawn.customdata, part[["gain_low", "gain_high"]])
    assert figure.layout.shapes[0].x0 == 0


def test_effort_is_hollow_where_a_solver_met_its_limit(study: ScalingStudy) -> None:
    summary = study.summary.copy()
    hit = (summary["model"] == "logistic") & (summary["scaler"] == "raw")
    summary.loc[hit, "converged"] = False
    figure = effort_figure(dataclasses.replace(study, summary=summary))
    for scaler in SCALED:
        part, drawn = of(summary, scaler).loc[["logistic", "kmeans"]], named(figure, scaler)
        np.testing.assert_allclose(drawn.x, part["iterations"])
        assert drawn.marker.symbol[0] == ("circle-open" if scaler == "raw" else "circle")
        assert drawn.customdata[0][0] == (", not always converged" if scaler == "raw" else "")
        np.testing.assert_allclose(np.array(drawn.customdata[:, 1], float), part["fit_seconds"] * 1000)
    assert figure.layout.xaxis.type == "log"
    ticks = np.array(figure.layout.xaxis.tickvals)
    assert ticks.min() <= summary["iterations"].min()
    assert ticks.max() >= summary["iterations"].max()


def test_clusterings_show_agreement_and_stability(study: ScalingStudy) -> None:
    agreement, stability = cluster_figure(study).data
    assert list(agreement.x) == [SCALERS[name].label for name in SCALED]
    assert list(agreement.y) == [study.clusterings[name].agreement for name in SCALED]
    assert list(stability.y) == [study.clusterings[name].stability for name in SCALED]


def test_without_classes_only_stability_is_left() -> None:
    alone = study_scaling(FRAME, plan=ScalingPlan(scalers=("raw", "zscore")))
    (stability,) = cluster_figure(alone).data
    assert list(stability.y) == [alone.clusterings[name].stability for name in ("raw", "zscore")]


def test_the_first_component_is_owned_by_the_large_column_until_it_is_scaled(study: ScalingStudy) -> None:
    figure = component_figure(study)
    raw = dict(zip(named(figure, "raw").y, named(figure, "raw").x, strict=True))
    assert raw[ESCAPED] > 0.99
    expected = dict(zip(study.data.columns, study.components["zscore"].loadings, strict=True))
    scaled = dict(zip(named(figure, "zscore").y, named(figure, "zscore").x, strict=True))
    assert scaled == {ESCAPED: expected[HOSTILE], "size": expected["size"]}
    assert figure.layout.xaxis.tickformat == ".0%"
    assert len(component_figure(study, columns=1).data[0].x) == 1


def test_regions_and_points_are_those_of_the_picture(study: ScalingStudy) -> None:
    picture = boundary_picture(study.data, (HOSTILE, "size"), model="knn", scalers=("raw", "zscore"))
    figure = picture_figure(picture)
    raw, scaled = [trace for trace in figure.data if trace.type == "heatmap"]
    np.testing.assert_array_equal(raw.z, picture.regions["raw"])
    np.testing.assert_array_equal(scaled.z, picture.regions["zscore"])
    np.testing.assert_array_equal(raw.x, picture.xs)
    assert (raw.zmin, raw.zmax) == (-0.5, 1.5)
    points = [trace for trace in figure.data if trace.type == "scattergl"]
    assert [trace.name for trace in points] == ["&lt;A&gt;", "B"] * 2
    assert [trace.showlegend for trace in points] == [True, True, False, False]
    assert [trace.marker.color for trace in points[:2]] == [theme.colour_of(0), theme.colour_of(1)]
    np.testing.assert_array_equal(points[0].x, picture.points[picture.y == 0, 0])
    assert points[0].hovertemplate == f"{ESCAPED} %{{x}}<br>size %{{y}}<extra>&lt;A&gt;</extra>"
    assert [one.text for one in figure.layout.annotations] == ["Raw values", "Z-score scaling"]
    assert figure.layout.xaxis.title.text == ESCAPED
    assert figure.layout.yaxis.title.text == "size"


def test_a_number_target_colours_points_and_regions_alike() -> None:
    numbers = study_scaling(
        FRAME, FRAME["size"] * 3, plan=ScalingPlan(("knn",), ("raw", "zscore"), folds=2, repeats=1)
    )
    assert score_figure(numbers).layout.xaxis.title.text == "R² on unseen rows"
    picture = boundary_picture(numbers.data, (HOSTILE, "size"), model="knn", scalers=("raw", "zscore"))
    figure = picture_figure(picture)
    heat, *_ = figure.data
    regions = np.concatenate([region.ravel() for region in picture.regions.values()])
    assert (heat.zmin, heat.zmax) == (regions.min(), regions.max())
    points = next(trace for trace in figure.data if trace.type == "scattergl")
    np.testing.assert_array_equal(points.marker.color, picture.y)
    assert points.showlegend is False


def test_scalers_have_colours_of_their_own_and_raw_is_grey() -> None:
    colours = [scaler_colour(name) for name in SCALERS]
    assert len(set(colours)) == len(SCALERS)
    assert scaler_colour("raw") == theme.UNSELECTED
