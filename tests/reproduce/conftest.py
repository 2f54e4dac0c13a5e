"""A script of Zetascope in a process of its own, away from the checkout."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture
def run(tmp_path: Path) -> Callable[[str], str]:
    """``run(script)`` gives what it prints; files it reads and writes are in ``tmp_path``."""

    def ran(script: str) -> str:
        (tmp_path / "again.py").write_text(script, encoding="utf-8")
        environment = {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "again.py"], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return ran
