"""The queue: one at a time, in order, and giving up leaves nothing behind."""

import threading
import time
from collections.abc import Callable

import pytest

from analytics.dashboard.server.jobs import Job, JobCancelledError, Queue, _run, describe
from analytics.errors import ZetascopeError

PATIENCE = 60.0
"""Seconds after which a test gives up; nothing here is measured."""


def new_job(queue: Queue | None = None, label: str = "Work") -> Job:
    return Job(key=1, label=label, session_id="", queue=Queue(1) if queue is None else queue)


def until(condition: Callable[[], bool]) -> None:
    """Go on as soon as it holds, however slow the machine is."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.002)


def test_jobs_run_one_at_a_time_in_order() -> None:
    queue, all_there = Queue(1), threading.Event()
    running, most, order = [], [], []
    lock = threading.Lock()

    def work(name: int):
        def run(progress):
            with lock:
                running.append(name)
                most.append(len(running))
            assert all_there.wait(PATIENCE)
            order.append(name)
            running.remove(name)

        return run

    threads = []
    for name in range(5):
        threads.append(threading.Thread(target=_run, args=(new_job(queue), work(name))))
        threads[-1].start()
        # The first one keeps its place until the last one has come.
        until(lambda came=name + 1: len(queue) == came)
    all_there.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert max(most) == 1
    assert order == [0, 1, 2, 3, 4]


def test_a_cancelled_job_stops_at_its_next_progress_and_frees_its_place() -> None:
    job = new_job()
    reached = threading.Event()

    def work(progress):
        for i in range(1000):
            progress(i, 1000)
            reached.set()
            assert job.cancelled.wait(PATIENCE)

    thread = threading.Thread(target=_run, args=(job, work))
    thread.start()
    assert reached.wait(PATIENCE)
    job.cancelled.set()
    thread.join(PATIENCE)
    assert job.state == "cancelled"
    assert job.done < 999
    after = new_job(job.queue)
    _run(after, lambda progress: 42)
    assert (after.state, after.result) == ("done", 42)


def test_a_waiting_job_can_be_cancelled() -> None:
    queue = Queue(1)
    first, second = new_job(queue), new_job(queue)
    release = threading.Event()
    holder = threading.Thread(target=_run, args=(first, lambda progress: release.wait(PATIENCE)))
    holder.start()
    until(lambda: first.state == "running")
    waiter = threading.Thread(target=_run, args=(second, lambda progress: 1))
    waiter.start()
    until(lambda: queue.ahead_of(second) == 1)
    second.cancelled.set()
    waiter.join(PATIENCE)
    assert second.state == "cancelled"
    release.set()
    holder.join(PATIENCE)
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


def test_progress_raises_once_cancelled() -> None:
    job = new_job()
    job.progress(1, 2)
    job.cancelled.set()
    with pytest.raises(JobCancelledError):
        job.progress(2, 2)
