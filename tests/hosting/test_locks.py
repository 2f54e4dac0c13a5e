"""The locks hold what the requirements pin, with hashes of files for every system that is promised."""

import re
from collections.abc import Iterator

import pytest

from tests.conftest import ROOT

LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Version and number of hashes by package."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    found = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    pins = [(line[0].split("=="), sum(part.startswith("--hash=sha256:") for part in line)) for line in found]
    return {name: (version, hashes) for (name, version), hashes in pins}


def pins(name: str) -> Iterator[tuple[str, str]]:
    """Name and version of what a file of requirements pins."""
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([A-Za-z0-9_.-]+)==([^ ;]+)", line):
            yield match.group(1).lower().replace("_", "-"), match.group(2)


@pytest.mark.parametrize(
    ("requirements", "lock"),
    [
        ("requirements.txt", "requirements.lock"),
        ("requirements-dev.txt", "requirements-dev.lock"),
        ("requirements-audit.txt", "requirements-audit.lock"),
    ],
)
def test_a_lock_follows_its_requirements(requirements: str, lock: str) -> None:
    """After a change: make lock."""
    held = locked(lock) | locked("requirements.lock") if lock == "requirements-dev.lock" else locked(lock)
    assert dict(pins(requirements)) == {name: held[name][0] for name, _ in pins(requirements) if name in held}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_hashes(lock: str) -> None:
    assert all(hashes > 0 for _, hashes in locked(lock).values())


def test_the_locks_name_no_server() -> None:
    assert not [
        name for name in LOCKS if re.search(r"https?:|index-url|find-links", (ROOT / name).read_text())
    ]


def test_the_processors_torch_needs_no_libraries_for_graphics_cards() -> None:
    assert not [name for name in locked("requirements.lock") if re.match("nvidia|cuda|triton", name)]
    assert {"triton", "nvidia-cublas"} <= locked("requirements-cuda.lock").keys()
