"""The page on returns in a browser: a real file with placeholder zeros, the views, a link with choices."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import go_to, open_address, upload, wait_until_still

pytestmark = pytest.mark.browser
SHILLER = Path(__file__).parents[1] / "numbers" / "returns" / "shiller.csv"


def test_a_real_file_is_checked_and_compared(page: Page, app: str) -> None:
    open_address(page, app)
    upload(page, SHILLER)
    go_to(page, "Returns")
    expect(page.get_by_role("heading", name="moves by")).to_be_visible()
    expect(page.get_by_text("Left out: Dividend, PE10")).to_be_visible()
    for view in ("Prices", "Drawdowns", "Volatility", "Tails"):
        page.get_by_role("radio", name=view, exact=True).click()
        wait_until_still(page)
        expect(page.get_by_test_id("stPlotlyChart")).to_have_count(1)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    # One price alone correlates with nothing; several do.
    open_address(page, f"{app}/returns?data=Stocks&returns_view=Correlations")
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(1)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_link_keeps_scale_and_view(page: Page, app: str) -> None:
    open_address(page, f"{app}/returns?data=Stocks&returns_scale=past+volatility&returns_view=Tails")
    expect(
        page.get_by_text("halves").or_(page.get_by_text("count half as much every 20 days"))
    ).to_be_visible()
    expect(page.get_by_text("Points below the diagonal")).to_be_visible()


def test_a_table_without_prices_leads_to_the_sample(page: Page, app: str) -> None:
    open_address(page, f"{app}/returns?data=Wine")
    expect(page.get_by_text("No column reads as dates")).to_be_visible()
    page.get_by_role("button", name="Open the Stocks sample").click()
    wait_until_still(page)
    expect(page.get_by_role("heading", name="moves most")).to_be_visible()
