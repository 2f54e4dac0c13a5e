"""Speed, memory and quality of the text map on banking77 (13,083 customer questions with 77 intents).

    python -m benchmarks.text_map FOLDER --atlas BIN/embedding-atlas      # everything
    python -m benchmarks.text_map FOLDER --sizes --rounds 1               # a quick look, without growth

FOLDER holds train.csv and test.csv of banking77 (Casanueva et al. 2020, CC BY 4.0, published at
github.com/PolyAI-LDN/task-specific-datasets). embedding-atlas belongs in an environment of its own:
``pip install embedding-atlas==0.26.0``; it gets the same packaged model and an empty cache. Both sides take
turns, ``--rounds`` of them, and medians are printed. Each size of the growth table has a process of its own,
so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analytics.text import (
    TextEncoder,
    cluster,
    load_encoder,
    neighbor_graph,
    processor,
    project,
    quick_agreement,
)
from analytics.text.batches import first_count
from analytics.text.projection import spread

_QUICK_TEXTS = 2_000


def read_banking(folder: Path) -> pd.DataFrame:
    """Both parts, one after the other."""
    return pd.concat([pd.read_csv(folder / f"{part}.csv") for part in ("train", "test")], ignore_index=True)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def costs(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and seconds of processor time, which a busy machine changes little."""
    busy = time.process_time()
    passed = seconds(work)
    return passed, time.process_time() - busy


def compare_encoding(encoder: TextEncoder, texts: list[str], *, rounds: int, share: int) -> None:
    """Both sides in turn; the slower one reads every ``share``-th text, evenly spread over lengths."""
    few = [texts[row] for row in np.argsort([len(text) for text in texts], kind="stable")[::share]]
    encoder.warm_up()
    ours, theirs, by_cost = [], [], []
    for _ in range(rounds):
        mine = costs(lambda: encoder.encode(texts))
        other = costs(lambda: encoder.model.encode(few, show_progress_bar=False))
        ours.append(len(texts) / mine[0])
        theirs.append(len(few) / other[0])
        by_cost.append(other[1] / len(few) / (mine[1] / len(texts)))
    cosine = (encoder.encode(few) * encoder.model.encode(few, show_progress_bar=False)).sum(axis=1)
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    print(f"encoding ({encoder.backend}): {statistics.median(ours):,.0f} texts/s", end="; ")
    print(f"SentenceTransformer.encode {statistics.median(theirs):,.0f} texts/s; ratio {ratio:.1f}", end="")
    print(f", by processor time {statistics.median(by_cost):.2f}")
    print(f"cosine to float32: worst {cosine.min():.6f}, mean {cosine.mean():.6f}")


def measure_first(encoder: TextEncoder, texts: list[str]) -> None:
    """What the page shows first of many texts whose vectors are not known, step by step."""
    encoder.warm_up()
    some = [texts[place] for place in spread(len(texts), first_count(texts) or len(texts)).tolist()]
    made: dict[str, Any] = {}
    steps: dict[str, Callable[[], object]] = {
        "reading": lambda: made.update(vectors=encoder.encode(some)),
        "neighbours": lambda: made.update(graph=neighbor_graph(made["vectors"], k=45)),
        "layout": lambda: made.update(map=project(made["vectors"], neighbors=made["graph"])),
        "topics": lambda: cluster(made["map"], some),
    }
    spent = {name: costs(work) for name, work in steps.items()}
    told = ", ".join(f"{name} {passed:.1f} ({busy:.1f})" for name, (passed, busy) in spent.items())
    total = [sum(each) for each in zip(*spent.values(), strict=True)]
    print(
        f"first map, {len(some):,} of {len(texts):,} texts: {total[0]:.1f} s, of which two cores need",
        end=" ",
    )
    print(f"{total[1] / 2:.1f}; seconds (of processor time): {told}")


def compare_quick(encoder: TextEncoder, texts: list[str], *, rounds: int) -> None:
    """What was measured to choose the runtime, and what quick vectors save and keep."""
    encoder.warm_up()
    if encoder.choice:
        print(encoder.choice.sentence())
    quick = load_encoder(backend="quick")
    quick.warm_up()
    some = texts[:: max(1, len(texts) // _QUICK_TEXTS)]
    times = [
        [seconds(lambda: side.encode(some)) for side in (encoder, quick)]  # noqa: B023
        for _ in range(rounds)
    ]
    ratio = statistics.median(exact / fast for exact, fast in times)
    told = quick_agreement(encoder.encode(some), quick.encode(some))
    rate = len(some) / min(fast for _, fast in times)
    print(f"quick vectors: {rate:,.0f} texts/s, ratio {ratio:.2f}; {told.sentence()}")


def compare_precisions() -> None:
    """How fast this processor multiplies in each precision: what half precision can save at most here."""
    import torch

    rates = {}
    for precision in (torch.float32, torch.bfloat16):
        left, right = (torch.ones(size, dtype=precision) for size in ((832, 384), (1536, 384)))
        times = [seconds(lambda: torch.nn.functional.linear(left, right)) for _ in range(40)]  # noqa: B023
        rates[precision] = 2 * 832 * 384 * 1536 / statistics.median(times) / 1e9
    shown = ", ".join(f"{str(precision).split('.')[1]} {rate:.0f}" for precision, rate in rates.items())
    print(f"products of matrices, GFLOP/s: {shown}; ratio {rates[torch.bfloat16] / rates[torch.float32]:.1f}")


def compare_maps(vectors: np.ndarray, intents: np.ndarray, *, rounds: int) -> None:
    """Time and trustworthiness of our map and umap-learn's, and how often neighbours share the intent."""
    from sklearn.manifold import trustworthiness
    from umap import UMAP

    graph = neighbor_graph(vectors, k=45)
    share = (intents[graph.indices[:, :10]] == intents[:, None]).mean()
    print(f"of the 10 nearest neighbours, {share:.1%} share the intent")
    sides: dict[str, Callable[[], np.ndarray]] = {
        "ours": lambda: project(vectors).points,
        "umap-learn": lambda: UMAP(metric="cosine", random_state=42).fit_transform(vectors),
    }
    made: dict[str, np.ndarray] = {}
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds + 1):  # the first of a process compiles or loads, and is told apart
        for name, work in sides.items():
            start = time.perf_counter()
            made[name] = work()
            times[name].append(time.perf_counter() - start)
    for name, points in made.items():
        # scikit-learn needs all pairwise distances in float64, so it judges every third text.
        value = trustworthiness(vectors[::3], points[::3], n_neighbors=15, metric="cosine")
        first, later = times[name][0], statistics.median(times[name][1:])
        print(f"map by {name}: first {first:.1f} s, later {later:.1f} s, trustworthiness {value:.4f}")


def compare_whole(folder: Path, atlas: str, *, rounds: int, share: int = 1) -> None:
    """CSV to finished map by both command lines, each in a fresh process with empty caches of vectors.

    Both map every ``share``-th text.
    """
    from analytics.text.model_files import find_model

    model = find_model("all-MiniLM-L6-v2").location
    runs: dict[str, list[tuple[float, float, float]]] = {"ours": [], "embedding-atlas": []}
    with tempfile.TemporaryDirectory() as place:
        source = Path(place) / "banking77.csv"
        read_banking(folder).iloc[::share].to_csv(source, index=False)
        for turn in range(rounds):
            cache = {"XDG_CACHE_HOME": f"{place}/cache{turn}", "HF_HUB_OFFLINE": "1"}
            ours = [sys.executable, "-m", "analytics", "map", str(source), f"{place}/map.parquet"]
            ours += ["--column", "text"]
            theirs = [atlas, str(source), "--text", "text", "--model", model]
            theirs += ["--export-application", f"{place}/atlas{turn}.zip"]
            runs["ours"].append(measured(ours, cache))
            runs["embedding-atlas"].append(measured(theirs, cache))
    for name, values in runs.items():
        times, peaks, busy = zip(*values, strict=True)
        shown = ", ".join(f"{value:.1f}" for value in times)
        print(f"CSV to map by {name}: median {statistics.median(times):.1f} s ({shown})", end="")
        print(f", processor time {statistics.median(busy):.1f} s, peak {statistics.median(peaks):.0f} MB")
    pairs = list(zip(runs["ours"], runs["embedding-atlas"], strict=True))
    ratios = [statistics.median(theirs[of] / ours[of] for ours, theirs in pairs) for of in (0, 2)]
    print(f"ratio {ratios[0]:.1f}, by processor time {ratios[1]:.1f}")


def measured(command: list[str], environment: dict[str, str]) -> tuple[float, float, float]:
    """Wall seconds, peak memory in MB and seconds of processor time of one command."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"failed: {' '.join(command)}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def grow(folder: Path, sizes: list[int]) -> None:
    """Time of each step and peak memory by number of texts, with the exponents fitted to their logarithms."""
    rows: list[dict[str, float]] = []
    for size in sizes:
        command = [sys.executable, "-m", "benchmarks.text_map", str(folder), "--one-size", str(size)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
        rows.append(json.loads(done.stdout.splitlines()[-1]))
        print(f"{size:>7,}: " + ", ".join(f"{name} {value:,.1f}" for name, value in rows[-1].items()))
    if len(sizes) < 2:
        return
    for name in rows[0]:
        exponent = np.polyfit(np.log(sizes), np.log([row[name] for row in rows]), 1)[0]
        print(f"{name}: grows with n^{exponent:.2f}")


def one_size(texts: list[str], size: int) -> dict[str, float]:
    """Seconds of each step for ``size`` distinct texts of the usual kind, and this process's memory."""
    encoder = load_encoder()
    encoder.warm_up()
    before = peak_mb()
    some = [f"{texts[i % len(texts)]} {i // len(texts) or ''}".strip() for i in range(size)]
    marks = [time.perf_counter()]
    vectors = encoder.encode(some)
    marks.append(time.perf_counter())
    graph = neighbor_graph(vectors, k=45)
    marks.append(time.perf_counter())
    projection = project(vectors, neighbors=graph)
    marks.append(time.perf_counter())
    cluster(projection, some)
    marks.append(time.perf_counter())
    names = ("encode, s", "neighbours, s", "map and trust, s", "clusters, s")
    steps = dict(zip(names, np.diff(marks).tolist(), strict=True))
    peak = peak_mb()
    return {**steps, "all, s": marks[-1] - marks[0], "peak, MB": peak, "above the model, MB": peak - before}


def peak_mb() -> float:
    """Peak memory of this process alone; getrusage would count what its parent held when it was started."""
    line = next(one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--atlas", help="the embedding-atlas command of another environment")
    parser.add_argument("--sizes", type=int, nargs="*", default=[5_000, 10_000, 20_000, 50_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--share", type=int, default=1, help="the slower encoder, and maps from CSV, read every n-th text"
    )
    parser.add_argument("--one-size", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    frame = read_banking(given.folder)
    texts = frame["text"].tolist()
    if given.one_size:
        print(json.dumps(one_size(texts, given.one_size)))
        return
    if given.atlas:
        compare_whole(given.folder, given.atlas, rounds=given.rounds, share=given.share)
    encoder = load_encoder()
    print(f"processor: {processor()}")
    compare_precisions()
    measure_first(encoder, texts)
    compare_quick(encoder, texts, rounds=given.rounds)
    compare_encoding(encoder, texts, rounds=given.rounds, share=given.share)
    compare_maps(encoder.encode(texts), frame["category"].to_numpy(), rounds=given.rounds)
    grow(given.folder, given.sizes)


if __name__ == "__main__":
    main()
