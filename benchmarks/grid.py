"""The grid's questions to a large table against DuckDB asked the same.

    python -m benchmarks.grid [--rows N] [--repeats N]

20 columns: floats of all digits and of two decimals, whole numbers, times, categories, and texts, four in ten
of them with letters beyond ASCII. Both sides hold the same table in memory, with two threads each, and are
asked in turn, so that a busy machine slows both; medians are quoted. Answers are compared: places of the rows
found, and the first thousand rows in order. DuckDB lowers letters where ours folds them and composes accents.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from analytics.recipe import Between, Condition, Contains, OneOf, Shows
from analytics.rows import SortKey, in_order, matching

_FIRST = 1_000
_WORDS = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa plain word city north "
    "Stra\u00dfe \u00dcber M\u00fcnchen Z\u00fcrich"
).split()


def made(rows: int) -> pd.DataFrame:
    """The table (rows, 20)."""
    rng = np.random.default_rng(0)
    words = np.array(_WORDS)
    start = np.datetime64("2020-01-01", "s")
    columns: dict[str, object] = {f"float{k}": rng.normal(100, 15 * 10**k, rows) for k in range(4)}
    columns |= {f"price{k}": np.round(rng.normal(100, 50, rows), 2) for k in range(3)}
    columns |= {f"whole{k}": rng.integers(0, 10 ** (k + 4), rows) for k in range(4)}
    columns |= {f"time{k}": (start + rng.integers(0, 10**8, rows)).astype("datetime64[us]") for k in range(2)}
    columns |= {
        f"category{k}": pd.Categorical.from_codes(rng.integers(0, len(words), rows), list(words))
        for k in range(4)
    }
    for k in range(3):
        first, second = (pd.Series(words[rng.integers(0, len(words), rows)]) for _ in range(2))
        columns[f"text{k}"] = first.str.cat(second, sep=" ") + pd.Series(np.arange(rows)).astype("str")
    return pd.DataFrame(columns)


def seconds(run: Callable[[], object]) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def processor() -> str:
    """What the machine says it is."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "unknown"


def database(frame: pd.DataFrame) -> duckdb.DuckDBPyConnection:
    """DuckDB with the frame as its table ``t``, whose column ``place`` numbers the rows."""
    held = duckdb.connect(config={"threads": 2})
    held.register("frame", frame)
    held.execute("create table t as select row_number() over () - 1 as place, * from frame")
    held.unregister("frame")
    return held


def anywhere(frame: pd.DataFrame, text: str) -> str:
    """The search of all columns in SQL."""
    parts = (f"contains(lower(cast({name} as varchar)), '{text}')" for name in frame.columns)
    return f"select place from t where {' or '.join(parts)} order by place"


def main() -> None:
    """Print both times and their ratio for each question."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    chosen = parser.parse_args()
    frame = made(chosen.rows)
    held = database(frame)
    everything = matching(frame, None)
    low, high = "2021-01-01", "2021-12-31"

    def asked(where: Condition) -> Callable[[], np.ndarray]:
        return lambda: matching(frame, where)

    def ordered(*sort: SortKey) -> Callable[[], np.ndarray]:
        return lambda: in_order(frame, everything, sort, first=_FIRST)

    def filtered(where: str) -> str:
        return f"select place from t where {where} order by place"

    def first_by(keys: str) -> str:
        return f"select place from t order by {keys}, place limit {_FIRST}"

    questions: dict[str, tuple[Callable[[], np.ndarray], str]] = {
        f"search {text!r}": (asked(Shows(text)), anywhere(frame, text))
        for text in ("z\u00fcrich delta", "125", "12.5", "nowhere")
    }
    questions |= {
        "dates between": (
            asked(Between("time0", low, high)),
            filtered(f"time0 between timestamp '{low}' and timestamp '{high}'"),
        ),
        "one of two categories": (
            asked(OneOf("category0", ("zeta", "beta"))),
            filtered("category0 in ('zeta', 'beta')"),
        ),
        "text contains": (asked(Contains("text0", "zeta9")), filtered("contains(lower(text0), 'zeta9')")),
        "first 1,000 by a float": (ordered(SortKey("float0")), first_by("float0 nulls last")),
        "first 1,000 by a text": (ordered(SortKey("text0")), first_by("text0 nulls last")),
        "first 1,000 by two columns": (
            ordered(SortKey("whole0", descending=True), SortKey("time0")),
            first_by("whole0 desc nulls last, time0 nulls last"),
        ),
    }
    print(f"{processor()}; {chosen.rows:,} rows x {frame.shape[1]} columns, load {os.getloadavg()[0]:.1f}")
    print(f"{'':28}{'DuckDB':>9}{'ours':>9}{'ratio':>8}")
    for name, (ours, sql) in questions.items():

        def theirs(sql: str = sql) -> np.ndarray:
            return held.execute(sql).fetchnumpy()["place"]

        assert np.array_equal(ours(), theirs()), name
        times = [(seconds(theirs), seconds(ours)) for _ in range(chosen.repeats)]
        their_median, our_median = (statistics.median(side) for side in zip(*times, strict=True))
        print(f"{name:28}{their_median:8.2f}s{our_median:8.2f}s{our_median / their_median:8.2f}", flush=True)


if __name__ == "__main__":
    main()
