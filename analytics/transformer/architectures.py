"""Where each family of encoders and of decoder-only models keeps its parts: one row per family."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Architecture:
    """Module paths of one family, from the base model of an encoder or the whole of a decoder-only model.

    Paths below ``layer`` are relative to one layer. ``norm_first`` layers normalise before attention
    and before the feed-forward part (``middle_norm``), and once more after the last layer
    (``final_norm``); the others normalise each sum. ``fused`` names a linear map that makes Q, K and V
    at once. ``position_offset`` is the row of the first token in the position table. A ``gate`` beside ``up``
    is bent and multiplied with it; ``gated`` says that ``up`` makes both. ``rotary`` is the module that turns
    queries and keys, ``head`` what makes logits.
    """

    layer: str
    attention: str
    query: str
    key: str
    value: str
    projection: str
    middle_norm: str
    up: str
    down: str
    output_norm: str | None
    word: str
    embedding_norm: str | None
    position: str | None = None
    segment: str | None = None
    position_offset: int = 0
    fused: str | None = None
    input_norm: str | None = None
    final_norm: str | None = None
    norm_first: bool = False
    gated: bool = False
    rotary: str | None = None
    gate: str | None = None
    head: str | None = None

    def at(self, index: int, part: str) -> str:
        """Full path of a part of layer ``index``."""
        return f"{self.layer.format(index)}.{part}"


_BERT = Architecture(
    layer="encoder.layer.{}",
    attention="attention.self",
    query="attention.self.query",
    key="attention.self.key",
    value="attention.self.value",
    projection="attention.output.dense",
    middle_norm="attention.output.LayerNorm",
    up="intermediate.dense",
    down="output.dense",
    output_norm="output.LayerNorm",
    word="embeddings.word_embeddings",
    position="embeddings.position_embeddings",
    segment="embeddings.token_type_embeddings",
    embedding_norm="embeddings.LayerNorm",
)
_ROBERTA = replace(_BERT, position_offset=2)
_MPNET = replace(
    _ROBERTA,
    attention="attention.attn",
    query="attention.attn.q",
    key="attention.attn.k",
    value="attention.attn.v",
    projection="attention.attn.o",
    middle_norm="attention.LayerNorm",
    segment=None,
)
_DISTILBERT = replace(
    _BERT,
    layer="transformer.layer.{}",
    attention="attention",
    query="attention.q_lin",
    key="attention.k_lin",
    value="attention.v_lin",
    projection="attention.out_lin",
    middle_norm="sa_layer_norm",
    up="ffn.lin1",
    down="ffn.lin2",
    output_norm="output_layer_norm",
    segment=None,
)
_MODERNBERT = Architecture(
    layer="layers.{}",
    attention="attn",
    query="attn.Wqkv",
    key="attn.Wqkv",
    value="attn.Wqkv",
    fused="attn.Wqkv",
    projection="attn.Wo",
    input_norm="attn_norm",
    middle_norm="mlp_norm",
    up="mlp.Wi",
    down="mlp.Wo",
    output_norm=None,
    word="embeddings.tok_embeddings",
    embedding_norm="embeddings.norm",
    final_norm="final_norm",
    norm_first=True,
    gated=True,
    rotary="rotary_emb",
)

_ARCHITECTURES: dict[str, Architecture] = {
    "bert": _BERT,
    "roberta": _ROBERTA,
    "xlm-roberta": _ROBERTA,
    "camembert": _ROBERTA,
    "distilbert": _DISTILBERT,
    "mpnet": _MPNET,
    "modernbert": _MODERNBERT,
}


def architecture_of(model: Any) -> Architecture | None:
    """The row for a transformers model, or None for a family that is not in the table."""
    return _ARCHITECTURES.get(getattr(getattr(model, "config", None), "model_type", ""))


_GPT2 = Architecture(
    layer="transformer.h.{}",
    attention="attn",
    query="attn.c_attn",
    key="attn.c_attn",
    value="attn.c_attn",
    fused="attn.c_attn",
    projection="attn.c_proj",
    input_norm="ln_1",
    middle_norm="ln_2",
    up="mlp.c_fc",
    down="mlp.c_proj",
    output_norm=None,
    word="transformer.wte",
    position="transformer.wpe",
    embedding_norm=None,
    final_norm="transformer.ln_f",
    norm_first=True,
    head="lm_head",
)
_LLAMA = Architecture(
    layer="model.layers.{}",
    attention="self_attn",
    query="self_attn.q_proj",
    key="self_attn.k_proj",
    value="self_attn.v_proj",
    projection="self_attn.o_proj",
    input_norm="input_layernorm",
    middle_norm="post_attention_layernorm",
    up="mlp.up_proj",
    gate="mlp.gate_proj",
    down="mlp.down_proj",
    output_norm=None,
    word="model.embed_tokens",
    embedding_norm=None,
    final_norm="model.norm",
    norm_first=True,
    rotary="model.rotary_emb",
    head="lm_head",
)

CAUSAL: dict[str, Architecture] = {
    "gpt2": _GPT2,
    "llama": _LLAMA,
    "mistral": _LLAMA,
    "qwen2": _LLAMA,
}
"""Decoder-only models: GPT2LMHeadModel, LlamaForCausalLM and what is built as that is."""


def activation_of(model: Any) -> str:
    """Name of the feed-forward activation in the model's configuration."""
    config = model.config
    for field in ("hidden_act", "hidden_activation", "activation", "activation_function"):
        if isinstance(name := getattr(config, field, None), str):
            return name
    return "gelu"
