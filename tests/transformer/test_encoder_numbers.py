"""Every kind of number can be rebuilt from the operands that are shown with it."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.transformer.encoder_walk import trace_encoder
from analytics.transformer.number_check import CHECKABLE, Place, check_number
from analytics.transformer.stages import STAGES, stage_array, stages_of
from analytics.transformer.tokens import TraceError
from tests.transformer import tiny_models as tiny

TEXT = "I love deeper learning and the map"


@pytest.fixture(scope="module", params=tiny.ENCODERS)
def trace(request, tmp_path_factory):
    encoder = tiny.tiny_sentence_encoder(request.param, tmp_path_factory.mktemp(request.param))
    return trace_encoder(TEXT, encoder=encoder)


def test_every_cell_of_every_stage_is_recomputed_from_its_operands(trace):
    generator = np.random.default_rng(0)
    for stage in stages_of(trace):
        if stage.key not in CHECKABLE:
            continue
        for layer, head in [(0, 0), (1, 2)]:
            array = stage_array(trace, stage.key, layer=layer, head=head)
            for _ in range(8):
                row, column = (int(generator.integers(size)) for size in array.shape)
                checked = check_number(trace, Place(stage.key, row, column, layer, head))
                assert checked.error < 1e-5 * max(1, abs(checked.shown)), (stage.key, row, column)
                assert checked.shown == pytest.approx(array[row, column])
                assert checked.operands.shape == (len(checked.labels), len(checked.headers))


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
