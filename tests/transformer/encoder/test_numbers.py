"""Every kind of number can be rebuilt from the operands that are shown with it."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.figures.mathml import mathml
from analytics.transformer.encoder.number_check import CHECKABLE, Place, check_number
from analytics.transformer.encoder.stages import stage_array, stages_of
from analytics.transformer.encoder.walk import trace_encoder
from analytics.transformer.stages import STAGES
from analytics.transformer.tokens import TraceError
from analytics.transformer.written_numbers import latex_number
from tests.transformer import tiny_models as tiny

TEXT = "I love deeper learning and the map"


@pytest.fixture(scope="module", params=tiny.ENCODERS)
def trace(request, tmp_path_factory):
    encoder = tiny.tiny_sentence_encoder(request.param, tmp_path_factory.mktemp(request.param))
    return trace_encoder(TEXT, encoder=encoder)


def test_every_cell_of_every_stage_is_recomputed_from_its_operands(trace):
    generator = np.random.default_rng(0)
    for stage in stages_of(trace):
        if stage.key == "tokens":
            continue
        assert stage.key in CHECKABLE
        for layer, head in [(0, 0), (1, 2)]:
            array = stage_array(trace, stage.key, layer=layer, head=head)
            for _ in range(8):
                row, column = (int(generator.integers(size)) for size in array.shape)
                checked = check_number(trace, Place(stage.key, row, column, layer, head))
                assert checked.error < 1e-5 * max(1, abs(checked.shown)), (stage.key, row, column)
                assert checked.shown == pytest.approx(array[row, column])
                assert checked.operands.shape == (len(checked.labels), len(checked.headers))


@pytest.mark.parametrize("key", ["weights", "scores", "attention_norm", "attention_residual", "vector"])
def test_the_last_step_is_written_with_its_numbers(trace, key):
    checked = check_number(trace, Place(key, 0, 1, 1, 1))
    assert checked.written
    assert latex_number(checked.steps[-1][1])
    assert mathml(checked.written)


@pytest.mark.parametrize(
    ("value", "after_sign", "expected"),
    [
        (-0.25, False, "-0.25"),
        (-0.25, True, "(-0.25)"),
        (1.5e-7, False, r"1.5 \cdot 10^{-7}"),
        (float("-inf"), True, r"(-\infty)"),
        (float("nan"), False, r"\text{not a number}"),
    ],
)
def test_numbers_are_written_as_on_paper(value, after_sign, expected):
    assert latex_number(value, after_sign=after_sign) == expected


def test_a_score_is_the_sum_of_its_written_products(trace):
    checked = check_number(trace, Place("scores", 2, 5, 1, 1))
    assert np.allclose(checked.operands[:, 0] * checked.operands[:, 1], checked.operands[:, 2])
    assert checked.operands[:, 2].sum() * trace.layers[1].scaling == pytest.approx(checked.recomputed)


def test_cells_and_stages_that_do_not_exist_are_refused(trace):
    with pytest.raises(TraceError, match="Row 99, column 1 is outside"):
        check_number(trace, Place("scores", 98, 0))
    with pytest.raises(TraceError, match="'tokens' has no formula"):
        check_number(trace, Place("tokens", 0, 0))


def test_every_stage_has_two_sentences_and_a_formula():
    assert len({stage.key for stage in STAGES}) == len(STAGES)
    for stage in STAGES:
        assert stage.explanation.count(". ") == 1, stage.key
        assert stage.formula


def test_heads_switched_off_are_explained(tmp_path):
    encoder = tiny.tiny_sentence_encoder("bert", tmp_path)
    trace = trace_encoder(TEXT, encoder=encoder, heads_off=[(1, 2)])
    checked = check_number(trace, Place("heads", 0, 0, 1, 2))
    assert checked.shown == checked.recomputed == 0
    assert (r"\text{head switch}", 0.0) in checked.steps


def test_poolings_one_after_the_other_are_checked_each(tmp_path):
    encoder = tiny.tiny_sentence_encoder("bert", tmp_path, pooling=("max", "mean"))
    trace = trace_encoder(TEXT, encoder=encoder)
    for column in (3, 24 + 3):
        assert check_number(trace, Place("pooled", 0, column)).error < 1e-6
