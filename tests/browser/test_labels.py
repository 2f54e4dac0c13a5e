"""Every text of a file is drawn as the letters it has: in paragraphs and in labels."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from analytics.words import neutral
from tests.browser.helpers import open_address
from tests.browser.hostile_labels import LIVE
from tests.conftest import ROOT, Server, free_port, wait_until_healthy

pytestmark = pytest.mark.browser

DRAWN = "shown => shown.map(one => [one.textContent, [...one.querySelectorAll('*')].map(e => e.tagName)])"


@pytest.fixture
def labels(tmp_path: Path) -> Iterator[str]:
    """The address of a page that shows all of ``LIVE``."""
    port, log = free_port(), tmp_path / "labels.log"
    page = ["tests/browser/hostile_labels.py", "--server.port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "streamlit", "run", *page]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out, env=environment)
    server = Server(f"http://localhost:{port}", process, log)
    try:
        wait_until_healthy(server)
        yield server.url
    finally:
        server.stop()


def letters(text: str) -> str:
    """What is to be read: without joiners, and without what Markdown trims at the ends."""
    return " ".join(text.replace("\u2060", "").strip(" \ufeff").split())


def test_no_text_is_drawn_as_anything_else(page: Page, labels: str) -> None:
    open_address(page, labels)
    for place in ("[data-testid=stMarkdown]", "[data-testid=stRadio] label"):
        drawn = page.locator(f"{place} [data-testid=stMarkdownContainer] p")
        found = drawn.evaluate_all(DRAWN)[-len(LIVE) :]
        assert [letters(text) for text, _ in found] == [letters(neutral(letters(text))) for text in LIVE]
        assert [tags for _, tags in found] == [[]] * len(LIVE), place
