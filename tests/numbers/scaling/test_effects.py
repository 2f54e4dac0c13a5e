"""Scaling is compared without leakage, and noise is not sold as gain."""

from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, norm
from sklearn.datasets import load_diabetes, load_wine
from sklearn.impute import SimpleImputer
from sklearn.model_selection import RepeatedKFold, RepeatedStratifiedKFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.svm import SVC

from analytics.errors import ZetascopeError
from analytics.numbers.scaling import learners
from analytics.numbers.scaling.data import prepare_scaling_data
from analytics.numbers.scaling.effects import ScalingStudy, compare_scaling, study_scaling
from analytics.numbers.scaling.folds import repeated_folds, scale_fold
from analytics.numbers.scaling.learners import SCALERS, Scaler
from analytics.numbers.scaling.one_scale import spread_ratio
from analytics.numbers.scaling.pictures import boundary_picture, telling_columns
from analytics.numbers.scaling.plan import HALVES, ScalingPlan
from analytics.numbers.scaling.verdicts import Ground, headline, judge
from analytics.progress import Progress, silent

WINE = load_wine(as_frame=True)


def studied(X: Any, y: Any = None, *, progress: Progress = silent, **choices: Any) -> ScalingStudy:
    return study_scaling(X, y, plan=ScalingPlan(**choices), progress=progress)


def by_scaler(summary: pd.DataFrame, model: str) -> pd.DataFrame:
    return summary[summary["model"] == model].set_index("scaler")


@pytest.mark.slow
def test_wine_k_means_reaches_the_known_agreement_raw_and_scaled() -> None:
    study = studied(WINE.data, WINE.target, models=("kmeans", "pca"), scalers=("raw", "zscore"))
    kmeans, pca = by_scaler(study.summary, "kmeans"), by_scaler(study.summary, "pca")
    assert kmeans.loc["raw", "score"] == pytest.approx(0.371, abs=0.005)
    assert kmeans.loc["zscore", "score"] == pytest.approx(0.897, abs=0.005)
    assert kmeans.loc["zscore", "gain_low"] > 0.3
    assert pca.loc["raw", "top_column"] == "proline" and pca.loc["raw", "score"] > 0.99
    assert pca.loc["zscore", "score"] < 0.25
    assert study.verdicts["kmeans"].outcome == "helps" and "proline" in str(study.verdicts["pca"])
    np.testing.assert_allclose([c.loadings.sum() for c in study.components.values()], 1)


@pytest.mark.slow
def test_scores_are_those_of_a_pipeline_fitted_inside_each_fold() -> None:
    rng = np.random.default_rng(0)
    X = WINE.data.mask(rng.random(WINE.data.shape) < 0.05)
    study = studied(
        X, WINE.target, models=("knn", "svm_rbf"), scalers=("zscore", "minmax"), repeats=2, seed=7
    )
    folds = RepeatedStratifiedKFold(n_splits=5, n_repeats=2, random_state=7)
    for model, estimator in (("knn", KNeighborsClassifier()), ("svm_rbf", SVC(random_state=7))):
        for scaler, transformer in (("zscore", StandardScaler()), ("minmax", MinMaxScaler())):
            pipeline = make_pipeline(SimpleImputer(strategy="median"), transformer, estimator)
            expected = cross_val_score(pipeline, X.to_numpy(), WINE.target, cv=folds)
            of_model = study.folds[study.folds[["model", "scaler"]].eq((model, scaler)).all(axis=1)]
            np.testing.assert_allclose(of_model["score"], expected)


def test_number_targets_score_r2_like_a_pipeline() -> None:
    X, y = load_diabetes(return_X_y=True, as_frame=True, scaled=False)
    study = studied(X, y, models=("knn",), scalers=("zscore",), repeats=1)
    pipeline = make_pipeline(StandardScaler(), KNeighborsRegressor())
    expected = cross_val_score(pipeline, X, y, cv=RepeatedKFold(n_splits=5, n_repeats=1, random_state=0))
    np.testing.assert_allclose(study.folds.query("scaler == 'zscore'")["score"], expected)
    assert study.baseline == 0 and set(study.summary["metric"]) == {"R²"}


class Spy(StandardScaler):
    """Remembers the rows each fit saw: the first column holds the row's number."""

    seen: ClassVar[list[np.ndarray]] = []

    def fit(self, X: np.ndarray, y: object = None) -> "Spy":
        Spy.seen.append(X[:, 0].copy())
        return super().fit(X)


def test_no_scaler_ever_sees_a_test_row(monkeypatch: pytest.MonkeyPatch) -> None:
    Spy.seen = []
    monkeypatch.setitem(SCALERS, "spy", Scaler("spy", "Spy", "", lambda _rows: Spy()))
    X = WINE.data.copy()
    X.insert(0, "row", np.arange(len(X), dtype=float))
    studied(X, WINE.target, models=("knn",), scalers=("spy",), repeats=2)
    data = prepare_scaling_data(X, WINE.target)
    splits = list(repeated_folds(data, folds=5, repeats=2, seed=0))
    fitted = Spy.seen[: len(splits)]
    for rows, (train, test) in zip(fitted, splits, strict=True):
        assert set(rows.astype(int)) == set(train) and not set(rows.astype(int)) & set(test)


@pytest.mark.parametrize("scaler", list(SCALERS))
def test_poisoned_test_rows_change_nothing_in_training(scaler: str) -> None:
    data = prepare_scaling_data(WINE.data.mask(WINE.data > WINE.data.quantile(0.97)), WINE.target)
    train, test = next(repeated_folds(data, folds=5, repeats=1, seed=0))
    clean = scale_fold(data, train, test, SCALERS[scaler].make(len(train)))
    data.X[test] *= -1e6
    poisoned = scale_fold(data, train, test, SCALERS[scaler].make(len(train)))
    np.testing.assert_array_equal(clean.Z_train, poisoned.Z_train)
    assert not np.array_equal(clean.Z_test, poisoned.Z_test)


@pytest.mark.slow
def test_a_target_of_pure_noise_gets_no_gain() -> None:
    rng = np.random.default_rng(5)
    X = rng.normal(size=(150, 4)) * [1, 10, 100, 1000]
    verdicts = studied(X, rng.integers(0, 2, 150), models=("svm_rbf", "knn"), repeats=2).verdicts
    assert {verdict.outcome for verdict in verdicts.values()} == {"unclear"}, verdicts
    assert all(
        "no difference could be shown; a gain of up to" in verdict.text for verdict in verdicts.values()
    )


@pytest.mark.slow
def test_the_forest_does_not_care_and_the_neighbours_do() -> None:
    study = studied(WINE.data, WINE.target, models=("forest", "knn"), scalers=("raw", "zscore"), repeats=1)
    assert "no difference" in str(study.verdicts["forest"])
    assert "scaling helps" in str(study.verdicts["knn"])
    assert headline(study.verdicts.values()) == (
        "Scaling helps k-nearest neighbours; it makes no difference larger than 0.02 to the random forest."
    )
    assert by_scaler(study.summary, "knn").loc["zscore", "gain"] > 0.2
    assert study.baseline == pytest.approx(71 / 178)


@pytest.mark.slow
def test_solvers_report_iterations_and_whether_they_stopped_by_themselves() -> None:
    summary = by_scaler(
        compare_scaling(WINE.data, WINE.target, models=("logistic",), scalers=("raw", "zscore"), repeats=1),
        "logistic",
    )
    assert (
        summary.loc["raw", "iterations"] == learners.LOGISTIC_ITERATIONS
        and not summary.loc["raw", "converged"]
    )
    assert summary.loc["zscore", "iterations"] < 50 and summary.loc["zscore", "converged"]


GROUND = Ground("class", rows=200, baseline=0.4, margin=0.02)


def summary_of(*gains: tuple[str, float, float], p_holm: float | None = None, **more: object) -> pd.DataFrame:
    """Scaler, gain and standard error: a summary of k-nearest neighbours with normal tests."""
    rows = []
    for scaler, gain, error in gains:
        p = 2 * norm.sf(abs(gain) / error)
        rows.append(
            {
                "scaler": scaler,
                "gain": gain,
                "gain_low": gain - 1.96 * error,
                "gain_high": gain + 1.96 * error,
                "gain_error": error,
                "p_value": p,
                "p_holm": p if p_holm is None else p_holm,
                "p_equal": norm.sf((0.02 - abs(gain)) / error),
            }
        )
    frame = pd.DataFrame([{"scaler": "raw"}, *rows])
    common = {"model": "knn", "metric": "accuracy", "iterations": np.nan, "converged": True, "stopped": 0}
    return frame.assign(score=0.5 + frame["gain"].fillna(0), fits=10, **(common | more))


@pytest.mark.parametrize(
    ("gains", "outcome", "words"),
    [
        ([("zscore", 0.2, 0.05), ("robust", 0.1, 0.1)], "helps", "1 of 2 scalers is better"),
        ([("zscore", -0.2, 0.05), ("robust", -0.1, 0.03)], "hurts", "2 of 2 scalers are worse"),
        ([("zscore", 0.2, 0.05), ("robust", -0.1, 0.03)], "depends", "but robust scaling takes"),
        (
            [("zscore", 0.063, 0.08)],
            "unclear",
            "a gain of up to 0.220 and a loss of up to 0.094 are compatible",
        ),
        ([("zscore", 0.03, 0.004)], "helps", "always the commonest class: 0.400"),
        ([("zscore", -0.003, 0.001)], "same", "no difference larger than 0.02"),
        ([("zscore", 0.0002, 0.003), ("robust", 0.001, 0.002)], "same", "robust scaling takes accuracy"),
        (
            [("zscore", 0.0002, 0.003), ("robust", 0.001, 0.02)],
            "unclear",
            "to show that none is larger than 0.02",
        ),
    ],
)
def test_verdicts(gains: list[tuple[str, float, float]], outcome: str, words: str) -> None:
    verdict = judge(summary_of(*gains), GROUND)["knn"]
    assert verdict.outcome == outcome and words in verdict.text
    assert "always the commonest class: 0.400" in verdict.text


def test_no_gain_is_called_compatible_that_no_score_could_reach() -> None:
    summary = summary_of(("zscore", 0.0, 0.1)).assign(score=1.0)
    text = judge(summary, GROUND)["knn"].text
    assert "a loss of up to 0.196 is compatible" in text and "a gain" not in text
    text = judge(summary.assign(score=0.05), GROUND)["knn"].text
    assert "a gain of up to 0.196 and a loss of up to 0.050 are compatible" in text


def test_the_rows_that_would_be_needed_give_the_test_its_power() -> None:
    """A gain of 0.06 with an error of 0.05 at 200 rows: 80 % power needs errors of 0.06 / (1.96 + 0.84)."""
    text = judge(summary_of(("zscore", 0.06, 0.05)), GROUND)["knn"].text
    assert "About 1,100 rows would be needed to show a difference of that size" in text
    rows = 200 * (0.05 * (norm.isf(0.025) + norm.ppf(0.8)) / 0.06) ** 2
    assert 1_000 < rows <= 1_100
    rng = np.random.default_rng(0)
    found = np.abs(rng.normal(0.06, 0.05 * np.sqrt(200 / rows), 20_000)) > 1.96 * 0.05 * np.sqrt(200 / rows)
    assert found.mean() == pytest.approx(0.8, abs=0.01)


def test_what_holds_for_one_scaler_only_is_not_certain_among_several() -> None:
    summary = summary_of(("zscore", 0.2, 0.09), ("robust", 0.1, 0.1), p_holm=0.09)
    verdict = judge(summary, GROUND)["knn"]
    assert verdict.outcome == "unclear" and "Chance may explain it among 2 scalers" in verdict.text
    assert headline([verdict]) == "Whether scaling matters to k-nearest neighbours, these data can't tell."


def test_a_model_that_never_converged_says_so_first() -> None:
    summary = summary_of(("zscore", 0.2, 0.05), stopped=[10, 3], model="logistic")
    verdict = judge(summary, GROUND)["logistic"]
    assert verdict.text.startswith(
        "did not converge on raw values in 10 of 10 fits and with z-score scaling in 3 of 10 fits"
    )
    assert headline([verdict]) == "Scaling helps logistic regression (never converged on raw values)."
    scalers = (("zscore", 0.2, 0.05), ("robust", 0.2, 0.05), ("minmax", 0.2, 0.05))
    for stopped, on in (([10, 10, 3, 10], "3 of 4 scales"), ([10] * 4, "any scale")):
        never = judge(summary_of(*scalers, stopped=stopped, model="logistic"), GROUND)["logistic"]
        assert headline([never]) == f"Scaling helps logistic regression (never converged on {on})."


@pytest.mark.slow
@pytest.mark.parametrize("anywhere", [False, True], ids=["classes spread alike", "classes anywhere"])
def test_tables_whose_columns_share_one_scale_get_no_verdict_on_k_means(anywhere: bool) -> None:
    """True gain 0 by symmetry where every column has the same law. Where class centres lie anywhere, scaling
    truly changes agreement, though no unit is at fault. Wrong verdicts in at most 5 % of tables."""
    wrong, tables = 0, 8
    for seed in range(tables):
        rng = np.random.default_rng(seed)
        alike = np.array([rng.permutation([-1.2, 0, 1.2]) for _ in range(4)]).T
        centres = 1.5 * rng.normal(size=(3, 4)) if anywhere else alike
        labels = np.arange(120) % 3
        study = studied(centres[labels] + rng.normal(size=(120, 4)), labels, task="class", models=("kmeans",))
        wrong += study.verdicts["kmeans"].outcome in {"helps", "hurts", "depends"}
    assert wrong <= binom.ppf(0.99, tables, 0.05)


def test_a_change_in_columns_of_one_scale_is_no_matter_of_units() -> None:
    summary = pd.concat(
        [summary_of(("zscore", -0.2, 0.05), model=model) for model in ("knn", "kmeans", "svm_rbf")]
    )
    alike = Ground("class", rows=200, baseline=0.4, spread_ratio=1.4)
    verdicts = judge(summary, alike)
    assert [verdicts[model].outcome for model in ("knn", "kmeans", "svm_rbf")] == [
        "weighs",
        "weighs",
        "hurts",
    ]
    assert "spreads differ by a factor of 1.4 at most" in verdicts["kmeans"].text
    assert headline(verdicts.values()) == (
        "Scaling hurts the RBF SVM; it finds one scale already, and only changes what each column counts for "
        "in k-nearest neighbours and k-means."
    )
    assert judge(summary, GROUND)["kmeans"].outcome == "hurts"


def test_one_scale_is_told_within_classes_by_standard_deviations_or_quartiles() -> None:
    rng = np.random.default_rng(0)
    labels = np.arange(300) % 3
    X = rng.normal(size=(300, 3))
    X[:, 0] += 20 * labels
    assert spread_ratio(X, labels) < 1.3 < 10 < spread_ratio(X, None)
    assert spread_ratio(1e-9 * X + 5, labels) == pytest.approx(spread_ratio(X, labels), rel=1e-4)
    assert spread_ratio(X * [1, 1, 30], labels) > 25
    far = X.copy()
    far[:2, 1] = 1e6
    gaps = np.where(rng.random(X.shape) < 0.2, np.nan, X)
    rare = np.column_stack([rng.random(300) < 0.1, rng.random(300) < 0.12])
    assert max(spread_ratio(table, labels) for table in (far, gaps, rare.astype(float))) < 1.5
    assert spread_ratio(np.column_stack([labels, X[:, 1]]), labels) == np.inf


@pytest.mark.slow
def test_no_difference_is_not_said_of_neighbours_that_gain_more_than_the_margin() -> None:
    """The true gain is about 0.05: one column tells the classes apart, six times louder noise drowns it."""
    wrong, tables = 0, 12
    for seed in range(tables):
        rng = np.random.default_rng(seed)
        labels = np.arange(100) % 2
        X = np.column_stack([rng.normal(size=100) + 1.5 * labels, 6.2 * rng.normal(size=100)])
        study = studied(X, labels, task="class", models=("knn",), scalers=("zscore",), repeats=2)
        wrong += study.verdicts["knn"].outcome in {"same", "hurts"}
    assert wrong <= binom.ppf(0.99, tables, 0.05)


@pytest.mark.slow
def test_without_a_target_stability_is_compared() -> None:
    study = studied(WINE.data, clusters=3)
    assert set(study.summary["model"]) == {"kmeans", "pca"}
    assert (study.summary.query("model == 'kmeans'")["metric"] == "stability").all()
    assert "repeatable" in str(study.verdicts["kmeans"]) and headline(study.verdicts.values()) == ""


@pytest.mark.slow
def test_progress_counts_every_fit_and_can_cancel() -> None:
    seen: list[tuple[int, int]] = []
    options = {"models": ("knn", "kmeans", "pca"), "scalers": ("raw", "zscore"), "repeats": 1}
    studied(WINE.data, WINE.target, progress=lambda done, total: seen.append((done, total)), **options)
    fits = 2 * (5 + 2 + HALVES)
    assert seen == [(i + 1, fits) for i in range(fits)]

    def cancel(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        studied(WINE.data, WINE.target, progress=cancel, **options)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_scores() -> None:
    first, second = (
        compare_scaling(WINE.data, WINE.target, models=("knn", "kmeans"), repeats=1, seed=11).drop(
            columns="fit_seconds"
        )
        for _ in range(2)
    )
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"models": ("ridge",)}, "'ridge' is not available here: choose from svm_rbf"),
        ({"scalers": ("log",)}, "'log' is unknown: choose from raw"),
        ({"folds": 1}, "at least 2 folds"),
        ({"clusters": 500}, "500 clusters do not fit 178 rows: choose from 2 to 89"),
        ({"margin": 0.0}, "A margin of 0.0 means nothing"),
        ({"margin": "x"}, "A margin of 'x' means nothing"),
    ],
)
def test_impossible_requests_are_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(ZetascopeError, match=words):
        studied(WINE.data, WINE.target, **options)


@pytest.mark.slow
def test_collinear_and_tiny_columns_are_no_obstacle() -> None:
    X = WINE.data[["proline", "hue"]].assign(copy=lambda d: d["proline"] * 2, tiny=lambda d: d["hue"] * 1e-12)
    study = studied(X, WINE.target, models=("svm_rbf", "logistic", "pca"), repeats=1)
    assert study.data.columns == ("proline", "hue", "copy", "tiny")
    assert study.summary["score"].notna().all()


def test_the_picture_is_in_the_columns_units_and_differs_between_scalers() -> None:
    data = prepare_scaling_data(WINE.data, WINE.target)
    assert telling_columns(data) == ("proline", "flavanoids")
    picture = boundary_picture(data, ("proline", "flavanoids"), grid=30)
    assert picture.xs.min() < WINE.data["proline"].min() and picture.xs.max() > WINE.data["proline"].max()
    assert picture.regions["raw"].shape == (30, 30)
    right = {name: np.mean(answer == data.y) for name, answer in picture.assigned.items()}
    assert right["zscore"] > right["raw"] + 0.1
    raw_by_row = np.abs(np.diff(picture.regions["raw"], axis=0)).sum()
    assert raw_by_row == 0, "raw values see proline only, so regions are vertical bands"


@pytest.mark.parametrize("columns", [("hue", "hue"), ("hue", "nothing")])
def test_a_picture_needs_two_known_columns(columns: tuple[str, str]) -> None:
    with pytest.raises(ZetascopeError, match="choose"):
        boundary_picture(prepare_scaling_data(WINE.data, WINE.target), columns)
