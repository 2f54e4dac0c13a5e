"""Every button and link of the first third of the pages leads to no error, on a sample and on an upload."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from analytics.dashboard.app.catalog import PageInfo
from tests.browser.clicks import Tour, tours
from tests.conftest import Server

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("info", "tour"), tours(0))
def test_every_button_and_link_leads_to_no_error(
    info: PageInfo, tour: Callable[..., Tour], page: Page, server: Server
) -> None:
    assert tour(page, info, server).run()
