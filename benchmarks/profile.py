"""Profile 1,000,000 x 20 numeric columns: ours beside fg-data-profiling's ``minimal=True``.

Run ``python -m benchmarks.profile --peer-python PYTHON`` where PYTHON is an interpreter with
fg-data-profiling (it needs an older pandas than ours, so it lives in an environment of its own). Each side
times only the profile, in its own process, on the same frame already in memory; the sides take turns.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

OURS = """
import sys, time, pandas as pd
from analytics.tables import profile_table
frame = pd.read_parquet(sys.argv[1])
start = time.perf_counter()
profile_table(frame)
print(time.perf_counter() - start)
"""
PEER = """
import sys, time, warnings, pandas as pd
warnings.simplefilter("ignore")
from data_profiling import ProfileReport
frame = pd.read_parquet(sys.argv[1])
start = time.perf_counter()
ProfileReport(frame, minimal=True, progress_bar=False).get_description()
print(time.perf_counter() - start)
"""


def make_frame(rows: int, columns: int, seed: int = 0) -> pd.DataFrame:
    """Half floats (normal), half integers up to a million."""
    rng = np.random.default_rng(seed)
    floats = {f"f{i}": rng.normal(size=rows) for i in range(columns // 2)}
    integers = {f"i{i}": rng.integers(0, 10**6, rows) for i in range(columns - columns // 2)}
    return pd.DataFrame(floats | integers)


def seconds(python: str, code: str, path: Path) -> float:
    """Seconds that the child process says its profile took."""
    shown = subprocess.run([python, "-c", code, str(path)], capture_output=True, text=True, check=True)
    return float(shown.stdout.strip().splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer-python", help="interpreter with fg-data-profiling")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    sides = {"zetascope": (sys.executable, OURS)}
    if given.peer_python:
        sides["fg-data-profiling"] = (given.peer_python, PEER)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        make_frame(given.rows, given.columns).to_parquet(path)
        times: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(given.rounds):
            for name, (python, code) in sides.items():
                times[name].append(seconds(python, code, path))
    for name, found in times.items():
        print(f"{name:18} {statistics.median(found):7.2f} s   {[round(value, 2) for value in found]}")
    if given.peer_python:
        ours, peer = (statistics.median(found) for found in times.values())
        print(f"ratio              {ours / peer:7.3f}")


if __name__ == "__main__":
    main()
