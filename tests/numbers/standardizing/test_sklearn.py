"""The Standardizer among scikit-learn's own tools."""

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.cluster import KMeans
from sklearn.datasets import load_wine
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator

from analytics.numbers import Standardizer
from analytics.numbers.standardizing.methods import METHODS


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_passes_scikit_learns_own_checks(method: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(Standardizer(method), on_fail=None)
    failed = {result["check_name"]: result["exception"] for result in results if result["status"] == "failed"}
    assert failed == {}
    assert sum(result["status"] == "passed" for result in results) > 30


def test_works_in_a_pipeline_and_a_search() -> None:
    X, y = load_wine(return_X_y=True, as_frame=True)
    pipeline = make_pipeline(Standardizer(), LogisticRegression())
    assert cross_val_score(pipeline, X, y, cv=5).mean() > 0.95
    search = GridSearchCV(pipeline, {"standardizer__method": ["zscore", "robust"]}, cv=3).fit(X, y)
    assert set(search.cv_results_["param_standardizer__method"]) == {"zscore", "robust"}


def test_scaling_decides_what_clusters_k_means_finds() -> None:
    from sklearn.metrics import adjusted_rand_score

    X, y = load_wine(return_X_y=True, as_frame=True)
    clusters = make_pipeline(Standardizer(), KMeans(3, n_init=10, random_state=0)).fit_predict(X)
    assert adjusted_rand_score(y, clusters) == pytest.approx(0.90, abs=0.01)


def test_output_follows_the_input_and_set_output() -> None:
    frame = pd.DataFrame({"a": [1.0, 2.0], "word": ["x", "y"], "b": [5.0, 9.0]}, index=["r", "s"])
    scores = Standardizer().fit_transform(frame)
    assert isinstance(scores, pd.DataFrame)
    assert scores.columns.tolist() == ["a", "b"]
    assert scores.index.tolist() == ["r", "s"]
    array = Standardizer().fit(frame[["a", "b"]].to_numpy())
    assert isinstance(array.transform(np.array([[1.0, 5.0]])), np.ndarray)
    assert array.get_feature_names_out().tolist() == ["x0", "x1"]
    named = Standardizer().set_output(transform="pandas").fit(frame[["a", "b"]].to_numpy())
    assert named.transform(np.array([[1.0, 5.0]])).columns.tolist() == ["x0", "x1"]


def test_columns_are_found_by_name_in_any_order() -> None:
    frame = pd.DataFrame({"a": [1.0, 2.0], "b": [5.0, 9.0]})
    fitted = Standardizer().fit(frame)
    shuffled = frame.assign(more=[0.0, 1.0])[["more", "b", "a"]]
    pd.testing.assert_frame_equal(fitted.transform(shuffled), fitted.transform(frame))


def test_column_labels_may_be_numbers() -> None:
    frame = pd.DataFrame(np.arange(6.0).reshape(3, 2) ** 2)
    fitted = Standardizer().fit(frame)
    assert fitted.transform(frame).columns.tolist() == [0, 1]
    pd.testing.assert_frame_equal(
        Standardizer.from_json(fitted.to_json()).transform(frame), fitted.transform(frame)
    )


def test_the_input_is_left_as_it_was_and_a_clone_is_unfitted() -> None:
    frame = pd.DataFrame({"g": ["a", "a", "b", "b"], "x": [1.0, 2.0, np.nan, 8.0]})
    before = frame.copy(deep=True)
    fitted = Standardizer(by="g").fit(frame)
    fitted.inverse_transform(frame.assign(x=fitted.transform(frame)["x"]))
    pd.testing.assert_frame_equal(frame, before)
    with pytest.raises(NotFittedError):
        clone(fitted).transform(frame)


def test_fitting_and_applying_give_the_same_on_one_thread_and_on_several(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from analytics.numbers.basics import parallel

    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(3_000, 7)))
    alone = Standardizer("robust").fit_transform(frame)
    monkeypatch.setattr(parallel, "WORTH_IT", 1)
    monkeypatch.setattr(parallel, "available_cores", lambda: 3)
    pd.testing.assert_frame_equal(Standardizer("robust").fit_transform(frame), alone, check_exact=True)
