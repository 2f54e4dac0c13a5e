"""Tasks that end their process, or would fill or hold it: each is named by a test and run elsewhere."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from pathlib import Path
from typing import Any, NoReturn


def abort(*_: Any) -> NoReturn:
    """What a library in Rust or C does where it cannot go on."""
    os.abort()


def crash(*_: Any) -> None:
    """What a parser that recurses too deep does."""
    ctypes.string_at(0)


def leave(*_: Any) -> NoReturn:
    """An end without an answer."""
    os._exit(0)


def leave_badly(*_: Any) -> NoReturn:
    """An end with a status."""
    os._exit(3)


def be_killed(*_: Any) -> None:
    """What the system does where memory has run out."""
    os.kill(os.getpid(), signal.SIGKILL)


def fill(*_: Any) -> list[int]:
    """More memory than any limit."""
    kept = []
    while True:
        kept.append(bytearray(1 << 26))


def write_on(_source: Any, _arguments: Any, target: Any) -> None:
    """An answer without end."""
    while True:
        target.write(bytes(1 << 22))


def compute(*_: Any) -> None:
    """Processor time without end."""
    while True:
        pass


def sleep(*_: Any) -> None:
    """Nothing, for long."""
    time.sleep(600)


def fail(*_: Any) -> None:
    """A fault of ours, whose words hold a cell."""
    raise IndexError("secret cell")


def recurse(*_: Any) -> Any:
    """Deeper than the interpreter goes."""
    return recurse()


def odd_answer(*_: Any) -> object:
    """What JSON has no word for."""
    return {"frame": object()}


def environment(*_: Any) -> dict[str, str]:
    """What a task sees."""
    return dict(os.environ)


def size(source: Any, *_: Any) -> list[int]:
    """How long the content is, and how many descriptors and threads there are."""
    return [len(source), len(list(Path("/proc/self/fd").iterdir()))]
