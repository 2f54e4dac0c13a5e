"""What a process that opens a stranger's file may use, and how the system is told."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]

MB = 1024**2
_PER_THREAD = 72 * MB
"""Address space that a thread reserves without using it: its stack of 8 MB, and glibc's heap of 64 MB."""
_GRACE = 5
"""Seconds between the signal that says the processor time is over and the one that cannot be ignored."""


@dataclass(frozen=True)
class Limits:
    """Memory beyond what the process has before it opens the file, processor time, and time on the clock."""

    memory_mb: int = 4_000
    cpu_seconds: int = 120
    seconds: int = 120

    @property
    def memory(self) -> int:
        """Bytes."""
        return self.memory_mb * MB


def limits_hold() -> bool:
    """Whether this system limits memory and processor time; without, only the clock does."""
    return resource is not None and hasattr(resource, "RLIMIT_AS") and Path("/proc/self/statm").exists()


def limit_this_process(limits: Limits) -> None:
    """From now on and for good; no dump of memory is left either."""
    if not limits_hold():
        return
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    threads = (os.cpu_count() or 1) * _PER_THREAD
    space = pages * resource.getpagesize() + threads + limits.memory
    _set("RLIMIT_AS", space, space)
    _set("RLIMIT_FSIZE", limits.memory, limits.memory)
    _set("RLIMIT_CPU", limits.cpu_seconds, limits.cpu_seconds + _GRACE)
    _set("RLIMIT_CORE", 0, 0)
    _go_first_when_memory_ends()


def _set(name: str, soft: int, hard: int) -> None:
    """A limit, or the stricter one that is in force already."""
    kind = getattr(resource, name)
    _, highest = resource.getrlimit(kind)
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    resource.setrlimit(kind, (soft, hard))


def _go_first_when_memory_ends() -> None:
    """Where the machine or the container runs full, the system ends this process and not the server."""
    try:
        Path("/proc/self/oom_score_adj").write_text("1000")
    except OSError:
        return
