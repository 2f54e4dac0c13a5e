"""The Text map page: map, search, selection, downloads, and bad input."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.dashboard.pages.text_map import downloads, state

pytestmark = pytest.mark.slow


def words(at) -> str:
    parts = [*at.subheader, *at.markdown, *at.caption, *at.info, *at.warning]
    return " ".join(part.value for part in parts).replace("\\", "")


def look_of(at) -> dict:
    """What the map's own layer is told, without the numbers of its points."""
    (layer,) = [
        part.proto for part in at.get("bidi_component") if part.proto.component_name.endswith("map_layer")
    ]
    length = int.from_bytes(layer.bytes[:4], "little")
    return json.loads(layer.bytes[4 : 4 + length])


def pointed_at(at) -> bytes:
    """What the browser has of the texts under the pointer: all of them, or nothing before it asks."""
    return next(
        part.proto.bytes
        for part in at.get("bidi_component")
        if part.proto.component_name.endswith("map_points")
    )


def upload(at, content: bytes, name: str = "mine.csv"):
    at.switch_page("pages/data.py").run()
    at.file_uploader[0].upload(name, content, "text/csv").run()
    return at.switch_page("pages/text_map.py").run()


def test_a_table_without_text_offers_the_sample(open_page) -> None:
    at = open_page("text_map", data="Wine")
    assert "no column of sentences" in words(at)
    next(button for button in at.button if "opinions" in button.label).click().run()
    assert not at.exception
    assert "Of the 15 texts" in words(at)


def test_the_sample_is_mapped_searched_and_coloured(open_page) -> None:
    at = open_page("text_map", data="Opinions", again=True)
    assert "3,000 texts in" in words(at)
    assert look_of(at)["n"] == 3_000 and not at.get("echarts_chart")
    at.selectbox(key="text_map_colour").set_value("rating").run()
    assert not at.exception
    at.text_input(key="text_map_query").set_value('the battery does not last "battery"').run()
    at.segmented_control(key="text_map_part").set_value("Search").run()
    assert not at.exception
    found = next(frame.value for frame in at.dataframe if "similarity" in frame.value)
    assert found["text"].str.contains("battery", case=False).all()
    assert found["similarity"].is_monotonic_decreasing and len(found) == 30
    at.selectbox(key="text_map_hits_taken").set_value("all").run()
    found = next(frame.value for frame in at.dataframe if "similarity" in frame.value)
    assert len(found) > 30
    at.selectbox(key="text_map_way").set_value("by words").run()
    found = next(frame.value for frame in at.dataframe if "similarity" in frame.value)
    assert found["word match"].is_monotonic_decreasing and (found["word match"] > 0).all()
    at.button(key="text_map_select_hits").click().run()
    assert f"{len(found):,} texts selected" in words(at)
    for part in ("Near duplicates", "Unusual", "New texts", "Download", "Selection", "Clusters"):
        at.segmented_control(key="text_map_part").set_value(part).run()
        assert not at.exception, part


def test_a_row_has_one_number_in_search_and_selection(open_page, monkeypatch) -> None:
    at = open_page("text_map", data="Opinions", again=True)
    at.text_input(key="text_map_query").set_value('"battery"').run()
    at.segmented_control(key="text_map_part").set_value("Search").run()
    found = next(frame.value for frame in at.dataframe if "similarity" in frame.value)
    monkeypatch.setattr(state, "selected_of", lambda made: np.sort(found["row"].to_numpy() - 1))
    at.segmented_control(key="text_map_part").set_value("Selection").run()
    assert not at.exception
    selected = next(frame.value for frame in at.dataframe if "rating" in frame.value)
    assert selected["text"].to_dict() == dict(zip(found["row"], found["text"], strict=True))


def test_new_texts_are_placed_and_strange_ones_marked(open_page) -> None:
    at = open_page("text_map", data="Opinions", again=True)
    at.segmented_control(key="text_map_part").set_value("New texts").run()
    at.text_area(key="text_map_new_texts").set_value("The battery is empty after an hour.\nqqq zzz 0x00 ;;")
    next(button for button in at.button if "Place" in button.label).click().run()
    assert not at.exception
    placed = next(frame.value for frame in at.dataframe if "farther than" in frame.value)
    assert len(placed) == 2
    assert placed["farther than"].iloc[1] > placed["farther than"].iloc[0]
    assert placed.columns[0] == "verdict"
    assert placed["verdict"].tolist() == ["among its like", "unlike anything here"]
    assert [one["text"] for one in look_of(at)["placed"]] == ["The battery is empty after an hour."]
    # A browser without WebGL says so; then ECharts draws the same.
    at.session_state["zetascope_text_map_without_webgl"] = True
    at.run()
    assert not at.exception and "This browser has no WebGL" in words(at)
    option = json.loads(at.get("echarts_chart")[0].proto.spec)
    diamonds = [series for series in option["series"] if series.get("symbol") == "diamond"]
    assert [len(series["data"]) for series in diamonds] == [1]


@pytest.mark.parametrize(
    "texts", [["only one"], ["a", "b", "c"], ["same"] * 30, ["🙂", "سلام عليكم", "x" * 1_000_000]]
)
def test_few_odd_or_equal_texts_still_make_a_page(open_page, texts: list[str]) -> None:
    frame = pd.DataFrame({"note": texts, "n": range(len(texts))})
    at = upload(open_page("data"), frame.to_csv(index=False).encode())
    if any("all the same" in toggle.label for toggle in at.toggle):
        at.toggle(key="text_map_anyway").set_value(True).run()
    assert not at.exception
    assert not at.error


def test_many_rows_are_sampled_first(open_page, monkeypatch) -> None:
    from analytics.dashboard.pages.text_map import source

    monkeypatch.setattr(source, "SAMPLE_ROWS", 200)
    rows = "\n".join(f"the parcel of customer {i} has not arrived,{i}" for i in range(2_000))
    at = upload(open_page("data"), f"note,n\n{rows}\n".encode())
    if any("all the same" in toggle.label for toggle in at.toggle):
        at.toggle(key="text_map_anyway").set_value(True).run()
    assert not at.exception
    amount = at.selectbox(key="text_map_amount")
    assert amount.options == ["a sample of 200", "all 2,000"]
    assert amount.value == "a sample of 200"
    assert "2,000 rows are many: 200 of them, evenly spread, are mapped" in words(at)
    assert "A sample: 200 of 2,000 rows" in words(at)


def test_the_longest_texts_are_mapped_first_and_that_is_said(open_page) -> None:
    body = [
        f"the parcel of customer number {i} has not arrived, though it was sent long ago" for i in range(40)
    ]
    title = [f"no parcel {i} was seen" for i in range(40)]
    frame = pd.DataFrame({"title": title, "body": body, "n": range(40)})
    at = upload(open_page("data"), frame.to_csv(index=False).encode())
    choice = at.selectbox(key="text_map_column")
    assert choice.value == "body" and choice.options[:2] == ["body", "title"]
    assert "The longest of 2 columns of sentences." in words(at)
    choice.set_value("title").run()
    assert not at.exception and "The longest of" not in words(at)


def test_blank_texts_are_told(open_page) -> None:
    at = upload(open_page("data"), b"note,n\n" + b"".join(b'"  ",%d\n' % i for i in range(20)))
    assert not at.exception
    assert "no column of sentences" in words(at) or any("no text" in error.value for error in at.error)


def test_one_new_text_gets_the_place_it_has_in_a_batch(open_page) -> None:
    texts = ["The battery is empty after an hour.", "A film about nothing.", "It is lovely. " * 30]
    at = open_page("text_map", data="Opinions", again=True)
    at.segmented_control(key="text_map_part").set_value("New texts").run()
    found = []
    for lines in ("\n".join(texts), texts[1]):
        at.text_area(key="text_map_new_texts").set_value(lines)
        next(button for button in at.button if "Place" in button.label).click().run()
        assert not at.exception
        frame = next(frame.value for frame in at.dataframe if "farther than" in frame.value)
        found.append(frame[frame["text"] == texts[1]].iloc[0])
    assert found[0].to_dict() == found[1].to_dict()


def test_wrong_vectors_are_told(open_page) -> None:
    from analytics.text import write_vectors

    at = open_page("text_map", data="Opinions", again=True)
    uploader = at.file_uploader[0]
    uploader.upload("v.npy", write_vectors(np.ones((5, 4), np.float32)), "application/octet-stream").run()
    assert not at.exception
    assert "5 vectors, the table 3,000 rows" in at.error[0].value.replace("\\", "")


def test_nonsense_is_told_and_finds_nothing(open_page) -> None:
    at = open_page("text_map", data="Opinions", again=True)
    at.text_input(key="text_map_query").set_value("qwertz zzz").run()
    at.segmented_control(key="text_map_part").set_value("Search").run()
    assert not at.exception
    assert "Nothing here is like it" in words(at) and "Nothing like it: no text reaches" in words(at)
    assert not [button for button in at.button if button.key == "text_map_select_hits"]
    for way in ("by both", "by words"):
        at.selectbox(key="text_map_way").set_value(way).run()
        assert not at.exception and "texts found" not in words(at)


def test_duplicates_go_by_a_step_that_names_rows_of_the_file(open_page) -> None:
    names = "anna berta carla dora emma frida greta hanna ida jana".split()
    lines = [f"{who} wants to return a broken kettle bought in shop {n}" for n, who in enumerate(names)]
    texts = ["the train is late again today", *lines, "the train is late again today", *lines[:2]]
    frame = pd.DataFrame({"note": texts, "n": range(len(texts))})
    at = upload(open_page("data"), frame.to_csv(index=False).encode())
    if any("all the same" in toggle.label for toggle in at.toggle):
        at.toggle(key="text_map_anyway").set_value(True).run()
    at.segmented_control(key="text_map_part").set_value("Near duplicates").run()
    at.slider(key="text_map_threshold").set_value(1.0).run()
    assert not at.exception
    shown = next(frame.value for frame in at.dataframe if "stays" in frame.value)
    assert shown.groupby("group")["row"].apply(list).tolist() == [[1, 12], [2, 13], [3, 14]]
    assert (shown["stays"] != "").tolist() == [True, False] * 3
    assert "**3 rows** would go, 11 of 14 stay" in words(at)
    at.button(key="text_map_keep_rows").click().run()
    assert not at.exception
    assert "11 texts in" in words(at)
    assert "No two texts are as similar" in words(at)


def topics_of(at) -> pd.DataFrame:
    return next(frame.value for frame in at.dataframe if "one group" in frame.value)


def test_topics_go_from_coarse_to_fine_and_keep_what_a_reader_makes_of_them(open_page, monkeypatch) -> None:
    at = open_page("text_map", data="Opinions", again=True)
    first = topics_of(at)
    assert not at.exception and len(first) > 3
    assert first["texts"].max() <= 0.25 * 3_000 and (first["one group"] == "yes").all()
    assert (first["similarity"] > first["at random"]).all()
    assert "Agreement with" in words(at)
    at.select_slider(key="text_map_fineness").set_value("finest").run()
    finest = topics_of(at)
    assert len(finest) > len(first)
    at.select_slider(key="text_map_fineness").set_value("25%").run()

    at.multiselect(key="text_map_topics_chosen").set_value([0]).run()
    at.text_input(key="text_map_topic_name").set_value("on screen").run()
    at.button(key="text_map_rename").click().run()
    assert topics_of(at)["topic"].iloc[0] == "on screen"
    at.multiselect(key="text_map_topics_chosen").set_value([1, 2]).run()
    at.button(key="text_map_merge").click().run()
    assert not at.exception
    ((notes,),) = [tuple(notes.values()) for notes in at.session_state["zetascope_page_notes"].values()]
    assert len(notes) == 1 and "on screen" in notes[0]  # goes into projects and the browser's memory
    merged = topics_of(at)
    assert len(merged) == len(first) - 1 and "on screen" in merged["topic"].tolist()
    assert merged["texts"].max() == first["texts"].iloc[1:3].sum()
    written = []
    monkeypatch.setattr(downloads.widgets, "download_table", lambda make, **_: written.append(make()))
    at.segmented_control(key="text_map_part").set_value("Download").run()
    assert "on screen" in written[-1]["cluster_name"].tolist()
    assert written[-1]["cluster"].nunique() == len(merged) + 1
    at.segmented_control(key="text_map_part").set_value("Clusters").run()
    at.button(key="text_map_topics_undo").click().run()
    assert len(topics_of(at)) == len(first)
    at.multiselect(key="text_map_topics_chosen").set_value([0]).run()
    at.number_input(key="text_map_topic_parts").set_value(3).run()
    at.button(key="text_map_split").click().run()
    assert not at.exception
    assert len(topics_of(at)) == len(first) + 2 and topics_of(at)["texts"].sum() == first["texts"].sum()
    at.button(key="text_map_topics_undo").click().run()
    at.selectbox(key="text_map_topics").set_value("k-means").run()
    at.number_input(key="text_map_groups").set_value(7).run()
    assert not at.exception and len(topics_of(at)) == 7
    at.selectbox(key="text_map_topics").set_value("communities (Leiden)").run()
    assert not at.exception and 2 < len(topics_of(at)) < 40


def test_a_topic_whose_places_are_inexact_is_one_all_the_same(open_page, monkeypatch) -> None:
    at = open_page("text_map", data="Opinions", again=True)
    rng = np.random.default_rng(0)
    for rows, warned in ((rng.choice(3_000, 200, replace=False), True), (None, False)):
        if rows is None:
            at.text_input(key="text_map_query").set_value("a camera with good pictures").run()
            at.segmented_control(key="text_map_part").set_value("Search").run()
            found = next(frame.value for frame in at.dataframe if "word match" in frame.value)
            rows = found["row"].to_numpy() - 1
        monkeypatch.setattr(state, "selected_of", lambda made, rows=rows: np.sort(rows))
        at.run()
        assert bool(at.warning) == warned
        assert ("No group of its own" in words(at)) == warned


def upload_foxes(open_page):
    """120 texts of two kinds; row 7 has the other kind's category."""
    animals, trains = "red grey old young quick slow".split(), "late early full empty long short".split()
    texts = [f"the {animals[n % 6]} fox number {n} sleeps under a tree" for n in range(60)]
    texts += [f"the {trains[n % 6]} train number {n} leaves the station" for n in range(60)]
    frame = pd.DataFrame(
        {"note": texts, "kind": ["fox"] * 60 + ["train"] * 60, "size": [n // 2 for n in range(120)]}
    )
    frame.loc[6, "kind"] = "train"
    at = upload(open_page("data"), frame.to_csv(index=False).encode())
    if any("all the same" in toggle.label for toggle in at.toggle):
        at.toggle(key="text_map_anyway").set_value(True).run()
    return at


def table_with(at, *columns: str) -> pd.DataFrame:
    return next(frame.value for frame in at.dataframe if set(columns) <= set(frame.value))


def html_of(at) -> str:
    return " ".join(part.proto.body for part in at.get("html"))


def test_texts_are_read_selected_summarised_and_tagged(open_page) -> None:
    at = upload_foxes(open_page)
    at.text_input(key="text_map_query").set_value('"fox" sleeps').run()
    at.selectbox(key="text_map_hits_taken").set_value("all").run()
    at.button(key="text_map_read").click().run()
    assert not at.exception
    assert html_of(at).count("<mark>fox</mark>") == 1 and "1 of 60 found" in words(at)
    assert table_with(at, "column", "value")["column"].tolist() == ["kind", "size"]
    at.button(key="text_map_next").click().run()
    assert "2 of 60 found" in words(at)
    at.button(key="text_map_close").click().run()

    at.segmented_control(key="text_map_part").set_value("Search").run()
    at.button(key="text_map_select_hits").click().run()
    assert at.segmented_control(key="text_map_part").value == "Selection"
    apart = table_with(at, "words", "of the rest")
    assert any("fox" in phrase for phrase in apart["words"]) and (apart["texts"] <= 60).all()
    assert not any("train" in phrase for phrase in apart["words"])
    assert "(p < 0.001, corrected)" in words(at).replace("\\", "")
    shares = table_with(at, "value", "95% interval").set_index("value")
    assert shares["rows"].to_dict() == {"fox": 59, "train": 1}

    at.text_input(key="text_map_query").set_value('"red fox"').run()
    at.segmented_control(key="text_map_part").set_value("Search").run()
    at.selectbox(key="text_map_combine").set_value("is taken away").run()
    at.button(key="text_map_select_hits").click().run()
    assert "**50 texts selected.**" in words(at)

    at.segmented_control(key="text_map_part").set_value("Tags").run()
    at.text_input(key="text_map_tag_name").set_value("animals").run()
    at.button(key="text_map_tag_give").click().run()
    assert table_with(at, "tag", "texts")["texts"].tolist() == [50]
    likely = table_with(at, "probability", "interval")
    assert likely["text"].head(10).str.contains("red fox").all()
    next(one for one in at.button if one.key.startswith("text_map_tag_first")).click().run()
    assert table_with(at, "tag", "texts")["texts"].tolist() == [60]
    at.button(key="text_map_tag_undo").click().run()
    assert table_with(at, "tag", "texts")["texts"].tolist() == [50]
    at.selectbox(key="text_map_colour").set_value("tag").run()
    assert not at.exception
    at.button(key="text_map_tag_keep").click().run()
    assert not at.exception
    assert "tag" in at.selectbox(key="text_map_colour").options


def test_a_selection_stays_as_a_step_and_odd_categories_are_listed(open_page) -> None:
    at = upload_foxes(open_page)
    at.segmented_control(key="text_map_part").set_value("Unusual").run()
    at.selectbox(key="text_map_unusual_kind").set_value("another kind than their nearest").run()
    odd = table_with(at, "is", "neighbours say")
    assert odd[["row", "is", "neighbours say"]].to_numpy().tolist() == [[7, "train", "fox"]]
    at.text_input(key="text_map_query").set_value('"train"').run()
    at.segmented_control(key="text_map_part").set_value("Search").run()
    at.selectbox(key="text_map_hits_taken").set_value("all").run()
    at.button(key="text_map_select_hits").click().run()
    at.button(key="text_map_selection_delete").click().run()
    assert not at.exception
    assert "60 texts in" in words(at)


def test_quick_vectors_tell_their_agreement_first_and_markup_is_a_suggestion(open_page) -> None:
    animals = "red grey old young quick slow".split()
    texts = [f"<p>the {animals[n % 6]} fox number {n}</p> see https://example.org/{n}" for n in range(40)]
    frame = pd.DataFrame({"note": texts, "n": range(40)})
    at = upload(open_page("data"), frame.to_csv(index=False).encode())
    if any("all the same" in toggle.label for toggle in at.toggle):
        at.toggle(key="text_map_anyway").set_value(True).run()
    assert "Found: HTML tags in 40 texts, web or mail addresses in 40 texts" in words(at)
    at.toggle(key="text_map_stripped").set_value(True).run()
    at.toggle(key="text_map_quick").set_value(True).run()
    assert not at.exception
    assert "Measured on 40 of these texts: quick and exact vectors have a cosine of at least 0.9" in words(at)
    at.button(key="text_map_read").click().run()
    assert "&lt;p&gt;the red fox number 0" in html_of(at)
    at.segmented_control(key="text_map_part").set_value("Unusual").run()
    assert not table_with(at, "distance", "text")["text"].str.contains("https|<p>").any()


def test_a_first_map_stands_until_the_others_have_joined(open_page, monkeypatch) -> None:
    from analytics.dashboard.pages.text_map import maps

    done = maps.job_result
    monkeypatch.setattr(maps, "first_count", lambda texts: 40)
    monkeypatch.setattr(maps, "_is_known", lambda source, column: False)
    monkeypatch.setattr(
        maps,
        "job_result",
        lambda slot, *given, **how: None if slot == "text_map_vectors" else done(slot, *given, **how),
    )
    at = upload_foxes(open_page)
    assert not at.exception
    assert "40 texts in" in words(at)
    assert "first map of 40 texts, evenly spread over the file. The other 80 join it" in words(at)
    monkeypatch.setattr(maps, "job_result", done)
    at.run()
    assert not at.exception
    assert "120 texts in" in words(at) and "first map" not in words(at)


def test_a_passage_can_be_a_point(open_page, monkeypatch) -> None:
    from analytics.dashboard.pages.text_map import maps

    cut = maps.cut_passages
    monkeypatch.setattr(
        maps, "cut_passages", lambda texts, encoder, **how: cut(texts, encoder, tokens=16, **how)
    )
    ends = (
        "It arrived late by train. Nobody was at the station to carry it home. The kettle was broken again."
    )
    texts = [
        f"The {who} bought a kettle in the small shop on the corner. {ends}"
        for who in "fox cat owl hen".split()
    ]
    frame = pd.DataFrame({"note": [*texts, "The dog bought nothing.", None], "kind": list("aabbcc")})
    at = upload(open_page("data"), frame.to_csv(index=False).encode())
    if any("all the same" in toggle.label for toggle in at.toggle):
        at.toggle(key="text_map_anyway").set_value(True).run()
    at.selectbox(key="text_map_long").set_value("whole, one point a passage").run()
    assert not at.exception
    assert "17 passages of 5 texts in" in words(at)
    assert "100% of the longest in 4 passages, 4 texts in more than one" in words(at)
    at.selectbox(key="text_map_colour").set_value("document").run()
    assert [name for _, name in look_of(at)["legend"]["items"]] == [f"row {row}" for row in range(1, 6)]
    assert pointed_at(at).count(b"\ndocument: row 2") == 4
    at.text_input(key="text_map_query").set_value('"station"').run()
    at.segmented_control(key="text_map_part").set_value("Search").run()
    found = table_with(at, "similarity", "passage")
    assert sorted(found["row"]) == [1, 2, 3, 4] and set(found["passage"]) == {"3 of 4"}
    at.button(key="text_map_read").click().run()
    assert "Passage 3 of 4 of its text" in words(at) and "nobody" in html_of(at).lower()
    at.button(key="text_map_read_passages").click().run()
    assert "1 of 4 passages of row" in words(at) and "Passage 1 of 4 of its text" in words(at)
    at.button(key="text_map_select_text").click().run()
    assert "**1 text selected.**" in words(at)
    written = []
    monkeypatch.setattr(downloads.widgets, "download_table", lambda make, **_: written.append(make()))
    at.segmented_control(key="text_map_part").set_value("Download").run()
    assert not at.exception
    made = written[-1]
    assert made["text_row"].tolist() == [1] * 4 + [2] * 4 + [3] * 4 + [4] * 4 + [5, 6]
    assert made["passage"].tolist()[:4] == [1, 2, 3, 4] and made["map_x"].notna().sum() == 17
    assert made["selected"].sum() == 4 and made.loc[made["selected"], "text_row"].nunique() == 1
    at.segmented_control(key="text_map_part").set_value("Near duplicates").run()
    # The last three passages of four texts are the same; the first of each is its own.
    assert "**0 rows** would go" in words(at) and at.button(key="text_map_keep_rows").disabled


def test_umap_learn_is_a_choice_with_its_own_settings(open_page, monkeypatch) -> None:
    at = upload_foxes(open_page)
    assert at.selectbox(key="text_map_dimensions").options == ["2", "3"]
    at.selectbox(key="text_map_method").set_value("umap-learn").run()
    at.selectbox(key="text_map_dimensions").set_value("5").run()
    at.selectbox(key="text_map_guide").set_value("kind").run()
    assert not at.exception
    assert "120 texts in" in words(at)
    assert "guided by kind" in words(at) and "Of its 5 dimensions the picture shows" in words(at)
    written: list[object] = []
    monkeypatch.setattr(downloads.widgets, "download_table", lambda make, **_: written.append(make()))
    monkeypatch.setattr(downloads.widgets, "download", lambda label, make, **_: written.append(make()))
    at.segmented_control(key="text_map_part").set_value("Download").run()
    assert not at.exception
    table = next(one for one in written if isinstance(one, pd.DataFrame) and "map_x" in one)
    assert table[[f"map_{d}" for d in range(1, 6)]].notna().all(axis=None)
    script = next(one for one in written if isinstance(one, str) and "PARAMETERS" in one)
    assert "guided_by='kind'" in script.replace('"', "'") and "dimensions=5" in script
    at.selectbox(key="text_map_method").set_value("UMAP").run()
    assert not at.exception and "umap-learn" not in words(at)


def test_columns_beside_the_map_filter_it_and_its_texts(open_page) -> None:
    at = upload_foxes(open_page)
    assert b"size: " not in pointed_at(at)
    at.multiselect(key="text_map_pointed").set_value(["size", "kind"]).run()
    assert b"\nsize: 3\nkind: train" in pointed_at(at)  # row 7, the odd one
    at.selectbox(key="text_map_colour").set_value("kind").run()
    told = pointed_at(at)
    assert told.count(b"\nkind: ") == 120 and b"\nsize: 3\nkind: train" in told  # once, though chosen twice
    at.text_input(key="text_map_query").set_value('"sleeps"').run()
    at.selectbox(key="text_map_hits_taken").set_value("all").run()
    at.segmented_control(key="text_map_part").set_value("Columns").run()
    assert not at.exception and "Drag over a range" in words(at)
    sizes = next(slider for slider in at.select_slider if slider.label == "Range of size")
    kinds = next(one for one in at.multiselect if one.label == "Values of kind")
    assert len(sizes.options) == 24 and sizes.options[0] == "0 to 2.458"
    sizes.set_value([0, 3]).run()  # the first sixth: rows 1 to 20
    assert "**20 of 120 texts** left" in words(at)
    next(one for one in at.multiselect if one.label == "Values of kind").set_value([0]).run()
    assert not at.exception and kinds.options == ["train", "fox"]
    assert "**1 of 120 texts** left" in words(at)  # the odd one
    at.segmented_control(key="text_map_part").set_value("Search").run()
    assert table_with(at, "similarity", "row")["row"].tolist() == [7]
    at.segmented_control(key="text_map_part").set_value("Columns").run()
    at.button(key="text_map_linked_select").click().run()
    assert "**1 text selected.**" in words(at)
    at.button(key="text_map_clear").click().run()
    at.segmented_control(key="text_map_part").set_value("Columns").run()
    at.button(key="text_map_linked_clear").click().run()
    assert not at.exception and "Drag over a range" in words(at)


def test_where_the_model_does_not_know_the_language_another_is_a_click_away(open_page, monkeypatch) -> None:
    from analytics.dashboard.pages.text_map import text_choices

    kinds = "rote alte junge schnelle neue".split()
    texts = [
        f"Wo ist meine {kinds[n % 5]} Karte geblieben, die ich am {n}. Mai bestellt habe?" for n in range(20)
    ]
    frame = pd.DataFrame({"note": [*texts, "\u6211\u7684\u5361\u8fd8\u6ca1\u6709\u5230"], "n": range(21)})
    at = upload(open_page("data"), frame.to_csv(index=False).encode())
    if any("all the same" in toggle.label for toggle in at.toggle):
        at.toggle(key="text_map_anyway").set_value(True).run()
    assert "not in English (German" in words(at) and not [b for b in at.button if "multilingual" in b.label]
    settings = text_choices.read_settings()
    monkeypatch.setattr(text_choices, "read_settings", lambda: replace(settings, hub=True))
    at.text_input(key="text_map_query").set_value('"\u5361"').run()
    at.button(key="text_map_read").click().run()
    assert "100% of it was read" in words(at) and "of the tokens are unknown to the model" in words(at)
    at.button(key="text_map_multilingual").click().run()
    assert not at.exception
    assert at.session_state["text_map_model"] == "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"
