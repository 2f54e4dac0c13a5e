"""The Relations page: what it shows agrees with the package, and a choice shows its pair."""

import pandas as pd
import pytest
from scipy import stats

from analytics.dashboard.server import datasets
from analytics.numbers import against, find_relations
from analytics.tables import read_table


def cars() -> pd.DataFrame:
    return read_table(datasets.SAMPLES / "cars.csv").frame


def texts(at) -> str:
    return " ".join(one.value for one in [*at.markdown, *at.caption, *at.subheader]).replace("\\", "")


@pytest.mark.slow
def test_the_page_opens_with_all_pairs_and_the_strongest_drawn(open_page) -> None:
    at = open_page("relations", data="Cars")
    found = find_relations(cars())
    clear = int((found.pairs["p_adjusted"] < 0.05).sum())
    assert at.subheader[0].value.startswith(f"{clear} of {len(found.pairs)} pairs")
    shown = at.dataframe[0].value
    assert len(shown) == len(found.pairs)
    assert shown["strength"].iloc[0] == pytest.approx(found.pairs["value"].iloc[0])
    assert "p < 0.001" in texts(at) and "p = 0.000" not in texts(at)
    assert "column left out" in " ".join(one.label for one in at.expander)
    top = found.pairs.iloc[0]
    assert at.selectbox(key="relations_first").value == top["first"]


@pytest.mark.slow
def test_pairs_of_every_kind_are_drawn_with_their_numbers(open_page) -> None:
    at = open_page("relations", data="Cars")
    at.selectbox(key="relations_first").set_value("horsepower")
    at.selectbox(key="relations_second").set_value("miles_per_gallon").run()
    assert not at.exception and not at.error
    frame = cars()
    rho = stats.spearmanr(frame["horsepower"], frame["miles_per_gallon"], nan_policy="omit").statistic
    assert f"Spearman's rank correlation −{abs(rho):.2f}" in texts(at)
    assert "By the straight fit" in texts(at)
    at.selectbox(key="relations_second").set_value("origin").run()
    assert not at.exception and "correlation ratio" in texts(at)
    at.selectbox(key="relations_second").set_value("horsepower").run()
    assert "two different columns" in at.info[0].value


@pytest.mark.slow
def test_every_view_is_drawn(open_page) -> None:
    at = open_page("relations", data="Cars", relations_target="miles_per_gallon")
    for view in ("Matrix", "Against a column", "Missing together"):
        at.session_state["relations_view"] = view
        at.run()
        assert not at.exception and not at.error, view
        if view == "Against a column":
            told = against(cars(), "miles_per_gallon")
            assert at.dataframe[0].value["column"].tolist() == [*told.ranking["column"]]
            assert told.sentences()[0].replace("−", "-")[:20] in texts(at)


@pytest.mark.slow
def test_two_categories_make_a_mosaic_and_dates_an_axis_of_days(open_page) -> None:
    rows = "".join(f"2024-01-{1 + i % 28:02},{'ab'[i % 2]},{'xy'[i % 3 % 2]},{i % 28}\n" for i in range(80))
    at = open_page("data")
    at.file_uploader[0].upload("mixed.csv", f"day,first,second,size\n{rows}".encode(), "text/csv").run()
    at.switch_page("pages/relations.py").run()
    assert not at.exception and "per day" in texts(at)
    at.selectbox(key="relations_first").set_value("first")
    at.selectbox(key="relations_second").set_value("second").run()
    assert not at.exception and "Cramér's V" in texts(at)


@pytest.mark.slow
def test_a_file_with_one_column_to_compare_is_told_so(open_page) -> None:
    at = open_page("data")
    at.file_uploader[0].upload("one.csv", b"a,b\n1.5,7\n2.5,7\n3,7\n", "text/csv").run()
    at.switch_page("pages/relations.py").run()
    assert not at.exception
    assert "two columns" in at.info[0].value
