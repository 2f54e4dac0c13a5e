"""What closed sessions held is freed by the clock, and what came too late for them as well."""

from types import SimpleNamespace

from analytics.dashboard.gate.leaving import KEPT_SECONDS, free


class Runtime:
    """As much of Streamlit's as is asked: open and waiting sessions, and their files."""

    def __init__(self, *, active: set[str], waiting: set[str], files: set[str]) -> None:
        self.active, self.waiting = active, waiting
        self.closed: list[str] = []
        storage = SimpleNamespace(
            list=lambda: [SimpleNamespace(session=SimpleNamespace(id=name)) for name in sorted(self.waiting)]
        )
        self._session_mgr = SimpleNamespace(_session_storage=storage)
        self.uploaded_file_mgr = SimpleNamespace(
            file_storage=dict.fromkeys(files), remove_session_files=lambda name: self.files.pop(name)
        )

    @property
    def files(self) -> dict[str, None]:
        return self.uploaded_file_mgr.file_storage

    def is_active_session(self, name: str) -> bool:
        return name in self.active

    def close_session(self, name: str) -> None:
        self.closed.append(name)
        self.waiting.discard(name)
        self.files.pop(name, None)


def test_a_session_is_closed_when_its_time_is_over_and_not_before() -> None:
    runtime = Runtime(active={"open"}, waiting={"left"}, files={"open", "left"})
    left = free(runtime, {}, now=100.0)
    left = free(runtime, left, now=100.0 + KEPT_SECONDS - 1)
    assert runtime.closed == []
    left = free(runtime, left, now=100.0 + KEPT_SECONDS)
    assert runtime.closed == ["left"]
    assert (left, set(runtime.files)) == ({}, {"open"})


def test_a_session_that_came_back_starts_anew() -> None:
    runtime = Runtime(active=set(), waiting={"blip"}, files=set())
    left = free(runtime, {}, now=0.0)
    runtime.waiting.clear()
    left = free(runtime, left, now=20.0)
    runtime.waiting.add("blip")
    free(runtime, left, now=KEPT_SECONDS + 5)
    assert runtime.closed == []


def test_files_that_arrived_after_their_session_had_gone_go_too() -> None:
    runtime = Runtime(active={"open"}, waiting={"left"}, files={"open", "left", "gone"})
    free(runtime, {}, now=0.0)
    assert set(runtime.files) == {"open", "left"}
