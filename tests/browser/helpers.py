"""What every browser test does: open an address, wait until the page stands still, upload a file."""

import re
from pathlib import Path

from playwright.sync_api import Frame, Page, TimeoutError, expect

READY = "[data-testid=stApp][data-test-connection-state=CONNECTED]"


def wait_until_still(page: Page | Frame, *, timeout: float = 60_000) -> None:
    """Wait until the script has finished and nothing is drawn any more."""
    page.wait_for_selector(READY, timeout=timeout)
    page.wait_for_timeout(250)
    page.wait_for_selector("[data-test-script-state=notRunning]", timeout=timeout)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=timeout)


def open_address(page: Page, url: str) -> None:
    """Open ``url`` and wait until the page stands still without an error box."""
    page.goto(url)
    wait_until_still(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def upload(page: Page, file: Path | dict[str, object], *, index: int = 0) -> None:
    """Put a file into the ``index``-th uploader of the page."""
    with page.expect_response("**/_stcore/upload_file/**"):
        page.get_by_test_id("stFileUploaderDropzoneInput").nth(index).set_input_files(file)
    wait_until_still(page)


def go_to(page: Page, title: str) -> None:
    """Change to another page by its name in the navigation."""
    link = page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=False).first
    target = (link.get_attribute("href") or "").split("?")[0].rstrip("/")
    for _ in range(3):  # a rerun that redraws the navigation can swallow a click
        link.click()
        wait_until_still(page)
        if page.url.split("?")[0].rstrip("/").endswith(target):
            return


def choose(page: Page, label: str, option: str, *, tries: int = 5) -> None:
    """Pick ``option`` from the list called ``label``; a rerun that redraws it closes it, so try again."""
    wanted = page.get_by_role("option").filter(has_text=re.compile(f"^{re.escape(option)}$"))
    for _ in range(tries):
        wait_until_still(page)
        page.get_by_role("combobox", name=label).click()
        try:
            wanted.click(timeout=3000)
        except TimeoutError:
            page.keyboard.press("Escape")
            continue
        wait_until_still(page)
        return
    raise AssertionError(f"{label!r} never offered {option!r}")
