"""Twenty visitors on one server, two of whom map texts: ``python -m benchmarks.load``.

Every visitor speaks the browser's own protocol (benchmarks/visitor.py): uploads a file of its own,
standardizes it and looks around, with pauses as people make them. Printed: how long an interaction took,
errors, and whether anybody ever saw another visitor's data.
"""

import argparse
import asyncio
import random
import statistics
import time

import numpy as np

from benchmarks.server import resident_mb, running_app
from benchmarks.visitor import Visitor

WALK = ["standardize", "compare", "outliers", "", "returns", "standardize", ""]
WORDS = "account card payment transfer exchange refund limit verify top balance cash fee rate pin app".split()


def table(visitor: int, *, rows: int) -> bytes:
    """A table that carries its visitor's mark in a column name and a category."""
    numbers = np.random.default_rng(visitor).normal(size=(rows, 6)).round(4)
    lines = [f"owner_{visitor:03d},a,b,c,d,e,f"]
    lines += [f"mark{visitor:03d}x{i % 4},{','.join(map(str, row))}" for i, row in enumerate(numbers)]
    return "\n".join(lines).encode()


def texts(visitor: int, *, rows: int) -> bytes:
    """Questions made of common words, different for each visitor."""
    draw = random.Random(visitor)
    lines = [f"text,owner_{visitor:03d}"]
    lines += [
        f"why is my {' '.join(draw.choices(WORDS, k=9))} number {i},mark{visitor:03d}" for i in range(rows)
    ]
    return "\n".join(lines).encode()


async def browse(visitor: Visitor, number: int, *, until: float) -> None:
    draw = random.Random(number)
    await visitor.open()
    await visitor.upload(table(number, rows=2000), name=f"table{number:03d}.csv")
    while time.monotonic() < until:
        for page in WALK:
            await asyncio.sleep(draw.uniform(1.0, 4.0))
            await visitor.go_to(page)
            if time.monotonic() > until:
                break
    await visitor.close()


async def map_texts(visitor: Visitor, number: int, *, rows: int, until: float) -> None:
    await visitor.open()
    await visitor.upload(texts(number, rows=rows), name=f"texts{number:03d}.csv")
    await visitor.go_to("text_map")
    started = time.monotonic()
    done = await visitor.wait_for("rustworthiness", seconds=until - time.monotonic())
    took = time.monotonic() - started
    print(f"{visitor.name}: map of {rows:,} texts {'after' if done else 'NOT ready after'} {took:.0f} s")
    await visitor.close()


def saw_others(visitor: Visitor, number: int, total: int) -> bool:
    return any(visitor.shows(f"owner_{other:03d}") for other in range(total) if other != number)


async def run(url: str, *, visitors: int, mappers: int, rows: int, seconds: float) -> list[Visitor]:
    until = time.monotonic() + seconds
    crowd = [Visitor(url, f"visitor {number}") for number in range(visitors)]
    tasks = [
        map_texts(visitor, number, rows=rows, until=until)
        if number < mappers
        else browse(visitor, number, until=until)
        for number, visitor in enumerate(crowd)
    ]
    results = await asyncio.gather(*tasks, return_exceptions=True)
    for visitor, result in zip(crowd, results, strict=True):
        if isinstance(result, BaseException):
            visitor.errors.append(repr(result))
    return crowd


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--mappers", type=int, default=2)
    parser.add_argument("--texts", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=120)
    chosen = parser.parse_args()
    with running_app() as (url, pid):
        crowd = asyncio.run(
            run(
                url,
                visitors=chosen.visitors,
                mappers=chosen.mappers,
                rows=chosen.texts,
                seconds=chosen.seconds,
            )
        )
        memory = resident_mb(pid)
    seconds = sorted(s for visitor in crowd for s in visitor.seconds)
    errors = [f"{visitor.name}: {error}" for visitor in crowd for error in visitor.errors]
    mixed = sum(saw_others(visitor, i, len(crowd)) for i, visitor in enumerate(crowd))
    print(f"{len(crowd)} visitors, {len(seconds)} interactions in {chosen.seconds:.0f} s")
    print(f"seconds for an interaction: median {statistics.median(seconds):.2f} (goal: below 2), ", end="")
    print(f"95 % below {seconds[int(0.95 * len(seconds))]:.2f}, longest {seconds[-1]:.2f}")
    print(f"errors: {len(errors)}; visitors who saw another's data: {mixed}; server: {memory:,.0f} MB")
    for error in errors[:10]:
        print(" ", error[:300])


if __name__ == "__main__":
    main()
