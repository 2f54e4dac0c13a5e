"""A column of the Data page looked at closely: its figures, its type tried before it is taken."""

import pandas as pd
import pytest

from analytics.recipe import SetType
from tests.conftest import ROOT
from tests.dashboard.pages.test_data import page_text, upload
from tests.dashboard.pages.test_data_rows import grid, labelled, steps

MIXED = b"id,when,size\n" + b"\n".join(
    f"{number},{'n.n.' if number in (3, 7) else f'{number % 28 + 1}.02.2024'},{number / 3:.2f}".encode()
    for number in range(1, 41)
)


def look(at, column: str):
    labelled(at.selectbox, "Column to look at")[0].select(column).run()
    assert not at.exception
    return at


def figures(at) -> dict[str, str]:
    frame = next(one.value for one in at.dataframe if list(one.value.columns) == ["", "value"])
    return dict(zip(frame[""], frame["value"], strict=True))


@pytest.mark.slow
def test_every_column_of_a_sample_can_be_looked_at(open_page) -> None:
    at = open_page("data", data="Cars")
    cars = pd.read_csv(ROOT / "sample_data" / "cars.csv")
    for column in cars.columns:
        look(at, column)
        known = cars[column].count()
        assert f"{column}: {known} values, {cars[column].nunique()} of them different" in page_text(
            at
        ).replace("*", "")
        if cars[column].dtype.kind in "if":
            assert float(figures(at)["mean"].replace(",", "")) == pytest.approx(cars[column].mean(), rel=1e-3)
            assert float(figures(at)["skewness"]) == pytest.approx(cars[column].skew(), rel=1e-3)
    assert "Without a value: rows 39, 134, 338, 344, 362, 383." in page_text(look(at, "horsepower"))


@pytest.mark.slow
def test_a_type_is_tried_on_every_cell_and_applied_as_a_step(open_page) -> None:
    at = look(upload(open_page("data"), "mixed.csv", MIXED), "size")
    labelled(at.selectbox, "Type")[0].select("text").run()
    assert [one.value for one in at.success] == ["All 40 values fit."]
    look(at, "when")
    labelled(at.selectbox, "Type")[0].select("date, the day first").run()
    assert "2 of 40 values would not fit and have no value afterwards." in [one.value for one in at.warning]
    failures = next(one.value for one in at.dataframe if list(one.value.columns) == ["row", "line", "cell"])
    assert failures.to_numpy().tolist() == [[3, 4, "n.n."], [7, 8, "n.n."]]
    at.button(key="data_look_apply").click().run()
    assert not at.exception
    assert steps(at) == (SetType("when", "time:day_first"),)
    assert labelled(at.selectbox, "Type")[0].value is None
    assert labelled(at.selectbox, "Used as")[0].value == "time"
    assert grid(at)["when"][:2].tolist() == ["2024-02-02", "2024-02-03"]
    assert figures(at)["latest"] == "2024-02-28"


@pytest.mark.slow
def test_all_values_are_listed_with_their_counts(open_page) -> None:
    at = look(open_page("data", data="Cars"), "origin")
    at.session_state["data_look_values"] = True
    at.run()
    values = next(one.value for one in at.dataframe if list(one.value.columns) == ["value", "rows", "share"])
    assert dict(zip(values["value"], values["rows"], strict=True)) == {"USA": 254, "Japan": 79, "Europe": 73}


@pytest.mark.slow
def test_what_a_column_is_used_as_is_chosen_where_it_is_looked_at(open_page) -> None:
    at = look(open_page("data", data="Cars"), "cylinders")
    labelled(at.selectbox, "Used as")[0].select("category").run()
    assert not at.exception
    columns = next(one.value for one in at.dataframe if "used as" in one.value.columns)
    assert columns.set_index("column").loc["cylinders", "used as"] == "category"
    assert len(grid(at)) == 100


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,\n2,\n3,\n",
        b"a,b\n<b>x</b>,$y$\n[l](http://x),`c`\n:smile:,=1\n",
        b"column,value\n1,2\n1,3\n",
        b"a,a\n0.1,1e308\n0.1,-1e308\n",
        b"t,d\n2024-01-01T10:00+01:00,1 day\n2024-06-01T10:00+02:00,2 days\n",
        b'a\n"{""x"": 1}"\n"[1, 2]"\n',
    ],
)
def test_odd_columns_are_looked_at_without_a_fault(open_page, content: bytes) -> None:
    at = upload(open_page("data"), "odd.csv", content)
    for column in labelled(at.selectbox, "Column to look at")[0].options:
        look(at, column)
        assert not at.error
