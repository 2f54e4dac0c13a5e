"""Tiny random models of every architecture, built in the test: no download, seeded weights."""

from __future__ import annotations

import torch
import transformers as tf

SIZES = {
    "hidden_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "intermediate_size": 40,
    "vocab_size": 60,
    "max_position_embeddings": 40,
}
DISTILBERT = {"dim": 24, "n_layers": 2, "n_heads": 3, "hidden_dim": 40, "vocab_size": 60}
MARIAN = {
    "vocab_size": 60,
    "d_model": 24,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 3,
    "decoder_attention_heads": 3,
    "encoder_ffn_dim": 40,
    "decoder_ffn_dim": 40,
    "max_position_embeddings": 40,
    "pad_token_id": 0,
    "eos_token_id": 1,
    "decoder_start_token_id": 0,
    "scale_embedding": True,
}
ENCODERS = ("bert", "roberta", "xlm-roberta", "distilbert", "modernbert", "mpnet")


def tiny_encoder(kind: str, *, seed: int = 0, spread: float = 0.3) -> torch.nn.Module:
    """A random encoder; ``spread`` is the weights' standard deviation, large enough that masks matter."""
    torch.manual_seed(seed)
    model = _build(kind)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * spread)
    return model.eval()


def _build(kind: str) -> torch.nn.Module:
    if kind == "distilbert":
        return tf.DistilBertModel(tf.DistilBertConfig(**DISTILBERT))
    if kind == "modernbert":
        special = {
            "pad_token_id": 0,
            "cls_token_id": 1,
            "sep_token_id": 2,
            "bos_token_id": 1,
            "eos_token_id": 2,
        }
        return tf.ModernBertModel(tf.ModernBertConfig(**SIZES, **special, local_attention=4))
    classes = {
        "bert": (tf.BertModel, tf.BertConfig),
        "roberta": (tf.RobertaModel, tf.RobertaConfig),
        "xlm-roberta": (tf.XLMRobertaModel, tf.XLMRobertaConfig),
        "mpnet": (tf.MPNetModel, tf.MPNetConfig),
    }
    model, config = classes[kind]
    return model(config(**SIZES))


def tiny_marian(*, seed: int = 0) -> torch.nn.Module:
    torch.manual_seed(seed)
    model = tf.MarianMTModel(tf.MarianConfig(**MARIAN))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.2)
    return model.eval()


def padded_inputs() -> dict[str, torch.Tensor]:
    """Two texts of 9 and 5 tokens; 1 is the padding id of the RoBERTa family."""
    generator = torch.Generator().manual_seed(1)
    ids = torch.randint(5, 60, (2, 9), generator=generator)
    mask = torch.ones_like(ids)
    ids[1, 5:], mask[1, 5:] = 1, 0
    return {"input_ids": ids, "attention_mask": mask}


WORDS = "i love machine learning and deep ##er models we read the map of all texts good bad".split()
VOCABULARY = ["[PAD]", "[unused1]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]


def tiny_sentence_encoder(kind: str, folder, *, pooling="mean", seed: int = 0, normalize: bool = True):
    """A SentenceTransformer of a tiny random encoder with a WordPiece vocabulary of two dozen words.

    The padding id is 0 and id 1 is never used, so families that start positions after their padding
    id 1 work unchanged.
    """
    import sentence_transformers as st
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    (folder / "vocab.txt").write_text("\n".join(VOCABULARY))
    tf.BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=30).save_pretrained(folder)
    tiny_encoder(kind, seed=seed).save_pretrained(folder)
    transformer = Transformer(str(folder), max_seq_length=12)
    after = [Normalize()] if normalize else []
    return st.SentenceTransformer(modules=[transformer, Pooling(24, pooling), *after], device="cpu")
