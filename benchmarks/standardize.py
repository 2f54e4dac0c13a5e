"""Z-scores of a large frame in memory against the polars expression that does the same.

    python -m benchmarks.standardize [--rows N] [--columns N] [--repeats N] [--missing SHARE] [--groups N]
    python -m benchmarks.standardize --fresh

With ``--groups`` the scores are taken within that many groups. Both sides hold the same float64 numbers in
their own frame and make a new frame of scores. They are timed in turn, so that a busy machine slows both;
medians are quoted. Peak memory is measured for one further run of our side, in units of the data. ``--fresh``
starts a process of its own for each side and turn, and tells the first call in it from the later ones, by
processor time, which other work on the machine hardly moves.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

from analytics.numbers import Standardizer
from analytics.numbers.basics.parallel import available_cores


def make_data(rows: int, columns: int, missing: float) -> np.ndarray:
    """Normal numbers (columns, rows) on very different scales, a share of them NaN."""
    rng = np.random.default_rng(0)
    data = rng.normal(size=(columns, rows)) * np.logspace(-3, 6, columns)[:, None] + 5
    data[rng.random(data.shape) < missing] = np.nan
    return data


def seconds(run: Callable[[], object]) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def processor_seconds(run: Callable[[], object]) -> float:
    """Processor time of one run, of all threads, the kernel's included."""
    start = time.process_time()
    run()
    return time.process_time() - start


def fresh(rows: int, columns: int, turns: int) -> None:
    """First and later calls of either side, each turn in two processes of their own."""
    command = [sys.executable, "-m", "benchmarks.standardize", "--rows", str(rows), "--columns", str(columns)]
    found: dict[str, list[list[float]]] = {"polars": [], "ours": []}
    for _ in range(turns):
        for side, times in found.items():
            done = subprocess.run([*command, "--side", side], capture_output=True, text=True, check=True)
            times.append([float(one) for one in done.stdout.split()])
    print(f"{rows:,} x {columns} float64, {turns} processes a side, processor time, median (least)")
    print(f"{'':<14}{'polars':>18}{'Zetascope':>18}{'ratio':>8}")
    for label, calls in (("first call", slice(0, 1)), ("later calls", slice(2, None))):
        sides = {side: [min(one[calls]) for one in times] for side, times in found.items()}
        middles = {side: statistics.median(times) for side, times in sides.items()}
        told = [f"{middles[side]:.3f} s ({min(sides[side]):.3f})" for side in found]
        print(f"{label:<14}{told[0]:>18}{told[1]:>18}{middles['ours'] / middles['polars']:>8.2f}")


def resident_bytes() -> int:
    """Memory the process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def main() -> None:
    """Print both times, their ratio and the extra memory."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--missing", type=float, default=0.0)
    parser.add_argument("--groups", type=int, default=0)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--side", choices=("polars", "ours"), help="used by --fresh")
    chosen = parser.parse_args()
    if chosen.fresh:
        fresh(chosen.rows, chosen.columns, chosen.repeats)
        return
    data = make_data(chosen.rows, chosen.columns, chosen.missing)
    names = [f"c{i}" for i in range(chosen.columns)]
    frame = pd.DataFrame(dict(zip(names, data, strict=True)))
    columns = pl.DataFrame(dict(zip(names, data, strict=True)), nan_to_null=True)
    every = pl.col(names)
    mean, sd, by = every.mean(), every.std(ddof=0), None
    if chosen.groups:
        labels = np.random.default_rng(1).integers(0, chosen.groups, chosen.rows)
        frame["group"], by = labels, "group"
        columns = columns.with_columns(group=labels)
        mean, sd = mean.over("group"), sd.over("group")

    def ours() -> pd.DataFrame:
        return Standardizer(columns=names, by=by).fit_transform(frame)

    def theirs() -> pl.DataFrame:
        return columns.select((every - mean) / sd)

    if chosen.side:
        print(*(round(processor_seconds(ours if chosen.side == "ours" else theirs), 4) for _ in range(4)))
        return
    difference = np.nanmax(np.abs(ours().to_numpy() - theirs().to_numpy()))
    times = [(seconds(theirs), seconds(ours)) for _ in range(chosen.repeats)]
    polars_median, our_median = (statistics.median(side) for side in zip(*times, strict=True))
    grouped = f"in {chosen.groups:,} groups, " if chosen.groups else ""
    print(
        f"{chosen.rows:,} x {chosen.columns} float64, {grouped}{chosen.missing:.0%} missing, "
        f"{chosen.repeats} turns"
    )
    print(f"polars expression        {polars_median:.3f} s  ({pl.thread_pool_size()} threads)")
    print(f"Standardizer             {our_median:.3f} s  ({available_cores()} threads)")
    print(f"ratio                    {our_median / polars_median:.2f}" + "  (goal: at most 1.3)" * (not by))
    print(f"largest difference       {difference:.1e}")
    print(f"peak memory grew by      {peak_growth(ours) / data.nbytes:.2f} x the data")


def peak_growth(run: Callable[[], object]) -> float:
    """Bytes by which a run lifts the process above what it held when it started."""
    pa.default_memory_pool().release_unused()  # or pages kept from the last run would hide this one's
    held = resident_bytes()
    Path("/proc/self/clear_refs").write_text("5")  # resets the high-water mark
    result = run()
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) * 1024
    del result
    return peak - held


if __name__ == "__main__":
    main()
