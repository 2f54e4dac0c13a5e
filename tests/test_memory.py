"""The most memory that a block of work held."""

import sys

import numpy as np
import pytest

from analytics.memory import PeakMemory


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells")
def test_what_was_held_in_between_counts() -> None:
    with PeakMemory() as peak:
        held = np.ones(40_000_000)
        while peak._most - peak._before < held.nbytes * 0.9:  # until it has been looked at
            held += 1
        del held
    assert 250e6 < peak.bytes < 900e6
