"""Rows in order with names, more than chance, and thresholds among the scores that occur."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.errors import ZetascopeError
from analytics.numbers import find_outliers
from analytics.numbers.outliers.judging.excess import beyond_clean, excess_of
from analytics.numbers.outliers.judging.ranking import ranking, rows_in_order
from analytics.numbers.outliers.judging.scale import threshold_scale
from analytics.numbers.outliers.methods import COLUMN_METHODS

QUICK = (*COLUMN_METHODS, "mahalanobis", "ecod")


def towns(rows: int = 200) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"x": rng.normal(size=rows), "y": rng.normal(size=rows)})
    frame.insert(0, "town", [f"town {place % 20}" for place in range(rows)])
    frame.insert(1, "year", [2000 + place // 20 for place in range(rows)])
    frame.loc[5, "x"], frame.loc[[5, 9], "y"] = 9.0, [8.0, -7.0]
    return frame


def test_rows_stand_in_order_of_votes_and_then_of_the_vote_score() -> None:
    report = find_outliers(towns(), methods=QUICK)
    order = rows_in_order(report)
    keys = [(-report.votes[row], -report.vote_scores[row]) for row in order]
    assert keys == sorted(keys)
    assert sorted(order) == list(range(200))


def test_the_ranking_names_rows_and_says_why_in_a_few_words() -> None:
    frame = towns()
    table = ranking(find_outliers(frame, methods=QUICK, label=["town", "year"]), first=40)
    assert table.loc[0, ["place", "row", "name"]].tolist() == [1, 6, "town 5, 2000"]
    assert table.loc[0, "why"].startswith("x 9 (typical up to ") and "; y 8 (typical" in table.loc[0, "why"]
    assert "y −7 (typical from " in table.loc[table["row"] == 10, "why"].item()
    assert (table.loc[table["votes"] == 0, ["why", "flagged_by", "reason"]] == "").all(axis=None)
    assert (
        len(ranking(find_outliers(frame, methods=QUICK)))
        == (find_outliers(frame, methods=QUICK).votes > 0).sum()
    )
    with pytest.raises(ZetascopeError, match="no column 'land'"):
        find_outliers(frame, label="land")


def test_a_value_that_many_rows_have_is_not_told_beside_a_typical_one_as_high() -> None:
    """Fences lie among ordinary values where few different ones repeat, as prices of a list do."""
    price = np.repeat([2.0, 2.2, 2.4, 2.6, 12.9], [60, 60, 60, 60, 40])
    report = find_outliers(pd.DataFrame({"price": price}), methods=["iqr"])
    why = ranking(report, first=3).loc[0, "why"]
    assert why == "price 12.9 (a tenth of the rows or more are as high)"
    assert report.reasons[279].endswith("upper quartile (12.9; a tenth of the rows or more are as high).")


def test_names_leave_out_what_is_missing_and_midnight() -> None:
    frame = pd.DataFrame(
        {
            "who": ["Ann", None, "x" * 90] + ["Bo"] * 20,
            "day": pd.Timestamp("2024-05-01"),
            "n": [1.0, 2.0, None] + [3.0] * 20,
            "x": np.arange(23.0),
        }
    )
    data = find_outliers(frame, methods=["zscore"], columns=["x"], label=["who", "day", "n"]).data
    assert data.called(0) == "Ann, 2024-05-01, 1 (row 1)"
    assert data.called(1) == "2024-05-01, 2 (row 2)"
    assert data.called(2).endswith("… (row 3)")
    assert find_outliers(frame, methods=["zscore"], columns=["x"]).data.called(4) == "row 5"


@pytest.mark.parametrize("method", QUICK)
def test_thresholds_of_the_scale_flag_every_number_of_rows_at_the_end(method: str) -> None:
    report = find_outliers(towns(), methods=QUICK)
    scale = threshold_scale(report, method)
    scores = report.scores[method].to_numpy()
    flagged = [int((scores > threshold).sum()) for threshold in scale]
    assert list(scale) == sorted(set(scale)) and flagged == sorted(flagged, reverse=True)
    assert flagged[-1] == 0
    distinct = sorted({int((scores >= score).sum()) for score in scores})
    assert set(distinct[:3]) <= set(flagged)  # as few rows as can be told apart
    assert len(scale) <= 60


@pytest.mark.slow
def test_the_excess_is_beyond_what_clean_tables_have() -> None:
    clean = pd.DataFrame(np.random.default_rng(0).normal(size=(400, 3)), columns=list("abc"))
    any_clean, most_clean = excess_of(find_outliers(clean, methods=QUICK))
    assert not any_clean.is_more and not most_clean.is_more
    dirty = clean.copy()
    dirty.iloc[:25] = 9.0
    _, most = excess_of(find_outliers(dirty, methods=QUICK))
    assert most.is_more and most.more == most.found - round(most.expected)
    assert beyond_clean(find_outliers(clean, methods=QUICK)) == 0
    clean.iloc[3, 0] = 7.0
    assert beyond_clean(find_outliers(clean, methods=QUICK)) == 1
    assert beyond_clean(find_outliers(clean, methods=["ecod"])) == 0


@pytest.mark.slow
def test_clean_tables_have_no_more_rows_than_told_in_as_many_as_stated() -> None:
    """Rows beyond fences vary by half more than independent ones: a table's quartiles are off by chance."""
    tables, columns = 100, list("abcdefghij")
    counts = []
    for seed in range(tables):
        clean = pd.DataFrame(np.random.default_rng(seed).normal(size=(200, 10)), columns=columns)
        report = find_outliers(clean, methods=["iqr"], columns=columns)
        counts.append(int((report.votes > 0).sum()))
    told, _ = excess_of(report)
    assert told.at_most > stats.binom.ppf(0.95, 200, told.expected / 200)
    assert np.sum(np.array(counts) > told.at_most) <= stats.binom.ppf(0.99, tables, 0.05)
