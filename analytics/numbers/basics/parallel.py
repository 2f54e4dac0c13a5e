"""Columns side by side: numpy lets go of the interpreter inside its loops, so threads are enough."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

WORTH_IT = 1_000_000  # cells; below, starting the threads costs more than they save
_MAX_THREADS = 8


def available_cores() -> int:
    """Cores this process may use, which in a container can be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def map_columns(function: Callable[[Item], Result], items: Iterable[Item], *, cells: int) -> list[Result]:
    """``function`` of every item, in order, on several threads where there are ``cells`` enough."""
    threads = min(available_cores(), _MAX_THREADS)
    if cells < WORTH_IT or threads == 1:
        return [function(item) for item in items]
    with ThreadPoolExecutor(threads, thread_name_prefix="columns") as pool:
        return list(pool.map(function, items))
