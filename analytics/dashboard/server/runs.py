"""The runs of pages under way, and how work beside them gives way.

All threads share one interpreter: a page that is drawn beside a job, or while libraries load, takes two to
ten times as long. So these pause meanwhile, but not for long: a run may itself wait for what they do, and
many visitors draw all the time.
"""

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.machinery import ExtensionFileLoader, ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

LONGEST = 1.0
"""Seconds that runs without a gap between them get to themselves."""
_LOOK_AGAIN = 0.05


class PageRuns:
    """Counts the runs that are under way."""

    def __init__(self, *, longest: float = LONGEST) -> None:
        self._longest = longest
        self._changed = threading.Condition()
        self._count = 0
        self._since = 0.0

    @contextlib.contextmanager
    def under_way(self) -> Iterator[None]:
        """One run, from its first line to its last."""
        with self._changed:
            if not self._count:
                self._since = time.monotonic()
            self._count += 1
        try:
            yield
        finally:
            with self._changed:
                self._count -= 1
                self._changed.notify_all()

    def give_way(self, *, needed: Callable[[], bool] = lambda: False) -> None:
        """Return when no run is under way, or runs have had their time, or one needs what the caller does."""
        with self._changed:
            while self._count and not needed():
                left = self._since + self._longest - time.monotonic()
                if left <= 0:
                    return
                self._changed.wait(min(left, _LOOK_AGAIN))


PAGE_RUNS = PageRuns()
"""Those of this server."""


@dataclass(eq=False, kw_only=True)
class WorkBeside:
    """Work in a thread of its own; it gives way to pages, but not while a run waits for its end."""

    finished: threading.Event = field(default_factory=threading.Event)
    awaited: bool = False

    def wait(self, seconds: float) -> None:
        """Let a run wait until the work has finished, at most so long."""
        self.awaited = True
        self.finished.wait(seconds)
        self.awaited = False

    def give_way(self, *, needed: Callable[[], bool] = lambda: False) -> None:
        """What the work calls now and then; ``needed`` ends the pause too."""
        PAGE_RUNS.give_way(needed=lambda: self.awaited or needed())


class _Pauses(PathFinder):
    """Finds what its parent finds, for one thread, which then gives way before it executes the module.

    Not earlier: while a module is looked for, no other thread can import anything.
    """

    def __init__(self, give_way: Callable[[], None]) -> None:
        self._give_way, self._thread = give_way, threading.get_ident()

    def find_spec(  # type: ignore[override]
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if threading.get_ident() != self._thread:
            return None
        spec = super().find_spec(fullname, path, target)
        if spec and isinstance(spec.loader, SourceFileLoader | ExtensionFileLoader):
            spec.loader.exec_module = self._after_giving_way(spec.loader.exec_module)  # type: ignore[assignment, method-assign]
        return spec

    def _after_giving_way(self, execute: Callable[[ModuleType], None]) -> Callable[[ModuleType], None]:
        def execute_then(module: ModuleType) -> None:
            self._give_way()
            execute(module)

        return execute_then


@contextlib.contextmanager
def imports_giving_way(give_way: Callable[[], None]) -> Iterator[None]:
    """Within this context, the calling thread calls ``give_way`` before each module that it imports."""
    pauses = _Pauses(give_way)
    sys.meta_path.insert(sys.meta_path.index(PathFinder), pauses)
    try:
        yield
    finally:
        sys.meta_path.remove(pauses)
