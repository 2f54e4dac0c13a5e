"""Scores against independent computations, and the stated policy for awkward columns."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, PowerTransformer, RobustScaler, StandardScaler

from analytics.numbers import StandardizeError, Standardizer
from analytics.numbers.standardizing.methods import METHODS

RNG = np.random.default_rng(7)
FRAME = pd.DataFrame({"a": RNG.normal(10, 3, 400), "b": RNG.lognormal(0, 1, 400), "c": RNG.gamma(2, 50, 400)})


def scored(values: object, method: str = "zscore", **choices: int) -> np.ndarray:
    frame = pd.DataFrame({"x": values})
    return Standardizer(method, columns=["x"], **choices).fit_transform(frame)["x"].to_numpy()


PEERS = {
    "zscore": StandardScaler(),
    "iqr": RobustScaler(),
    "minmax": MinMaxScaler(),
    "maxabs": MaxAbsScaler(),
}


@pytest.mark.parametrize("method", PEERS)
def test_agrees_with_scikit_learn(method: str) -> None:
    expected = PEERS[method].fit_transform(FRAME.to_numpy())
    np.testing.assert_allclose(Standardizer(method).fit_transform(FRAME), expected, rtol=1e-10, atol=1e-13)


def test_yeo_johnson_agrees_with_scikit_learn() -> None:
    expected = PowerTransformer("yeo-johnson").fit_transform(FRAME.to_numpy())
    np.testing.assert_allclose(
        Standardizer("yeo_johnson").fit_transform(FRAME), expected, rtol=1e-3, atol=1e-4
    )


@pytest.mark.parametrize("by", [None, "group"])
@pytest.mark.parametrize("method", METHODS)
def test_fitting_and_scoring_in_one_go_is_the_same(method: str, by: str | None) -> None:
    frame = FRAME.assign(constant=3.0, empty=np.nan, group=np.tile(["x", "y"], 200))
    frame.loc[3, "a"], frame.loc[5, "b"], frame.loc[9, "c"] = np.nan, np.inf, -np.inf
    chosen = ["a", "b", "c", "constant", "empty"]
    at_once, stepwise = (Standardizer(method, columns=chosen, by=by) for _ in range(2))
    pd.testing.assert_frame_equal(at_once.fit_transform(frame), stepwise.fit(frame).transform(frame))
    assert at_once.to_json() == stepwise.to_json()


def test_sample_sd_agrees_with_pandas() -> None:
    expected = (FRAME - FRAME.mean()) / FRAME.std()
    np.testing.assert_allclose(Standardizer(ddof=1).fit_transform(FRAME), expected, rtol=1e-10, atol=1e-13)


def test_robust_is_median_and_scaled_mad() -> None:
    expected = (FRAME - FRAME.median()) / (1.4826 * (FRAME - FRAME.median()).abs().median())
    np.testing.assert_allclose(Standardizer("robust").fit_transform(FRAME), expected, rtol=1e-12, atol=1e-13)


def test_rank_gauss_gives_bloms_scores_with_ties_shared() -> None:
    x = np.array([3.0, 1.0, 2.0, 2.0, 9.0])
    expected = stats.norm.ppf((stats.rankdata(x) - 3 / 8) / (5 + 1 / 4))
    np.testing.assert_allclose(scored(x, "rank_gauss"), expected, atol=1e-14)


def test_rank_gauss_stays_close_beyond_its_table() -> None:
    x = np.random.default_rng(1).lognormal(0, 2, 30_000)
    exact = stats.norm.ppf((stats.rankdata(x) - 3 / 8) / (x.size + 1 / 4))
    assert np.max(np.abs(scored(x, "rank_gauss") - exact)) < 0.005


@pytest.mark.parametrize("method", METHODS)
def test_a_constant_column_scores_zero(method: str) -> None:
    assert (scored(np.full(1000, 14.62), method) == 0).all()
    fitted = Standardizer(method, columns=["x"]).fit(pd.DataFrame({"x": [5.0, 5.0, np.nan]}))
    assert fitted.summary()["note"][0] == "all values are equal: scores are 0"
    scores = fitted.transform(pd.DataFrame({"x": [5.0, 6.0, np.nan]}))["x"]
    assert scores.tolist()[:2] == [0.0, 0.0]
    assert np.isnan(scores[2])


def test_values_that_differ_by_rounding_only_score_zero() -> None:
    assert (scored([0.3, 0.1 + 0.2, 0.3, 0.3]) == 0).all()


def test_small_units_are_not_constant() -> None:
    x = np.array([1.0, 2.0, 3.0, 4.0])
    for unit in (1e-9, 1e-30, 1e-300, 1e290):
        np.testing.assert_allclose(scored(x * unit), scored(x), rtol=1e-12)


@pytest.mark.parametrize(("method", "factor"), [("robust", 1.253314), ("iqr", 1.349 * 1.253314)])
def test_without_mad_or_iqr_the_mean_deviation_measures(method: str, factor: float) -> None:
    x = np.array([0.0] * 9 + [10.0])
    assert scored(x, method)[-1] == pytest.approx(10.0 / (factor * 1.0))
    assert "mean absolute deviation" in Standardizer(method).fit(pd.DataFrame({"x": x})).summary()["note"][0]


def test_a_shift_by_a_billion_keeps_the_scores() -> None:
    x = np.random.default_rng(3).normal(size=50_000)
    np.testing.assert_allclose(scored(x + 1e9), scored(x), atol=1e-6)


def test_missing_and_infinite_are_left_out_and_kept() -> None:
    x = np.array([1.0, 2.0, np.nan, 3.0, np.inf, -np.inf])
    fitted = Standardizer(columns=["x"]).fit(pd.DataFrame({"x": x}))
    row = fitted.summary().iloc[0]
    assert (row["n"], row["missing"], row["infinite"]) == (3, 1, 2)
    assert "2 infinite" in row["note"]
    scores = fitted.transform(pd.DataFrame({"x": x}))["x"].to_numpy()
    np.testing.assert_allclose(scores[[0, 1, 3]], np.array([-1, 0, 1]) / np.sqrt(2 / 3))
    assert np.isnan(scores[2])
    assert scores[4] == np.inf
    assert scores[5] == -np.inf


@pytest.mark.parametrize("method", METHODS)
def test_a_column_without_values_stays_missing(method: str) -> None:
    fitted = Standardizer(method, columns=["x"]).fit(pd.DataFrame({"x": [np.nan, np.nan]}))
    assert fitted.transform(pd.DataFrame({"x": [1.0, 2.0]}))["x"].isna().all()
    assert fitted.summary()["note"][0].startswith("no values")


FLAVOURS = {
    "int8": pd.Series([1, 2, 4], dtype="int8"),
    "uint64": pd.Series([1, 2, 4], dtype="uint64"),
    "float32": pd.Series([1, 2, 4], dtype="float32"),
    "Int64": pd.Series([1, 2, 4], dtype="Int64"),
    "Float64": pd.Series([1, 2, 4], dtype="Float64"),
    "int64[pyarrow]": pd.Series([1, 2, 4], dtype="int64[pyarrow]"),
    "double[pyarrow]": pd.Series([1, 2, 4], dtype="double[pyarrow]"),
    "decimal": pd.Series([Decimal(1), Decimal(2), Decimal(4)], dtype=pd.ArrowDtype(pa.decimal128(6, 2))),
    "Sparse": pd.Series(pd.arrays.SparseArray([1.0, 2.0, 4.0])),
}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_every_flavour_of_number_gives_the_same_scores(flavour: str) -> None:
    column = FLAVOURS[flavour]
    expected = scored([1.0, 2.0, 4.0])
    np.testing.assert_array_equal(scored(column), expected)
    with_gap = (
        column.astype("float64").reindex(range(4))
        if flavour in ("int8", "uint64")
        else column.reindex(range(4))
    )
    scores = scored(with_gap)
    np.testing.assert_array_equal(scores[:3], expected)
    assert np.isnan(scores[3])


def test_float32_is_measured_in_double_precision() -> None:
    x = (np.random.default_rng(0).normal(size=10_000) + 5e4).astype("float32")
    assert scored(x).std() == pytest.approx(1.0, abs=1e-12)


def test_booleans_identifiers_and_words_are_left_out() -> None:
    frame = pd.DataFrame(
        {
            "id": range(100, 130),
            "flag": [True, False] * 15,
            "maybe": pd.Series([True, None, False] * 10, dtype="boolean"),
            "score": RNG.normal(size=30),
            "quality": [3, 5, 4] * 10,
            "name": list("abcde") * 6,
            "day": pd.date_range("2024-01-01", periods=30),
            "wait": pd.to_timedelta(range(30), unit="h"),
            "wave": np.arange(30) * 1j,
        }
    )
    assert Standardizer().fit(frame).parameters_.columns == ("score", "quality")
    chosen = Standardizer(columns=["id", "flag"]).fit(frame)
    assert chosen.transform(frame)["flag"].tolist()[:2] == [1.0, -1.0]


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"method": "zsore"}, "zsore"),
        ({"ddof": 2}, "ddof is 2"),
        ({"columns": ["nope"]}, "'nope'"),
        ({"columns": ["name"]}, "'name' holds text"),
        ({"columns": ["wave"]}, "'wave' holds complex128"),
        ({"columns": ["day"]}, "'day'"),
        ({"columns": ["x"], "by": ["x"]}, "makes the groups"),
        ({"by": "nope"}, "'nope'"),
    ],
)
def test_bad_choices_are_named(choices: dict, said: str) -> None:
    frame = pd.DataFrame(
        {"x": [1.0, 2.0], "name": ["a", "b"], "wave": [1j, 2j], "day": pd.date_range("2024", periods=2)}
    )
    with pytest.raises(StandardizeError, match=said):
        Standardizer(**choices).fit(frame)


def test_text_of_digits_is_no_number_and_one_name_is_one_column() -> None:
    frame = pd.DataFrame({"code": ["007", "12"], "xy": [1.0, 3.0]})
    for column in (frame["code"], frame["code"].astype(object)):
        with pytest.raises(StandardizeError, match="'code' holds text"):
            Standardizer(columns=["code"]).fit(pd.DataFrame({"code": column}))
    assert Standardizer(columns="xy").fit_transform(frame).columns.tolist() == ["xy"]


def test_arrays_in_either_order_of_memory_give_the_same() -> None:
    rows = np.random.default_rng(9).normal(size=(9_000, 3))
    by_column = Standardizer().fit_transform(np.asfortranarray(rows))
    np.testing.assert_array_equal(Standardizer().fit_transform(rows), by_column)


def test_a_table_without_numbers_or_with_one_name_twice_is_refused() -> None:
    with pytest.raises(StandardizeError, match="no column of numbers"):
        Standardizer().fit(pd.DataFrame({"a": ["x", "y"]}))
    with pytest.raises(StandardizeError, match="more than once"):
        Standardizer().fit(pd.DataFrame([[1.0, 2.0]], columns=["a", "a"]))
    with pytest.raises(StandardizeError, match="beyond 1e300"):
        Standardizer().fit(pd.DataFrame({"a": [1e305, -1e305]}))


# Further apart, and a score of one by the other would be larger than any double.
numbers = st.floats(-1e100, 1e100, allow_nan=False, width=64).filter(lambda v: v == 0 or abs(v) > 1e-200)
columns = st.lists(numbers | st.none(), min_size=2, max_size=60)


def test_a_score_that_no_double_holds_is_infinite() -> None:
    scores = scored(np.array([0.0, 1e100, -1e100, 1e-250, -1e-250, 2e-250, -2e-250]), "robust")
    assert scores[1] == np.inf and scores[2] == -np.inf and np.isfinite(scores[3:]).all()


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(values=columns, method=st.sampled_from(list(METHODS)))
def test_scores_turn_back_into_the_values(values: list[float | None], method: str) -> None:
    frame = pd.DataFrame({"x": pd.array(values, dtype="Float64").to_numpy(float, na_value=np.nan)})
    fitted = Standardizer(method, columns=["x"]).fit(frame)
    scores = fitted.transform(frame)
    x, back = frame["x"].to_numpy(), fitted.inverse_transform(scores)["x"].to_numpy()
    assert not np.isinf(scores.to_numpy()).any()
    np.testing.assert_array_equal(np.isnan(scores["x"]), np.isnan(x))
    if not np.isnan(x).all():
        np.testing.assert_allclose(back, x, rtol=1e-12, atol=1e-12 * np.nanmax(np.abs(x)))


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.floats(-1e6, 1e6).filter(lambda v: v == 0 or abs(v) > 1e-6), min_size=3, max_size=80)
)
def test_order_is_kept_and_zscores_have_mean_0_and_sd_1(values: list[float]) -> None:
    x = np.array(values)
    z = scored(x)
    if np.any(z != 0):
        assert abs(z.mean()) < 1e-7
        assert z.std() == pytest.approx(1.0, abs=1e-7)
    order = np.argsort(x, kind="stable")
    for method in METHODS:
        assert (np.diff(scored(x, method)[order]) >= -1e-9).all()


@pytest.mark.parametrize("method", METHODS)
def test_large_skewed_columns_turn_back(method: str) -> None:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "shifted": rng.normal(1e9, 1, 5_000),
            "wild": rng.lognormal(0, 4, 5_000),
            "negative": -rng.lognormal(0, 3, 5_000),
            "cauchy": rng.standard_cauchy(5_000),
            "tied": rng.integers(0, 3, 5_000).astype(float),
        }
    )
    fitted = Standardizer(method).fit(frame)
    back = fitted.inverse_transform(fitted.transform(frame))
    assert ((back - frame).abs().max() <= 1e-12 * frame.abs().max()).all()


def test_whole_numbers_that_are_one_float_are_not_called_equal() -> None:
    fitted = Standardizer(columns=["x"]).fit(pd.DataFrame({"x": [2**62, 2**62 + 1] * 20}))
    assert fitted.summary()["note"][0] == "values differ only by rounding: scores are 0"
    same = Standardizer(columns=["x"]).fit(pd.DataFrame({"x": [2**62] * 20}))
    assert same.summary()["note"][0] == "all values are equal: scores are 0"
