"""Every page opens with every sample, without an exception."""

import pytest

from analytics.dashboard.app.catalog import shown_pages
from analytics.dashboard.server.datasets import samples

PAGES = [page.name for page in shown_pages()]


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("data", ["Cars, messy export", "Opinions"])
def test_page_opens_with_this_sample(open_page, name: str, data: str) -> None:
    at = open_page(name, data=data)
    assert not at.exception
    assert at.title


def test_samples_are_there_with_their_credits() -> None:
    assert len(samples()) >= 5
    for sample in samples().values():
        assert sample.path.exists()
        assert sample.credit
        assert sample.licence
