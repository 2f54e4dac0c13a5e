"""The app as a guest in another site's frame: to Chromium, 127.0.0.1 and localhost are different sites."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from benchmarks.server import free_port
from tests.browser.host_page import host_page
from tests.conftest import Server

pytestmark = pytest.mark.browser

CSV = {"name": "guest.csv", "mimeType": "text/csv", "buffer": b"height,weight\n180,75\n171,64\n165,59\n"}


def upload_as_guest(page: Page, address: str) -> FrameLocator:
    page.goto(address)
    guest = page.frame_locator("iframe")
    expect(guest.get_by_role("heading", name="What is in this file?")).to_be_visible()
    guest.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(CSV)
    return guest


@contextmanager
def hosted(start_app: Callable[..., Server], *, width: int = 820, **settings: Any) -> Iterator[str]:
    """The address of another site's page with the app in a frame, which the owner lets it show."""
    port = str(free_port())
    with host_page(f"http://localhost:{port}/?embed=true", size=(width, 900)) as address:
        start_app(PORT=port, ZETASCOPE_FRAMES=address.rstrip("/"), **settings)
        yield address


def test_no_other_site_shows_the_app_unless_the_owner_says_so(
    page: Page, start_app: Callable[..., Server]
) -> None:
    with host_page(f"{start_app().url}/?embed=true", size=(820, 900)) as address:
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.goto(address)
        expect(page.frame_locator("iframe").get_by_role("heading")).to_have_count(0)


def test_default_settings_refuse_an_upload_from_another_sites_frame(
    page: Page, start_app: Callable[..., Server]
) -> None:
    with hosted(start_app) as address:
        with page.expect_response(lambda answer: "upload_file" in answer.url) as answered:
            guest = upload_as_guest(page, address)
        assert answered.value.status == 403
        expect(guest.get_by_text("guest has 3 rows")).to_have_count(0)


@pytest.mark.parametrize("width", [820, 400])
def test_a_space_takes_an_upload_from_another_sites_frame(
    page: Page, start_app: Callable[..., Server], width: int
) -> None:
    with hosted(start_app, width=width, container=True, SPACE_ID="someone/zetascope") as address:
        guest = upload_as_guest(page, address)
        expect(guest.get_by_text("guest.csv").first).to_be_visible()
        expect(guest.get_by_text("3 rows").first).to_be_attached()


def test_the_container_keeps_the_guard_outside_a_space(page: Page, start_app: Callable[..., Server]) -> None:
    with hosted(start_app, container=True) as address:
        with page.expect_response(lambda answer: "upload_file" in answer.url) as answered:
            upload_as_guest(page, address)
        assert answered.value.status == 403
