"""The Text map in a real browser: map, colour, lasso, search, and an export equal to the package's own."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from analytics.tables import read_table
from analytics.text import project, read_vectors, text_column
from tests.browser.helpers import (
    LONG,
    choose,
    go_to,
    let_pass,
    open_address,
    saved,
    upload,
    wait_until,
    wait_until_still,
)

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]


CLICKED = "true neighbours and tore"
"""Stands beside the map where a point was clicked, and nowhere else."""


def open_map(page: Page, app: str) -> None:
    open_address(page, f"{app}/text_map?data=Opinions")
    expect(page.get_by_text("Of the 15 texts that are truly nearest")).to_be_visible(timeout=LONG)
    wait_until_still(page)


def part(page: Page, name: str) -> None:
    """Open a part beside the map; again where a rerun swallowed the click."""
    button = page.locator(".st-key-text_map_part").get_by_role("radio", name=name, exact=True)
    for _ in range(5):
        wait_until_still(page)
        button.click()
        wait_until_still(page)
        if button.get_attribute("aria-checked") == "true":
            return
    raise AssertionError(f"{name!r} never opened")


def canvas(page: Page) -> Locator:
    return page.locator(".text-map canvas.points[data-view]")


def view(page: Page) -> str:
    """Where the map stands, and how near."""
    return str(canvas(page).get_attribute("data-view"))


def lasso(page: Page) -> None:
    """Take the lasso, draw round the middle of the map, and lay it down."""
    button = page.get_by_role("button", name="Lasso", exact=True)
    button.click()
    canvas(page).scroll_into_view_if_needed()
    box = canvas(page).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    reach = min(box["width"], box["height"]) * 0.3
    page.mouse.move(x - reach, y - reach)
    page.mouse.down()
    for corner in ((1, -1), (1, 1), (-1, 1), (-1, -1)):
        page.mouse.move(x + corner[0] * reach, y + corner[1] * reach, steps=8)
    page.mouse.up()
    expect(page.get_by_text("selected. Mean trust of their places")).to_be_visible()
    wait_until_still(page)
    button.click()


def click_inside(page: Page) -> None:
    """Click in the middle of the map until a point is met, whose text then stands beside it."""
    box = canvas(page).bounding_box()
    assert box
    for step in range(40):
        across, down = 0.35 + 0.3 * (step * 0.618 % 1), 0.35 + 0.3 * (step / 40)
        page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
        wait_until_still(page)
        if page.get_by_text(CLICKED).count():
            return
    raise AssertionError("no click met a point")


def file_of(page: Page, label: str, target: Path) -> Path:
    saved(page, label).save_as(target)
    return target


def test_map_colour_lasso_search_and_export(page: Page, app: str, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 1280, "height": 1000})
    open_map(page, app)
    whole = view(page)
    canvas(page).focus()
    page.keyboard.press("+")
    wait_until(page, lambda: view(page) != whole)
    near = view(page)
    lasso(page)
    told = page.get_by_text("selected. Mean trust of their places")
    expect(told).to_be_visible()
    before = told.inner_text()
    click_inside(page)
    expect(told).to_have_text(before)
    part(page, "Selection")
    expect(page.get_by_text("Which columns set them apart")).to_be_visible()
    choose(page, "Colour by", "rating")
    expect(told).to_have_text(before)
    assert view(page) == near
    page.get_by_role("button", name="The whole", exact=True).click()
    wait_until(page, lambda: view(page) == whole)

    page.get_by_role("textbox", name="Search").fill('battery life "battery"')
    page.keyboard.press("Enter")
    wait_until_still(page)
    part(page, "Search")
    expect(page.get_by_text("Choose a row to read it beside the map")).to_be_visible()

    part(page, "Download")
    table = pd.read_csv(file_of(page, "Table with the map (CSV)", tmp_path / "map.csv"))
    vectors = read_vectors(file_of(page, "Vectors (.npy)", tmp_path / "v.npy").read_bytes(), rows=3000)
    frame = read_table(ROOT / "sample_data" / "opinions.csv").frame
    # A spreadsheet must not take a text for a formula, so those that look like one begin with a quote mark.
    unquoted = (table["text"].str.removeprefix("'"), frame["text"].str.removeprefix("'"))
    assert unquoted[0].tolist() == unquoted[1].tolist()
    assert 0 < table["selected"].sum() < 3000
    column = text_column(frame["text"])
    projection = project(vectors[column.rows])
    np.testing.assert_allclose(table[["map_x", "map_y"]], projection.points, rtol=1e-5)
    np.testing.assert_allclose(table["map_trust"], projection.trust)


def test_three_dimensions_turn_and_take_clicks(page: Page, app: str) -> None:
    open_address(page, f"{app}/text_map?data=Opinions&text_map_dimensions=3")
    expect(page.get_by_text("Of the 15 texts that are truly nearest")).to_be_visible(timeout=LONG)
    wait_until_still(page)
    camera = "document.querySelector('.js-plotly-plot')._fullLayout.scene._scene.getCamera().eye.x"
    before = page.evaluate(camera)
    box = page.locator(".st-key-text_map_chart").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for _ in range(5):  # the scene takes drags a moment after it is drawn
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + box["width"] * 0.2, y, steps=6)
        let_pass(page)
        page.mouse.up()
        let_pass(page)
        if page.evaluate(camera) != before:
            break
    assert page.evaluate(camera) != before
    told = page.get_by_text(CLICKED)
    for step in range(40):
        across, down = 0.4 + 0.2 * (step * 0.618 % 1), 0.4 + 0.2 * (step / 40)
        at = (box["x"] + box["width"] * across, box["y"] + box["height"] * down)
        page.mouse.move(*at)
        let_pass(page)  # a point is found under a resting pointer
        page.mouse.click(*at)
        wait_until_still(page)
        if told.count():
            break
    expect(told).to_be_visible()


def test_the_saved_page_works_without_a_network(page: Page, app: str, tmp_path: Path) -> None:
    open_map(page, app)
    part(page, "Download")
    html = file_of(page, "The map as a page (HTML)", tmp_path / "map.html")
    page.context.set_offline(True)
    page.goto(html.as_uri())
    expect(canvas(page)).to_have_attribute("data-drawn", "3000")
    page.get_by_label("Search").fill("battery")
    expect(page.get_by_role("status").filter(has_text="texts found")).to_be_visible()
    page.get_by_role("list").last.get_by_role("button").first.click()
    expect(page.get_by_role("region", name="The text").locator("mark").first).to_have_text(
        re.compile("battery", re.IGNORECASE)
    )
    page.get_by_role("button", name="Box", exact=True).click()
    box = canvas(page).bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 40, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    expect(page.get_by_role("status").filter(has_text="texts selected")).to_be_visible()


def test_a_hostile_text_stays_text_under_the_pointer(page: Page, app: str) -> None:
    hostile = "<img src=x onerror='window.broken=1'> <script>window.broken=1</script> {b} {a|x}"
    rows = "\n".join(f'"{hostile} and more words, number {i}",{i}' for i in range(60))
    open_address(page, f"{app}/")
    upload(page, {"name": "hostile.csv", "mimeType": "text/csv", "buffer": f"note,n\n{rows}\n".encode()})
    go_to(page, "Text map")
    expect(page.get_by_text("Of the 15 texts that are truly nearest")).to_be_visible(timeout=LONG)
    wait_until_still(page)
    box = canvas(page).bounding_box()
    assert box
    tip = page.locator(".text-map .tip:visible", has_text="and more words, number")
    for step in range(400):
        across, down = step % 20, step // 20
        page.mouse.move(
            box["x"] + box["width"] * (across + 1) / 22, box["y"] + box["height"] * (down + 2) / 24
        )
        if tip.count():
            break
    assert tip.count(), "no point under the pointer showed its text"
    assert page.evaluate("window.broken") is None
    assert page.locator(".st-key-text_map_chart img").count() == 0


def test_a_text_is_followed_into_the_encoder_and_found_again_on_the_way_back(page: Page, app: str) -> None:
    open_address(page, app)
    rows = "\n".join(f"the quick fox number {i} jumps over {i * 7 % 13} lazy dogs,{i}" for i in range(80))
    upload(page, {"name": "foxes.csv", "mimeType": "text/csv", "buffer": f"note,n\n{rows}\n".encode()})
    go_to(page, "Text map")
    expect(page.get_by_text("Of the 15 texts that are truly nearest")).to_be_visible(timeout=LONG)
    wait_until_still(page)
    click_inside(page)
    for label, view in (("Why is its nearest text similar?", "Two texts"), ("How did it", "Step by step")):
        clicked = page.get_by_role("region", name="Text of row").inner_text()
        page.get_by_role("button", name=label).click()
        expect(page.get_by_text("stages recomputed")).to_be_visible(timeout=LONG)
        text = page.get_by_label("Text", exact=True).input_value()
        assert "the quick fox number" in text and text in clicked
        assert parse_qs(urlsplit(page.url).query) | {"encoder_walk_other": ["-"]} == {
            "data": ["foxes.csv"],
            "encoder_walk_text": [text],
            "encoder_walk_view": [view],
            "encoder_walk_other": ["-"],
        }
        expect(page.get_by_role("combobox", name="Place in the model")).to_have_value(view)
        go_to(page, "Text map")
        expect(page.get_by_text(CLICKED)).to_be_visible(timeout=LONG)


def test_a_name_never_hides_a_small_topic(page: Page) -> None:
    """Above it, or below where there is no room; on a large one the name stands in the middle."""
    page.add_script_tag(path=ROOT / "analytics/figures/text_map/assets/marks.js")
    names = [
        {"name": "small", "level": 0, "at": [100, 200], "box": [95, 190, 105, 210]},
        {"name": "at the top", "level": 0, "at": [300, 395], "box": [295, 390, 305, 400]},
        {"name": "large", "level": 0, "at": [500, 200], "box": [420, 100, 580, 300]},
    ]
    written = page.evaluate(
        """names => {
            const pen = document.createElement('canvas').getContext('2d'), seen = {}
            pen.fillText = (name, x, y) => { seen[name] = y }
            const see = { width: 600, height: 400, nearness: 1, onScreen: ([x, y]) => [x, 400 - y] }
            drawNames(pen, { names }, see, { font: 'sans-serif', plate: '#fff', ink: '#000' })
            return seen
        }""",
        names,
    )
    assert written["small"] + 9 < 190 and written["at the top"] - 9 > 10 and written["large"] == 200
