"""How the processor time of a family grows with its size: ``python -m tests.hostile.measuring [NAME ...]``.

Prints one line of JSON a family, as soon as it is known: its size, the seconds at n, 2n and 4n less what an
input of next to nothing takes, and the growth per doubling. Each family has a process of its own, which the
system ends after ``LIMIT`` seconds of processor time; then its seconds are missing.
"""

from __future__ import annotations

import json
import os
import pkgutil
import resource
import signal
import sys
import time
from importlib import import_module

from tests.hostile.families import Family, families

SIZES = (10_000, 25_000, 50_000, 100_000, 200_000)  # bytes; 4n of the largest is as long as many real files
ENOUGH = 0.05  # seconds at n: fifty times the grain of the clock
IN_PROPORTION = 2.2  # a factor per doubling beyond which one more is measured
LIMIT = 25  # seconds of processor time for all runs of a family
REPEATS = 2


def seconds(family: Family, n: int, *, repeats: int = REPEATS) -> float:
    """The least processor time of ``repeats`` runs, of all threads."""
    made, best = family.make(n), float("inf")
    for _ in range(repeats):
        start = time.process_time()
        family.work(made)
        best = min(best, time.process_time() - start)
    return best


def growth(family: Family) -> tuple[int, list[float], float]:
    """The size n, the seconds at n, 2n and 4n without the base cost, and the factor per doubling."""
    seconds(family, 100, repeats=1)  # imports and caches
    base = seconds(family, 100)
    for n in SIZES:
        if seconds(family, n, repeats=1) - base >= ENOUGH:
            break
    taken = [max(seconds(family, size * n) - base, 1e-3) for size in (1, 2, 4)]
    # What stays under ENOUGH for the largest size is too quick to tell its growth, and quick enough. Where
    # another way of reading begins between two sizes, one doubling is more than double; growth shows in both,
    # and in the next doubling too.
    first, second, third = (max(one, ENOUGH) for one in taken)
    factor = min((third / first) ** 0.5, third / second)
    if factor > IN_PROPORTION:
        taken.append(seconds(family, 8 * n) - base)
        factor = min(factor, taken[-1] / third)
    return n, taken, factor


def in_own_process(name: str, family: Family) -> dict[str, object]:
    """``growth`` of a family, told by a child over a pipe."""
    source, target = os.pipe()
    child = os.fork()
    if not child:
        os.close(source)
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT + 5))
        try:
            n, taken, factor = growth(family)
            told = {"n": n, "seconds": [round(value, 4) for value in taken], "growth": round(factor, 3)}
        except BaseException as error:
            told = {"error": repr(error)[:500]}
        os.write(target, json.dumps(told).encode())
        os._exit(0)
    os.close(target)
    with os.fdopen(source, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    ended = signal.Signals(status & 0x7F).name if status & 0x7F else ""
    return {"family": name, **(json.loads(said) if said else {"error": f"ended by {ended}"})}


def main(names: list[str]) -> None:
    import analytics.tables

    for module in pkgutil.walk_packages(analytics.tables.__path__, "analytics.tables."):
        import_module(module.name)
    import analytics.dashboard.parts.markdown
    import analytics.figures.theme
    import analytics.text.words

    for name, family in families().items():
        if not names or any(name.startswith(start) for start in names):
            print(json.dumps(in_own_process(name, family)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
