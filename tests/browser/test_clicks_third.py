"""Every button and link of the third third of the pages leads to no error, on a sample and on an upload."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from analytics.dashboard.app.catalog import PageInfo, page_info
from tests.browser.clicks import Tour, tour_of_sample, tours
from tests.conftest import Server
from tests.transformer.tiny_causal import tiny_causal_folder

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("info", "tour"), tours(2))
def test_every_button_and_link_leads_to_no_error(
    info: PageInfo, tour: Callable[..., Tour], page: Page, server: Server
) -> None:
    assert tour(page, info, server).run()


def test_nor_does_any_of_a_page_that_needs_a_model(
    page: Page, start_app: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory
) -> None:
    models = tmp_path_factory.mktemp("models")
    tiny_causal_folder("gpt2", models / "small")
    server = start_app(ZETASCOPE_CAUSAL_MODELS=str(models))
    clicked = tour_of_sample(page, page_info("prompt_walk"), server).run()
    assert any("Sampling" in one for one in clicked) and any("How this works" in one for one in clicked)
