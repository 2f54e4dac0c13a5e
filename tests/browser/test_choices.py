"""Choices belong to the file, or the column of it, that they were made for; so does the address."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.helpers import (
    LONG,
    ONE_TRY,
    PATIENCE,
    choose,
    go_to,
    let_pass,
    open_address,
    upload,
    wait_until,
    wait_until_still,
)

pytestmark = pytest.mark.browser


def sentences(name: str, animal: str) -> dict[str, object]:
    """Two columns of text under names that every such file has, and one that only this one has."""
    lines = [
        f"the {animal} number {i} jumps over {i * 7 % 13} lazy dogs,on day {i} it was {i % 9} degrees warm,"
        f"{animal} {i} said nothing of the kind at all"
        for i in range(80)
    ]
    content = "\n".join([f"note,report,{animal}", *lines]).encode()
    return {"name": name, "mimeType": "text/csv", "buffer": content}


def wait_for_map(page: Page) -> None:
    expect(page.get_by_text("Of the 15 texts that are truly nearest")).to_be_visible(timeout=LONG)
    wait_until_still(page)


def open_file(page: Page, file: dict[str, object]) -> None:
    go_to(page, "Data")
    upload(page, file)
    go_to(page, "Text map")
    wait_for_map(page)


def expect_column(page: Page, name: str) -> None:
    """Also waits for it: the end of a run that went before is no sign that the file has changed."""
    expect(page.get_by_role("combobox", name="Text column")).to_have_value(name, timeout=LONG)
    wait_for_map(page)


def expect_smallest(page: Page, said: str, *, typed: str | None = None) -> None:
    """What the settings say of the smallest topic, after typing another."""
    page.get_by_role("button", name="Settings").click()
    box = page.get_by_label("Smallest topic")
    wait_until_still(page)
    expect(box).to_have_count(1)  # in a run, what it replaces still stands beside what is new
    if typed is not None:
        type_into(page, box, typed, told=lambda: in_address(page).get("text_map_min_size") == [typed])
        wait_for_map(page)
    expect(box).to_have_value(said, timeout=LONG)
    page.keyboard.press("Escape")
    let_pass(page)


def type_into(page: Page, box: Locator, typed: str, *, told: Callable[[], bool]) -> None:
    """Type, and again where a redrawn box has forgotten it."""
    for timeout in (ONE_TRY, PATIENCE, LONG):
        box.fill(typed)
        box.press("Enter")
        try:
            wait_until(page, told, timeout=timeout)
        except AssertionError:
            continue
        return
    raise AssertionError(f"{typed!r} was never taken")


def in_address(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_a_file_has_its_own_column_and_settings_and_finds_them_again(page: Page, app: str) -> None:
    open_address(page, app)
    open_file(page, sentences("foxes.csv", "fox"))
    choose(page, "Text column", "fox")
    wait_for_map(page)
    expect_smallest(page, "60", typed="60")
    mine = {"data": ["foxes.csv"], "text_map_column": ["fox"], "text_map_min_size": ["60"]}
    wait_until(page, lambda: in_address(page) == mine)

    open_file(page, sentences("hares.csv", "hare"))
    expect_column(page, "note")
    expect_smallest(page, "")
    wait_until(page, lambda: in_address(page) == {"data": ["hares.csv"]})
    choose(page, "Text column", "report")
    wait_for_map(page)
    expect_smallest(page, "7", typed="7")

    choose(page, "Open data set", "foxes.csv")
    expect_column(page, "fox")
    expect_smallest(page, "60")
    wait_until(page, lambda: in_address(page) == mine)


def test_a_column_has_its_own_settings(page: Page, app: str) -> None:
    open_address(page, app)
    open_file(page, sentences("foxes.csv", "fox"))
    expect_smallest(page, "60", typed="60")
    choose(page, "Text column", "report")
    wait_for_map(page)
    expect_smallest(page, "")
    choose(page, "Text column", "note")
    wait_for_map(page)
    expect_smallest(page, "60")


def test_new_texts_stay_with_the_texts_they_were_placed_among(page: Page, app: str) -> None:
    open_address(page, app)
    open_file(page, sentences("foxes.csv", "fox"))
    page.get_by_role("radio", name="New texts").click()
    wait_until_still(page)
    page.get_by_label("New texts, one per line").fill("a wolf jumps over a sheep")
    page.get_by_role("button", name="Place on the map").click()
    expect(page.get_by_text("Diamonds on the map")).to_be_visible(timeout=LONG)
    open_file(page, sentences("hares.csv", "hare"))
    page.get_by_role("radio", name="New texts").click()
    wait_until_still(page)
    expect(page.get_by_label("New texts, one per line")).to_have_value("")
    expect(page.get_by_text("Diamonds on the map")).to_have_count(0)


def test_what_a_link_asks_for_is_for_its_own_file(page: Page, app: str) -> None:
    """Also what is not drawn at once: on the next file no old part of the address comes back."""
    open_address(page, f"{app}/outliers?data=Cars&outliers_methods=%7Cz%7C&outliers_cut_zscore=2")
    expect(page.get_by_text(re.compile("of 406 stand out by .z."))).to_be_visible(timeout=LONG)
    choose(page, "Open data set", "Wine")
    expect(page.get_by_text(re.compile("out by most of 5 methods"))).to_be_visible(timeout=LONG)
    wait_until_still(page)
    assert set(in_address(page)) <= {"data"}
    choose(page, "Open data set", "Cars")
    expect(page.get_by_text(re.compile("of 406 stand out by .z."))).to_be_visible(timeout=LONG)
    expect(page.get_by_role("spinbutton", name="Threshold of |z|")).to_have_value("2")
