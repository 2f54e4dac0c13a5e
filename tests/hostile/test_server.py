"""A real server that is given files which end or hold the process that reads them: it answers all others."""

import asyncio
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest

from benchmarks.server import free_port
from benchmarks.visitor import Visitor
from tests.conftest import ROOT, Server
from tests.hostile.expanding import LARGE

MOST_SECONDS = 1.0
"""That the health address may take beyond what a server that does nothing takes beside it."""
TRIED = ("parquet constants", "far cell, absolute", "ods rectangle", "gzip lines", "names and rows of two")


class Pulse:
    """Asks for an address ten times a second; keeps the longest answer."""

    def __init__(self, url: str) -> None:
        self.url, self.longest, self.answers = url, 0.0, 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> "Pulse":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._stop.wait(0.1):
            begin = time.monotonic()
            urllib.request.urlopen(self.url, timeout=60).read()
            self.longest = max(self.longest, time.monotonic() - begin)
            self.answers += 1


@contextmanager
def idle_server() -> Iterator[str]:
    """A server with nothing to do: what it takes to answer is the machine's own doing."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "http.server",
        str(port),
        "--bind",
        "127.0.0.1",
        "--directory",
        "tests/hostile",
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}/"
        for _ in range(600):
            with suppress(OSError):
                urllib.request.urlopen(url, timeout=60).read()
                break
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def irregular_rows(rows: int) -> bytes:
    """Text that takes seconds to read row by row, in some hundred megabytes."""
    return ("name;n\n" + "".join(f'"a ""word"" {i}";{i}\n"b\nc";x,{i}\n' for i in range(rows))).encode()


@pytest.mark.slow
def test_a_server_outlives_its_files(start_app: Callable[..., Server]) -> None:
    server = start_app(ZETASCOPE_READING_CPU_SECONDS="3", ZETASCOPE_READING_MB="600")
    other, hostile = Visitor(server.url, "other"), Visitor(server.url, "hostile")

    async def visit() -> tuple[list[str], bool]:
        await other.open()
        assert await other.wait_for("Your file", seconds=120)  # a cold server's page may still be loading
        await other.upload(b"a,b\n1,2\n3,4\n", name="mine.csv")
        await hostile.open()
        assert await hostile.wait_for("Your file", seconds=120)
        with Pulse(f"{server.url}/_stcore/health") as pulse, Pulse(idle_url) as idle:
            silent = await harm()
        await other.interact(other._state())
        pulses.extend((pulse, idle))
        return silent, other.shows("mine.csv")

    async def harm() -> list[str]:
        silent = []
        for name in TRIED:
            file, data = LARGE[name]()
            await hostile.upload(data, name=file)
            if not hostile.shows("limit is"):
                silent.append(name)
        await hostile.upload(irregular_rows(400_000), name="slow.csv")
        if not (hostile.shows("seconds of processor time") or hostile.shows("MB of memory")):
            silent.append("slow.csv")
        await hostile.upload(b"x,y\n1,2\n", name="after.csv")
        return silent if hostile.shows("after.csv") else [*silent, "after.csv"]

    pulses: list[Pulse] = []
    # In a thread of its own: a browser test before it may have left its loop in this one.
    with idle_server() as idle_url, ThreadPoolExecutor(1) as pool:
        silent, kept = pool.submit(asyncio.run, visit()).result()
    pulse, idle = pulses
    assert server.process.poll() is None
    assert not silent
    assert kept
    assert pulse.answers > 10
    assert pulse.longest < MOST_SECONDS + idle.longest
