"""Whatever a caller gives: each public function answers rightly or raises a ZetascopeError, nothing else."""

import decimal
import warnings
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest

from analytics.errors import ZetascopeError
from analytics.numbers import (
    OutlierSearch,
    Standardizer,
    apply_to_file,
    compare_scaling,
    find_outliers,
    returns_table,
    rolling_zscore,
    standardize_returns,
    with_scores,
)
from analytics.tables import column_roles, profile_table

ROWS = 40
RNG = np.random.default_rng(0)
PRICES = np.round(np.exp(np.cumsum(RNG.normal(0, 0.01, ROWS))) * 100, 4)
OTHER = np.round(PRICES[::-1] * 1.3 + RNG.normal(0, 1, ROWS), 3)


def two(a: object, b: object = None) -> pd.DataFrame:
    return pd.DataFrame({"a": a, "b": a if b is None else b})


PLAIN = two(PRICES, OTHER)
NO_NUMBERS = {
    "text": two([f"w{i}" for i in range(ROWS)]),
    "text and numbers": two([1.5, "x"] * (ROWS // 2)),
    "arrow text": two([f"w{i}" for i in range(ROWS)]).astype("string[pyarrow]"),
    "categories": two(list("abcd") * (ROWS // 4)).astype("category"),
    "dates": two(pd.date_range("2020", periods=ROWS)),
    "dates with a zone": two(pd.date_range("2020", periods=ROWS, tz="UTC")),
    "arrow dates": two(pd.date_range("2020", periods=ROWS)).astype("timestamp[ns][pyarrow]"),
    "lengths of time": two(pd.to_timedelta(range(ROWS), unit="h")),
    "periods": two(pd.period_range("2020", periods=ROWS, freq="D")),
    "complex": two(PRICES + 1j),
    "lists": two([[1, 2]] * ROWS),
    "intervals": two(pd.interval_range(0, ROWS)),
}
NUMBERS = {
    "plain": PLAIN,
    "nullable floats": PLAIN.astype("Float64"),
    "arrow floats": PLAIN.astype("double[pyarrow]"),
    "objects": PLAIN.astype(object),
    "decimals": PLAIN.map(lambda value: decimal.Decimal(repr(value))),
    "sparse": PLAIN.astype(pd.SparseDtype(float)),
}
ODD = {
    "float32": PLAIN.astype(np.float32),
    "whole numbers": two(range(1, ROWS + 1), range(ROWS, 0, -1)),
    "nullable whole numbers": two(range(1, ROWS + 1), range(ROWS, 0, -1)).astype("Int64"),
    "a missing whole number": two(pd.array([None, *range(1, ROWS)], dtype="Int64")),
    "arrow with missing": two(pd.array([None, *PRICES[1:]], dtype="double[pyarrow]")),
    "unsigned": two(np.arange(2**63, 2**63 + ROWS, dtype=np.uint64)),
    "booleans": two([True, False] * (ROWS // 2)),
    "nullable booleans": two(pd.array([True, False, None, True] * (ROWS // 4), dtype="boolean")),
    "categories of numbers": two([1, 2, 3, 4] * (ROWS // 4)).astype("category"),
    "empty": PLAIN.iloc[:0],
    "no columns": pd.DataFrame(index=range(ROWS)),
    "nothing": pd.DataFrame(),
    "one row": PLAIN.iloc[:1],
    "two rows": PLAIN.iloc[:2],
    "all missing": two(np.full(ROWS, np.nan)),
    "all NA": two(pd.array([pd.NA] * ROWS, dtype="Float64")),
    "all infinite": two(np.full(ROWS, np.inf)),
    "an infinite one": two(np.where(np.arange(ROWS) == 7, np.inf, PRICES), OTHER),
    "minus infinite": two(np.where(np.arange(ROWS) == 7, -np.inf, PRICES), OTHER),
    "all equal": two(np.full(ROWS, 3.0)),
    "as large as can be": two(np.where(np.arange(ROWS) == 3, -1.797e308, PRICES)),
    "one name twice": PLAIN.set_axis(["a", "a"], axis=1),
}
INPUTS = NO_NUMBERS | NUMBERS | ODD


def dated(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.set_axis(pd.date_range("2020", periods=len(frame)))


FITTED = Standardizer(columns=["a", "b"]).fit(PLAIN)
MEASURE: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    **{
        method: lambda f, method=method: Standardizer(method, columns=["a", "b"]).fit_transform(f)
        for method in ("zscore", "robust", "iqr", "minmax", "maxabs", "rank_gauss", "yeo_johnson")
    },
    "transform": FITTED.transform,
    "inverse_transform": FITTED.inverse_transform,
    "rolling_zscore": lambda f: rolling_zscore(f, window=5, columns=["a", "b"]),
    "find_outliers": lambda f: find_outliers(f, columns=["a", "b"], methods=["zscore", "esd", "lof"]).scores,
    "returns_table": lambda f: returns_table(dated(f)),
    "returns against the past": lambda f: standardize_returns(dated(f), window=5),
    "returns by half-life": lambda f: standardize_returns(dated(f), halflife=3),
    "returns over all": lambda f: standardize_returns(dated(f)),
    "apply_to_file": lambda f: apply_to_file(FITTED, f).scores,
}
OTHERS: dict[str, Callable[[pd.DataFrame], object]] = {
    "Standardizer, its own choice": lambda f: Standardizer().fit_transform(f),
    "Standardizer, in groups": lambda f: Standardizer(columns=["b"], by="a").fit_transform(f),
    "rolling_zscore, its own choice": lambda f: rolling_zscore(f, window=5),
    "find_outliers, its own choice": lambda f: find_outliers(f).reasons,
    "find_outliers, in groups": lambda f: find_outliers(f, columns=["b"], by="a", methods=["iqr"]).reasons,
    "OutlierSearch": lambda f: OutlierSearch(f).find(methods=["ecod"]).votes,
    "compare_scaling": lambda f: compare_scaling(f, folds=2, repeats=1, models=("pca",)),
    "compare_scaling, a target": lambda f: compare_scaling(f, "b", folds=2, repeats=1, models=("knn",)),
    "with_scores": lambda f: with_scores(PLAIN, f),
    "with_scores, the table": lambda f: with_scores(f, PLAIN[["a"]]),
    "profile_table": profile_table,
    "column_roles": column_roles,
}


@pytest.fixture(autouse=True)
def _without_warnings() -> Iterator[None]:
    """A warning of numpy's stands for a number that went wrong."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message="Returns: ")
        yield


@pytest.mark.parametrize("call", MEASURE | OTHERS)
@pytest.mark.parametrize("kind", INPUTS)
def test_nothing_but_an_answer_or_a_sentence(kind: str, call: str) -> None:
    frame = INPUTS[kind].copy()
    try:
        (MEASURE | OTHERS)[call](frame)
    except ZetascopeError as error:
        assert str(error).endswith((".", ")"))
    pd.testing.assert_frame_equal(frame, INPUTS[kind])


@pytest.mark.parametrize("call", MEASURE)
@pytest.mark.parametrize("kind", NO_NUMBERS)
def test_what_is_no_number_is_refused(kind: str, call: str) -> None:
    with pytest.raises(ZetascopeError):
        MEASURE[call](NO_NUMBERS[kind])


UNTYPED = ("objects", "decimals")
"""What ``apply_to_file`` refuses: a new file has typed columns, and objects may be texts."""


@pytest.mark.parametrize("kind", UNTYPED)
def test_a_new_file_of_objects_is_refused_with_a_sentence(kind: str) -> None:
    with pytest.raises(ZetascopeError, match="are not numbers"):
        MEASURE["apply_to_file"](NUMBERS[kind])


@pytest.mark.parametrize(
    ("kind", "call"),
    [(k, c) for k in NUMBERS for c in MEASURE if not (c == "apply_to_file" and k in UNTYPED)],
)
def test_numbers_are_the_same_in_every_dtype(kind: str, call: str) -> None:
    expected = MEASURE[call](PLAIN)
    np.testing.assert_array_equal(MEASURE[call](NUMBERS[kind]), expected)


@pytest.mark.parametrize("call", MEASURE)
@pytest.mark.parametrize("infinite", [np.inf, -np.inf])
def test_an_infinite_value_leaves_the_others_as_a_missing_one_does(infinite: float, call: str) -> None:
    missing, with_infinite = PLAIN.copy(), PLAIN.copy()
    missing.loc[7, "a"], with_infinite.loc[7, "a"] = np.nan, infinite
    one, other = (np.asarray(MEASURE[call](frame)) for frame in (missing, with_infinite))
    np.testing.assert_array_equal(np.isfinite(one), np.isfinite(other))
    finite = np.isfinite(one)
    assert finite.any()
    np.testing.assert_array_equal(one[finite], other[finite])
