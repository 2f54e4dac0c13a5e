"""Files and bytes of a tab and of all, stored and on their way."""

from types import SimpleNamespace

import pytest
from starlette.exceptions import HTTPException

from analytics.dashboard.gate.quotas import Held, Uploads
from analytics.dashboard.server.settings import Settings

FILE, TAB, ALL = 1000, Held(3, 1000), Held(5, 1500)


def file_of(size: int) -> SimpleNamespace:
    return SimpleNamespace(data=bytes(size))


def uploads(**stored: list[int]) -> Uploads:
    return Uploads(
        FILE, TAB, ALL, {s: {str(i): file_of(n) for i, n in enumerate(sizes)} for s, sizes in stored.items()}
    )


def test_up_to_the_limits_files_come_in() -> None:
    held = uploads(a=[400, 100])
    held.begin("a", size=500)
    held.take("a", 500, taken=500)
    held.end("a", size=500, taken=500)


@pytest.mark.parametrize(
    ("stored", "size"),
    [
        ({"a": [1, 1, 1]}, 1),
        ({"a": [600]}, 401),
        ({}, 1001),
        ({"b": [900], "c": [500]}, 101),
        ({"b": [1] * 5}, 1),
    ],
)
def test_what_is_announced_beyond_a_limit_is_refused(stored: dict[str, list[int]], size: int) -> None:
    with pytest.raises(HTTPException) as refused:
        uploads(**stored).begin("a", size=size)
    assert refused.value.status_code == 413


def test_what_nobody_announced_is_stopped_as_it_arrives() -> None:
    held = uploads(a=[600])
    held.begin("a", size=0)
    held.take("a", 400, taken=400)
    with pytest.raises(HTTPException):
        held.take("a", 1, taken=401)


def test_several_at_once_count_together_and_end_together() -> None:
    held = uploads()
    for _ in range(3):
        held.begin("a", size=0)
        held.take("a", 300, taken=300)
    with pytest.raises(HTTPException, match="3 files"):
        held.begin("a", size=0)
    held.begin("b", size=600)
    with pytest.raises(HTTPException):
        held.take("b", 601, taken=601)
    for _ in range(3):
        held.end("a", size=0, taken=300)
    held.end("b", size=600, taken=601)
    held.begin("a", size=1000)


def test_of_files_that_come_together_the_first_fit() -> None:
    held = uploads()
    held.begin("a", size=600)
    with pytest.raises(HTTPException):
        held.begin("a", size=401)
    held.begin("a", size=400)
    for size, taken in [(300, 300), (400, 400), (300, 600)]:
        held.take("a", size, taken=taken)
    held.begin("b", size=500)
    held.end("a", size=600, taken=600)
    held.end("a", size=400, taken=400)
    held.begin("a", size=1000)


def test_what_one_tab_only_announces_keeps_out_no_other() -> None:
    held = uploads()
    for _ in range(2):
        held.begin("a", size=500)
    held.begin("b", size=1000)
    held.take("b", 1000, taken=1000)


def test_no_file_is_larger_than_one_may_be_and_one_of_that_size_fits() -> None:
    held = Uploads.limited_by(Settings(max_upload_mb=3, tab_upload_mb=1, all_upload_mb=2), {})
    held.begin("a", size=3 * 1024**2)
    held.take("a", 3 * 1024**2, taken=3 * 1024**2)
    with pytest.raises(HTTPException, match="3 MB"):
        held.take("a", 100_000, taken=3 * 1024**2 + 100_000)
