"""Fixtures for every kind of test: bare pages, and the running app in a browser."""

import functools
import gc
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from benchmarks.server import free_port

ROOT = Path(__file__).parents[1]
LIMIT = 600
"""Seconds after which a page or a server will never come; on two quiet cores the longest takes 40."""
CLOSING = 30
"""Seconds that a server has to close its connections; it takes less than one."""

# AppTest runs a page once and never polls, so jobs there are waited for.
os.environ["ZETASCOPE_JOB_PATIENCE"] = str(LIMIT)
os.environ["ZETASCOPE_WARM_UP"] = "off"
# Nobody's own vectors are read or pushed out; what needs a cache gets a folder of its own.
os.environ["ZETASCOPE_CACHE"] = "off"
# What is measured to be the quickest on a busy machine is chance, and with it the last digits of vectors.
os.environ["ZETASCOPE_RUNTIME"] = "openvino"
# Tests run side by side, one per core; threads of their own would only wait for each other.
os.environ["OMP_NUM_THREADS"] = "1"
# A hundred processes of the tests read the same sources: each would compile them anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# How long an example takes says nothing on a busy machine.
hypothesis.settings.register_profile("busy", deadline=None)
hypothesis.settings.load_profile("busy")
# Nothing of what is imported to find the tests is ever let go: it is looked through for nothing.
gc.disable()


TOGETHER = {
    "tests/scale/": "tests/scale/",
    "tests/text/test_projection.py": "umap-learn",
    "tests/text/test_umap_layout.py": "umap-learn",
}
"""Files that one worker runs, by how they begin: another would start Spark, or compile umap-learn, again."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Files go to the workers one by one, those of ``TOGETHER`` as one."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return next((name for begins, name in TOGETHER.items() if file.startswith(begins)), file)

    return Together(config, log)


def pytest_collection_finish() -> None:
    if "streamlit" in sys.modules:
        _find_components_once()
    gc.freeze()
    gc.enable()


@functools.cache
def _find_components_once() -> None:
    """For every AppTest, Streamlit looks through all that is installed: over a second each."""
    from streamlit.components.v2 import manifest_scanner

    manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache of all pages and shared apps of one run: no sample is encoded by two workers."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "cache"


_WORKED_OUT: dict[tuple[str, str | None], dict[str, Any]] = {}
"""The jobs that a page had done when it was first opened."""


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch, cache: Path) -> Iterator[Callable[..., object]]:
    """``open_page("outliers", data="Cars")``: that page in an AppTest that has run once.

    What it still works on ends with the test, as with a visitor's session: no later one queues behind.
    ``again``: what the page has worked out for an earlier test is there, as when a session comes back.
    """
    from streamlit.testing.v1 import AppTest

    from analytics.dashboard.server import jobs, loading

    _find_components_once()
    pages: list[AppTest] = []

    monkeypatch.setattr(loading, "PATIENCE", float(LIMIT))
    monkeypatch.setenv("ZETASCOPE_CACHE", "on")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))

    def opened(
        name: str, *, data: str | None = None, again: bool = False, **query: str | list[str]
    ) -> AppTest:
        at = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=LIMIT)
        pages.append(at)
        for key, value in {**({"data": data} if data else {}), **query}.items():
            at.query_params[key] = value
        if again:
            at.session_state[jobs.JOBS] = _WORKED_OUT.get((name, data), {})
        at.run()
        if name != "data":
            at.switch_page(f"pages/{name}.py").run()
        assert not at.exception
        if again:
            done = {slot: job for slot, job in at.session_state[jobs.JOBS].items() if job.state == "done"}
            _WORKED_OUT.setdefault((name, data), done)
        return at

    yield opened
    for at in pages:
        for job in at.session_state[jobs.JOBS].values() if jobs.JOBS in at.session_state else ():
            job.cancelled.set()


@dataclass(frozen=True)
class Server:
    """A running app."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        """Ask it to end, and again: uvicorn waits for ever for a connection that comes while it closes."""
        self.process.terminate()
        try:
            self.process.wait(timeout=CLOSING)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=LIMIT)


def wait_until_healthy(server: Server, *, base: str = "", seconds: float = LIMIT) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert server.process.poll() is None, server.log.read_text()
        try:
            if urllib.request.urlopen(f"{server.url}{base}/_stcore/health", timeout=20).read() == b"ok":
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the app did not start:\n{server.log.read_text()}")


def serve(log: Path, *arguments: str, container: bool = False, base: str = "", **environment: str) -> Server:
    """Start the app on a free port; ``container`` goes through the container's start script.

    ``base``: the path before every address, which ``arguments`` name too.
    """
    port = int(environment.get("PORT") or free_port())
    run = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port)]
    command = ["sh", "hosting/start.sh"] if container else [*run, *arguments]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    inherited = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    cache = {"ZETASCOPE_CACHE": "on", "XDG_CACHE_HOME": str(log.parent / "cache")}
    own = {"ZETASCOPE_JOB_PATIENCE": "0.4", "PORT": str(port), "ADDRESS": "localhost", "PATH": path, **cache}
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=out, stderr=out, env={**inherited, **own, **environment}
        )
    server = Server(f"http://localhost:{port}", process, log)
    wait_until_healthy(server, base=base)
    return server


@pytest.fixture
def start_app(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """``start_app()`` starts a cold server of its own."""
    started: list[Server] = []

    def start(*arguments: str, **settings: Any) -> Server:
        log = tmp_path / f"app-{len(started)}.log"
        started.append(serve(log, *arguments, **settings))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[Server]:
    """One running app, shared by the browser tests of a worker."""
    server = serve(tmp_path_factory.mktemp("app") / "app.log", XDG_CACHE_HOME=str(cache))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def app(server: Server) -> str:
    """The address of the shared app."""
    return server.url


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Debian's Chromium where it is installed, otherwise the one Playwright brought."""
    chromium = Path("/usr/bin/chromium")
    arguments = ["--disable-gpu", "--process-per-site", "--disable-background-networking", "--no-first-run"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to start as root with its sandbox
    found = {"executable_path": str(chromium)} if chromium.exists() else {}
    return {"args": arguments, **found}
