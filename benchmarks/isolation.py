"""What it costs to read a file in a process of its own: ``python -m benchmarks.isolation``.

Wall time of ``read_table`` with and without ``isolated``, in turn, least and median. On a busy machine the
least of many rounds comes nearest to a quiet one.
"""

import io
import statistics
import time
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.tables import read_table

SMALL_ROUNDS, LARGE_ROUNDS = 30, 5
ROWS, COLUMNS = 1_000_000, 20


def small() -> bytes:
    """Twenty rows of four columns."""
    rows = (f"{i},name {i},{i / 8},2024-01-{i + 1:02}" for i in range(20))
    return "\n".join(["id,name,price,day", *rows]).encode()


def large() -> bytes:
    """A million rows, half floats and half whole numbers."""
    draw = np.random.default_rng(0)
    half = COLUMNS // 2
    data = {f"f{i}": draw.normal(size=ROWS).round(4) for i in range(half)}
    data |= {f"i{i}": draw.integers(0, 10**6, ROWS) for i in range(half)}
    target = io.BytesIO()
    pd.DataFrame(data).to_csv(target, index=False)
    return target.getvalue()


def in_turn(data: bytes, rounds: int) -> Iterator[tuple[float, float]]:
    """Seconds of a plain and of an isolated reading."""
    read_table(data, isolated=True)
    for _ in range(rounds):
        seconds = []
        for isolated in (False, True):
            time.sleep(0.5)  # the next process is made ready meanwhile, as between two visitors
            begin = time.perf_counter()
            read_table(data, isolated=isolated)
            seconds.append(time.perf_counter() - begin)
        yield seconds[0], seconds[1]


def main() -> None:
    for name, data, rounds in (
        ("20 x 4", small(), SMALL_ROUNDS),
        (f"{ROWS:,} x {COLUMNS}", large(), LARGE_ROUNDS),
    ):
        plain, isolated = zip(*in_turn(data, rounds), strict=True)
        for word, of in (("least", min), ("median", statistics.median)):
            one, other = of(plain) * 1000, of(isolated) * 1000
            print(f"{name}, {word}: plain {one:,.1f} ms, isolated {other:,.1f} ms", end="; ")
            print(f"{other - one:+,.1f} ms, {other / one:.2f} times")


if __name__ == "__main__":
    main()
