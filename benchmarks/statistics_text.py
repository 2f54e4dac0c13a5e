"""Nominal against realised for what the Text map page states; ``benchmarks.statistics`` lists them."""

import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from analytics.text import disagreements, neighbor_graph, point_trust, project, selection_differences
from analytics.text.finding.floor import nonsense, similarity_floor
from analytics.text.topics.unity import unity_of_each
from benchmarks.statistics_rows import SIZES, Realised, share

_RATE = 0.05
_STRANGE = 99
"""The percentile from which the page says that a new text's place means little."""
_FEW, _DIMENSIONS = 16, 32


def chance_of_maps(tables: int) -> Iterator[Realised]:
    """What the page says that a map at random would show of true neighbours, against shuffled maps."""
    for rows in (_FEW, *SIZES[1:4]):
        for copies in (1, 20):
            rng = np.random.default_rng(rows)
            vectors = np.resize(_texts(rng, -(-rows // copies)), (rows, _DIMENSIONS))
            graph, points = neighbor_graph(vectors, k=45), rng.normal(size=(rows, 2)).astype(np.float32)
            shown = np.array(
                [
                    point_trust(graph, vectors, points[rng.permutation(rows)]).kept.mean()
                    for _ in range(min(tables, 50))
                ]
            )
            stated = point_trust(graph, vectors, points).chance
            error = float(shown.std() / np.sqrt(len(shown)))
            what = f"a map at random shows, {copies} of each text"
            yield Realised(what, rows, 2, stated, float(shown.mean()), error, tolerance=1e-3)


def selections(tables: int) -> Iterator[Realised]:
    """p-values of columns that have nothing to do with the selection, and any of them called certain."""
    for rows in SIZES:
        p_values, certain = [], []
        for seed in range(tables if rows < 500 else max(tables // 10, 10)):
            rng = np.random.default_rng(seed)
            frame, kinds = _columns(rows, rng)
            selected = rng.permutation(rows) < max(rows // 5, 3)
            found = selection_differences(frame, selected, kinds=kinds)
            p_values += found["p_value"].tolist()
            certain.append((found["p_adjusted"] < _RATE).any())
        columns = len(kinds)
        yield share("selection, p below 5 %", rows, columns, _RATE, np.array(p_values) < _RATE, at_most=True)
        yield share("selection, any column certain", rows, columns, _RATE, np.array(certain), at_most=True)


def new_texts(tables: int) -> Iterator[Realised]:
    """How often a new text of the map's own kind is called unlike nearly all: one in a hundred is meant."""
    for rows in SIZES[2:]:
        told = []
        for seed in range(max(tables // 40, 5)):
            vectors = _texts(np.random.default_rng(seed), rows + 200)
            told.append(project(vectors[:rows], method="pca").transform(vectors[rows:])[1] >= _STRANGE)
        yield share("new text, called strange", rows, 2, 0.01, np.concatenate(told), tolerance=0.01)


def random_groups(tables: int) -> Iterator[Realised]:
    """How often texts drawn at random are called one group."""
    rng = np.random.default_rng(0)
    for rows in SIZES[1:4]:
        vectors = _texts(rng, rows)
        graph = neighbor_graph(vectors, k=15)
        for size in (3, max(rows // 5, 5)):
            groups = [rng.choice(rows, size, replace=False) for _ in range(tables)]
            told = np.array([one.is_one for one in unity_of_each(graph, vectors, groups)])
            yield share(f"{size} random texts, called a group", rows, 2, 0.01, told, at_most=True)


def search_floor(tables: int) -> Iterator[Realised]:
    """How often further nonsense finds a text above the floor, the 98th percentile of 60 such queries'."""
    rng = np.random.default_rng(0)
    words = ["".join(rng.choice(list("etaoinshrdlu"), rng.integers(2, 9))) for _ in range(400)]
    for rows in SIZES[:4]:
        texts = [" ".join(rng.choice(words, 8)) for _ in range(rows)]
        vectors, told = _by_letters(texts), []
        for seed in range(max(tables // 20, 5)):
            floor = similarity_floor(_by_letters, vectors, texts, seed=seed)
            queries = _by_letters(nonsense(texts, count=60, seed=10_000 + seed))
            told.append((queries @ vectors.T).max(axis=1) > floor)
        yield share("nonsense, above the floor", rows, 1, _RATE, np.concatenate(told), at_most=True)


def strange_categories(tables: int) -> Iterator[Realised]:
    """How often any row's category is called strange where categories have nothing to do with the texts."""
    for rows in SIZES[:4]:
        told = []
        for seed in range(tables if rows < 500 else max(tables // 4, 10)):
            rng = np.random.default_rng([rows, seed])
            graph = neighbor_graph(_texts(rng, rows), k=15)
            told.append(disagreements(graph, pd.Series(rng.choice(list("abc"), rows))).told)
        yield share("category, any row called strange", rows, 1, _RATE, np.array(told), at_most=True)


def _by_letters(texts: Sequence[str]) -> np.ndarray:
    """Unit vectors (n, d) of pairs of letters, for want of a model."""
    found = np.zeros((len(texts), 512), dtype=np.float32)
    for row, text in enumerate(texts):
        for pair in pairwise(text):
            found[row, zlib.crc32("".join(pair).encode()) % 512] += 1
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def _texts(rng: np.random.Generator, count: int) -> np.ndarray:
    """Unit vectors in five loose groups."""
    centres = rng.normal(size=(5, _DIMENSIONS))
    found = centres[rng.integers(0, 5, count)] + rng.normal(scale=0.8, size=(count, _DIMENSIONS))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def _columns(rows: int, rng: np.random.Generator) -> tuple[pd.DataFrame, dict[str, str]]:
    """Numbers, ties, common, rare and many levels."""
    frame = pd.DataFrame(
        {
            "number": rng.normal(size=rows),
            "count": rng.integers(0, 4, rows),
            "common": rng.choice(["a", "b", "c"], rows),
            "rare": rng.choice(["a", "b", "c"], rows, p=[0.96, 0.03, 0.01]),
            "many": rng.integers(0, 50, rows).astype(str),
        }
    )
    kinds = {
        "number": "number",
        "count": "number",
        "common": "category",
        "rare": "category",
        "many": "category",
    }
    return frame, kinds
