"""The other side: does one task and writes its answer; ``forking`` or a process of its own calls it."""

from __future__ import annotations

import errno
import importlib
import json
import mmap
import os
import traceback
from pathlib import Path
from typing import Any

from analytics.apart.files import Writer, mapped, whole
from analytics.apart.limits import Limits, limit_this_process
from analytics.errors import ZetascopeError

_SMALL = 1 << 20
"""Bytes below which a copy is quicker than a mapping."""


def work(note: int, source: int, target: int) -> None:
    """Do the task that the file ``note`` names on the file ``source``; the answer replaces the note.

    What is too large for JSON is in ``target``. All three are descriptors.
    """
    request = json.loads(whole(note))
    limit_this_process(Limits(**request["limits"]))
    answer = _answer(request, source, target)
    os.ftruncate(note, 0)
    os.lseek(note, 0, os.SEEK_SET)
    with os.fdopen(note, "wb", closefd=False) as file:
        file.write(json.dumps(answer, default=_plain).encode())


def once(folder: str) -> None:
    """The same for the files of these names in a folder, where descriptors cannot be handed over."""
    flags = os.O_RDWR | getattr(os, "O_BINARY", 0)
    work(*(os.open(Path(folder) / name, flags) for name in ("note", "source", "target")))


def _answer(request: dict[str, Any], source: int, target: int) -> dict[str, Any]:
    try:
        module, _, name = request["task"].partition(":")
        task = getattr(importlib.import_module(module), name)
        with Writer(target) as file:
            return {"document": task(_content(source), request["arguments"], file)}
    except MemoryError:
        return {"memory": True}
    except ZetascopeError as error:
        return {"error": str(error), "line": getattr(error, "line", None), "too_much": error.too_much}
    except BaseException as error:  # what a library in Rust calls a panic is no Exception
        return {"memory": True} if _is_memory(error) else {"fault": _place(error)}


def _content(source: int) -> bytes | mmap.mmap:
    return whole(source) if os.fstat(source).st_size < _SMALL else mapped(source)


def _is_memory(error: BaseException) -> bool:
    """Whether the limit of memory, or of what may be written, lies behind an error of another name."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOMEM, errno.EFBIG)
    return isinstance(error, RuntimeError) and "start new thread" in str(error)


def _place(error: BaseException) -> str:
    """Kind and place of an error in our own code, without its words: those may hold cells."""
    steps = traceback.extract_tb(error.__traceback__)
    ours = [step for step in steps if f"{os.sep}analytics{os.sep}" in step.filename] or steps[-1:]
    return f"{type(error).__name__} in {Path(ours[-1].filename).name}:{ours[-1].lineno}"


def _plain(value: Any) -> Any:
    """Numbers of numpy as JSON has them."""
    return value.item()
