"""Decisions: what they change, how they are told, undone and applied again."""

import numpy as np
import pandas as pd
import pytest

from analytics.errors import ZetascopeError
from analytics.numbers import find_outliers
from analytics.numbers.outliers.column_scores import fences
from analytics.numbers.outliers.decisions import (
    Decisions,
    apply_decisions,
    cell_changes,
    decide,
    decisions_table,
    row_actions,
)
from analytics.numbers.outliers.report import OutlierReport


@pytest.fixture
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"a": rng.normal(size=60), "b": rng.integers(0, 100, 60), "name": "x"})
    table.loc[4, "a"], table.loc[7, "a"], table.loc[7, "b"] = 9.0, -8.0, 900
    return table


@pytest.fixture
def report(frame: pd.DataFrame) -> OutlierReport:
    return find_outliers(frame, methods=["modified_zscore", "iqr", "mahalanobis"], columns=["a", "b"])


@pytest.mark.slow
def test_keeping_changes_nothing(frame: pd.DataFrame, report: OutlierReport) -> None:
    kept = apply_decisions(frame, report, Decisions((decide(report, "keep", rows=[4, 7]),)))
    pd.testing.assert_frame_equal(kept, frame)


def test_dropping_by_rule_takes_the_flagged_rows(frame: pd.DataFrame, report: OutlierReport) -> None:
    after = apply_decisions(frame, report, Decisions((decide(report, "drop", method="modified_zscore"),)))
    assert set(frame.index) - set(after.index) == set(np.flatnonzero(report.flags["modified_zscore"]))
    assert 4 not in after.index


def test_a_rule_keeps_the_threshold_it_was_made_with(report: OutlierReport) -> None:
    decisions = Decisions((decide(report, "drop", method="modified_zscore"),))
    flagged = np.flatnonzero(report.scores["modified_zscore"] > 3.5)
    assert list(row_actions(decisions)) == flagged.tolist()
    assert decisions.made[0].threshold == 3.5
    assert (
        list(row_actions(Decisions((decide(report.with_thresholds({"iqr": 1e9}), "drop", method="iqr"),))))
        == []
    )


def test_winsorizing_moves_values_to_the_fence_they_cross(frame: pd.DataFrame, report: OutlierReport) -> None:
    decisions = Decisions((decide(report, "winsorize", rows=[4, 7], fence_method="iqr"),))
    after = apply_decisions(frame, report, decisions)
    low_a, high_a = fences("iqr", 1.5, report.spreads[0])
    _, high_b = fences("iqr", 1.5, report.spreads[1])
    assert after.loc[4, "a"] == pytest.approx(high_a[0])
    assert after.loc[7, "a"] == pytest.approx(low_a[0])
    assert after.loc[7, "b"] == pytest.approx(high_b[0])
    assert after.loc[4, "b"] == frame.loc[4, "b"]
    untouched = frame.index.difference([4, 7])
    pd.testing.assert_frame_equal(after.loc[untouched], frame.loc[untouched], check_dtype=False)
    again = find_outliers(after, methods=["iqr"], columns=["a", "b"])
    assert len(cell_changes(report, decisions)) == 3
    assert again.scores["iqr"][[4, 7]].max() < report.scores["iqr"][[4, 7]].min()


def test_setting_missing_empties_only_the_values_beyond(frame: pd.DataFrame, report: OutlierReport) -> None:
    after = apply_decisions(
        frame, report, Decisions((decide(report, "set_missing", method="modified_zscore"),))
    )
    assert np.isnan(after.loc[4, "a"])
    assert after.loc[4, "b"] == frame.loc[4, "b"]
    assert np.isnan(after.loc[7, "b"])
    assert after[["a", "b"]].isna().sum().sum() == len(
        cell_changes(report, Decisions((decide(report, "set_missing", method="modified_zscore"),)))
    )


def test_marking_adds_a_column_with_a_free_name(frame: pd.DataFrame, report: OutlierReport) -> None:
    taken = frame.assign(unusual="no")
    after = apply_decisions(taken, report, Decisions((decide(report, "mark", rows=[7]),)))
    assert after["unusual_"].to_numpy().nonzero()[0].tolist() == [7]
    assert (after["unusual"] == "no").all()


def test_the_last_decision_on_a_row_counts_and_can_be_undone(report: OutlierReport) -> None:
    decisions = Decisions().add(decide(report, "drop", method="modified_zscore"))
    kept = decisions.add(decide(report, "keep", rows=[7]))
    assert row_actions(kept)[7].action == "keep"
    assert row_actions(kept)[4].action == "drop"
    assert kept.undo() == decisions
    assert Decisions().undo() == Decisions()


def test_decisions_survive_json(report: OutlierReport) -> None:
    decisions = Decisions(
        (decide(report, "drop", rows=[1, 2], note="bad"), decide(report, "mark", method="iqr"))
    )
    assert Decisions.from_json(decisions.to_json()) == decisions


@pytest.mark.parametrize("text", ["", "{}", '[{"act": 1}]', '[{"action": "drop", "rows": "x"}]', "[3]"])
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(ZetascopeError, match="no list of decisions"):
        Decisions.from_json(text)


def test_the_table_tells_row_rule_change_and_reason(report: OutlierReport) -> None:
    decisions = Decisions((decide(report, "winsorize", method="modified_zscore", note="sensor"),))
    table = decisions_table(report, decisions).set_index("row")
    assert table.loc[5, "rule"] == "Modified z above 3.5"
    assert table.loc[5, "changes"].startswith("a: 9 to ")
    assert table.loc[5, "note"] == "sensor"
    assert "robust SD above the median" in table.loc[5, "reason"]
    assert decisions_table(report, Decisions()).shape == (0, 8)


def test_the_table_has_the_line_of_the_file_beside_each_row(report: OutlierReport) -> None:
    decisions = Decisions((decide(report, "drop", rows=[4, 30]),))
    table = decisions_table(report, decisions, lines=np.arange(60) * 2 + 3)
    assert table[["row", "line"]].values.tolist() == [[5, 11], [31, 63]]
    assert list(table.columns[:2]) == ["row", "line"]
    assert "line" in decisions_table(report, Decisions(), lines=np.arange(60)).columns


def test_changed_values_stand_whole_in_the_table() -> None:
    values = [*range(40), 1_318_683_096]
    report = find_outliers(pd.DataFrame({"a": values}), methods=["iqr"])
    table = decisions_table(report, Decisions((decide(report, "winsorize", method="iqr"),)))
    assert table["changes"].tolist() == ["a: 1318683096 to 60"]


def test_the_first_lines_of_the_table_are_those_of_the_whole(report: OutlierReport) -> None:
    decisions = Decisions((decide(report, "winsorize", rows=[4, 2, 9, 30]),))
    first = decisions_table(report, decisions, first=2)
    pd.testing.assert_frame_equal(first, decisions_table(report, decisions).head(2))


def test_duplicate_index_labels_do_not_confuse_rows(frame: pd.DataFrame) -> None:
    twice = frame.set_axis([0] * 60)
    report = find_outliers(twice, methods=["modified_zscore"], columns=["a", "b"])
    after = apply_decisions(twice, report, Decisions((decide(report, "drop", rows=[7]),)))
    assert len(after) == 59
    assert after["b"].max() < 900


def test_nullable_columns_take_changes(frame: pd.DataFrame) -> None:
    nullable = frame.astype({"a": "Float64", "b": "Int64"})
    report = find_outliers(nullable, methods=["iqr"], columns=["a", "b"])
    after = apply_decisions(nullable, report, Decisions((decide(report, "set_missing", rows=[7]),)))
    assert after["b"].isna().to_numpy().nonzero()[0].tolist() == [7]


def test_bad_decisions_are_refused(frame: pd.DataFrame, report: OutlierReport) -> None:
    with pytest.raises(ZetascopeError, match="no action 'delete'"):
        decide(report, "delete", rows=[1])
    with pytest.raises(ZetascopeError, match="no row 61"):
        decide(report, "drop", rows=[60])
    with pytest.raises(ZetascopeError, match="either rows or"):
        decide(report, "drop")
    with pytest.raises(ZetascopeError, match="no scores of 'lof'"):
        decide(report, "drop", method="lof")
    with pytest.raises(ZetascopeError, match="'mahalanobis' has no fences"):
        decide(report, "winsorize", rows=[1], fence_method="mahalanobis")
    with pytest.raises(ZetascopeError, match="60 rows and this one has 59"):
        apply_decisions(frame.iloc[1:], report, Decisions())
