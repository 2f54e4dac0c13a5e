"""Click every button and every link of a page once, and look for an error after each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Download, Page, expect

from analytics.dashboard.app.catalog import PageInfo, shown_pages
from tests.browser.helpers import LONG, ONE_TRY, go_to, open_address, upload, wait_until, wait_until_still
from tests.conftest import Server

MOST = 80
"""Clicks on one page, of which the richest has some 40: a page that keeps making new buttons ends too."""
BUTTONS = (
    "button[data-testid^=stBaseButton], button[data-testid=stPopoverButton], [role=radio], [role=tab], "
    "[role=switch], summary"
)
LINKS = "a[href]"
FRAME = "[data-testid=stMain] [data-testid=stMainBlockContainer], [data-testid=stPopoverBody]"
NOT_OURS = (
    ".modebar, [data-testid=stElementToolbar], [data-testid=stFileUploader], [data-testid=stNumberInput], "
    "[aria-label='Copy to clipboard'], [aria-label=Copied]"
)
"""What comes with Streamlit's own elements."""
TAKES_MINUTES = ".st-key-classify_tune_button, .st-key-classify_guess_button, .st-key-ask_tune"
"""Fine-tuning: tests/dashboard/pages presses them with an encoder that is tuned in seconds."""
ERRORS = "[data-testid=stException], [data-testid=stAlertContentError]"
WORKING = "[data-testid=stProgress], [data-testid=stSpinner]"
TEXTS = [f"the quick fox number {i} jumps over {i * 7 % 13} lazy dogs and naps" for i in range(60)]
ROWS = [
    f"2024-{1 + i // 28:02d}-{1 + i % 28:02d},{'ab'[i % 2]},{i * 37 % 101},{50 + i * i % 17}.5,{TEXTS[i]}"
    for i in range(60)
]
FILE = {
    "name": "clicked.csv",
    "mimeType": "text/csv",
    "buffer": "\n".join(["day,kind,size,weight,note", *ROWS]).encode(),
}


@dataclass
class Tour:
    """One page with one data set; ``back`` opens it as it was at first."""

    page: Page
    info: PageInfo
    server: Server
    back: Callable[[], None]
    clicked: dict[str, None] = field(default_factory=dict)
    again: set[str] = field(default_factory=set)
    """What gave no file at first."""

    def run(self) -> list[str]:
        """Click until nothing new is left; gives what was clicked."""
        logged = self.server.log.stat().st_size
        saved: list[Download] = []
        self.page.on("download", lambda download: saved.append(download))
        self.back()
        self._look("the page itself")
        while len(self.clicked) < MOST and (found := self._click_next()):
            name, saves = found
            if saves and not self._has_file(name, saved):
                assert name not in self.again, f"{self.info.name}: {name!r} never gave a file"
                self.again.add(name)
                del self.clicked[name]
                self.back()  # what kept it there may be gone in a page that is opened anew
                continue
            saved.clear()
            wait_until_still(self.page)
            if urlsplit(self.page.url).path.strip("/") == self._path():
                _wait_until_whole(self.page)
                self._look(name)
            else:  # that page has a tour of its own
                self._look(name)
                self.back()
        with self.server.log.open() as log:
            log.seek(logged)
            said = log.read()
        assert '  File "' not in said, said
        return list(self.clicked)

    def _path(self) -> str:
        return "" if self.info == shown_pages()[0] else self.info.name

    def _click_next(self) -> tuple[str, bool] | None:
        """Click the first thing that was not clicked yet; gives its name, and whether it saves a file.

        Found and clicked in one go: what the page draws anew in between would be clicked in its place. The
        element's own click: a real pointer would wait for what lies over it, an open list or a label.
        """
        clicked = self._click(list(self.clicked), None)
        if clicked is not None:
            self.clicked[clicked[0]] = None
        return clicked

    def _click(self, others: list[str], wanted: str | None) -> tuple[str, bool] | None:
        """The first that is none of the ``others``, or the one that is ``wanted``."""
        found = self.page.locator(FRAME).locator(f"{LINKS}, {BUTTONS}")
        clicked = found.evaluate_all(CLICK_FIRST, [f"{NOT_OURS}, {TAKES_MINUTES}", others, wanted])
        return None if clicked is None else (clicked[0], clicked[1])

    def _has_file(self, name: str, saved: list[Download]) -> bool:
        """Whether it is saved; a next click could make its content anew, so that it is waited for.

        A rerun that redraws the button can swallow a click, so it is clicked again then.
        """
        for _ in range(3):
            try:
                wait_until(self.page, lambda: len(saved) > 0, timeout=2 * ONE_TRY)
                return True
            except AssertionError:
                self._click([], name)
        return False

    def _look(self, name: str) -> None:
        shown = self.page.locator(ERRORS)
        told = shown.all_inner_texts()
        assert not told, f"{self.info.name}: {name!r} led to {told} at {self.page.url}"


CLICK_FIRST = """(found, [notOurs, clicked, wanted]) => {
  for (const one of found) {
    const box = one.getBoundingClientRect()
    const away = one.tagName === 'A' && (one.target === '_blank' || one.origin !== location.origin)
    if (one.closest(notOurs) || one.disabled || away || box.width <= 0 || box.height <= 0) continue
    const words = one.cloneNode(true)
    const icons = words.querySelectorAll('[data-testid^=stIcon], [data-testid^=stExpanderIcon]')
    icons.forEach(icon => icon.remove())
    const page = one.tagName === 'A' && one.pathname !== location.pathname && one.pathname
    const said = one.getAttribute('aria-label') || words.textContent.trim()
    const called = page || said || one.getAttribute('href')
    const name = `${one.getAttribute('role') || one.tagName.toLowerCase()} ${called || ''}`
    if (wanted ? name !== wanted : clicked.includes(name)) continue
    const saves = !!one.closest('[data-testid=stDownloadButton]')
    one.click()
    return [name, saves]
  }
  return null
}"""
"""Clicks the first of the page's own that can be clicked and has a new name, what a reader would call it; a
link to another page is called by that page, which has a tour of its own."""


def tours(third: int) -> list[Any]:
    """Parameters for every third page with each tour that shows something else there.

    A map of 60 texts has all there is to click on one of 3,000, in seconds instead of a minute. The page for
    owners has nothing to click.
    """
    pages = [info for info in shown_pages() if info.name != "hosting"][third::3]
    made = [(info, tour_of_sample) for info in pages if info.name != "text_map"]
    made += [(info, tour_of_upload) for info in pages if info.of_file]
    return [pytest.param(info, tour, id=f"{info.name}-{tour.__name__}") for info, tour in made]


def tour_of_sample(page: Page, info: PageInfo, server: Server) -> Tour:
    """The page with the sample that has the most to show there."""
    sample = "stocks" if info.name == "returns" else "cars"
    address = "/" if info == shown_pages()[0] else f"/{info.name}"
    other = "&changes_other=Cars, messy export" if info.name == "changes" else ""
    open_address(page, f"{server.url}{address}?data={sample.capitalize()}{other}")
    return Tour(page, info, server, partial(_go_back, page, info))


def tour_of_upload(page: Page, info: PageInfo, server: Server) -> Tour:
    """The page with a visitor's own file, which a new address would forget."""
    open_address(page, server.url)
    upload(page, FILE)
    if info.name == "changes":  # which shows something of two files only
        go_to(page, info.title)
        upload(page, FILE | {"name": "other.csv"})

    return Tour(page, info, server, partial(_go_back, page, info))


def _go_back(page: Page, info: PageInfo) -> None:
    go_to(page, info.title)
    _wait_until_whole(page)


def _wait_until_whole(page: Page) -> None:
    """Until nothing is loaded or worked on any more; one piece of work may follow another."""
    wait_until_still(page)
    waiting = page.locator(WORKING).or_(page.get_by_text("needs is loading"))
    while waiting.count():
        expect(waiting).to_have_count(0, timeout=LONG)
        wait_until_still(page)
