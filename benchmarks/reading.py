"""How fast, how frugal and how right the reader is.

    python -m benchmarks.reading [--polars-python PYTHON] [--rows 1000000] [--cases FOLDER]
                                 [--examples FOLDER] [--tables FOLDER] [--labelled TSV]

Speed and memory: ``read_table`` and ``polars.read_csv`` read the same file of 20 numeric columns, each in
child processes of its own, in turn; medians of wall time, processor time and peak memory, and their ratios.
``--polars-python`` names an interpreter that has polars. Then numbers as people write them (decimal commas,
money, percent) and a wide, short table, in this process. ``--cases`` is a copy of csv-spectrum
(https://github.com/max-mapper/csv-spectrum): ``csvs/`` and the table each must give in ``json/``.
``--examples`` is csvkit's folder of example files. ``--tables`` is a folder of clean CSV files to pollute
besides the built-in one. ``--labelled`` is a list of files with the delimiter and quote a person gives them,
in the form that ``benchmarks/labelled.py`` tells; with it only the share found right is printed, for
Zetascope and for Python's ``csv.Sniffer``.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from analytics.tables import ReadOptions, TableError, read_table
from benchmarks.labelled import score_labelled
from benchmarks.pollution import Row, pollute, restored

OURS = "from analytics.tables import read_table as read"
THEIRS = "from polars import read_csv as read"
ODD_EXAMPLES = {
    "bad.csv": (3, 3), "bad_skip_lines.csv": (3, 3), "mac_newlines.csv": (2, 3), "no_header_row.csv": (1, 3),
    "no_header_row2.csv": (1, 3), "no_header_row3.csv": (2, 3), "sniff_limit.csv": (1, 3),
    "test_latin1.csv": (2, 3), "test_utf16_big.csv": (2, 3), "test_utf16_little.csv": (2, 3),
    "test_skip_lines.csv": (1, 3), "join_a_short.csv": (3, 3),
}  # fmt: skip
"""(rows, columns) of the files that Python's parser does not read as they are meant."""
CHILD = """
import resource, sys, time
{load}
start, used = time.perf_counter(), time.process_time()
table = read(sys.argv[1])
wall, used = time.perf_counter() - start, time.process_time() - used
print(wall, used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def numbers_file(path: Path, rows: int) -> None:
    """16 columns of floats on several scales and 4 of whole numbers."""
    generator = np.random.default_rng(0)
    columns = {f"f{i}": np.round(generator.normal(size=rows) * 10 ** (i % 4), 5) for i in range(16)}
    columns |= {f"i{i}": generator.integers(0, 10 ** (i + 2), rows) for i in range(4)}
    pa_csv.write_csv(pa.table(columns), path, pa_csv.WriteOptions(quoting_style="none"))


def child(python: str, load: str, path: Path) -> tuple[float, float, float]:
    """(wall seconds, processor seconds, peak MB) of reading ``path`` in a fresh process."""
    command = [python, "-c", CHILD.format(load=load), str(path)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(shown[0]), float(shown[1]), float(shown[2])


def compare_speed(rows: int, python: str, rounds: int) -> None:
    """Print the medians of both readers and their ratios."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "numbers.csv"
        numbers_file(path, rows)
        print(f"{rows:,} rows x 20 columns, {path.stat().st_size / 1e6:.0f} MB, {rounds} rounds in turn")
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(child(sys.executable, OURS, path))
            theirs.append(child(python, THEIRS, path))
    medians = [[statistics.median(part) for part in zip(*runs, strict=True)] for runs in (ours, theirs)]
    for name, (wall, used, peak) in zip(("zetascope", "polars"), medians, strict=True):
        print(f"  {name:10} {wall:6.2f} s wall {used:6.2f} s processor {peak:6.0f} MB peak")
    ratios = [mine / other for mine, other in zip(*medians, strict=True)]
    print(f"  ratio      {ratios[0]:6.2f}        {ratios[1]:6.2f}            {ratios[2]:6.2f}")


def orders(count: int = 84) -> tuple[Row, list[Row]]:
    """A shop's orders: dates, times, codes, prices, descriptions with commas, quotes and line breaks."""
    rng = random.Random(1)
    words = "spread the love blue small large kit with handle set of four for kids outdoor steel wood".split()
    header = ["Date", "Time", "Quantity", "Code", "Price", "Kind", "Description", "Page", "Remark"]
    rows = []
    for _ in range(count):
        text = " ".join(rng.choices(words, k=rng.randint(3, 9))).capitalize()
        text += rng.choice(["", "", "", ", large", f', "{rng.choice(words)}" edition', "\nsecond line"])
        rows.append(
            [
                f"{rng.randint(1, 12):02d}/{rng.randint(1, 28):02d}/2018",
                f"{rng.randint(0, 23)}:{rng.randint(0, 59):02d}",
                str(rng.randint(1, 20)),
                f"P{rng.randint(100, 999)}",
                f"{rng.uniform(1, 300):.2f}",
                rng.choice(["Vinyl", "Book", "Toy", "Garden", "Kitchen"]),
                text,
                f"http://shop.example.com/p/{rng.randint(1000, 9999)}" if rng.random() < 0.9 else "",
                rng.choice(["", "ok", "call back, please", "late"]),
            ]
        )
    return header, rows


def clean_table(path: Path, most: int = 80) -> tuple[Row, list[Row]]:
    """Header and first rows of a clean CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[: most + 1]
    header = [name or "row" for name in rows[0]]
    return header, [row for row in rows[1:] if len(row) == len(header)]


def read_as_text(data: bytes) -> tuple[list[str], list[Row]]:
    """Names and rows; nothing where the reader refuses."""
    try:
        frame = read_table(data, options=ReadOptions(as_text=True)).frame.fillna("")
    except TableError:
        return [], []
    return list(frame.columns), frame.to_numpy().tolist()


def score_pollution(tables: list[tuple[Row, list[Row]]]) -> None:
    """Print, per kind of pollution, the mean F1 of records and the share of files restored entirely."""
    scores: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for seed, (header, rows) in enumerate(tables):
        for polluted in pollute(header, rows, seed=seed):
            scores[polluted.kind].append(restored(polluted, *read_as_text(polluted.data)))
    print(f"pollution of {len(tables)} clean tables: records restored (F1), files entirely right, files")
    means = []
    for kind, found in scores.items():
        f1, whole = (statistics.fmean(part) for part in zip(*found, strict=True))
        means.append((f1, whole))
        print(f"  {kind:30} {f1:.3f} {whole:.2f} {len(found):5}")
    f1, whole = (statistics.fmean(part) for part in zip(*means, strict=True))
    print(f"  mean over kinds: F1 {f1:.3f}, files entirely right {whole:.3f}")


def score_cases(folder: Path) -> None:
    """Print the share of csv-spectrum's files read exactly as their JSON says."""
    files = sorted((folder / "csvs").glob("*.csv"))
    right = 0
    for path in files:
        expected = json.loads((folder / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
        names, rows = read_as_text(path.read_bytes())
        found = [dict(zip(names, row, strict=True)) for row in rows]
        right += found == expected
        if found != expected:
            print(f"  {path.name}: {found} instead of {expected}")
    print(f"csv-spectrum: {right} of {len(files)} read exactly")


def expected_shape(path: Path) -> tuple[int, int] | None:
    """(rows, columns) of a sound CSV file with a header, by Python's own parser; ``None`` for all others."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    records = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    widths = {len(row) for row in records}
    return (len(records) - 1, widths.pop()) if len(widths) == 1 else None


def score_examples(folder: Path) -> None:
    """Print the share of csvkit's sound example files that give all rows and columns, and of its odd ones."""
    sound = {path.name: expected_shape(path) for path in sorted(folder.glob("*.csv"))} | ODD_EXAMPLES
    shapes = {name: shape for name, shape in sound.items() if shape}
    right = 0
    for name, shape in shapes.items():
        found = read_table(folder / name).frame.shape
        right += found == shape
        if found != shape:
            print(f"  {name}: {found} instead of {shape}")
    print(f"csvkit examples: {right} of {len(shapes)} give all rows and columns")


def written_numbers(rows: int) -> dict[str, tuple[str, dict[str, str]]]:
    """Files of eight columns as people write them, and what pandas must be told to read them, if it can."""
    values = np.random.default_rng(0).normal(scale=5000, size=(rows, 8)).round(2)
    swapped = str.maketrans(",.", ".,")
    cells = {
        "decimal comma": (lambda v: f"{v:.2f}".translate(swapped), {"decimal": ","}),
        "comma and groups": (lambda v: f"{v:,.2f}".translate(swapped), {"decimal": ",", "thousands": "."}),
        "dollars": (lambda v: f"${abs(v):,.2f}", {}),
        "percent": (lambda v: f"{v:.1f}%", {}),
    }
    head = ";".join("abcdefgh") + "\n"
    return {
        name: (head + "\n".join(";".join(map(write, row)) for row in values.tolist()), told)
        for name, (write, told) in cells.items()
    }


def compare_written(rows: int = 100_000, rounds: int = 5) -> None:
    """Print million cells a second of processor time for numbers as written by people, and a wide table."""
    print(f"{rows:,} rows x 8 columns, million cells a second of processor time: Zetascope, pandas told how")
    for name, (text, told) in written_numbers(rows).items():
        data = text.encode()
        speeds = [rows * 8 / median_used(partial(read_table, data), rounds) / 1e6]
        if told:
            theirs = partial(_pandas, data, told)
            speeds.append(rows * 8 / median_used(theirs, rounds) / 1e6)
        print(f"  {name:18s}" + "".join(f" {speed:6.2f}" for speed in speeds))
    columns = {
        f"c{i}": [f"2024-01-0{day}" if i % 5 == 4 else i * 7 + day for day in range(1, 6)]
        for i in range(10_000)
    }
    wide = pd.DataFrame(columns).to_csv(index=False).encode()
    print(f"  10,000 columns x 5 rows: {median_used(lambda: read_table(wide), rounds):.2f} s")


def _pandas(data: bytes, told: dict[str, str]) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(data), sep=";", decimal=told["decimal"], thousands=told.get("thousands"))


def median_used(run: Callable[[], object], rounds: int) -> float:
    """Median processor time of a run in seconds."""
    used = []
    for _ in range(rounds):
        start = time.process_time()
        run()
        used.append(time.process_time() - start)
    return statistics.median(used)


def main() -> None:
    """Run what the arguments ask for; the built-in table is always polluted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--polars-python", default=None)
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--examples", type=Path)
    parser.add_argument("--tables", type=Path)
    parser.add_argument("--labelled", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    if arguments.labelled:
        score_labelled(arguments.labelled)
        return
    if arguments.polars_python:
        compare_speed(arguments.rows, arguments.polars_python, arguments.rounds)
    else:
        print("speed: skipped; name an interpreter that has polars with --polars-python")
    compare_written()
    if arguments.cases:
        score_cases(arguments.cases)
    if arguments.examples:
        score_examples(arguments.examples)
    found = sorted(arguments.tables.glob("*.csv")) if arguments.tables else []
    score_pollution([orders(), *map(clean_table, found)])


if __name__ == "__main__":
    main()
