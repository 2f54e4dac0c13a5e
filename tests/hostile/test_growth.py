"""No family of input takes longer than in proportion to its length."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.hostile import measuring
from tests.hostile.families import families
from tests.hostile.measuring import growth

MOST_PER_DOUBLING = 2.3
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def measured() -> dict[str, dict[str, Any]]:
    """What ``tests.hostile.measuring`` says of every family; of those beyond the limit what it says again."""
    told = _told([])
    beyond = [name for name, one in told.items() if one.get("growth", 0) > MOST_PER_DOUBLING]
    return {**told, **_told(beyond)} if beyond else told


def _told(names: list[str]) -> dict[str, dict[str, Any]]:
    command = [sys.executable, "-m", "tests.hostile.measuring", *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {str(one["family"]): one for one in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", families())
def test_time_grows_in_proportion(name: str, measured: dict[str, dict[str, Any]]) -> None:
    told = measured[name]
    assert "error" not in told, told
    assert told["growth"] <= MOST_PER_DOUBLING, told


def test_what_grows_faster_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A work of the square of its size; what takes a tenth of a second is as good a proof as four."""
    from tests.hostile.families import Family

    for enough in ("ENOUGH", "ENOUGH_IN_DOUBT"):
        monkeypatch.setattr(measuring, enough, 0.004)

    slow = Family(lambda n: "x" * (n // 50), lambda text: [one for one in text for _ in text])
    assert growth(slow)[2] > 3


def test_every_family_is_of_its_size() -> None:
    for name, family in families().items():
        assert len(family.make(4_000)) < 100_000, name
