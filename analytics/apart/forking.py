"""A small process that has the libraries loaded and forks one of its kind for each file it is told of.

It talks with the process that started it through a socket: each message brings four descriptors, the note,
the source and the target of a task, and a socket for what becomes of it. There it says "started", and in the
end the exit status. Where the other end of that socket is closed, the task is ended.

One fork waits ahead of its file, with the pages that reading writes to copied already: that takes longer than
a small file.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import select
import selectors
import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from analytics.apart.worker import work

DONE, STARTED = b"d", b"s"
"""What a task says once its answer is written, and the process that forked it before."""


QUIET = (200_000, 30, 30)
"""Thresholds of the collector: with Python's own it takes up to half of a task that makes many small objects
(1.2 s of a JSON file's 800 KB of lists, 0.7 s with these), and finds nothing."""


def serve(control: int, modules: list[str]) -> None:
    """Until the other end of ``control`` is closed; ``modules`` may ``rehearse`` their work."""
    for module in modules:
        importlib.import_module(module)
    _Forking(socket.socket(fileno=control), modules).run()


def _rehearsal(modules: list[str]) -> Iterator[None]:
    """The steps of all rehearsals, to be taken one by one."""
    for module in modules:
        yield from getattr(importlib.import_module(module), "rehearse", tuple)()


@dataclass(frozen=True)
class _Fork:
    """A process that takes one task from the socket ``orders``."""

    process: int
    orders: socket.socket


class _Forking:
    def __init__(self, control: socket.socket, modules: list[str]) -> None:
        self.control, self.modules = control, modules
        self.tasks: dict[int, socket.socket] = {}
        self.selector = selectors.DefaultSelector()
        # Without a handler of its own the signal of a task's end would wake nobody.
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.wake, alarm = os.pipe()
        os.set_blocking(alarm, False)
        os.set_blocking(self.wake, False)
        signal.set_wakeup_fd(alarm, warn_on_full_buffer=False)
        self.selector.register(self.wake, selectors.EVENT_READ)
        self.selector.register(control, selectors.EVENT_READ)
        for _ in _rehearsal(modules):
            pass
        gc.collect()
        gc.freeze()  # a collection in a task would copy the pages of all that is here
        gc.set_threshold(*QUIET)
        self.spare: _Fork | None = self._fork()

    def run(self) -> NoReturn:
        while True:
            for key, _ in self.selector.select():
                if key.fileobj is self.control:
                    self._begin()
                elif key.data is not None:
                    self._end(key.data)
            self._reap()
            if self.spare is None and not self.tasks:
                self.spare = self._fork()

    def _fork(self) -> _Fork:
        ours, theirs = socket.socketpair()
        process = os.fork()
        if process == 0:
            ours.close()
            self._wait_and_work(theirs)
        theirs.close()
        return _Fork(process, ours)

    def _begin(self) -> None:
        message, descriptors, _, _ = socket.recv_fds(self.control, 1, 4)
        if not message:
            self._leave()
        fork, self.spare = self.spare or self._fork(), None
        answers = socket.socket(fileno=descriptors[3])
        self.tasks[fork.process] = answers
        self.selector.register(answers, selectors.EVENT_READ, fork.process)
        _say(answers, STARTED)
        with fork.orders, contextlib.suppress(OSError):  # it has been ended: its status tells
            socket.send_fds(fork.orders, [b"t"], descriptors)
        for descriptor in descriptors[:3]:
            os.close(descriptor)

    def _wait_and_work(self, orders: socket.socket) -> NoReturn:
        """In the fork."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self.selector.close()
            self.control.close()
            for other in self.tasks.values():
                other.close()
            for _ in _rehearsal(self.modules):
                if select.select([orders], [], [], 0)[0]:
                    break  # a file is waiting
            message, descriptors, _, _ = socket.recv_fds(orders, 1, 4)
            if message:
                work(*descriptors[:3])
                _say(socket.socket(fileno=descriptors[3]), DONE)
        finally:
            os._exit(0)

    def _end(self, process: int) -> None:
        """Nobody waits for it any more."""
        self.selector.unregister(self.tasks[process])
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self.wake, 4096)
        while self.tasks or self.spare:
            process, status = os.waitpid(-1, os.WNOHANG)
            if not process:
                return
            if self.spare and self.spare.process == process:
                self.spare.orders.close()
                self.spare = None
                continue
            answers = self.tasks.pop(process)
            with contextlib.suppress(KeyError):  # it has been ended, and is not listened to any more
                self.selector.unregister(answers)
            _say(answers, str(os.waitstatus_to_exitcode(status)).encode())
            answers.close()

    def _leave(self) -> NoReturn:
        for process in self.tasks:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        os._exit(0)


def _say(answers: socket.socket, word: bytes) -> None:
    with contextlib.suppress(OSError):
        answers.send(word + b"\n")
