"""Every page of every browser test has the same patience."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.helpers import PATIENCE


@pytest.fixture
def new_context(new_context: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    """Also for tests of several visitors: each ``new_context()`` is a browser of its own."""

    def made(**settings: object) -> BrowserContext:
        context = new_context(**settings)
        context.set_default_timeout(PATIENCE)
        return context

    return made
