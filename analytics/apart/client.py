"""Hands a task to a process of its own and makes one sentence of whatever ends it."""

from __future__ import annotations

import json
import logging
import mmap
import os
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from analytics.apart.files import Writer, whole
from analytics.apart.limits import Limits
from analytics.apart.starting import Ended, StartedForker, run_once
from analytics.errors import ZetascopeError

log = logging.getLogger(__name__)

Source = bytes | mmap.mmap | Path
_LONGEST_NOTE = 256 * 1024**2
"""Bytes of JSON in an answer: a report with 100,000 repairs has 20 MB."""

_TOO_MUCH = ("memory", "processor", "clock")
"""Ends of a process that a smaller file would not have met."""

_forker = StartedForker()


class ApartError(ZetascopeError):
    """What the task said of its file, or what became of its process; ``line`` as in ``TableError``.

    ``too_much`` is set where the file asks for more than it was allowed.
    """

    def __init__(self, message: str, *, line: int | None = None, too_much: bool = False) -> None:
        super().__init__(message)
        self.line, self.too_much = line, too_much


@dataclass(frozen=True)
class Answer:
    """Plain data and what was too large for JSON; the memory may be written to and belongs to nobody else."""

    document: Any
    memory: mmap.mmap | bytearray


def prepare(modules: tuple[str, ...] = ()) -> None:
    """Start the process that tasks are forked from, with these modules loaded; returns at once."""
    if can_fork():
        _forker.start(modules)


def can_fork() -> bool:
    """Whether tasks are forked from a process that is kept warm; elsewhere each starts one, in a second."""
    return sys.platform == "linux"  # macOS: its own libraries may not be used in a fork


def run_apart(task: str, source: Source, arguments: dict[str, Any], *, limits: Limits) -> Answer:
    """The answer of ``task`` ("module:function"), called as ``task(content, arguments, target)`` elsewhere.

    ``source`` is what the file holds, or the path of a regular file.

    Raises:
        ApartError: what the task says is wrong with the file, or that it passed a limit or ended the process.
    """
    note = json.dumps({"task": task, "arguments": arguments, "limits": asdict(limits)}).encode()
    with ExitStack() as stack:
        try:
            run = _run_forked if can_fork() else _run_in_folder
            return run(stack, note, source, limits)
        except Ended as end:
            raise ApartError(_why(end, limits), too_much=end.how in _TOO_MUCH) from end


def _run_forked(stack: ExitStack, note: bytes, source: Source, limits: Limits) -> Answer:
    files = [_in_memory(stack, note), _opened(stack, source), _in_memory(stack, b"")]
    _forker.run(files, limits.seconds)
    for descriptor in (files[0], files[2]):
        _seal(descriptor)
    document = _document(files[0])
    size = os.fstat(files[2]).st_size
    # A private mapping of a sealed file: nobody changes it any more, and we may.
    return Answer(document, mmap.mmap(files[2], 0, access=mmap.ACCESS_COPY) if size else bytearray())


def _run_in_folder(stack: ExitStack, note: bytes, source: Source, limits: Limits) -> Answer:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zetascope-")))
    content = source.read_bytes() if isinstance(source, Path) else source
    for name, data in (("note", note), ("source", content), ("target", b"")):
        (folder / name).write_bytes(data)
    run_once(folder, limits.seconds)
    with (folder / "note").open("rb") as file:
        document = _document(file.fileno())
    return Answer(document, bytearray((folder / "target").read_bytes()))


def _in_memory(stack: ExitStack, data: bytes | mmap.mmap) -> int:
    descriptor = os.memfd_create("zetascope", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    stack.callback(os.close, descriptor)
    with Writer(descriptor) as file:
        file.write(data)
    return descriptor


def _opened(stack: ExitStack, source: Source) -> int:
    if not isinstance(source, Path):
        return _in_memory(stack, source)
    descriptor = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    stack.callback(os.close, descriptor)
    return descriptor


def _seal(descriptor: int) -> None:
    """From now on nobody writes: what has been checked stays as it was."""
    import fcntl

    try:
        fcntl.fcntl(
            descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW
        )
    except OSError as problem:
        raise Ended("fault") from problem


def _document(note: int) -> Any:
    """What the task answers; ``ApartError`` where that is a sentence."""
    if os.fstat(note).st_size > _LONGEST_NOTE:
        raise Ended("memory")
    try:
        answer = json.loads(whole(note))
        kind, said = next(iter(answer.items()))
    except (ValueError, RecursionError, AttributeError, StopIteration) as problem:
        raise Ended("fault") from problem
    if kind == "document":
        return said
    if kind == "error":
        line = answer.get("line")
        too_much = bool(answer.get("too_much"))
        raise ApartError(str(said), line=line if isinstance(line, int) else None, too_much=too_much)
    if kind == "fault":
        log.error("A file could not be read: %s", str(said)[:200])
    raise Ended("memory" if kind == "memory" else "fault")


def _why(end: Ended, limits: Limits) -> str:
    sentences = {
        "memory": f"Reading this file takes more than {limits.memory_mb:,} MB of memory; give fewer rows or "
        "columns at once.",
        "processor": f"Reading this file takes more than {limits.cpu_seconds:,} seconds of processor time; "
        "give a smaller or simpler file.",
        "clock": f"Reading this file takes more than {limits.seconds:,} seconds; give a smaller or simpler "
        "file.",
        "start": "The process that reads files could not be started; try again in a minute.",
        "fault": "This file could not be read, and the fault is ours; save it in another format.",
    }
    crashed = (
        f"The process that read this file was ended by it ({end.how}): the file is damaged, or takes more "
        f"than {limits.memory_mb:,} MB; save it again, or in another format."
    )
    return sentences.get(end.how, crashed)
