"""A limit on threads holds here and now, and nowhere else."""

import threading

import pytest
import torch
from threadpoolctl import threadpool_info

from analytics.threads import one_blas_thread, one_openmp_thread


def threads_elsewhere() -> int:
    """What a new thread computes with."""
    found: list[int] = []
    other = threading.Thread(target=lambda: found.append(torch.get_num_threads()))
    other.start()
    other.join()
    return found[0]


def test_the_limit_ends_with_its_block_and_is_this_threads_own():
    here, elsewhere = torch.get_num_threads(), threads_elsewhere()
    with one_openmp_thread():
        assert torch.get_num_threads() == 1
        assert threads_elsewhere() == elsewhere
    assert torch.get_num_threads() == here


def blas_threads() -> set[int]:
    return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}


def test_the_limit_on_linear_algebra_ends_with_its_last_user():
    before = blas_threads()
    first, second = one_blas_thread(), one_blas_thread()
    first.__enter__()
    second.__enter__()
    assert blas_threads() == {1}
    first.__exit__(None, None, None)
    assert blas_threads() == {1}
    second.__exit__(None, None, None)
    assert blas_threads() == before


def test_the_limit_ends_with_an_error_too():
    before = blas_threads()
    with pytest.raises(ZeroDivisionError), one_blas_thread():
        _ = 1 / 0
    assert blas_threads() == before
