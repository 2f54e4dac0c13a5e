"""The recorded pass is the model's own pass, and the model never notices."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from analytics.transformer.capture import (
    CaptureError,
    Changes,
    additive_mask,
    can_record_attention,
    capture,
    private_copy,
)
from tests.transformer import tiny_models as tiny


def eager_copy(model):
    """The reference: transformers' own eager code on a separate tree."""
    reference = private_copy(model)
    if hasattr(reference, "set_attn_implementation"):
        reference.set_attn_implementation("eager")
    return reference


@pytest.mark.parametrize("kind", tiny.ENCODERS)
def test_recorded_pass_equals_the_models_own(kind):
    model, inputs = tiny.tiny_encoder(kind), tiny.padded_inputs()
    with torch.no_grad():
        plain = model(**inputs).last_hidden_state
        eager = eager_copy(model)(**inputs, output_attentions=True)
    recorded = capture(model, inputs)
    seen = inputs["attention_mask"].bool()
    # MPNet divides by sqrt(d) where the recorded pass multiplies by its inverse: a rounding apart.
    rounding = 2e-6 if kind == "mpnet" else 0
    assert (recorded.output.last_hidden_state - eager.last_hidden_state).abs().max() <= rounding
    assert (recorded.output.last_hidden_state - plain)[seen].abs().max() < 2e-5
    assert len(recorded.attention) == 2
    for call, own in zip(recorded.attention, eager.attentions, strict=True):
        assert (call.weights - own).abs().max() <= rounding


@pytest.mark.parametrize("kind", tiny.ENCODERS)
def test_padding_gets_no_weight_and_changes_nothing(kind):
    model, inputs = tiny.tiny_encoder(kind), tiny.padded_inputs()
    padded = capture(model, inputs)
    alone = capture(model, {name: value[1:, :5] for name, value in inputs.items()})
    difference = padded.output.last_hidden_state[1, :5] - alone.output.last_hidden_state[0]
    assert difference.abs().max() < 2e-5
    for call in padded.attention:
        assert call.weights[1, :, :5, 5:].max() == 0
        assert (call.weights.sum(-1) - 1).abs().max() < 1e-6


def test_marian_records_encoder_self_and_cross_attention_apart():
    model = tiny.tiny_marian()
    inputs = {
        "input_ids": torch.tensor([[5, 6, 7, 8, 1], [9, 10, 1, 0, 0]]),
        "attention_mask": torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]),
        "decoder_input_ids": torch.tensor([[0, 11, 12], [0, 13, 14]]),
        "use_cache": False,
    }
    recorded = capture(model, inputs, modules=["model.decoder.layers.0.encoder_attn_layer_norm"])
    with torch.no_grad():
        own = eager_copy(model)(**inputs, output_attentions=True)
    assert torch.equal(recorded.output.logits, own.logits)
    cross = recorded.attention_named("encoder_attn")
    causal = recorded.attention_named("decoder.layers.0.self_attn")
    assert [call.name for call in cross] == [f"model.decoder.layers.{i}.encoder_attn" for i in range(2)]
    assert torch.equal(cross[1].weights, own.cross_attentions[1])
    assert torch.equal(causal[0].weights, own.decoder_attentions[0])
    assert causal[0].weights.triu(1).max() == 0
    assert len(recorded.attention_named("model.encoder.")) == 2
    assert recorded.module("model.decoder.layers.0.encoder_attn_layer_norm").output.shape == (2, 3, 24)


def test_removing_the_causal_mask_lets_the_future_leak():
    model = tiny.tiny_marian()
    inputs = {"input_ids": torch.tensor([[5, 6, 1]]), "decoder_input_ids": torch.tensor([[0, 11, 12, 13]])}
    name = "model.decoder.layers.0.self_attn"
    leaking = capture(model, inputs, changes=Changes(without_mask=frozenset({name})))
    (call,) = leaking.attention_named(name)
    assert call.mask is None
    assert call.weights[0, :, 0, 1:].min() > 0


@pytest.mark.parametrize("kind", ["bert", "mpnet"])
def test_switched_off_heads_add_nothing_row_by_row(kind):
    model, inputs = tiny.tiny_encoder(kind), tiny.padded_inputs()
    name = capture(model, inputs).attention[1].name
    scale = torch.tensor([[1.0, 1.0, 1.0], [1.0, 0.0, 1.0]])
    plain, changed = capture(model, inputs), capture(model, inputs, changes=Changes({name: scale}))
    assert torch.equal(plain.output.last_hidden_state[0], changed.output.last_hidden_state[0])
    assert not torch.allclose(plain.output.last_hidden_state[1], changed.output.last_hidden_state[1])
    assert changed.attention[1].context[1, 1].abs().max() == 0


@pytest.mark.parametrize("kind", tiny.ENCODERS)
def test_the_model_is_left_as_it_was_found(kind):
    model, inputs = tiny.tiny_encoder(kind), tiny.padded_inputs()
    model.train()
    before = (model.config.to_json_string(), model.config._attn_implementation)
    weights = {name: value.clone() for name, value in model.state_dict().items()}
    capture(model, inputs, modules=["embeddings"])
    assert (model.config.to_json_string(), model.config._attn_implementation) == before
    assert model.training
    assert all(torch.equal(value, weights[name]) for name, value in model.state_dict().items())
    assert not any(module._forward_hooks or "forward" in vars(module) for module in model.modules())


def test_a_failing_pass_leaves_no_recording_behind():
    model = tiny.tiny_encoder("bert")
    with pytest.raises(ValueError, match="input_ids"):
        capture(model, {"no_such_argument": 1})
    assert len(capture(model, tiny.padded_inputs()).attention) == 2


@pytest.mark.slow
def test_threads_recording_and_encoding_do_not_mix():
    model, inputs = tiny.tiny_encoder("bert"), tiny.padded_inputs()
    with torch.no_grad():
        plain = model(**inputs).last_hidden_state
    expected = capture(model, inputs)

    def work(turn: int):
        if turn % 2:
            with torch.no_grad():
                return model(**inputs).last_hidden_state, plain, 2
        recorded = capture(model, inputs)
        return recorded.output.last_hidden_state, expected.output.last_hidden_state, len(recorded.attention)

    with ThreadPoolExecutor(4) as pool:
        for got, wanted, calls in pool.map(work, range(40)):
            assert torch.equal(got, wanted)
            assert calls == 2


def test_unknown_attention_is_refused_in_words_but_modules_are_recorded():
    class Fused(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = torch.nn.Linear(4, 4)

        def forward(self, x):
            return self.inner(x)

    model = Fused()
    assert not can_record_attention(model)
    with pytest.raises(CaptureError, match="Fused"):
        capture(model, {"x": torch.ones(1, 4)})
    recorded = capture(model, {"x": torch.ones(1, 4)}, attention=False, modules=["inner"])
    assert torch.equal(recorded.module("inner").output, recorded.output)


def test_boolean_masks_become_numbers():
    scores = torch.zeros(1, 1, 2, 2)
    mask = additive_mask(torch.tensor([[[[True, False], [True, True]]]]), scores)
    assert mask.dtype == scores.dtype
    assert torch.equal(mask.softmax(-1), torch.tensor([[[[1.0, 0.0], [0.5, 0.5]]]]))
