"""Column-wise scores against numpy, pandas and scipy, in groups and with missing values."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics.numbers import find_outliers
from analytics.numbers.outliers.column_scores import fences
from analytics.numbers.outliers.methods import COLUMN_METHODS, OUTLIER_METHODS

THREE = ("zscore", "modified_zscore", "iqr")


def frame_of(seed: int = 0, rows: int = 200, columns: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(rng.standard_t(4, size=(rows, columns)), columns=[f"c{i}" for i in range(columns)])


def expected_scores(column: pd.Series) -> dict[str, np.ndarray]:
    x = column.to_numpy(dtype=float)
    q1, q3 = np.nanquantile(x, [0.25, 0.75])
    mad = stats.median_abs_deviation(x, nan_policy="omit")
    return {
        "zscore": np.abs(stats.zscore(x, nan_policy="omit")),
        "modified_zscore": np.abs(x - np.nanmedian(x)) / (1.4826 * mad),
        "iqr": np.maximum(q1 - x, x - q3) / (q3 - q1),
    }


def test_a_row_gets_the_largest_score_of_its_columns() -> None:
    frame = frame_of()
    report = find_outliers(frame, methods=THREE)
    for method in THREE:
        by_column = np.column_stack([expected_scores(frame[name])[method] for name in frame])
        np.testing.assert_allclose(report.scores[method], by_column.max(axis=1), rtol=1e-12)


@pytest.mark.slow
@given(st.integers(0, 1000), st.floats(0.0, 0.6))
@settings(max_examples=25, deadline=None)
def test_missing_values_are_left_out_and_no_row_is_dropped(seed: int, share: float) -> None:
    frame = frame_of(seed, rows=80, columns=2)
    frame = frame.mask(np.random.default_rng(seed).random(frame.shape) < share)
    report = find_outliers(frame, methods=THREE)
    assert report.scores.index.equals(frame.index)
    for method in THREE:
        by_column = pd.DataFrame({name: expected_scores(frame[name])[method] for name in frame})
        np.testing.assert_allclose(report.scores[method], by_column.max(axis=1), rtol=1e-10)


def test_groups_are_judged_by_their_own_values() -> None:
    frame = frame_of(rows=120, columns=2)
    frame["site"] = np.array(["a", "b", None], dtype=object)[np.arange(120) % 3]
    frame.loc[frame["site"] == "b", ["c0", "c1"]] += 1000
    grouped = find_outliers(frame, methods=COLUMN_METHODS, by="site")
    assert grouped.data.groups == ("a", "b", "(missing)")
    for rows in (frame["site"] == "a", frame["site"] == "b", frame["site"].isna()):
        alone = find_outliers(frame.loc[rows, ["c0", "c1"]], methods=COLUMN_METHODS)
        pd.testing.assert_frame_equal(grouped.scores[rows], alone.scores, rtol=1e-9)


def test_two_grouping_columns_make_combinations() -> None:
    frame = frame_of(rows=40, columns=1)
    frame["a"], frame["b"] = np.arange(40) % 2, np.arange(40) // 20
    assert find_outliers(frame, methods=["zscore"], columns=["c0"], by=["a", "b"]).data.groups == (
        "0 | 0", "0 | 1", "1 | 0", "1 | 1",
    )  # fmt: skip


@pytest.mark.parametrize(
    "dtype", ["float32", "int64", "Int64", "Float64", "double[pyarrow]", "int32[pyarrow]"]
)
def test_every_number_dtype_gives_the_same_scores(dtype: str) -> None:
    numbers = pd.DataFrame({"a": [1, 2, 2, 3, 4, 90], "b": [5, 5, 6, 7, 8, 9]})
    plain = find_outliers(numbers, methods=THREE, columns=["a", "b"]).scores
    pd.testing.assert_frame_equal(
        find_outliers(numbers.astype(dtype), methods=THREE, columns=["a", "b"]).scores, plain
    )


def test_a_constant_column_is_never_unusual_and_is_noted() -> None:
    frame = pd.DataFrame({"price": [14.62] * 30, "x": np.arange(30.0)})
    report = find_outliers(frame, methods=COLUMN_METHODS)
    alone = find_outliers(frame[["x"]], methods=COLUMN_METHODS)
    assert "price never varies, so nothing in it is unusual." in report.notes
    pd.testing.assert_frame_equal(report.flags, alone.flags)


def test_mostly_equal_values_use_the_mean_absolute_deviation_and_say_so() -> None:
    x = np.array([3.0] * 20 + [4.0, 5.0, 30.0])
    report = find_outliers(pd.DataFrame({"x": x}), methods=["modified_zscore", "iqr", "zscore"])
    scale = 1.253314 * np.abs(x - 3).mean()
    np.testing.assert_allclose(report.scores["modified_zscore"], np.abs(x - 3) / scale, rtol=1e-12)
    assert "iqr" in report.skipped
    assert any("MAD is 0" in note for note in report.notes)


def test_infinite_values_count_as_missing_and_are_noted() -> None:
    report = find_outliers(pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0, np.inf, -np.inf]}), methods=["zscore"])
    assert report.scores["zscore"].isna().tolist() == [False] * 4 + [True] * 2
    assert "x: 2 infinite values left out; look at them first." in report.notes


def test_shift_and_unit_do_not_matter() -> None:
    frame = frame_of()
    moved = find_outliers(frame * 1e-3 + 1e6, methods=COLUMN_METHODS).scores
    pd.testing.assert_frame_equal(
        find_outliers(frame, methods=COLUMN_METHODS).scores, moved, rtol=1e-5, atol=1e-5
    )


@pytest.mark.parametrize(
    ("method", "threshold"), [("zscore", 2.0), ("modified_zscore", 2.5), ("iqr", 1.0), ("esd", 1.0)]
)
def test_values_are_flagged_exactly_beyond_the_fences(method: str, threshold: float) -> None:
    frame = frame_of(seed=3, columns=1)
    report = find_outliers(frame, methods=[method], thresholds={method: threshold})
    low, high = fences(method, threshold, report.spreads[0])
    outside = (frame["c0"] < low[0]) | (frame["c0"] > high[0])
    assert 0 < outside.sum() < 30
    np.testing.assert_array_equal(report.flags[method], outside)


def test_progress_counts_up_and_may_cancel() -> None:
    seen: list[tuple[int, int]] = []
    find_outliers(frame_of(), methods=THREE, progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]

    def cancel(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        find_outliers(frame_of(), methods=THREE, progress=cancel)


@pytest.mark.parametrize("method", COLUMN_METHODS)
def test_the_least_number_of_values_is_that_of_the_table(method: str) -> None:
    least = OUTLIER_METHODS[method].min_rows
    for rows, judged in ((least - 1, False), (least, True)):
        frame = pd.DataFrame({"x": np.arange(rows + 40.0), "g": ["a"] * rows + ["b"] * 40})
        scores = find_outliers(frame, methods=[method], columns=["x"], by="g").scores[method]
        assert scores[:rows].notna().all() == judged, rows
        assert scores[:rows].isna().all() != judged, rows
