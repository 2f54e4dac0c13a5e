"""The families of sentence encoders people use: each built as it is published, tiny and random.

E5 and BGE are BERT or XLM-R, GTE is BERT or ModernBERT; they differ in pooling and in the prompt they put
before a text.
"""

import numpy as np
import pytest

from analytics.transformer.encoder.number_check import Place, check_number
from analytics.transformer.encoder.stages import stages_of
from analytics.transformer.encoder.walk import trace_encoder
from tests.transformer import tiny_models as tiny

pytestmark = pytest.mark.slow

FAMILIES = {
    "E5": ("bert", "mean", "i read "),
    "multilingual E5": ("xlm-roberta", "mean", "i read "),
    "BGE": ("bert", "cls", ""),
    "BGE-M3": ("xlm-roberta", "cls", ""),
    "GTE": ("bert", "mean", ""),
    "GTE ModernBERT": ("modernbert", "cls", ""),
    "ModernBERT": ("modernbert", "mean", ""),
    "MPNet": ("mpnet", "mean", ""),
    "XLM-R": ("xlm-roberta", "mean", ""),
}
TEXT = "love deeper learning and the map"


@pytest.mark.parametrize("family", FAMILIES)
def test_every_stage_follows_and_the_vector_is_the_encoders_own(family, tmp_path):
    kind, pooling, prompt = FAMILIES[family]
    encoder = tiny.tiny_sentence_encoder(kind, tmp_path, pooling=pooling)
    if prompt:
        encoder.prompts, encoder.default_prompt_name = {"query": prompt}, "query"
    trace = trace_encoder(TEXT, encoder=encoder)
    assert trace.missing == ()
    assert [one.name for one in trace.checks if not one.passed] == []
    assert np.abs(trace.vector - encoder.encode(TEXT)).max() < 1e-5
    assert trace.ledger.parts.sum(0) == pytest.approx(trace.ledger.vector)
    for stage in stages_of(trace)[1:]:
        row = 0 if stage.key in ("pooled", "vector") else 2
        number = check_number(trace, Place(stage.key, row, 1, layer=1, head=2))
        assert number.error <= 1e-5 * max(1.0, abs(number.shown)), stage.key


def test_a_family_that_is_not_in_the_table_says_what_it_lacks(tmp_path):
    import torch
    import transformers as tf

    encoder = tiny.tiny_sentence_encoder("bert", tmp_path)
    torch.manual_seed(0)
    sizes = {"hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 3, "vocab_size": 60}
    encoder[0].model = tf.ElectraModel(tf.ElectraConfig(**sizes, embedding_size=24)).eval()
    trace = trace_encoder(TEXT, encoder=encoder)
    (sentence,) = trace.missing
    assert "ElectraModel" in sentence
    assert trace.layers == ()
    assert [one.name for one in trace.checks if not one.passed] == []
