"""Flags, votes, reasons and bad input of the report."""

import numpy as np
import pandas as pd
import pytest

from analytics.errors import ZetascopeError
from analytics.numbers import find_outliers
from analytics.numbers.outliers.cells import standard_scores
from analytics.numbers.outliers.methods import COLUMN_METHODS
from analytics.numbers.outliers.reasons import explain_rows
from analytics.words import number_text

QUICK = (*COLUMN_METHODS, "mahalanobis", "ecod")


def cars(rows: int = 150) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    horsepower = rng.normal(105, 20, rows).round()
    frame = pd.DataFrame(
        {"horsepower": horsepower, "price": (horsepower * 120 + rng.normal(0, 800, rows)).round()}
    )
    frame.loc[3] = [262.0, 36_000.0]
    frame.loc[9, "price"] = 1.0
    return frame


def test_flags_follow_the_thresholds_without_fitting_again(monkeypatch: pytest.MonkeyPatch) -> None:
    report = find_outliers(cars(), methods=QUICK)
    monkeypatch.setattr("analytics.numbers.outliers.search.measure_and_score", None)
    strict = report.with_thresholds({"zscore": 5.0})
    assert strict.scores is report.scores
    np.testing.assert_array_equal(strict.flags["zscore"], report.scores["zscore"] > 5)
    pd.testing.assert_series_equal(strict.flags["ecod"], report.flags["ecod"])
    assert report.thresholds["zscore"] == 3.0


def test_votes_count_the_methods_that_flag() -> None:
    report = find_outliers(cars(), methods=QUICK)
    np.testing.assert_array_equal(report.votes, report.flags.to_numpy().sum(axis=1))
    assert report.votes.idxmax() == 3
    assert list(report.reasons.index[:1]) == [3]
    assert set(report.reasons.index) == set(report.votes.index[report.votes > 0])


def test_the_vote_score_is_fishers_mean_of_rank_shares() -> None:
    frame = pd.DataFrame({"x": [0.0, 0.0, 1.0, 2.0, 9.0], "y": [5.0, 1.0, 1.0, 2.0, 1.0]})
    report = find_outliers(frame, methods=["zscore"])
    shares = report.scores["zscore"].rank(ascending=False) / 5
    np.testing.assert_allclose(report.vote_scores, -np.log(shares), rtol=1e-12)


def test_the_sentence_names_columns_amounts_and_typical_values() -> None:
    frame = cars()
    report = find_outliers(frame, methods=["zscore"])
    z = (frame - frame.mean()) / frame.std(ddof=0)
    low, high = frame["price"].quantile([0.1, 0.9])
    expected = (
        f"price {z.loc[3, 'price']:.1f} SD above the mean (36,000; typical {number_text(low)} to "
        f"{number_text(high)}), horsepower {z.loc[3, 'horsepower']:.1f} above (262; typical "
    )
    assert report.reasons[3].startswith(expected)
    assert " SD below the mean (1; typical " in report.reasons[9]


def test_every_flagged_row_has_a_reason_from_every_method_that_flags_it() -> None:
    report = find_outliers(cars(), methods=QUICK)
    for explained in explain_rows(report, report.flagged_rows()):
        assert {reason.method for reason in explained.reasons} == set(explained.methods)
        assert explained.sentence.endswith(".")


def test_reasons_of_column_methods_are_the_values_beyond_the_threshold() -> None:
    report = find_outliers(cars(), methods=["modified_zscore"], thresholds={"modified_zscore": 2.0})
    values = np.column_stack(report.data.values)
    distances = np.abs(values - np.median(values, axis=0))
    cells = distances / (1.4826 * np.median(distances, axis=0))
    found = {
        (explained.row, reason.column, round(reason.amount, 9))
        for explained in explain_rows(report, np.arange(150))
        for reason in explained.reasons
    }
    beyond = np.argwhere(cells > 2.0)
    assert found == {(row, report.columns[col], round(cells[row, col], 9)) for row, col in beyond.tolist()}


def test_reasons_name_the_group() -> None:
    frame = cars()
    frame["origin"] = np.where(np.arange(150) % 2 == 0, "Europe", "Japan")
    report = find_outliers(frame, methods=["zscore"], by="origin")
    assert report.reasons[3].endswith("Group: Japan.")


def test_an_ordinary_row_says_so() -> None:
    report = find_outliers(cars(), methods=["zscore"])
    ordinary = int(report.scores["zscore"].argmin())
    assert explain_rows(report, [ordinary])[0].sentence == "No method calls this row unusual."


def test_standard_scores_are_signed_and_within_groups() -> None:
    frame = cars()
    frame["origin"] = np.arange(150) % 3
    report = find_outliers(frame, methods=["zscore"], columns=["horsepower", "price"], by="origin")
    expected = frame.groupby("origin")[["horsepower", "price"]].transform(
        lambda x: (x - x.mean()) / x.std(ddof=0)
    )
    np.testing.assert_allclose(standard_scores(report, np.arange(150)), expected, rtol=1e-10)


@pytest.mark.parametrize(
    ("value", "text"),
    [(262.0, "262"), (36_000.0, "36,000"), (0.12345, "0.1235"), (-1.5, "−1.5"), (2.0, "2"), (1234.56, "1235"),
     (np.nan, "missing"), (1e-9, "1e−09"), (0.0, "0"), (-0.0, "0"), (3.2e17, "3.2e+17"), (31.6, "31.6"),
     (0.05, "0.05"), (1_318_683_096.0, "1,318,683,096")],
)  # fmt: skip
def test_numbers_are_written_as_people_write_them(value: float, text: str) -> None:
    assert number_text(value) == text


def test_row_labels_of_the_index_are_kept() -> None:
    frame = cars().set_axis([f"car {i}" for i in range(150)])
    assert find_outliers(frame, methods=["zscore"]).reasons.index[0] == "car 3"


BAD_INPUT = [
    ({"methods": ["zscores"]}, "no method 'zscores'; there are: zscore, "),
    ({"methods": []}, "No method is chosen"),
    ({"columns": ["pris"]}, "no column 'pris'; it has horsepower, price"),
    ({"columns": ["name"]}, "Column 'name' holds text, not numbers"),
    ({"columns": []}, "No number column is chosen"),
    ({"columns": ["empty"]}, "Column 'empty' has no finite value: leave it out."),
    ({"by": "nothing"}, "no column 'nothing'"),
    ({"by": "row_id", "columns": ["price"]}, "makes 150 groups of 150 rows"),
    ({"thresholds": {"z": 3}}, "no method 'z'"),
    ({"thresholds": {"zscore": np.nan}}, "is not a number"),
    ({"thresholds": {"zscore": -1}}, "is negative"),
    ({"methods": ["mahalanobis"], "columns": ["price"]}, "needs at least two that vary: there is 1"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD_INPUT)
def test_bad_input_is_one_clear_sentence(arguments: dict, message: str) -> None:
    frame = cars().assign(name="x", row_id=np.arange(150) * 1.0, empty=np.nan)
    with pytest.raises(ZetascopeError) as refusal:
        find_outliers(frame, **{"columns": ["horsepower", "price"], **arguments})
    assert message in str(refusal.value)


def test_tables_without_rows_or_numbers_are_refused() -> None:
    with pytest.raises(ZetascopeError, match="no rows"):
        find_outliers(cars().iloc[:0], columns=["price"])
    with pytest.raises(ZetascopeError, match="no column of numbers"):
        find_outliers(pd.DataFrame({"a": ["x", "y"]}))
    twice = pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"])
    with pytest.raises(ZetascopeError, match="more than once"):
        find_outliers(twice)


@pytest.mark.parametrize("rows", [1, 2, 3, 5, 9, 12])
def test_small_tables_say_what_they_are_too_small_for(rows: int) -> None:
    frame = pd.DataFrame({"a": np.arange(rows) ** 2.0, "b": np.arange(rows) * 0.5})
    if rows < 3:
        with pytest.raises(ZetascopeError, match="needs at least 3 values"):
            find_outliers(frame)
        return
    report = find_outliers(frame, methods=QUICK)
    assert set(report.methods) | set(report.skipped) == set(QUICK)
    assert ("esd" in report.skipped) == (rows < 15)
    assert report.flags.shape == (rows, len(report.methods))


def test_constant_and_collinear_columns_still_give_scores() -> None:
    frame = cars().assign(constant=7.0)
    frame["double"] = frame["price"] * 2
    report = find_outliers(frame, methods=QUICK)
    assert report.scores.notna().all(axis=None)
    assert any("collinear: 2 of 3 directions" in note for note in report.notes)


def test_one_method_that_can_not_run_leaves_the_others() -> None:
    report = find_outliers(cars(), columns=["price"])
    assert report.methods == COLUMN_METHODS
    assert "across columns" in report.skipped["lof"]
    with pytest.raises(
        ZetascopeError, match=r"no scores of 'lof' \(Local Outlier Factor looks across columns"
    ):
        report.with_thresholds({"lof": 1.0})
