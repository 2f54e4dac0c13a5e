"""Decisions as steps of the recipe: the table after them is the one that the package's own function makes."""

import numpy as np
import pandas as pd
import pytest

from analytics.dashboard.pages.outliers.steps import steps_of
from analytics.numbers import OutlierSearch
from analytics.numbers.outliers.decisions import Decisions, apply_decisions, decide
from analytics.recipe import Fence, Recipe
from analytics.recipe.deciding import decide_anew, first_decision, rows_decided
from analytics.recipe.recipe import Made, next_of
from analytics.tables import Table, read_table


def table() -> Table:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"a": rng.normal(size=80).round(3), "b": rng.integers(0, 50, 80)})
    frame["site"] = np.where(np.arange(80) % 2, "x", "y")
    frame.loc[[4, 50], "a"], frame.loc[[9, 50], "b"] = [9.5, -8.25], [400, -300]
    frame.loc[12, "a"] = np.nan
    return read_table(frame.to_csv(index=False).encode())


def after(steps: tuple, table: Table) -> pd.DataFrame:
    return Recipe(file=table.sha256, steps=steps).apply(table).frame


@pytest.mark.slow
@pytest.mark.parametrize("by", [None, "site"])
@pytest.mark.parametrize("action", ["drop", "mark", "winsorize", "set_missing", "keep"])
@pytest.mark.parametrize("method", ["zscore", "modified_zscore", "iqr", "esd", "mahalanobis"])
def test_the_table_after_the_steps_is_the_table_after_the_decisions(
    action: str, method: str, by: str | None
) -> None:
    read = table()
    report = OutlierSearch(read.frame).find(methods=[method], columns=["a", "b"], by=by)
    decision = decide(report, action, method=method)
    assert decision.rows
    steps = steps_of(read.frame, report, decision)
    wanted = apply_decisions(read.frame, report, Decisions((decision,)))
    pd.testing.assert_frame_equal(after(steps, read), wanted, check_dtype=False)
    if by is None and method in ("zscore", "modified_zscore", "iqr") and action != "keep":
        assert all(isinstance(step, Fence) for step in steps)  # so that next month's file can take them


def test_chosen_rows_are_named_by_their_number_in_the_file() -> None:
    read = table()
    frame = read.frame.iloc[40:]
    report = OutlierSearch(frame, row_numbers=frame.index.to_numpy() + 1).find(
        methods=["zscore"], columns=["a", "b"]
    )
    (step,) = steps_of(frame, report, decide(report, "drop", rows=[10, 11]))
    assert step.rows == (51, 52)


def test_a_later_decision_about_a_row_takes_the_place_of_earlier_ones() -> None:
    read = table()
    report = OutlierSearch(read.frame).find(methods=["modified_zscore"], columns=["a", "b"])
    rule = steps_of(read.frame, report, decide(report, "winsorize", method="modified_zscore"))
    flagged = np.unique(np.concatenate([rows_decided(step, read.frame) for step in rule]))
    assert {5, 10, 51} <= set(flagged)
    drop = steps_of(read.frame, report, decide(report, "drop", rows=[50]))
    made = decide_anew(rule, drop, np.array([51]), read.frame)
    frame = after(made, read)
    assert 50 not in frame.index and frame.loc[4, "a"] < 9.5 and frame.loc[9, "b"] < 400
    keep = steps_of(read.frame, report, decide(report, "keep", rows=[50, 4]))
    frame = after(decide_anew(made, keep, np.array([51, 5]), read.frame), read)
    assert frame.loc[50, "b"] == -300 and frame.loc[4, "a"] == 9.5 and frame.loc[9, "b"] < 400


def test_only_decisions_at_the_end_are_the_pages_own() -> None:
    read = table()
    fence = Fence("a", None, 3, "drop")
    made: Made = next_of(Recipe().apply(read), fence)
    assert len(made.frame) < 80
    assert first_decision((fence,)) == 0
    assert first_decision(()) == 0
