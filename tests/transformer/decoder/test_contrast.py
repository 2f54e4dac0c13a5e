"""Why one piece and not another: parts that sum, held against passes made here by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from analytics.transformer.checks import all_passed
from analytics.transformer.decoder.contrast import Contrast, contrast
from analytics.transformer.decoder.walk import trace_translation
from analytics.transformer.tokens import TraceError
from analytics.transformer.translator.loading import load_translator
from tests.transformer.tiny_translator import SENTENCE, tiny_translator

STEP, OTHER = 2, 9


@pytest.fixture(scope="module")
def translator():
    return tiny_translator(seed=2)


@pytest.fixture(scope="module")
def trace(translator):
    return trace_translation(SENTENCE, model=translator, max_new_tokens=6)


@pytest.fixture(scope="module")
def found(translator, trace) -> Contrast:
    return contrast(trace, STEP, OTHER, model=translator)


def difference_without(translator, trace, taken=()) -> float:
    """The model's own difference of logits with the word vectors of ``taken`` set to 0, float64."""
    model = tiny_translator(seed=2).model.double()
    ids = torch.tensor([[one.id for one in trace.source.tokens]])
    read = torch.tensor([list(trace.input_ids[: STEP + 1])])
    encoder, decoder = model.get_encoder(), model.model.decoder
    source, target = encoder.embed_tokens(ids) * encoder.embed_scale, decoder.embed_tokens(read)
    for place in taken:
        side, at = (source, place) if place < ids.shape[1] else (target, place - ids.shape[1])
        side.data[0, at] = 0
    with torch.no_grad():
        logits = model(inputs_embeds=source, decoder_inputs_embeds=target).logits[0, -1]
    return float(logits[trace.ids[STEP]] - logits[OTHER])


def test_the_difference_is_the_models_own(translator, trace, found):
    logits = trace.logits[STEP]
    assert found.difference == pytest.approx(logits[trace.ids[STEP]] - logits[OTHER], abs=1e-4)
    assert found.difference == pytest.approx(difference_without(translator, trace), abs=1e-4)
    assert found.blank == pytest.approx(
        difference_without(translator, trace, range(len(found.names))), abs=1e-4
    )
    assert all_passed(found.checks)


def test_shares_sum_to_what_the_words_give(found):
    assert found.shares.sum() == pytest.approx(found.difference - found.blank, abs=1e-9)
    assert len(found.shares) == len(found.names) == found.sources + STEP + 1


def test_taking_away_is_what_the_model_does_without_the_piece(translator, trace, found):
    again = [
        found.difference - difference_without(translator, trace, [place]) for place in range(len(found.names))
    ]
    np.testing.assert_allclose(found.taken_away, again, atol=1e-4)


def test_the_gradient_is_the_slope_towards_a_little_less_of_a_piece(translator, trace, found):
    model = tiny_translator(seed=2).model.double()
    ids = torch.tensor([[one.id for one in trace.source.tokens]])
    read = torch.tensor([list(trace.input_ids[: STEP + 1])])
    encoder, decoder = model.get_encoder(), model.model.decoder

    def answer(place: int, size: float) -> float:
        source, target = encoder.embed_tokens(ids) * encoder.embed_scale, decoder.embed_tokens(read)
        side, at = (source, place) if place < ids.shape[1] else (target, place - ids.shape[1])
        side.data[0, at] *= size
        with torch.no_grad():
            logits = model(inputs_embeds=source, decoder_inputs_embeds=target).logits[0, -1]
        return float(logits[trace.ids[STEP]] - logits[OTHER])

    h = 1e-5
    slopes = [(answer(place, 1 + h) - answer(place, 1 - h)) / (2 * h) for place in range(len(found.names))]
    np.testing.assert_allclose(found.gradient, slopes, atol=1e-3)


def test_shares_are_those_of_all_orders_within_their_errors(translator, trace, found):
    """Shapley's own formula over all subsets, on the first step's six pieces."""
    from itertools import combinations
    from math import comb

    few = contrast(trace, 0, OTHER, model=translator)
    count = len(few.names)
    ids = torch.tensor([[one.id for one in trace.source.tokens]])
    model = translator.model
    encoder, decoder = model.get_encoder(), model.model.decoder
    subsets = [set(one) for size in range(count + 1) for one in combinations(range(count), size)]
    kept = torch.tensor([[float(place in one) for place in range(count)] for one in subsets])
    with torch.no_grad():
        source = kept[:, :-1, None] * (encoder.embed_tokens(ids[0]) * encoder.embed_scale)
        target = kept[:, -1:, None] * decoder.embed_tokens(torch.tensor([trace.input_ids[0]]))
        logits = model(inputs_embeds=source, decoder_inputs_embeds=target).logits[:, -1]
    value = dict(
        zip(map(frozenset, subsets), (logits[:, trace.ids[0]] - logits[:, OTHER]).tolist(), strict=True)
    )
    exact = np.zeros(count)
    for one in subsets:
        for place in set(range(count)) - one:
            change = value[frozenset(one | {place})] - value[frozenset(one)]
            exact[place] += change / (count * comb(count - 1, len(one)))
    np.testing.assert_allclose(few.shares, exact, atol=4 * few.uncertainty.max() + 1e-4)


def test_hiding_is_done_with_the_pieces_it_names(translator, trace, found):
    hiding = found.hiding
    assert hiding.without_for == pytest.approx(
        difference_without(translator, trace, hiding.taken_for), abs=1e-4
    )
    assert hiding.without_against == pytest.approx(
        difference_without(translator, trace, hiding.taken_against), abs=1e-4
    )
    assert all(found.shares[one] > 0 for one in hiding.taken_for)
    assert all(found.shares[one] < 0 for one in hiding.taken_against)


@pytest.mark.parametrize(
    ("step", "other", "message"),
    [
        (99, OTHER, "does not exist"),
        (-1, OTHER, "does not exist"),
        (1.5, OTHER, "counted from 0"),
        (STEP, 60, "no piece of this model"),
        (STEP, -1, "no piece of this model"),
        (STEP, "chat", "no piece of this model"),
        (STEP, None, "no piece of this model"),
    ],
)
def test_what_cannot_be_asked_is_told(translator, trace, step, other, message):
    with pytest.raises(TraceError, match=message):
        contrast(trace, step, other, model=translator)


def test_a_piece_is_not_held_against_itself(translator, trace):
    with pytest.raises(TraceError, match="against itself"):
        contrast(trace, STEP, trace.ids[STEP], model=translator)


@pytest.mark.slow
def test_red_is_why_the_translator_writes_rouge():
    model = load_translator()
    trace = trace_translation("The cat sleeps on the red chair.", model=model)
    step = trace.tokens.index("▁rouge")
    other = next(int(one) for one in trace.next_word(step).ranked(2) if one != trace.ids[step])
    found = contrast(trace, step, other, model=model)
    assert found.names[int(found.shares.argmax())] == "▁red"
    assert all_passed(found.checks)
    assert found.hiding.without_for < found.hiding.without_random.mean() < found.difference
