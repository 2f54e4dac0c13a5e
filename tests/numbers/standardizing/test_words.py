"""What a score means in words, with shares counted independently."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.numbers import Standardizer
from analytics.numbers.standardizing.words import (
    CellMeaning,
    describe_cell,
    magnitude_in_words,
    percent,
    position_in_words,
)


def meaning(values: np.ndarray, row: int, method: str = "zscore") -> CellMeaning:
    fitted = Standardizer(method, columns=["x"]).fit(pd.DataFrame({"x": values}))
    score = fitted.transform(pd.DataFrame({"x": values}))["x"].to_numpy()[row]
    return describe_cell(values[row], score, values, fitted.parameters_.overall("x"), method=method)


def test_a_cell_is_told_by_distance_share_and_normal_share() -> None:
    values = np.arange(101.0)
    told = meaning(values, 95)
    assert told.below == 0.95
    assert told.normal_below == pytest.approx(stats.norm.cdf(45 / np.std(values)))
    assert told.sentence == (
        "1.5 standard deviations above the mean; higher than 95.0% of the other rows; "
        "in a normal distribution 93.9% would lie below."
    )


def test_ties_are_counted_apart() -> None:
    told = meaning(np.array([1.0, 2.0, 2.0, 2.0, 5.0]), 2)
    assert (told.below, told.equal) == (0.25, 0.5)
    assert "equal to 50.0%" in told.sentence


def test_the_ends_of_a_column_beat_all_or_none() -> None:
    values = np.array([1.0, 2.0, 3.0, 500.0])
    assert "; higher than all other rows; " in meaning(values, 3).sentence
    assert "; lower than all other rows; " in meaning(values, 0).sentence
    fit = Standardizer(columns=["x"]).fit(pd.DataFrame({"x": values})).parameters_.fits[0]
    far = describe_cell(9.0, 40.0, values, fit, method="zscore")
    assert far.sentence.endswith("in a normal distribution more than 99.999% would lie below.")


@pytest.mark.parametrize(
    ("values", "row", "said"),
    [
        ([1.0, np.nan, 3.0], 1, "missing"),
        ([1.0, np.inf, 3.0], 1, "infinite"),
        ([2.0, 2.0, 2.0], 0, "no spread"),
    ],
)
def test_awkward_cells_have_a_sentence_too(values: list[float], row: int, said: str) -> None:
    assert said in meaning(np.array(values), row).sentence


@pytest.mark.parametrize(
    ("score", "method", "said"),
    [
        (2.13, "zscore", "2.1 standard deviations above the mean"),
        (-1.0, "zscore", "1 standard deviation below the mean"),
        (0.001, "zscore", "At the mean"),
        (1234.5, "robust", "1,234 robust standard deviations above the median"),
        (0.25, "minmax", "25.0% of the way from the smallest to the largest value"),
        (-0.5, "maxabs", "-50.0% of the largest magnitude"),
    ],
)
def test_positions_read_as_people_say_them(score: float, method: str, said: str) -> None:
    assert position_in_words(score, method) == said


def test_magnitudes_name_the_share_of_a_normal_distribution() -> None:
    assert magnitude_in_words(0.4, "zscore").startswith("usual")
    assert magnitude_in_words(-2.5, "zscore").startswith("unusual: about 1 in 22")
    assert magnitude_in_words(3.5, "robust").startswith("rare: about 1 in 370")
    assert magnitude_in_words(9.0, "zscore").startswith("extreme")
    assert magnitude_in_words(0.5, "minmax") == ""


def test_shares_keep_the_digits_that_matter() -> None:
    assert [percent(share) for share in (0.0, 0.984, 0.99996, 0.9999999, 1.0)] == [
        "0%",
        "98.4%",
        "99.996%",
        "more than 99.999%",
        "100%",
    ]


def meaning_in_group(values: list[float], groups: list[str], row: int) -> CellMeaning:
    frame = pd.DataFrame({"x": values, "g": groups})
    fitted = Standardizer(columns=["x"], by="g").fit(frame)
    score = fitted.transform(frame)["x"].iloc[row]
    fit = fitted.parameters_.of_groups("x")[(groups[row],)]
    peers = frame.loc[frame["g"] == groups[row], "x"].to_numpy()
    return describe_cell(values[row], score, peers, fit, method="zscore")


def test_within_groups_words_speak_of_the_group() -> None:
    told = meaning_in_group([1.0, 2.0, 9.0, 4.0], list("aaab"), 2)
    assert "standard deviations above the mean of its group; higher than all other rows of its group" in (
        told.sentence
    )
    equal = meaning_in_group([2.0, 2.0, 5.0, 4.0], list("aabb"), 0)
    assert equal.sentence.startswith("All values of its group are equal")


def test_the_only_value_of_a_group_is_not_comparable() -> None:
    told = meaning_in_group([1.0, 2.0, 9.0, 4.0], list("aaab"), 3)
    assert told.score == 0
    assert told.sentence.startswith("This is the only value of its group, so it is not comparable")
    assert told.magnitude == ""
