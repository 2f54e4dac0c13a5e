"""What every browser test does: open an address, wait until the page stands still, upload a file.

All limits stand here. They are no measurements: what a test waits for takes a fraction of them on a quiet
machine, and a machine that is five times slower must keep them. So nothing waits less than ``PATIENCE``, and
what is over sooner is waited for by what it shows, never by the clock.
"""

import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Download, Frame, Locator, Page, TimeoutError, expect

PATIENCE = 90_000
"""Milliseconds for one run of a page, a click and what it changes; at most 6 s on two quiet cores."""
LONG = 300_000
"""Milliseconds for models, maps and fits, also on a cold server; at most 40 s on two quiet cores."""
ONE_TRY = 15_000
"""Milliseconds after which a click that a redrawn page may have swallowed is made again."""
READY = "[data-testid=stApp][data-test-connection-state=CONNECTED]"
expect.set_options(timeout=PATIENCE)


def let_pass(page: Page | Frame, milliseconds: int = 300) -> None:
    """Let the browser come to all that it has put off until now, for at most so long by its own clock.

    Streamlit tells the server of a change up to 200 ms later. A timer set after that one also fires after it,
    however busy the machine is, so this is an order and no measure of time.
    """
    page.evaluate("late => new Promise(done => setTimeout(done, late))", milliseconds)


def wait_until_still(page: Page | Frame, *, timeout: float = PATIENCE) -> None:
    """Wait until the script has finished and nothing is drawn any more."""
    page.wait_for_selector(READY, timeout=timeout)
    let_pass(page)
    page.wait_for_selector("[data-test-script-state=notRunning]", timeout=timeout)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=timeout)


def wait_until(page: Page, condition: Callable[[], bool], *, timeout: float = PATIENCE) -> None:
    """Wait for something that is not on the page; the page's events come in meanwhile."""
    deadline = time.monotonic() + timeout / 1000
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        page.wait_for_timeout(50)


def try_again(act: Callable[[], object], told: Locator, *, tries: int = 6) -> None:
    """Do ``act`` until ``told`` is there: a rerun that redraws the page can swallow a click."""
    for _ in range(tries):
        act()
        try:
            expect(told).to_be_visible(timeout=ONE_TRY)
        except AssertionError:
            continue
        return
    raise AssertionError(f"{tries} tries never led to {told}")


def open_address(page: Page, url: str) -> None:
    """Open ``url`` and wait until the page stands still without an error box."""
    page.goto(url)
    wait_until_still(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def upload(page: Page, file: Path | dict[str, object], *, index: int = 0) -> None:
    """Put a file into the ``index``-th uploader of the page; again where a redrawn one has swallowed it."""
    for timeout in (2 * ONE_TRY, PATIENCE, LONG):
        try:
            with page.expect_response("**/_stcore/upload_file/**", timeout=timeout) as answer:
                page.get_by_test_id("stFileUploaderDropzoneInput").nth(index).set_input_files(file)
            answer.value.finished()
        except TimeoutError:
            continue
        wait_until_still(page)
        return
    raise AssertionError("the file was never taken")


def go_to(page: Page, title: str) -> None:
    """Change to another page by its name in the navigation."""
    link = page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=False).first
    target = str(link.evaluate("link => link.pathname")).rstrip("/")
    for _ in range(6):  # a rerun that redraws the navigation can swallow a click
        link.click()
        try:
            page.wait_for_url(lambda url: urlsplit(url).path.rstrip("/") == target, timeout=ONE_TRY)
        except TimeoutError:
            continue
        wait_until_still(page)
        return
    raise AssertionError(f"no click led to {title!r}")


def choose(page: Page, label: str, option: str, *, tries: int = 6) -> None:
    """Pick ``option`` from the list called ``label``; a rerun that redraws it closes it, so try again."""
    wanted = page.get_by_role("option").filter(has_text=re.compile(f"^{re.escape(option)}$"))
    for _ in range(tries):
        wait_until_still(page)
        page.get_by_role("combobox", name=label).click()
        try:
            wanted.click(timeout=ONE_TRY)
        except TimeoutError:
            page.keyboard.press("Escape")
            continue
        wait_until_still(page)
        return
    raise AssertionError(f"{label!r} never offered {option!r}")


def saved(page: Page, label: str) -> Download:
    """Click a download; again where a rerun swallowed the click."""
    button = page.get_by_role("button", name=label, exact=True)
    for timeout in (2 * ONE_TRY, PATIENCE, LONG):
        wait_until_still(page)
        try:
            with page.expect_download(timeout=timeout) as download:
                button.click()
        except TimeoutError:
            continue
        return download.value
    raise AssertionError(f"{label!r} never gave a file")
