"""How the processor time of a family grows with its size: ``python -m tests.hostile.measuring [NAME ...]``.

Prints one line of JSON a family, as soon as it is known: its size, the seconds at n, 2n and 4n less what an
input of next to nothing takes, and the growth per doubling. Each family has a process of its own, which the
system ends after ``LIMIT`` seconds of processor time; then its seconds are missing.
"""

from __future__ import annotations

import gc
import json
import os
import pkgutil
import resource
import signal
import sys
import time
from importlib import import_module

from analytics.apart.forking import QUIET
from tests.hostile.families import Family, families

SIZES = tuple(1_600 * 2**i for i in range(9))  # bytes; the largest, 409,600, is as long as many real files
ENOUGH = 0.012  # seconds at n: half as much again as one run differs from the next on a busy machine
ENOUGH_IN_DOUBT = 0.05
IN_PROPORTION = 2.2  # a factor per doubling beyond which a family is measured again, longer and more often
LIMIT = 25  # seconds of processor time for all runs of a family
REPEATS = 3


def seconds(family: Family, n: int, *, repeats: int = 1) -> float:
    """The least processor time of ``repeats`` runs, of all threads."""
    made, best = family.make(n), float("inf")
    for _ in range(repeats):
        start = time.process_time()
        family.work(made)
        best = min(best, time.process_time() - start)
    return best


def growth(family: Family) -> tuple[int, list[float], float]:
    """The size n, the seconds at n, 2n and 4n without the base cost, and the factor per doubling."""
    base = min(seconds(family, 100) for _ in range(2))
    n, taken = _doubling(family, base, ENOUGH, repeats=1)
    factor = _factor(taken, ENOUGH)
    if factor <= IN_PROPORTION:
        return n, taken, factor
    n, taken = _doubling(family, base, ENOUGH_IN_DOUBT, repeats=REPEATS)
    factor = _factor(taken, ENOUGH_IN_DOUBT)
    if factor > IN_PROPORTION:
        taken.append(seconds(family, 8 * n, repeats=2) - base)
        factor = min(factor, taken[-1] / max(taken[-2], ENOUGH_IN_DOUBT))
    return n, taken, factor


def _doubling(family: Family, base: float, enough: float, *, repeats: int) -> tuple[int, list[float]]:
    """The seconds at n, 2n and 4n for the least n that takes ``enough``, or for the largest."""
    taken: list[float] = []
    for size in SIZES:
        taken.append(max(seconds(family, size, repeats=repeats) - base, 1e-3))
        if len(taken) > 2 and taken[-3] >= enough:
            break
    return SIZES[len(taken) - 3], taken[-3:]


def _factor(taken: list[float], enough: float) -> float:
    """Growth per doubling. What stays under ``enough`` for the largest size is quick enough as it is.

    Where another way of reading begins between two sizes, one doubling is more than double; growth shows in
    both, and in the next doubling too.
    """
    first, second, third = (max(one, enough) for one in taken)
    return min((third / first) ** 0.5, third / second)


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

    known = families()
    for family in {family.work: family for family in known.values()}.values():
        seconds(family, 100)  # imports and caches, once for all
    gc.collect()
    gc.freeze()  # a collection in a child would copy the pages of all that is here
    gc.set_threshold(*QUIET)  # as where uploads are read; collections come by leaps and not in proportion
    for name, family in known.items():
        if not names or any(name.startswith(start) for start in names):
            print(json.dumps(in_own_process(name, family)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
