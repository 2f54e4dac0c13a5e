"""Columns side by side: numpy lets go of the interpreter inside its loops, so threads are enough."""

import os
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from analytics.progress import Progress, silent

Item = TypeVar("Item")
Result = TypeVar("Result")

WORTH_IT = 1_000_000  # cells; below, starting the threads costs more than they save
_MAX_THREADS = 8


def available_cores() -> int:
    """Cores this process may use, which in a container can be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def map_columns(
    function: Callable[[Item], Result],
    items: Collection[Item],
    *,
    cells: int,
    progress: Progress = silent,
) -> list[Result]:
    """``function`` of every item, in order, on several threads where there are ``cells`` enough.

    ``progress`` counts the items, in the calling thread; where it raises, items not yet begun are left.
    """
    progress(0, len(items))
    threads = min(available_cores(), _MAX_THREADS)
    if cells < WORTH_IT or threads == 1:
        return _told(map(function, items), len(items), progress)
    with ThreadPoolExecutor(threads, thread_name_prefix="columns") as pool:
        try:
            return _told(pool.map(function, items), len(items), progress)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _told(results: Iterator[Result], total: int, progress: Progress) -> list[Result]:
    found = []
    for result in results:
        found.append(result)
        progress(len(found), total)
    return found
