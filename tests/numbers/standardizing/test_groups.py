"""Statistics within groups: against pandas, with missing and unseen labels."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.numbers import StandardizeError, Standardizer
from analytics.numbers.basics.parameters import ColumnFit
from analytics.numbers.basics.selection import group_index
from analytics.numbers.standardizing import fitting
from analytics.numbers.standardizing.fitting import fit_parameters
from analytics.numbers.standardizing.group_fitting import GROUP_FITS
from analytics.numbers.standardizing.methods import METHODS
from analytics.numbers.standardizing.segments import Segments

LINEAR_METHODS = tuple(
    name for name, method in METHODS.items() if method.forward is METHODS["zscore"].forward
)
RNG = np.random.default_rng(11)
FRAME = pd.DataFrame(
    {
        "school": RNG.choice(["north", "south", "west"], 300),
        "year": RNG.choice([2023, 2024], 300),
        "points": RNG.normal(50, 10, 300),
        "age": RNG.integers(9, 14, 300),
    }
)


def test_scores_within_groups_agree_with_pandas() -> None:
    keys = ["school", "year"]
    groups = FRAME.groupby(keys)[["points", "age"]]
    expected = (FRAME[["points", "age"]] - groups.transform("mean")) / groups.transform("std", ddof=0)
    scores = Standardizer(by=keys).fit_transform(FRAME)
    np.testing.assert_allclose(scores[["points", "age"]], expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_grouping_is_fitting_each_group_alone(method: str) -> None:
    scores = Standardizer(method, by="school", columns=["points"]).fit_transform(FRAME)
    for _, part in FRAME.groupby("school"):
        alone = Standardizer(method, columns=["points"]).fit_transform(part)
        np.testing.assert_allclose(scores.loc[part.index], alone, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("method", METHODS)
def test_grouped_scores_turn_back(method: str) -> None:
    fitted = Standardizer(method, by="school", columns=["points"]).fit(FRAME)
    back = fitted.inverse_transform(FRAME.assign(points=fitted.transform(FRAME)["points"]))
    np.testing.assert_allclose(back["points"], FRAME["points"], rtol=1e-12)


def test_a_group_not_seen_before_uses_the_statistics_over_all_rows() -> None:
    fitted = Standardizer(by="school", columns=["points"]).fit(FRAME)
    scores = fitted.transform(pd.DataFrame({"school": ["east"], "points": [60.0]}))
    expected = (60.0 - FRAME["points"].mean()) / FRAME["points"].std(ddof=0)
    assert scores["points"][0] == pytest.approx(expected)


def test_a_missing_label_is_a_group_of_its_own() -> None:
    frame = pd.DataFrame({"g": ["a", None, None, "a"], "x": [1.0, 5.0, 7.0, 3.0]})
    fitted = Standardizer(by="g").fit(frame)
    assert fitted.parameters_.groups == (("a",), (None,))
    assert fitted.transform(frame)["x"].tolist() == [-1.0, -1.0, 1.0, 1.0]


def test_a_group_of_one_or_without_spread_scores_zero() -> None:
    frame = pd.DataFrame({"g": ["a", "b", "b"], "x": [4.0, 2.0, 2.0]})
    assert Standardizer(by="g", ddof=1).fit_transform(frame)["x"].tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    "labels",
    [
        ["b", "a", None, "b"],
        [2, 1, 1, 2],
        [True, False, True, True],
        pd.Categorical(["b", "a", "b", None], categories=["b", "a", "never"]),
        pd.to_datetime(["2024-02-01", "2024-01-01", None, "2024-02-01"]),
        pd.array([3, None, 1, 3], dtype="Int64"),
        pd.array(["b", None, "a", "b"], dtype="string[pyarrow]"),
        [1, "1", 2.5, 1],
    ],
)
def test_rows_share_a_code_where_they_share_a_label(labels: object) -> None:
    column = pd.Series(labels)
    index = group_index(pd.DataFrame({"g": column}), ["g"])
    kept = [None if pd.isna(label) else (type(label), label) for label in column]
    same = [[a == b for a in kept] for b in kept]
    np.testing.assert_array_equal(index.codes[:, None] == index.codes[None, :], same)
    assert len(index.keys) == len(set(index.codes.tolist()))
    assert sorted(np.concatenate(index.rows_by_group()).tolist()) == [0, 1, 2, 3]


def test_zero_rows_are_scored_as_zero_rows() -> None:
    fitted = Standardizer(by="school").fit(FRAME)
    assert fitted.transform(FRAME.iloc[:0]).shape == (0, 3)


def test_every_method_with_center_and_scale_takes_all_groups_at_once() -> None:
    assert set(GROUP_FITS) == set(LINEAR_METHODS)


AWKWARD = st.one_of(
    st.integers(-3, 3).map(float),
    st.floats(-1e6, 1e6),
    st.sampled_from(
        [math.nan, math.inf, -math.inf, 1e-200, 3e-200, 14.62, 1e9, 1e9 + 1, np.nextafter(1.0, 2), 1e150]
    ),
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(0, 6), AWKWARD), min_size=1, max_size=80),
    method=st.sampled_from(LINEAR_METHODS),
    ddof=st.sampled_from([0, 1]),
)
def test_all_groups_at_once_are_each_group_alone(
    rows: list[tuple[int, float]], method: str, ddof: int
) -> None:
    frame = pd.DataFrame(rows, columns=["g", "x"])
    together = fit_parameters(frame, method=method, ddof=ddof, columns=["x"], by=["g"])
    scores = Standardizer(method, ddof=ddof, columns=["x"], by="g").fit_transform(frame)["x"]
    for (group,), fit in together.of_groups("x").items():
        part = frame[frame["g"] == group]
        alone = fit_parameters(part, method=method, ddof=ddof, columns=["x"]).overall("x")
        assert (fit.n, fit.missing, fit.infinite) == (alone.n, alone.missing, alone.infinite)
        assert fit.shape.note == alone.shape.note
        size = float(part["x"].abs().replace(math.inf, math.nan).max())
        for ours, theirs in zip(
            (fit.mean, fit.sd, *line_of(fit)), (alone.mean, alone.sd, *line_of(alone)), strict=True
        ):
            assert ours == theirs or ours == pytest.approx(theirs, rel=1e-12, abs=1e-15 * size)
        expected = Standardizer(method, ddof=ddof, columns=["x"]).fit_transform(part)["x"]
        np.testing.assert_allclose(scores[part.index], expected, rtol=1e-9, atol=1e-9)


def line_of(fit: ColumnFit) -> tuple[float | None, float | None]:
    return fit.center, fit.scale


def test_thousands_of_groups_agree_with_pandas() -> None:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"g": rng.integers(0, 3_000, 30_000), "x": rng.normal(1e6, 1.0, 30_000)})
    frame.loc[rng.random(30_000) < 0.05, "x"] = np.nan
    groups = frame.groupby("g")["x"]
    summary = Standardizer("robust", by="g", columns=["x"]).fit(frame).summary().dropna(subset="group")
    np.testing.assert_array_equal(summary["center"], groups.median())
    deviations = (frame["x"] - groups.transform("median")).abs().groupby(frame["g"]).median()
    np.testing.assert_allclose(summary["scale"], 1.4826 * deviations, rtol=1e-12)
    np.testing.assert_allclose(summary["sd"], groups.std(ddof=0), rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("share", [0.0, 0.25, 0.3, 0.5, 0.75, 1.0])
def test_quantiles_of_segments_are_those_of_numpy(share: float) -> None:
    rng = np.random.default_rng(2)
    parts = [rng.normal(size=size) for size in (1, 2, 3, 4, 17, 100)]
    segments = Segments(np.concatenate(parts), np.array([len(part) for part in parts]))
    assert segments.quantile(share).tolist() == [float(np.quantile(part, share)) for part in parts]


def test_numbers_too_large_in_one_group_are_refused() -> None:
    frame = pd.DataFrame({"g": ["a", "a", "b", "b"], "x": [1.0, 2.0, 1e301, 2.0]})
    with pytest.raises(StandardizeError, match="'x' holds numbers beyond 1e300"):
        Standardizer(by="g").fit(frame)


def test_more_groups_than_a_transform_can_hold_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "MOST_FITS", 5)
    frame = pd.DataFrame({"g": range(6), "x": np.arange(6.0)})
    with pytest.raises(StandardizeError, match="6 groups times 1 column are more than the 5"):
        Standardizer(by="g", columns=["x"]).fit(frame)


@pytest.mark.parametrize(("by", "total"), [((), 2), (("school",), 4)])
def test_progress_counts_columns_fitted_and_scored(by: tuple[str, ...], total: int) -> None:
    calls: list[tuple[int, int]] = []
    columns = ["points", "age"]
    fitting.fit_and_apply(FRAME, columns=columns, by=by, progress=lambda *call: calls.append(call))
    assert calls[0] == (0, total)
    assert calls[-1] == (total, total)
    assert calls == sorted(calls)
    assert {done for done, _ in calls} == set(range(total + 1))


@pytest.mark.parametrize("method", METHODS)
def test_a_group_of_one_is_called_not_comparable(method: str) -> None:
    frame = pd.DataFrame({"g": [*"aaaab"], "x": [1.0, 2.0, 3.0, 5.0, 9.0]})
    notes = Standardizer(method, columns=["x"], by="g").fit(frame).summary().set_index("group")["note"]
    assert "not comparable" in notes["b"] and "not comparable" not in notes["a"]
