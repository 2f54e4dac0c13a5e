"""What is loaded ahead of time exists, or the first visitor of a page would wait for it."""

import sys

import pytest

from analytics.dashboard.app import warm_up
from analytics.dashboard.app.catalog import shown_pages

PREPARED = ("standardize", "outliers", "encoder_walk", "decoder_walk", "text_map")


def done() -> list[str]:
    """The names of all steps, each done before the next is asked for, as the server does it."""
    names = []
    for name, step in warm_up.steps():
        step()
        names.append(name)
    return names


@pytest.mark.slow
def test_every_page_and_model_can_be_loaded_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZETASCOPE_PAGES", raising=False)
    names = done()
    assert set(names) == {page.module for page in shown_pages()} | {f"{name}, first use" for name in PREPARED}
    assert all(page.module in sys.modules for page in shown_pages())
    heavy = [names.index(page.module) for page in shown_pages() if page.heavy]
    light = [names.index(page.module) for page in shown_pages() if not page.heavy]
    assert max(light) < names.index("outliers, first use") < min(heavy)


def test_only_what_shown_pages_need_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZETASCOPE_PAGES", "data,standardize")
    names = done()
    assert names[:2] == ["analytics.dashboard.pages.data.page", "analytics.dashboard.pages.standardize.page"]
    assert names[2:] == ["standardize, first use"]


def test_every_page_is_imported_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZETASCOPE_PAGES", raising=False)
    names = [name for name, _ in warm_up.steps()]
    assert all(page.module in names for page in shown_pages())


@pytest.mark.slow
def test_a_page_that_cannot_be_imported_keeps_no_other_from_being_prepared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ZETASCOPE_PAGES", "data,standardize")
    monkeypatch.setattr(warm_up, "DELAY_SECONDS", 0)
    tried: list[str] = []

    def fail(module: str) -> None:
        tried.append(module)
        raise ImportError(module)

    monkeypatch.setattr(warm_up, "import_now", fail)
    warm_up._warm_up()
    assert tried == ["analytics.dashboard.pages.data.page", "analytics.dashboard.pages.standardize.page"]
