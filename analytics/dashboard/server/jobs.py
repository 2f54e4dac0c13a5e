"""Long work beside the page: queues for the whole server, a real count, and a way to cancel.

``job_result(slot, key, work, label=...)`` starts ``work(progress)`` in a thread of its own and draws its
progress until the result is there. A slot holds one job per session: a new key cancels and replaces the old.
Work stops at its next call of ``progress`` when it is cancelled or its visitor has gone. Work of a second or
two says so with ``quick=True``, what waits for a network with ``network=True``; these have queues of their
own, so that no kind waits for another.
"""

import logging
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import streamlit as st
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from analytics.dashboard.server.runs import WorkBeside
from analytics.dashboard.server.settings import read_settings
from analytics.errors import ZetascopeError
from analytics.progress import Progress, share_of
from analytics.words import count

log = logging.getLogger(__name__)

Kind = Literal["long", "quick", "network"]
State = Literal["queued", "running", "done", "failed", "cancelled"]

T = TypeVar("T")

_QUICK_PATIENCE = 1.0
_POLL_SECONDS = 0.5
_QUICK_PLACES = 1
_NETWORK_PLACES = 8
"""Work that waits for others needs no processor."""
JOBS = "zetascope_jobs"


class JobCancelledError(Exception):
    """Raised inside a job by its progress callback."""


class ServerBusyError(ZetascopeError):
    """The queue is full."""


class Queue:
    """Lets ``places`` jobs run at once, in the order they came, and tells the others how many are ahead."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._waiting: list[object] = []
        self._changed = threading.Condition()

    def __len__(self) -> int:
        with self._changed:
            return len(self._waiting)

    def enter(self, ticket: object, gave_up: Callable[[], bool]) -> bool:
        """Wait for a place; False when ``gave_up`` became true before one was free."""
        with self._changed:
            self._waiting.append(ticket)
            while self._waiting.index(ticket) >= self._places:
                if gave_up():
                    self._waiting.remove(ticket)
                    self._changed.notify_all()
                    return False
                self._changed.wait(timeout=_POLL_SECONDS)
            return True

    def leave(self, ticket: object) -> None:
        """Give the place back."""
        with self._changed:
            self._waiting.remove(ticket)
            self._changed.notify_all()

    def ahead_of(self, ticket: object) -> int:
        """How many waiting or running jobs came before this one and still block it."""
        with self._changed:
            place = self._waiting.index(ticket) if ticket in self._waiting else 0
        return max(0, place - self._places + 1)


@st.cache_resource(show_spinner=False)
def _queue(kind: Kind) -> Queue:
    places = {"quick": _QUICK_PLACES, "network": _NETWORK_PLACES}
    return Queue(places.get(kind) or max(1, read_settings().heavy_jobs))


@dataclass(eq=False)
class Job(WorkBeside):
    """One piece of work and how far it is; written by its thread, read by the page."""

    key: Hashable
    label: str
    session_id: str
    queue: Queue
    network: bool = False
    state: State = "queued"
    done: int = 0
    total: int = 0
    started: float = 0.0
    result: Any = None
    message: str = ""
    cancelled: threading.Event = field(default_factory=threading.Event)

    def progress(self, done: int, total: int) -> None:
        """What the work calls; raises JobCancelledError to stop it, and pauses while others draw a page."""
        if not done:
            self.started = (
                time.monotonic()
            )  # what came before, as a model that loads, says nothing of the rate
        self.done, self.total = done, total
        self.give_way(needed=self.given_up)
        if self.given_up():
            raise JobCancelledError

    def given_up(self) -> bool:
        """Whether nobody waits for the result any more."""
        return self.cancelled.is_set() or not _session_lives(self.session_id)


def _session_lives(session_id: str) -> bool:
    return not Runtime.exists() or not session_id or Runtime.instance().is_active_session(session_id)


def _run(job: Job, work: Callable[[Progress], Any]) -> None:
    if not job.queue.enter(job, job.given_up):
        job.state = "cancelled"
        job.finished.set()
        return
    try:
        job.started, job.state = time.monotonic(), "running"
        job.result = work(job.progress)
        job.state = "done"
    except JobCancelledError:
        job.state = "cancelled"
    except ZetascopeError as error:
        job.state, job.message = "failed", str(error)
    except Exception:
        log.exception("The job %r failed", job.label)
        job.state, job.message = (
            "failed",
            "This did not work, and the fault is ours; the log has the details.",
        )
    finally:
        job.queue.leave(job)
        job.finished.set()


def _start(slot: str, key: Hashable, work: Callable[[Progress], Any], label: str, kind: Kind) -> Job:
    context = get_script_run_ctx()
    settings, queue = read_settings(), _queue(kind)
    if len(queue) >= settings.heavy_jobs + settings.queue_length:
        raise ServerBusyError("This server has more work than it can queue; please try again in a minute.")
    session_id = context.session_id if context else ""
    job = Job(key, label, session_id, queue, network=kind == "network", awaited=True)
    st.session_state[JOBS] = {**st.session_state.get(JOBS, {}), slot: job}
    threading.Thread(target=_run, args=(job, work), name=f"job-{slot}", daemon=True).start()
    return job


def job_of(slot: str) -> Job | None:
    """The slot's present job, whatever its state."""
    return st.session_state.get(JOBS, {}).get(slot)


def job_result(
    slot: str,
    key: Hashable,
    work: Callable[[Progress], T],
    *,
    label: str,
    quick: bool = False,
    network: bool = False,
) -> T | None:
    """The result of ``work`` for ``key``, or None after drawing its progress, failure or cancellation.

    ``work`` runs in a thread and must not use ``st``; it takes everything it needs from its closure.
    """
    job = job_of(slot)
    if job is None or job.key != key:
        if job is not None:
            job.cancelled.set()
        try:
            job = _start(slot, key, work, label, "network" if network else "quick" if quick else "long")
        except ServerBusyError as error:
            st.warning(str(error), icon=":material/hourglass_top:")
            return None
    if not job.cancelled.is_set():
        # A second spent here is less than a picture of progress and another run of the page cost.
        job.wait(max(read_settings().job_patience, _QUICK_PATIENCE if quick else 0))
    # Read once: its thread may go on meanwhile.
    state = job.state
    if state == "done":
        return job.result
    # A cancel is told at once: the work itself ends at its next progress, which can take seconds.
    _DRAW["cancelled" if job.cancelled.is_set() and state != "failed" else state](slot, job)
    return None


def _draw_failed(slot: str, job: Job) -> None:
    st.error(job.message, icon=":material/error:")
    if job.network:  # the same question may be answered later
        st.button("Try again", key=f"{slot}_again", on_click=_forget, args=(slot, job))


def _draw_cancelled(slot: str, job: Job) -> None:
    st.info(f"{job.label}: cancelled.", icon=":material/cancel:")
    st.button("Start again", key=f"{slot}_restart", on_click=_forget, args=(slot, job))


def _forget(slot: str, job: Job) -> None:
    """Callback: begin anew; where that has begun already, a second click does not begin it again."""
    st.session_state[JOBS] = {
        name: one for name, one in st.session_state[JOBS].items() if (name, one) != (slot, job)
    }


@st.fragment(run_every=_POLL_SECONDS)
def _draw_progress(slot: str, job: Job) -> None:
    if job.finished.is_set() or job.cancelled.is_set():
        st.rerun(scope="app")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(share_of(job.done, job.total), text=describe(job))
        st.button("Cancel", key=f"{slot}_cancel", icon=":material/close:", on_click=job.cancelled.set)


_DRAW: dict[State, Callable[[str, Job], None]] = {
    "queued": _draw_progress,
    "running": _draw_progress,
    "failed": _draw_failed,
    "cancelled": _draw_cancelled,
}


def describe(job: Job, *, now: float | None = None) -> str:
    """Where a job stands, in words: count, rate and time left, or its place in the queue."""
    if job.state == "queued":
        ahead = count(job.queue.ahead_of(job), "other job")
        return f"{job.label}: waiting for {ahead} on this server"
    if not job.total:
        return f"{job.label} …"
    counted = f"{job.label}: {job.done:,} of {job.total:,}"
    share = share_of(job.done, job.total)
    if not share:
        return counted
    seconds = max(1e-9, (now or time.monotonic()) - job.started)
    # By the share of the work and not by the count: the longest texts come first.
    left = seconds * (1 - share) / share
    return f"{counted}, {job.done / seconds:,.0f} per second, about {left:,.0f} s left"
