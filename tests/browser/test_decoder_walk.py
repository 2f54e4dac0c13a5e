"""The Decoder page in a browser: step to the end, take another path, change the temperature, open a beam."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import LONG, open_address, wait_until_still

pytestmark = pytest.mark.browser


def open_walk(page: Page, url: str) -> None:
    """Open an address of the page and wait for the model, which takes a while on a cold server."""
    open_address(page, url)
    expect(page.get_by_text("stages recomputed")).to_be_visible(timeout=LONG)
    wait_until_still(page)


def test_step_to_the_end_and_take_another_path(app: str, page: Page) -> None:
    open_walk(page, f"{app}/decoder_walk?decoder_walk_text=Thank you very much.")
    expect(page.get_by_role("heading", name="Merci beaucoup.")).to_be_visible()
    expect(page.get_by_role("button", name="Back", exact=True)).to_be_disabled()
    following = page.get_by_role("button", name="Next", exact=True)
    step = page.get_by_role("slider", name="Step, 1 to")
    last = int(str(step.get_attribute("max") or step.get_attribute("aria-valuemax")))
    for number in range(2, last + 1):
        following.click()
        expect(step).to_have_value(str(number))
    expect(following).to_be_disabled()
    expect(page.get_by_text("Written: </s>")).to_be_visible()
    page.get_by_role("button", name="Back", exact=True).click()
    expect(step).to_have_value(str(last - 1))
    wait_until_still(page)
    page.locator("[class*=st-key-decoder_walk_take_] button").first.click()
    wait_until_still(page)
    expect(page.get_by_role("heading", name="Merci beaucoup.")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Begin the output with")).not_to_have_value("")
    expect(page).to_have_url(re.compile("decoder_walk_path="))
    page.get_by_role("button", name="Back to the model's own").click()
    wait_until_still(page)
    expect(page.get_by_role("heading", name="Merci beaucoup.")).to_be_visible()


def test_temperature_changes_what_is_kept(app: str, page: Page) -> None:
    open_walk(page, f"{app}/decoder_walk?decoder_walk_view=Sampling")
    told = page.get_by_text("of the mass, divided by it")
    before = told.inner_text()
    page.get_by_role("slider", name="Temperature").press("End")
    wait_until_still(page)
    expect(told).not_to_have_text(before)
    expect(told).to_contain_text("temperature 2")


def test_a_click_in_the_beam_tree_opens_that_output(app: str, page: Page) -> None:
    open_walk(page, f"{app}/decoder_walk?decoder_walk_view=Beam tree&decoder_walk_strategy=Beam search")
    expect(page.get_by_text("finished at piece")).to_be_visible()
    pruned = page.locator(".st-key-decoder_walk_tree .pruned").last
    pruned.locator(".ring").click()
    wait_until_still(page)
    expect(page.get_by_text("was pruned at piece")).to_be_visible()
    expect(pruned).to_have_class(re.compile("selected"))
    page.locator(".st-key-decoder_walk_tree .selected").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    wait_until_still(page)
    expect(page.get_by_text("was pruned at piece").or_(page.get_by_text("lived on at piece"))).to_be_visible()
    expect(pruned).not_to_have_class(re.compile("selected"))


def test_a_link_is_the_view(app: str, page: Page) -> None:
    link = (
        f"{app}/decoder_walk?decoder_walk_text=Thank you very much.&decoder_walk_step=2"
        "&decoder_walk_view=Alignment&decoder_walk_layer=1&decoder_walk_head=3"
    )
    open_walk(page, link)
    expect(page.get_by_role("slider", name="Step, 1 to")).to_have_value("2")
    expect(page.get_by_role("combobox", name="Layer")).to_have_value("1")
    expect(page.get_by_role("combobox", name="Head")).to_have_value("3")
