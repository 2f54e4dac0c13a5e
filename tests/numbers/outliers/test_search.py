"""Searches that keep what did not change: equal to searches made anew, quick, and bounded in memory."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.errors import ZetascopeError
from analytics.numbers import OutlierReport, OutlierSearch, find_outliers
from analytics.numbers.outliers.kept import Kept, array_bytes
from analytics.numbers.outliers.laws import clean_scores, distance_law
from analytics.numbers.outliers.methods import OUTLIER_METHODS

COLUMNS = ("plain", "twin", "skewed", "spiked", "whole", "gaps")
QUICK = ("zscore", "modified_zscore", "iqr", "esd", "mahalanobis", "ecod")


def measured(rows: int = 90) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    plain = rng.normal(10, 2, rows)
    frame = pd.DataFrame(
        {
            "plain": plain,
            "twin": plain + rng.normal(0, 0.3, rows),
            "skewed": np.exp(rng.normal(0, 1, rows)),
            "spiked": np.where(rng.random(rows) < 0.7, 0.0, rng.normal(0, 1, rows)),
            "whole": rng.poisson(5, rows),
            "gaps": np.where(rng.random(rows) < 0.3, np.nan, rng.normal(0, 1, rows)),
            "site": rng.choice(["north", "south"], rows),
        }
    )
    frame.loc[3, ["plain", "gaps"]] = [60.0, np.inf]
    frame.loc[7, list(COLUMNS[:4])] = np.nan
    return frame


TABLE = measured()
CHOICES: tuple[dict[str, Any], ...] = (
    {"methods": QUICK, "columns": COLUMNS},
    {"methods": QUICK[1:], "columns": COLUMNS},
    {"methods": QUICK, "columns": COLUMNS[:-1]},
    {"methods": QUICK[:2], "columns": COLUMNS[::-1]},
    {"methods": QUICK, "columns": COLUMNS, "by": "site"},
    {"methods": QUICK, "columns": COLUMNS, "seed": 3},
    {"methods": QUICK, "columns": COLUMNS, "thresholds": {"zscore": 1.5}},
)
SEARCH = OutlierSearch(TABLE)
SMALL = OutlierSearch(TABLE, max_bytes=6_000)


@pytest.fixture(scope="module", autouse=True)
def few_simulated_rows() -> Iterator[None]:
    """Whether searches agree does not depend on how many clean rows are simulated for each of them."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (distance_law, clean_scores):
            patch.setattr(module, "CLEAN_ROWS", 2_000)
        patch.setattr(distance_law, "_MOST_CLEAN_ROWS", 2_000)
        patch.setattr(distance_law, "_DIRECTIONS", 500)
        patch.setattr(distance_law, "_laws", Kept(2**24))
        patch.setattr(clean_scores, "_MOST_ROWS", 2_000)
        patch.setattr(clean_scores, "_TABLES", {"lof": 2, "isolation_forest": 3, "ecod": 4})
        for name in ("_column_scores", "_row_scores"):
            patch.setattr(clean_scores, name, Kept(2**24))
        yield


@cache
def alone(number: int) -> OutlierReport:
    return find_outliers(TABLE, **CHOICES[number])


def assert_same(one: OutlierReport, other: OutlierReport) -> None:
    pd.testing.assert_frame_equal(one.scores, other.scores, check_exact=True)
    pd.testing.assert_series_equal(one.vote_scores, other.vote_scores, check_exact=True)
    np.testing.assert_array_equal(one.flagged_rows(), other.flagged_rows())
    assert (one.thresholds, one.notes, one.skipped) == (other.thresholds, other.notes, other.skipped)
    pd.testing.assert_series_equal(one.reasons, other.reasons)
    assert set(one.parts) == set(other.parts)
    assert set(one.clean_scores) == set(other.clean_scores)
    for method in one.parts:
        np.testing.assert_array_equal(one.parts[method].values, other.parts[method].values)
        np.testing.assert_array_equal(one.parts[method].rows, other.parts[method].rows)
    for method in one.clean_scores:
        np.testing.assert_array_equal(one.clean_scores[method], other.clean_scores[method])


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
@given(
    methods=st.sets(st.sampled_from(tuple(OUTLIER_METHODS)), min_size=1),
    columns=st.lists(st.sampled_from(COLUMNS), min_size=1, unique=True),
    by=st.sampled_from([None, "site"]),
    seed=st.integers(0, 1),
)
def test_any_search_after_any_others_is_that_of_a_new_table(
    methods: set[str], columns: list[str], by: str | None, seed: int
) -> None:
    choice = {"methods": tuple(methods), "columns": columns, "by": by, "seed": seed}
    try:
        expected = find_outliers(TABLE, **choice)
    except ZetascopeError as error:
        for search in (SEARCH, SMALL):
            with pytest.raises(ZetascopeError, match="No method can score"):
                search.find(**choice)
        assert "No method can score" in str(error)
        return
    for search in (SEARCH, SMALL):
        assert_same(search.find(**choice), expected)


@pytest.mark.slow
@pytest.mark.parametrize(
    "max_bytes", [10**8, *(pytest.param(few, marks=pytest.mark.slow) for few in (6_000, 0))]
)
def test_choices_one_after_the_other_give_what_each_gives_alone(max_bytes: int) -> None:
    search = OutlierSearch(TABLE, max_bytes=max_bytes)
    for number in (*range(len(CHOICES)), *range(len(CHOICES))):
        assert_same(search.find(**CHOICES[number]), alone(number))
    assert search.bytes <= max_bytes


def counted(monkeypatch: pytest.MonkeyPatch, name: str) -> list[tuple]:
    calls: list[tuple] = []

    def count(function: Callable) -> Callable:
        def counting(*args: object, **options: object) -> object:
            calls.append(args)
            return function(*args, **options)

        return counting

    module, attribute = name.rsplit(".", 1)
    target = __import__(module, fromlist=[attribute])
    monkeypatch.setattr(target, attribute, count(getattr(target, attribute)))
    return calls


@pytest.mark.slow
def test_a_method_taken_away_and_put_back_computes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    search = OutlierSearch(TABLE)
    search.find(methods=QUICK, columns=COLUMNS)
    detected = counted(monkeypatch, "analytics.numbers.outliers.across_scores.detect")
    scored = counted(monkeypatch, "analytics.numbers.outliers.search.measure_and_score")
    search.find(methods=QUICK[1:-1], columns=COLUMNS)
    search.find(methods=QUICK, columns=COLUMNS)
    assert not detected
    assert not scored


@pytest.mark.slow
def test_a_new_method_computes_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    search = OutlierSearch(TABLE)
    search.find(methods=["zscore", "mahalanobis"], columns=COLUMNS)
    detected = counted(monkeypatch, "analytics.numbers.outliers.across_scores.detect")
    scored = counted(monkeypatch, "analytics.numbers.outliers.search.measure_and_score")
    measured = counted(monkeypatch, "analytics.numbers.outliers.column_scores._measure")
    search.find(methods=["zscore", "iqr", "mahalanobis", "ecod"], columns=COLUMNS)
    assert [methods for _, methods in scored] == [["iqr"]]
    assert {method for method, *_ in detected} == {"ecod"}
    assert not measured


def test_a_new_column_is_the_only_one_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    search = OutlierSearch(TABLE)
    search.find(methods=["zscore"], columns=COLUMNS[:-1])
    measured = counted(monkeypatch, "analytics.numbers.outliers.column_scores._measure")
    search.find(methods=["zscore"], columns=COLUMNS)
    assert [column for _, column in measured] == [len(COLUMNS) - 1]


@pytest.mark.slow
def test_what_is_missing_can_be_asked_before() -> None:
    search = OutlierSearch(TABLE)
    assert search.missing(QUICK, columns=COLUMNS) == QUICK
    search.find(methods=QUICK[:-1], columns=COLUMNS, seed=2)
    assert search.missing(QUICK, columns=COLUMNS, seed=2) == QUICK[-1:]
    assert search.missing(QUICK, columns=COLUMNS, seed=3) == QUICK[-2:]
    assert search.missing(QUICK[:2], columns=COLUMNS, by=("site",)) == QUICK[:2]


@pytest.mark.slow
def test_a_cancelled_search_leaves_nothing_half_done() -> None:
    search = OutlierSearch(TABLE)

    def cancel(done: int, total: int) -> None:
        if done > 110:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        search.find(methods=["zscore", "mahalanobis", "ecod"], columns=COLUMNS, progress=cancel)
    assert_same(
        search.find(methods=["zscore", "mahalanobis", "ecod"], columns=COLUMNS),
        find_outliers(TABLE, methods=["zscore", "mahalanobis", "ecod"], columns=COLUMNS),
    )


@pytest.mark.slow
def test_progress_rises_to_its_total() -> None:
    search = OutlierSearch(TABLE)
    for _ in range(2):
        told: list[tuple[int, int]] = []
        search.find(
            methods=["zscore", "mahalanobis", "ecod"],
            columns=COLUMNS,
            progress=lambda done, total, told=told: told.append((done, total)),
        )
        assert told == sorted(told)
        assert {total for _, total in told} == {300}


@pytest.mark.slow
def test_clean_distances_are_simulated_once_for_all_columns_of_a_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    complete = TABLE.drop(index=7).reset_index(drop=True)  # gaps have laws of their own
    monkeypatch.setattr(distance_law, "_laws", Kept(2**24))
    simulated = counted(monkeypatch, "analytics.numbers.outliers.laws.distance_law.robust_covariances")
    find_outliers(complete, methods=["mahalanobis"], columns=["plain", "whole", "skewed"])
    once = len(simulated)
    find_outliers(complete, methods=["mahalanobis"], columns=["twin", "whole", "skewed"])
    assert len(simulated) == once > 0
    find_outliers(complete, methods=["mahalanobis"], columns=["twin", "whole", "skewed"], by="site")
    assert len(simulated) > once


def test_what_was_not_used_for_longest_is_let_go() -> None:
    kept = Kept(100)
    for name in "abc":
        kept.put(name, np.zeros(5))
    assert ["a" in kept, "b" in kept, "c" in kept] == [False, True, True]
    assert kept.find("b") is not None
    kept.put("d", np.zeros(5))
    assert ["b" in kept, "c" in kept, "d" in kept] == [True, False, True]
    kept.put("huge", np.zeros(50))
    assert "huge" not in kept
    assert "b" in kept
    kept.put("b", np.zeros(2))
    assert kept.bytes == 56


@pytest.mark.slow
def test_the_memory_of_a_result_is_that_of_its_arrays() -> None:
    report = find_outliers(TABLE, methods=["zscore", "mahalanobis"], columns=COLUMNS)
    parts = report.parts["mahalanobis"]
    law = parts.law
    assert law is not None
    of_law = sum(part.nbytes for part in (law.clean, law.ordered, law.reach, law.log_share, law.log_new))
    assert array_bytes(parts) == parts.rows.nbytes + parts.columns.nbytes + parts.values.nbytes + of_law
    for spread in report.spreads:
        assert array_bytes(spread) >= sum(array_bytes(test) for test in spread.esd if test)
    assert array_bytes("text") == array_bytes(None) == 0
