"""Relations and changes in a real browser: a cell shows its pair, two files are compared and taken away."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import (
    choose,
    go_to,
    let_pass,
    open_address,
    saved,
    try_again,
    upload,
    wait_until_still,
)

pytestmark = pytest.mark.browser

OLD = "id,size,kind\n" + "".join(f"{i},{i * 37 % 101}.5,{'ab'[i % 2]}\n" for i in range(1, 61))
NEW = OLD.replace("7,57.5,b", "7,99.5,b").replace("60,99.5,a\n", "61,1.5,a\n")


def file(name: str, text: str) -> dict[str, object]:
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}


def test_a_cell_of_the_matrix_shows_its_two_columns(page: Page, app: str) -> None:
    open_address(page, f"{app}/relations?data=Cars")
    expect(page.get_by_text("hang together more than chance")).to_be_visible()
    page.get_by_role("tab", name="Matrix").click()
    wait_until_still(page)
    plot = page.locator(".st-key-relations_matrix .js-plotly-plot")

    def click() -> None:
        plot.scroll_into_view_if_needed()
        let_pass(page)
        place = plot.evaluate(
            """plot => {
                const layout = plot._fullLayout, box = plot.getBoundingClientRect();
                const names = layout.xaxis.ticktext;
                return {
                    x: box.left + layout._size.l + layout.xaxis.d2p(names.indexOf('acceleration')),
                    y: box.top + layout._size.t + layout.yaxis.d2p(names.indexOf('year')),
                };
            }"""
        )
        page.mouse.move(place["x"], place["y"])
        let_pass(page)  # a cell is found under a resting pointer
        page.mouse.click(place["x"], place["y"])

    try_again(click, page.get_by_text("acceleration and year hang together").last)
    page.get_by_role("tab", name="Against a column").click()
    choose(page, "Against this column", "origin")
    expect(page.get_by_text("of how origin varies").first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_two_files_are_compared_row_by_row_and_taken_away(page: Page, app: str, tmp_path: Path) -> None:
    open_address(page, app)
    upload(page, file("new.csv", NEW))
    go_to(page, "Changes")
    expect(page.get_by_text("Bring the other file")).to_be_visible()
    upload(page, file("old.csv", OLD))
    said = "Matched by id: 1 row added, 1 row gone, 1 row of 59 changed in 1 cell."
    expect(page.get_by_text(said).first).to_be_visible()
    saved(page, "All as JSON").save_as(tmp_path / "changes.json")
    rows = json.loads((tmp_path / "changes.json").read_text(encoding="utf-8"))["rows"]
    assert [(cell["column"], cell["before"], cell["now"]) for cell in rows["cells"]] == [
        ("size", "57.5", "99.5")
    ]
    saved(page, "Gone rows (CSV)").save_as(tmp_path / "gone.csv")
    assert "60" in (tmp_path / "gone.csv").read_text(encoding="utf-8").splitlines()[1]
    go_to(page, "Glossary")
    page.get_by_label("Find a word").fill("Kolmogorov")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 word.")).to_be_visible()
