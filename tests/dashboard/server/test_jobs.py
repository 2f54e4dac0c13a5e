"""The queue: one at a time, in order, and giving up leaves nothing behind."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from analytics.dashboard.server.jobs import Job, JobCancelledError, Progress, Queue, _run, describe
from analytics.errors import ZetascopeError
from analytics.progress import Done

LIMIT = 120.0
"""Seconds after which something that is waited for will never come; nothing here takes a second."""


@dataclass(eq=False)
class WatchedJob(Job):
    """A job that says when it stands in the queue: from then on it asks whether it should give up."""

    asked: threading.Event = field(default_factory=threading.Event)

    def given_up(self) -> bool:
        self.asked.set()
        return super().given_up()

    def wait_until_queued(self) -> None:
        assert self.asked.wait(LIMIT)


def new_job(queue: Queue | None = None, label: str = "Work") -> WatchedJob:
    return WatchedJob(key=1, label=label, session_id="", queue=Queue(1) if queue is None else queue)


def begin(job: Job, work: Callable[[Progress], Any]) -> threading.Thread:
    thread = threading.Thread(target=_run, args=(job, work), daemon=True)
    thread.start()
    return thread


def end(thread: threading.Thread) -> None:
    thread.join(LIMIT)
    assert not thread.is_alive()


def test_jobs_run_one_at_a_time_in_order() -> None:
    queue, running, most, order = Queue(1), set(), [], []
    begun, release = threading.Event(), threading.Event()

    def work(name: int) -> Callable[[Progress], None]:
        def run(progress: Progress) -> None:
            running.add(name)
            most.append(len(running))
            begun.set()
            assert release.wait(LIMIT)
            order.append(name)
            running.remove(name)

        return run

    threads = [begin(new_job(queue), work(0))]
    assert begun.wait(LIMIT)
    for name in range(1, 5):
        job = new_job(queue)
        threads.append(begin(job, work(name)))
        job.wait_until_queued()
    release.set()
    for thread in threads:
        end(thread)
    assert most == [1] * 5
    assert order == [0, 1, 2, 3, 4]


def test_a_cancelled_job_stops_at_its_next_progress_and_frees_its_place() -> None:
    job = new_job()
    reached, go_on = threading.Event(), threading.Event()
    beyond = []

    def work(progress: Progress) -> None:
        progress(1, 3)
        reached.set()
        assert go_on.wait(LIMIT)
        progress(2, 3)
        beyond.append(3)

    thread = begin(job, work)
    assert reached.wait(LIMIT)
    job.cancelled.set()
    go_on.set()
    end(thread)
    assert (job.state, beyond) == ("cancelled", [])
    after = new_job(job.queue)
    _run(after, lambda progress: 42)
    assert (after.state, after.result) == ("done", 42)


@pytest.mark.slow
def test_a_waiting_job_can_be_cancelled() -> None:
    queue = Queue(1)
    first, second = new_job(queue), new_job(queue)
    begun, release = threading.Event(), threading.Event()

    def hold(progress: Progress) -> None:
        begun.set()
        assert release.wait(LIMIT)

    holder = begin(first, hold)
    assert begun.wait(LIMIT)
    waiter = begin(second, lambda progress: 1)
    second.wait_until_queued()
    assert queue.ahead_of(second) == 1
    second.cancelled.set()
    end(waiter)
    assert second.state == "cancelled"
    release.set()
    end(holder)
    assert first.state == "done"


def test_domain_errors_are_told_and_defects_are_not() -> None:
    told, hidden = new_job(), new_job()

    def bad_input(progress):
        raise ZetascopeError("Column x is empty; choose another.")

    def defect(progress):
        raise RuntimeError("/secret/path")

    _run(told, bad_input)
    _run(hidden, defect)
    assert told.message == "Column x is empty; choose another."
    assert hidden.state == "failed"
    assert "secret" not in hidden.message


def test_progress_is_described_with_rate_and_time_left() -> None:
    job = new_job(label="Encoding")
    job.state, job.started, job.done, job.total = "running", 100.0, 50, 200
    assert describe(job, now=110.0) == "Encoding: 50 of 200, 5 per second, about 30 s left"


def test_the_time_left_goes_by_the_work_and_not_by_the_count() -> None:
    job = new_job(label="Reading")
    job.state, job.started, job.done, job.total = "running", 100.0, Done(10, share=0.5), 200
    assert describe(job, now=110.0) == "Reading: 10 of 200, 1 per second, about 10 s left"
    job.done = 0
    assert describe(job, now=110.0) == "Reading: 0 of 200"


def test_progress_raises_once_cancelled() -> None:
    job = new_job()
    job.progress(1, 2)
    job.cancelled.set()
    with pytest.raises(JobCancelledError):
        job.progress(2, 2)


def test_a_cancel_is_answered_before_the_work_has_heard_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZETASCOPE_JOB_PATIENCE", "0.001")
    release, ended = threading.Event(), threading.Event()

    def work(progress: Progress) -> None:
        release.wait(LIMIT)
        ended.set()

    def page(work) -> None:
        from analytics.dashboard.server.jobs import job_result

        job_result("slot", 1, work, label="Work")

    at = AppTest.from_function(page, args=(work,), default_timeout=LIMIT).run()
    at.button(key="slot_cancel").click().run()
    assert at.info[0].value == "Work: cancelled."
    assert at.button(key="slot_restart").label == "Start again"
    assert not ended.is_set()
    release.set()
    assert ended.wait(LIMIT)
