"""A started server without a login: what it serves, under which name, and how much one may leave there."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.server import free_port
from tests.conftest import ROOT, Server
from tests.dashboard.gate.visitors import PATIENCE, Guest

pytestmark = pytest.mark.slow

MEGABYTE = bytes(1024**2)


@pytest.fixture
def guest(start_app: Callable[..., Server]) -> Guest:
    limits = {
        "MAX_UPLOAD_MB": "1",
        "TAB_UPLOAD_MB": "2",
        "TAB_UPLOAD_FILES": "3",
        "ALL_UPLOAD_MB": "3",
        "SESSIONS": "2",
    }
    return Guest(start_app(**{f"ZETASCOPE_{name}": value for name, value in limits.items()}).url)


def test_names_addresses_headers_and_quotas(guest: Guest) -> None:
    assert guest.status("/", Host="evil.example") == 421
    assert guest.status("/_stcore/health", Host="evil.example") == 200
    assert guest.status("/_stcore/metrics") == 404
    assert guest.status("/auth/login") == 404
    _, _, headers = guest.ask("/")
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"

    with guest.tab() as second:
        with guest.tab() as first:
            assert guest.refused_tab() == 403
            assert first.upload(MEGABYTE + bytes(100_000), file="a") == 413
            assert first.upload(MEGABYTE, file="a") == 204
            assert first.upload(MEGABYTE, file="b") == 413
            assert first.upload(MEGABYTE[2000:], file="b") == 204
            assert first.upload(b"small", file="c") == 204
            assert first.upload(b"small", file="d") == 413
            assert second.upload(MEGABYTE + bytes(50_000), file="a") == 413
        # Nobody comes or goes from here on: the first tab's files go by themselves.
        left = time.monotonic()
        while second.upload(MEGABYTE + bytes(50_000), file="a") == 413:
            assert time.monotonic() - left < PATIENCE
            time.sleep(2)


@pytest.mark.parametrize("way", ["command", "streamlit", "container"])
def test_what_cannot_be_read_stops_every_way_to_start(way: str) -> None:
    port = str(free_port())
    command = {
        "command": [sys.executable, "-m", "analytics", "serve", "--port", port],
        "streamlit": [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", port],
        "container": ["sh", "hosting/start.sh"],
    }[way]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PORT": port, "ZETASCOPE_LOGIN": "required"}
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.strip() == "zetascope: ZETASCOPE_LOGIN is 'required': write on or off."
