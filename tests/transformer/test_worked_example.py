"""The example on paper: its printed numbers, a second way to compute it, and what a reader may break."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from analytics.transformer.tokens import TraceError
from analytics.transformer.worked_example import (
    HandNumbers,
    HandTarget,
    decoder_step,
    sinusoidal_positions,
    work_through,
    written_product,
)


def test_sums_are_the_printed_ones():
    sums = work_through().sums
    assert np.allclose(
        sums, [[0.11, 0.32, 0.53], [0.22, 0.43, 0.64], [0.33, 0.54, 0.75], [0.44, 0.65, 0.86]], atol=1e-12
    )


def test_first_row_by_hand():
    """0.11² + 0.32² + 0.53² = 0.3954, over √3; the softmax of the row worked out on paper."""
    walk = work_through()
    assert walk.products[0] == pytest.approx([0.3954, 0.501, 0.6066, 0.7122], abs=1e-12)
    assert walk.scores[0, 0] == pytest.approx(0.3954 / math.sqrt(3), abs=1e-12)
    powers = [math.exp(value / math.sqrt(3)) for value in (0.3954, 0.501, 0.6066, 0.7122)]
    assert walk.weights[0] == pytest.approx([power / sum(powers) for power in powers], abs=1e-12)
    expected = sum(p * v for p, v in zip(powers, (0.11, 0.22, 0.33, 0.44), strict=True)) / sum(powers)
    assert walk.output[0, 0] == pytest.approx(expected, abs=1e-12)


def test_changed_matrices_change_what_follows_and_nothing_before():
    plain = work_through()
    changed = work_through(HandNumbers(w_q=np.array([[0.0, 1, 0], [1, 0, 0], [0, 0, 2]])))
    assert np.array_equal(changed.sums, plain.sums)
    assert changed.q[0] == pytest.approx([0.32, 0.11, 1.06])
    assert np.array_equal(changed.v, plain.v)
    assert not np.allclose(changed.weights, plain.weights)
    assert changed.weights.sum(1) == pytest.approx(1)


def test_sinusoids_of_the_paper():
    table = sinusoidal_positions(50, 6)
    assert table[0].tolist() == [0, 1, 0, 1, 0, 1]
    assert table[7, 2] == pytest.approx(math.sin(7 / 10000 ** (2 / 6)))
    assert table[7, 5] == pytest.approx(math.cos(7 / 10000 ** (4 / 6)))


def test_decoder_step_sees_no_future_and_chooses_the_article():
    step = decoder_step(work_through())
    assert step.self_weights[0] == pytest.approx([1, 0, 0])
    assert np.isneginf(step.mask[0, 1:]).all()
    assert step.self_weights.sum(1) == pytest.approx(1)
    assert step.cross_weights.sum() == pytest.approx(1)
    assert step.probabilities.sum() == pytest.approx(1)
    assert step.chosen == "l'"


def test_decoder_step_agrees_with_plain_loops():
    walk, target = work_through(), HandTarget()
    step = decoder_step(walk, target)
    state = [
        [e + p for e, p in zip(*rows, strict=True)]
        for rows in zip(target.embeddings, target.positions, strict=True)
    ]
    scores = [sum(a * b for a, b in zip(state[2], row, strict=True)) / math.sqrt(3) for row in state]
    powers = [math.exp(score) for score in scores]
    mixed = [sum(p * row[d] for p, row in zip(powers, state, strict=True)) / sum(powers) for d in range(3)]
    last = [a + b for a, b in zip(state[2], mixed, strict=True)]
    cross = [
        math.exp(sum(a * b for a, b in zip(last, row, strict=True)) / math.sqrt(3)) for row in walk.output
    ]
    assert step.cross_weights == pytest.approx([value / sum(cross) for value in cross])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"w_k": np.eye(2)}, "w_k has the shape"),
        ({"tokens": ("I", "love")}, "2 tokens need"),
        ({"w_v": np.full((3, 3), np.nan)}, "w_v has an empty cell"),
    ],
)
def test_numbers_that_do_not_fit_are_named(change, message):
    with pytest.raises(TraceError, match=message):
        work_through(replace(HandNumbers(), **change))


def test_products_are_written_as_on_paper():
    assert written_product([0.11, 0.32], [0.11, 0.32]) == "0.11·0.11 + 0.32·0.32 = 0.1145"
    assert written_product([-1.5], [2]) == "(-1.5)·2 = -3"
