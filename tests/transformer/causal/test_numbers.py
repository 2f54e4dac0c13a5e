"""Any number of a decoder-only model can be rebuilt from the operands shown with it."""

import numpy as np
import pytest

from analytics.figures.mathml import mathml
from analytics.transformer.causal.numbers import check_prompt_number, stage_array, stages_of
from analytics.transformer.causal.walk import trace_prompt
from analytics.transformer.encoder.number_check import Place
from analytics.transformer.tokens import TraceError
from tests.transformer import tiny_causal as tiny


@pytest.fixture(scope="module", params=tiny.EVERY_KIND)
def trace(request, tmp_path_factory):
    model = tiny.tiny_causal(request.param, tmp_path_factory.mktemp("causal"))
    return trace_prompt(tiny.PROMPT, model=model, max_new_tokens=3)


def test_every_cell_of_every_stage_is_recomputed_from_its_operands(trace):
    generator = np.random.default_rng(0)
    assert len(stages_of(trace)) == 16
    for stage in stages_of(trace):
        assert mathml(stage.formula)
        for layer, head in [(0, 0), (1, 3)]:
            array = stage_array(trace, stage.key, layer=layer, head=head)
            for _ in range(6):
                row, column = (int(generator.integers(size)) for size in array.shape)
                checked = check_prompt_number(trace, Place(stage.key, row, column, layer, head))
                assert checked.error < 1e-5 * max(1, abs(checked.shown)), (stage.key, row, column)
                assert checked.shown == pytest.approx(array[row, column])


@pytest.mark.parametrize(
    "place", [Place("pooled", 0, 0), Place("q", 0, 99), Place("q", 0, 0, layer=2), Place("q", 0, 0, head=4)]
)
def test_what_is_not_there_is_told(trace, place):
    with pytest.raises(TraceError):
        check_prompt_number(trace, place)
