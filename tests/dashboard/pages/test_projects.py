"""A project is opened like a file, and goes on where it was saved; one that is none is told."""

import pytest

from analytics.project import Project, save_project
from analytics.recipe import Compare, Keep, Recipe, SetType
from analytics.tables import ReadOptions

SOLD = b"id;price;paid\n1;1,5;yes\n2;2,5;no\n3;99,0;yes\n4;3,5;no\n5;4,5;yes\n"
PROJECT = Project(
    "sold.csv",
    SOLD,
    Recipe(ReadOptions(delimiter=";", decimal=","), (Keep(Compare("price", "<", 50)),)),
    {"id": "category"},
    {"outliers": {"outliers_methods": ("Tukey's fences",)}, "data": {"data_unknown": ("<script>",)}},
)


def uploaded(open_page, content: bytes, name: str = "saved.zeta"):
    at = open_page("data")
    at.file_uploader[0].upload(name, content, "application/zip").run()
    assert not at.exception
    return at


def said(at) -> str:
    return " ".join(str(one.value) for one in [*at.main.markdown, *at.main.caption, *at.error]).replace(
        "\\", ""
    )


@pytest.mark.slow
def test_a_project_goes_on_where_it_was_saved(open_page) -> None:
    at = uploaded(open_page, save_project(PROJECT))
    assert "sold.csv has 4 rows" in said(at).replace("*", "")
    assert "4 of 5 rows after 1 step" in said(at)
    columns = next(one.value for one in at.dataframe if "used as" in one.value.columns)
    assert columns.set_index("column").loc["id", "used as"] == "category"
    (undo,) = [one for one in at.main.button if one.label == "Undo"]
    undo.click().run()
    assert "5 rows" in said(at)


@pytest.mark.slow
def test_a_server_begins_with_its_project(open_page, monkeypatch, tmp_path) -> None:
    path = tmp_path / "saved.zeta"
    path.write_bytes(save_project(PROJECT))
    monkeypatch.setenv("ZETASCOPE_OPEN_PROJECT", str(path))
    at = open_page("data")
    assert at.sidebar.selectbox[0].value == "sold.csv"
    assert "4 of 5 rows after 1 step" in said(at)
    at.sidebar.selectbox[0].select("wine").run()  # opened once, not in every run
    assert at.sidebar.selectbox[0].value == "wine"


@pytest.mark.slow
def test_what_is_no_project_is_told_and_changes_nothing(open_page) -> None:
    at = uploaded(open_page, b"PK\x03\x04 no zip")
    assert "project file is damaged" in said(at)
    assert at.sidebar.selectbox[0].value == "wine"


@pytest.mark.slow
def test_a_project_whose_file_cannot_be_read_as_it_says_opens_nothing(open_page) -> None:
    bad = Project("x.csv", b"", Recipe(steps=(SetType("a", "text"),)))
    at = uploaded(open_page, save_project(bad))
    assert at.error
    assert at.sidebar.selectbox[0].value == "wine"


@pytest.mark.slow
def test_choices_of_a_page_are_taken_as_those_of_a_link(open_page) -> None:
    at = open_page("outliers")
    default = at.main.multiselect(key="outliers_methods").value
    at = uploaded(open_page, save_project(PROJECT))
    at.switch_page("pages/outliers.py").run()
    assert not at.exception
    methods = at.main.multiselect(key="outliers_methods").value
    assert methods != default and len(methods) == 1
