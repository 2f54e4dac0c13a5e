"""Processes for tasks: the one they are forked from, kept warm, and one of their own where nothing forks."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from analytics.apart.forking import DONE, STARTED

_SECONDS_TO_START = 120
"""A start takes two seconds on a quiet machine, twenty on one that is swamped."""
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ",
              "TMP", "TEMP", "TMPDIR", "SYSTEMROOT", "OMP_NUM_THREADS", "PYTHONHASHSEED")  # fmt: skip
"""All that a task sees of our environment: the rest may hold secrets of the owner."""
_CODE = "import json, sys; path, call, *given = json.loads(sys.argv[1]); sys.path[:] = path; "
_SERVE = _CODE + "from analytics.apart.forking import serve; serve(*given)"
_ONCE = _CODE + "from analytics.apart.worker import once; once(*given)"


class Ended(Exception):  # noqa: N818  # it is no error of ours
    """A task that came to no answer: memory, processor, clock, start, fault, or the name of a signal."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class StartedForker:
    """The warm process; starts it when it is needed, and again where it has ended. For any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._modules: tuple[str, ...] = ()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0

    def start(self, modules: tuple[str, ...]) -> None:
        """Have it ready; ``modules`` are loaded once in it."""
        with self._lock:
            self._modules = modules or self._modules
            self._running()

    def stop(self) -> None:
        """Have it leave; it does so as well when this process ends."""
        with self._lock:
            if self._control is not None:
                self._control.close()
                self._control = None

    def run(self, files: list[int], seconds: float) -> None:
        """Return once the task that these descriptors stand for has written its answer; ``Ended`` else."""
        for _ in range(2):  # whoever ended the warm process may have done so before this file came
            ours, theirs = socket.socketpair()
            with ours:
                with theirs, self._lock, contextlib.suppress(OSError):
                    socket.send_fds(self._running(), [b"t"], [*files, theirs.fileno()])
                words = _Words(ours)
                if words.next(_SECONDS_TO_START) == STARTED:
                    return _wait(words, seconds)
        raise Ended("start")

    def _running(self) -> socket.socket:
        alive = self._process is not None and self._owner == os.getpid() and self._process.poll() is None
        if not alive or self._control is None:
            if self._control is not None:
                self._control.close()
            self._control, theirs = socket.socketpair()
            self._owner = os.getpid()
            with theirs:
                given = json.dumps([sys.path, "serve", theirs.fileno(), self._modules])
                self._process = _popen(_SERVE, given, pass_fds=(theirs.fileno(),))
        return self._control


class _Words:
    """What the processes at the other end of a socket say, one word a line."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._read = b""

    def next(self, seconds: float) -> bytes | None:
        """The next word; "" once nobody is there any more, None where the time is over."""
        until = time.monotonic() + seconds
        while b"\n" not in self._read:
            self._connection.settimeout(max(0.001, until - time.monotonic()))
            try:
                part = self._connection.recv(64)
            except TimeoutError:
                return None
            except OSError:
                return b""
            if not part:
                return b""
            self._read += part
        word, _, self._read = self._read.partition(b"\n")
        return word


def _wait(words: _Words, seconds: float) -> None:
    word = words.next(seconds)
    if word == DONE:
        return
    if word is None:  # closing our end ends the task
        raise Ended("clock")
    raise Ended(_how(word))


def _how(status: bytes) -> str:
    """The word for an exit status, a signal if negative."""
    try:
        code = -int(status)
    except ValueError:
        return "memory"  # gone without a word: the system took it
    if code <= 0:
        return "fault"
    with contextlib.suppress(ValueError):
        name = signal.Signals(code).name
        return {"SIGXCPU": "processor", "SIGKILL": "memory"}.get(name, name)
    return "fault"


def run_once(folder: Path, seconds: float) -> None:
    """The task in ``folder`` in a process of its own, which is started for it."""
    process = _popen(_ONCE, json.dumps([sys.path, "once", str(folder)]))
    try:
        code = process.wait(seconds + _SECONDS_TO_START)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise Ended("clock") from None
    if code:
        raise Ended(_how(str(code).encode()))


def _popen(code: str, given: str, *, pass_fds: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
    """Python without our files, our terminal and its signals, and most of our environment."""
    kept = {name: value for name, value in os.environ.items() if name.upper() in _PASSED_ON}
    return subprocess.Popen(
        [sys.executable, "-c", code, given],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**kept, "OPENBLAS_NUM_THREADS": "1"},  # a thread beside the one that forks
        pass_fds=pass_fds,
        start_new_session=True,
    )
