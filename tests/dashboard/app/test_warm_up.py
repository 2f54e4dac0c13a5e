"""What is loaded ahead of time exists, or the first visitor of a page would wait for it."""

import sys

import pytest

from analytics.dashboard.app import warm_up
from analytics.dashboard.app.catalog import PAGES


@pytest.mark.slow
@pytest.mark.parametrize(("name", "step"), [pytest.param(*step, id=step[0]) for step in warm_up.steps()])
def test_every_page_and_model_can_be_loaded_ahead(name: str, step) -> None:
    step()
    assert sys.modules.get(name) or "first use" in name


def test_only_what_shown_pages_need_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZETASCOPE_PAGES", "data,standardize")
    names = [name for name, _ in warm_up.steps()]
    assert names[:2] == ["analytics.dashboard.pages.data.page", "analytics.dashboard.pages.standardize.page"]
    assert names[2:] == ["standardize, first use"]


def test_every_page_is_imported_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZETASCOPE_PAGES", raising=False)
    names = [name for name, _ in warm_up.steps()]
    assert all(page.module in names for page in PAGES)
