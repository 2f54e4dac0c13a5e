"""A limit on threads holds here and now, and nowhere else."""

import threading

import torch

from analytics.transformer.one_thread import one_thread


def test_the_limit_ends_with_its_block_and_is_this_threads_own():
    before = torch.get_num_threads()
    elsewhere: list[int] = []
    with one_thread():
        assert torch.get_num_threads() == 1
        other = threading.Thread(target=lambda: elsewhere.append(torch.get_num_threads()))
        other.start()
        other.join()
    assert torch.get_num_threads() == before
    assert elsewhere == [before]
