"""Memory of dropped traces: given back once, a moment after the last of them is gone."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest

from analytics.dashboard.server import memory
from analytics.memory import trim


def test_several_releases_are_one_trim(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []
    monkeypatch.setattr(memory, "PAUSE", 0.2)
    monkeypatch.setattr(memory, "give_back", lambda: asked.append(time.monotonic()))
    for expected in (1, 2):
        for _ in range(5):
            memory.give_back_soon("a trace")
        deadline = time.monotonic() + 20
        while len(asked) < expected and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.4)
        assert len(asked) == expected


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc keeps and gives back pages so")
def test_small_arrays_leave_the_process() -> None:
    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

    trim()
    before = resident()
    held = [np.ones(4_000) for _ in range(4_000)]  # 128 MB in pieces that glibc does not map one by one
    last = np.ones(4_000)
    del held
    trim()
    assert resident() - before < 30e6
    assert last.sum() == 4_000
