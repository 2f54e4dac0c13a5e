"""Every page of every browser test has the same patience, and finds the app's scripts compiled."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.helpers import PATIENCE


@pytest.fixture
def new_context(new_context: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    """Also for tests of several visitors: each ``new_context()`` is a browser of its own."""

    def made(**settings: object) -> BrowserContext:
        context = new_context(**settings)
        context.set_default_timeout(PATIENCE)
        return context

    return made


@pytest.fixture(scope="session")
def one_browser(browser: Browser, browser_context_args: dict[str, object]) -> Iterator[BrowserContext]:
    """One visitor's browser with a page that stays open: the next one finds Streamlit's megabytes of script
    loaded and compiled, which takes a new browser two seconds of processor time each."""
    context = browser.new_context(**browser_context_args)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(one_browser: BrowserContext, app: str) -> Iterator[Page]:
    """A new page of a browser that remembers nothing of the test before."""
    if not one_browser.pages:
        one_browser.new_page().goto(f"{app}/_stcore/health")
    stays, page = one_browser.pages[0], one_browser.new_page()
    seen: set[str] = {app}
    page.on("framenavigated", lambda frame: seen.add("{0.scheme}://{0.netloc}".format(urlsplit(frame.url))))
    yield page
    for one in one_browser.pages[1:]:
        one.close()
    one_browser.set_offline(False)
    one_browser.clear_cookies()
    devtools = one_browser.new_cdp_session(stays)
    for origin in seen:
        if origin.startswith("http"):
            devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    devtools.detach()
