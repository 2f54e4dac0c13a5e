"""Parts sum to wholes, and the four readings answer what they say they answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from analytics.transformer.arithmetic import cosine
from analytics.transformer.capture import capture
from analytics.transformer.encoder.attribution import hiding_effects, integrated_gradients
from analytics.transformer.encoder.contributions import added_by_head, added_by_layer, alti, rollout
from analytics.transformer.encoder.edge_readings import edge_readings, finish_layer, mean_shares
from analytics.transformer.encoder.walk import trace_encoder
from analytics.transformer.tokens import TraceError, join_words
from tests.transformer import tiny_models as tiny

TEXT = "I love deeper learning and the map"
POST_NORM = ("bert", "roberta", "distilbert", "mpnet")


@pytest.fixture(scope="module", params=tiny.ENCODERS)
def encoder(request, tmp_path_factory):
    return tiny.tiny_sentence_encoder(request.param, tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module")
def bert(tmp_path_factory):
    return tiny.tiny_sentence_encoder("bert", tmp_path_factory.mktemp("bert"))


@pytest.fixture(scope="module")
def trace(bert):
    return trace_encoder(TEXT, encoder=bert)


@pytest.mark.parametrize("kind", POST_NORM)
def test_alti_parts_sum_to_the_layer_norm_and_shares_to_one(kind, tmp_path):
    encoder = tiny.tiny_sentence_encoder(kind, tmp_path)
    shares = alti(trace_encoder(TEXT, encoder=encoder))
    assert shares.identity_error < 1e-12
    assert np.allclose(shares.layers.sum(-1), 1)
    assert np.allclose(shares.mixed.sum(-1), 1)
    assert shares.tokens.sum() == pytest.approx(1)
    assert shares.tokens.min() >= 0


def test_alti_agrees_with_a_loop_over_its_formula(trace):
    layer, own = trace.layers[0], trace.weights.layers[0]
    x = trace.embedding_output.astype(float)
    count, width = x.shape
    shares = np.zeros((count, count))
    for i in range(count):
        parts = np.zeros((count, width))
        for j in range(count):
            for h in range(3):
                value = own.projection.weight[:, 8 * h : 8 * h + 8].astype(float) @ layer.v[h, j]
                parts[j] += layer.weights[h, i, j] * value
            parts[j] += x[i] if i == j else 0
        pre = parts.sum(0) + own.projection.bias
        sigma = np.sqrt(pre.var() + own.middle_norm.eps)
        y = own.middle_norm.weight * (pre - pre.mean()) / sigma + own.middle_norm.bias
        for j in range(count):
            part = own.middle_norm.weight * (parts[j] - parts[j].mean()) / sigma
            shares[i, j] = max(0, np.abs(y).sum() - np.abs(y - part).sum())
    shares /= shares.sum(1, keepdims=True)
    assert np.allclose(alti(trace).layers[0], shares, atol=1e-9)


def test_alti_refuses_layers_that_normalise_first(tmp_path):
    encoder = tiny.tiny_sentence_encoder("modernbert", tmp_path)
    with pytest.raises(TraceError, match="integrated gradients"):
        alti(trace_encoder(TEXT, encoder=encoder))


def test_a_head_without_projection_adds_nothing(trace):
    own = trace.weights.layers[0]
    weight = own.projection.weight.copy()
    weight[:, 8:16] = 0
    silent = replace(own, projection=own.projection._replace(weight=weight))
    assert added_by_head(trace.layers[0], silent)[1].max() == 0
    assert added_by_head(trace.layers[0], silent)[0].min() > 0


def test_what_is_added_is_a_length_of_the_attention_output(trace):
    """One key alone: what it adds is the attention output without the bias."""
    layer, own = trace.layers[0], trace.weights.layers[0]
    weights = np.zeros_like(layer.weights)
    weights[:, :, 4] = 1
    alone = replace(layer, weights=weights)
    expected = np.linalg.norm(own.projection.weight @ layer.v[:, 4].reshape(-1))
    assert np.allclose(added_by_layer(alone, own)[:, 4], expected, rtol=1e-5)
    assert added_by_layer(alone, own)[:, :4].max() == 0


def test_rollout_is_a_share(trace):
    assert rollout(trace).sum() == pytest.approx(1)
    first = 0.5 * trace.layers[0].weights.mean(0) + 0.5 * np.eye(len(trace.tokens))
    second = 0.5 * trace.layers[1].weights.mean(0) + 0.5 * np.eye(len(trace.tokens))
    assert np.allclose(rollout(trace), (second @ first).mean(0), atol=1e-6)


def test_finishing_a_layer_gives_its_output(encoder):
    trace = trace_encoder(TEXT, encoder=encoder)
    for index, layer in enumerate(trace.layers):
        again = finish_layer(trace, index, 3, layer.heads[:, 3][None].astype(np.float64))
        assert np.abs(again[0] - layer.output[3]).max() < 2e-5


@pytest.mark.parametrize("head", [None, 1])
def test_masking_reading_equals_a_pass_with_the_token_masked(trace, bert, head):
    """Layer 1 of a model whose mask hides token 4 from every head, compared at position 2."""
    readings = edge_readings(trace, layer=0, query=2, head=head)
    if head is None:
        features = bert.preprocess([TEXT])
        mask = features["attention_mask"].clone()
        mask[0, 4] = 0
        inputs = {"input_ids": features["input_ids"], "attention_mask": mask}
        other = capture(bert[0].model, inputs, modules=["encoder.layer.0"])
        output = other.module("encoder.layer.0").output[0, 2].numpy()
        assert readings.masked[4] == pytest.approx(1 - cosine(output, trace.layers[0].output[2]), abs=2e-6)
    for values in readings.shares().values():
        assert values.min() >= 0
        assert values.sum() == pytest.approx(1)


def test_zeroed_value_reading_equals_a_pass_with_the_value_zeroed(trace, bert):
    import copy

    base = copy.deepcopy(bert[0].model)
    attention = base.encoder.layer[0].attention.self

    def zero_token_four(module, args, output):
        changed = output.clone()
        changed[:, 4] = 0
        return changed

    attention.value.register_forward_hook(zero_token_four)
    features = bert.preprocess([TEXT])
    inputs = {"input_ids": features["input_ids"], "attention_mask": features["attention_mask"]}
    output = capture(base, inputs, modules=["encoder.layer.0"]).module("encoder.layer.0").output[0, 2].numpy()
    reading = edge_readings(trace, layer=0, query=2).without_value[4]
    assert reading == pytest.approx(1 - cosine(output, trace.layers[0].output[2]), abs=2e-6)


@pytest.mark.parametrize("layer", [0, 1])
def test_mean_shares_are_the_mean_of_every_positions_readings(encoder, layer):
    trace = trace_encoder(TEXT, encoder=encoder)
    rows = [edge_readings(trace, layer=layer, query=query).shares() for query in range(len(trace.tokens))]
    for name, share in mean_shares(trace, layer=layer, key=3).items():
        assert share == pytest.approx(np.mean([row[name][3] for row in rows]), rel=2e-3), name


def test_places_that_do_not_exist_are_refused(trace):
    with pytest.raises(TraceError, match="Layer 3 does not exist here; there are 2"):
        edge_readings(trace, layer=2, query=0)
    with pytest.raises(TraceError, match="Token 99"):
        edge_readings(trace, layer=0, query=98)


def test_integrated_gradients_are_complete_for_every_family(encoder):
    attribution = integrated_gradients(TEXT, encoder=encoder)
    assert attribution.end == pytest.approx(1, abs=1e-5)
    assert attribution.gap < 0.02
    assert attribution.scores[0] == attribution.scores[-1] == 0
    assert not any(parameter.grad is not None for parameter in encoder[0].model.parameters())


def test_integrated_gradients_close_their_gap_with_more_points(bert):
    gaps = [integrated_gradients(TEXT, encoder=bert, points=points).gap for points in (2, 64)]
    assert gaps[1] < 1e-5
    assert gaps[1] < gaps[0]


def test_hiding_a_token_equals_encoding_with_its_mask_at_zero(bert):
    effects = hiding_effects(TEXT, encoder=bert)
    features = bert.preprocess([TEXT])
    features["attention_mask"][0, 3] = 0
    with torch.no_grad():
        hidden = (
            bert[0]
            .model(input_ids=features["input_ids"], attention_mask=features["attention_mask"])
            .last_hidden_state[0]
        )
    kept = features["attention_mask"][0].bool()
    assert effects[3] == pytest.approx(1 - cosine(hidden[kept].mean(0).numpy(), bert.encode(TEXT)), abs=2e-6)
    assert len(effects) == 10


def test_words_joined_keep_rows_that_sum_to_one(trace):
    joined, words = join_words(trace.attention, trace.source.tokens)
    assert words == ("[CLS]", "i", "love", "deeper", "learning", "and", "the", "map", "[SEP]")
    assert joined.shape == (2, 3, 9, 9)
    assert np.allclose(joined.sum(-1), 1, atol=1e-6)
    weights = trace.layers[0].weights[0]
    assert joined[0, 0, 3, 0] == pytest.approx(weights[3:5, 0].mean(), rel=1e-6)
    assert joined[0, 0, 0, 3] == pytest.approx(weights[0, 3:5].sum(), rel=1e-6)
