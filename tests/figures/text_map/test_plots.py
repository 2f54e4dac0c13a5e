"""The map's figure: every point once, emphasis, lines to the truth, text that stays text."""

import numpy as np
import pandas as pd
import pytest

from analytics.figures.text_map.plots import (
    Emphasis,
    colour_by_category,
    colour_by_cluster,
    colour_by_number,
    map_figure,
    offline_page,
)
from analytics.text import cluster, project

HOSTILE = "</script><script>alert(1)</script><b>bold</b> & 'quotes'"


@pytest.fixture
def mapped(three_blobs):
    projection = project(three_blobs)
    texts = [HOSTILE if row == 3 else f"text number {row}" for row in range(120)]
    return projection, texts, np.arange(120) * 2, cluster(projection, texts, min_size=10)


def drawn(figure) -> list[int]:
    return sorted(
        int(row) for trace in figure.data if trace.customdata is not None for row in trace.customdata
    )


@pytest.mark.slow
@pytest.mark.parametrize("dimensions", [2, 3])
def test_every_point_is_drawn_once_with_its_row(three_blobs, mapped, dimensions: int) -> None:
    projection = project(three_blobs, dimensions=dimensions)
    _, texts, rows, clusters = mapped
    values = np.where(np.arange(120) % 7 == 0, np.nan, np.arange(120))
    for colouring in (
        colour_by_cluster(clusters),
        colour_by_number(values, title="n"),
        colour_by_category(pd.Series([None, "a", "b"] * 40), title="c"),
    ):
        figure = map_figure(projection, texts, rows, colouring=colouring, emphasis=Emphasis(focus=5))
        assert drawn(figure) == rows.tolist()


def test_the_others_turn_grey_and_stay(mapped) -> None:
    projection, texts, rows, clusters = mapped
    chosen = np.arange(120) < 10
    figure = map_figure(
        projection, texts, rows, colouring=colour_by_cluster(clusters), emphasis=Emphasis(chosen)
    )
    assert drawn(figure) == rows.tolist()
    selected = [
        int(trace.customdata[place])
        for trace in figure.data
        if trace.customdata is not None
        for place in trace.selectedpoints
    ]
    assert sorted(selected) == rows[:10].tolist()


def test_a_clicked_point_is_joined_to_its_true_neighbours(mapped) -> None:
    projection, texts, rows, clusters = mapped
    figure = map_figure(
        projection, texts, rows, colouring=colour_by_cluster(clusters), emphasis=Emphasis(focus=7)
    )
    ends = {
        (round(float(x), 4), round(float(y), 4))
        for trace in figure.data
        if trace.mode == "lines"
        for x, y in zip(trace.x[1::3], trace.y[1::3], strict=True)
    }
    true = projection.points[projection.neighbors.indices[7, :15]]
    assert ends == {(round(float(x), 4), round(float(y), 4)) for x, y in true}


def test_rare_categories_are_together() -> None:
    values = pd.Series(["a"] * 9 + list("bcdefghijklmnopqrstuvwx"))
    colouring = colour_by_category(values, title="letters")
    assert colouring.names[0] == "a"
    assert colouring.names[-1] == "other"
    assert len(colouring.names) == 21 and len({colour for _, colour in colouring.scale}) == 21
    assert colouring.words is not None and colouring.words.tolist() == values.tolist()


def test_both_signs_are_centred_at_zero() -> None:
    assert colour_by_number(np.array([-1.0, 0, 3]), title="x").limits == pytest.approx((-2.9, 2.9), abs=0.2)
    assert colour_by_number(np.array([np.nan, np.inf]), title="x").limits == (0.0, 1.0)


def test_text_from_a_file_stays_text(mapped) -> None:
    projection, texts, rows, clusters = mapped
    figure = map_figure(projection, texts, rows, colouring=colour_by_cluster(clusters), clusters=clusters)
    page = offline_page(figure, title=HOSTILE, notes=[HOSTILE])
    assert "<script>alert" not in page
    assert "<b>bold" not in page
    assert "src=" not in page.split("<body>")[0]
