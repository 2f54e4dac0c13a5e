"""Outliers, profiles and correlations of an engine's table are those of the same table in memory."""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from analytics.errors import ZetascopeError
from analytics.numbers import find_outliers
from analytics.scale import ScaleError, outliers_lazy, profile_lazy, relations_lazy
from analytics.scale.outliers import METHODS
from analytics.tables import profile_table
from tests.scale.conftest import Opened
from tests.scale.odd import odd_frame

pytestmark = pytest.mark.slow

COLUMNS = ["plain", "nullable", "arrow", "cents", "mostly", "flat", "rounded", "tiny"]


def arrow_of(native: Any) -> Any:
    return native.toArrow() if hasattr(native, "toArrow") else native.to_arrow_table()


def check_outliers(table: Opened, by: list[str] | None, columns: list[str] = COLUMNS) -> None:
    frame = odd_frame()
    ours = outliers_lazy(table(frame), columns=columns, by=by)
    theirs = find_outliers(frame, methods=METHODS, columns=columns, by=by)
    scored = arrow_of(ours.scored).sort_by("row").to_pandas()
    for method in METHODS:
        expected = theirs.scores[method].to_numpy()
        np.testing.assert_allclose(
            scored[f"score_{method}"].to_numpy(float), expected, rtol=1e-11, err_msg=method
        )
        assert ours.flagged_rows[method] == int(theirs.flags[method].sum())
    assert np.array_equal(scored["votes"], theirs.votes)
    assert ours.rows == len(frame)
    most = max(theirs.votes)
    assert all(int(theirs.votes.iloc[int(cells["row"])]) == most for cells, _ in ours.top[:1])
    assert len(ours.top) == min(20, int((theirs.votes > 0).sum()))
    for cells, reason in ours.top:
        assert any(f"{name} is {cells[name]}: " in reason for name in COLUMNS)


@pytest.mark.parametrize("by", [None, ["kind"]])
def test_outliers_are_those_of_the_same_rows_in_memory(by: list[str] | None, duckdb_table: Opened) -> None:
    check_outliers(duckdb_table, by)


def test_outliers_on_spark(spark_table: Opened) -> None:
    check_outliers(spark_table, ["kind"], ["arrow", "cents"])


def test_a_column_says_how_many_of_its_values_are_beyond(duckdb_table: Opened) -> None:
    frame = pd.DataFrame({"x": [*range(1, 41), 900], "y": [1.5, 2.5] * 20 + [2.0]})
    found = outliers_lazy(duckdb_table(frame), columns=["x", "y"], methods=["modified_zscore"])
    assert found.flagged == {"modified_zscore": {"x": 1, "y": 0}}
    ((cells, reason),) = found.top
    assert cells["x"] == 900
    assert reason.startswith("x is 900: ") and "robust SD from the median" in reason


def test_what_cannot_be_searched_is_refused(duckdb_table: Opened) -> None:
    with pytest.raises(ScaleError, match="'lof' does not run on an engine: choose among zscore"):
        outliers_lazy(duckdb_table(odd_frame()), methods=["lof"])
    with pytest.raises(ScaleError, match="'none' has no finite value"):
        outliers_lazy(duckdb_table(odd_frame()), columns=["none"])
    with pytest.raises(ScaleError, match="no rows"):
        outliers_lazy(duckdb_table(odd_frame().head(0)), columns=["plain"])
    with pytest.raises(ScaleError, match="already has a column 'votes'"):
        outliers_lazy(duckdb_table(pd.DataFrame({"x": [1.0, 2, 3], "votes": [0, 0, 1]})), columns="x")


def test_years_and_codes_are_left_out_and_named(duckdb_table: Opened) -> None:
    draw = np.random.default_rng(0)
    frame = pd.DataFrame({"year": draw.integers(1990, 2020, 60), "x": draw.normal(size=60)})
    found = outliers_lazy(duckdb_table(frame))
    assert found.columns == ("x",) == tuple(find_outliers(frame, methods=METHODS).data.names)
    assert found.left_out == {"year": "years"}
    assert outliers_lazy(duckdb_table(frame), columns=["year", "x"]).left_out == {}
    with pytest.raises(ZetascopeError, match=r"measures something, but 'year' \(years\)"):
        outliers_lazy(duckdb_table(frame[["year"]]))


def test_methods_that_score_nothing_are_named_as_in_memory(duckdb_table: Opened) -> None:
    frame = pd.DataFrame({"x": [1.0, 2.0, 4.0], "g": list("abc")})
    ours = outliers_lazy(duckdb_table(frame), columns=["x"])
    theirs = find_outliers(frame, columns=["x"], methods=METHODS)
    assert ours.skipped == {"iqr": theirs.skipped["iqr"]}
    assert set(ours.thresholds) == {"zscore", "modified_zscore"}
    choices: tuple[dict[str, Any], ...] = ({"by": "g", "methods": ["zscore"]}, {"methods": ["iqr"]})
    for asked in choices:
        with pytest.raises(ZetascopeError) as of_memory:
            find_outliers(frame, columns=["x"], **asked)
        with pytest.raises(ZetascopeError) as of_engine:
            outliers_lazy(duckdb_table(frame), columns=["x"], **asked)
        assert str(of_engine.value) == str(of_memory.value)


EXACT = ("name", "rows", "missing", "distinct", "minimum", "maximum", "quartiles", "infinities", "zeros")


def test_a_profile_is_that_of_the_same_table_in_memory(table: Opened) -> None:
    frame = odd_frame()[["row", "plain", "arrow", "nullable", "cents", "kind", "level", "day", "yes"]]
    ours = profile_lazy(table(frame))
    # NaN among Arrow's numbers is missing, as in standardizing.
    theirs = profile_table(
        frame.assign(**{name: frame[name].astype("float64") for name in ("arrow", "level")})
    )
    assert (ours.rows, list(ours.columns)) == (theirs.rows, list(theirs.columns))
    for name, one in ours.columns.items():
        other = theirs.columns[name]
        for field in EXACT:
            if field in ("minimum", "maximum", "distinct") and one.role.kind == "time":
                continue
            assert getattr(one, field) == getattr(other, field), (name, field)
        assert one.role.kind == other.role.kind, name
        for mine, other_one in ((one.mean, other.mean), (one.sd, other.sd)):
            assert mine == other_one or mine == pytest.approx(other_one, rel=1e-12), name
    texts = ours.columns["kind"]
    assert sorted(texts.top) == sorted(theirs.columns["kind"].top)


def test_whole_numbers_beyond_float64_keep_their_spread(duckdb_table: Opened) -> None:
    frame = pd.DataFrame({"n": [2**60 + step for step in (0, 1, 2, 3, 1, 1)]}, dtype="int64[pyarrow]")
    ours, theirs = (profile(frame) for profile in (lambda of: profile_lazy(duckdb_table(of)), profile_table))
    assert ours.columns["n"].sd == pytest.approx(theirs.columns["n"].sd) == pytest.approx(1.0327955589886446)
    assert (ours.columns["n"].mean, ours.columns["n"].minimum) == (float(2**60), 2**60)


def test_a_time_of_day_is_no_moment(duckdb_table: Opened) -> None:
    frame = pd.DataFrame({"at": pd.array([dt.time(1, 2, 3), None], dtype=pd.ArrowDtype(pa.time64("us")))})
    column = profile_lazy(duckdb_table(frame)).columns["at"]
    assert (column.minimum, column.top) == (None, (("01:02:03", 1),))


def test_correlations_are_those_of_the_rows_that_have_both(table: Opened) -> None:
    frame = odd_frame()
    columns = ["plain", "nullable", "arrow", "mostly", "whole", "tiny", "flat"]
    ours = relations_lazy(table(frame), columns=columns)
    values = frame[columns].astype("float64").to_numpy(na_value=np.nan)
    values[~np.isfinite(values)] = np.nan
    values /= np.nanmax(np.abs(values), axis=0)  # numpy's squares of 1e-180 are 0
    for i in range(len(columns)):
        for j in range(i):
            both = ~np.isnan(values[:, [i, j]]).any(axis=1)
            assert ours.n[i, j] == both.sum()
            if columns[i] == "flat":
                assert np.isnan(ours.r[i, j])
            else:
                assert ours.r[i, j] == pytest.approx(np.corrcoef(values[both][:, [i, j]].T)[0, 1], rel=1e-10)
