"""The drawing of a matrix: every cell has the colour of its number, names stay text, the pointer is told."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from analytics.figures import matrix, offline_page, theme

pytestmark = pytest.mark.browser

NAMES = ("<b>x</b>", "a&b", "\u202eevil", "$x^2$", "the")


def open_matrix(page: Page, picture: matrix.HeatMap, folder: Path) -> None:
    file = folder / "matrix.html"
    drawn = offline_page.heat_map(picture, file="m", alt="a matrix")
    file.write_text(offline_page.page("m", [drawn]), encoding="utf-8")
    page.goto(file.as_uri())
    page.locator("canvas").focus()


def frame_of_first_cell(page: Page) -> dict[str, float]:
    for arrow in ("ArrowUp", "ArrowLeft"):
        for _ in range(60):
            page.keyboard.press(arrow)
    box = page.locator(".here").bounding_box()
    assert box
    return dict(box)


def colours_at(page: Page, places: list[tuple[float, float]]) -> np.ndarray:
    """Red, green and blue of the canvas at places of the window."""
    read = """(places) => {
      const canvas = document.querySelector('canvas'), box = canvas.getBoundingClientRect()
      const pen = canvas.getContext('2d'), ratio = canvas.width / box.width
      return places.map(([x, y]) =>
        [...pen.getImageData((x - box.left) * ratio, (y - box.top) * ratio, 1, 1).data].slice(0, 3))
    }"""
    return np.array(page.evaluate(read, places))


def expected_colours(values: np.ndarray, limits: tuple[float, float], colours: tuple[str, ...]) -> np.ndarray:
    parts = np.array([[int(one[at : at + 2], 16) for at in (1, 3, 5)] for one in colours], dtype=float)
    share = np.clip((values - limits[0]) / (limits[1] - limits[0]), 0, 1) * (len(colours) - 1)
    steps = np.arange(len(colours))
    return np.column_stack([np.interp(share, steps, parts[:, channel]) for channel in range(3)])


def test_cells_have_the_colours_of_their_numbers(page: Page, tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(5, 60)).astype(np.float32)
    open_matrix(page, matrix.vector_matrix(values, NAMES, name="value", unit="number"), tmp_path)
    box = frame_of_first_cell(page)
    cells = [(row, column) for row in range(5) for column in range(60)]
    places = [
        (box["x"] + (column + 0.5) * box["width"], box["y"] + (row + 0.5) * box["height"])
        for row, column in cells
    ]
    limit = matrix.signed_limit(values)
    expected = expected_colours(values.ravel(), (-limit, limit), theme.DIVERGING)
    assert np.abs(colours_at(page, places) - expected).max() <= 4


def test_names_stay_text_and_the_pointer_reads_the_number(page: Page, tmp_path: Path) -> None:
    values = np.random.default_rng(1).random((5, 5)).astype(np.float32)
    open_matrix(page, matrix.token_matrix(values, NAMES, NAMES, name="weight", limits=(0, 1)), tmp_path)
    box = frame_of_first_cell(page)
    page.mouse.move(box["x"] + 1.5 * box["width"], box["y"] + 0.5 * box["height"])
    said = page.locator(".tip").inner_text().split("\n")
    assert said[0] == "<b>x</b> → a&b"
    assert float(said[1].split()[-1]) == pytest.approx(values[0, 1], rel=1e-4)
    assert page.locator(".tip b").count() == 0


def test_the_picture_can_be_saved(page: Page, tmp_path: Path) -> None:
    values = np.random.default_rng(2).random((5, 5)).astype(np.float32)
    open_matrix(page, matrix.token_matrix(values, NAMES, NAMES, name="weight", limits=(0, 1)), tmp_path)
    page.locator(".matrix").hover()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as PNG").click()
    assert saved.value.suggested_filename == "m.png"
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")
