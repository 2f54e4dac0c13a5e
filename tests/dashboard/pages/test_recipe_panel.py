"""The recipe on the Data page: suggestions, steps made, changed, moved, undone and taken to other files."""

import json
import re

import pandas as pd
import pytest

from analytics.dashboard.pages.data.step_forms import FORMS, rows_said
from analytics.dashboard.server.history import History
from analytics.recipe import (
    AllOf,
    AnyOf,
    Between,
    Compare,
    Contains,
    Derive,
    Drop,
    DropNumbers,
    Extreme,
    IsMissing,
    Keep,
    Matches,
    Not,
    OneOf,
    Recipe,
    SetType,
    Shows,
    StripUnit,
    Summarise,
    ToUnit,
)
from analytics.recipe.errors import RecipeError
from analytics.recipe.steps.base import Step

MESSY = (
    b"id;name;city;price;height;paid\n"
    b"1;Anna ;Berlin;12,5;172 cm;yes\n"
    b"2;Ben;berlin;-999;180 cm;no\n"
    b"3;Cem;BERLIN;13,1;165 cm;yes\n"
    b"4;Dora;Hamburg;11,9;170 cm;no\n"
    b"5;Eva;Hamburg;14,2;TBD;yes\n"
    b"6;Finn;Hamburg;12,8;181 cm;no\n"
    b"6;Finn;Hamburg;12,8;181 cm;no\n"
    b"8;Gerd;Berlin;-999;168 cm;yes\n"
    b"9;Hans;Berlin;13,3;177 cm;yes\n"
)


def opened(open_page, content: bytes = MESSY, name: str = "messy.csv"):
    at = open_page("data")
    at.file_uploader[0].upload(name, content, "text/csv").run()
    assert not at.exception
    return at


def rows(at) -> pd.DataFrame:
    return next(one.value for one in at.dataframe if list(one.value.columns)[:2] == ["id", "name"])


def said(at) -> str:
    shown = [*at.main.markdown, *at.main.caption, *at.main.subheader, *at.main.warning]
    return " ".join(str(one.value) for one in shown).replace("\\", "")


def pressed(at, label: str):
    (button,) = [one for one in at.main.button if one.label.replace("\\", "") == label]
    button.click().run()
    assert not at.exception
    return at


def pressed_at(at, name: str, place: int) -> None:
    """The button of the step at this place."""
    (button,) = [one for one in at.button if one.key.startswith(f"data_step_{name}_{place}_")]
    button.click().run()


def clicked_still(at, button) -> None:
    """A click on a button that an earlier run has drawn."""
    states = at._tree.get_widget_states()
    states.widgets.add(id=button.id, trigger_value=True)
    at._run(states)
    assert not at.exception


@pytest.mark.slow
def test_the_steps_are_given_as_a_command_for_files_of_any_size(open_page) -> None:
    at = opened(open_page)
    pressed(at, "-999 in 'price' means missing")
    at.session_state["data_everything"] = True
    at.run()
    assert not at.exception
    assert at.code[0].value.startswith(
        "zetascope clean messy_recipe.json 'FOLDER/*.parquet' OUT --engine duckdb"
    )
    assert "Every step runs there." in said(at)
    pressed(at, "Keep the first of rows with all cells alike")
    assert "Every step runs there." in said(at)


@pytest.mark.slow
def test_suggestions_are_taken_by_one_click_and_undone(open_page) -> None:
    at = opened(open_page)
    assert "things worth a look" in said(at)
    pressed(at, "-999 in 'price' means missing")
    assert rows(at)["price"].isna().sum() == 2
    assert "9 of 9 rows after 1 step" in said(at)
    pressed(at, "Keep the first of rows with all cells alike")
    assert len(rows(at)) == 8
    numbers = rows(at).index.get_level_values("row").tolist()
    assert numbers == [1, 2, 3, 4, 5, 6, 8, 9]  # the numbers that the rows have in the file
    pressed(at, "Undo")
    pressed(at, "Undo")
    assert len(rows(at)) == 9 and rows(at)["price"].notna().all()
    pressed(at, "Redo")
    assert rows(at)["price"].isna().sum() == 2


@pytest.mark.slow
def test_steps_are_moved_switched_off_changed_and_taken_out(open_page) -> None:
    at = opened(open_page)
    pressed(at, "-999 in 'price' means missing")
    pressed(at, "Keep the first of rows with all cells alike")
    pressed_at(at, "up", 1)
    assert said(at).index("Keep the first of rows") < said(at).index("2. -999 in 'price'")
    pressed_at(at, "switch", 0)
    assert len(rows(at)) == 9 and "(1 switched off)" in said(at)
    pressed_at(at, "edit", 1)
    values = next(one for one in at.multiselect if one.label == "Values that mean missing")
    values.set_value(["-999", "12.8"]).run()
    pressed(at, "Change the step")
    assert rows(at)["price"].isna().sum() == 4
    pressed_at(at, "delete", 1)
    pressed_at(at, "delete", 0)
    assert not at.exception
    assert "No step yet" in said(at)


@pytest.mark.slow
def test_a_button_that_the_browser_still_shows_does_nothing_to_the_steps_there_are_now(open_page) -> None:
    at = opened(open_page)
    (take,) = [one for one in at.button if one.label.replace("\\", "") == "-999 in 'price' means missing"]
    take.click().run()
    clicked_still(at, take)
    assert "after 1 step" in said(at)
    pressed(at, "Keep the first of rows with all cells alike")
    (out,) = [one for one in at.button if one.key.startswith("data_step_delete_0_")]
    out.click().run()
    clicked_still(at, out)
    assert "after 1 step" in said(at) and "1. Keep the first of rows" in said(at)


@pytest.mark.slow
def test_a_form_shows_what_a_step_would_do_before_it_is_taken(open_page) -> None:
    at = opened(open_page)
    at.session_state["data_add_step"] = True
    at.run()
    kind = next(one for one in at.selectbox if one.label == "Step")
    assert kind.value is None and not [one for one in at.selectbox if one.label == "Column"]
    kind.set_value(SetType).run()
    next(one for one in at.selectbox if one.label == "Column").set_value("height").run()
    assert "could not be taken" not in said(at)  # no type is chosen for anybody
    next(one for one in at.selectbox if one.label == "Take as").set_value("number").run()
    assert "9 cells could not be taken" in said(at)
    failures = [one.value for one in at.dataframe if list(one.value.columns) == ["row", "cell"]]
    assert failures[0]["cell"].tolist()[:2] == ["172 cm", "180 cm"]
    assert len(rows(at)["height"].dropna()) == 9  # nothing has changed yet
    pressed(at, "Add the step")
    assert rows(at)["height"].isna().all()


def test_a_form_shows_the_table_that_a_step_would_make_anew(open_page) -> None:
    at = opened(open_page)
    at.session_state["data_add_step"] = True
    at.run()
    next(one for one in at.selectbox if one.label == "Step").set_value(Summarise).run()
    for label, chosen in (("One row for each", ["paid"]), ("Figures", ["rows"])):
        next(one for one in at.multiselect if one.label == label).set_value(chosen).run()
    assert "9 rows became 2" in said(at)
    made = next(one.value for one in at.dataframe if list(one.value.columns) == ["paid", "rows"])
    assert sorted(made["rows"]) == [4, 5] and len(rows(at)) == 9


@pytest.mark.parametrize(
    ("kind", "typed", "told"),
    [
        (Derive, {"Name of the new column": "made", "Formula": "log("}, "The formula ends too early"),
        (ToUnit, {"Unit that all become": "pcs"}, "'pcs' is no unit that others can be converted to"),
        (DropNumbers, {"Row numbers, with commas between": "2, third"}, "'third' is no row number"),
    ],
    ids=["formula", "unit", "rows"],
)
def test_what_is_typed_by_half_is_one_sentence_and_no_step(
    open_page, kind: type[Step], typed: dict[str, str], told: str
) -> None:
    at = opened(open_page)
    at.session_state["data_add_step"] = True
    at.run()
    next(one for one in at.selectbox if one.label == "Step").set_value(kind).run()
    for label, text in typed.items():
        next(one for one in at.text_input if one.label == label).set_value(text).run()
    assert not at.exception
    assert told in at.error[0].value.replace("\\", "")
    assert next(one for one in at.button if one.label == "Add the step").disabled


def test_a_form_finds_the_unit_in_the_texts_of_each_column(open_page) -> None:
    at = opened(open_page)
    at.session_state["data_add_step"] = True
    at.run()
    next(one for one in at.selectbox if one.label == "Step").set_value(StripUnit).run()
    assert "Take 'height' as numbers in 'cm': 9 cells changed, 1 cell could not be taken" in said(at)
    next(one for one in at.selectbox if one.label == "Column").set_value("city").run()
    assert next(one for one in at.text_input if one.label == "Unit in its texts").value == ""
    assert next(one for one in at.button if one.label == "Add the step").disabled


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("12, 40-43", (12, 40, 41, 42, 43)),
        ("3 ; 1\u20132", (1, 2, 3)),
        ("7", (7,)),
        ("5 - 6, 5,", (5, 6)),
    ],
)
def test_row_numbers_are_typed_one_by_one_or_from_to(typed: str, rows: tuple[int, ...]) -> None:
    assert rows_said(typed, most=50) == rows


@pytest.mark.parametrize(
    "typed", ["", "third", "0", "9-3", "1.5", "-4", "1-51", "1-9999999", "4--5", "\u0661"]
)
def test_what_names_no_rows_is_refused_and_never_passed_over(typed: str) -> None:
    with pytest.raises(RecipeError, match=re.escape(repr(typed))):
        rows_said(typed, most=50)


def test_numbers_in_two_units_become_one_by_a_click_and_are_undone(open_page) -> None:
    content = b"id,name,amount,unit\n1,a,1.5,kg\n2,b,500,g\n3,c,2,kg\n4,d,7,kg\n"
    at = opened(open_page, content)
    assert "'amount' has numbers in different units, named by 'unit': kg (3), g (1)" in said(at)
    pressed(at, "Convert 'amount' to kg by the units in 'unit'")
    assert rows(at)["amount"].astype(float).tolist() == [1.5, 0.5, 2, 7]
    assert rows(at)["unit"].tolist() == ["kg"] * 4 and "different units" not in said(at)
    pressed(at, "Undo")
    assert rows(at)["amount"].astype(float).tolist() == [1.5, 500, 2, 7]


@pytest.mark.parametrize("kind", FORMS, ids=lambda kind: kind.__name__)
@pytest.mark.slow
def test_every_form_can_be_opened(open_page, kind: type[Step]) -> None:
    at = opened(open_page)
    at.session_state["data_add_step"] = True
    at.run()
    next(one for one in at.selectbox if one.label == "Step").set_value(kind).run()
    assert not at.exception and not at.error


@pytest.mark.slow
def test_a_filter_that_leaves_no_row_is_said_on_every_page(open_page) -> None:
    at = opened(open_page)
    at.session_state["data_add_step"] = True
    at.run()
    from analytics.recipe import Fence

    next(one for one in at.selectbox if one.label == "Step").set_value(Fence).run()
    next(one for one in at.number_input if one.label == "Below").set_value(1e9).run()
    next(one for one in at.selectbox if one.label == "Do").set_value("drop").run()
    pressed(at, "Add the step")
    for page in ("standardize", "outliers", "compare", "text_map"):
        at.switch_page(f"pages/{page}.py").run()
        assert not at.exception
        assert "No row is left after 1 step" in said(at)
    at.switch_page("pages/data.py").run()
    pressed(at, "Undo")
    assert len(rows(at)) == 9


@pytest.mark.slow
def test_next_months_file_takes_the_recipe(open_page) -> None:
    at = opened(open_page)
    pressed(at, "-999 in 'price' means missing")
    at.file_uploader[0].upload("next.csv", MESSY.replace(b"13,3", b"-999"), "text/csv").run()
    assert (rows(at)["price"] == "-999.0").sum() == 3
    at.button(key="data_recipe_use").click().run()
    assert not at.exception
    assert rows(at)["price"].isna().sum() == 3


@pytest.mark.slow
def test_a_file_with_nearly_the_same_columns_is_offered_the_steps_by_one_click(open_page) -> None:
    at = opened(open_page)
    pressed(at, "-999 in 'price' means missing")
    pressed(at, "Keep the first of rows with all cells alike")
    other = MESSY.replace(b";paid", b";settled").replace(b"13,3", b"-999")
    at.file_uploader[0].upload("next.csv", other, "text/csv").run()
    pressed(at, "Take the 2 steps of messy.csv")
    assert rows(at)["price"].isna().sum() == 3 and len(rows(at)) == 8
    at.file_uploader[0].upload("else.csv", b"a,b,c\n1,2,3\n4,5,6\n", "text/csv").run()
    assert "data_recipe_offer" not in {one.key for one in at.button}


@pytest.mark.slow
def test_a_saved_recipe_is_taken_and_a_bad_one_refused(open_page) -> None:
    at = opened(open_page)
    steps = [
        {"step": "missing", "column": "price", "values": [-999]},
        {"step": "drop numbers", "rows": [1]},
        {"step": "leave out", "columns": ["gone"]},
    ]
    saved = {"zetascope_recipe": 1, "file": "0" * 64, "read": {}, "steps": steps}
    assert len(Recipe.from_json(json.dumps(saved)).steps) == 3
    uploader = next(one for one in at.file_uploader if one.label == "A recipe saved earlier")
    uploader.upload("r.json", json.dumps(saved).encode(), "application/json").run()
    assert "1 by row number of another file will be passed over" in said(at)
    at.button(key="data_recipe_take").click().run()
    assert not at.exception
    assert rows(at)["price"].isna().sum() == 2 and len(rows(at)) == 9
    assert "The row numbers are those of another file" in said(at)
    assert "There is no column 'gone'" in said(at)
    uploader = next(one for one in at.file_uploader if one.label == "A recipe saved earlier")
    uploader.upload("r.json", b'{"zetascope_recipe": 99}', "application/json").run()
    assert "version 99" in at.error[0].value.replace("\\", "")
    assert len(rows(at)) == 9


CONDITIONS = (
    Between("price", 12.0, 13.5),
    Compare("price", ">=", 13),
    Compare("price", "<", 12.5),
    Compare("price", "!=", -999),
    OneOf("price", (-999, 12.8)),
    Extreme("price", 3, largest=False),
    Not(Contains("city", "BER", True)),
    Contains("city", "ber"),
    Matches("name", "^[A-C]"),
    OneOf("city", ("berlin", "Nowhere")),
    Compare("name", ">", "Dora"),
    Between("name", "Ben", "Eva"),
    Shows("H"),
    Shows("180", ("height", "price")),
    Not(IsMissing("height")),
    AllOf((Compare("day", ">=", "2024-01-03"), Compare("day", "<", "2024-01-06"))),
    Compare("day", "<", "2024-01-04"),
    Between("day", "2024-01-02", "2024-01-05T12:00"),
    Extreme("day", 2),
    Compare("paid", "==", False),
    AllOf((Compare("price", ">", 0), Not(AnyOf((Contains("city", "ham"), Compare("price", "==", 13.1)))))),
    Not(Not(IsMissing("height"))),
    AllOf(()),
    Contains("gone", "x"),
)
"""Of every kind; the last ones have no widgets of their own and stay as they are."""


def with_days() -> bytes:
    head, *lines = MESSY.decode().splitlines()
    dated = [f"{line};2024-01-0{place}" for place, line in enumerate(lines, start=1)]
    return "\n".join([f"{head};day", *dated]).encode()


@pytest.mark.slow
def test_conditions_of_a_step_are_changed_where_it_stands(open_page) -> None:
    at = opened(open_page, with_days())
    (sha,) = [one.table.sha256 for one in at.session_state["zetascope_uploads"].values()]
    first = Drop(AnyOf(CONDITIONS))
    steps = (first, Keep(Compare("price", ">", 12)))
    at.session_state["zetascope_recipes"] = {sha: History(Recipe(steps=steps, file=sha))}
    at.run()
    pressed_at(at, "edit", 0)
    assert not at.exception and not at.error
    pressed(at, "Change the step")
    (changed, left) = at.session_state["zetascope_recipes"][sha].now.steps
    assert left == steps[1] and isinstance(changed, Drop)
    frame = at.session_state["zetascope_uploads"]["messy.csv"].frame
    for before, after in zip(CONDITIONS[:-1], changed.where.conditions[:-1], strict=True):
        assert before.mask(frame).tolist() == after.mask(frame).tolist(), before
    assert changed.where.conditions[-3:] == CONDITIONS[-3:]
    pressed_at(at, "edit", 1)
    typed = next(one for one in at.text_input if one.label == "value")
    assert typed.value == "12"
    typed.set_value("13").run()
    assert "became" in said(at)  # the preview
    at.button(key=next(one.key for one in at.button if one.key.endswith("_add"))).click().run()
    pressed(at, "Change the step")
    assert at.session_state["zetascope_recipes"][sha].now.steps[1] == Keep(Compare("price", ">", 13))
