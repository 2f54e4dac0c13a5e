"""A limit on threads holds here and now, and nowhere else."""

import threading

import torch

from analytics.transformer.one_thread import one_thread


def threads_elsewhere() -> int:
    """What a new thread computes with."""
    found: list[int] = []
    other = threading.Thread(target=lambda: found.append(torch.get_num_threads()))
    other.start()
    other.join()
    return found[0]


def test_the_limit_ends_with_its_block_and_is_this_threads_own():
    here, elsewhere = torch.get_num_threads(), threads_elsewhere()
    with one_thread():
        assert torch.get_num_threads() == 1
        assert threads_elsewhere() == elsewhere
    assert torch.get_num_threads() == here
