"""One thread for work so small, or already so shared out, that more of them only wait for each other."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any


@contextmanager
def one_openmp_thread() -> Iterator[None]:
    """Limit OpenMP, which PyTorch computes with, to one thread here; other threads keep theirs.

    A sentence of a dozen words goes through hundreds of products of a few microseconds each. Beside a busy
    browser the second thread is seldom running when the first waits for it: a translation took twice as long.
    Also a decorator.
    """
    with _openmp().limit(limits=1, user_api="openmp"):
        yield


@cache
def _openmp() -> Any:
    import torch  # noqa: F401  # its OpenMP must be loaded to be found
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


_lock = Lock()
_blas: list[Any] = []
"""The limit in force, and once more for each of its users but the first."""


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Limit numpy's linear algebra to one thread, in the whole process, until the last block has ended.

    The setting belongs to the process: two limits that each put back what they found could leave it at one.
    """
    from threadpoolctl import threadpool_limits

    with _lock:
        _blas.append(_blas[0] if _blas else threadpool_limits(1, user_api="blas"))
    try:
        yield
    finally:
        with _lock:
            limit = _blas.pop()
            if not _blas:
                limit.restore_original_limits()
