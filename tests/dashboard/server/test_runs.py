"""Work beside a page gives way to it, for a while, and nothing else waits meanwhile."""

import importlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from analytics.dashboard.server import jobs, runs
from analytics.dashboard.server.runs import PageRuns, imports_giving_way

FOR_EVER = 60.0


class Beside:
    """Work in a thread of its own."""

    def __init__(self, work: Callable[[], None]) -> None:
        self.thread = threading.Thread(target=work, daemon=True)
        self.thread.start()

    def ends(self, *, within: float = 120.0) -> bool:
        self.thread.join(within)
        return not self.thread.is_alive()


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two modules that nobody has imported."""
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("wanted_later", "wanted_now"):
        (tmp_path / f"{name}.py").write_text("DONE = True\n")
    importlib.invalidate_caches()
    yield
    for name in ("wanted_later", "wanted_now"):
        sys.modules.pop(name, None)


def test_work_goes_on_at_once_where_no_page_is_drawn() -> None:
    assert Beside(PageRuns(longest=FOR_EVER).give_way).ends()


@pytest.mark.slow
def test_work_waits_until_the_last_run_has_ended() -> None:
    page_runs = PageRuns(longest=FOR_EVER)
    with page_runs.under_way():
        with page_runs.under_way():
            work = Beside(page_runs.give_way)
            assert not work.ends(within=0.1)
        assert not work.ends(within=0.1)
    assert work.ends()


def test_a_run_that_failed_has_ended() -> None:
    page_runs = PageRuns(longest=FOR_EVER)
    with pytest.raises(ZeroDivisionError), page_runs.under_way():
        raise ZeroDivisionError
    assert Beside(page_runs.give_way).ends()


@pytest.mark.slow
def test_runs_one_after_another_do_not_stop_work_for_ever() -> None:
    page_runs = PageRuns(longest=0.2)
    with page_runs.under_way():
        time.sleep(0.15)
        with page_runs.under_way():
            time.sleep(0.1)
            assert Beside(page_runs.give_way).ends()


@pytest.mark.slow
def test_an_import_pauses_and_other_threads_still_import(modules: None) -> None:
    page_runs = PageRuns(longest=FOR_EVER)

    def load() -> None:
        with imports_giving_way(page_runs.give_way):
            importlib.import_module("wanted_later")

    with page_runs.under_way():
        loading = Beside(load)
        assert not loading.ends(within=0.1)
        assert Beside(lambda: importlib.import_module("wanted_now")).ends()
        assert sys.modules["wanted_now"].DONE
        assert not loading.ends(within=0.1)
    assert loading.ends()
    assert sys.modules["wanted_later"].DONE


def test_nothing_of_it_stays_behind(modules: None) -> None:
    before = list(sys.meta_path)
    with imports_giving_way(PageRuns().give_way):
        importlib.import_module("wanted_later")
    assert sys.meta_path == before


def test_work_goes_on_as_soon_as_a_run_needs_it() -> None:
    page_runs, needed = PageRuns(longest=FOR_EVER), threading.Event()
    with page_runs.under_way():
        work = Beside(lambda: page_runs.give_way(needed=needed.is_set))
        assert not work.ends(within=0.1)
        needed.set()
        assert work.ends()


@pytest.fixture
def pausing_job(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[jobs.Job, Beside]]:
    """A job that gives way to a run that does not end."""
    page_runs = PageRuns(longest=FOR_EVER)
    monkeypatch.setattr(runs, "PAGE_RUNS", page_runs)
    job = jobs.Job(key=1, label="Work", session_id="", queue=jobs.Queue(1))
    with page_runs.under_way():
        work = Beside(lambda: jobs._run(job, lambda progress: progress(1, 2)))
        assert not work.ends(within=0.1)
        yield job, work


def test_a_job_gives_way_until_a_run_waits_for_it(pausing_job: tuple[jobs.Job, Beside]) -> None:
    job, _ = pausing_job
    job.wait(FOR_EVER)
    assert job.state == "done"


def test_a_job_that_gives_way_can_be_cancelled(pausing_job: tuple[jobs.Job, Beside]) -> None:
    job, work = pausing_job
    job.cancelled.set()
    assert work.ends()
