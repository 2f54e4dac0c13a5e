"""The grid of the Data page: all rows are searched, filtered, put in order and left to a step."""

import pytest

from analytics.dashboard.parts.grid import PAGE, copied
from analytics.recipe import Between, Drop, Keep, Not, OneOf, Shows
from analytics.rows import ShownCells, SortKey
from tests.dashboard.pages.test_data import page_text, upload

ROWS = 5 * PAGE // 2
NAMES = ["Anna", "Bj\u00f6rn", "Carla", "", "=1+1"]
TABLE = "row,name,since,<b>x</b>\n" + "".join(
    f"{number * 7 % ROWS},{NAMES[number % 5]},2024-01-{number % 28 + 1:02},{number / 4}\n"
    for number in range(ROWS)
)


@pytest.fixture
def at(open_page):
    """The Data page with a table of two pages and a half."""
    at = upload(open_page("data"), "grid.csv", TABLE.encode())
    assert not at.exception
    return at


def grid(at):
    return next(one.value for one in at.dataframe if one.value.index.names[0] == "row")


def labelled(boxes, label: str):
    return [one for one in boxes if one.label == label]


def numbers(at) -> list[int]:
    return grid(at).index.get_level_values("row").tolist()


def steps(at):
    (history,) = at.session_state["zetascope_recipes"].values()
    return history.now.steps


def add_condition(at, column: str, way: str | None = None) -> None:
    *_, add = [one for one in at.button if one.key.startswith("data_filter") and one.key.endswith("_add")]
    add.click().run()
    labelled(at.selectbox, "Column")[-1].select(column).run()
    if way:
        labelled(at.selectbox, "Its cell")[-1].select(way).run()


@pytest.mark.slow
def test_the_pages_together_hold_every_row(at) -> None:
    seen = numbers(at)
    assert seen == list(range(1, PAGE + 1))
    for _ in range(2):
        at.button(key="data_rows_next").click().run()
        seen += numbers(at)
    assert seen == list(range(1, ROWS + 1))
    assert at.button(key="data_rows_next").disabled
    at.button(key="data_rows_previous").click().run()
    assert numbers(at)[0] == PAGE + 1
    at.button(key="data_rows_last").click().run()
    assert numbers(at)[-1] == ROWS
    at.button(key="data_rows_first").click().run()
    assert numbers(at)[0] == 1


@pytest.mark.slow
def test_a_row_is_gone_to_by_its_number_whatever_the_order(at) -> None:
    at.number_input(key="data_rows_go").set_value(ROWS - 1).run()
    assert numbers(at)[0] == ROWS - 1
    at.multiselect(key="data_sort").select(SortKey("row", descending=True).sentence()).run()
    at.number_input(key="data_rows_go").set_value(3).run()
    assert grid(at)["row"].tolist()[0] == "14"
    at.text_input(key="data_search").set_value("Anna").run()
    at.number_input(key="data_rows_go").set_value(2).run()
    assert "Row 2 is not among these rows." in [one.value for one in at.warning]


@pytest.mark.slow
def test_all_rows_are_searched_and_the_count_says_so(at) -> None:
    at.text_input(key="data_search").set_value("BJO\u0308RN").run()
    assert f"**{ROWS // 5} of {ROWS} rows** where any column shows" in page_text(at)
    assert set(grid(at)["name"]) == {"Bj\u00f6rn"}
    at.selectbox(key="data_search_in").select("since").run()
    assert f"**0 of {ROWS} rows**" in page_text(at)
    assert any("No row is like this" in one.value for one in at.info)


@pytest.mark.slow
def test_rows_are_put_in_order_by_several_columns_missing_last(at) -> None:
    order = [SortKey("name", descending=True), SortKey("row")]
    for key in order:
        at.multiselect(key="data_sort").select(key.sentence()).run()
    shown = grid(at)
    assert shown["name"].tolist()[:50] == ["Carla"] * 50
    assert shown["row"].astype(int).is_monotonic_increasing or shown["name"].nunique() > 1
    assert shown["row"].astype(int)[:50].is_monotonic_increasing
    at.button(key="data_rows_last").click().run()
    assert grid(at)["name"].isna().all()


@pytest.mark.slow
def test_conditions_of_several_kinds_are_joined_and_kept_as_a_step(at) -> None:
    add_condition(at, "row")
    labelled(at.text_input, "from")[0].set_value("10").run()
    labelled(at.text_input, "to")[0].set_value("19,5").run()
    assert f"**10 of {ROWS} rows** where row is from 10 to 19.5" in page_text(at)
    add_condition(at, "name", "is one of")
    labelled(at.multiselect, "values")[0].select("Anna").run()
    labelled(at.checkbox, "not")[-1].check().run()
    found = len(grid(at))
    assert 0 < found < 10
    at.button(key="data_rows_keep").click().run()
    assert not at.exception
    (step,) = steps(at)
    assert isinstance(step, Keep)
    assert step.where.conditions == (Between("row", 10, 19.5), Not(OneOf("name", ("Anna",))))
    assert f"**{found} rows**" in page_text(at)
    assert "Anna" not in set(grid(at)["name"].dropna())


@pytest.mark.slow
def test_what_was_searched_can_be_dropped(at) -> None:
    at.text_input(key="data_search").set_value("anna").run()
    at.button(key="data_rows_drop").click().run()
    assert steps(at) == (Drop(Shows("anna")),)
    assert at.text_input(key="data_search").value == ""
    assert "Anna" not in set(grid(at)["name"].dropna())
    assert f"{ROWS - ROWS // 5} of {ROWS} rows after 1 step" in page_text(at)


@pytest.mark.slow
def test_any_of_several_conditions_may_hold_and_days_end_at_midnight(at) -> None:
    add_condition(at, "since")
    for label in ("from", "to"):
        labelled(at.date_input, label)[0].set_value("2024-01-05").run()
    days = len(grid(at))
    assert set(grid(at)["since"]) == {"2024-01-05"}
    add_condition(at, "name", "has no value")
    at.segmented_control[-1].set_value("any of these").run()
    assert (
        f"**{ROWS // 5 + days - sum(1 for n in range(ROWS) if n % 28 == 4 and n % 5 == 3)} of"
        in page_text(at)
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("column", "way", "label", "typed"),
    [
        ("name", "matches", "pattern", "(["),
        ("row", None, "from", "ten"),
    ],
)
def test_what_cannot_be_asked_is_told_in_one_sentence(at, column, way, label, typed) -> None:
    add_condition(at, column, way)
    labelled(at.text_input, label)[0].set_value(typed).run()
    assert not at.exception
    assert len(at.error) == 1
    assert "Traceback" not in at.error[0].value


@pytest.mark.slow
def test_a_condition_on_a_column_that_is_gone_asks_anew(at) -> None:
    add_condition(at, "name", "contains")
    labelled(at.text_input, "text")[0].set_value("Carla").run()
    assert len(grid(at)) == ROWS // 5
    upload(at, "other.csv", b"a,b\n1,2\n3,4\n5,6\n")
    assert not at.exception
    assert len(grid(at)) == 3


def test_what_is_copied_is_harmless_in_a_spreadsheet() -> None:
    import pandas as pd

    frame = pd.DataFrame({"=x": ["=1+1", "a\tb\nc", None], "n": [-1.5, 2.0, 3.0]})
    text = copied(ShownCells.of(frame), pd.RangeIndex(3).to_numpy())
    assert text.split("\n") == ["'=x\tn", "'=1+1\t-1.5", "a b c\t2.0", "\t3.0"]
