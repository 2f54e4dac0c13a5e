"""A defect on the server shows nobody a traceback, a path or data, and leaves no cell in the log."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import LONG, upload, wait_until_still
from tests.conftest import ROOT, Server

pytestmark = pytest.mark.browser

FAULT = ROOT / "tests" / "browser" / "fault"


def test_a_defect_is_not_shown_and_its_content_is_not_logged(
    page: Page, start_app: Callable[..., Server]
) -> None:
    server = start_app(PYTHONPATH=f"{FAULT}{os.pathsep}{ROOT}")
    page.goto(server.url)
    wait_until_still(page)
    expect(page.get_by_text("This app has encountered an error")).to_be_visible(timeout=LONG)
    shown = page.locator("body").inner_text()
    for secret in ("private cell", "/private/path", "Traceback", "RuntimeError", str(ROOT)):
        assert secret not in shown
    log = server.log.read_text()
    assert "RuntimeError" in log
    assert "profile_table" in log
    assert "private cell" not in log


def test_a_refused_upload_is_told_in_one_sentence(page: Page, start_app: Callable[..., Server]) -> None:
    server = start_app(ZETASCOPE_TAB_UPLOAD_FILES="1", ZETASCOPE_WARM_UP="off")
    page.goto(server.url)
    wait_until_still(page)
    upload(page, {"name": "first.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n3,4\n"})
    # By another uploader: one and the same may let its first file go before the second arrives.
    page.get_by_role("button", name="Use another recipe").click()
    recipe = page.get_by_label("A recipe saved earlier").locator("input[type=file]")
    recipe.set_input_files({"name": "steps.json", "mimeType": "application/json", "buffer": b"{}"})
    told = "The file was refused. A browser tab may have 1 file and 600 MB here"
    expect(page.get_by_test_id("stAlert").first).to_contain_text(told)
    expect(page.get_by_test_id("stSidebar").get_by_text("2 rows, 2 columns")).to_be_visible()
