"""How fast does it open? ``python -m benchmarks.startup [--rounds N] [--imports]``.

Each round starts a server of its own and opens its first page, opens the same page again as a second visitor,
and walks through all pages, looking at each for a second, once more when all is loaded, and once while models
are fitted for another visitor. Then another cold server is asked for the Encoder at once, until the page
stands whole. Printed: medians against the goals.
``--imports`` also lists the modules whose import takes longest on the way to the first page.
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

GOALS = {
    "start to first page": 8.0,
    "first page, warm": 2.0,
    "page switch, cold": 0.5,
    "page switch, warm": 0.5,
    "page switch, beside a job": 0.5,
}
LOOK = 1.0
"""Seconds a reader looks at a page before the next; the server loads libraries meanwhile."""
WARM_UP = 20.0
"""Seconds after which the server has loaded all it loads in the background."""
_LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|( *)(\S+)")


async def first_page(url: str) -> Visitor:
    visitor = Visitor(url, "first")
    await visitor.open()
    return visitor


async def walk(url: str) -> dict[str, list[float]]:
    """Seconds of a warm first page, and of each page switch: on a cold server, a warm one, beside a job."""
    visitor = await first_page(url)
    found = {"first page, warm": [visitor.seconds.pop()]}
    found |= by_page("cold", await tour(visitor, look=LOOK))
    await visitor.close()
    await asyncio.sleep(WARM_UP)
    visitor = await first_page(url)
    found |= by_page("warm", await tour(visitor))
    await visitor.close()
    busy, visitor = await first_page(url), await first_page(url)
    await busy.go_to("scaling_effects")
    found |= by_page("beside a job", await tour(visitor))
    await busy.close()
    await visitor.close()
    assert not busy.errors + visitor.errors, busy.errors + visitor.errors
    return found


async def tour(visitor: Visitor, *, look: float = 0.0) -> dict[str, float]:
    """Seconds of the switch to each page, first visits of this visitor."""
    visitor.seconds.clear()
    for page in visitor.pages:
        await asyncio.sleep(look)
        await visitor.go_to(page)
    assert not visitor.errors, visitor.errors
    return dict(zip(visitor.pages, visitor.seconds, strict=True))


def by_page(when: str, took: dict[str, float]) -> dict[str, list[float]]:
    """All switches under one name, and each under its own."""
    each = {f"  to {page or 'data'}, {when}": [seconds] for page, seconds in took.items()}
    return {f"page switch, {when}": list(took.values()), **each}


async def encoder_at_once(url: str) -> dict[str, list[float]]:
    """Seconds until a cold server has drawn the Encoder's frame, and until the example stands there."""
    visitor = await first_page(url)
    visitor.seconds.clear()
    started = time.monotonic()
    await visitor.go_to("encoder_walk")
    there = await visitor.wait_for("stages recomputed", seconds=60)
    assert there, visitor.errors
    whole = time.monotonic() - started
    await visitor.close()
    return {"Encoder at once: its frame": visitor.seconds[:1], "Encoder at once: the whole page": [whole]}


def one_round() -> dict[str, list[float]]:
    """Seconds of everything on one cold server."""
    started = time.monotonic()
    with running_app() as (url, _):
        visitor = asyncio.run(first_page(url))
        cold = time.monotonic() - started
        assert not visitor.errors, visitor.errors
        found = {"start to first page": [cold], **asyncio.run(walk(url))}
    with running_app() as (url, _):
        return {**found, **asyncio.run(encoder_at_once(url))}


def slowest_imports(count: int = 15) -> list[tuple[float, str]]:
    """(seconds with all it imports, module) of what the first page needs, slowest first."""
    first_page = "analytics.dashboard.app.shell, analytics.dashboard.pages.data.page"
    code = f"import streamlit.web.bootstrap, {first_page}"
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
