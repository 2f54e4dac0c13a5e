"""The OutlierScorer among scikit-learn's own tools, and against the search of the Outliers page."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_wine
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator

from analytics.errors import ZetascopeError
from analytics.numbers import OutlierScorer, Standardizer, find_outliers
from analytics.numbers.outliers.scorer import SCORER_METHODS

WINE = load_wine(as_frame=True).data
EXPECTED = {
    "check_outliers_train": "asks for outliers among rows that have none by the page's thresholds",
    "check_outliers_fit_predict": "asks for outliers among rows that have none by the page's thresholds",
}


@pytest.mark.slow
def test_passes_scikit_learns_own_checks() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(OutlierScorer(), expected_failed_checks=EXPECTED, on_fail=None)
    failed = {result["check_name"]: result["exception"] for result in results if result["status"] == "failed"}
    assert failed == {}
    assert sum(result["status"] == "passed" for result in results) > 30


@pytest.mark.slow
@pytest.mark.parametrize("method", SCORER_METHODS)
def test_the_fitted_rows_have_the_scores_of_the_page(method: str) -> None:
    frame = WINE.copy()
    frame.iloc[3, 2] = np.nan
    frame.iloc[5] = np.nan
    frame.iloc[7, 1] = np.inf
    report = find_outliers(frame, methods=(method,))
    scorer = OutlierScorer(method).fit(frame)
    np.testing.assert_array_equal(-scorer.score_samples(frame), report.scores[method])
    np.testing.assert_array_equal(scorer.predict(frame) == -1, report.flags[method])
    assert scorer.offset_ == -report.thresholds[method]


@pytest.mark.slow
@given(
    rows=st.lists(st.integers(0, len(WINE) - 1), min_size=1, max_size=5),
    method=st.sampled_from(SCORER_METHODS[:3]),
)
def test_a_rows_score_does_not_depend_on_what_else_is_asked(rows: list[int], method: str) -> None:
    scorer = OutlierScorer(method).fit(WINE.iloc[:100])
    every = scorer.score_samples(WINE)
    np.testing.assert_array_equal(scorer.score_samples(WINE.iloc[rows]), every[rows])


def test_works_in_a_pipeline_and_after_a_pickle() -> None:
    columns = ColumnTransformer([("scores", Standardizer(), ["alcohol", "ash"])])
    pipeline = make_pipeline(columns, OutlierScorer("zscore", threshold=2.5)).fit(WINE)
    again = pickle.loads(pickle.dumps(pipeline))  # noqa: S301 - our own
    np.testing.assert_array_equal(again.predict(WINE), pipeline.predict(WINE))
    assert (pipeline.predict(WINE) == -1).sum() == find_outliers(
        WINE, columns=["alcohol", "ash"], methods=("zscore",), thresholds={"zscore": 2.5}
    ).votes.sum()


def test_bad_choices_are_refused_in_a_sentence() -> None:
    with pytest.raises(ZetascopeError, match="can't score single rows"):
        OutlierScorer("lof").fit(WINE)
    with pytest.raises(ZetascopeError, match="no column 'alcohol'"):
        OutlierScorer("zscore").fit(WINE).score_samples(pd.DataFrame({"ash": [1.0]}))
    with pytest.raises(ZetascopeError, match="one row"):
        OutlierScorer("zscore").fit(WINE.iloc[:1])
