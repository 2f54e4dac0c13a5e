"""No page has a serious fault for people who see little or who listen: axe-core over each, in both themes."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from analytics.dashboard.app.catalog import PageInfo, shown_pages
from tests.browser.clicks import WORKING
from tests.browser.helpers import LONG, open_address, wait_until_still
from tests.conftest import Server

pytestmark = pytest.mark.browser

SAMPLES = {"returns": "Stocks", "text_map": "Opinions"}
"""What a page needs to have anything to show."""
GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 25, 28)"}
"""Each theme by its background, as .streamlit/config.toml has it."""
STREAMLITS_OWN = {"list", "listitem", "aria-dialog-name"}
"""Streamlit nests the navigation's sections in its list without an item, and gives its toasts no name."""


@pytest.mark.parametrize("info", shown_pages(), ids=lambda info: info.name)
def test_axe_finds_no_serious_violation(info: PageInfo, page: Page, server: Server) -> None:
    found = []
    page.set_viewport_size({"width": 1280, "height": 1000})
    page.emulate_media(color_scheme="light")
    address = "" if info == shown_pages()[0] else info.name
    open_address(page, f"{server.url}/{address}?data={SAMPLES.get(info.name, 'Wine')}")
    expect(page.locator(WORKING)).to_have_count(0, timeout=LONG)
    for theme, ground in GROUNDS.items():
        page.emulate_media(color_scheme=theme)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", ground)
        wait_until_still(page)
        found += [
            (theme, violation["id"], node["html"][:200], node["failureSummary"])
            for violation in Axe().run(page).response["violations"]
            if violation["impact"] in ("serious", "critical") and violation["id"] not in STREAMLITS_OWN
            for node in violation["nodes"]
        ]
    assert found == []


def test_a_formula_wider_than_a_telephone_is_reached_by_keyboard(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 400, "height": 1000})
    open_address(page, f"{server.url}/decoder_walk?decoder_walk_view=Numbers")
    expect(page.get_by_text("The model has")).to_be_visible(timeout=LONG)
    wait_until_still(page)
    wide = page.get_by_role("group", name="Formula, scrolls sideways")
    expect(wide.first).to_have_attribute("tabindex", "0")
    rule = {"runOnly": ["scrollable-region-focusable"]}
    assert Axe().run(page, options=rule).response["violations"] == []
    page.set_viewport_size({"width": 1280, "height": 1000})
    expect(wide).to_have_count(0)
