"""A private server: nothing answers before a login, everything after it."""

import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from analytics.dashboard.app.catalog import shown_pages
from benchmarks.server import free_port
from tests.browser.helpers import PATIENCE, open_address, upload, wait_until_still
from tests.browser.identity_provider import identity_provider
from tests.conftest import Server

pytestmark = pytest.mark.browser

SECRETS = """[auth]
redirect_uri = "http://localhost:{port}/oauth2callback"
cookie_secret = "only-for-this-test-0123456789"
client_id = "zetascope"
client_secret = "secret"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
"""


def status_of(url: str, *, method: str = "GET") -> int:
    request = urllib.request.Request(url, method=method, data=b"x" if method == "PUT" else None)
    try:
        return urllib.request.urlopen(request, timeout=PATIENCE / 1000).status
    except urllib.error.HTTPError as error:
        return error.code


def test_nothing_answers_before_a_login_and_everything_after(
    page: Page, start_app: Callable[..., Server], tmp_path: Path
) -> None:
    with identity_provider() as issuer:
        port = free_port()
        secrets = tmp_path / "secrets.toml"
        secrets.write_text(SECRETS.format(port=port, issuer=issuer))
        server = start_app(
            container=True,
            ZETASCOPE_LOGIN="on",
            ZETASCOPE_ALLOW="example.org",
            PORT=str(port),
            STREAMLIT_SECRETS_FILES=str(secrets),
        )
        for info in shown_pages():
            page.goto(f"{server.url}/{info.name}")
            expect(page.get_by_role("button", name="Log in")).to_be_visible()
            expect(page.get_by_text("Open data set")).to_have_count(0)
        assert status_of(f"{server.url}/_stcore/upload_file/session/file", method="PUT") == 401
        assert status_of(f"{server.url}/media/abc.csv") == 401

        page.goto(server.url)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", name="What is in this file?")).to_be_visible()
        wait_until_still(page)
        upload(page, {"name": "mine.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n3,4\n5,9\n"})
        expect(page.get_by_test_id("stSidebar").get_by_text("3 rows, 2 columns")).to_be_visible()
        second = page.context.new_page()
        open_address(second, server.url)
        page.get_by_role("button", name="Log out").click()
        for tab in (page, second):
            expect(tab.get_by_role("button", name="Log in")).to_be_visible()
