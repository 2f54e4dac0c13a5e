"""Heads that were made to follow a pattern are found to follow it, and even ones to spread evenly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.transformer.encoder.head_patterns import PATTERNS, head_patterns
from analytics.transformer.encoder.walk import trace_encoder
from analytics.transformer.tokens import TraceError
from tests.transformer import tiny_models as tiny

TEXT = "the map of the words"


@pytest.fixture(scope="module")
def trace(tmp_path_factory):
    return trace_encoder(TEXT, encoder=tiny.tiny_sentence_encoder("bert", tmp_path_factory.mktemp("bert")))


def with_head(trace, weights):
    """The trace with these weights in layer 2, head 1."""
    layer = trace.layers[1]
    changed = replace(layer, weights=np.stack([weights, *layer.weights[1:]]))
    return replace(trace, layers=(trace.layers[0], changed, *trace.layers[2:]))


def test_a_head_that_looks_back_is_found(trace):
    count = len(trace.tokens)
    found = head_patterns([with_head(trace, np.eye(count, k=-1))])
    layer, head, weight = found.ranked("previous token")[0]
    assert (layer, head, weight) == (1, 0, 1.0)
    assert found.weights["next token"][1, 0] == 0
    assert found.followers("previous token") >= 1


def test_a_head_that_looks_at_the_same_word_is_found(trace):
    ids = np.array([token.id for token in trace.source.tokens])
    alike = (ids[:, None] == ids) & ~np.eye(len(ids), dtype=bool)
    found = head_patterns([with_head(trace, alike.astype(float))])
    assert found.weights["same word"][1, 0] == 1


def test_an_even_head_is_as_strong_as_an_even_spread(trace):
    count = len(trace.tokens)
    found = head_patterns([with_head(trace, np.full((count, count), 1 / count))])
    for name in PATTERNS:
        assert found.weights[name][1, 0] == pytest.approx(found.even[name])
    assert found.even["itself"] == pytest.approx(1 / count)


def test_a_pattern_that_no_text_can_show_is_missing(tmp_path):
    alone = trace_encoder("map", encoder=tiny.tiny_sentence_encoder("bert", tmp_path))
    assert np.isnan(head_patterns([alone]).weights["same word"]).all()


def test_no_texts_are_refused():
    with pytest.raises(TraceError, match="at least one text"):
        head_patterns([])
