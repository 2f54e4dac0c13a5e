"""Results of different units: verdicts against computations by hand, and the order of rows."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.numbers import StandardizeError, Standardizer
from analytics.numbers.standardizing.comparing import compare_results, rank_rows, result_of

RNG = np.random.default_rng(6)
FRAME = pd.DataFrame(
    {
        "maths": RNG.normal(60, 12, 200).round(),
        "reading": RNG.normal(500, 100, 200).round(),
        "sprint": RNG.normal(15, 1, 200),
        "school": RNG.choice(["a", "b"], 200),
    }
)
FITTED = Standardizer(columns=["maths", "reading", "sprint"]).fit(FRAME).parameters_


def test_the_better_result_is_further_above_its_own_mean() -> None:
    maths = result_of(FITTED, FRAME, "maths", 72.0, row=0)
    reading = result_of(FITTED, FRAME, "reading", 560.0, row=0)
    assert maths.score == pytest.approx((72 - FRAME["maths"].mean()) / FRAME["maths"].std(ddof=0))
    assert maths.beaten == pytest.approx((FRAME["maths"] < 72).mean())
    assert reading.normal_below == pytest.approx(stats.norm.cdf(reading.score))
    told = compare_results(maths, reading, method="zscore")
    assert told.better == ("maths" if maths.score > reading.score else "reading")
    assert told.difference == pytest.approx(maths.score - reading.score)
    assert told.sentence.startswith("72 in maths is the better result, by 0.")


def test_where_less_is_better_the_sign_and_the_share_turn() -> None:
    fast = result_of(FITTED, FRAME, "sprint", 13.0, row=0, lower_is_better=True)
    assert fast.merit == -fast.score > 1
    assert fast.beaten == pytest.approx((FRAME["sprint"] > 13.0).mean())
    slow = result_of(FITTED, FRAME, "sprint", 17.0, row=0, lower_is_better=True)
    assert compare_results(fast, slow, method="zscore").difference > 0


def test_within_groups_peers_are_the_rows_of_the_group() -> None:
    fitted = Standardizer(columns=["maths"], by="school").fit(FRAME).parameters_
    peers = FRAME[FRAME["school"] == FRAME["school"][5]]["maths"]
    result = result_of(fitted, FRAME, "maths", 80.0, row=5)
    assert result.score == pytest.approx((80 - peers.mean()) / peers.std(ddof=0))
    assert result.below == pytest.approx((peers < 80).mean())


def test_equal_missing_and_disagreeing_results_are_told() -> None:
    mean = float(FRAME["maths"].mean())
    level = result_of(FITTED, FRAME, "maths", mean, row=0)
    same = result_of(FITTED, FRAME, "reading", float(FRAME["reading"].mean()), row=0)
    assert compare_results(level, same, method="zscore").better is None
    gap = result_of(FITTED, FRAME, "reading", np.nan, row=0)
    told = compare_results(level, gap, method="zscore")
    assert told.better is None
    assert "reading has no score here" in told.sentence
    skewed = pd.DataFrame({"a": [0.0] * 90 + [100.0] * 10, "b": np.arange(100.0)})
    fitted = Standardizer().fit(skewed[["a"]].assign(b=skewed["b"] + 0.5)).parameters_
    first = result_of(fitted, skewed, "a", 50.0, row=0)
    second = result_of(fitted, skewed, "b", 96.0, row=0)
    assert first.score < second.score
    swapped = compare_results(result_of(fitted, skewed, "a", 99.0, row=0), second, method="zscore")
    assert not swapped.agree
    assert "By rank it is the other way round" in swapped.sentence


def test_a_column_without_scores_is_named() -> None:
    with pytest.raises(StandardizeError, match="'school' has no scores"):
        result_of(FITTED, FRAME, "school", 1.0, row=0)


def test_rows_are_ranked_by_their_mean_score() -> None:
    scores = pd.DataFrame({"a": [1.0, 0.0, np.nan, 1.0], "b": [1.0, -1.0, 3.0, 1.0]}, index=[7, 8, 9, 10])
    ranked = rank_rows(scores)
    assert ranked.index.tolist() == [7, 10, 8]
    assert ranked["rank"].tolist() == [1, 1, 3]
    with_gaps = rank_rows(scores, least=1)
    assert with_gaps.index.tolist() == [9, 7, 10, 8]
    assert with_gaps["used"].tolist() == [1, 2, 2, 2]
    turned = rank_rows(scores, lower_is_better=["b"])
    assert turned.loc[8, "mean_score"] == 0.5
    assert turned.loc[8, "rank"] == 1


def test_ranking_agrees_with_pandas() -> None:
    scores = Standardizer(columns=["maths", "reading", "sprint"]).fit_transform(FRAME)
    expected = (
        scores.assign(sprint=-scores["sprint"]).mean(axis=1).sort_values(ascending=False, kind="stable")
    )
    ranked = rank_rows(scores, lower_is_better=["sprint"])
    np.testing.assert_allclose(ranked["mean_score"], expected, rtol=1e-12)
    assert scores["sprint"].iloc[0] == Standardizer(columns=["sprint"]).fit_transform(FRAME)["sprint"].iloc[0]


def test_within_groups_a_result_stands_among_its_own() -> None:
    fitted = Standardizer(columns=["maths", "reading"], by="school").fit(FRAME).parameters_
    told = result_of(fitted, FRAME, "maths", 70.0, row=0).sentence("zscore")
    own = FRAME.loc[FRAME["school"] == FRAME["school"].iloc[0], "maths"]
    assert "above the mean of its school, better than" in told
    assert f"{100 * (own < 70).mean():.1f}% of its school." in told


def test_the_only_value_of_a_group_is_neither_better_nor_worse() -> None:
    frame = FRAME.assign(school=["c", *FRAME["school"].iloc[1:]])
    fitted = Standardizer(columns=["maths", "reading"], by="school").fit(frame).parameters_
    maths, reading = (
        result_of(fitted, frame, name, frame[name].iloc[0], row=0) for name in ("maths", "reading")
    )
    assert not maths.comparable
    told = compare_results(maths, reading, method="zscore")
    assert told.better is None
    assert "is not comparable: it is the only value of its school." in told.sentence
    assert told.sentence.endswith("There is nothing to compare.")
