"""The Standardize and Compare pages: what they show agrees with the package."""

import json

import numpy as np
import pandas as pd
import pytest

from analytics.dashboard.server import datasets
from analytics.numbers import Standardizer, advised_methods
from analytics.recipe import Compare, Drop, Recipe, SetMissing
from analytics.tables import ReadOptions, read_table

SAMPLES = {"Wine": "wine.csv", "Exams": "exams.csv", "Cars": "cars.csv"}


def frame_of(sample: str) -> pd.DataFrame:
    return read_table(datasets.SAMPLES / SAMPLES[sample]).frame


def table_with(at, column: str) -> pd.DataFrame:
    return next(table.value for table in at.dataframe if column in table.value)


@pytest.mark.slow
def test_the_page_opens_with_the_cell_furthest_from_typical(open_page) -> None:
    at = open_page("standardize", data="Wine")
    frame = frame_of("Wine").select_dtypes("number")
    z = (frame - frame.mean()) / frame.std(ddof=0)
    row, column = np.unravel_index(np.abs(z.to_numpy()).argmax(), z.shape)
    assert z.columns[column] in at.subheader[0].value
    assert at.number_input(key="standardize_row").value == row + 1
    assert at.selectbox(key="standardize_column").value == z.columns[column]
    assert at.metric[0].value == f"{z.to_numpy()[row, column]:.2f}"
    summary = table_with(at, "center").set_index("column")
    np.testing.assert_allclose(summary["center"], frame.mean())
    np.testing.assert_allclose(summary["scale"], frame.std(ddof=0))


@pytest.mark.slow
def test_method_group_and_sample_sd_are_used(open_page) -> None:
    at = open_page("standardize", data="Exams")
    at.multiselect(key="standardize_by").set_value(["school"])
    at.toggle(key="standardize_sample").set_value(True).run()
    assert not at.exception
    frame = frame_of("Exams")
    expected = frame.groupby("school")["mathematics_of_100"].std(ddof=1)
    summary = table_with(at, "center")
    found = summary[summary["column"] == "mathematics_of_100"].set_index("group")["scale"]
    np.testing.assert_allclose(found[expected.index], expected)
    at.selectbox(key="standardize_method").set_value("robust").run()
    assert not at.exception
    assert not [toggle for toggle in at.toggle if toggle.key == "standardize_sample"]
    scores = Standardizer("robust", by="school", columns=["mathematics_of_100"]).fit_transform(frame)
    at.selectbox(key="standardize_column").set_value("mathematics_of_100")
    at.number_input(key="standardize_row").set_value(49).run()
    assert at.metric[0].value == f"{scores['mathematics_of_100'][48]:.2f}"


@pytest.mark.slow
def test_the_advised_methods_are_taken_in_one_click_and_the_card_follows(open_page) -> None:
    at = open_page("standardize", data="Wine")
    at.number_input(key="standardize_row").set_value(5).run()
    at.button(key="standardize_advise").click().run()
    assert not at.exception and not at.error
    frame = frame_of("Wine").select_dtypes("number")
    methods = advised_methods(frame)
    assert len(set(methods.values())) > 1
    scores = Standardizer(methods=methods, columns=list(frame)).fit_transform(frame)
    row, column = np.unravel_index(np.abs(scores.to_numpy()).argmax(), scores.shape)
    assert frame.columns[column] in at.subheader[0].value.replace("\\", "")
    assert at.number_input(key="standardize_row").value == row + 1
    assert at.metric[0].value == f"{scores.to_numpy()[row, column]:.2f}"
    table = table_with(at, "because").set_index("column")
    assert (table["in use"] == table["advised"]).all()
    assert not [one for one in at.button if one.key == "standardize_advise"]
    at.button(key="standardize_one_method").click().run()
    assert at.multiselect(key="standardize_others").value == []


@pytest.mark.slow
def test_a_row_is_found_by_its_name(open_page) -> None:
    at = open_page("compare", data="Cars")
    at.text_input(key="compare_row_name").set_value("FORD torino").run()
    frame = frame_of("Cars")
    found = np.flatnonzero(frame["name"].str.contains("ford torino"))
    assert at.number_input(key="compare_row").value == found[0] + 1
    offered = at.selectbox(key="compare_row_found")
    offered.set_value(int(found[1])).run()
    assert at.number_input(key="compare_row").value == found[1] + 1
    at.text_input(key="compare_row_name").set_value("nobody").run()
    assert not at.exception and any("No row goes by" in one.value for one in at.caption)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["iqr", "minmax", "maxabs", "rank_gauss", "yeo_johnson"])
def test_every_method_draws_the_whole_page(open_page, method: str) -> None:
    at = open_page("standardize", data="Cars", standardize_sample="true")
    at.selectbox(key="standardize_method").set_value(method).run()
    assert not at.exception
    assert not at.error
    assert at.metric


@pytest.mark.slow
def test_without_a_column_the_page_says_what_to_do(open_page) -> None:
    at = open_page("standardize", data="Wine")
    at.multiselect(key="standardize_columns").set_value([]).run()
    assert not at.exception
    assert "No column is chosen" in at.error[0].value


@pytest.mark.slow
def test_a_missing_cell_is_told_and_choices_survive_another_data_set(open_page) -> None:
    at = open_page("standardize", data="Cars")
    frame = frame_of("Cars")
    gap = int(frame["horsepower"].isna().to_numpy().argmax())
    at.selectbox(key="standardize_column").set_value("horsepower")
    at.number_input(key="standardize_row").set_value(gap + 1).run()
    assert at.metric[0].value == "no score"
    assert any("missing, so it has no score" in text.value for text in at.markdown)
    at.selectbox(key="data").set_value("exams").run()
    assert not at.exception
    assert at.number_input(key="standardize_row").value <= 240


@pytest.mark.slow
def test_a_new_file_is_scored_with_the_transform_of_the_first(open_page) -> None:
    at = open_page("standardize", data="Exams")
    frame = frame_of("Exams")
    moved = frame.assign(mathematics_of_100=frame["mathematics_of_100"] + 25)
    uploader = next(one for one in at.file_uploader if one.label == "New file")
    uploader.upload("next.csv", moved.to_csv(index=False).encode(), "text/csv").run()
    assert not at.exception
    assert any("the mean went up" in text.value for text in at.markdown)
    drift = table_with(at, "mean now").set_index("column")
    assert drift.loc["mathematics_of_100", "mean now"] == pytest.approx(moved["mathematics_of_100"].mean())
    assert drift.loc["reading_of_800", "shift in sd"] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.slow
def test_a_file_or_transform_that_does_not_fit_is_refused(open_page) -> None:
    at = open_page("standardize", data="Exams")
    new = next(one for one in at.file_uploader if one.label == "New file")
    new.upload("other.csv", b"a,b\n1,2\n3,4\n", "text/csv").run()
    assert "does not fit the transform" in at.error[0].value
    saved = next(one for one in at.file_uploader if one.label.startswith("Transform file"))
    saved.upload("t.json", json.dumps({"format": "other"}).encode(), "application/json").run()
    assert "not a transform file" in at.error[0].value
    assert not at.exception


@pytest.mark.slow
def test_compare_says_which_result_was_better(open_page) -> None:
    at = open_page("compare", data="Exams")
    frame = frame_of("Exams")
    at.number_input(key="compare_row").set_value(3).run()
    assert not at.exception
    z = {
        name: (frame[name].iloc[2] - frame[name].mean()) / frame[name].std(ddof=0)
        for name in ("mathematics_of_100", "reading_of_800")
    }
    better = max(z, key=lambda name: float(z[name]))
    assert at.subheader[0].value.replace("\\", "").split(" in ")[1].startswith(better)
    assert at.metric[0].value == f"{z['mathematics_of_100']:+.2f}"
    typed = next(one for one in at.number_input if "reading" in one.label)
    typed.set_value(800.0).run()
    assert at.subheader[0].value.replace("\\", "").startswith("800 in reading_of_800 is the better result")


@pytest.mark.slow
def test_ranking_turns_what_is_better_when_less(open_page) -> None:
    at = open_page("compare", data="Exams")
    assert at.multiselect(key="compare_lower").value == ["sprint_100m_seconds"]
    frame = frame_of("Exams").select_dtypes("number").astype(float)
    z = (frame - frame.mean()) / frame.std(ddof=0)
    mean = z.assign(sprint_100m_seconds=-z["sprint_100m_seconds"]).mean(axis=1, skipna=False)
    ranking = table_with(at, "mean_score")
    assert ranking.index[0] == mean.idxmax() + 1
    assert ranking["mean_score"].iloc[0] == pytest.approx(mean.max())
    turned = ranking["sprint_100m_seconds (turned)"]
    np.testing.assert_allclose(turned, -z["sprint_100m_seconds"].loc[turned.index - 1])


@pytest.mark.slow
def test_nothing_is_called_better_until_somebody_says_what_is(open_page) -> None:
    at = open_page("compare", data="Wine")
    assert "Which two columns" in at.subheader[0].value and not at.metric
    for place, name in (("first", "alcohol"), ("second", "malic_acid")):
        assert at.selectbox(key=f"compare_{place}").value is None
        at.selectbox(key=f"compare_{place}").select(name).run()
    assert "stands higher in its column" in at.subheader[0].value
    assert not any("better than" in (one.delta or "") for one in at.metric)
    assert any(one.value == "Which rows are highest over all" for one in at.subheader)
    for place in ("First", "Second"):
        next(one for one in at.button_group if one.key == f"compare_side_{place}").set_value("more").run()
    assert not at.exception
    assert at.multiselect(key="compare_higher").value == ["alcohol", "malic_acid"]
    assert "is the better result" in at.subheader[0].value
    assert any(one.value == "Which rows did best over all" for one in at.subheader)
    columns = table_with(at, "mean_score").columns
    assert "alcohol" in columns and "hue" not in columns


@pytest.mark.slow
def test_compare_has_one_sign_where_less_is_better(open_page) -> None:
    at = open_page("compare", data="Exams")
    frame = frame_of("Exams")
    at.selectbox(key="compare_second").select("sprint_100m_seconds").run()
    at.number_input(key="compare_row").set_value(3).run()
    assert not at.exception
    sprint = frame["sprint_100m_seconds"].astype(float)
    z = (sprint.iloc[2] - sprint.mean()) / sprint.std(ddof=0)
    shown = at.metric[1]
    assert shown.label.replace("\\", "") == "sprint_100m_seconds (turned)"
    assert shown.value == f"{-z:+.2f}"
    assert shown.delta == f"better than {100 * (sprint > sprint.iloc[2]).mean():.1f}%"


@pytest.mark.slow
def test_tables_without_numbers_are_told_so(open_page) -> None:
    at = open_page("data")
    at.file_uploader[0].upload("words.csv", b"a,b\nx,y\nz,w\n", "text/csv").run()
    for page in ("standardize", "compare"):
        at.switch_page(f"pages/{page}.py").run()
        assert not at.exception
        assert "no numbers" in at.info[0].value


@pytest.mark.slow
def test_compare_begins_with_two_results_the_row_has(open_page) -> None:
    at = open_page("data")
    at.file_uploader[0].upload("gaps.csv", b"a,b,c\n1.5,,3.5\n2.5,1,4\n3,2,9\n", "text/csv").run()
    at.switch_page("pages/compare.py").run()
    assert not at.exception and not at.error
    assert at.selectbox(key="compare_first").value == "a"
    assert at.selectbox(key="compare_second").value == "c"


@pytest.mark.slow
def test_a_name_that_is_taken_is_told_before_the_file_is_wanted(open_page) -> None:
    at = open_page("data")
    at.file_uploader[0].upload("taken.csv", b"a,a_z\n1,5\n2,7\n4,6\n", "text/csv").run()
    at.switch_page("pages/standardize.py").run()
    assert not at.exception
    assert "already has a column 'a\\_z'" in at.error[0].value
    at.radio(key="standardize_mode").set_value("in place of the columns").run()
    assert not at.exception and not at.error
    labels = [button.label for button in at.get("download_button")]
    assert labels[:3] == ["CSV", "Parquet", "Transform (JSON)"]


@pytest.mark.slow
def test_a_new_file_is_read_and_treated_as_the_first_was(open_page) -> None:
    """What meant missing in last year's file means missing in this year's."""
    at = open_page("data")
    lines = [
        f"{name},{value}" for name, value in zip("abcdefgh", [1, 2, 3, 4, 5, 6, -999, -999], strict=True)
    ]
    content = "\n".join(["name,x", *lines]).encode()
    at.file_uploader[0].upload("first.csv", content, "text/csv").run()
    next(one for one in at.button if "means missing" in one.label).click().run()
    at.switch_page("pages/standardize.py").run()
    new = next(one for one in at.file_uploader if one.label == "New file")
    new.upload("next.csv", content.replace(b"3", b"-999"), "text/csv").run()
    assert not at.exception and not at.error
    assert any("then the recipe's 1 step: 8 rows left" in one.value for one in at.caption)
    drift = next(one.value for one in at.dataframe if "missing now" in one.value.columns)
    assert drift["missing before"].tolist() == [0.25] and drift["missing now"].tolist() == [0.375]


@pytest.mark.slow
def test_a_saved_transform_treats_a_new_file_by_its_own_recipe(open_page) -> None:
    steps = (SetMissing("a", (-999,)), Drop(Compare("a", ">", 50)))
    recipe = Recipe(ReadOptions(delimiter=";", decimal=","), steps)
    fitted = Standardizer(columns=["a"]).fit(pd.DataFrame({"a": [1.0, 3.0]}))
    saved = fitted.with_source(name="first.csv", sha256=None, recipe=recipe.to_json()).to_json()
    at = open_page("standardize")
    at.file_uploader(key="standardize_saved").upload("t.json", saved.encode(), "application/json")
    at.file_uploader(key="standardize_new").upload("next.csv", b"a;b\n2,5;x\n-999;y\n99;z\n1;x\n", "text/csv")
    at.run()
    assert not at.exception and not at.error
    said = " ".join(str(one.value) for one in [*at.caption, *at.markdown]).replace("\\", "")
    assert "then the recipe's 2 steps: 3 rows left" in said and "next.csv**, 3 rows" in said
