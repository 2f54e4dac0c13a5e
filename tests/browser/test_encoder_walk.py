"""The Encoder page in a browser: step through, click a number, switch a head off, compare two texts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import LONG, choose, open_address, wait_until_still

pytestmark = pytest.mark.browser


def open_walk(page: Page, url: str) -> None:
    """Open an address of the page and wait for the model, which takes a while on a cold server."""
    open_address(page, url)
    expect(page.get_by_text("stages recomputed")).to_be_visible(timeout=LONG)
    wait_until_still(page)


def click_cell(page: Page, key: str, row: int, column: int) -> None:
    """Click a cell of a heat map; the arrow keys lead to the first cell, whose frame tells place and size."""
    canvas = page.locator(f".st-key-{key} canvas")
    canvas.scroll_into_view_if_needed()
    canvas.focus()
    for arrow in ("ArrowUp", "ArrowLeft"):
        for _ in range(20):
            canvas.press(arrow)
    box = page.locator(f".st-key-{key} .here").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + (column + 0.5) * box["width"], box["y"] + (row + 0.5) * box["height"])
    wait_until_still(page)


def test_step_through_and_click_a_number(app: str, page: Page) -> None:
    open_walk(page, f"{app}/encoder_walk?encoder_walk_stage=Tokens")
    for title in ("Embeddings added", "Embedding norm", "Queries Q, layer 1, head 1"):
        page.get_by_role("button", name="Next").click()
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    open_walk(page, f"{app}/encoder_walk?encoder_walk_stage=Weights&encoder_walk_layer=2&encoder_walk_head=3")
    click_cell(page, "encoder_walk_picture_weights_1_2", row=3, column=4)
    expect(page.get_by_label("looks at token, 1 to 6")).to_have_value("5")
    expect(page.get_by_role("combobox", name="Token")).to_have_value("4 machine")
    expect(page.get_by_text("The model has")).to_contain_text("difference")


def test_every_cell_of_a_long_text_can_be_clicked(app: str, page: Page) -> None:
    text = "%20".join(["the%20map%20of%20words"] * 60)
    open_walk(page, f"{app}/encoder_walk?encoder_walk_stage=Hidden&encoder_walk_text={text}")
    canvas = page.locator(".st-key-encoder_walk_picture_feed_forward_hidden_0_0 canvas")
    canvas.focus()
    for _ in range(3):
        canvas.press("ArrowRight")
    expect(page.locator(".st-key-encoder_walk_picture_feed_forward_hidden_0_0 .tip")).to_contain_text(
        "the, unit 4"
    )
    canvas.press("Enter")
    wait_until_still(page)
    expect(page.get_by_label("unit, 1 to 1536")).to_have_value("4")


def test_the_picture_is_walked_into_and_played(app: str, page: Page) -> None:
    open_walk(page, f"{app}/encoder_walk")
    here = page.locator(".crumbs [aria-current]")
    expect(here).to_have_text("Model")
    page.locator("[data-pick='block/2']").focus()
    page.keyboard.press("Enter")
    expect(here).to_have_text("Block 2")
    page.locator("[data-pick='head/2/3']").click()
    expect(here).to_have_text("Head 3")
    page.locator("[data-pick='scores/2/3']").click()
    expect(page.get_by_role("heading", name="Scores, layer 2, head 3")).to_be_visible()
    expect(page).to_have_url(re.compile("encoder_walk_stage=Scores"))
    page.get_by_role("button", name="Head 3", exact=True).click()
    expect(here).to_have_text("Head 3")
    wait_until_still(page)
    said = page.locator(".living-place > .said")
    page.locator(".play").click()
    expect(said).to_contain_text("The text is cut into 6 pieces")
    page.locator(".play").click()
    expect(page.locator(".play")).to_have_text("Go on")
    page.locator(".seek").press("End")
    expect(said).to_contain_text("384 numbers are the text's vector")
    page.locator(".stop").click()
    expect(said).to_be_hidden()


def test_open_a_head_switch_one_off_and_compare_two_texts(app: str, page: Page) -> None:
    open_walk(page, f"{app}/encoder_walk?encoder_walk_view=Attention")
    click_cell(page, "encoder_walk_heads", row=3, column=2)
    expect(page.get_by_text("Layer 4, head 3:")).to_be_visible()
    choose(page, "Place in the model", "Heads off")
    expect(page.get_by_text("With 1 of 72 heads off")).to_be_visible(timeout=LONG)
    choose(page, "Place in the model", "Two texts")
    page.get_by_label("The other text").fill("I love machine learning")
    page.get_by_label("The other text").press("Enter")
    expect(page.get_by_text("= sum of all 36 pairs")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("1.0000")).to_be_visible()


def test_a_token_is_followed_by_the_pointer_and_by_the_keyboard(app: str, page: Page) -> None:
    picture = "encoder_walk_view=Attention&encoder_walk_attention_picture=lines"
    open_walk(page, f"{app}/encoder_walk?{picture}")
    tokens = page.locator(".walk-lines .token")
    expect(tokens).to_have_count(12)
    expect(tokens.nth(1).locator(".own")).to_be_hidden()
    tokens.nth(1).locator("rect").hover()
    expect(tokens.nth(1).locator(".own")).to_be_visible()
    tokens.nth(2).focus()
    page.mouse.move(0, 0)
    expect(tokens.nth(1).locator(".own")).to_be_hidden()
    expect(tokens.nth(2).locator(".own")).to_be_visible()


def test_a_link_opens_the_same_text_and_view(app: str, page: Page) -> None:
    open_walk(page, f"{app}/encoder_walk?encoder_walk_view=Two%20texts&encoder_walk_text=The%20river%20bank")
    expect(page.get_by_label("Text", exact=True)).to_have_value("The river bank")
    expect(page.get_by_text("sum of all")).to_be_visible(timeout=LONG)
