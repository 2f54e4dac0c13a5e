"""The walk of a model that is on a graphics card: the same numbers, and nothing left on the wrong device."""

from collections.abc import Iterator

import numpy as np
import pytest

from analytics.transformer.encoder.attribution import hiding_effects, integrated_gradients
from analytics.transformer.encoder.export import trace_arrays
from analytics.transformer.encoder.head_switch import switch_heads
from analytics.transformer.encoder.similarity import attribute_similarity, explain_similarity
from analytics.transformer.encoder.walk import trace_encoder
from tests.other_device import moved, other_device
from tests.transformer import tiny_models as tiny

TEXT, OTHER = "I love deeper learning and the map", "the map"


@pytest.fixture(scope="module", params=tiny.ENCODERS)
def encoder(request, tmp_path_factory):
    return tiny.tiny_sentence_encoder(request.param, tmp_path_factory.mktemp(request.param))


@pytest.fixture
def elsewhere(encoder) -> Iterator[object]:
    with other_device("lazy:0"):
        yield moved(encoder, "lazy:0")


@pytest.mark.slow
def test_every_number_of_the_trace(encoder, elsewhere):
    here = trace_arrays(trace_encoder(TEXT, encoder=encoder, heads_off=[(0, 1)]))
    there = trace_encoder(TEXT, encoder=elsewhere, heads_off=[(0, 1)])
    assert [one.name for one in there.checks if not one.passed] == []
    arrays = trace_arrays(there)
    assert arrays.keys() == here.keys()
    for name, values in here.items():
        np.testing.assert_allclose(arrays[name], values, atol=1e-5, err_msg=name)


@pytest.mark.slow
def test_heads_gradients_and_hiding(encoder, elsewhere):
    def numbers(model: object) -> list[np.ndarray]:
        similar = explain_similarity(TEXT, OTHER, encoder=model)
        return [
            switch_heads(TEXT, [(0, 1)], encoder=model).after,
            integrated_gradients(TEXT, encoder=model).scores,
            hiding_effects(TEXT, encoder=model),
            similar.matrix,
            *(one.scores for one in attribute_similarity(similar, encoder=model)),
        ]

    for here, there in zip(numbers(encoder), numbers(elsewhere), strict=True):
        np.testing.assert_allclose(there, here, atol=1e-5)
