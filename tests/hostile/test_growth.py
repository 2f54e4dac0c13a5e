"""No family of input takes longer than in proportion to its length."""

import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.hostile.families import families
from tests.hostile.measuring import growth

MOST_PER_DOUBLING = 2.3
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def measured() -> dict[str, dict[str, object]]:
    """What ``tests.hostile.measuring`` says of every family."""
    command = [sys.executable, "-m", "tests.hostile.measuring"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    told = map(json.loads, done.stdout.splitlines())
    return {str(one["family"]): one for one in told}


@pytest.mark.parametrize("name", families())
def test_time_grows_in_proportion(name: str, measured: dict[str, dict[str, object]]) -> None:
    told = measured[name]
    assert "error" not in told, told
    assert told["growth"] <= MOST_PER_DOUBLING, told


def test_what_grows_faster_is_noticed() -> None:
    """A work of the square of its size, and one that only begins beyond the first size."""
    from tests.hostile.families import Family

    slow = Family(lambda n: "x" * (n // 50), lambda text: [one for one in text for _ in text])
    assert growth(slow)[2] > 3


def test_every_family_is_of_its_size() -> None:
    for name, family in families().items():
        assert len(family.make(4_000)) < 100_000, name
