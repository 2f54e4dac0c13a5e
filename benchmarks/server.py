"""Start the dashboard and a browser for a benchmark, and read how much memory a process holds."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@contextmanager
def running_app(*arguments: str, **environment: str) -> Iterator[tuple[str, int]]:
    """Address and process id of a dashboard of its own, stopped at the end."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port)]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [*command, *arguments], cwd=ROOT, stdout=log, stderr=log, env={**os.environ, **environment}
        )
        url = f"http://localhost:{port}"
        try:
            wait_until_healthy(url)
            yield url, process.pid
        finally:
            process.terminate()
            process.wait(timeout=30)


def open_browser(playwright: Any) -> Any:
    """Debian's Chromium where it is installed, else Playwright's own."""
    chromium = Path("/usr/bin/chromium")
    return playwright.chromium.launch(
        executable_path=str(chromium) if chromium.exists() else None, args=["--no-sandbox"]
    )


def wait_until_healthy(url: str, *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=2)
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def resident_mb(pid: int) -> float:
    """Resident memory of a process, in MB (Linux)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2
