"""What sets a selection apart, against scipy and counting by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy.stats import binom
from scipy.stats.contingency import association

from analytics.errors import ZetascopeError
from analytics.tables.quantities import quantity
from analytics.text.selections.differences import selection_differences

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


def test_categories_are_corrected_cramers_v_with_missing_as_a_value() -> None:
    """Bergsma (2013), equations 3 to 5, written out for one table."""
    counts = {"red": (0, 30), "blue": (20, 20), None: (10, 0)}
    cells = [
        (level, chosen)
        for level, pair in counts.items()
        for chosen, k in zip((True, False), pair, strict=True)
        for _ in range(k)
    ]
    frame = pd.DataFrame({"colour": [level for level, _ in cells]})
    row = selection_differences(
        frame, np.array([chosen for _, chosen in cells]), kinds={"colour": "category"}
    ).iloc[0]
    phi2 = association(np.array([[0, 20, 10], [30, 20, 0]]), method="cramer") ** 2
    n, r, c = 80, 2, 3
    corrected = max(0, phi2 - (r - 1) * (c - 1) / (n - 1))
    assert row["effect"] == pytest.approx(np.sqrt(corrected / (min(r - 1 / (n - 1), c - 4 / (n - 1)) - 1)))
    assert row["difference"].startswith("red: 0.0% against 60.0%")


@pytest.mark.slow
def test_noise_with_many_levels_does_not_stand_before_a_true_difference() -> None:
    first, p_values = 0, []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        selected = np.arange(300) < 60
        frame = pd.DataFrame(
            {"noise": rng.integers(0, 50, 300).astype(str), "true": rng.normal(size=300) + 0.8 * selected}
        )
        found = selection_differences(frame, selected, kinds={"noise": "category", "true": "number"})
        first += found["column"][0] == "true"
        p_values.append(float(found.set_index("column").loc["noise", "p_value"]))
    assert first == 40
    # Rare levels: their p-values are drawn, and one in twenty is below 0.05 by chance.
    assert np.mean(np.array(p_values) < 0.05) <= binom.ppf(0.999, 40, 0.05) / 40


def test_what_chance_explains_stands_after_what_it_does_not() -> None:
    """Four rows differ a lot by chance; four hundred a little, and surely."""
    rng = np.random.default_rng(1)
    selected = np.arange(400) % 2 == 0
    sure = rng.normal(size=400) + 0.5 * selected
    few = np.full(400, np.nan)
    few[[0, 1, 2, 3]] = [5, 1, 6, 2]
    found = selection_differences(
        pd.DataFrame({"few": few, "sure": sure}), selected, kinds={"few": "number", "sure": "number"}
    )
    assert found["column"].tolist() == ["sure", "few"]
    assert found["effect"].abs().tolist()[1] == 1 and found["p_adjusted"].iloc[1] > 0.05


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
    with pytest.raises(ZetascopeError, match="Rows of the selection: 3, of the table: 8"):
        selection_differences(frame, np.ones(3, bool))
    assert selection_differences(frame, SELECTED, kinds={"name": "text"}).empty


TOKYO = "Asia/Tokyo"
DAYS = ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"]
LATE = np.array([False, False, True, True])


def moments(dtype: object) -> pd.Series:
    return pd.Series(np.array(DAYS, dtype="datetime64[s]")).astype(dtype)


@pytest.mark.parametrize(
    "column",
    [
        *(moments(f"datetime64[{unit}]") for unit in ("s", "ms", "us", "ns")),
        *(moments("datetime64[us]").dt.tz_localize(zone) for zone in ("UTC", TOKYO)),
        *(moments(pd.ArrowDtype(pa.timestamp(unit))) for unit in ("s", "ms", "us", "ns")),
        moments("datetime64[us]").dt.tz_localize(TOKYO).astype(pd.ArrowDtype(pa.timestamp("ms", TOKYO))),
        moments("datetime64[us]").astype(pd.ArrowDtype(pa.date32())),
        pd.Series(pd.PeriodIndex(DAYS, freq="D")),
    ],
    ids=lambda column: str(column.dtype),
)  # fmt: skip
def test_dates_of_any_type_and_unit_keep_their_days(column: pd.Series) -> None:
    row = selection_differences(pd.DataFrame({"day": column}), LATE).iloc[0]
    assert (row["kind"], row["effect"]) == ("time", 1)
    assert row["difference"] == "median 2024-01-03 against 2024-01-01: later"
    gap = column.mask([True, False, False, False])
    row = selection_differences(pd.DataFrame({"day": gap}), LATE).iloc[0]
    assert row["rest"] == "2024-01-02"


def test_days_far_off_and_times_of_one_day_are_told() -> None:
    days = [date(900, 1, 1), date(901, 5, 1), date(4000, 1, 1), date(9000, 12, 31)]
    far = np.array(days, dtype="datetime64[s]")
    row = selection_differences(pd.DataFrame({"day": far}), LATE).iloc[0]
    assert row["rest"] == str(days[0] + (days[1] - days[0]) // 2)
    assert row["selected"] == str(days[2] + (days[3] - days[2]) // 2)
    hours = pd.to_datetime(["2024-01-01 08:00", "2024-01-01 08:00", "2024-01-01 09:30", "2024-01-01 09:30"])
    row = selection_differences(pd.DataFrame({"at": hours}), LATE).iloc[0]
    assert row["difference"] == "median 2024-01-01 09:30:00 against 2024-01-01 08:00:00: later"


@pytest.mark.parametrize(
    "dtype",
    [*(f"timedelta64[{unit}]" for unit in ("s", "ms", "us", "ns")), pd.ArrowDtype(pa.duration("us"))],
    ids=str,
)
def test_lengths_of_time_are_lengths(dtype: object) -> None:
    spans = pd.Series(pd.to_timedelta(["-1h", "-1h", "26:30:00", "26:30:00"])).astype(dtype)
    row = selection_differences(pd.DataFrame({"span": spans}), LATE, kinds={"span": "time"}).iloc[0]
    assert row["difference"] == "median 1 day, 2:30:00 against −1:00:00: longer"
    assert row["effect"] == 1


@pytest.mark.parametrize(
    ("column", "effect"),
    [
        (pd.Series([2**53, 2**53, 2**53 + 1, 2**53 + 1]), 1),  # one apart, equal as floats
        (pd.Series([2**53 + 1, 2**53 + 1, 2**53, None], dtype="Int64"), -1),
        (pd.Series([2**64 - 2, 2**64 - 2, 2**64 - 1, 2**64 - 1], dtype="uint64"), 1),
        (pd.Series([False, False, True, None], dtype="boolean"), 1),
        (pd.Series([False, False, True, True]), 1),
        (pd.Series([1.0, 2.0, np.inf, 3.0]), 1),
        (pd.Series([1.0, -np.inf, 0.5, None], dtype="Float64"), -1),
        (pd.Series([1, 2, 3, None], dtype=pd.ArrowDtype(pa.int64())), 1),
        (pd.Series([1, 2, 3, 4], dtype="category"), 1),
        (pd.Series(["1", "2", "3", "4"]), 1),
    ],
    ids=lambda value: str(getattr(value, "dtype", "")),
)
def test_numbers_of_any_type_are_ordered_exactly(column: pd.Series, effect: int) -> None:
    row = selection_differences(pd.DataFrame({"n": column}), LATE, kinds={"n": "number"}).iloc[0]
    assert row["effect"] == effect
    assert "nan" not in row["difference"]


def test_both_spellings_of_a_category_are_one() -> None:
    frame = pd.DataFrame({"place": ["café", "bar", "cafe\u0301", "café"]})
    row = selection_differences(frame, LATE, kinds={"place": "category"}).iloc[0]
    assert row["difference"] in {
        "café: 100.0% against 50.0%, more often",
        "bar: 0.0% against 50.0%, less often",
    }


def test_dates_become_days_for_colours_and_ranges() -> None:
    found = quantity(moments("datetime64[ms]").mask([True, False, False, False])).floats()
    np.testing.assert_array_equal(found, [np.nan, 19724, 19725, 19726])
    far = quantity(pd.Series(np.array(["1500-01-01"], dtype="datetime64[us]"))).floats()
    assert far[0] == (np.datetime64("1500-01-01") - np.datetime64("1970-01-01")).astype(int)
    np.testing.assert_array_equal(quantity(pd.Series(pd.to_timedelta(["36h"]))).floats(), [1.5])


@pytest.mark.parametrize(
    ("frame", "selected", "kinds", "message"),
    [
        (pd.DataFrame({"a": [1, 2]}), ["x", "y"], None, "not true or false"),
        (pd.DataFrame({"a": [1, 2]}), [0, 5], None, "not true or false"),
        (pd.DataFrame({"a": [1, 2]}), [[True], [False]], None, "of the selection: 2, of the table: 2"),
        (pd.DataFrame({"a": [1, 2]}), [True, False], {"b": "number"}, "no column b"),
        (pd.DataFrame({"a": [1j, 2]}), [True, False], {"a": "number"}, "complex"),
        (pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"]), [True, False], {"a": "number"}, "same name"),
        (pd.DataFrame({"a": []}), [], None, "Select some rows"),
    ],
)
def test_what_cannot_be_compared_is_told(frame, selected, kinds, message) -> None:
    with pytest.raises(ZetascopeError, match=message):
        selection_differences(frame, selected, kinds=kinds)


def test_flags_may_be_missing() -> None:
    flags = pd.array([True, None, False, None], dtype="boolean")
    frame = pd.DataFrame({"n": [1, 2, 3, 4]})
    assert selection_differences(frame, flags, kinds={"n": "number"})["effect"].tolist() == [-1]
