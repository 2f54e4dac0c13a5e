"""Profile 1,000,000 x 20 numeric columns, and report: ours beside fg-data-profiling's ``minimal=True``.

The reports are HTML pages in memory. Ours has suggestions, relations, unusual rows and a script besides.
Run ``python -m benchmarks.profile --peer-python PYTHON`` where PYTHON is an interpreter with
fg-data-profiling (it needs an older pandas than ours, so it lives in an environment of its own). Each side
times only its work, in its own process, on the same frame already in memory; the sides take turns. Beside the
time by the clock stands the processor's (user and system), which other programs on the machine change little.
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
from analytics.report_file import make_report, report_page
from analytics.tables import profile_table
from analytics.tables.report import ReadReport, Table
frame = pd.read_parquet(sys.argv[1])
start = time.perf_counter(), time.process_time()
if sys.argv[2] == "profile":
    profile_table(frame)
else:
    told = ReadReport("parquet", None, None, None, None, None, *frame.shape)
    report_page(make_report(Table(frame, told, "0" * 64, "table.parquet")))
print(time.perf_counter() - start[0], time.process_time() - start[1])
"""
PEER = """
import sys, time, warnings, pandas as pd
warnings.simplefilter("ignore")
from data_profiling import ProfileReport
frame = pd.read_parquet(sys.argv[1])
start = time.perf_counter(), time.process_time()
report = ProfileReport(frame, minimal=True, progress_bar=False)
report.get_description() if sys.argv[2] == "profile" else report.to_html()
print(time.perf_counter() - start[0], time.process_time() - start[1])
"""


def make_frame(rows: int, columns: int, seed: int = 0) -> pd.DataFrame:
    """Half floats (normal), half integers up to a million."""
    rng = np.random.default_rng(seed)
    floats = {f"f{i}": rng.normal(size=rows) for i in range(columns // 2)}
    integers = {f"i{i}": rng.integers(0, 10**6, rows) for i in range(columns - columns // 2)}
    return pd.DataFrame(floats | integers)


def seconds(python: str, code: str, path: Path, task: str) -> tuple[float, float]:
    """Seconds by the clock and of the processor that a child says its work took: "profile" or "report"."""
    command = [python, "-c", code, str(path), task]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    clock, processor = shown.stdout.strip().splitlines()[-1].split()
    return float(clock), float(processor)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer-python", help="interpreter with fg-data-profiling")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--tasks", nargs="+", choices=["profile", "report"], default=["profile", "report"])
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    sides = {"zetascope": (sys.executable, OURS)}
    if given.peer_python:
        sides["fg-data-profiling"] = (given.peer_python, PEER)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        make_frame(given.rows, given.columns).to_parquet(path)
        for task in given.tasks:
            times: dict[str, list[tuple[float, float]]] = {name: [] for name in sides}
            for _ in range(given.rounds):
                for name, (python, code) in sides.items():
                    times[name].append(seconds(python, code, path, task))
            tell(task, times)


def tell(task: str, times: dict[str, list[tuple[float, float]]]) -> None:
    """Print medians, and their ratio where there are two sides."""
    for place, what in enumerate(("clock", "processor")):
        taken = {name: [pair[place] for pair in found] for name, found in times.items()}
        medians = {name: statistics.median(found) for name, found in taken.items()}
        for name, found in taken.items():
            shown = [round(value, 2) for value in found]
            print(f"{task} {what:9} {name:18} {medians[name]:7.2f} s   {shown}", flush=True)
        if len(medians) == 2:
            ours, peer = medians.values()
            print(f"{task} {what:9} ratio              {ours / peer:7.3f}", flush=True)


if __name__ == "__main__":
    main()
