"""Rows of any kind: what is planted comes first, with its reason; clean rows are flagged as often as told."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.errors import ZetascopeError
from analytics.numbers import OutlierReport, find_outliers
from analytics.numbers.outliers.mixed.order import out_of_order
from analytics.numbers.outliers.mixed.reasons import mixed_reasons
from analytics.numbers.outliers.mixed.scoring import mixed_scores


def clean(rows: int, seed: int, *, together: bool = False) -> pd.DataFrame:
    """Numbers, categories, dates and texts, all ordinary; ``together``: they go with each other."""
    rng = np.random.default_rng(seed)
    common = rng.normal(size=rows)

    def along() -> np.ndarray:
        own = rng.normal(size=rows)
        return 0.8 * common + 0.6 * own if together else own

    when = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 1000, rows), unit="D")
    return pd.DataFrame(
        {
            "amount": np.exp(along()).round(2),
            "grade": np.array(list("abcde"))[np.digitize(along(), [-1, 0, 1, 2])],
            "city": [f"c{place}" for place in rng.zipf(1.8, rows)],
            "paid": rng.choice(["card", "cash", "bank"], rows, p=[0.7, 0.25, 0.05]),
            "when": when,
            "then": when + pd.to_timedelta(rng.integers(0, 60, rows), unit="D"),
            "code": [f"AB-{place:04d}" for place in rng.permutation(rows)],
        }
    )


@pytest.mark.slow
@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize(("rows", "tables"), [(50, 16), (200, 12), (1000, 6)])
def test_clean_rows_are_flagged_no_more_often_than_told(rows: int, tables: int, together: bool) -> None:
    flagged = 0
    for seed in range(tables):
        found = mixed_scores(frame := clean(rows, seed, together=together), columns=list(frame))
        assert found is not None
        flagged += int((found.scores > np.quantile(found.clean, 0.99)).sum())
    # Rows of one table are not independent, but vary less than independent ones.
    assert flagged <= stats.binom.ppf(0.999, rows * tables, 0.01)


def planted() -> pd.DataFrame:
    frame = clean(1500, 3)
    frame["tier"] = np.where(frame["grade"].isin(["a", "b"]), "low", "high")
    frame.loc[10, "paid"] = "Csah"
    frame.loc[20, ["when", "then"]] = pd.Timestamp("1900-01-01")
    frame.loc[30, "code"] = "AB 12/x"
    frame.loc[40, "then"] = frame.loc[40, "when"] - pd.Timedelta(days=30)
    frame.loc[frame.index[frame["grade"] == "b"][5], "tier"] = "high"
    return frame


def searched(frame: pd.DataFrame) -> OutlierReport:
    return find_outliers(frame, methods=["mixed"])


@pytest.mark.slow
def test_what_is_planted_comes_first_with_its_reason_in_words() -> None:
    frame = planted()
    report = searched(frame)
    assert report.mixed is not None
    place = report.scores["mixed"].rank(ascending=False)
    odd = frame.index[frame["grade"] == "b"][5]
    for row, words in [
        (10, "paid is 'Csah' in 1 row of 1,500"),
        (20, "when 1900-01-01 is early (typical 2020-"),
        (30, "code is written 'A 9/a', as 1 row of 1,500; most are 'A-9'"),
        (40, "then comes before when"),
        (odd, "together with tier 'high': 1 row, where"),
    ]:
        assert place[row] <= 12
        assert words in report.reasons[row]
        assert words in " ".join(reason.sentence for reason in mixed_reasons(report.mixed, row))


def test_parts_add_up_to_the_score() -> None:
    frame = planted().head(300)
    found = mixed_scores(frame, columns=list(frame))
    assert found is not None
    for row in range(60):
        assert sum(reason.amount for reason in mixed_reasons(found, row)) == pytest.approx(found.scores[row])


def test_it_needs_no_numbers_and_says_so_of_the_others() -> None:
    frame = pd.DataFrame({"a": [*"xyz" * 20, "q"], "b": [*"uv" * 30, "u"]})
    report = find_outliers(frame, methods=["zscore", "mahalanobis", "mixed"])
    assert report.methods == ("mixed",)
    assert "needs a number column" in report.skipped["zscore"]
    assert report.scores["mixed"].idxmax() == 60


def test_missing_values_are_no_surprise() -> None:
    frame = clean(120, 0)
    frame.loc[5] = None
    assert searched(frame).scores["mixed"][5] == 0.0


@pytest.mark.parametrize("down", [False, True])
def test_dates_out_of_order_are_the_fewest_that_have_to_move(down: bool) -> None:
    seconds = np.arange(100.0)
    seconds[[30, 31]], seconds[70] = seconds[[31, 30]], 2.0
    (found,) = out_of_order({"t": -seconds if down else seconds})
    assert 70 in found.rows and len(found.rows) == 2 and found.downward is down
    assert found.term == pytest.approx(-np.log(2 / 100))
    assert not out_of_order({"t": np.random.default_rng(0).normal(size=100)})


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (pd.DataFrame({"a": ["x"] * 30}), "at least one column that varies"),
        (pd.DataFrame({"a": list("xyzxyz")}), "at least 10 rows"),
    ],
)
def test_what_can_not_be_judged_is_said(frame: pd.DataFrame, words: str) -> None:
    with pytest.raises(ZetascopeError, match=words):
        searched(frame)


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(ZetascopeError, match="no column 'nowhere'"):
        find_outliers(clean(50, 0), methods=["mixed"], others=["nowhere"])


@pytest.mark.slow
def test_what_is_not_looked_at_is_said() -> None:
    rng = np.random.default_rng(0)
    wide = pd.DataFrame({f"c{place}": rng.choice(list("ab"), 40) for place in range(30)})
    (note,) = searched(wide).notes
    assert "in the first 300 of 435 pairs of columns" in note
    grouped = find_outliers(clean(60, 0), methods=["zscore", "mixed"], columns=["amount"], by="grade")
    assert "Mixed rows looks at the whole table, whatever the groups." in grouped.notes
