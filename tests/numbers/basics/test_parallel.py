"""Columns side by side: the order of results, a true count, and a count that raises."""

import time

import pytest

from analytics.numbers.basics import parallel
from analytics.numbers.basics.parallel import map_columns


@pytest.fixture(params=[1, 3])
def threads(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(parallel, "WORTH_IT", 1)
    monkeypatch.setattr(parallel, "available_cores", lambda: request.param)
    return request.param


def test_results_are_in_order_and_each_is_counted(threads: int) -> None:
    calls: list[tuple[int, int]] = []
    found = map_columns(lambda x: x * x, range(5), cells=10, progress=lambda *call: calls.append(call))
    assert found == [0, 1, 4, 9, 16]
    assert calls == [(done, 5) for done in range(6)]


def test_a_count_that_raises_leaves_what_has_not_begun(threads: int) -> None:
    begun: list[int] = []

    def work(item: int) -> None:
        begun.append(item)
        time.sleep(0.005)  # all of them would take seconds

    def stop(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        map_columns(work, range(1_000), cells=10, progress=stop)
    assert len(begun) < 1_000


def test_an_error_of_one_item_is_raised(threads: int) -> None:
    with pytest.raises(ZeroDivisionError):
        map_columns(lambda x: 1 / x, [1, 0, 2], cells=10)
