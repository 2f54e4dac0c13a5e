"""How fast does it open? ``python -m benchmarks.startup [--rounds N] [--imports]``.

Each round starts a server of its own and opens its first page, opens the same page again as a second visitor,
and walks through all pages. Printed: medians against the goals. ``--imports`` also lists the modules whose
import takes longest on the way to the first page.
"""

import argparse
import asyncio
import re
import statistics
import subprocess
import sys
import time

from benchmarks.server import ROOT, running_app
from benchmarks.visitor import Visitor

GOALS = {"start to first page": 8.0, "first page, warm": 2.0, "page switch": 0.5}
LONG_WORK = {"text_map", "encoder_walk", "decoder_walk"}
"""Pages whose first visit loads a model; told apart, since they draw a progress bar meanwhile."""
_LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|( *)(\S+)")


async def first_page(url: str) -> Visitor:
    visitor = Visitor(url, "first")
    await visitor.open()
    return visitor


async def walk(url: str) -> dict[str, list[float]]:
    """Seconds of a warm first page, and of each page switch on the second visit to it."""
    visitor = await first_page(url)
    warm = visitor.seconds.pop()
    for page in visitor.pages:
        await visitor.go_to(page)
    first = dict(zip(visitor.pages, visitor.seconds, strict=True))
    visitor.seconds.clear()
    for page in visitor.pages:
        await visitor.go_to(page)
    again = dict(zip(visitor.pages, visitor.seconds, strict=True))
    await visitor.close()
    assert not visitor.errors, visitor.errors
    return {
        "first page, warm": [warm],
        **{f"page switch, first visit: {page or 'data'}": [took] for page, took in first.items()},
        **{f"page switch, again: {page or 'data'}": [took] for page, took in again.items()},
        "page switch": [took for page, took in again.items() if page not in LONG_WORK],
    }


def one_round() -> dict[str, list[float]]:
    """Seconds of everything on one cold server."""
    started = time.monotonic()
    with running_app() as (url, _):
        visitor = asyncio.run(first_page(url))
        cold = time.monotonic() - started
        assert not visitor.errors, visitor.errors
        return {"start to first page": [cold], **asyncio.run(walk(url))}


def slowest_imports(count: int = 15) -> list[tuple[float, str]]:
    """(seconds with all it imports, module) of what the first page needs, slowest first."""
    code = "import streamlit.web.bootstrap, analytics.dashboard.frame, analytics.dashboard.data"
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = [(int(match[2]) / 1e6, match[4]) for match in _LINE.finditer(done.stderr)]
    return sorted(found, reverse=True)[:count]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--imports", action="store_true")
    chosen = parser.parse_args()
    seconds: dict[str, list[float]] = {}
    for _ in range(chosen.rounds):
        for name, took in one_round().items():
            seconds.setdefault(name, []).extend(took)
    for name, took in seconds.items():
        goal = f" (goal: below {GOALS[name]:g})" if name in GOALS else ""
        print(f"{name:45} median {statistics.median(took):6.2f} s, longest {max(took):6.2f} s{goal}")
    if chosen.imports:
        for took_alone, module in slowest_imports():
            print(f"import {module:45} {took_alone:6.2f} s")


if __name__ == "__main__":
    main()
