"""A trace holds the model's own numbers, and each follows from the ones before it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.transformer.encoder.trace import EncoderTrace, estimated_bytes
from analytics.transformer.encoder.walk import trace_encoder, trace_encoders
from analytics.transformer.tokens import TraceError
from tests.transformer import tiny_models as tiny

TEXT = "I love deeper learning and the map"


@pytest.fixture(scope="module", params=tiny.ENCODERS)
def encoder(request, tmp_path_factory):
    return tiny.tiny_sentence_encoder(request.param, tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module")
def bert(tmp_path_factory):
    return tiny.tiny_sentence_encoder("bert", tmp_path_factory.mktemp("bert"))


def test_vector_is_the_encoders_own_and_every_check_passes(encoder):
    trace = trace_encoder(TEXT, encoder=encoder)
    assert np.abs(trace.vector - encoder.encode(TEXT)).max() < 1e-5
    assert [one.name for one in trace.checks if not one.passed] == []
    assert len(trace.checks) >= 2 * 13
    assert trace.missing == ()


def test_shapes_are_those_of_the_contract(encoder):
    trace = trace_encoder(TEXT, encoder=encoder)
    count = len(trace.tokens)
    assert trace.tokens == ("[CLS]", "i", "love", "deep", "##er", "learning", "and", "the", "map", "[SEP]")
    for layer in trace.layers:
        assert layer.q.shape == layer.k.shape == layer.v.shape == layer.heads.shape == (3, count, 8)
        assert layer.scores.shape == layer.weights.shape == (3, count, count)
        assert layer.output.shape == layer.attention_output.shape == (count, 24)
        assert layer.feed_forward_hidden.shape == (count, 40)
    assert len(trace.hidden_states) == 3
    assert trace.layer_vectors.shape == (3, 24)
    assert trace.nbytes <= estimated_bytes(count, layers=2, heads=3, width=24, feed_forward=40)


@pytest.mark.parametrize(
    "stage", ["scores", "weights", "heads", "attention_norm", "feed_forward_hidden", "output"]
)
def test_a_wrong_number_fails_its_check(bert, stage):
    trace = trace_encoder(TEXT, encoder=bert)
    wrong = getattr(trace.layers[1], stage).copy()
    wrong.flat[3] += 0.01
    layers = (trace.layers[0], replace(trace.layers[1], **{stage: wrong}))
    failed = [one.name for one in replace(trace, layers=layers).checks if not one.passed]
    assert failed
    assert all(name.startswith("Layer 2") or name == "Pooling" for name in failed)


def test_weights_that_make_nan_are_told_by_the_checks(bert):
    broken = tiny.tiny_encoder("bert")
    with torch.no_grad():
        broken.encoder.layer[1].output.dense.bias[0] = float("nan")
    healthy = bert[0].model
    bert[0].model = broken
    try:
        trace = trace_encoder(TEXT, encoder=bert)
    finally:
        bert[0].model = healthy
    failed = [one for one in trace.checks if not one.passed]
    assert np.isnan(trace.vector).all()
    assert failed[0].name == "Layer 2: feed-forward output"
    assert np.isnan(failed[0].max_abs_error)


@pytest.mark.parametrize("text", ["", "   \n\t", "i", "🙂", "𝔘𝔫𝔦 \u200b\u0000"])
def test_odd_texts_give_a_vector(bert, text):
    trace = trace_encoder(text, encoder=bert)
    assert np.abs(trace.vector - bert.encode(text)).max() < 1e-5
    assert all(one.passed for one in trace.checks)
    assert trace.special[0]


def test_long_texts_are_cut_where_the_model_cuts_and_say_so(bert):
    text = "we read " * 5000
    trace = trace_encoder(text, encoder=bert)
    assert len(trace.tokens) == 12
    assert trace.source.cut == 10_002 - 12
    assert trace.tokens[-1] == "[SEP]"
    assert trace.source.tokens[-1].special
    last = trace.source.tokens[-2]
    assert text[last.start : last.end] == "read"


WORDS = st.text(alphabet="abcdeilmnortv #", max_size=30) | st.sampled_from(
    [*tiny.WORDS, "", "i love the map"]
)


def largest_difference(one: EncoderTrace, other: EncoderTrace) -> float:
    pairs = [(getattr(one, name), getattr(other, name)) for name in ("last_hidden", "pooled", "vector")]
    for layer, twin in zip(one.layers, other.layers, strict=True):
        names = [name for name, value in vars(layer).items() if isinstance(value, np.ndarray)]
        pairs += [(getattr(layer, name), getattr(twin, name)) for name in names]
    assert all(a.shape == b.shape for a, b in pairs)
    return max(float(np.abs(a - b).max()) for a, b in pairs)


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(WORDS, min_size=2, max_size=5))
def test_texts_traced_together_are_as_if_alone(encoder, texts):
    together = trace_encoders(texts, encoder=encoder)
    for text, trace in zip(texts, together, strict=True):
        alone = trace_encoder(text, encoder=encoder)
        assert trace.tokens == alone.tokens
        assert trace.source == alone.source
        assert (trace.counted == alone.counted).all()
        assert largest_difference(trace, alone) < 2e-5
        assert all(one.passed for one in trace.checks)


def test_a_batch_keeps_no_padding_alive(bert):
    short, _ = trace_encoders(["map", "we read the map of all texts"], encoder=bert)
    for layer in short.layers:
        assert layer.weights.base is None or layer.weights.base.size == layer.weights.size
        assert layer.weights.sum(-1) == pytest.approx(np.ones((3, 3)))
    assert trace_encoders([], encoder=bert) == ()


def test_heads_are_off_in_every_text_of_a_batch(bert):
    for trace in trace_encoders(["map", TEXT], encoder=bert, heads_off=[(0, 1)]):
        assert np.abs(trace.layers[0].heads[1]).max() == 0


def test_front_padding_takes_one_pass_a_text(bert, monkeypatch):
    monkeypatch.setattr(bert.tokenizer, "padding_side", "left")
    for text, trace in zip(["map", TEXT], trace_encoders(["map", TEXT], encoder=bert), strict=True):
        assert np.abs(trace.vector - trace_encoder(text, encoder=bert).vector).max() < 1e-6


def test_a_trace_too_large_is_refused_before_it_runs(bert):
    with pytest.raises(TraceError, match=r"10 tokens.*MB allowed"):
        trace_encoder(TEXT, encoder=bert, max_bytes=1000)


def test_something_else_than_an_encoder_is_refused():
    with pytest.raises(TraceError, match="str is not a text encoder"):
        trace_encoder(TEXT, encoder="all-MiniLM-L6-v2")


def test_heads_switched_off_add_nothing_and_their_check_still_passes(bert):
    trace = trace_encoder(TEXT, encoder=bert, heads_off=[(1, 2)])
    assert np.abs(trace.layers[1].heads[2]).max() == 0
    assert all(one.passed for one in trace.checks)
    assert np.abs(trace.vector - bert.encode(TEXT)).max() > 1e-4
    with pytest.raises(TraceError, match="Layer 3, head 1 does not exist"):
        trace_encoder(TEXT, encoder=bert, heads_off=[(2, 0)])


def test_unknown_family_shows_what_it_can(tmp_path):
    import transformers as tf

    encoder = tiny.tiny_sentence_encoder("bert", tmp_path)
    torch.manual_seed(0)
    encoder[0].model = tf.ElectraModel(tf.ElectraConfig(**tiny.SIZES, embedding_size=24)).eval()
    trace = trace_encoder(TEXT, encoder=encoder)
    assert trace.layers == ()
    assert "ElectraModel" in trace.missing[0]
    assert len(trace.hidden_states) == 3
    assert np.abs(trace.vector - encoder.encode(TEXT)).max() < 1e-5
    assert [one.name for one in trace.checks] == ["Pooling", "Normalisation"]


@pytest.mark.parametrize(
    "pooling", ["cls", "max", "mean_sqrt_len_tokens", "weightedmean", "lasttoken", ("cls", "mean")]
)
def test_every_pooling_is_recomputed(tmp_path, pooling):
    encoder = tiny.tiny_sentence_encoder("bert", tmp_path, pooling=pooling)
    trace = trace_encoder(TEXT, encoder=encoder)
    assert all(one.passed for one in trace.checks)
    assert np.abs(trace.vector - encoder.encode(TEXT)).max() < 1e-5
    assert np.abs(trace.layer_vectors[-1] - trace.vector).max() < 1e-6


def test_excluded_prompts_are_not_counted(tmp_path):
    encoder = tiny.tiny_sentence_encoder("bert", tmp_path)
    encoder.prompts, encoder.default_prompt_name = {"map": "we read "}, "map"
    encoder.set_pooling_include_prompt(False)
    trace = trace_encoder("the map", encoder=encoder)
    assert trace.tokens == ("[CLS]", "we", "read", "the", "map", "[SEP]")
    assert trace.counted.tolist() == [False, False, False, True, True, True]
    assert np.abs(trace.vector - encoder.encode("the map")).max() < 1e-5
    assert all(one.passed for one in trace.checks)


def test_traces_from_threads_equal_traces_alone(bert):
    texts = ["i love the map", "good texts", TEXT, "we read"]
    alone = [trace_encoder(text, encoder=bert).vector for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: trace_encoder(text, encoder=_Locked(bert)).vector, texts * 5))
    for number, vector in enumerate(together):
        assert np.array_equal(vector, alone[number % 4])


class _Locked:
    """What the text encoder offers: the model and one lock for its tokenizer."""

    from threading import RLock

    lock = RLock()

    def __init__(self, model):
        self.model = model
