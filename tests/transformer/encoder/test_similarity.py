"""Pairs sum to the cosine; heads switched off change what they should."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analytics.transformer.arithmetic import cosine
from analytics.transformer.encoder.head_switch import random_head_sets, switch_heads
from analytics.transformer.encoder.pooling import MODES, pool_parts, pooling_ledger
from analytics.transformer.encoder.similarity import attribute_similarity, explain_similarity
from analytics.transformer.encoder.walk import trace_encoder
from analytics.transformer.tokens import TraceError
from tests.transformer import tiny_models as tiny

A, B = "I love machine learning", "we read the map of all texts"
HIDDEN = arrays(np.float64, st.tuples(st.integers(1, 6), st.just(5)), elements=st.floats(-50, 50))


@pytest.fixture(scope="module", params=["bert", "modernbert", "mpnet"])
def encoder(request, tmp_path_factory):
    return tiny.tiny_sentence_encoder(request.param, tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module")
def bert_pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pair")
    return explain_similarity(A, B, encoder=tiny.tiny_sentence_encoder("bert", folder))


def test_pairs_sum_to_the_cosine_of_the_encoders_vectors(encoder):
    trace = explain_similarity(A, B, encoder=encoder)
    a, b = encoder.encode([A, B])
    assert trace.matrix.shape == (len(trace.tokens_a), len(trace.tokens_b))
    assert trace.matrix.sum() == pytest.approx(trace.cosine, abs=1e-12)
    assert trace.cosine == pytest.approx(cosine(a, b), abs=1e-5)
    assert all(one.passed for one in trace.checks)
    rest = trace.matrix[~trace.touches_special].sum()
    assert trace.special_part + rest == pytest.approx(trace.cosine)


@pytest.mark.parametrize(
    ("cosine_is", "said"),
    [
        (-0.003, "give -0.0089"),
        (0.09, "give -0.0089"),
        (-0.2, "give -0.0089 (4%)"),
        (0.5, "give -0.0089 (-2%)"),
        (0.0, "give -0.0089"),
    ],
)
def test_of_a_cosine_near_nothing_amounts_are_told_and_no_shares(bert_pair, cosine_is, said):
    pair = replace(bert_pair, cosine=cosine_is, special_part=-0.0089)
    assert pair.special_sentence() == f"pairs that touch an added token {said}"


@pytest.mark.parametrize("pooling", ["cls", "max", "weightedmean"])
def test_pairs_sum_to_the_cosine_under_other_poolings(tmp_path, pooling):
    encoder = tiny.tiny_sentence_encoder("bert", tmp_path, pooling=pooling)
    trace = explain_similarity(A, B, encoder=encoder)
    assert trace.matrix.sum() == pytest.approx(cosine(*encoder.encode([A, B])), abs=1e-5)


def test_a_text_is_fully_similar_to_itself(encoder):
    trace = explain_similarity(A, A, encoder=encoder)
    assert trace.matrix.sum() == pytest.approx(1, abs=1e-12)
    assert np.allclose(trace.matrix, trace.matrix.T)


def test_attributions_of_the_pair_end_at_its_cosine(encoder):
    trace = explain_similarity(A, B, encoder=encoder)
    for attribution in attribute_similarity(trace, encoder=encoder):
        assert attribution.end == pytest.approx(trace.cosine, abs=1e-5)
        assert attribution.gap < 0.02


@given(HIDDEN, st.sampled_from(MODES), st.data())
@settings(max_examples=80, deadline=None)
def test_ledger_parts_sum_to_a_unit_vector_and_shares_to_one(hidden, mode, data):
    counted = np.array(data.draw(st.lists(st.booleans(), min_size=len(hidden), max_size=len(hidden))))
    if not counted.any():
        with pytest.raises(TraceError):
            pool_parts(hidden, counted, mode)
        return
    special = np.zeros(len(hidden), bool)
    ledger = pooling_ledger(hidden, counted, special, mode=mode)
    assert np.allclose(ledger.parts.sum(0), ledger.vector)
    assert np.abs(ledger.parts[~counted]).max(initial=0) == 0
    if np.linalg.norm(pool_parts(hidden, counted, mode).sum(0)) > 1e-9:
        assert ledger.shares.sum() == pytest.approx(1)


def test_switching_heads_equals_a_trace_with_them_off(encoder):
    result = switch_heads(A, [(0, 1), (1, 2)], encoder=encoder, random_sets=5)
    traced = trace_encoder(A, encoder=encoder, heads_off=[(0, 1), (1, 2)])
    assert np.abs(result.after - traced.vector).max() < 1e-5
    assert np.abs(result.before - encoder.encode(A)).max() < 1e-5
    assert result.cosine == pytest.approx(cosine(result.before, result.after), abs=1e-12)
    for drawn, value in zip(result.random_heads, result.random_cosines, strict=True):
        assert len(set(drawn)) == 2
        assert not set(drawn) & {(0, 1), (1, 2)}
        off = trace_encoder(A, encoder=encoder, heads_off=drawn)
        assert value == pytest.approx(cosine(off.vector, result.before), abs=1e-5)
    assert 0 <= result.rank <= 1


def test_random_heads_repeat_with_their_seed(encoder):
    base = encoder[0].model
    assert random_head_sets(base, [(0, 0)], 4, 7) == random_head_sets(base, [(0, 0)], 4, 7)
    assert random_head_sets(base, [(0, 0)], 4, 7) != random_head_sets(base, [(0, 0)], 4, 8)
    everything = [(layer, head) for layer in range(2) for head in range(3)]
    assert random_head_sets(base, everything, 4, 0) == ()


def test_no_head_and_no_such_head_are_refused(encoder):
    with pytest.raises(TraceError, match="No head is chosen"):
        switch_heads(A, [], encoder=encoder)
    with pytest.raises(TraceError, match="Layer 1, head 4 does not exist"):
        switch_heads(A, [(0, 3)], encoder=encoder)
