"""Pages taken away and opened from disk: hostile texts in them stay texts, and nothing is fetched."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page

from tests.browser.helpers import let_pass
from tests.browser.test_privacy import HOSTILE

pytestmark = pytest.mark.browser

ESCAPES = [
    "</script><script>window.pwned=1</script>",
    "<!--<script>",
    "'\"></title><img src=http://evil.example/x.png onerror=window.pwned=1>",
    "<a href='javascript:window.pwned=1'>link</a>",
    "\u2028\u2029${window.pwned=1}",
    "&lt;script&gt;window.pwned=1&lt;/script&gt;",
]
"""What gets out of a script, a comment, a title or an attribute where escaping is forgotten."""
TEXTS = [*HOSTILE, *ESCAPES] * 2


def text_map(folder: Path) -> str:
    from analytics.figures.text_map.plots import colour_by_category, map_figure, offline_page
    from analytics.text import project

    vectors = np.random.default_rng(0).normal(size=(len(TEXTS), 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    figure = map_figure(
        project(vectors, method="pca"),
        TEXTS,
        np.arange(len(TEXTS)),
        colouring=colour_by_category(pd.Series(TEXTS), title=ESCAPES[0]),
    )
    return offline_page(figure, title=ESCAPES[2], notes=TEXTS)


def saved_text_map(folder: Path) -> str:
    from analytics.figures.text_map.looks import colour_by_category, colour_by_cluster
    from analytics.figures.text_map.saved_page import saved_page
    from analytics.text import cluster, project

    vectors = np.random.default_rng(0).normal(size=(len(TEXTS), 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    projection = project(vectors, method="pca")
    clusters = cluster(projection, TEXTS, min_size=2)
    return saved_page(
        projection,
        TEXTS,
        np.arange(len(TEXTS)),
        title=ESCAPES[2],
        notes=TEXTS,
        clusters=clusters,
        colourings={
            ESCAPES[0]: colour_by_category(pd.Series(TEXTS), title=ESCAPES[0]),
            "cluster": colour_by_cluster(clusters),
        },
        others=pd.DataFrame({ESCAPES[0]: TEXTS}),
    )


def encoder_walk(folder: Path) -> str:
    from analytics.figures.walks.encoder_walk_html import walk_html
    from analytics.transformer.encoder.walk import trace_encoder
    from tests.transformer import tiny_models as tiny

    encoder = tiny.tiny_sentence_encoder("bert", folder)
    return walk_html(trace_encoder(" ".join(ESCAPES), encoder=encoder))


@pytest.mark.parametrize("make", [text_map, saved_text_map, encoder_walk])
def test_nothing_runs_and_nothing_is_fetched(make, page: Page, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(make(tmp_path), encoding="utf-8")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    plot = page.locator(".plotly-graph-div .main-svg, canvas.points[data-view]").first
    plot.wait_for()
    box = plot.bounding_box()
    assert box
    for share in np.linspace(0.1, 0.9, 15):
        page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * share)
        let_pass(page, 100)  # plotly looks under the pointer 50 ms after it came to rest
    assert page.evaluate("window.pwned") is None
    assert page.locator("img[src*='evil'], a[href*='evil'], a[href^='javascript'], svg[onload]").count() == 0
    assert [url for url in asked if not url.startswith(("data:", "blob:"))] == [file.as_uri()]
    assert "<script>window.pwned=1</script>" in page.locator("body").inner_text()
