"""What is loaded ahead of time exists, or the first visitor of a page would wait for it."""

import pytest

from analytics.dashboard import warm_up


@pytest.mark.slow
@pytest.mark.parametrize("step", warm_up.STEPS, ids=lambda step: step.__name__)
def test_every_page_and_model_can_be_loaded_ahead(step) -> None:
    step()
