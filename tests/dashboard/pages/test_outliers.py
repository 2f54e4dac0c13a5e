"""The Outliers page: its answer, thresholds, filters, decisions, and what bad files make of it."""

import numpy as np
import pandas as pd
import pytest

from analytics.dashboard.pages.outliers.search import Search
from analytics.numbers import OutlierSearch, find_outliers
from analytics.words import count


def opened(open_page, content: bytes | None = None, **query: str):
    if content is None:
        return open_page("outliers", **query)
    at = open_page("data")
    at.file_uploader[0].upload("mine.csv", content, "text/csv").run()
    at.switch_page("pages/outliers.py").run()
    assert not at.exception
    return at


def csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False).encode()


def measured(rows: int = 120) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"width": rng.normal(10, 1, rows).round(3), "height": rng.normal(50, 4, rows).round(3)}
    )
    frame["site"] = np.where(np.arange(rows) % 2 == 0, "north", "south")
    frame.loc[7, "width"], frame.loc[9, "height"] = 22.5, 3.125
    return frame


def answer(at) -> str:
    return at.subheader[0].value.replace("\\", "")


def rows_listed(at) -> pd.DataFrame:
    return next(element.value for element in at.dataframe if "Why" in element.value.columns)


@pytest.mark.slow
def test_the_answer_and_the_reasons_are_the_packages(open_page) -> None:
    at = opened(open_page, csv(measured()))
    report = find_outliers(measured(), methods=["zscore", "modified_zscore", "iqr", "mahalanobis", "mixed"])
    flagged, most = int((report.votes > 0).sum()), int((report.votes > 2).sum())
    assert most == 2  # which happens in one clean table of twenty
    assert answer(at).startswith("2 rows of 120 are farther out than clean data of this size would have")
    assert any(f"At least one method flags {flagged}" in caption.value for caption in at.caption)
    listed = rows_listed(at).set_index("Row")
    assert set(listed.index[:2]) == {8, 10}
    assert listed.loc[8, "Sentence"] == report.reasons[7]
    assert listed.loc[8, "Why"].startswith("width 22.5 (typical up to ")
    assert listed.loc[10, "Votes"] == report.votes[9]


@pytest.mark.slow
def test_a_threshold_changes_the_count_beside_its_expectation(open_page) -> None:
    at = opened(open_page, csv(measured()))
    at.number_input(key="outliers_cut_zscore").set_value(2.0).run()
    z = measured()[["width", "height"]].apply(lambda x: (x - x.mean()).abs() / x.std(ddof=0)).max(axis=1)
    told = [
        caption.value for caption in at.caption if "flagged" in caption.value and "chance" in caption.value
    ]
    assert told[0].startswith(f"**{(z > 2).sum()} rows flagged** · by chance about 1")


@pytest.mark.slow
def test_false_discoveries_set_the_thresholds(open_page) -> None:
    at = opened(open_page, csv(measured()))
    at.selectbox(key="outliers_rule").set_value("5% false").run()
    assert not at.exception
    assert sum("5% false discoveries: threshold" in caption.value for caption in at.caption) == 4
    listed = rows_listed(at)
    assert set(listed["Row"][listed["Flagged by"].str.contains("Modified z")]) == {8, 10}


@pytest.mark.slow
def test_rows_can_be_filtered_and_searched(open_page) -> None:
    at = opened(open_page, csv(measured()))
    at.text_input(key="outliers_search").set_value("WIDTH").run()
    listed = rows_listed(at)
    assert (listed["Why"] + listed["Sentence"]).str.contains("width").all()
    at.text_input(key="outliers_search").set_value("nowhere to be found").run()
    assert any("fits the filter" in info.value for info in at.info)


@pytest.mark.slow
def test_groups_are_judged_by_themselves(open_page) -> None:
    frame = measured()
    frame.loc[frame["site"] == "south", "width"] += 40
    at = opened(open_page, csv(frame))
    at.selectbox(key="outliers_by").set_value("site").run()
    assert not at.exception
    assert rows_listed(at).set_index("Row").loc[8, "Sentence"].endswith("Group: south.")


@pytest.mark.slow
def test_decisions_are_listed_counted_and_undone(open_page) -> None:
    at = opened(open_page, csv(measured()))
    at.selectbox(key="outliers_action").set_value("drop").run()
    at.selectbox(key="outliers_scope").set_value("modified_zscore").run()
    at.button(key="outliers_decide").click().run()
    decided = next(element.value for element in at.dataframe if "decision" in element.value.columns)
    assert set(decided["row"]) == {8, 10}
    assert decided["decision"].str.startswith("Drop rows where").all()
    assert (decided["votes"] > 0).all()
    sizes = [caption.value for caption in at.sidebar.caption]
    assert any("118 rows" in size for size in sizes)  # every other page works without them
    assert "of 120" in answer(at)
    assert {button.label for button in at.get("download_button")} >= {"Decisions with reasons", "Script"}
    at.button(key="outliers_undo").click().run()
    assert any("Nothing is decided yet" in caption.value for caption in at.caption)


@pytest.mark.slow
def test_decisions_outlast_a_visit_to_another_page(open_page) -> None:
    at = opened(open_page, csv(measured()))
    at.selectbox(key="outliers_scope").set_value("zscore").run()
    at.button(key="outliers_decide").click().run()
    at.switch_page("pages/data.py").run()
    at.switch_page("pages/outliers.py").run()
    assert any("decision" in element.value.columns for element in at.dataframe)


@pytest.mark.slow
def test_hidden_outliers_are_explained(open_page) -> None:
    values = [*np.linspace(9, 11, 20).round(2), 40.0, 42.0, 41.0, 43.0]
    at = opened(open_page, csv(pd.DataFrame({"x": values, "y": np.arange(24) % 7})))
    assert any("misses" in info.value and "modified z shows them" in info.value for info in at.info)


@pytest.mark.slow
def test_every_method_runs_on_a_sample(open_page) -> None:
    at = opened(open_page, data="Cars")
    at.multiselect(key="outliers_methods").set_value(at.multiselect(key="outliers_methods").options).run()
    assert not at.exception
    assert "of 9 methods" in answer(at)


@pytest.mark.slow
def test_methods_come_and_go_as_if_each_choice_were_the_first(open_page) -> None:
    frame = measured().iloc[:60]
    frame.loc[3, "width"] = np.nan
    at = opened(open_page, csv(frame))
    labels = {"zscore": "|z|", "iqr": "Tukey's fences", "ecod": "ECOD", "mahalanobis": "Robust Mahalanobis"}
    choices = [("zscore", "ecod"), ("ecod",), ("zscore", "iqr", "mahalanobis", "ecod"), ("zscore", "ecod")]
    for methods in choices:
        at.multiselect(key="outliers_methods").set_value([labels[method] for method in methods]).run()
        report = find_outliers(frame, methods=methods, columns=["width", "height"])
        most = int((report.votes > len(methods) / 2).sum())
        rows = count(most, "row") if most else "No row"
        told = (f"; {most} stand", f": {most} of 60, where", f"{rows} of 60 stand")
        assert any(words in answer(at) for words in told)
        listed = rows_listed(at)["Sentence"]
        assert listed[listed != ""].tolist() == report.reasons.tolist()


@pytest.mark.slow
def test_a_column_put_back_is_the_search_that_was(open_page, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened(open_page, csv(measured()))
    at.multiselect(key="outliers_columns").set_value(["height"]).run()
    searched: list[tuple] = []
    run = Search.run
    monkeypatch.setattr(
        Search,
        "run",
        lambda self, *rest: (searched.append((self.columns, self.methods)), run(self, *rest))[1],
    )
    at.multiselect(key="outliers_columns").set_value(["height", "width"]).run()
    at.multiselect(key="outliers_methods").set_value(["Tukey's fences", "|z|"]).run()
    assert not at.exception
    assert searched == [
        (("width", "height"), ("zscore", "modified_zscore", "iqr", "mahalanobis", "mixed")),
        (("width", "height"), ("zscore", "iqr")),
    ]


@pytest.mark.slow
def test_what_was_said_of_a_method_goes_with_it(open_page) -> None:
    at = opened(open_page, csv(measured().iloc[:14]))
    methods = at.multiselect(key="outliers_methods")
    methods.set_value(["|z|", "Generalized ESD"]).run()
    assert any("Skipped" in info.value and "Generalized ESD" in info.value for info in at.info)
    at.multiselect(key="outliers_methods").set_value(["|z|"]).run()
    assert not any("Skipped" in info.value for info in at.info)


@pytest.mark.slow
def test_a_search_is_quick_where_what_takes_long_is_known() -> None:
    frame = pd.DataFrame(np.random.default_rng(0).standard_normal((300, 2)), columns=["a", "b"])
    searches = OutlierSearch(frame)
    with_forest = Search(columns=("a", "b"), methods=("zscore", "isolation_forest"))
    assert Search(columns=("a", "b"), methods=("zscore", "ecod")).is_quick(searches, rows=600_000)
    assert not Search(columns=("a", "b"), methods=("zscore",)).is_quick(searches, rows=3_000_000)
    assert not with_forest.is_quick(searches, rows=600_000)
    with_forest.run(searches)
    assert with_forest.is_quick(searches, rows=600_000)
    other = Search(columns=("a", "b"), methods=("isolation_forest",), seed=1)
    assert not other.is_quick(searches, rows=600_000)


BAD = [
    ("a,b\nx,1\ny,2\n", "at least"),
    ("a,b\n" + "5,5\n" * 30, "No column of this file varies"),
    ("name,x\n" + "".join(f"p{i},{i}.5\n" for i in range(40)), "looks across columns"),
    ("name\nAnn\nBob\n", "need at least 10 rows"),
    ("x,y\n" + "".join(f"{i}.5,{2 * i}.25\n" for i in range(40)), "collinear"),
]


@pytest.mark.parametrize(("content", "sentence"), BAD)
@pytest.mark.slow
def test_bad_files_get_one_sentence_and_the_page_goes_on(open_page, content: str, sentence: str) -> None:
    at = opened(open_page, content.encode())
    told = [element.value for element in (*at.error, *at.info, *at.warning, *at.caption)]
    assert any(sentence in text.replace("\\", "") for text in told), told


@pytest.mark.slow
def test_no_method_chosen_asks_for_one(open_page) -> None:
    at = opened(open_page, csv(measured()))
    at.multiselect(key="outliers_methods").set_value([]).run()
    assert not at.exception
    assert any("Choose at least one" in info.value for info in at.info)


@pytest.mark.slow
def test_names_from_the_file_are_not_read_as_markdown(open_page) -> None:
    frame = measured().rename(columns={"width": "**w** <b>$x$</b>"})
    at = opened(open_page, csv(frame))
    sentences = [markdown.value for markdown in at.markdown if "SD above the mean" in markdown.value]
    assert sentences
    assert not any("**w**" in sentence or "<b>" in sentence.replace("\\<", "") for sentence in sentences)


@pytest.mark.slow
def test_decisions_stay_when_other_columns_are_looked_at(open_page) -> None:
    at = opened(open_page, csv(measured()))
    at.selectbox(key="outliers_action").set_value("drop").run()
    at.selectbox(key="outliers_scope").set_value("modified_zscore").run()
    at.button(key="outliers_decide").click().run()
    at.multiselect(key="outliers_columns").set_value(["height"]).run()
    decided = next(element.value for element in at.dataframe if "decision" in element.value.columns)
    decided = decided.set_index("row")
    assert decided.loc[8, "reason"] == "No method calls this row unusual."
    assert decided["stands"].to_dict() == {8: "no reason now", 10: "yes"}
    assert any("For 1 of these rows no method sees a reason" in info.value for info in at.info)
    at.multiselect(key="outliers_methods").set_value([]).run()
    assert any("whatever is searched" in markdown.value for markdown in at.markdown)
    assert "height" in decided.loc[10, "reason"]


@pytest.mark.slow
def test_a_threshold_is_typed_set_on_the_scale_or_taken_from_the_link(open_page) -> None:
    at = opened(open_page, csv(measured()))
    scale = at.select_slider(key="outliers_scale_zscore")
    assert scale.value == 3.0 and len(scale.options) < 60
    at.number_input(key="outliers_cut_zscore").set_value(2.5).run()
    assert at.select_slider(key="outliers_scale_zscore").value == 2.5
    rarest = float(at.select_slider(key="outliers_scale_zscore").options[-1].replace(",", ""))
    scores = OutlierSearch(measured()).find(methods=["zscore"]).scores["zscore"]
    assert rarest > scores.max()


@pytest.mark.slow
def test_years_and_codes_are_listed_as_left_out_and_can_be_taken_in(open_page) -> None:
    frame = measured()
    frame.insert(0, "year", 1900 + np.arange(120))
    frame.insert(1, "month", np.arange(120) % 12 + 1)
    at = opened(open_page, csv(frame))
    assert any(
        "year (years), month (a part of the date)" in caption.value.replace("\\", "")
        for caption in at.caption
    )
    assert at.multiselect(key="outliers_columns").value == ["width", "height"]
    assert rows_listed(at)["Name"].str.match(r"(north|south), \d{4}$").all()
    at.multiselect(key="outliers_columns").set_value(["width", "month"]).run()
    assert not at.exception
    assert not any("month (a part of the date). Columns takes" in caption.value for caption in at.caption)


@pytest.mark.slow
def test_a_table_without_numbers_is_searched_for_rare_values(open_page) -> None:
    rows = [f"{'red' if i % 3 else 'blue'},{'round' if i % 2 else 'square'}" for i in range(60)]
    at = opened(open_page, "\n".join(["colour,shape", *rows, "rde,round"]).encode())
    assert rows_listed(at)["Row"].iloc[0] == 61
    assert "colour is 'rde' in 1 row of 61" in rows_listed(at)["Why"].iloc[0]


@pytest.mark.slow
def test_a_column_over_time_is_told_with_its_picture_and_stands_in_the_script(open_page) -> None:
    rng = np.random.default_rng(0)
    frame = measured()
    frame["day"] = pd.date_range("2024-01-01", periods=120).strftime("%Y-%m-%d")
    frame["width"] = rng.normal(10, 1, 120).round(3)
    frame.loc[60, "width"] = 40.0
    at = opened(open_page, csv(frame))
    at.session_state["outliers_view"] = "Over time"
    at.run()
    assert not at.exception
    assert any("width has 1 spike and 0 level shifts over day" in markdown.value for markdown in at.markdown)
    found = next(element.value for element in at.dataframe if "robust_sd" in element.value.columns)
    assert found["row"].tolist() == [61] and found["when"].tolist() == ["2024-03-01"]


@pytest.mark.slow
def test_methods_are_compared_on_labels_and_without(open_page) -> None:
    frame = measured()
    frame["bad"] = np.where(np.isin(np.arange(120), [7, 9, 20]), "faulty", "fine")
    at = opened(open_page, csv(frame))
    at.session_state["outliers_view"] = "Which method"
    at.run()
    at.button(key="outliers_which_start").click().run()
    assert any("agree least" in markdown.value for markdown in at.markdown)
    at.selectbox(key="outliers_labels").set_value("bad").run()
    at.button(key="outliers_which_start").click().run()
    assert not at.exception
    table = next(element.value for element in at.dataframe if "AUROC" in element.value.columns)
    assert len(table) == 10 and table["AUROC"].str.match(r"\d\.\d\d \(\d\.\d\d to \d\.\d\d\)$").all()
    assert any("3 of 120 rows have bad 'faulty'" in caption.value.replace("\\", "") for caption in at.caption)


def test_rows_go_by_one_name_on_every_page_and_groups_that_are_none_are_told(open_page) -> None:
    rows = [
        f"{land},{year},x{land}{year},{place * place % 17}.5"
        for place, (land, year) in enumerate(
            (land, year) for land in ("Peru", "Chad", "Oman") for year in (1990, 1995, 2000, 2005)
        )
    ]
    at = open_page("data")
    at.file_uploader[0].upload(
        "lands.csv", "\n".join(["land,year,note,level", *rows]).encode(), "text/csv"
    ).run()
    at.switch_page("pages/outliers.py").run()
    assert not at.exception
    called = at.multiselect(key="outliers_label").value
    at.switch_page("pages/compare.py").run()
    assert not at.exception
    said = " ".join(str(one.value) for one in at.caption)
    frame = at.session_state["zetascope_uploads"]["lands.csv"].frame
    assert called and all(str(frame[name].iloc[0]) in said for name in called)


def test_categories_that_make_no_groups_are_told_with_the_reason_and_a_way_on(open_page) -> None:
    rows = [f"{place % 2},c{place % 40},{place * place % 17}.5" for place in range(60)]
    at = open_page("data")
    at.file_uploader[0].upload("many.csv", "\n".join(["half,many,level", *rows]).encode(), "text/csv").run()
    from analytics.dashboard.server import datasets

    (mine,) = at.session_state["zetascope_uploads"].values()
    at.session_state[datasets._ROLES] = {mine.key_as_read: {"many": "category"}}
    at.switch_page("pages/outliers.py").run()
    assert not at.exception
    said = " ".join(str(one.value) for one in at.caption).replace("\\", "")
    assert "No groups by: many has 40 values in 60 rows. Merge values by a step" in said
