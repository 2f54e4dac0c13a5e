"""With a Hub of our own, as in a Space: sign in by its OAuth, find data, open them, and publish them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from benchmarks.server import free_port
from tests.browser.helpers import open_address, wait_until, wait_until_still
from tests.browser.identity_provider import Provider
from tests.conftest import Server
from tests.hub.fake_hub import FakeHub, serving
from tests.hub.test_data import words

pytestmark = pytest.mark.browser

TOKEN = "hf_oauth_of_ann"


def space_of(hub: FakeHub, port: int) -> dict[str, str]:
    """The environment of a Space whose README says ``hf_oauth``, with this Hub."""
    return {
        "PORT": str(port),
        "HF_ENDPOINT": hub.url,
        "ZETASCOPE_HUB": "on",
        "SPACE_ID": "ann/zeta",
        "SPACE_HOST": f"localhost:{port}",
        "OAUTH_CLIENT_ID": "zetascope",
        "OAUTH_CLIENT_SECRET": "secret",
        "OAUTH_SCOPES": "openid profile gated-repos contribute-repos",
        "OPENID_PROVIDER_URL": hub.url,
    }


def expand(page: Page, name: str) -> None:
    page.get_by_test_id("stExpander").get_by_text(name, exact=True).click()
    wait_until_still(page)


def test_sign_in_open_choose_and_publish(page: Page, start_app: Callable[..., Server]) -> None:
    with serving() as hub:
        words(hub)
        hub.oauth = Provider(hub.url, "ann@example.org", access_token=TOKEN)
        hub.users[TOKEN] = {"name": "ann", "orgs": []}
        server = start_app(container=True, **space_of(hub, free_port()))
        open_address(page, server.url)
        expand(page, "From the Hub")
        assert hub.asked == []
        with page.expect_popup() as opened:
            page.get_by_role("link", name="Sign in with Hugging Face").click()
        tab = opened.value
        expect(tab.get_by_role("heading", name="What is in this file?")).to_be_visible()
        wait_until_still(tab)
        expand(tab, "From the Hub")
        expect(tab.get_by_text("On the Hub you are ann in this session.")).to_be_visible()

        tab.get_by_label("Words").fill("word")
        tab.get_by_role("button", name="Search the Hub").click()
        expect(tab.get_by_test_id("stDataFrame").first).to_be_visible()
        wait_until_still(tab)
        tab.get_by_role("combobox", name="Data set", exact=True).last.fill("org/words")
        tab.get_by_role("option", name="org/words", exact=True).click()
        expect(tab.get_by_text("A list of words with numbers.")).to_be_visible()
        tab.get_by_test_id("stBaseButton-primary").get_by_text("Open", exact=True).click()
        expect(tab.get_by_text("has 900 rows")).to_be_visible()
        wait_until_still(tab)

        expand(tab, "Publish on the Hub")
        tab.get_by_label("Licence").last.fill("mit")
        tab.get_by_label("Licence").last.press("Enter")
        wait_until_still(tab)  # it writes the card anew, and folds it
        expand(tab, "The card, as it will go")
        expect(tab.get_by_text("org/words on the Hub at commit")).to_be_visible()
        assert hub.commits == []
        tab.get_by_role("button", name="Publish this data set").click()
        expect(tab.get_by_text("Published in one commit")).to_be_visible()
        ((kind, name, _),) = hub.commits
        assert (kind, name) == ("dataset", "ann/org_words_default_train")
        assert TOKEN not in server.log.read_text() + tab.url + tab.content()

        tab.get_by_role("button", name="Sign out").first.click()
        wait_until(
            tab, lambda: not [one for one in tab.context.cookies() if "_streamlit_user" in one["name"]]
        )
