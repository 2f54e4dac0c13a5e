"""Every step against what a reader of its sentence expects."""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from analytics.recipe import (
    Compare,
    Decide,
    Derive,
    Drop,
    DropDuplicates,
    DropNumbers,
    Extreme,
    Fence,
    Fill,
    Keep,
    LeaveOut,
    Measure,
    Pivot,
    RecipeError,
    Rename,
    Replace,
    Sample,
    SetMissing,
    SetTags,
    SetType,
    SetUnit,
    SplitByUnit,
    Step,
    StripUnit,
    Summarise,
    Tidy,
    ToUnit,
    Unpivot,
)
from analytics.recipe.room import room_of
from analytics.rows import ShownCells
from analytics.tables import Table, read_table


def table() -> Table:
    return read_table(
        b"city,price,n,day,weight\n"
        b"Rome,1.5,3,2024-01-31,5 kg\n"
        b" rome  ,,-999,2024-02-01,6kg\n"
        b"Oslo,4,2,,kg 7\n"
        b"Oslo,100,2,2024-01-31,about 8\n"
        b"Oslo,4,2,,kg 7\n"
    )


def cells(frame: pd.DataFrame, column: str) -> list[object]:
    return [None if pd.isna(value) else value for value in frame[column].tolist()]


@pytest.mark.parametrize(
    ("step", "column", "wanted", "changed"),
    [
        (SetMissing("n", (-999,)), "n", [3, None, 2, 2, 2], 1),
        (SetMissing("city", ("Oslo", "x")), "city", ["Rome", " rome  ", None, None, None], 3),
        (Replace("city", (" rome  ", "Rome"), "Roma"), "city", ["Roma", "Roma", *["Oslo"] * 3], 2),
        (Replace("n", (2,), 2.5), "n", [3, -999, 2.5, 2.5, 2.5], 3),
        (Replace("price", (4, 100), 7), "price", [1.5, None, 7, 7, 7], 3),
        (Tidy("city"), "city", ["Rome", "rome", *["Oslo"] * 3], 1),
        (Tidy("city", "lower"), "city", ["rome", "rome", *["oslo"] * 3], 5),
        (Fill("price", "value", 0), "price", [1.5, 0, 4, 100, 4], 1),
        (Fill("price", "median"), "price", [1.5, 4, 4, 100, 4], 1),
        (Fill("price", "mean"), "price", [1.5, 27.375, 4, 100, 4], 1),
        (Fill("price", "most frequent"), "price", [1.5, 4, 4, 100, 4], 1),
        (Fill("price", "previous"), "price", [1.5, 1.5, 4, 100, 4], 1),
        (Fence("price", 2, 50, "winsorize"), "price", [2, None, 4, 50, 4], 2),
        (Fence("price", None, 50, "set missing"), "price", [1.5, None, 4, None, 4], 1),
        (Fence("price", 2, None, "mark"), "unusual", [True, False, False, False, False], 1),
        (Decide((4,), "set missing", ("price", "n")), "price", [1.5, None, 4, None, 4], 2),
        (Decide((4,), "set missing", ("price", "n")), "n", [3, -999, 2, None, 2], 2),
        (Decide((1, 5), "mark"), "unusual", [True, False, False, False, True], 2),
        (SetTags("mine", ((2, "a"), (4, "b"))), "mine", [None, "a", None, "b", None], 2),
        (StripUnit("weight", "kg"), "weight", [5, 6, 7, None, 7], 5),
    ],
    ids=lambda value: value.sentence() if isinstance(value, Step) else "",
)
def test_cells_after_a_step(step: Step, column: str, wanted: list[object], changed: int) -> None:
    before = table().frame
    kept = before.copy()
    outcome = step.apply(before)
    assert cells(outcome.frame, column) == wanted
    assert outcome.cells == changed
    pd.testing.assert_frame_equal(before, kept)  # a frame is never changed in place


@pytest.mark.parametrize(
    ("step", "rows"),
    [
        (Keep(Compare("price", ">=", 4)), [2, 3, 4]),
        (Drop(Compare("price", ">=", 4)), [0, 1]),
        (DropNumbers((1, 4, 77)), [1, 2, 4]),
        (DropDuplicates(), [0, 1, 2, 3]),
        (DropDuplicates(("city",)), [0, 1, 2]),
        (Fence("n", 0, None, "drop"), [0, 2, 3, 4]),
        (Decide((3,), "drop"), [0, 1, 3, 4]),
        (Sample(9), [0, 1, 2, 3, 4]),
    ],
    ids=lambda value: value.sentence() if isinstance(value, Step) else "",
)
def test_rows_after_a_step_keep_their_place_in_the_file(step: Step, rows: list[int]) -> None:
    assert step.apply(table().frame).frame.index.tolist() == rows


def test_a_sample_is_the_same_for_a_seed_and_in_order() -> None:
    frame = pd.DataFrame({"x": range(1_000)})
    some = Sample(100, 3).apply(frame).frame.x.tolist()
    assert some == Sample(100, 3).apply(frame).frame.x.tolist() == sorted(some)
    assert len(set(some)) == 100
    assert some != Sample(100, 4).apply(frame).frame.x.tolist()


def test_row_numbers_are_those_of_the_file_after_rows_are_gone() -> None:
    left = DropNumbers((1,)).apply(table().frame).frame
    assert DropNumbers((2,)).apply(left).frame.index.tolist() == [2, 3, 4]
    assert cells(SetTags("tag", ((3, "here"),)).apply(left).frame, "tag") == [None, "here", None, None]


@pytest.mark.parametrize(
    ("to", "wanted", "lost"),
    [
        ("text", ["3", "-999", "2", "2", "2"], ()),
        ("number", [3, -999, 2, 2, 2], ()),
        ("identifier", ["3", "-999", "2", "2", "2"], ()),
        ("date:%y", [pd.Timestamp("2003-01-01"), *[None] * 4], ((1, "3"),)),
    ],
)
def test_types_are_really_taken_and_what_does_not_fit_is_listed(
    to: str, wanted: list[object], lost: tuple[tuple[int, str], ...]
) -> None:
    outcome = SetType("n", to).apply(table().frame)
    if lost or to.startswith("date"):
        assert outcome.failures == sum(value is None for value in cells(outcome.frame, "n"))
        assert all(text in ("3", "-999", "2") for _, text in outcome.examples)
    else:
        assert cells(outcome.frame, "n") == wanted
        assert not outcome.failures


def test_texts_become_dates_by_a_form_and_failures_carry_row_numbers() -> None:
    frame = pd.DataFrame({"day": pd.Series(["31.01.2024", "soon", None, "1.2.2024"], dtype="str")})
    outcome = SetType("day", "date:%d.%m.%Y").apply(frame)
    assert cells(outcome.frame, "day") == [pd.Timestamp("2024-01-31"), None, None, pd.Timestamp("2024-02-01")]
    assert (outcome.failures, outcome.examples) == (1, ((2, "soon"),))


@pytest.mark.parametrize(
    ("moments", "wanted"),
    [
        (["2024-01-31", None], ["2024-01-31", None]),
        (["2024-01-31 10:30", "2024-02-01"], ["2024-01-31 10:30:00", "2024-02-01 00:00:00"]),
        (["2024-01-31 10:30:00.5", None], ["2024-01-31 10:30:00.500", None]),
    ],
)
@pytest.mark.parametrize("to", ["text", "category", "identifier"])
def test_dates_become_the_texts_that_the_table_shows(
    moments: list[str | None], wanted: list[str | None], to: str
) -> None:
    frame = pd.DataFrame({"day": pd.to_datetime(pd.Series(moments), format="ISO8601")})
    assert cells(SetType("day", to).apply(frame).frame, "day") == wanted
    assert ShownCells.of(frame).page(np.arange(2))["day"].fillna("").tolist() == [one or "" for one in wanted]


def test_units_of_a_column_are_cut_and_what_is_none_is_listed() -> None:
    outcome = StripUnit("weight", "kg").apply(table().frame)
    assert (outcome.failures, outcome.examples) == (1, ((4, "about 8"),))


def test_a_summary_has_one_row_per_group_missing_keys_too() -> None:
    measures = tuple(Measure(how, None if how in ("rows", "share") else "price") for how in _HOW)
    made = Summarise(("day",), measures).apply(table().frame).frame
    assert made.columns.tolist() == ["day", *(measure.name for measure in measures)]
    prices = {"2024-01-31": [1.5, 100], "2024-02-01": [], None: [4, 4]}
    for place, (day, known) in enumerate(prices.items()):
        row = made.iloc[place]
        assert row.day == pd.Timestamp(day) if day else pd.isna(row.day)
        assert row["values of price"] == len(known)
        assert row["sum of price"] == sum(known)
        assert row["mean of price"] == pytest.approx(np.mean(known) if known else np.nan, nan_ok=True)
        assert row["sd of price"] == pytest.approx(np.std(known, ddof=1) if known else np.nan, nan_ok=True)
    assert made["rows"].tolist() == [2, 1, 2]
    assert made["share"].tolist() == [0.4, 0.2, 0.4]


_HOW = ("rows", "values", "sum", "mean", "median", "sd", "min", "max", "share")


def test_a_summary_without_groups_is_one_row() -> None:
    made = Summarise((), (Measure("rows"), Measure("max", "n"))).apply(table().frame).frame
    assert made.to_dict("records") == [{"rows": 5, "max of n": 3}]


def test_wide_to_long_and_back() -> None:
    wide = pd.DataFrame({"k": ["a", "b"], "x": [1.0, 2.0], "y": [3.0, None]})
    long = Unpivot(("x", "y"), "which", "how much").apply(wide).frame
    assert long.to_dict("list") == {
        "k": ["a", "b", "a", "b"],
        "which": ["x", "x", "y", "y"],
        "how much": [1.0, 2.0, 3.0, pytest.approx(np.nan, nan_ok=True)],
    }
    again = Pivot(("k",), "which", "how much").apply(long).frame
    pd.testing.assert_frame_equal(again, wide, check_column_type=False)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Rename("gone", "a"), "no column 'gone'"),
        (Rename("city", "n"), "a column 'n' already"),
        (LeaveOut(("city", "gone")), "no column 'gone'"),
        (SetUnit("gone", "kg"), "no column 'gone'"),
        (SetMissing("n", ("TBD",)), "takes a number, not 'TBD'"),
        (Replace("city", ("Oslo",), 5), "takes a text, not 5"),
        (Tidy("n"), "holds no texts"),
        (Fill("city", "mean"), "has no mean"),
        (Fill("city", "value"), "Say which value"),
        (Fence("city", 1, 2, "drop"), "holds no numbers"),
        (DropDuplicates(("gone",)), "no column 'gone'"),
        (SetTags("n", ((1, "a"),)), "is a column of the file"),
        (Summarise(("city",), (Measure("mean", "city"),)), "has no mean"),
        (Summarise(("city",), (Measure("mean"),)), "Say of which column"),
        (Summarise(("city",), (Measure("rows"), Measure("rows"))), "one name"),
        (Unpivot(("city", "n")), "number and text"),
        (Unpivot(("n",), "city"), "is a column already"),
        (Pivot(("city",), "city", "n"), "each of its columns once"),
    ],
    ids=lambda value: value.sentence() if isinstance(value, Step) else "",
)
def test_what_does_not_fit_is_one_sentence(step: Step, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        step.apply(table().frame)


def test_a_step_that_has_an_inverse_is_taken_back_by_it() -> None:
    step = Rename("city", "town")
    undone = step.inverse()
    assert undone is not None
    pd.testing.assert_frame_equal(undone.apply(step.apply(table().frame).frame).frame, table().frame)
    assert DropDuplicates().inverse() is None


def test_what_would_fill_the_memory_is_refused_before_it_is_made() -> None:
    rows = 6_000
    wide = pd.DataFrame({f"c{place}": np.zeros(rows) for place in range(1_300)}, copy=False)
    long = pd.DataFrame({"key": np.arange(rows), "name": np.arange(rows) % 1_999, "value": 1.0})
    with room_of(40 * 1024**2):
        with pytest.raises(RecipeError, match="The table would fill"):
            Unpivot(tuple(wide.columns[1:])).apply(wide)
        with pytest.raises(RecipeError, match="The table would fill"):
            Pivot(("key",), "name", "value").apply(long)


@pytest.mark.parametrize(
    "step",
    [
        SetType("n", "text"),
        SetType("price", "category"),
        SetType("day", "text"),
        SetType("city", "number"),
        SetMissing("n", (-999,)),
        Replace("city", ("Oslo",), "Rome"),
        Tidy("city", "upper"),
        StripUnit("weight", "kg"),
        ToUnit("weight", "g"),
        ToUnit("price", "g", "city"),
        SplitByUnit("price", "city"),
        Fill("price", "median"),
        Fill("price", "previous"),
        Fence("price", 2, 50, "winsorize"),
        Fence("price", 2, 50, "set missing"),
        Derive("twice", "price * 2"),
        DropDuplicates(("city",)),
        Keep(Compare("price", ">", 1)),
        Keep(Extreme("price", 2)),
    ],
    ids=lambda step: step.sentence(),
)
def test_rows_left_by_a_filter_are_treated_as_if_they_were_alone(step: Step) -> None:
    """A frame whose index is no longer 0, 1, 2 must not be mixed up with one that is."""
    left = table().frame.iloc[[1, 2, 4]]
    after = step.apply(left)
    alone = step.apply(left.reset_index(drop=True))
    assert (after.cells, after.failures) == (alone.cells, alone.failures)
    assert [left.index[row] for row in alone.frame.index] == after.frame.index.tolist()
    pd.testing.assert_frame_equal(after.frame.reset_index(drop=True), alone.frame.reset_index(drop=True))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Derive("ratio", "price /"), "The formula ends too early."),
        (lambda: Derive("", "price"), "column: "),
        (lambda: Derive("ratio", 3), "formula: "),  # type: ignore[arg-type]
        (lambda: Rename("a", "b", "rename", "c"), "Rename takes column, "),  # type: ignore[call-arg]
        (lambda: Rename("a"), "Field required"),  # type: ignore[call-arg]
        (lambda: Extreme("price", -1), "n: "),
        (lambda: Compare("price", "~", 3), "op: "),  # type: ignore[arg-type]
        (lambda: Keep("price"), "where"),  # type: ignore[arg-type]
        (lambda: ToUnit("weight", "pcs"), "no unit that others"),
    ],
)
def test_a_step_of_unfitting_values_is_one_sentence(make: Callable[[], object], said: str) -> None:
    with pytest.raises(RecipeError, match=re.escape(said)) as told:
        make()
    assert "\n" not in str(told.value)


def test_times_are_never_called_large() -> None:
    assert Extreme("day", 5).sentence().startswith("day is among its top 5,")
    assert Extreme("day", 5, largest=False).sentence().startswith("day is among its bottom 5,")
