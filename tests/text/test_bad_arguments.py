"""Whatever a caller gives: a right answer, or one sentence of ours; never a raw error from within."""

import inspect
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import analytics.text as text
from analytics.errors import ZetascopeError
from analytics.text import neighbor_graph, project
from analytics.text.topics.phrases import count_phrases
from tests.naming import naming

TEXTS = [f"text {row}" for row in range(8)]
GOOD = np.eye(8, dtype=np.float32)
GRAPH = neighbor_graph(GOOD, k=3)
LABELS = np.zeros(len(GOOD), int)
DUPLICATES = text.near_duplicates(GRAPH, vectors=GOOD)
MAP = project(GOOD, method="pca")
FRAME = pd.DataFrame({"a": range(8), "t": TEXTS})
INDEX = text.index_words(TEXTS)
PHRASES = count_phrases(TEXTS)
FOUND = text.cluster(MAP, TEXTS)


def summarised(selected: object, vectors: object) -> text.SelectionSummary:
    return text.summarise_selection(selected, vectors=vectors, neighbors=GRAPH, phrases=PHRASES)


def with_nan(value: float = np.nan) -> np.ndarray:
    broken = GOOD.copy()
    broken[3, 3] = value
    return broken


VECTORS = {
    "words": np.array([["a", "b"], ["c", "d"]]),
    "objects": np.array([[None, "x"], [1, 2]], dtype=object),
    "ragged": [[1.0], [1.0, 2.0]],
    "complex": np.eye(3) * 1j,
    "dates": np.array([["2024-01-01"]], dtype="datetime64[s]"),
    "a number": 3.5,
    "none": None,
    "a cube": np.ones((2, 2, 2)),
    "no rows": np.zeros((0, 4), np.float32),
    "no columns": np.zeros((4, 0), np.float32),
    "empty": [],
    "one row": np.ones((1, 4), np.float32),
    "NaN": with_nan(),
    "infinite": with_nan(np.inf),
    "too large": np.full((8, 8), 1e300),
    "whole numbers": np.eye(8, dtype=np.int64),
    "truth": np.eye(8, dtype=bool),
    "a table": pd.DataFrame(np.eye(8)),
    "nullable": pd.DataFrame({"a": pd.array([1, None], "Int64"), "b": pd.array([1, 2], "Int64")}),
    "half": np.eye(8, dtype=np.float16),
    "by columns": np.asfortranarray(GOOD),
}
NUMBERS = {"a word": "3", "none": None, "half": 2.5, "minus": -1, "nan": np.nan, "huge": 10**30, "list": [1]}
LISTS = {
    "one text": "a text",
    "none": None,
    "numbers": [1, 2, 3],
    "gaps": ["a", None, np.nan],
    "nothing": [],
    "bytes": [b"a"],
    "one": ["alone"],
    "a column": pd.Series(TEXTS),
    "missing in a column": pd.Series(["a", None], dtype="string"),
    "an array": np.array(TEXTS),
    "a surrogate": ["\ud83d", "b"],
}
ROWS = {
    "words": ["a"] * 8,
    "halves": np.arange(8) / 2,
    "too many": np.arange(9),
    "beyond": np.arange(8) + 5,
    "minus": np.arange(8) - 3,
    "twice": np.zeros(8, int),
    "a square": np.zeros((8, 8), int),
    "none": None,
}
FLAGS = {
    "words": ["x"] * 8,
    "few": [True],
    "none": None,
    "halves": np.full(8, 0.5),
    "cube": np.ones((8, 1, 1)),
}
FILES = {"text": "x", "empty": b"", "cut": b"\x93NUMPY"}


@dataclass(frozen=True)
class Call:
    """One public function and what may be wrong with one of its arguments."""

    name: str
    call: object
    wrong: dict

    def __str__(self) -> str:
        return self.name


def mixed(query: object, vectors: object, **how: object) -> object:
    return text.search_mixed("a", query, vectors, texts=TEXTS, index=INDEX, **how)


def floor(queries: object, texts: object, **how: object) -> object:
    return text.similarity_floor(lambda _: queries, GOOD, texts, **how)


def found(**choices: object) -> object:
    return text.cluster(MAP, TEXTS, choices=text.TopicChoices(**choices))


CALLS = [
    Call("neighbor_graph", lambda v: text.neighbor_graph(v, k=2), VECTORS),
    Call("neighbor_graph k", lambda v: text.neighbor_graph(GOOD, k=v), NUMBERS),
    Call("neighbor_graph seed", lambda v: text.neighbor_graph(GOOD, seed=v), NUMBERS),
    Call("project", lambda v: text.project(v), VECTORS),
    Call("project pca", lambda v: text.project(v, method="pca"), VECTORS),
    Call("project method", lambda v: text.project(GOOD, method=v), NUMBERS),
    Call("project n_neighbors", lambda v: text.project(GOOD, n_neighbors=v), NUMBERS),
    Call("project min_dist", lambda v: text.project(GOOD, min_dist=v), NUMBERS),
    Call("project dimensions", lambda v: text.project(GOOD, dimensions=v), NUMBERS),
    Call("project seed", lambda v: text.project(GOOD, seed=v), NUMBERS),
    Call("project neighbors", lambda v: text.project(v, neighbors=GRAPH), VECTORS),
    Call("transform", lambda v: MAP.transform(v), VECTORS),
    Call("map_quality", lambda v: text.map_quality(v, MAP.points), VECTORS),
    Call("map_quality points", lambda v: text.map_quality(GOOD, v), VECTORS),
    Call("map_quality k", lambda v: text.map_quality(GOOD, MAP.points, k=v), NUMBERS),
    Call("map_quality seed", lambda v: text.map_quality(GOOD, MAP.points, seed=v), NUMBERS),
    Call("point_trust", lambda v: text.point_trust(GRAPH, v, MAP.points), VECTORS),
    Call("point_trust points", lambda v: text.point_trust(GRAPH, GOOD, v), VECTORS),
    Call("point_trust k", lambda v: text.point_trust(GRAPH, GOOD, MAP.points, k=v), NUMBERS),
    Call("cluster texts", lambda v: text.cluster(MAP, v), LISTS),
    Call("cluster space", lambda v: text.cluster(MAP, TEXTS, space=v), NUMBERS),
    Call("cluster min_size", lambda v: text.cluster(MAP, TEXTS, min_size=v), NUMBERS),
    Call("cluster method", lambda v: found(method=v), NUMBERS),
    Call("cluster largest", lambda v: found(largest=v), NUMBERS),
    Call("cluster groups", lambda v: found(method="k-means", groups=v), NUMBERS),
    Call("cluster resolution", lambda v: found(method="leiden", resolution=v), NUMBERS),
    Call("cluster most_noise", lambda v: found(most_noise=v), NUMBERS),
    Call("group_unity", lambda v: text.group_unity(GRAPH, v, [0, 1]), VECTORS),
    Call("group_unity rows", lambda v: text.group_unity(GRAPH, GOOD, v), VECTORS),
    Call("group_unity k", lambda v: text.group_unity(GRAPH, GOOD, [0, 1], k=v), NUMBERS),
    Call("group_unity seed", lambda v: text.group_unity(GRAPH, GOOD, [0, 1], seed=v), NUMBERS),
    Call("agreement", lambda v: text.agreement(LABELS, v), VECTORS),
    Call("near_duplicates", lambda v: text.near_duplicates(GRAPH, v, vectors=GOOD), NUMBERS),
    Call("near_duplicates vectors", lambda v: text.near_duplicates(GRAPH, vectors=v), VECTORS),
    Call("kept_rows", lambda v: text.kept_rows(DUPLICATES, v, vectors=GOOD), LISTS),
    Call("kept_rows keep", lambda v: text.kept_rows(DUPLICATES, TEXTS, vectors=GOOD, keep=v), NUMBERS),
    Call("semantic_outliers", lambda v: text.semantic_outliers(GRAPH, k=v), NUMBERS),
    Call("search", lambda v: text.search(v, GOOD), VECTORS),
    Call("search vectors", lambda v: text.search(GOOD[0], v), VECTORS),
    Call("search k", lambda v: text.search(GOOD[0], GOOD, k=v), NUMBERS),
    Call("index_words", lambda v: text.index_words(v), LISTS),
    Call("search_mixed", lambda v: text.search_mixed(v, GOOD[0], GOOD, texts=TEXTS, index=INDEX), NUMBERS),
    Call("search_mixed by", lambda v: mixed(GOOD[0], GOOD, by=v), NUMBERS),
    Call("similarity_floor", lambda v: floor(GOOD, v), LISTS),
    Call("similarity_floor seed", lambda v: floor(GOOD, TEXTS, seed=v), NUMBERS),
    Call("similarity_floor queries", lambda v: floor(v, TEXTS), VECTORS),
    Call("search_mixed texts", lambda v: text.search_mixed("a", GOOD[0], GOOD, texts=v, index=INDEX), LISTS),
    Call("search_mixed vector", lambda v: mixed(v, GOOD), VECTORS),
    Call("search_mixed vectors", lambda v: mixed(GOOD[0], v), VECTORS),
    Call("text_column", lambda v: text.text_column(v), LISTS | VECTORS),
    Call("text_column of", lambda v: text.text_column(pd.Series(v, dtype=object)), LISTS),
    Call("text_column limit", lambda v: text.text_column(FRAME["t"], limit=v), NUMBERS),
    Call("map_table", lambda v: text.map_table(FRAME, v, MAP), ROWS),
    Call("map_table selected", lambda v: text.map_table(FRAME, np.arange(8), MAP, selected=v), FLAGS),
    Call("map_table read_share", lambda v: text.map_table(FRAME, np.arange(8), MAP, read_share=v), FLAGS),
    Call("category_shares", lambda v: text.category_shares(FRAME["t"], v), FLAGS | ROWS),
    Call("category_shares values", lambda v: text.category_shares(v, np.arange(8) < 3), LISTS),
    Call("category_shares most", lambda v: text.category_shares(FRAME["t"], np.ones(8), most=v), NUMBERS),
    Call("disagreements", lambda v: text.disagreements(GRAPH, v), LISTS),
    Call("disagreements k", lambda v: text.disagreements(GRAPH, FRAME["t"], k=v), NUMBERS),
    Call("disagreements below", lambda v: text.disagreements(GRAPH, FRAME["t"], below=v), NUMBERS),
    Call("languages_of", lambda v: text.languages_of(v), LISTS),
    Call("likely_members", lambda v: text.likely_members(v, np.arange(8) < 2), VECTORS),
    Call("likely_members members", lambda v: text.likely_members(GOOD, v), FLAGS | ROWS),
    Call("likely_members most", lambda v: text.likely_members(GOOD, np.arange(8) < 2, most=v), NUMBERS),
    Call("marked_spans", lambda v: text.marked_spans(v, "a"), NUMBERS | LISTS),
    Call("marked_spans query", lambda v: text.marked_spans("a text", v), NUMBERS | LISTS),
    Call("quick_agreement", lambda v: text.quick_agreement(GOOD, v), VECTORS),
    Call("strip_markup", lambda v: text.strip_markup(v), LISTS),
    Call("summarise_selection", lambda v: summarised(v, GOOD), FLAGS | ROWS),
    Call("summarise_selection vectors", lambda v: summarised(np.arange(8) < 3, v), VECTORS),
    Call("topic_levels", lambda v: text.topic_levels(MAP, v, choices=text.TopicChoices()), LISTS),
    Call("topic_shares", lambda v: text.topic_shares(FOUND, v), LISTS),
    Call("topic_shares of", lambda v: text.topic_shares(FOUND, pd.Series(v, dtype=object)), LISTS),
    Call("selection_differences", lambda v: text.selection_differences(FRAME, v), FLAGS | ROWS),
    Call("vectors_per_row", lambda v: text.vectors_per_row(v, np.arange(8), 8), VECTORS),
    Call("vectors_per_row rows", lambda v: text.vectors_per_row(GOOD, v, 8), ROWS),
    Call("vectors_per_row count", lambda v: text.vectors_per_row(GOOD, np.arange(8), v), NUMBERS),
    Call("write_vectors", lambda v: text.write_vectors(v), VECTORS),
    Call("write_vectors form", lambda v: text.write_vectors(GOOD, form=v), {"other": "pickle", "empty": ""}),
    Call("read_vectors", lambda v: text.read_vectors(v), NUMBERS | FILES),
    Call("read_vectors rows", lambda v: text.read_vectors(text.write_vectors(GOOD), rows=v), NUMBERS),
    Call("load_encoder", lambda v: text.load_encoder(v), NUMBERS | {"folder": Path("missing")}),
    Call("load_encoder backend", lambda v: text.load_encoder(backend=v), NUMBERS),
]  # fmt: skip


def told_or_answered(call: object, value: object) -> None:
    try:
        call(value)
    except ZetascopeError as error:
        assert str(error).endswith(".") and "\n" not in str(error)


@pytest.mark.parametrize("one", CALLS, ids=str)
def test_a_public_function_answers_or_says_what_is_wrong(one: Call) -> None:
    for kind, value in one.wrong.items():
        with naming(kind):
            told_or_answered(one.call, value)


@pytest.mark.parametrize("kind", [kind for kind in LISTS if kind != "a surrogate"])
def test_cached_encoding_answers_or_says_what_is_wrong(kind: str, encoder) -> None:
    told_or_answered(lambda v: text.encode_cached(encoder, v, store=text.MemoryVectors()), LISTS[kind])


@pytest.mark.parametrize(
    "kind", ["NaN", "infinite", "too large", "words", "ragged", "complex", "none", "a cube"]
)
def test_broken_vectors_are_never_answered(kind: str) -> None:
    calls = (
        neighbor_graph,
        project,
        MAP.transform,
        text.write_vectors,
        lambda v: text.search(GOOD[0], v),
        lambda v: text.search(v, GOOD),
        lambda v: text.map_quality(v, MAP.points),
    )
    for call in calls:
        with pytest.raises(ZetascopeError):
            call(VECTORS[kind])


def test_right_answers_do_not_depend_on_the_type() -> None:
    expected = neighbor_graph(GOOD, k=2)
    for kind in ("whole numbers", "truth", "a table", "half", "by columns"):
        np.testing.assert_array_equal(neighbor_graph(VECTORS[kind], k=2).indices, expected.indices)
        assert text.search(GOOD[2], VECTORS[kind]).rows[0] == 2


def test_every_public_function_is_called_above() -> None:
    called = {str(one).split()[0] for one in CALLS} | {"encode_cached"}
    functions = {name for name in text.__all__ if inspect.isfunction(getattr(text, name))}
    # Those left take nothing, or an encoder.
    assert functions - called == {"open_cache", "warm_up", "cut_passages", "encode_passages"}
