"""A file that has just come is opened also where its visitor has gone to another page at once."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from analytics.dashboard.app.catalog import page_info
from analytics.dashboard.parts import uploads
from analytics.dashboard.parts.arrivals import UPLOADER
from analytics.dashboard.server.datasets import CHOICE


class Came:
    """What an uploader gives."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name, self.file_id, self._content = name, name, content

    def getvalue(self) -> bytes:
        return self._content


def left_with(open_page: Callable[..., AppTest], name: str, content: bytes) -> AppTest:
    """The Standardize page, opened while the Data page still read this file."""
    at = open_page("data", data="Wine")
    at.session_state[uploads._COME] = {UPLOADER: Came(name, content)}
    return at.switch_page("pages/standardize.py").run()


def test_the_other_page_shows_the_file(open_page: Callable[..., AppTest]) -> None:
    at = left_with(open_page, "mine.csv", b"height,weight\n1.5,50\n1.75,70\n2.5,81\n")
    assert at.title[0].value == page_info("standardize").question
    assert at.selectbox(key=CHOICE).value == "mine.csv"
    assert not at.session_state[uploads._COME]
    assert at.run().selectbox(key=CHOICE).value == "mine.csv"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no workbook"])
def test_what_cannot_be_opened_leads_back_and_says_why(
    open_page: Callable[..., AppTest], content: bytes
) -> None:
    at = left_with(open_page, "mine.xlsx", content)
    assert at.title[0].value == page_info("data").question
    assert any("mine" in error.value for error in at.error)
    assert not at.session_state[uploads._COME]
    assert at.selectbox(key=CHOICE).value == "wine"
