"""The Changes page: another file beside the open one, by a proposed key, by place, or not at all."""

import pytest

from analytics.dashboard.server.datasets import DataSet, roles_of
from analytics.dashboard.server.history import History
from analytics.recipe import Derive, Drop, DropNumbers, Recipe
from analytics.recipe.conditions import Compare
from analytics.tables import read_table

OLD = "id;name;price\n" + "".join(f"{i};n{i};{i * 37 % 101},5\n" for i in range(1, 61))
NEW = OLD.replace("7;n7;57,5", "7;n7;99,5").replace("60;n60;99,5\n", "61;n61;1,5\n").replace("name", "label")


def opened(open_page):
    at = open_page("data")
    at.file_uploader[0].upload("new.csv", NEW.encode(), "text/csv").run()
    at.switch_page("pages/changes.py").run()
    assert not at.exception
    return at


def texts(at) -> str:
    return " ".join(one.value for one in [*at.markdown, *at.caption, *at.subheader]).replace("\\", "")


@pytest.mark.slow
def test_without_another_file_it_says_what_to_bring(open_page) -> None:
    at = opened(open_page)
    assert "Bring the other file" in at.info[0].value
    assert at.selectbox(key="changes_other").value == ""


@pytest.mark.slow
def test_the_other_file_is_compared_and_the_open_one_stays_open(open_page) -> None:
    at = opened(open_page)
    at.file_uploader[0].upload("old.csv", OLD.encode(), "text/csv").run()
    assert not at.exception and not at.error
    assert at.selectbox(key="data").value == "new.csv"
    assert at.selectbox(key="changes_other").value == "old.csv"
    assert at.selectbox(key="changes_match").value == "id"
    assert "1 column added, 1 gone" in at.subheader[0].value
    assert "Matched by id: 1 row added, 1 row gone, 1 row of 59 changed in 1 cell." in texts(at)
    assert "name looks renamed to label" in texts(at)
    at.multiselect(key="changes_renamed").set_value(["name → label"]).run()
    assert not at.exception and at.subheader[0].value.startswith(
        "The same columns; no column found to spread otherwise"
    )
    cells = next(one.value for one in at.dataframe if "row now" in one.value)
    assert cells[["id", "before", "now"]].values.tolist() == [[7, "57.5", "99.5"]]


@pytest.mark.slow
def test_the_recipes_steps_are_taken_in_the_other_file_too(open_page) -> None:
    table = read_table(NEW.encode(), name="new.csv")
    dataset = DataSet(f"{table.sha256}:test", "new.csv", table, roles_of(table), source=NEW.encode())
    steps = (Derive("half", "price / 2"), Drop(Compare("price", ">", 50)), DropNumbers((1,)))
    at = open_page("data")
    at.session_state["zetascope_uploads"] = {"new.csv": dataset}
    at.session_state["zetascope_recipes"] = {table.sha256: History(Recipe(steps=steps, file=table.sha256))}
    at.session_state["zetascope_open_next"] = "new.csv"
    at.run().switch_page("pages/changes.py").run()
    at.file_uploader[0].upload("old.csv", OLD.encode(), "text/csv").run()
    assert not at.exception and "1 column added, 1 gone" in at.subheader[0].value  # label and name
    assert "by number" in texts(at)
    at.toggle(key="changes_steps").set_value(False).run()
    assert not at.exception and "2 columns added, 1 gone" in at.subheader[0].value


@pytest.mark.slow
@pytest.mark.parametrize(
    ("match", "said"), [("their place in the file", "by their place"), ("nothing", "60 rows")]
)
def test_rows_are_matched_as_asked(open_page, match: str, said: str) -> None:
    at = opened(open_page)
    at.file_uploader[0].upload("old.csv", OLD.encode(), "text/csv").run()
    at.selectbox(key="changes_match").set_value(match)
    at.radio(key="changes_open_is").set_value("before").run()
    assert not at.exception and not at.error
    assert said in texts(at)
    assert "looks renamed to name" in texts(at)


@pytest.mark.slow
def test_a_file_of_the_same_name_does_not_replace_the_open_one(open_page) -> None:
    at = opened(open_page)
    at.file_uploader[0].upload("new.csv", OLD.encode(), "text/csv").run()
    assert at.selectbox(key="changes_other").value == "other new.csv"
    assert "1 row of 59 changed" in texts(at)
    at.file_uploader[0].upload("broken.csv", b"", "text/csv").run()
    assert at.error and not at.exception
