"""Work stops when its visitor has gone, and the next in the queue gets its turn."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from analytics.dashboard.app.catalog import page_info
from analytics.text.vector_cache import FILE_NAME, VectorCache
from benchmarks.load import texts
from tests.browser.helpers import open_address, upload
from tests.conftest import Server

pytestmark = pytest.mark.browser

MANY = 20_000


def ask_for_map(page: Page, url: str, number: int, *, rows: int) -> None:
    open_address(page, url)
    name = f"texts{number}.csv"
    upload(page, {"name": name, "mimeType": "text/csv", "buffer": texts(number, rows=rows)})
    expect(page.get_by_test_id("stSidebar").get_by_text(name).first).to_be_visible(timeout=60_000)
    title = page_info("text_map").title
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title).first.click()


def wait_until_stored(cache: VectorCache, *, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not cache.size():
        assert time.monotonic() < deadline, "nothing was encoded"
        time.sleep(0.2)


def test_work_stops_when_its_visitor_has_gone(
    browser: Browser, start_app: Callable[..., Server], tmp_path: Path
) -> None:
    server = start_app(XDG_CACHE_HOME=str(tmp_path), ZETASCOPE_CACHE="on")
    cache = VectorCache(tmp_path / "zetascope" / FILE_NAME)
    leaver, waiter = browser.new_page(), browser.new_page()
    ask_for_map(leaver, server.url, 1, rows=MANY)
    wait_until_stored(cache)
    ask_for_map(waiter, server.url, 2, rows=600)
    expect(waiter.get_by_text("waiting for 1 other job")).to_be_visible(timeout=30_000)
    leaver.close()
    expect(waiter.get_by_text("rustworthiness").first).to_be_visible(timeout=120_000)
    stored = cache.size()
    assert 0 < stored < MANY
    time.sleep(3)
    assert cache.size() == stored
    waiter.close()
