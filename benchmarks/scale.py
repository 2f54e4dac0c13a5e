"""Standardizing tables larger than memory: ours on DuckDB against hand-written SQL, and Spark's own share.

``python -m benchmarks.scale --rows 100_000_000`` makes ten columns of that many rows in pieces (8 GB) and
scores them both ways in one run; before it a tenth of the rows, for the time per row. Both sides are
weighed in processor time and in peak memory. ``--spark`` does the same on one and two local cores, in wall
time, beside a copy of the same bytes. ``--texts 1_000_000`` maps so many short texts, and a tenth of them.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COLUMNS, PIECE = 10, 1_000_000


def make(folder: Path, rows: int) -> None:
    """Ten columns of different centre and spread, a million rows a file, one cell in a hundred missing."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True)
    for part, start in enumerate(range(0, rows, PIECE)):
        rng = np.random.default_rng(part)
        size = min(PIECE, rows - start)
        columns = {}
        for place in range(COLUMNS):
            values = rng.standard_normal(size) * (place + 1) + 100.0 * place
            columns[f"c{place}"] = pa.array(values, mask=rng.random(size) < 0.01)
        pq.write_table(pa.table(columns), folder / f"{part:04d}.parquet")


def by_hand(source: str, target: str, memory: str) -> None:
    """What somebody who knows DuckDB writes: two statements."""
    import duckdb

    names = [f"c{place}" for place in range(COLUMNS)]
    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{memory}'")
        measures = ", ".join(f"avg({name}) AS m_{name}, stddev_pop({name}) AS s_{name}" for name in names)
        connection.execute(
            f"CREATE TEMP TABLE m AS SELECT {measures} FROM read_parquet('{source}/*.parquet')"
        )
        scores = ", ".join(f"({name} - m_{name}) / s_{name} AS {name}_z" for name in names)
        kept = ", ".join(names)
        connection.execute(
            f"COPY (SELECT {kept}, {scores} FROM read_parquet('{source}/*.parquet'), m) "
            f"TO '{target}' (FORMAT parquet, PER_THREAD_OUTPUT)"
        )


def ours(source: str, target: str, memory: str) -> None:
    """The function behind ``zetascope standardize --engine duckdb``."""
    from analytics.scale.runs import Engine, standardize_files

    engine = Engine("duckdb", memory=memory)
    standardize_files(source, Path(target), engine=engine, choices={"method": "zscore"})


def on_spark(source: str, target: str, cores: str) -> None:
    """The same on so many local cores; prints how long Spark's own start took."""
    from analytics.scale.applying import apply_lazy
    from analytics.scale.fitting import fit_lazy
    from analytics.scale.sessions import open_spark

    start = time.perf_counter()
    session = open_spark(master=f"local[{cores}]", settings={"spark.driver.memory": "2g"})
    session.range(1).count()
    started = time.perf_counter()
    table = session.read.parquet(source)
    parameters = fit_lazy(table)
    fitted = time.perf_counter()
    apply_lazy(parameters, table).write.parquet(target)
    done = time.perf_counter()
    # The same bytes read and written with nothing done in between.
    table.select("*", *(table[name].alias(f"{name}_z") for name in table.columns)).write.parquet(
        f"{target}.copy"
    )
    copied = time.perf_counter()
    session.stop()
    print(
        json.dumps(
            {"start": started - start, "fit": fitted - started, "apply": done - fitted, "copy": copied - done}
        )
    )


WORDS = (
    "card payment refund transfer account balance limit fee rate branch loan house garden river teacher "
    "school music engine bridge winter summer market price ticket train flight doctor medicine paper news"
).split()


def make_texts(folder: Path, rows: int) -> None:
    """Short sentences of five words around one of thirty, all different, 100,000 a file."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True)
    for part, start in enumerate(range(0, rows, 100_000)):
        draw = np.random.default_rng(part)
        numbers = np.arange(start, min(start + 100_000, rows))
        chosen = draw.integers(0, len(WORDS), size=(len(numbers), 3))
        texts = [
            f"my {WORDS[a]} and the {WORDS[a - 1]} {WORDS[b]} {WORDS[c]} {number}"
            for number, (a, b, c) in zip(numbers.tolist(), chosen.tolist(), strict=True)
        ]
        pq.write_table(pa.table({"text": texts}), folder / f"{part:04d}.parquet")


def on_a_map(source: str, target: str, laid_out: str) -> None:
    """What ``zetascope map --engine duckdb`` does; prints what it says of the map."""
    from analytics.scale.maps import unseen
    from analytics.scale.runs import Engine, map_files

    found, _ = map_files(
        source, Path(target), "text", engine=Engine("duckdb"), model="all-MiniLM-L6-v2", stages=unseen,
        laid_out=int(laid_out),
    )  # fmt: skip
    print(found.sentence())


def compare_maps(rows: int, folder: Path) -> None:
    """A tenth of the texts and all of them, laid out as many as a tenth has."""
    for size in (rows // 10, rows):
        source, target = folder / f"texts{size}", folder / "mapped"
        make_texts(source, size)
        seconds, memory, said = measured("map", source, target, str(min(200_000, rows // 10)))
        print(
            f"{size:>12,} texts: {seconds:8.1f} s of processor, {1e3 * seconds / size:6.2f} ms a text, ",
            end="",
        )
        print(f"{memory:5.2f} GB. {said.strip().splitlines()[-1]}", flush=True)


SIDES = {"map": on_a_map, "hand": by_hand, "ours": ours, "spark": on_spark}


def measured(side: str, source: Path, target: Path, setting: str) -> tuple[float, float, str]:
    """Processor seconds and peak gigabytes of a process of its own, and what it printed."""
    shutil.rmtree(target, ignore_errors=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    words = [sys.executable, "-m", "benchmarks.scale", "--side", side, str(source), str(target), setting]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, own = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{side} failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    seconds = max(seconds, own.ru_utime + own.ru_stime)
    shutil.rmtree(target, ignore_errors=True)
    return seconds, own.ru_maxrss / 2**20, said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=4_000_000)
    parser.add_argument("--memory", default="4GB")
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--texts", type=int, default=0)
    parser.add_argument("--side", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.side:
        side, *rest = asked.side
        SIDES[side](*rest)
        return
    with tempfile.TemporaryDirectory() as folder:
        if asked.texts:
            compare_maps(asked.texts, Path(folder))
            return
        for rows in (asked.rows // 10, asked.rows):
            source, target = Path(folder) / f"in{rows}", Path(folder) / "out"
            make(source, rows)
            found: dict[str, list[tuple[float, float, str]]] = {"hand": [], "ours": []}
            for _ in range(asked.repeat):
                for side, results in found.items():
                    results.append(measured(side, source, target, asked.memory))
            best = {side: min(results) for side, results in found.items()}
            for side, (seconds, memory, _) in best.items():
                print(
                    f"{rows:>12,} rows x {COLUMNS}: {side:<5}{seconds:8.1f} s of processor, "
                    f"{1e9 * seconds / rows / COLUMNS:7.1f} ns a cell, {memory:5.2f} GB", flush=True,
                )  # fmt: skip
            print(f"{'':>12} ours / hand: {best['ours'][0] / best['hand'][0]:.2f}", flush=True)
            for cores in ("1", "2") if asked.spark and rows == asked.rows else ():
                _, _, said = measured("spark", source, target, cores)  # Java's own time is not our child's
                print(f"spark on {cores}, wall seconds: {said.strip().splitlines()[-1]}", flush=True)
                shutil.rmtree(f"{target}.copy", ignore_errors=True)
            shutil.rmtree(source)


if __name__ == "__main__":
    main()
