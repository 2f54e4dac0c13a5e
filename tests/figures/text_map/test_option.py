"""The flat map as an option: plain data, every drawn point once, emphasis, names, lines to the truth."""

import json

import numpy as np
import pandas as pd
import pytest

from analytics.figures import theme
from analytics.figures.text_map.hover import hover_texts, wrapped
from analytics.figures.text_map.looks import Emphasis, colour_by_category, colour_by_cluster, colour_by_number
from analytics.figures.text_map.option import INSIDE, map_option
from analytics.text import cluster, project
from analytics.text.topics.names import short_names


@pytest.fixture
def mapped(three_blobs):
    projection = project(three_blobs)
    texts = [f"text number {row}" for row in range(120)]
    return projection, hover_texts(projection, texts, np.arange(120)), cluster(projection, texts, min_size=10)


def option_of(mapped, colouring, drawn=None, **settings):
    projection, hover, clusters = mapped
    drawn = np.arange(120) if drawn is None else drawn
    return map_option(
        projection, colouring=colouring, hover=hover, drawn=drawn, clusters=clusters, **settings
    )


def parts(option, kind: str) -> list[dict]:
    return [series for series in option["series"] if series["type"] == kind]


def test_it_is_plain_data_but_for_its_table(mapped) -> None:
    emphasis = Emphasis(np.arange(120) < 9, 5, np.zeros((1, 2)), ("new",))
    option = option_of(mapped, colour_by_cluster(mapped[2]), emphasis=emphasis, sizes=np.linspace(3, 14, 120))
    table = option["dataset"][0].pop("source")
    assert json.loads(json.dumps(option)) == option
    assert table.dtypes[["x", "y", "colour", "size"]].eq("float32").all()


def test_item_i_is_the_ith_drawn_point(mapped) -> None:
    drawn = np.arange(0, 120, 3)
    table = option_of(mapped, colour_by_cluster(mapped[2]), drawn)["dataset"][0]["source"]
    np.testing.assert_array_equal(table[["x", "y"]], mapped[0].points[drawn])
    assert table["text"].tolist() == mapped[1][drawn].tolist()


def test_what_is_missing_lies_outside_the_scale(mapped) -> None:
    values = np.where(np.arange(120) % 7 == 0, np.nan, np.arange(120) - 50.0)
    number = option_of(mapped, colour_by_number(values, title="n"))
    scale, colour = number["visualMap"][-1], number["dataset"][0]["source"]["colour"].to_numpy()
    inside = (colour >= scale["min"]) & (colour <= scale["max"])
    np.testing.assert_array_equal(inside, np.isfinite(values))
    category = option_of(mapped, colour_by_category(pd.Series([None, "a", "b"] * 40), title="c"))
    scale, colour = category["visualMap"][-1], category["dataset"][0]["source"]["colour"].to_numpy()
    assert {piece["label"] for piece in scale["pieces"]} == {"a", "b"}
    known = np.isin(colour, [piece["value"] for piece in scale["pieces"]])
    np.testing.assert_array_equal(known, np.arange(120) % 3 > 0)


def test_points_in_a_region_lie_unseen_over_the_others(mapped) -> None:
    places = np.array([5, 3, 40])
    option = option_of(mapped, colour_by_cluster(mapped[2]), np.arange(120), inside=places)
    unseen = next(series for series in option["series"] if series.get("id") == INSIDE)
    assert unseen["datasetIndex"] == 1 and unseen["itemStyle"]["opacity"] == 0
    table = option["dataset"][1]["source"]
    np.testing.assert_array_equal(table[["x", "y"]], mapped[0].points[places])
    assert option["brush"]["transformable"] is False
    without = option_of(mapped, colour_by_cluster(mapped[2]), np.arange(120))
    assert INSIDE not in {series.get("id") for series in without["series"]}


def test_the_others_fade_and_stay(mapped) -> None:
    option = option_of(mapped, colour_by_cluster(mapped[2]), emphasis=Emphasis(np.arange(120) < 10))
    table = option["dataset"][0]["source"]
    assert len(table) == 120 and table["stands_out"].sum() == 10
    assert any(scale["dimension"] == "stands_out" for scale in option["visualMap"])


def test_lines_end_at_the_true_neighbours(mapped) -> None:
    projection = mapped[0]
    option = option_of(mapped, colour_by_cluster(mapped[2]), emphasis=Emphasis(focus=7))
    ends = [line["coords"][1] for series in parts(option, "lines") for line in series["data"]]
    expected = projection.points[projection.neighbors.indices[7, :15]].tolist()
    assert sorted(ends) == sorted(expected)
    assert all(
        line["coords"][0] == projection.points[7].tolist()
        for s in parts(option, "lines")
        for line in s["data"]
    )


def test_names_stand_in_the_middle_of_their_clusters(mapped) -> None:
    projection, _, clusters = mapped
    names = option_of(mapped, colour_by_cluster(clusters))["series"][-1]["data"]
    assert [item["name"] for item in names] == list(short_names(clusters.names))
    for label, item in enumerate(names):
        np.testing.assert_allclose(
            item["value"], np.median(projection.points[clusters.labels == label], axis=0)
        )


def test_pca_axes_say_what_they_explain(three_blobs) -> None:
    projection = project(three_blobs, method="pca")
    hover = hover_texts(projection, ["t"] * 120, np.arange(120))
    option = map_option(
        projection,
        colouring=colour_by_number(projection.trust, title="t"),
        hover=hover,
        drawn=np.arange(120),
    )
    assert "of the variance" in option["xAxis"]["name"]


def test_long_texts_are_wrapped_for_the_pointer() -> None:
    shown = wrapped("word " * 100, 120)
    assert all(len(line) <= 56 for line in shown.split("\n"))
    assert shown.endswith("…") and "\n" in shown
    assert wrapped("", 50) == ""
    assert (
        theme.shortened("a\nb  c", width=10) == "a b c"
        and theme.shortened("x" * 50, width=10) == "x" * 9 + "…"
    )
    assert wrapped("手" * 120, 220).replace("\n", "") == "手" * 120  # no blanks, and nothing left out
    assert wrapped("手" * 300, 220).replace("\n", "") == "手" * 220 + "…"


def test_new_texts_never_have_the_colour_of_a_cluster(mapped) -> None:
    placed = Emphasis(placed=np.zeros((2, 2)), placed_labels=["a", "b"])
    option = option_of(mapped, colour_by_cluster(mapped[2]), emphasis=placed)
    (diamonds,) = [series for series in option["series"] if series.get("symbol") == "diamond"]
    colours = {piece["color"].lower() for piece in option["visualMap"][-1]["pieces"]}
    assert diamonds["itemStyle"]["color"].lower() not in colours and len(diamonds["data"]) == 2
