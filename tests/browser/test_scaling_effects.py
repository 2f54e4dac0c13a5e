"""The page on scaling in a browser: progress and cancel, verdicts, a figure per view, an uploaded file."""

from contextlib import suppress

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests.browser.helpers import LONG, ONE_TRY, go_to, open_address, try_again, upload, wait_until_still

pytestmark = pytest.mark.browser


def a_file(n: int = 60) -> dict[str, object]:
    rng = np.random.default_rng(0)
    kind = np.repeat(["dull", "shiny"], n // 2)
    frame = pd.DataFrame(
        {
            "signal": (rng.normal(size=n) + 3 * (kind == "shiny")).round(3),
            "loud": (rng.normal(size=n) * 1e4).round(1),
            "kind": kind,
        }
    )
    return {"name": "mine.csv", "mimeType": "text/csv", "buffer": frame.to_csv(index=False).encode()}


def test_an_uploaded_file_gets_its_verdicts(page: Page, app: str) -> None:
    open_address(page, app)
    upload(page, a_file())
    go_to(page, "Scaling effects")
    expect(page.get_by_text("loud owns 100.0%")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("heading", name="Scaling helps")).to_be_visible()
    charts = page.get_by_test_id("stPlotlyChart")
    for view in ("Differences", "Clusters", "First component"):
        page.get_by_role("radio", name=view, exact=True).click()
        wait_until_still(page)
        expect(charts).to_have_count(2)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_long_work_can_be_cancelled_and_started_again(page: Page, app: str) -> None:
    open_address(page, f"{app}/scaling_effects?data=Wine&scaling_effects_repeats=20")
    expect(page.get_by_text("Fitting models")).to_be_visible(timeout=LONG)  # the first look is over
    cancel = page.get_by_role("button", name="Cancel")

    def press() -> None:
        with suppress(TimeoutError):  # it was redrawn, and may be gone because it worked
            cancel.click(timeout=ONE_TRY)

    try_again(press, page.get_by_text("Fitting models: cancelled"))
    expect(page.get_by_role("button", name="Start again")).to_be_visible()
    expect(page.get_by_text("Predict", exact=True)).to_be_visible()
