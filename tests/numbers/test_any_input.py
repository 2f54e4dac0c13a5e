"""Whatever a caller gives: each public function answers rightly or raises a ZetascopeError, nothing else."""

import decimal
import inspect
import io
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from analytics import numbers, tables
from analytics.errors import ZetascopeError
from analytics.numbers import (
    OutlierSearch,
    Standardizer,
    advise_methods,
    advised_methods,
    against,
    apply_to_file,
    compare_methods,
    compare_scaling,
    find_in_time,
    find_outliers,
    find_relations,
    ranking,
    returns_table,
    rolling_zscore,
    standardize_returns,
    with_scores,
)
from analytics.tables import (
    ReadOptions,
    column_roles,
    count_values,
    detail_column,
    list_sheets,
    number_columns,
    profile_table,
    read_again,
    read_table,
    write_csv,
    write_parquet,
)
from tests.naming import naming

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
    "different lists": two([[1], [2]] * (ROWS // 2)),
    "arrow lists": two(pd.array([[1], [2]] * (ROWS // 2), dtype=pd.ArrowDtype(pa.list_(pa.int64())))),
    "halves of characters": pd.DataFrame({"a": ["\ud83d", "x"] * (ROWS // 2), "b": "y"}, dtype=object),
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
    if not isinstance(frame, pd.DataFrame):
        return frame
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


def columns_of(frame: Any) -> list[Any]:
    """Its columns, or what is given in place of a table."""
    return (
        [frame.iloc[:, place] for place in range(frame.shape[1])]
        if isinstance(frame, pd.DataFrame)
        else [frame]
    )


AS_NUMBERS = ReadOptions(column_types={"a": "number", "b": "number"})
OTHERS: dict[str, Callable[[pd.DataFrame], object]] = {
    "Standardizer, its own choice": lambda f: Standardizer().fit_transform(f),
    "Standardizer, in groups": lambda f: Standardizer(columns=["b"], by="a").fit_transform(f),
    "rolling_zscore, its own choice": lambda f: rolling_zscore(f, window=5),
    "find_outliers, its own choice": lambda f: find_outliers(f).reasons,
    "find_outliers, in groups": lambda f: find_outliers(f, columns=["b"], by="a", methods=["iqr"]).reasons,
    "find_outliers, mixed rows": lambda f: find_outliers(f, methods=["mixed"]).reasons,
    "find_in_time": lambda f: find_in_time(f, "b", time="a", period=1).notes,
    "OutlierSearch": lambda f: OutlierSearch(f).find(methods=["ecod"]).votes,
    "compare_scaling": lambda f: compare_scaling(f, folds=2, repeats=1, models=("pca",)),
    "compare_scaling, a target": lambda f: compare_scaling(f, "b", folds=2, repeats=1, models=("knn",)),
    "with_scores": lambda f: with_scores(PLAIN, f),
    "with_scores, the table": lambda f: with_scores(f, PLAIN[["a"]]),
    "advise_methods": lambda f: advise_methods(f),
    "advised_methods": lambda f: advised_methods(f, columns=["a", "b"]),
    "profile_table": lambda f: profile_table(f).to_frame(),
    "column_roles": column_roles,
    "number_columns": number_columns,
    "find_relations": lambda f: find_relations(f).pairs,
    "against": lambda f: against(f, "b").ranking,
    "detail_column": lambda f: [detail_column(column) for column in columns_of(f)],
    "count_values": lambda f: [count_values(column) for column in columns_of(f)],
    "read_again": lambda f: [read_again(column, AS_NUMBERS) for column in columns_of(f)],
    "write_csv": lambda f: write_csv(f, io.BytesIO()),
    "write_parquet": lambda f: write_parquet(f, io.BytesIO()),
}


def calls(table: Mapping[str, object]) -> list[Any]:
    """Names of the calls; searches for outliers simulate the laws of each new shape, which takes a second."""
    slow = pytest.mark.slow
    return [pytest.param(name, marks=slow if name.startswith("find_outliers") else ()) for name in table]


@pytest.fixture(autouse=True)
def _without_warnings() -> Iterator[None]:
    """A warning of numpy's stands for a number that went wrong."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message="Returns: ")
        warnings.filterwarnings("ignore", message="X does not have valid feature names")
        yield


@pytest.mark.parametrize("call", calls(MEASURE | OTHERS))
def test_nothing_but_an_answer_or_a_sentence(call: str) -> None:
    for kind, given in INPUTS.items():
        with naming(kind):
            frame = given.copy()
            try:
                (MEASURE | OTHERS)[call](frame)
            except ZetascopeError as error:
                assert str(error).endswith((".", ")"))
            pd.testing.assert_frame_equal(frame, given)


@pytest.mark.parametrize("call", calls(MEASURE))
def test_what_is_no_number_is_refused(call: str) -> None:
    for kind, given in NO_NUMBERS.items():
        with naming(kind), pytest.raises(ZetascopeError):
            MEASURE[call](given)


UNTYPED = ("objects", "decimals")
"""What ``apply_to_file`` refuses: a new file has typed columns, and objects may be texts."""


@pytest.mark.parametrize("kind", UNTYPED)
def test_a_new_file_of_objects_is_refused_with_a_sentence(kind: str) -> None:
    with pytest.raises(ZetascopeError, match="are not numbers"):
        MEASURE["apply_to_file"](NUMBERS[kind])


@pytest.mark.parametrize(
    ("kind", "call"),
    [
        # Searches simulate clean rows; one kind of number tells whether they take others at all.
        pytest.param(k, c, marks=pytest.mark.slow if c.startswith("find_outliers") and k != "objects" else ())
        for k in NUMBERS
        for c in MEASURE
        if not (c == "apply_to_file" and k in UNTYPED)
    ],
)
def test_numbers_are_the_same_in_every_dtype(kind: str, call: str) -> None:
    expected = MEASURE[call](PLAIN)
    np.testing.assert_array_equal(MEASURE[call](NUMBERS[kind]), expected)


@pytest.mark.parametrize("call", calls(MEASURE))
@pytest.mark.parametrize("infinite", [np.inf, -np.inf])
def test_an_infinite_value_leaves_the_others_as_a_missing_one_does(infinite: float, call: str) -> None:
    missing, with_infinite = PLAIN.copy(), PLAIN.copy()
    missing.loc[7, "a"], with_infinite.loc[7, "a"] = np.nan, infinite
    one, other = (np.asarray(MEASURE[call](frame)) for frame in (missing, with_infinite))
    np.testing.assert_array_equal(np.isfinite(one), np.isfinite(other))
    finite = np.isfinite(one)
    assert finite.any()
    np.testing.assert_array_equal(one[finite], other[finite])


NO_TABLES = {
    "none": None,
    "a list": [1, 2],
    "a text": "x",
    "a number": 3,
    "a dict": {"a": [1]},
    "a column": pd.Series([1.0, 2.0]),
    "bytes": b"x",
    "two rows of names": PLAIN.set_axis(pd.MultiIndex.from_tuples([("a", "b"), ("a", "c")]), axis=1),
}


def refused(call: Callable[..., object], value: object) -> bool:
    """Whether the call refuses the value with a sentence; else it has to answer."""
    try:
        call(value)
    except ZetascopeError as error:
        assert str(error).endswith((".", ")"))
        return True
    return False


@pytest.mark.parametrize("call", calls(MEASURE | OTHERS))
def test_what_is_no_table_is_answered_or_refused_with_a_sentence(call: str) -> None:
    told = [refused((MEASURE | OTHERS)[call], value) for value in NO_TABLES.values()]
    assert sum(told) >= len(NO_TABLES) - 2, "lists and two rows of names may do for a table"


GROUPED = pd.DataFrame({"a": PRICES, "b": OTHER, "g": list("ab") * (ROWS // 2)})
WRONG: dict[str, object] = {
    "a word": "3x",
    "none": None,
    "half": 2.5,
    "minus": -1,
    "nan": float("nan"),
    "infinite": float("inf"),
    "huge": 10**30,
    "a list": [1],
    "a dict": {},
    "true": True,
    "zero": 0,
    "bytes": b"a",
}
FOUND = find_outliers(GROUPED, columns=["a", "b"], methods=["zscore", "iqr"])


def scaling(**choices: object) -> object:
    usual = {"folds": 2, "repeats": 1, "models": ("pca",)}
    return compare_scaling(GROUPED, **{**usual, **choices})  # type: ignore[arg-type]


ARGUMENTS: dict[str, Callable[..., object]] = {
    "Standardizer method": lambda v: Standardizer(v).fit_transform(GROUPED),
    "Standardizer ddof": lambda v: Standardizer(ddof=v).fit_transform(GROUPED),
    "Standardizer columns": lambda v: Standardizer(columns=v).fit_transform(GROUPED),
    "Standardizer methods": lambda v: Standardizer(methods=v).fit_transform(GROUPED),
    "Standardizer a method": lambda v: Standardizer(methods={"a": v}).fit_transform(GROUPED),
    "advise_methods columns": lambda v: advise_methods(GROUPED, columns=v),
    "advised_methods columns": lambda v: advised_methods(GROUPED, columns=v),
    "Standardizer by": lambda v: Standardizer(by=v).fit_transform(GROUPED),
    "Standardizer from_json": Standardizer.from_json,
    "rolling_zscore window": lambda v: rolling_zscore(GROUPED, window=v),
    "rolling_zscore by": lambda v: rolling_zscore(GROUPED, window=5, by=v),
    "rolling_zscore min_periods": lambda v: rolling_zscore(GROUPED, window=5, min_periods=v),
    "rolling_zscore columns": lambda v: rolling_zscore(GROUPED, window=5, columns=v),
    "find_outliers methods": lambda v: find_outliers(GROUPED, methods=v),
    "find_outliers a method": lambda v: find_outliers(GROUPED, methods=[v]),
    "find_outliers thresholds": lambda v: find_outliers(GROUPED, methods=["iqr"], thresholds=v),
    "find_outliers a threshold": lambda v: find_outliers(GROUPED, methods=["iqr"], thresholds={"iqr": v}),
    "find_outliers columns": lambda v: find_outliers(GROUPED, columns=v, methods=["iqr"]),
    "find_outliers by": lambda v: find_outliers(GROUPED, by=v, methods=["iqr"]),
    "find_outliers seed": lambda v: find_outliers(GROUPED, methods=["ecod"], seed=v),
    "ranking first": lambda v: ranking(FOUND, first=v),
    "ranking lines": lambda v: ranking(FOUND, lines=v),
    "compare_methods labels": lambda v: compare_methods(FOUND, v),
    "compare_methods seed": lambda v: compare_methods(FOUND, np.median(PRICES) < PRICES, seed=v),
    "compare_scaling y": lambda v: scaling(y=v),
    "compare_scaling models": lambda v: scaling(models=v),
    "compare_scaling folds": lambda v: scaling(folds=v),
    "compare_scaling repeats": lambda v: scaling(repeats=v),
    "compare_scaling seed": lambda v: scaling(seed=v),
    "compare_scaling scalers": lambda v: scaling(scalers=v),
    "compare_scaling clusters": lambda v: scaling(clusters=v),
    "compare_scaling task": lambda v: scaling(task=v),
    "compare_scaling a choice": lambda v: scaling(unknown=v),
    "returns_table kind": lambda v: returns_table(dated(PLAIN), kind=v),
    "standardize_returns window": lambda v: standardize_returns(dated(PLAIN), window=v),
    "standardize_returns halflife": lambda v: standardize_returns(dated(PLAIN), halflife=v),
    "standardize_returns center": lambda v: standardize_returns(dated(PLAIN), center=v),
    "apply_to_file standardizer": lambda v: apply_to_file(v, PLAIN),
    "apply_to_file chance": lambda v: apply_to_file(FITTED, PLAIN, chance=v),
    "with_scores mode": lambda v: with_scores(PLAIN, PLAIN, mode=v),
    "with_scores suffix": lambda v: with_scores(PLAIN, PLAIN, suffix=v),
    "read_table source": read_table,
    "read_table name": lambda v: read_table(b"a,b\n1,2\n", name=v),
    "read_table options": lambda v: read_table(b"a,b\n1,2\n", options=v),
    "list_sheets source": list_sheets,
    "write_csv target": lambda v: isinstance(v, str) or write_csv(PLAIN, v),
    "write_parquet target": lambda v: isinstance(v, str) or write_parquet(PLAIN, v),
    "find_relations columns": lambda v: find_relations(PLAIN, columns=v),
    "find_relations roles": lambda v: find_relations(PLAIN, roles=v),
    "find_relations sample": lambda v: find_relations(PLAIN, sample=v),
    "find_relations seed": lambda v: find_relations(PLAIN, seed=v),
    "against target": lambda v: against(PLAIN, v),
    "against sample": lambda v: against(PLAIN, "b", sample=v),
    "profile_table roles": lambda v: profile_table(PLAIN, roles=v),
    "number_columns roles": lambda v: number_columns(PLAIN, v),
    **{
        f"ReadOptions {field.name}": lambda v, name=field.name: read_table(
            b"a,b\n1,2\n3,4\n", options=ReadOptions(**{name: v})
        )
        for field in fields(ReadOptions)
    },
}


@pytest.mark.parametrize("call", ARGUMENTS)
def test_a_wrong_argument_is_answered_or_refused_with_a_sentence(call: str) -> None:
    told = [refused(ARGUMENTS[call], value) for value in WRONG.values()]
    assert any(told)


@pytest.mark.parametrize("module", [numbers, tables])
def test_every_public_function_is_called_above(module: object) -> None:
    tried = {name.replace(",", " ").split()[0] for name in (*MEASURE, *OTHERS, *ARGUMENTS)}
    tried |= {"returns_table", "standardize_returns"}
    public = {name: getattr(module, name) for name in module.__all__}  # type: ignore[attr-defined]
    functions = {name for name, thing in public.items() if inspect.isfunction(thing)}
    assert functions <= tried
