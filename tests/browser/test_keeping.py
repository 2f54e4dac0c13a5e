"""A day's work in a real browser: a messy file cleaned, kept, gone with a reload, and gone on with."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from analytics.project import open_project
from analytics.recipe import Compare, Drop, Recipe, SetMissing
from tests.browser.helpers import open_address, saved, upload, wait_until_still
from tests.dashboard.pages.test_recipe_panel import MESSY

pytestmark = pytest.mark.browser

FILE = {"name": "messy.csv", "mimeType": "text/csv", "buffer": MESSY}
ONE_STEP = "of 9 rows after 1 step"


def test_work_goes_on_after_a_reload_and_from_its_project(page: Page, app: str, tmp_path: Path) -> None:
    open_address(page, app)
    upload(page, FILE)
    page.get_by_role("button", name="Keep the first of rows with all cells alike").click()
    expect(page.get_by_text(f"8 {ONE_STEP}").first).to_be_visible()
    saved(page, "Project").save_as(tmp_path / "messy.zeta")
    project = open_project((tmp_path / "messy.zeta").read_bytes())
    assert project.source == MESSY and len(project.recipe.steps) == 1
    saved(page, "Report (HTML)").save_as(tmp_path / "report.html")

    page.reload()
    expect(page.get_by_test_id("stMain").get_by_text("is no longer here")).to_be_visible()
    kept = page.evaluate("Object.values(localStorage).join()")
    assert "Hamburg" not in kept  # the steps, never the file
    wait_until_still(page)
    upload(page, FILE)
    expect(page.get_by_text(f"8 {ONE_STEP}").first).to_be_visible()
    expect(page.get_by_test_id("stMain").get_by_text("is no longer here")).to_have_count(0)

    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    open_address(page, app)
    upload(page, tmp_path / "messy.zeta")
    expect(page.get_by_text(f"8 {ONE_STEP}").first).to_be_visible()

    report = page.context.new_page()
    report.goto(f"file://{tmp_path / 'report.html'}")
    expect(report.get_by_role("heading", name="messy.csv")).to_be_visible()
    for width in (1280, 400):
        report.set_viewport_size({"width": width, "height": 800})
        assert report.evaluate("document.documentElement.scrollWidth") <= width


def test_what_stands_in_the_browser_is_checked_as_a_file_is(page: Page, app: str) -> None:
    open_address(page, app)
    upload(page, FILE)
    wait_until_still(page)
    (key,) = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('zetascope:'))")
    steps = Recipe(steps=(SetMissing("price", (-999,)), Drop(Compare("id", "==", 1)))).to_json()
    hostile = json.dumps({"about": "{}", "recipe": steps.replace("missing", "eval")})
    store = """([key, text]) => { const one = JSON.parse(localStorage.getItem(key))
      localStorage.setItem(key, JSON.stringify({...one, text, name: '<img src=x onerror=alert(1)>'})) }"""
    page.evaluate(store, [key, hostile])
    page.reload()
    expect(page.get_by_test_id("stMain").get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    wait_until_still(page)
    upload(page, FILE)
    expect(page.get_by_text("opened as if it were new")).to_be_visible()
    expect(page.get_by_text("9 rows and 6 columns").first).to_be_visible()
