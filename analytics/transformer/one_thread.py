"""One thread for work so small that two of them only wait for each other."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any


@contextmanager
def one_thread() -> Iterator[None]:
    """Limit OpenMP, which PyTorch computes with, to one thread here; other threads keep theirs.

    A sentence of a dozen words goes through hundreds of products of a few microseconds each. Beside a busy
    browser the second thread is seldom running when the first waits for it: a translation took twice as long.
    Also a decorator.
    """
    with _controller().limit(limits=1, user_api="openmp"):
        yield


@cache
def _controller() -> Any:
    import torch  # noqa: F401  # its OpenMP must be loaded to be found
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
