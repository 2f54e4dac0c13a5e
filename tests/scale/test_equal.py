"""pandas, DuckDB and Spark agree: counts, order statistics and scores exactly, moments to rounding."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from analytics.numbers import StandardizeError, Standardizer
from analytics.numbers.basics.parameters import ColumnFit, TransformParameters
from analytics.numbers.standardizing.accuracy import certified_sets, log_relative_error
from analytics.numbers.standardizing.fitting import apply_parameters
from analytics.numbers.standardizing.transform_file import parameters_from_json, parameters_to_json
from analytics.scale import ScaleError, apply_lazy, fit_lazy
from tests.numbers.standardizing.test_nist import CERTIFIED
from tests.scale.conftest import Opened
from tests.scale.odd import NUMBERS, odd_frame

pytestmark = pytest.mark.slow

LINES = ("zscore", "robust", "iqr", "minmax", "maxabs")


def in_pandas(frame: pd.DataFrame, method: str, **choices: Any) -> TransformParameters:
    return Standardizer(method, **choices).fit(frame).parameters_


def assert_same(ours: TransformParameters, theirs: TransformParameters, *, exact: bool) -> None:
    assert [(fit.column, fit.group) for fit in ours.fits] == [(fit.column, fit.group) for fit in theirs.fits]
    assert (ours.rows, ours.by_kinds) == (theirs.rows, theirs.by_kinds)
    for one, other in zip(ours.fits, theirs.fits, strict=True):
        assert (one.n, one.missing, one.infinite) == (other.n, other.missing, other.infinite), one
        assert one.shape.note == other.shape.note, (one, other)
        assert one.marks == other.marks
        assert close(one.mean, other.mean) and close(one.sd, other.sd), (one, other)
        # A scale that fell back to the mean absolute deviation is a moment too.
        if exact and "mean absolute" not in one.shape.note:
            assert (one.center, one.scale) == (other.center, other.scale), (one, other)
        assert close(one.center, other.center) and close(one.scale, other.scale), (one, other)


def close(one: float | None, other: float | None) -> bool:
    return one == other or math.isclose(one, other, rel_tol=1e-12)  # type: ignore[arg-type]


def scores_of(native: Any, columns: Sequence[str]) -> pd.DataFrame:
    """The scores in the order of the rows."""
    found = (native.toArrow() if hasattr(native, "toArrow") else native.to_arrow_table()).sort_by("row")
    return pd.DataFrame({name: found[f"{name}_z"].to_numpy() for name in columns})


@pytest.mark.parametrize("method", LINES)
def test_whole_columns(method: str, duckdb_table: Opened) -> None:
    check_whole(duckdb_table, method)


@pytest.mark.parametrize(("method", "columns"), [("zscore", NUMBERS), ("robust", NUMBERS[2:6:2])])
def test_whole_columns_on_spark(method: str, columns: Sequence[str], spark_table: Opened) -> None:
    check_whole(spark_table, method, columns)


def check_whole(table: Opened, method: str, columns: Sequence[str] = NUMBERS) -> None:
    frame = odd_frame()
    ours = fit_lazy(table(frame), method=method, columns=columns)
    theirs = in_pandas(frame, method, columns=columns)
    assert_same(ours, theirs, exact=method != "zscore")
    assert parameters_from_json(parameters_to_json(ours)) == ours
    expected = apply_parameters(theirs, frame).reset_index(drop=True)
    pd.testing.assert_frame_equal(
        scores_of(apply_lazy(theirs, table(frame)), columns), expected, check_exact=True
    )


@pytest.mark.parametrize("method", LINES)
def test_groups_with_missing_labels(method: str, duckdb_table: Opened) -> None:
    check_groups(duckdb_table, method, ["kind", "level"])


def test_groups_on_spark(spark_table: Opened) -> None:
    check_groups(spark_table, "robust", ["kind", "level"], ["arrow", "cents"])


@pytest.mark.parametrize("by", ["day", "price", "yes", "level"])
def test_groups_of_every_type(by: str, duckdb_table: Opened) -> None:
    check_groups(duckdb_table, "zscore", [by])


def test_groups_of_every_type_on_spark(spark_table: Opened) -> None:
    check_groups(spark_table, "zscore", ["day", "price", "yes"], ["arrow", "mostly"])


GROUPED = [name for name in NUMBERS if name not in ("flat", "far")]


def check_groups(table: Opened, method: str, by: list[str], columns: Sequence[str] = GROUPED) -> None:
    frame = odd_frame()
    ours = fit_lazy(table(frame), method=method, columns=columns, by=by)
    theirs = in_pandas(frame, method, columns=columns, by=by)
    assert_same(ours, theirs, exact=method != "zscore")
    fewer = in_pandas(frame[frame["row"] < 9], method, columns=columns, by=by)  # most groups are new to it
    expected = apply_parameters(fewer, frame).reset_index(drop=True)
    pd.testing.assert_frame_equal(
        scores_of(apply_lazy(fewer, table(frame)), columns), expected, check_exact=True
    )


def test_groups_of_moments_are_found_again_in_another_zone(duckdb_table: Opened) -> None:
    """Engines keep no zones: their labels are in UTC, and a moment in Berlin is the same one."""
    frame = odd_frame()
    ours = fit_lazy(duckdb_table(frame), columns=["plain"], by="moment")
    theirs = in_pandas(frame, "zscore", columns=["plain"], by="moment")
    assert sorted(fit.n for fit in ours.fits) == sorted(fit.n for fit in theirs.fits)
    expected = apply_parameters(theirs, frame).reset_index(drop=True)
    found = scores_of(apply_lazy(theirs, duckdb_table(frame)), ["plain"])
    pd.testing.assert_frame_equal(found, expected, check_exact=True)


@pytest.mark.parametrize("method", ["rank_gauss", "yeo_johnson"])
@pytest.mark.parametrize("by", [None, "kind"])
def test_ranks_and_powers_of_few_rows(method: str, by: str | None, duckdb_table: Opened) -> None:
    check_bent(duckdb_table, method, by)


def test_ranks_and_powers_on_spark(spark_table: Opened) -> None:
    check_bent(spark_table, "rank_gauss", "kind")


def check_bent(table: Opened, method: str, by: str | None) -> None:
    frame, columns = odd_frame(), ["plain", "nullable", "flat", "none"]
    ours = fit_lazy(table(frame), method=method, columns=columns, by=by)
    theirs = in_pandas(frame, method, columns=columns, by=by)
    assert [fit.shape for fit in ours.fits] == [fit.shape for fit in theirs.fits]
    expected = apply_parameters(theirs, frame).reset_index(drop=True)
    found = scores_of(apply_lazy(theirs, table(frame)), columns)
    pd.testing.assert_frame_equal(found, expected, check_exact=False, rtol=1e-13)


def test_the_columns_are_chosen_alike(table: Opened) -> None:
    frame = odd_frame().assign(customer_id=range(1000, 1000 + len(odd_frame())), year=2024)
    theirs = in_pandas(frame, "minmax").columns
    assert fit_lazy(table(frame), method="minmax").columns == theirs


@pytest.mark.parametrize("rows", [0, 1, 2])
@pytest.mark.parametrize("method", ["zscore", "robust", "iqr"])
def test_tables_of_few_rows(rows: int, method: str, duckdb_table: Opened) -> None:
    check_few(duckdb_table, rows, method)


@pytest.mark.parametrize("rows", [0, 1])
def test_tables_of_few_rows_on_spark(rows: int, spark_table: Opened) -> None:
    check_few(spark_table, rows, "zscore")


def check_few(table: Opened, rows: int, method: str) -> None:
    frame = odd_frame().head(rows)
    for by in (None, ["kind"]):
        ours = fit_lazy(table(frame), method=method, columns=["cents", "flat"], by=by, ddof=1)
        theirs = in_pandas(frame, method, columns=["cents", "flat"], by=by, ddof=1)
        assert_same(ours, theirs, exact=True)
        assert len(scores_of(apply_lazy(ours, table(frame)), ["cents", "flat"])) == rows


def nist() -> pd.DataFrame:
    """All of NIST's univariate sets, one below the other."""
    return pd.concat(
        [pd.DataFrame({"y": values, "set": name}) for name, values, _, _ in certified_sets()],
        ignore_index=True,
    )


def test_nist_keeps_its_digits(table: Opened) -> None:
    """A sum of squares less the square of a sum loses all of NumAcc4's; two looks at the column do not."""
    frame = nist()
    fits = fit_lazy(table(frame), columns="y", by="set", ddof=1).of_groups("y")
    for name, (mean, sd, digits) in CERTIFIED.items():
        fit: ColumnFit = fits[(name,)]
        assert log_relative_error(fit.mean, mean) >= 14.5, name
        assert log_relative_error(fit.sd, sd) >= digits - 0.5, name
    only = fit_lazy(table(frame[frame["set"] == "NumAcc4"]), columns="y", ddof=1).overall("y")
    assert log_relative_error(only.sd, 0.1) >= 8.2


@pytest.mark.parametrize("method", ["robust", "iqr"])
def test_more_values_than_are_sorted_here(
    method: str, duckdb_table: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bracket of a sample finds the very values that sorting finds, ties and gaps included."""
    check_many(duckdb_table, monkeypatch, method, ["x", "ties"])


def test_more_values_than_are_sorted_here_on_spark(
    spark_table: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_many(spark_table, monkeypatch, "robust", ["x"])


def check_many(table: Opened, monkeypatch: pytest.MonkeyPatch, method: str, columns: list[str]) -> None:
    monkeypatch.setattr("analytics.scale.order._FETCHED", 300)
    monkeypatch.setattr("analytics.scale.order._SAMPLE", 400)
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"x": rng.standard_cauchy(20_001), "ties": rng.poisson(1.0, 20_001).astype(float)})
    frame.loc[::5, "x"] = np.nan
    ours = fit_lazy(table(frame), method=method, columns=columns)
    for one, other in zip(ours.fits, in_pandas(frame, method, columns=columns).fits, strict=True):
        assert (one.center, one.scale) == (other.center, other.scale)


def test_large_tables_say_what_was_sampled(duckdb_table: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analytics.scale.by_sample.SAMPLED", 2_000)
    x = np.random.default_rng(2).lognormal(size=20_000)
    frame = pd.DataFrame({"x": x, "g": "a"})
    fit = fit_lazy(duckdb_table(frame), method="yeo_johnson").overall("x")
    assert "random sample of" in fit.shape.note and "20,000 rows" in fit.shape.note
    exact = in_pandas(frame, "yeo_johnson", columns="x").overall("x")
    assert fit.shape.exponent == pytest.approx(exact.shape.exponent, abs=0.1)
    with pytest.raises(StandardizeError, match="within groups is fitted on at most 2,000 rows"):
        fit_lazy(duckdb_table(frame), method="rank_gauss", columns="x", by="g")


def test_minus_zero_is_the_label_zero(duckdb_table: Opened) -> None:
    labels = pd.array([-0.0, 0.0, 1.0, -0.0], dtype="float64[pyarrow]")
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0, 5.0], "g": labels})
    ours, theirs = fit_lazy(duckdb_table(frame), columns="x", by="g"), in_pandas(frame, "zscore", by="g")
    assert_same(ours, theirs, exact=False)
    assert [fit.n for fit in ours.fits] == [4, 3, 1]


def test_powers_of_a_table_without_rows(duckdb_table: Opened) -> None:
    frame = pd.DataFrame({"x": [1.0, 2.0, 7.0], "g": ["a", "b", "a"], "row": [0, 1, 2]})
    fitted = in_pandas(frame, "yeo_johnson", columns=["x"], by="g")
    assert scores_of(apply_lazy(fitted, duckdb_table(frame.head(0))), ["x"]).empty


def test_ranks_of_numbers_too_near_for_a_slope(duckdb_table: Opened) -> None:
    frame = pd.DataFrame({"x": [5e-324, 1e-323, 0.0, 2e-310], "row": range(4)})
    fitted = in_pandas(frame, "rank_gauss", columns=["x"])
    found = scores_of(apply_lazy(fitted, duckdb_table(frame)), ["x"])
    pd.testing.assert_frame_equal(found, apply_parameters(fitted, frame))


def test_groups_of_maps_are_refused(duckdb_table: Opened) -> None:
    kind = pd.ArrowDtype(pa.map_(pa.string(), pa.int64()))
    frame = pd.DataFrame({"x": [1.0, 2.0], "g": pd.array([[("a", 1)], []], dtype=kind)})
    for refusing in (
        lambda: fit_lazy(duckdb_table(frame), by="g"),
        lambda: in_pandas(frame, "zscore", by="g"),
    ):
        with pytest.raises(StandardizeError, match="'g' holds lists or the like"):
            refusing()


AWKWARD = {
    "a.b": [1.0, 2, 4],
    'say "x"': [3.0, 1, 2],
    "a b": [1.0, 1, 7],
    "`tick`": [2.0, 9, 9],
    "row": [0, 1, 2],
}


def test_names_that_engines_misread(table: Opened) -> None:
    frame = pd.DataFrame(AWKWARD)
    columns = [name for name in AWKWARD if name != "row"]
    theirs = in_pandas(frame, "robust", columns=columns)
    assert_same(fit_lazy(table(frame), method="robust", columns=columns), theirs, exact=True)
    found = scores_of(apply_lazy(theirs, table(frame)), columns)
    pd.testing.assert_frame_equal(found, apply_parameters(theirs, frame), check_exact=True)


def refusals() -> dict[str, tuple[Callable[[Any], object], str]]:
    fitted = in_pandas(pd.DataFrame({"x": [1.0, 2.0]}), "zscore", columns="x")
    return {
        "text": (lambda big: fit_lazy(big, columns="word"), "'word' holds text, not numbers"),
        "dates": (lambda big: fit_lazy(big, columns="day"), "'day' holds dates, not numbers"),
        "absent": (lambda big: fit_lazy(big, columns="z"), "no column 'z'; it has x, x_z, word, day"),
        "group absent": (lambda big: fit_lazy(big, by="z"), "no column 'z'"),
        "both": (lambda big: fit_lazy(big, columns="x", by="x"), "'x' makes the groups"),
        "method": (lambda big: fit_lazy(big, method="best"), "no method 'best'"),
        "huge": (lambda big: fit_lazy(big, columns="huge"), "'huge' holds numbers beyond 1e300"),
        "taken": (lambda big: apply_lazy(fitted, big), "already has a column 'x_z'"),
        "mode": (lambda big: apply_lazy(fitted, big, mode="instead"), "no mode 'instead'"),
    }


@pytest.mark.parametrize("case", refusals())
def test_refusals_name_what_is_wrong(case: str, duckdb_table: Opened) -> None:
    frame = pd.DataFrame(
        {"x": [1.0, 2], "x_z": [0.0, 0], "word": ["007", "b"], "day": pd.to_datetime(["2024-01-01"] * 2)}
    ).assign(huge=[1e306, -1e305])
    ask, said = refusals()[case]
    with pytest.raises((ScaleError, StandardizeError), match=said):
        ask(duckdb_table(frame))


def test_a_table_of_neither_engine_is_refused() -> None:
    with pytest.raises(ScaleError, match="DataFrame is no table of DuckDB or Spark"):
        fit_lazy(pd.DataFrame({"x": [1.0]}))


def test_scores_in_place_keep_the_other_columns(duckdb_table: Opened) -> None:
    frame = odd_frame()
    fitted = in_pandas(frame, "minmax", columns=["cents"])
    found = apply_lazy(fitted, duckdb_table(frame), mode="replace")
    assert found.columns == list(frame.columns)
    expected = apply_parameters(fitted, frame)["cents"].to_numpy()
    assert np.array_equal(found.order('"row"').to_arrow_table()["cents"].to_numpy(), expected, equal_nan=True)


@pytest.mark.parametrize("by", [None, "g"])
def test_methods_of_their_own_score_as_in_memory(by: str | None, duckdb_table: Opened) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.lognormal(size=60), "b": rng.normal(size=60), "c": rng.normal(size=60)})
    frame["g"], frame["row"] = ["x", "y", "z"] * 20, np.arange(60)
    own = {"a": "yeo_johnson", "b": "robust", "c": "rank_gauss"}
    fitted = Standardizer(methods=own, columns=list("abc"), by=by).fit(frame).parameters_
    found = scores_of(apply_lazy(fitted, duckdb_table(frame)), list("abc"))
    pd.testing.assert_frame_equal(found, apply_parameters(fitted, frame), rtol=1e-9)


def test_nothing_to_add_leaves_a_frame_as_it_is(duckdb_table: Opened) -> None:
    """Spark Connect refuses to add no column."""
    import narwhals as nw

    from analytics.scale.spreads import Source

    frame = nw.from_native(duckdb_table(pd.DataFrame({"x": [1.0]})))
    assert Source(frame).with_numbers({}) is frame
