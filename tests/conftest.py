"""Fixtures for every kind of test: bare pages, and the running app in a browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# AppTest runs a page once and never polls, so jobs there are waited for.
os.environ["ZETASCOPE_JOB_PATIENCE"] = "120"
os.environ["ZETASCOPE_WARM_UP"] = "off"


@pytest.fixture
def open_page() -> Callable[..., object]:
    """``open_page("outliers", data="Cars")``: that page in an AppTest that has run once."""
    from streamlit.testing.v1 import AppTest

    def opened(name: str, *, data: str | None = None, **query: str) -> AppTest:
        at = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=180)
        for key, value in ({"data": data} if data else {}).items() | query.items():
            at.query_params[key] = value
        at.run()
        if name != "data":
            at.switch_page(f"pages/{name}.py").run()
        assert not at.exception
        return at

    return opened


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path, *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            if urllib.request.urlopen(f"{url}/_stcore/health", timeout=2).read() == b"ok":
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the app did not start:\n{log.read_text()}")


@pytest.fixture
def start_app(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """``start_app()`` starts a cold server of its own and gives its address."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str, **environment: str) -> str:
        port = free_port()
        log = tmp_path / f"app-{port}.log"
        command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port)]
        env = {**os.environ, "ZETASCOPE_JOB_PATIENCE": "0.4", **environment}
        with log.open("wb") as out:
            process = subprocess.Popen([*command, *arguments], cwd=ROOT, stdout=out, stderr=out, env=env)
        started.append(process)
        url = f"http://localhost:{port}"
        wait_until_healthy(url, process, log)
        return url

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one running app, shared by the browser tests of a worker."""
    port = free_port()
    log = tmp_path_factory.mktemp("app") / "app.log"
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port)]
    env = {**os.environ, "ZETASCOPE_JOB_PATIENCE": "0.4"}
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out, env=env)
    url = f"http://localhost:{port}"
    wait_until_healthy(url, process, log)
    yield url
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Debian's Chromium where it is installed, otherwise the one Playwright brought."""
    chromium = Path("/usr/bin/chromium")
    arguments = ["--disable-gpu", "--disable-background-networking", "--no-first-run"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to start as root with its sandbox
    found = {"executable_path": str(chromium)} if chromium.exists() else {}
    return {"args": arguments, **found}
