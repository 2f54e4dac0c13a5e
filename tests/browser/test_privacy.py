"""A whole tour makes no request beyond the app itself, and text from a file never becomes code."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from analytics.dashboard.app.catalog import shown_pages
from tests.browser.helpers import go_to, open_address, upload, wait_until_still
from tests.conftest import ROOT, Server

pytestmark = pytest.mark.browser

RECORDER = ROOT / "tests" / "browser" / "recorder"

HOSTILE = [
    "<img src=x onerror=window.pwned=1>",
    "<script>window.pwned=1</script>",
    "[click](javascript:window.pwned=1)",
    "![p](http://evil.example/p.png)",
    "$\\href{javascript:window.pwned=1}{x}$",
    ":red[x] **bold** `code`",
    "<a href='http://evil.example'>a</a>",
    "=HYPERLINK('http://evil.example')",
    "\u202egnp.exe\u202c",
    "<svg onload=window.pwned=1>",
]


def hostile_csv() -> bytes:
    """Hostile names, categories and texts among numbers that every page can work on."""
    header = [
        '"<b onmouseover=window.pwned=1>price</b>"',
        '"[weight](http://evil.example)"',
        "$\\alpha$ size",
    ]
    header += ['"<img src=x onerror=window.pwned=1>"', "text"]
    lines = [",".join(header)]
    for i in range(60):
        words = HOSTILE[i % len(HOSTILE)].replace('"', "'")
        outlier = 900 if i == 7 else 0
        lines.append(
            f'{100 + 3 * (i % 17) + outlier},{7.5 + i % 5},{i * 1.5},"{HOSTILE[i % 3]}",'
            f'"{words} is the sentence number {i} about nothing in particular"'
        )
    return "\n".join(lines).encode()


def watch(page: Page, url: str) -> list[str]:
    """Addresses the page asks for that are not the app's own."""
    home = urlsplit(url).netloc
    foreign: list[str] = []

    def note(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != home:
            foreign.append(request.url)

    page.on("request", note)
    return foreign


def test_a_tour_stays_on_this_machine(page: Page, start_app: Callable[..., Server], tmp_path: Path) -> None:
    log = tmp_path / "connections.txt"
    server = start_app(
        PYTHONPATH=str(RECORDER), ZETASCOPE_CONNECTIONS=str(log), ZETASCOPE_WARM_UP="on", HOME=str(tmp_path)
    )
    foreign = watch(page, server.url)
    blocked: list[str] = []
    page.on("console", lambda told: blocked.append(told.text) if "Security Policy" in told.text else None)
    # A page other than the first, on a cold server: its script runs once without the entry's.
    open_address(page, f"{server.url}/hosting?data=Opinions")
    for info in shown_pages():
        go_to(page, info.title)
        expect(page.get_by_role("heading", name=info.question)).to_be_visible()
    assert foreign == []
    assert blocked == []
    assert not log.exists() or log.read_text() == ""


def test_hostile_text_is_shown_as_text_on_every_page(page: Page, app: str) -> None:
    foreign = watch(page, app)
    open_address(page, app)
    upload(page, {"name": "<b>x</b>.csv", "mimeType": "text/csv", "buffer": hostile_csv()})
    for info in shown_pages():
        go_to(page, info.title)
        wait_until_still(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        assert page.evaluate("window.pwned") is None, info.name
        assert page.locator("[data-testid=stMain] img[src='x'], [data-testid=stMain] script").count() == 0
        assert page.locator("a[href*='evil.example'], a[href^='javascript']").count() == 0, info.name
    assert foreign == []


def test_the_recorder_would_notice(tmp_path: Path) -> None:
    import os
    import subprocess
    import sys

    log = tmp_path / "connections.txt"
    code = "import socket; s = socket.socket(); s.settimeout(0.1); s.connect_ex(('192.0.2.1', 9))"
    env = {**os.environ, "PYTHONPATH": str(RECORDER), "ZETASCOPE_CONNECTIONS": str(log)}
    subprocess.run([sys.executable, "-c", code], env=env, check=True)
    assert log.read_text() == "192.0.2.1\n"
