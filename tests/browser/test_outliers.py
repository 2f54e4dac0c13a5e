"""Outliers in a real browser: a file is searched, a row looked at, decided about and downloaded."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from analytics.numbers import find_outliers
from tests.browser.helpers import (
    LONG,
    go_to,
    let_pass,
    open_address,
    saved,
    try_again,
    upload,
    wait_until_still,
)

pytestmark = pytest.mark.browser


def measured(rows: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"width": rng.normal(10, 1, rows).round(3), "height": rng.normal(50, 4, rows).round(3)}
    )
    frame["part"] = [f"part {chr(65 + i % 26)}{i}" for i in range(rows)]
    frame.loc[7, "width"], frame.loc[9, "height"] = 22.5, 3.125
    return frame


def open_outliers(page: Page, app: str) -> None:
    open_address(page, app)
    content = measured().to_csv(index=False).encode()
    upload(page, {"name": "parts.csv", "mimeType": "text/csv", "buffer": content})
    go_to(page, "Outliers")
    expect(page.get_by_text("What to do with them")).to_be_visible(timeout=LONG)
    wait_until_still(page)


def card(page: Page, called: str) -> Locator:
    return page.locator(".st-key-outliers_card").get_by_text(called).first


def choose(page: Page, key: str, option: str) -> None:
    box = page.locator(f".st-key-{key}").get_by_role("combobox")
    wanted = page.get_by_role("option", name=option, exact=True)
    wait_until_still(page)
    try_again(box.click, wanted)
    wanted.click()
    wait_until_still(page)


def test_rows_are_dropped_by_a_rule_and_the_table_downloaded(page: Page, app: str, tmp_path: Path) -> None:
    open_outliers(page, app)
    expect(page.get_by_text("2 rows of 300 are farther out than clean data").first).to_be_visible()
    choose(page, "outliers_action", "Drop the row")
    choose(page, "outliers_scope", "all that Modified z flags")
    page.get_by_role("button", name="Decide", exact=True).click()
    wait_until_still(page)
    far = find_outliers(measured(), methods=["modified_zscore"], columns=["width", "height"]).flagged_rows()
    expect(page.get_by_text(f"about {len(far)} rows, at the end of the recipe")).to_be_visible()
    saved(page, "Table after the decisions").save_as(tmp_path / "decided.csv")
    left = pd.read_csv(tmp_path / "decided.csv")
    expected = measured().drop(index=far)
    np.testing.assert_array_equal(left["width"], expected["width"])
    saved(page, "Decisions with reasons").save_as(tmp_path / "decisions.csv")
    assert pd.read_csv(tmp_path / "decisions.csv")["row"].tolist() == sorted(far + 1)
    page.get_by_role("button", name="Undo").click()
    wait_until_still(page)
    expect(page.get_by_text("Nothing is decided yet")).to_be_visible()


def test_a_click_on_a_dot_shows_its_row(page: Page, app: str) -> None:
    open_outliers(page, app)
    page.get_by_role("tab", name="Pair").click()
    wait_until_still(page)
    far = page.locator(".st-key-outliers_pair .js-plotly-plot")

    def click() -> None:
        far.scroll_into_view_if_needed()
        let_pass(page)
        place = far.evaluate(
            """plot => {
                const layout = plot._fullLayout, box = plot.getBoundingClientRect();
                const trace = plot._fullData.find(one => one.name === 'flagged rows');
                const at = Array.from(trace.customdata).findIndex(row => Number(row) === 10);
                return {
                    x: box.left + layout._size.l + layout.xaxis.d2p(trace.x[at]),
                    y: box.top + layout._size.t + layout.yaxis.d2p(trace.y[at]),
                };
            }"""
        )
        page.mouse.move(place["x"], place["y"])
        let_pass(page)  # a dot is found under a resting pointer
        page.mouse.click(place["x"], place["y"])

    try_again(click, card(page, "part J9 (row 10)"))


def test_a_dot_on_a_strip_tells_its_value_and_shows_its_row(page: Page, app: str) -> None:
    open_outliers(page, app)
    strips = page.locator(".st-key-outliers_strips")
    dot = strips.locator("[data-pick='10']").last
    dot.scroll_into_view_if_needed()
    dot.hover()
    expect(strips.locator(".hint")).to_have_text(re.compile(r"part J9 \(row 10\): height 3\.125, z -\d"))
    dot.click()
    wait_until_still(page)
    expect(card(page, "part J9 (row 10)")).to_be_visible()
    strips.locator("[data-pick='8']").first.focus()
    page.keyboard.press("Enter")
    wait_until_still(page)
    expect(card(page, "part H7 (row 8)")).to_be_visible()


def test_a_link_repeats_methods_and_threshold(page: Page, app: str) -> None:
    open_address(page, f"{app}/outliers?data=Cars&outliers_methods=%7Cz%7C&outliers_cut_zscore=2")
    expect(page.get_by_text(re.compile("of 406 stand out by .z."))).to_be_visible(timeout=LONG)
    threshold = page.get_by_role("spinbutton", name="Threshold of |z|")
    expect(threshold).to_have_value("2")
    wait_until_still(page)
    bar = page.locator(".st-key-outliers_histogram_zscore [data-pick]").nth(20)
    told = bar.get_attribute("data-pick")
    bar.click()
    expect(threshold).to_have_value(str(told))  # set in the picture
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", re.compile(str(told)))
