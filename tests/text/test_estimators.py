"""TextEmbedder and TextMap among scikit-learn's own tools."""

import pickle
import warnings

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator

from analytics.errors import ZetascopeError
from analytics.text import TextEmbedder, TextMap, load_encoder, project
from analytics.text.estimators import one_column

TEXTS = ["the card was declined", "my card is lost", "a loan for a house", "interest of the loan"] * 3


@pytest.mark.slow
@pytest.mark.parametrize("estimator", [TextMap(), TextMap("pca"), TextEmbedder()], ids=str)
def test_passes_scikit_learns_own_checks(estimator: TextMap | TextEmbedder) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, on_fail=None)
    failed = {result["check_name"]: result["exception"] for result in results if result["status"] == "failed"}
    assert failed == {}
    assert any(result["status"] == "passed" for result in results)


@pytest.mark.slow
def test_texts_go_through_a_column_transformer_and_a_search() -> None:
    frame = pd.DataFrame({"note": TEXTS, "size": range(len(TEXTS))})
    kinds = [0, 0, 1, 1] * 3
    columns = ColumnTransformer([("note", TextEmbedder(), "note")], remainder="passthrough")
    named = columns.fit(frame).get_feature_names_out()
    assert named[0] == "note__note_0" and named[-1] == "remainder__size" and len(named) == 385
    pipeline = make_pipeline(TextEmbedder(), LogisticRegression())
    search = GridSearchCV(pipeline, {"logisticregression__C": [0.1, 10.0]}, cv=2).fit(frame["note"], kinds)
    assert search.predict(["where is my card?", "how much is the loan?"]).tolist() == [0, 1]


@pytest.mark.slow
def test_vectors_are_those_of_the_encoder_whatever_holds_the_texts() -> None:
    expected = load_encoder().encode(TEXTS)
    frame = pd.DataFrame({"note": TEXTS})
    held = [TEXTS, np.array(TEXTS), frame["note"], frame, pl.DataFrame(frame), pl.Series("note", TEXTS)]
    embedder = TextEmbedder().fit(TEXTS)
    for texts in [*held, duckdb.from_df(frame)]:
        np.testing.assert_array_equal(embedder.transform(texts), expected)
    again = pickle.dumps(embedder)
    assert len(again) < 2_000
    opened = pickle.loads(again)  # noqa: S301 - our own
    np.testing.assert_array_equal(opened.transform(TEXTS), expected)
    places = make_pipeline(embedder, TextMap(n_neighbors=4)).fit_transform(TEXTS)
    np.testing.assert_array_equal(places, project(expected, n_neighbors=4).points)


def test_the_map_is_that_of_project_and_keeps_its_points() -> None:
    vectors = np.random.default_rng(0).normal(size=(60, 8)).astype(np.float32)
    layout = TextMap("pca", dimensions=3).fit(vectors)
    assert layout.get_feature_names_out().tolist() == ["map_x", "map_y", "map_z"]
    np.testing.assert_allclose(layout.transform(vectors), layout.projection_.points, atol=1e-5)
    assert 0 <= layout.trustworthiness_ <= 1
    assert clone(layout).get_params() == layout.get_params()


def test_what_is_no_column_of_texts_is_refused() -> None:
    for given, said in (
        ("one text", "no column of texts"),
        (3, "no column of texts"),
        (pd.DataFrame({"a": ["x"], "b": ["y"]}), "2 columns"),
        (np.full((2, 2, 2), "x"), "shape"),
    ):
        with pytest.raises(ZetascopeError, match=said):
            one_column(given)
    with pytest.raises(ZetascopeError, match="1 text is missing, the first in row 2"):
        TextEmbedder().fit(["a", None])
    with pytest.raises(ZetascopeError, match="Row 2 holds a int"):
        TextEmbedder().fit(["a", 1])
    with pytest.raises(ZetascopeError, match="choose one of"):
        TextEmbedder(missing="skip").fit(["a"])
    with pytest.raises(ZetascopeError, match="no role 'passage': choose one of text, query, document"):
        TextEmbedder(role="passage").fit(["a"])
    with pytest.raises(ZetascopeError, match="n_neighbors"):
        TextMap(n_neighbors=1).fit(np.eye(5))
