"""Statistics within groups: against pandas, with missing and unseen labels."""

import numpy as np
import pandas as pd
import pytest

from analytics.numbers import Standardizer
from analytics.numbers.methods import METHODS
from analytics.numbers.selection import group_index

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
