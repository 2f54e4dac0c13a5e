"""100,000 damaged and hostile files through the reader: ``python -m benchmarks.fuzz [--count N] [--seed S]``.

``--of structures`` takes sound but odd files in place of damaged ones.

Every input must give a ``Table`` or a ``TableError`` within the bounds of time and memory below, and text the
same by the quick way as by the careful one. A quarter as many tables are made up. What does not is saved
under a name that gives its seed and number; the same seed makes the same inputs again.
"""

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections import Counter
from itertools import islice
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from benchmarks.fuzz_structures import structure_outcome, structures
from benchmarks.fuzzing import Case, Outcome, all_cases, outcome

SOURCES = {"damage": (all_cases, outcome), "structures": (structures, structure_outcome)}

MOST_SECONDS = 10.0
"""Generous, because the machine may be busy; a sound small file takes milliseconds."""
MOST_MEGABYTES = 500.0
HANGS_AFTER = 120.0
BATCH = 250


def peak_megabytes() -> float:
    """The largest resident size this process ever had (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fault_of(result: Outcome, grown: float) -> str:
    """What is wrong with an outcome, in a few words; empty where nothing is."""
    if not result.allowed:
        return result.message
    if result.seconds > MOST_SECONDS:
        return f"took {result.seconds:.1f} s"
    return f"took {grown:,.0f} MB" if grown > MOST_MEGABYTES else ""


def work(pipe: Connection, count: int, seed: int, of: str) -> None:
    """Read ``count`` cases, telling the parent which one is next and what the last batch gave."""
    tally: Counter[str] = Counter()
    slowest = 0.0
    made, read = SOURCES[of]
    for number, case in enumerate(made(count, seed=seed)):
        if number % BATCH == 0:
            pipe.send(("at", number, tally, slowest))
            tally = Counter()
        before = peak_megabytes()
        result = read(case)
        tally[result.kind] += 1
        slowest = max(slowest, result.seconds)
        fault = fault_of(result, peak_megabytes() - before)
        if fault:
            pipe.send(("fault", number, fault))
    pipe.send(("end", count, tally, slowest))


def save(case: Case, folder: Path, *, seed: int, number: int, fault: str) -> None:
    """Keep an input that broke the promise."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"seed-{seed}-{number}.{case.name.partition('.')[2]}"
    path.write_bytes(case.data)
    print(f"FAULT in {case.seed!r}, saved as {path}: {fault[:300]}", flush=True)


def follow(
    pipes: dict[Connection, int], count: int, folder: Path, of: str
) -> tuple[Counter[str], float, int]:
    """Gather what the workers tell until all have ended; a worker that dies or hangs is one fault more."""
    total: Counter[str] = Counter()
    slowest, faults = 0.0, 0
    while pipes:
        ready = wait(list(pipes), timeout=HANGS_AFTER)
        for pipe in ready or list(pipes):
            assert isinstance(pipe, Connection)
            seed = pipes[pipe]
            try:
                message: tuple[Any, ...] = pipe.recv() if ready else ("hung",)
            except EOFError:
                message = ("died",)
            if message[0] == "fault":
                faults += 1
                case = next(islice(SOURCES[of][0](count, seed=seed), message[1], None))
                save(case, folder, seed=seed, number=message[1], fault=message[2])
                continue
            if message[0] in {"at", "end"}:
                total += message[2]
                slowest = max(slowest, message[3])
            else:
                faults += 1
                print(f"FAULT: the worker of seed {seed} {message[0]}", flush=True)
            if message[0] != "at":
                del pipes[pipe]
    return total, slowest, faults


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--of", choices=sorted(SOURCES), default="damage")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--save", type=Path, default=Path(tempfile.gettempdir()) / "zetascope-fuzz")
    chosen = parser.parse_args()
    each = -(-chosen.count // chosen.workers)
    context = multiprocessing.get_context("spawn")
    started = time.monotonic()
    pipes, processes = {}, []
    for seed in range(chosen.seed, chosen.seed + chosen.workers):
        ours, theirs = context.Pipe(duplex=False)
        processes.append(context.Process(target=work, args=(theirs, each, seed, chosen.of), daemon=True))
        processes[-1].start()
        theirs.close()
        pipes[ours] = seed
    total, slowest, faults = follow(pipes, each, chosen.save, chosen.of)
    seconds = time.monotonic() - started
    kinds = ", ".join(f"{kind} {count:,}" for kind, count in total.most_common())
    print(f"{total.total():,} inputs in {seconds:,.0f} s, {total.total() / seconds:,.0f} per second: {kinds}")
    print(f"slowest {slowest:.2f} s (bound {MOST_SECONDS:.0f} s); inputs that broke the promise: {faults}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
