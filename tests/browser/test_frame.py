"""The frame in a real browser: cold deep links, one navigation, separate sessions, links with choices."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Request, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from analytics.dashboard.app.catalog import PageInfo, shown_pages
from tests.browser.helpers import LONG, go_to, open_address, upload, wait_until
from tests.conftest import Server

pytestmark = pytest.mark.browser


def address_of(page: PageInfo) -> str:
    return "/" if page == shown_pages()[0] else f"/{page.name}"


WATCH = """word => {
  window.seen = false
  const look = () => { window.seen = window.seen || document.body.textContent.includes(word) }
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true })
}"""
WAITS = {"encoder_walk": "stages recomputed", "decoder_walk": "Place in the model"}
"""Pages that need a model, with what they show once they have it."""


@pytest.mark.parametrize("info", shown_pages(), ids=lambda info: info.name)
def test_each_page_opens_first_on_a_cold_server(
    info: PageInfo, page: Page, start_app: Callable[..., Server]
) -> None:
    """One that waits for its model says so and then draws itself."""
    page.add_init_script(f"({WATCH})('needs is loading')")
    open_address(page, start_app().url + address_of(info))
    expect(page.get_by_role("heading", name=info.question)).to_be_visible()
    links = page.get_by_test_id("stSidebarNav").get_by_role("link")
    expect(links).to_have_count(len(shown_pages()))
    expect(page.get_by_test_id("stSidebar").get_by_text("Open data set")).to_be_visible()
    if info.name in WAITS:
        expect(page.get_by_text(WAITS[info.name]).first).to_be_visible(timeout=LONG)
        expect(page.get_by_text("needs is loading")).to_have_count(0)
        assert page.evaluate("window.seen")


def test_a_link_opens_its_data_set(page: Page, app: str) -> None:
    open_address(page, f"{app}/?data=Exams")
    expect(page.get_by_test_id("stSidebar").get_by_text("exams.csv")).to_be_visible()


def test_two_sessions_never_see_each_others_files(
    new_context: Callable[..., BrowserContext], app: str
) -> None:
    mine, theirs = new_context().new_page(), new_context().new_page()
    open_address(mine, app)
    open_address(theirs, app)
    upload(mine, {"name": "private.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n3,4\n"})
    expect(mine.get_by_test_id("stSidebar").get_by_text("private.csv").first).to_be_visible()
    open_address(theirs, f"{app}/?data=private.csv")
    expect(theirs.get_by_test_id("stSidebar").get_by_text("wine.csv")).to_be_visible()
    expect(theirs.get_by_text("private.csv")).to_have_count(0)


def test_an_upload_stays_open_on_other_pages_and_back(page: Page, app: str) -> None:
    open_address(page, app)
    upload(page, {"name": "mine.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n3,4\n5,9\n"})
    for info in (shown_pages()[1], shown_pages()[0]):
        go_to(page, info.title)
        expect(page.get_by_test_id("stSidebar").get_by_text("3 rows, 2 columns")).to_be_visible()


def _ends_a_run(said: str | bytes) -> bool:
    assert isinstance(said, bytes)
    message = ForwardMsg.FromString(said)
    done = ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY
    return message.WhichOneof("type") == "script_finished" and message.script_finished == done


class SlowLine:
    """Holds back all that the server answers to an upload, and to what comes after it, until ``release``."""

    def __init__(self, page: Page) -> None:
        self.uploading = self.holding = False
        self.held: list[str | bytes] = []
        page.route_web_socket("**/_stcore/stream", self._connect)
        page.on("request", self._watch)

    def _watch(self, request: Request) -> None:
        self.uploading = self.uploading or "/_stcore/upload_file/" in request.url

    def _connect(self, browser: WebSocketRoute) -> None:
        self.browser, server = browser, browser.connect_to_server()

        def from_browser(said: str | bytes) -> None:
            self.holding = self.uploading
            server.send(said)

        browser.on_message(from_browser)
        server.on_message(lambda said: self.held.append(said) if self.holding else browser.send(said))

    def wait_for_runs(self, page: Page, count: int) -> None:
        """Until the server has told of the end of so many runs that were not broken off for another."""
        wait_until(page, lambda: sum(map(_ends_a_run, self.held)) >= count)

    def release(self) -> None:
        self.uploading = self.holding = False
        for said in self.held:
            self.browser.send(said)


def test_a_change_of_page_before_the_browser_has_heard_of_the_file_keeps_it(page: Page, app: str) -> None:
    line = SlowLine(page)
    open_address(page, app)
    with page.expect_response("**/_stcore/upload_file/**"):
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
            {"name": "quick.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n3,4\n5,9\n"}
        )
    line.wait_for_runs(page, 1)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Outliers").click()
    line.wait_for_runs(page, 2)
    line.release()
    expect(page.get_by_role("heading", name="Which rows are unusual")).to_be_visible()
    expect(page.get_by_test_id("stSidebar").get_by_text("3 rows, 2 columns")).to_be_visible()


def test_a_quick_change_of_page_after_an_upload_keeps_the_file(page: Page, app: str) -> None:
    open_address(page, app)
    rows = "".join(f"{i},{i * i}\n" for i in range(20_000))
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": "quick.csv", "mimeType": "text/csv", "buffer": f"a,b\n{rows}".encode()}
    )
    side = page.get_by_test_id("stSidebar")
    expect(side.get_by_text("20,000 rows")).to_be_visible()
    for info in shown_pages()[1:4]:
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=info.title).first.click()
        expect(page.get_by_role("heading", name=info.question)).to_be_visible()
        expect(side.get_by_text("20,000 rows")).to_be_visible()
