"""Each step of a recipe on a large table, against the pandas line that does the same without an account.

    python -m benchmarks.recipe [--rows N] [--repeats N]

Both sides work on the same frame and are timed in turn; the least time of each counts. Pandas makes the new
frame alone: our side also counts what changed and lists what could not be taken.
"""

import argparse
import platform
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from analytics.recipe import (
    Between,
    Compare,
    Derive,
    DropDuplicates,
    DropNumbers,
    Fence,
    Fill,
    Keep,
    Measure,
    OneOf,
    Rename,
    Replace,
    SetMissing,
    SetType,
    Step,
    Summarise,
    Tidy,
    next_of,
    started,
)
from analytics.tables import ReadReport, Table
from benchmarks.machine import processor

Line = Callable[[pd.DataFrame], pd.DataFrame]


def made(rows: int) -> pd.DataFrame:
    """Twelve columns of decimals, four of whole numbers, three of words, one of days."""
    rng = np.random.default_rng(0)
    numbers = {f"x{place}": rng.normal(100, 20, rows) for place in range(12)}
    whole = {f"n{place}": rng.integers(0, 1_000, rows) for place in range(4)}
    words = {
        name: pd.Series(rng.choice([f"{name} {i}" for i in range(kinds)], rows), dtype="str")
        for name, kinds in (("city", 40), ("kind", 5), ("code", 2_000))
    }
    days = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 1_500, rows), unit="D")
    return pd.DataFrame(numbers | whole | words | {"day": days})


STEPS: list[tuple[Step, Line]] = [
    (Keep(Compare("x0", ">", 100.0)), lambda f: f[f["x0"] > 100]),
    (Keep(OneOf("city", ("city 1", "city 2"))), lambda f: f[f["city"].isin(["city 1", "city 2"])]),
    (
        Keep(Between("day", "2021-01-01", "2021-12-31")),
        lambda f: f[f["day"].between("2021-01-01", "2021-12-31")],
    ),
    (DropNumbers(tuple(range(1, 100_001))), lambda f: f.drop(index=range(100_000))),
    (DropDuplicates(("city", "kind")), lambda f: f.drop_duplicates(["city", "kind"])),
    (SetMissing("n0", (7,)), lambda f: f.assign(n0=f["n0"].astype("Int64").mask(f["n0"] == 7))),
    (Replace("city", ("city 1",), "city 2"), lambda f: f.assign(city=f["city"].replace("city 1", "city 2"))),
    (Tidy("city", "upper"), lambda f: f.assign(city=f["city"].str.strip().str.upper())),
    (Fill("x1", "median"), lambda f: f.assign(x1=f["x1"].fillna(f["x1"].median()))),
    (Derive("y", "log(x2) / x3"), lambda f: f.assign(y=np.log(f["x2"]) / f["x3"])),
    (Fence("x4", 50, 150, "winsorize"), lambda f: f.assign(x4=f["x4"].clip(50, 150))),
    (Fence("x4", 50, 150, "drop"), lambda f: f[f["x4"].between(50, 150)]),
    (Rename("x5", "y"), lambda f: f.rename(columns={"x5": "y"})),
    (SetType("kind", "category"), lambda f: f.assign(kind=f["kind"].astype("category"))),
    (
        Summarise(("city",), (Measure("mean", "x0"), Measure("median", "x1"))),
        lambda f: f.groupby("city").agg({"x0": "mean", "x1": "median"}),
    ),
]


def seconds(run: Callable[[], object]) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    """Print the time of each step, that of pandas, and their ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    chosen = parser.parse_args()
    frame = made(chosen.rows)
    report = ReadReport("made", None, None, None, None, None, *frame.shape)
    start = started(Table(frame, report, "0" * 64, "made"))
    print(
        f"{chosen.rows:,} rows x {frame.shape[1]} columns, {processor()}, Python {platform.python_version()}"
    )
    for step, line in STEPS:
        problem = next_of(start, step).account[-1].problem
        assert not problem, problem
        pairs = [
            (seconds(lambda line=line: line(frame)), seconds(lambda step=step: next_of(start, step)))
            for _ in range(chosen.repeats)
        ]
        theirs, ours = (min(side) for side in zip(*pairs, strict=True))
        print(f"{ours:6.2f} s, pandas {theirs:6.2f} s, ratio {ours / theirs:5.2f}: {step.sentence()[:70]}")


if __name__ == "__main__":
    main()
