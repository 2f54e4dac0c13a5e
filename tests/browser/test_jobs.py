"""Work stops when its visitor has gone, and the next in the queue gets its turn."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from analytics.dashboard.app.catalog import page_info
from analytics.text.vector_cache import FILE_NAME, VectorCache
from benchmarks.load import texts
from tests.browser.helpers import LONG, open_address, upload, wait_until
from tests.conftest import Server

pytestmark = pytest.mark.browser

MANY = 40_000
"""Enough to be at work still, on a quick processor, when the second visitor comes."""
WAITING = 600
"""Enough to stand in the queue of long work, where the others are."""


def bring_texts(page: Page, url: str, number: int, *, rows: int) -> None:
    open_address(page, url)
    name = f"texts{number}.csv"
    upload(page, {"name": name, "mimeType": "text/csv", "buffer": texts(number, rows=rows)})
    expect(page.get_by_test_id("stSidebar").get_by_text(name).first).to_be_visible()


def ask_for_map(page: Page) -> None:
    title = page_info("text_map").title
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title).first.click()


def test_work_stops_when_its_visitor_has_gone(
    new_context: Callable[..., BrowserContext], start_app: Callable[..., Server], tmp_path: Path
) -> None:
    server = start_app(XDG_CACHE_HOME=str(tmp_path))
    cache = VectorCache(tmp_path / "zetascope" / FILE_NAME)
    leaver, waiter = new_context().new_page(), new_context().new_page()
    bring_texts(waiter, server.url, 2, rows=WAITING)
    bring_texts(leaver, server.url, 1, rows=MANY)
    ask_for_map(leaver)
    wait_until(leaver, lambda: cache.size() > 0, timeout=LONG)
    ask_for_map(waiter)
    leaver.close()
    # One long job runs at a time, and the first one's 40,000 texts take minutes.
    expect(waiter.get_by_text("rustworthiness").first).to_be_visible(timeout=LONG)
    assert WAITING < cache.size() < MANY
