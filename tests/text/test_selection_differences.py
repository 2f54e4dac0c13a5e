"""What sets a selection apart, against scipy and counting by hand."""

import numpy as np
import pandas as pd
import pytest

from analytics.errors import ZetascopeError
from analytics.text.selection_differences import selection_differences

KINDS = {"score": "number", "colour": "category", "day": "time", "same": "number", "name": "text"}


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "score": [1.0, 2, 3, 4, 5, 6, 7, np.nan],
            "colour": ["red", "red", "red", "blue", "blue", "blue", None, "blue"],
            "day": pd.date_range("2024-01-01", periods=8),
            "same": [3] * 8,
            "name": list("abcdefgh"),
        }
    )


SELECTED = np.array([False, False, False, False, True, True, True, False])


def test_effects_by_hand(frame: pd.DataFrame) -> None:
    found = selection_differences(frame, SELECTED, kinds=KINDS).set_index("column")
    assert found.loc["score", "effect"] == 1  # 5, 6, 7 against 1 to 4
    assert "higher" in found.loc["score", "difference"]
    # Of 15 pairs of days, three have the selected row earlier (against the 8th).
    assert found.loc["day", "effect"] == pytest.approx((12 - 3) / 15)
    assert "later" in found.loc["day", "difference"]
    assert found.loc["same", "effect"] == 0
    assert "name" not in found.index


def test_categories_are_cramers_v_with_missing_as_a_value(frame: pd.DataFrame) -> None:
    from scipy.stats.contingency import association

    row = selection_differences(frame, SELECTED, kinds={"colour": "category"}).iloc[0]
    table = np.array([[0, 2, 1], [3, 2, 0]])  # red, blue, missing
    assert row["effect"] == pytest.approx(association(table, method="cramer"))
    assert row["difference"].startswith("red: 0.0% against 60.0%")


def test_planted_differences_come_first() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(400, 6)), columns=list("abcdef"))
    selected = np.arange(400) < 80
    frame.loc[selected, "d"] += 1.5
    frame["group"] = np.where(selected & (rng.random(400) < 0.9), "x", rng.choice(["x", "y", "z"], 400))
    found = selection_differences(frame, selected)
    assert set(found["column"][:2]) == {"d", "group"}
    assert (found["p_adjusted"] >= found["p_value"]).all()
    assert (found["p_adjusted"][2:] > 0.01).all()


def test_nullable_types_and_infinities_are_read() -> None:
    frame = pd.DataFrame({"a": pd.array([1, 2, None, 4], "Int64"), "b": [1.0, np.inf, 3, 4]})
    found = selection_differences(
        frame, np.array([True, True, False, False]), kinds={"a": "number", "b": "number"}
    )
    assert found.set_index("column")["effect"].to_dict() == {"a": -1.0, "b": -1.0}


def test_nothing_to_compare_is_told(frame: pd.DataFrame) -> None:
    for nothing in (np.zeros(8, bool), np.ones(8, bool)):
        with pytest.raises(ZetascopeError, match="Select some rows"):
            selection_differences(frame, nothing)
    with pytest.raises(ZetascopeError, match="3 rows"):
        selection_differences(frame, np.ones(3, bool))
    assert selection_differences(frame, SELECTED, kinds={"name": "text"}).empty
