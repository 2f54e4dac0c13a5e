"""A defect on the server shows nobody a traceback, a path or data, and leaves no cell in the log."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import wait_until_still
from tests.conftest import ROOT, Server

pytestmark = pytest.mark.browser

FAULT = ROOT / "tests" / "browser" / "fault"


def test_a_defect_is_not_shown_and_its_content_is_not_logged(
    page: Page, start_app: Callable[..., Server]
) -> None:
    server = start_app(PYTHONPATH=f"{FAULT}{os.pathsep}{ROOT}")
    page.goto(server.url)
    wait_until_still(page)
    expect(page.get_by_test_id("stException").or_(page.get_by_test_id("stAlert")).first).to_be_visible()
    shown = page.locator("body").inner_text()
    for secret in ("private cell", "/private/path", "Traceback", "RuntimeError", str(ROOT)):
        assert secret not in shown
    log = server.log.read_text()
    assert "RuntimeError" in log
    assert "profile_table" in log
    assert "private cell" not in log
