"""Whatever a caller gives: a right answer, or one sentence of ours; never a raw error from within."""

from __future__ import annotations

import inspect
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analytics import transformer
from analytics.errors import ZetascopeError
from tests.transformer import tiny_models as tiny
from tests.transformer.tiny_causal import tiny_causal
from tests.transformer.tiny_translator import SENTENCE, tiny_translator

TEXTS = {
    "none": None,
    "a number": 3,
    "bytes": b"a text",
    "a list": ["a", "b"],
    "nothing": "",
    "blanks": " \n",
    "a surrogate": "a \ud83d b",
    "zero": "\x00",
}
HEADS = {
    "none": None,
    "a number": 3,
    "words": "ab",
    "one place": [(0,)],
    "three": [(0, 1, 2)],
    "halves": [(0.5, 1)],
    "beyond": [(9, 9)],
    "minus": [(-1, 0)],
    "nan": [(np.nan, 0)],
    "flat": [0, 1],
    "nothing": [],
}
PLACES = {"none": None, "a word": "a", "half": 0.5, "beyond": 99, "minus": -1, "list": [1]}
NUMBERS = {
    "none": None,
    "a word": "3",
    "half": 2.5,
    "minus": -1,
    "nan": float("nan"),
    "list": [1],
    "huge": 10**30,
}
PATHS = {
    "none": None,
    "words": ["a"],
    "nothing": [],
    "beyond": [10**6],
    "minus": [-1],
    "halves": [5.5],
    "a word": "5",
}
ARRAYS = {
    "none": None,
    "words": np.array(["a", "b"]),
    "a square": np.eye(2),
    "NaN": np.full((4, 3), np.nan),
    "a number": 3.0,
    "empty": np.zeros((0, 3)),
    "a list": [[0.0] * 3] * 4,
    "a cube": np.zeros((2, 2, 2)),
}


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    return tiny.tiny_sentence_encoder("bert", tmp_path_factory.mktemp("bert"))


@pytest.fixture(scope="module")
def translator():
    return tiny_translator(seed=2)


@pytest.fixture(scope="module")
def causal(tmp_path_factory):
    return tiny_causal("gpt2", tmp_path_factory.mktemp("gpt2"))


@pytest.fixture(scope="module")
def trace(encoder):
    return transformer.trace_encoder("we read texts", encoder=encoder)


@pytest.fixture(scope="module")
def translation(translator):
    return transformer.trace_translation(SENTENCE, model=translator, max_new_tokens=5)


def told_or_answered(call, *given, **named) -> None:
    try:
        call(*given, **named)
    except ZetascopeError as error:
        assert str(error).endswith(".") and "\n" not in str(error)


@pytest.mark.parametrize("kind", TEXTS)
def test_texts(kind: str, encoder, translator, causal, trace) -> None:
    text = TEXTS[kind]
    told_or_answered(transformer.trace_encoder, text, encoder=encoder)
    told_or_answered(transformer.trace_encoders, text, encoder=encoder)
    told_or_answered(transformer.trace_encoders, [text, "b"], encoder=encoder)
    told_or_answered(transformer.explain_similarity, text, "we", encoder=encoder)
    told_or_answered(transformer.hiding_effects, text, encoder=encoder)
    told_or_answered(transformer.integrated_gradients, text, encoder=encoder)
    told_or_answered(transformer.switch_heads, text, [(0, 0)], encoder=encoder)
    told_or_answered(transformer.trace_translation, text, model=translator)
    told_or_answered(transformer.trace_prompt, text, model=causal, max_new_tokens=2)


WRONG_ENCODERS = {"none": None, "number": 3, "name": "all-MiniLM-L6-v2", "object": object()}


@pytest.mark.parametrize("wrong", WRONG_ENCODERS.values(), ids=WRONG_ENCODERS)
def test_encoders(wrong, trace) -> None:
    for name in ("trace_encoder", "hiding_effects", "integrated_gradients"):
        with pytest.raises(ZetascopeError, match="is not a text encoder"):
            getattr(transformer, name)("a", encoder=wrong)
    with pytest.raises(ZetascopeError, match="is not a text encoder"):
        transformer.switch_heads("a", [(0, 0)], encoder=wrong)
    pair = transformer.SimilarityTrace(trace, trace, np.eye(1), 1.0, 0.0)
    with pytest.raises(ZetascopeError, match="is not a text encoder"):
        transformer.attribute_similarity(pair, encoder=wrong)


@pytest.mark.parametrize("kind", HEADS)
def test_heads(kind: str, encoder) -> None:
    told_or_answered(transformer.trace_encoder, "we read", encoder=encoder, heads_off=HEADS[kind])
    told_or_answered(transformer.switch_heads, "we read", HEADS[kind], encoder=encoder)


@pytest.mark.parametrize("kind", NUMBERS)
def test_numbers(kind: str, encoder, translator, causal) -> None:
    number = NUMBERS[kind]
    told_or_answered(transformer.trace_encoder, "we read", encoder=encoder, max_bytes=number)
    told_or_answered(transformer.switch_heads, "we", [(0, 0)], encoder=encoder, seed=number)
    told_or_answered(transformer.integrated_gradients, "we", encoder=encoder, points=number)
    if kind != "huge":
        told_or_answered(transformer.switch_heads, "we", [(0, 0)], encoder=encoder, random_sets=number)
    for name in ("num_beams", "length_penalty", "temperature", "top_k", "top_p", "seed", "max_new_tokens"):
        for strategy in ("greedy", "beam", "sample"):
            named = {"max_new_tokens": 3, "strategy": strategy, name: number}
            told_or_answered(transformer.trace_translation, SENTENCE, model=translator, **named)
    for name in ("temperature", "top_k", "top_p", "seed", "max_new_tokens", "strategy"):
        named = {"max_new_tokens": 2, "strategy": "sample", name: number}
        told_or_answered(transformer.trace_prompt, "the map", model=causal, **named)
    told_or_answered(transformer.trace_translation, SENTENCE, model=translator, strategy=number)
    told_or_answered(transformer.trace_translation, SENTENCE, model=translator, prefix=number)


@pytest.mark.parametrize("kind", PLACES)
def test_places(kind: str, trace, translation, translator) -> None:
    place = PLACES[kind]
    told_or_answered(transformer.contrast, translation, place, 5, model=translator)
    told_or_answered(transformer.contrast, translation, 0, place, model=translator)
    told_or_answered(transformer.edge_readings, trace, layer=place, query=0)
    told_or_answered(transformer.edge_readings, trace, layer=0, query=place)
    told_or_answered(transformer.edge_readings, trace, layer=0, query=0, head=place)
    for name in ("key", "row", "column", "layer", "head"):
        at = replace(transformer.Place("scores", 0, 0), **{name: place})
        told_or_answered(transformer.check_number, trace, at)


@pytest.mark.parametrize("kind", PATHS)
def test_paths(kind: str, translation, translator) -> None:
    told_or_answered(transformer.contrast, translation, 0, PATHS[kind], model=translator)
    told_or_answered(transformer.trace_path, translation, PATHS[kind], model=translator)
    told_or_answered(transformer.trace_translation, SENTENCE, model=translator, prefix=PATHS[kind])


@pytest.mark.parametrize("wrong", [3, 2.5, ["a"], Path("no such folder"), "no such model", ""], ids=str)
def test_translators(wrong, translation) -> None:
    for call in (
        lambda: transformer.load_translator(wrong),
        lambda: transformer.trace_translation(SENTENCE, model=wrong),
        lambda: transformer.load_causal(wrong),
        lambda: transformer.trace_prompt("the map", model=wrong),
    ):
        with pytest.raises(ZetascopeError):
            call()


@pytest.mark.parametrize("kind", ARRAYS)
def test_numbers_by_hand(kind: str) -> None:
    walk = transformer.work_through()
    for name in ("embeddings", "positions", "w_q", "w_k", "w_v"):
        told_or_answered(transformer.work_through, replace(transformer.HandNumbers(), **{name: ARRAYS[kind]}))
    for name in ("embeddings", "positions", "output_embeddings"):
        target = replace(transformer.HandTarget(), **{name: ARRAYS[kind]})
        told_or_answered(transformer.decoder_step, walk, target)
    told_or_answered(transformer.check, "name", "x", ARRAYS[kind], np.eye(2))
    told_or_answered(transformer.check, "name", "x", np.eye(2), ARRAYS[kind])


def test_every_public_function_is_called_above() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    functions = [name for name in transformer.__all__ if inspect.isfunction(getattr(transformer, name))]
    only_a_trace = ("alti", "open_the_mask", "rollout")
    assert not [name for name in functions if name not in source and name not in only_a_trace]
