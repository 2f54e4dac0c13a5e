"""Memory of dropped traces: given back once, a moment after the last of them is gone."""

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from analytics.dashboard.server import memory
from analytics.memory import trim


class HeldTimer:
    """A timer that goes off when the test says so."""

    started: ClassVar[list["HeldTimer"]] = []

    def __init__(self, pause: float, fire: Callable[[], None]) -> None:
        self.pause, self.fire = pause, fire

    def start(self) -> None:
        self.started.append(self)


def test_several_releases_are_one_trim(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(HeldTimer, "started", [])
    monkeypatch.setattr(threading, "Timer", HeldTimer)
    # A page of a test just before may still have a timer that waits.
    monkeypatch.setattr(memory, "_waiting", threading.Lock())
    monkeypatch.setattr(memory, "give_back", lambda: asked.append("given back"))
    for expected in (1, 2):
        for _ in range(5):
            memory.give_back_soon("a trace")
        assert len(HeldTimer.started) == expected
        assert len(asked) == expected - 1
        assert HeldTimer.started[-1].pause == memory.PAUSE
        HeldTimer.started[-1].fire()
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
