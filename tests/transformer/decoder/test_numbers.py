"""Every number of the decoder can be rebuilt from the operands that are shown with it."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.figures.mathml import mathml
from analytics.transformer.decoder.numbers import (
    PARTS,
    TargetPlace,
    check_target_number,
    row_names,
    stage_words,
    target_array,
)
from analytics.transformer.decoder.walk import trace_translation
from analytics.transformer.tokens import TraceError
from tests.transformer.tiny_translator import SENTENCE, tiny_translator

STAGES = [(part, key) for part, keys in PARTS.items() for key in keys]


@pytest.fixture(scope="module")
def trace():
    return trace_translation(SENTENCE, model=tiny_translator(seed=2), max_new_tokens=7)


@pytest.mark.parametrize(("part", "key"), STAGES)
def test_every_cell_follows_from_its_operands(trace, part, key):
    generator = np.random.default_rng(1)
    for layer, head in [(0, 0), (1, 2)]:
        array = target_array(trace, part, key, layer=layer, head=head)
        assert len(row_names(trace, part, key)) == len(array)
        for _ in range(8):
            row, column = (int(generator.integers(size)) for size in array.shape)
            checked = check_target_number(trace, TargetPlace(part, key, row, column, layer, head))
            assert checked.shown == pytest.approx(float(array[row, column]))
            assert checked.error < 1e-5 * max(1, abs(checked.shown)), (part, key, row, column)
            assert checked.operands.shape == (len(checked.labels), len(checked.headers))


@pytest.mark.parametrize(("part", "key"), STAGES)
def test_every_stage_is_explained_in_two_sentences_and_a_formula(part, key):
    short, explanation, formula = stage_words(part, key)
    assert short
    assert explanation.count(". ") == 1
    assert mathml(formula)


def test_the_future_weighs_nothing_and_the_mask_says_why(trace):
    assert check_target_number(trace, TargetPlace("self_attention", "weights", 1, 3)).recomputed == 0
    masked = check_target_number(trace, TargetPlace("self_attention", "mask", 1, 3))
    assert masked.labels[0].endswith("is hidden")
    assert masked.error == 0
    seen = check_target_number(trace, TargetPlace("self_attention", "mask", 3, 1))
    assert seen.labels[0].endswith("may be looked at")
    assert seen.recomputed == 0


def test_places_that_do_not_exist_are_refused(trace):
    with pytest.raises(TraceError, match=r"There is no stage self_attention\.hidden"):
        target_array(trace, "self_attention", "hidden")
    with pytest.raises(TraceError, match="Row 99, column 1 is outside"):
        check_target_number(trace, TargetPlace("self_attention", "q", 98, 0))
