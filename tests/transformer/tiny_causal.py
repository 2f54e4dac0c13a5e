"""Tiny random decoder-only models with a vocabulary of words: no download, seeded weights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
import transformers as tf

from analytics.transformer.causal.loading import CausalModel, load_causal

PROMPT = "the map of all texts"
KINDS = ("gpt2", "llama", "llama shared heads", "llama scaled", "mistral", "qwen2")
QUICK = ("gpt2", "llama shared heads")
EVERY_KIND = [pytest.param(kind, marks=() if kind in QUICK else pytest.mark.slow) for kind in KINDS]
"""All kinds for a fixture: with two of them every branch is taken, and the others wait for the slow tests."""
_WORDS = "<s> </s> <unk> i love machine learning and models we read the map of all texts good bad".split()
_SIZES = {
    "vocab_size": 24,  # more rows than words, as tables that are rounded up have
    "hidden_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 40,
    "max_position_embeddings": 64,
    "bos_token_id": 0,
    "eos_token_id": 1,
}


def _build(kind: str) -> torch.nn.Module:
    if kind == "gpt2":
        sizes = {"vocab_size": 24, "n_embd": 24, "n_layer": 2, "n_head": 4, "n_positions": 64}
        return tf.GPT2LMHeadModel(tf.GPT2Config(**sizes, bos_token_id=0, eos_token_id=1))
    if kind == "mistral":
        return tf.MistralForCausalLM(tf.MistralConfig(**_SIZES, num_key_value_heads=2, sliding_window=4))
    if kind == "qwen2":
        return tf.Qwen2ForCausalLM(tf.Qwen2Config(**_SIZES, num_key_value_heads=2))
    more: dict[str, object] = {"num_key_value_heads": 2 if "shared" in kind else 4}
    if "scaled" in kind:
        more["rope_parameters"] = {
            "rope_type": "yarn", "rope_theta": 10_000.0, "factor": 4.0,
            "original_max_position_embeddings": 16,
        }  # fmt: skip
    return tf.LlamaForCausalLM(tf.LlamaConfig(**_SIZES, **more))


def tiny_causal_folder(kind: str, folder: Path, *, seed: int = 0) -> Path:
    """Such a model with its tokenizer as ``save_pretrained`` writes them."""
    torch.manual_seed(seed)
    model = _build(kind)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.2)
    model.save_pretrained(folder)
    _tokenizer().save_pretrained(folder)
    return folder


def _tokenizer() -> tf.PreTrainedTokenizerFast:
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = Tokenizer(models.WordLevel({word: place for place, word in enumerate(_WORDS)}, unk_token="<unk>"))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tf.PreTrainedTokenizerFast(
        tokenizer_object=words, bos_token="<s>", eos_token="</s>", unk_token="<unk>"
    )


def tiny_causal(kind: str, folder: Path, *, seed: int = 0) -> CausalModel:
    """The model, opened from its folder, with the tokenizer that was made for it.

    Transformers opens the tokenizer of some families as their own class, whatever was saved.
    """
    opened = load_causal(tiny_causal_folder(kind, folder, seed=seed))
    return replace(opened, tokenizer=_tokenizer())
