"""The bytes that the map's own layer is drawn from, and the page that it is saved as."""

import json
import re
from base64 import b64decode
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.figures.text_map import point_layer, saved_page
from analytics.figures.text_map.hover import hover_text, hover_texts, with_columns, with_values
from analytics.figures.text_map.looks import Emphasis, colour_by_category, colour_by_cluster, colour_by_number
from analytics.text import cluster, project
from analytics.text.topics.names import short_names

TEXTS = [f"text number {row}" for row in range(120)]


@pytest.fixture
def mapped(three_blobs):
    projection = project(three_blobs)
    return projection, cluster(projection, TEXTS, min_size=10)


def opened(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Header and what follows it, as the browser reads them."""
    length = int.from_bytes(data[:4], "little")
    assert length % 4 == 0, "numbers of four bytes must begin where such numbers may"
    return json.loads(data[4 : 4 + length]), data[4 + length :]


def look_of(mapped, colouring, drawn=None, **settings) -> tuple[dict[str, Any], bytes]:
    drawn = np.arange(120) if drawn is None else drawn
    return opened(
        point_layer.look(
            mapped[0], key="k", colouring=colouring, drawn=drawn, alt="a map", height=700, **settings
        )
    )


def test_points_and_texts_come_back_as_they_went() -> None:
    points = np.random.default_rng(0).normal(size=(4, 2))
    texts = ["", "手 und ä", "half \ud800 a character", "<b>"]
    header, rest = opened(point_layer.stock(points, texts, key="k"))
    assert header == {"id": "k", "n": 4, "texts": True}
    np.testing.assert_array_equal(np.frombuffer(rest[:32], "<f4").reshape(4, 2), points.astype(np.float32))
    ends = np.frombuffer(rest[32:48], "<u4")
    letters = [rest[48:][start:end].decode() for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    assert letters == ["", "手 und ä", "half ? a character", "<b>"]
    assert opened(point_layer.stock(points, None, key="k"))[1] == rest[:32]


def test_maps_of_one_series_are_told_as_such(mapped) -> None:
    colouring = colour_by_cluster(mapped[1])
    assert look_of(mapped, colouring)[0]["series"] == "k"
    assert look_of(mapped, colouring, series="s")[0]["series"] == "s"


def test_numbers_lie_along_the_scale_and_missing_ones_outside(mapped) -> None:
    values = np.linspace(-1, 2, 120)
    values[7] = np.nan
    header, rest = look_of(mapped, colour_by_number(values, title="v", limits=(0.0, 1.0)))
    numbers = np.frombuffer(rest, np.uint8)
    assert numbers[7] == 255 and header["legend"]["low"] == "0" and header["legend"]["high"] == "1"
    expected = np.rint(np.clip(np.delete(values, 7), 0, 1) * 254)
    np.testing.assert_array_equal(np.delete(numbers, 7), expected)


def test_categories_keep_their_colours_and_clusters_theirs(mapped) -> None:
    words = pd.Series(["b", "a", "b", None] * 30)
    colouring = colour_by_category(words, title="c")
    header, rest = look_of(mapped, colouring, np.arange(4))
    assert np.frombuffer(rest, np.uint8).tolist() == [0, 1, 0, 255]
    assert header["legend"]["items"] == [[header["colours"][0], "b"], [header["colours"][1], "a"]]
    _, rest = look_of(mapped, colour_by_cluster(mapped[1]))
    labels = mapped[1].labels
    np.testing.assert_array_equal(np.frombuffer(rest, np.uint8), np.where(labels < 0, 255, labels % 8))


def test_what_stands_out_sizes_and_what_is_drawn_go_point_by_point(mapped) -> None:
    drawn, rows = np.arange(0, 120, 3), np.arange(120) < 60
    header, rest = look_of(
        mapped,
        colour_by_cluster(mapped[1]),
        drawn,
        emphasis=Emphasis(rows, 5, np.zeros((1, 2)), ("new <i>",)),
        sizes=np.linspace(3, 14, 120),
    )
    assert header["dimmed"] and header["sized"] and header["n"] == 40 and len(rest) == 120
    assert np.frombuffer(rest[40:80], np.uint8).tolist() == rows[drawn].astype(int).tolist()
    assert np.frombuffer(rest[80:], np.uint8).max() == 14
    assert header["focus"] == mapped[0].points[5].tolist()
    ends = [end for line in header["lines"] for end in line["ends"]]
    assert sorted(ends) == sorted(mapped[0].points[mapped[0].neighbors.indices[5, :15]].tolist())
    assert header["placed"] == [{"at": [0.0, 0.0], "text": "new <i>"}]


def test_names_stand_in_the_middle_and_finer_ones_come_later(mapped) -> None:
    projection, clusters = mapped
    header, _ = look_of(mapped, colour_by_cluster(clusters), levels=[clusters, clusters])
    names = short_names(clusters.names)
    assert [one["name"] for one in header["names"]] == list(names)  # a name that is there stands once
    for label, one in enumerate(header["names"]):
        inside = projection.points[clusters.labels == label]
        np.testing.assert_allclose(one["at"], np.median(inside, axis=0))
        left, low, right, high = one["box"]
        assert left <= one["at"][0] <= right and low <= one["at"][1] <= high and one["level"] == 0


def test_the_text_of_one_point_is_what_all_together_say(mapped) -> None:
    projection, clusters = mapped
    colouring = colour_by_category(pd.Series(["x", None] * 60), title="kind")
    every = with_values(hover_texts(projection, TEXTS, np.arange(120), clusters), colouring)
    for place in (0, 1, 119):
        one = np.array([hover_text(projection, TEXTS, np.arange(120), clusters, place)], dtype=object)
        assert with_values(one, colouring, np.array([place]))[0] == every[place]
    assert every[0].endswith("\nkind: x")


def test_chosen_columns_stand_below_the_text_in_the_bytes() -> None:
    rows = pd.DataFrame(
        {
            "stars": [5.0, None, 12345.5],
            "day": pd.to_datetime(["2024-02-01", None, "2024-02-03"]),
            "<b>note</b>": ["<img src=x>", "two\nlines", None],
            "sold": pd.array([True, False, None], dtype="boolean"),
        }
    )
    told = with_columns(np.array(["a", "b", "c"], dtype=object), rows)
    header, rest = opened(point_layer.stock(np.zeros((3, 2)), told.tolist(), key="k"))
    assert header["texts"]
    assert rest[24 + 12 :].decode() == (
        "a\nstars: 5\nday: 2024-02-01\n<b>note</b>: <img src=x>\nsold: True"
        "b\nstars: missing\nday: missing\n<b>note</b>: two lines\nsold: False"
        "c\nstars: 12,345.5\nday: 2024-02-03\n<b>note</b>: missing\nsold: missing"
    )
    assert with_columns(np.array(["a"], dtype=object), rows.iloc[[0]][[]]).tolist() == ["a"]


def test_texts_with_columns_go_along_up_to_fewer_points() -> None:
    assert point_layer.texts_fit(30_000, 0) and not point_layer.texts_fit(30_001, 0)
    assert point_layer.texts_fit(15_000, 2) and not point_layer.texts_fit(15_001, 2)


def page_of(mapped, texts=TEXTS, **settings) -> str:
    return saved_page.saved_page(
        mapped[0],
        texts,
        np.arange(120),
        title="map",
        notes=["about it"],
        clusters=mapped[1],
        colourings={
            "cluster": colour_by_cluster(mapped[1]),
            "n": colour_by_number(np.arange(120), title="n"),
        },
        others=pd.DataFrame({"n": np.arange(120), "</script>": [None, "x"] * 60}),
        **settings,
    )


def told_by(page: str) -> dict[str, Any]:
    (found,) = re.findall(r"<script id='told' type='application/json'>(.*?)</script>", page, re.DOTALL)
    return json.loads(found)


def test_the_saved_page_has_texts_topics_colours_columns_and_the_selection(mapped) -> None:
    hostile = ["</script><script>alert(1)</script><!--", *TEXTS[1:]]
    page = page_of(mapped, hostile, selected=np.arange(120) < 2)
    told = told_by(page)
    assert told["texts"] == hostile and told["rows"] == list(range(1, 121))
    assert told["columns"] == ["n", "</script>"] and told["cells"][1][:2] == ["", "x"]
    assert [one["title"] for one in told["looks"]] == ["cluster", "n"]
    assert told["names"] == list(mapped[1].names) and told["topics"] == mapped[1].labels.tolist()
    assert told["selected"] == [0, 1]
    assert opened(b64decode(told["points"]))[0]["n"] == 120
    assert "alert(1)</script>" not in page and "http" not in page.replace("http-equiv", "")


def test_of_too_many_texts_some_are_saved_and_that_is_said(mapped, monkeypatch) -> None:
    monkeypatch.setattr(saved_page, "MOST_SAVED", 30)
    page = page_of(mapped, selected=np.arange(120) < 60)
    told = told_by(page)
    assert len(told["texts"]) == 30 and told["rows"][0] == 1 and told["rows"][-1] == 120
    assert "30 texts of 120, evenly spread, are in this file." in page
    assert all(told["rows"][place] <= 60 for place in told["selected"])
