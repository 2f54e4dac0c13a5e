"""A prompt's trace holds the model's own numbers, and what is written is what ``generate`` writes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import torch

from analytics.errors import ZetascopeError
from analytics.transformer.causal.loading import load_causal
from analytics.transformer.causal.walk import trace_prompt
from analytics.transformer.tokens import TraceError
from tests.transformer import tiny_causal as tiny


@pytest.fixture(scope="module", params=tiny.EVERY_KIND)
def model(request, tmp_path_factory):
    return tiny.tiny_causal(request.param, tmp_path_factory.mktemp("causal"))


@pytest.fixture(scope="module")
def trace(model):
    return trace_prompt(tiny.PROMPT, model=model, max_new_tokens=10)


@pytest.fixture(scope="module")
def gpt2(tmp_path_factory):
    return tiny.tiny_causal("gpt2", tmp_path_factory.mktemp("gpt2"))


def test_every_check_passes(trace):
    assert [one.name for one in trace.checks if not one.passed] == []
    assert len(trace.checks) > 2 * 15


def test_what_is_written_is_what_generate_writes(model, trace):
    ids = torch.tensor([trace.ids[: len(trace.prompt_tokens)]])
    written = model.model.generate(input_ids=ids, max_new_tokens=10, do_sample=False)[0, ids.shape[1] :]
    assert written.tolist() == [step.id for step in trace.steps]


def test_numbers_are_the_models_own(model, trace):
    with torch.no_grad():
        output = model.model(torch.tensor([trace.ids]), output_hidden_states=True, use_cache=False)
    assert output.logits[0, trace.row(0) :].numpy() == pytest.approx(trace.logits, abs=1e-5)
    states = [trace.embedding_output, *(layer.output for layer in trace.layers)]
    for shown, own in zip(states[:-1], output.hidden_states[:-1], strict=True):
        assert own[0].numpy() == pytest.approx(shown, abs=1e-5)
    assert output.hidden_states[-1][0].numpy() == pytest.approx(trace.last_hidden, abs=1e-5)


def test_attention_is_the_models_own(model, trace):
    model.model.set_attn_implementation("eager")
    with torch.no_grad():
        output = model.model(torch.tensor([trace.ids]), output_attentions=True, use_cache=False)
    for layer, own in zip(trace.layers, output.attentions, strict=True):
        assert own[0].numpy() == pytest.approx(layer.weights, abs=1e-5)
    looked = trace.looked(1, layer=1)
    assert len(looked) == len(trace.prompt_tokens) + 1
    assert looked.sum() == pytest.approx(1, abs=1e-5)


def test_the_store_is_the_models_own(model, trace):
    with torch.no_grad():
        store = model.model(torch.tensor([trace.ids]), use_cache=True).past_key_values
    for layer, keys, values in zip(store.layers, trace.keys, trace.values, strict=True):
        assert keys == pytest.approx(layer.keys[0].numpy(), abs=1e-4)
        assert values == pytest.approx(layer.values[0].numpy(), abs=1e-4)
    first, *later = trace.kept
    assert (first.found, first.computed) == (0, len(trace.prompt_tokens))
    assert all(step.computed == 1 for step in later)
    assert trace.kept[-1].numbers == sum(one.size for one in (*trace.keys, *trace.values))


def test_sampling_draws_from_what_transformers_keeps(model):
    from transformers import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

    trace = trace_prompt(
        tiny.PROMPT, model=model, strategy="sample", temperature=1.4, top_k=9, top_p=0.8, seed=3,
        max_new_tokens=6,
    )  # fmt: skip
    assert [one.name for one in trace.checks if not one.passed] == []
    for step in trace.steps:
        scores = torch.tensor(trace.written_logits[step.index : step.index + 1])
        for warper in (TemperatureLogitsWarper(1.4), TopKLogitsWarper(9), TopPLogitsWarper(0.8)):
            scores = warper(None, scores)
        word = trace.settings.next_word(trace.written_logits[step.index])
        assert word.final == pytest.approx(scores.softmax(-1)[0].numpy(), abs=1e-6)
    again = trace_prompt(tiny.PROMPT, model=model, settings=trace.settings)
    assert [one.id for one in again.steps] == [one.id for one in trace.steps]


@pytest.mark.parametrize("stage", ["q", "weights", "heads", "feed_forward_hidden", "output"])
def test_a_wrong_number_fails_its_check(gpt2, stage):
    trace = trace_prompt(tiny.PROMPT, model=gpt2, max_new_tokens=3)
    wrong = getattr(trace.layers[0], stage).copy()
    wrong.flat[3] += 0.01
    layers = (replace(trace.layers[0], **{stage: wrong}), *trace.layers[1:])
    assert [one for one in replace(trace, layers=layers).checks if not one.passed]
    keys = (trace.keys[0] + 0.01, *trace.keys[1:])
    assert "Layer 1: kept keys" in [one.name for one in replace(trace, keys=keys).checks if not one.passed]


def test_writing_ends_with_the_end_token(gpt2):
    free = trace_prompt(tiny.PROMPT, model=gpt2, max_new_tokens=3)
    before = gpt2.model.generation_config.eos_token_id
    gpt2.model.generation_config.eos_token_id = [1, free.steps[1].id]
    try:
        trace = trace_prompt(tiny.PROMPT, model=gpt2, max_new_tokens=8)
    finally:
        gpt2.model.generation_config.eos_token_id = before
    assert trace.ended
    assert trace.steps[-1].id in (free.steps[0].id, free.steps[1].id)
    assert not free.ended


def test_an_empty_prompt_starts_with_the_models_own_mark(gpt2):
    trace = trace_prompt("  ", model=gpt2, max_new_tokens=2)
    assert trace.prompt_tokens == ("<s>",)
    assert [one.name for one in trace.checks if not one.passed] == []


@pytest.mark.parametrize(
    ("prompt", "choices", "message"),
    [
        ("the " * 60, {}, "tokens long"),
        ("the", {"max_new_tokens": 0}, "use 1 to 60"),
        ("the", {"temperature": float("nan")}, "temperature nan"),
        (None, {}, "is no prompt"),
    ],
)
def test_what_cannot_be_written_on_is_told(gpt2, prompt, choices, message):
    with pytest.raises(TraceError, match=message):
        trace_prompt(prompt, model=gpt2, **choices)


def test_folders_that_hold_no_such_model_are_refused(tmp_path):
    with pytest.raises(ZetascopeError, match=r"holds no config\.json"):
        load_causal(tmp_path)
    for settings, message in (
        ("[", "cannot be read"),
        ("[]", "does not say what it is"),
        (json.dumps({"model_type": "bert"}), "is a bert model"),
        (json.dumps({"model_type": "gpt2", "auto_map": {}}), "code of its own"),
        (json.dumps({"model_type": "gpt2"}), "no weights as safetensors"),
    ):
        (tmp_path / "config.json").write_text(settings)
        with pytest.raises(ZetascopeError, match=message):
            load_causal(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ZetascopeError, match="could not be opened") as told:
        load_causal(tmp_path)
    assert str(tmp_path.parent) not in str(told.value)
