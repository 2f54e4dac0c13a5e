"""The stages of sampling against transformers' own code, and laws they must keep."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from transformers import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

from analytics.transformer.decoder.sampling import draw, entropy_bits, log_softmax, next_word, top_ids

logits = st.lists(st.floats(-20, 20, width=32), min_size=2, max_size=40).map(np.array)


def warped(scores: np.ndarray, temperature: float, top_k: int, top_p: float) -> np.ndarray:
    x = torch.tensor(scores[None], dtype=torch.float64)
    x = TemperatureLogitsWarper(temperature)(None, x)
    x = TopKLogitsWarper(top_k)(None, x) if top_k else x
    x = TopPLogitsWarper(top_p)(None, x) if top_p < 1 else x
    return x.softmax(-1)[0].numpy()


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.2, 3), st.integers(0, 30), st.floats(0.05, 1))
def test_final_distribution_is_transformers_own(seed, temperature, top_k, top_p):
    scores = np.random.default_rng(seed).normal(scale=3, size=50)
    ours = next_word(scores, temperature=temperature, top_k=top_k, top_p=top_p)
    np.testing.assert_allclose(ours.final, warped(scores, temperature, top_k, top_p), atol=1e-12)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(logits, st.floats(0.05, 5), st.integers(0, 50), st.floats(0.01, 1))
@example(np.array([-1e-35, 0.0]), 1.0, 1, 1.0)  # too close for their probabilities to differ
def test_laws_of_every_stage(scores, temperature, top_k, top_p):
    word = next_word(scores, temperature=temperature, top_k=top_k, top_p=top_p)
    for distribution in (word.probabilities, word.tempered, word.final):
        assert math.isclose(distribution.sum(), 1, rel_tol=1e-9)
    assert word.tempered[word.kept].max() == word.tempered.max()
    assert (word.final[~word.kept] == 0).all()
    assert word.mass_kept >= min(top_p, 1) * word.tempered[word.kept].sum() - 1e-12
    assert 0 <= word.entropy <= math.log2(len(scores)) + 1e-9


def test_top_p_alone_keeps_at_least_its_mass_and_no_token_more():
    word = next_word(np.log([0.5, 0.3, 0.15, 0.05]), top_p=0.7)
    assert word.kept.tolist() == [True, True, False, False]
    assert word.mass_kept == pytest.approx(0.8)
    assert word.final[:2] == pytest.approx([0.625, 0.375])


def test_cold_sharpens_and_heat_flattens():
    scores = np.array([2.0, 1.0, 0.0])
    cold, hot = next_word(scores, temperature=0.1), next_word(scores, temperature=100)
    assert cold.final[0] > 0.9999
    assert hot.final.max() - hot.final.min() < 0.01


def test_suppressed_ids_are_never_written_but_stay_in_the_models_own_numbers():
    word = next_word(np.array([5.0, 1.0, 0.0]), suppressed=(0,))
    assert word.probabilities[0] > 0.9
    assert word.final[0] == 0
    assert word.final.argmax() == 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12).filter(lambda row: sum(row) > 0))
def test_even_points_draw_in_proportion(weights):
    distribution = np.array(weights) / sum(weights)
    points = (np.arange(400) + 0.5) / 400
    counts = np.bincount([draw(distribution, point) for point in points], minlength=len(weights))
    assert np.abs(counts / 400 - distribution).max() <= 1 / 400
    assert (counts[distribution == 0] == 0).all()


def test_the_last_point_still_draws_something_possible():
    assert draw(np.array([0.0, 0.7, 0.3, 0.0]), np.nextafter(1, 0)) == 2


@settings(deadline=None)
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=30), st.integers(1, 40))
def test_top_ids_are_a_stable_sort(values, count):
    array = np.array(values, dtype=float)
    expected = np.argsort(-array, kind="stable")[: min(count, len(values))]
    best = top_ids(array, count)
    assert array[best].tolist() == array[expected].tolist()
    assert len(set(best.tolist())) == len(best)


def test_entropy_of_an_even_guess_and_of_certainty():
    assert entropy_bits(np.full(8, 1 / 8)) == pytest.approx(3)
    assert entropy_bits(np.array([0.0, 1.0])) == 0


def test_log_softmax_survives_large_logits():
    assert log_softmax(np.array([1000.0, 0.0])) == pytest.approx([0, -1000])
