"""The JSON of a fitted transform: complete, exact, and checked when it is read."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.numbers import StandardizeError, Standardizer
from analytics.numbers.standardizing.methods import METHODS

RNG = np.random.default_rng(2)
FRAME = pd.DataFrame(
    {
        "a": RNG.lognormal(0, 1, 60),
        "b": [np.nan, *RNG.normal(1e6, 1e-3, 59)],
        "flat": np.full(60, 0.1),
        "none": np.full(60, np.nan),
        "g": pd.array(RNG.choice(["x", 'quo"te', "ümlaut"], 60), dtype="str"),
        "n": RNG.integers(1, 3, 60),
    }
)


@pytest.mark.parametrize("by", [None, "g", ["g", "n"]])
@pytest.mark.parametrize("method", METHODS)
def test_a_transform_read_back_scores_exactly_the_same(method: str, by: object) -> None:
    fitted = Standardizer(method, ddof=1, by=by, columns=["a", "b", "flat", "none"]).fit(FRAME)
    recipe = '{"steps": [{"column": "\u00fc"}]}'
    told = fitted.with_source(name="f.csv", sha256="ab" * 32, recipe=recipe)
    again = Standardizer.from_json(told.to_json())
    assert again.parameters_ == fitted.parameters_
    pd.testing.assert_frame_equal(again.transform(FRAME), fitted.transform(FRAME), check_exact=True)
    assert again.to_json() == fitted.to_json()


OWN = {"b": "rank_gauss", "flat": "minmax", "none": "robust", "a": "yeo_johnson"}


@pytest.mark.parametrize("by", [None, "g"])
def test_columns_with_methods_of_their_own_are_one_transform(by: object) -> None:
    columns = ["a", "b", "flat", "none"]
    fitted = Standardizer("iqr", methods=OWN, by=by, columns=[*columns, "n"]).fit(FRAME)
    again = Standardizer.from_json(fitted.to_json())
    assert again.parameters_ == fitted.parameters_ and again.to_json() == fitted.to_json()
    scores = again.transform(FRAME)
    for name in [*columns, "n"]:
        alone = Standardizer(OWN.get(name, "iqr"), by=by, columns=[name]).fit_transform(FRAME)
        pd.testing.assert_series_equal(scores[name], alone[name], check_exact=True)
    back = again.inverse_transform(scores.assign(g=FRAME["g"]))
    np.testing.assert_allclose(back["a"], FRAME["a"], rtol=1e-9)
    alike = Standardizer("zscore", methods={"a": "robust"}, columns="a").fit(FRAME)
    assert alike.to_json() == Standardizer("robust", columns="a").fit(FRAME).to_json()


@pytest.mark.parametrize(
    ("methods", "said"),
    [({"z": "robust"}, "'z'"), ({"a": "z"}, "'z'"), ("robust", "by its name"), ({"a": None}, "None")],
)
def test_methods_that_do_not_fit_are_refused(methods: object, said: str) -> None:
    with pytest.raises(StandardizeError, match=said):
        Standardizer(methods=methods, columns=["a", "b"]).fit(FRAME)


@pytest.mark.parametrize("methods", [None, [], ["zscore"], ["zscore", "mixed"], ["zscore", 1], "zscore"])
def test_faulty_lists_of_methods_are_refused(methods: object) -> None:
    document = json.loads(Standardizer(methods={"a": "robust"}, columns=["a", "b"]).fit(FRAME).to_json())
    with pytest.raises(StandardizeError, match=r"transform file"):
        Standardizer.from_json(json.dumps(document | {"methods": methods}))


def test_the_file_holds_what_the_next_reader_needs() -> None:
    fitted = Standardizer("robust", columns=["a", "b"], by="g").fit(FRAME)
    document = json.loads(fitted.with_source(name="marks.csv", sha256="c0ffee").to_json())
    assert (document["format"], document["version"], document["method"]) == (
        "zetascope-transform",
        1,
        "robust",
    )
    assert document["source"] == {"name": "marks.csv", "sha256": "c0ffee"}
    assert {"python", "numpy", "pandas", "scikit-learn"} <= document["versions"].keys()
    first = document["fits"][0]
    assert first["column"] == "a"
    assert first["center"] == FRAME["a"].median()
    assert first["n"] + first["missing"] == 60
    assert [fit["group"] for fit in document["fits"][1:4]] == [['quo"te'], ["x"], ["ümlaut"]]


def broken(**changes: object) -> str:
    document = json.loads(Standardizer(columns=["a"]).fit(FRAME).to_json())
    for name, value in changes.items():
        target = document["fits"][0] if name in document["fits"][0] else document
        target[name] = value
    return json.dumps(document)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not valid JSON"),
        ("[1]", "not an object"),
        ("{}", "not a transform file"),
        ("[" * 100_000, "not valid JSON"),
        (b"\xff\xfe\x00", "not valid JSON"),
        (broken(version=2), "version 2"),
        (broken(method="magic"), "'magic'"),
        (broken(columns="a"), "'columns'"),
        (broken(columns=["a", "a"]), "without repetition"),
        (broken(columns=["a", "b"]), "no fit for column 'b'"),
        (broken(ddof=3), "'ddof'"),
        (broken(ddof=True), "'ddof'"),
        (broken(rows=-1), "'rows'"),
        (broken(fits=[]), "no fit for column 'a'"),
        (broken(fits=[7]), "7 where an object belongs"),
        (broken(fits={"a": 1}), "'fits'"),
        (broken(center="3; import os"), "'center' of column 'a'"),
        (broken(scale=-1.0), "'scale' of column 'a'"),
        (broken(scale=float("nan")), "NaN"),
        (broken(scale=float("inf")), "Infinity"),
        (broken(n=1.5), "'n' of column 'a'"),
        (broken(group=["x"]), "'group'"),
        (broken(column="z"), "'z'"),
        (broken(note=None), "'note'"),
        (broken(source=[1]), "'source'"),
        (broken(scale=1e400), "Infinity"),
        (broken(center=10**400), "'center'"),
    ],
)
def test_a_faulty_file_is_refused_by_name(text: str | bytes, said: str) -> None:
    with pytest.raises(StandardizeError) as raised:
        Standardizer.from_json(text)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"values": [1.0, 1.0], "scores": [0.0, 1.0]}, "rise"),
        ({"values": [1.0, 2.0], "scores": [0.0]}, "2 values but 1 score"),
        ({"values": "abc"}, "'values'"),
        ({"scores": [None]}, "'scores'"),
    ],
)
def test_faulty_rank_tables_are_refused(changes: dict, said: str) -> None:
    document = json.loads(Standardizer("rank_gauss", columns=["a"]).fit(FRAME).to_json())
    document["fits"][0] |= changes
    with pytest.raises(StandardizeError, match=said):
        Standardizer.from_json(json.dumps(document))


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(
    place=st.sampled_from(["method", "ddof", "columns", "by", "rows", "source", "versions", "fits"]),
    inner=st.sampled_from(
        ["column", "group", "dtype", "n", "missing", "mean", "sd", "center", "scale", "note"]
    ),
    value=JSON_VALUES,
    deep=st.booleans(),
)
def test_any_change_gives_a_transform_or_a_sentence(
    place: str, inner: str, value: object, deep: bool
) -> None:
    document = json.loads(Standardizer(columns=["a"], by="g").fit(FRAME).to_json())
    (document["fits"][1] if deep else document)[inner if deep else place] = value
    try:
        Standardizer.from_json(json.dumps(document))
    except StandardizeError as error:
        assert len(str(error)) < 400
