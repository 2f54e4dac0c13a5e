"""A recipe's steps on an engine leave the rows and cells that they leave in memory."""

from decimal import Decimal
from typing import Any, get_args

import pandas as pd
import pyarrow as pa
import pytest

from analytics.errors import ZetascopeError
from analytics.recipe import Recipe
from analytics.recipe.conditions import (
    AllOf,
    AnyOf,
    Between,
    Compare,
    Contains,
    Extreme,
    IsMissing,
    Matches,
    Not,
    OneOf,
)
from analytics.recipe.steps import (
    AnyStep,
    Decide,
    Derive,
    Drop,
    DropDuplicates,
    DropNumbers,
    Fence,
    Fill,
    Keep,
    LeaveOut,
    Pivot,
    Rename,
    Replace,
    Sample,
    SetMissing,
    SetTags,
    SetType,
    SetUnit,
    SetValues,
    SplitByUnit,
    StripUnit,
    Summarise,
    Tidy,
    ToUnit,
    Unpivot,
)
from analytics.recipe.steps.base import Step
from analytics.recipe.steps.reshaping import Measure
from analytics.scale import ScaleError, lazy_problems, recipe_lazy
from tests.scale.conftest import Opened
from tests.scale.odd import odd_frame

STEPS: dict[str, tuple[Any, ...]] = {
    "compare": (Keep(Compare("plain", ">", 50)), Drop(Compare("nullable", "!=", 3))),
    "decimal": (Keep(Compare("cents", "<=", 50.5)),),
    "between": (Keep(Between("arrow", 40, 55.5)),),
    "infinite": (Drop(Compare("plain", "<", 0)),),
    "texts": (Keep(OneOf("kind", ("a", ""))), Keep(Compare("kind", ">=", ""))),
    "not": (Keep(Not(Compare("level", "==", 1))),),
    "missing": (Keep(AnyOf((IsMissing("arrow"), IsMissing("kind")))),),
    "all": (Keep(AllOf((Compare("yes", "==", True), Compare("whole", ">", 1_500_000_000_000)))),),
    "none": (Keep(AnyOf(())),),
    "contains": (Keep(Contains("kind", "B")), Drop(Contains("kind", "z", same_case=True))),
    "names": (
        Rename("plain", "x.y"),
        LeaveOut(("none", "tiny")),
        Keep(Compare("x.y", "<", 60)),
        SetUnit("x.y", "kg"),
    ),
    "values": (
        SetMissing("nullable", (0, 3)),
        Replace("kind", ("a", "b"), "c"),
        Fill("nullable", "value", 1),
    ),
    "fractions": (Replace("nullable", (4,), 4.5), Fill("nullable", "value", 0.5), Fill("arrow", "value", 0)),
    "one unit": (ToUnit("plain", "kg", "unit"), ToUnit("nullable", "°C", "unit")),
    "split": (SplitByUnit("nullable", "unit"),),
    "dates": (Keep(Compare("stamp", ">", "2024-01-02")),),
    "largest": (Keep(Extreme("cents", 4)), Drop(Extreme("nullable", 1, largest=False))),
    "smallest": (Keep(AnyOf((Extreme("arrow", 3, largest=False), Extreme("stamp", 2)))),),
    "infinite largest": (Keep(Extreme("plain", 2)), Keep(Extreme("none", 2))),
    "off": (Drop(AllOf(()), active=False),),
}


def frame_of() -> pd.DataFrame:
    frame = odd_frame()
    stamps = pd.Series(
        pd.date_range("2024-01-01", periods=len(frame), freq="h"), dtype="timestamp[us][pyarrow]"
    )
    spelled = ["kg", "g", " lbs. ", None, "", "°F", "Kg", "kg", "box", "g", "kg", "K"]
    units = pd.Series(spelled * (len(frame) // len(spelled)), dtype=frame["kind"].dtype)
    return frame.drop(columns=["day", "moment", "digits"]).assign(stamp=stamps, unit=units)


def in_memory(frame: pd.DataFrame, steps: tuple[Any, ...]) -> pd.DataFrame:
    for step in steps:
        frame = step.apply(frame).frame if step.active else frame
    return frame


def check(table: Opened, case: str) -> None:
    # NaN among Arrow's numbers has no value on an engine, as in standardizing.
    frame = frame_of().astype({"arrow": "Float64", "level": "Float64", "plain": "Float64"})
    native = recipe_lazy(Recipe(steps=STEPS[case]), table(frame_of()))
    arrow = native.toArrow() if hasattr(native, "toArrow") else native.to_arrow_table()
    found, expected = (
        arrow.sort_by("row").to_pandas(types_mapper=pd.ArrowDtype),
        in_memory(frame, STEPS[case]),
    )
    assert list(found.columns) == list(expected.columns)
    assert found["row"].tolist() == expected["row"].tolist()
    for name in expected.columns:
        one = [None if pd.isna(cell) else cell for cell in found[name].astype(object)]
        assert one == [None if pd.isna(cell) else cell for cell in expected[name].astype(object)], name


@pytest.mark.parametrize("case", STEPS)
def test_steps_are_those_of_memory(case: str, duckdb_table: Opened) -> None:
    check(duckdb_table, case)


@pytest.mark.slow
@pytest.mark.parametrize(
    "case", ["compare", "largest", "texts", "names", "values", "fractions", "one unit", "split"]
)
def test_steps_on_spark(case: str, spark_table: Opened) -> None:
    check(spark_table, case)


FIGURES = ("values", "sum", "mean", "median", "sd", "min", "max")
SUMMARIES: dict[str, Summarise] = {
    "two keys": Summarise(("kind", "level"), (Measure("rows"), Measure("share"), Measure("values", "kind"))),
    "prices": Summarise(("price",), tuple(Measure(how, "cents") for how in FIGURES)),
    "infinite": Summarise(("kind",), tuple(Measure(how, "plain") for how in FIGURES)),
    "gaps": Summarise(("level",), tuple(Measure(how, "arrow") for how in FIGURES)),
    "whole": Summarise((), tuple(Measure(how, "whole") for how in FIGURES)),
    "missing": Summarise(("yes",), tuple(Measure(how, "none") for how in FIGURES)),
    "others": Summarise(
        ("yes",), (Measure("min", "stamp"), Measure("max", "kind"), Measure("median", "nullable"))
    ),
}


def check_summary(table: Opened, case: str, frame: pd.DataFrame | None = None) -> None:
    frame = frame_of() if frame is None else frame
    native = recipe_lazy(Recipe(steps=(SUMMARIES[case],)), table(frame))
    arrow = native.toArrow() if hasattr(native, "toArrow") else native.to_arrow_table()
    frame = frame.astype({"arrow": "Float64", "level": "Float64", "plain": "Float64", "cents": "Float64"})
    expected = SUMMARIES[case].apply(frame).frame
    assert arrow.column_names == list(expected.columns) and arrow.num_rows == len(expected)
    for name in expected.columns:
        moment = name.split(" of ")[0] in ("sum", "mean", "sd") and name != "sum of whole"
        for one, other in zip(arrow[name].to_pylist(), expected[name].astype(object), strict=True):
            if pd.isna(one) or pd.isna(other):
                assert pd.isna(one) and pd.isna(other), name
            elif moment:
                assert one == pytest.approx(other, rel=1e-12), name
            else:
                assert (float(one) if isinstance(one, Decimal) else one) == other, name


@pytest.mark.slow
@pytest.mark.parametrize("case", SUMMARIES)
def test_summaries_are_those_of_memory(case: str, duckdb_table: Opened) -> None:
    check_summary(duckdb_table, case)


@pytest.mark.slow
@pytest.mark.parametrize("case", ["prices", "infinite"])
def test_summaries_on_spark(case: str, spark_table: Opened) -> None:
    check_summary(spark_table, case)


@pytest.mark.parametrize("case", ["prices", "whole"])
def test_a_table_without_rows_has_no_groups(case: str, duckdb_table: Opened) -> None:
    check_summary(duckdb_table, case, frame_of().head(0))


def test_a_summary_that_memory_refuses_is_refused(duckdb_table: Opened) -> None:
    twice = Summarise(("kind",), (Measure("rows"), Measure("rows")))
    for step, why in (
        (twice, "have one name"),
        (Summarise((), (Measure("mean", "kind"),)), "no numbers|text"),
    ):
        with pytest.raises(ZetascopeError, match=why):
            recipe_lazy(Recipe(steps=(step,)), duckdb_table(frame_of()))


def test_rows_alike_in_all_cells_stay_once(duckdb_table: Opened) -> None:
    frame = pd.DataFrame({"x": [1.0, 1.0, 2.0, None, None], "g": ["a", "a", "b", None, None]})
    found = recipe_lazy(Recipe(steps=(DropDuplicates(),)), duckdb_table(frame)).df()
    assert len(found) == len(DropDuplicates().apply(frame).frame) == 3


def test_missing_and_not_a_number_are_alike(duckdb_table: Opened) -> None:
    cells = pa.array([1.0, float("nan"), None, -0.0, 0.0])
    found = recipe_lazy(
        Recipe(steps=(DropDuplicates(),)),
        duckdb_table(pa.table({"x": cells}).to_pandas(types_mapper=pd.ArrowDtype)),
    )
    assert sorted(map(str, found.to_arrow_table()["x"].to_pylist())) in (
        ["-0.0", "1.0", "None"],
        ["0.0", "1.0", "None"],
    )


def test_regular_expressions_are_those_of_memory(duckdb_table: Opened) -> None:
    step = Keep(Matches("kind", "^[ab]$"))
    frame = frame_of()
    found = recipe_lazy(Recipe(steps=(step,)), duckdb_table(frame)).order('"row"').df()
    assert found["row"].tolist() == step.apply(frame).frame["row"].tolist()


CANNOT = {
    "by number": (DropNumbers((1, 2)), "names rows by number"),
    "first of": (DropDuplicates(("kind",)), "no order, so that none is the first"),
    "sample": (Sample(5), "looks at rows in an order"),
    "within": (Keep(AllOf((Not(Contains("kind", "É")),))), "engines fold the case of other letters"),
}


@pytest.mark.parametrize("case", CANNOT)
def test_steps_that_run_on_no_engine_are_said(case: str, duckdb_table: Opened) -> None:
    step, why = CANNOT[case]
    recipe = Recipe(steps=(LeaveOut(("none",)), step))
    (said,) = lazy_problems(recipe)
    assert said.startswith("Step 2 (") and why in said
    with pytest.raises(ScaleError, match=r"Step 2 \(.*can't be taken"):
        recipe_lazy(recipe, duckdb_table(frame_of()))


def test_a_step_that_does_not_fit_is_named(duckdb_table: Opened) -> None:
    with pytest.raises(ScaleError, match=r"Step 1 \(Keep rows.*no column 'z'"):
        recipe_lazy(Recipe(steps=(Keep(Compare("z", "==", 1)),)), duckdb_table(frame_of()))
    with pytest.raises(ScaleError, match="'plain' takes a number, not 'high'"):
        recipe_lazy(Recipe(steps=(Keep(Compare("plain", "==", "high")),)), duckdb_table(frame_of()))


KINDS: tuple[Step, ...] = (
    Keep(Compare("plain", ">", 50)),
    Keep(Not(Extreme("plain", 3))),
    Keep(Contains("kind", "é")),
    Drop(Matches("kind", "^a")),
    DropNumbers((1,)),
    DropDuplicates(),
    DropDuplicates(("kind",)),
    Sample(5),
    SetTags("tag", ((1, "a"),)),
    Fence("plain", 0, 100, "drop"),
    Decide((1,), "drop"),
    SetValues("plain", (1,), (2,)),
    Rename("plain", "other"),
    LeaveOut(("plain",)),
    SetType("kind", "text"),
    SetUnit("plain", "kg"),
    ToUnit("plain", "kg", "unit"),
    ToUnit("kind", "kg"),
    SplitByUnit("plain", "unit"),
    Derive("new", "plain + 1"),
    SetMissing("kind", ("a",)),
    Replace("kind", ("a",), "b"),
    Tidy("kind"),
    StripUnit("kind", "kg"),
    Fill("kind", "value", "c"),
    Fill("plain", "mean"),
    Fill("plain", "previous"),
    Summarise(("kind",), (Measure("rows"),)),
    Pivot(("kind",), "level", "plain"),
    Unpivot(("plain", "arrow")),
)


def check_kind(table: Opened, step: Step, engine: str) -> None:
    """A step runs, or its reason is told before and again by the run."""
    told = lazy_problems(Recipe(steps=(step,)), engine=engine)
    if not told:
        recipe_lazy(Recipe(steps=(step,)), table(frame_of()))
        return
    with pytest.raises(ScaleError) as refused:
        recipe_lazy(Recipe(steps=(step,)), table(frame_of()))
    assert str(refused.value) == told[0].replace("): ", ") can't be taken: ", 1)


def test_every_kind_of_step_is_among_those_tried() -> None:
    steps = get_args(get_args(AnyStep)[0])
    assert len(steps) > 20 and set(steps) == {type(step) for step in KINDS}


@pytest.mark.parametrize("step", KINDS, ids=lambda step: step.sentence())
def test_every_step_runs_or_is_said_to_be_one_that_cannot(step: Step, duckdb_table: Opened) -> None:
    check_kind(duckdb_table, step, "duckdb")


@pytest.mark.slow
def test_every_step_runs_or_is_said_to_be_one_that_cannot_on_spark(spark_table: Opened) -> None:
    for step in KINDS:
        check_kind(spark_table, step, "spark")


def test_all_steps_that_cannot_are_told_at_once(duckdb_table: Opened) -> None:
    recipe = Recipe(steps=(Sample(5), LeaveOut(("none",)), Fill("plain", "mean")))
    with pytest.raises(ScaleError, match=r"^Step 1 \(.*can't be taken.* Step 3 \(.*can't be taken"):
        recipe_lazy(recipe, duckdb_table(frame_of()))


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (ToUnit("kind", "kg", "unit"), "'kind' holds no numbers"),
        (SplitByUnit("plain", "level"), "'level' holds no texts"),
        (SplitByUnit("plain", "gone"), "no column 'gone'"),
    ],
)
def test_units_that_do_not_fit_are_told(step: Step, why: str, duckdb_table: Opened) -> None:
    with pytest.raises(ScaleError, match=f"Step 1 .*can't be taken: .*{why}"):
        recipe_lazy(Recipe(steps=(step,)), duckdb_table(frame_of()))
